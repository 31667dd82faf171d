create table portal_count (
  key   @text primary key,    -- digest of what is counted: an account and a source, a name
  n     integer not null,
  first @text not null,       -- when the window began
  until @text not null        -- blocked until then; empty when it is not
);
