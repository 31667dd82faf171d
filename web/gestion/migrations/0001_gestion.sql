create table gestion_dossier (
  id      @text primary key,
  kind    @text not null,
  owner   @text not null,
  name    @text not null,
  made    @text not null,
  expires @text not null,
  data    @text not null
);
create index gestion_dossier_owner on gestion_dossier (owner, kind, made);
