create table task_task (
  n       @identity,
  id      @text not null unique,
  kind    @text not null,
  owner   @text not null,
  subject @text not null,  -- what it is about, for its kind
  state   @text not null,
  request @text not null,
  result  @text not null,
  fault   @text not null,
  made    @text not null,
  started @text not null,
  ended   @text not null
);
create index task_task_owner on task_task (owner, kind, made);
create index task_task_subject on task_task (kind, subject);
