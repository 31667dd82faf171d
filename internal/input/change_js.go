package input

// mayChange is false in a browser: it opens no file that is no longer what was
// chosen, and the page looks once more when a work is done (settle of
// web/page/assets/files.js), so what was read need not be read again.
const mayChange = false
