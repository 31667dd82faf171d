create table web_session (
  hash     @bytes primary key,  -- SHA-256 of the cookie
  id       @text not null unique, -- what the owner's list calls it
  site     @text not null,
  login    @text not null,
  step     @text not null,     -- 'full', or 'factor' while the second one is missing
  created  @text not null,
  seen     @text not null,
  idle_end @text not null,
  last_end @text not null,
  proved   @text not null,     -- when the owner last proved who he is
  means    @text not null,     -- how: password, totp, passkey, oidc:ID
  device   @text not null,
  lang     @text not null,
  sealed   @bytes               -- what the sign-out needs, encrypted
);
create index web_session_owner on web_session (site, login);

create table web_link (
  hash    @bytes primary key,   -- SHA-256 of the token
  site    @text not null,
  kind    @text not null,
  subject @text not null,
  expires @text not null,
  used    @text
);

create table web_once (
  token   @text primary key,
  site    @text not null,
  login   @text not null,
  made    @text not null,
  address @text not null       -- where the first sending led
);
