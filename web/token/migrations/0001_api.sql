create table api_token (
  hash    @bytes primary key,  -- SHA-256 of the token
  id      @text not null unique,
  login   @text not null,
  name    @text not null,
  scopes  @text not null,      -- parted by blanks
  made    @text not null,
  expires @text not null,
  used    @text not null
);
create index api_token_login on api_token (login);

create table api_once (
  login  @text not null,
  key    @text not null,
  body   @text not null,       -- what was asked, to tell another request with the same key
  job    @text not null,
  made   @text not null,
  primary key (login, key)
);
