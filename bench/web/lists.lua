-- Asks for the list pages in turn, as somebody who is signed in, and waits
-- between two requests of a connection. Arguments: cookie, milliseconds.
local pages = { "/gestion", "/gestion/preparer", "/gestion/consulter", "/gestion/controler", "/gestion/flux", "/gestion/comptes", "/gestion/employeurs" }
local at, pause, cookie = 0, 100, ""

function init(args)
  cookie, pause = args[1], tonumber(args[2])
end

function delay()
  return pause
end

function request()
  at = at % #pages + 1
  return wrk.format("GET", pages[at], { Cookie = cookie })
end
