-- What was declared, under which key, in which file, and what was answered.
-- Names and NIR are nowhere in clear but inside the files that were written;
-- people are recognised by keyed digests.
--
-- formerly a5cd219c34470f858d288e6106ba34e41539d58afe8c14b92947121f82bab673

create table due_reglage (
	cle    text primary key,
	valeur @bytes not null
);

create table due_lot (
	id         text primary key,
	siret      text not null,
	cree       text not null,
	indicateur text not null check (indicateur in ('T', 'R')),
	format     text not null check (format in ('txt', 'xml')),
	etape      integer not null default 0 check (etape in (0, 4, 5, 6)),
	nombre     integer not null,
	nom        text not null,
	sha256     text not null,
	contenu    @bytes not null,
	etat       text not null check (etat in ('ecrit', 'en_envoi', 'emis', 'incertain', 'repondu')),
	message    @bytes,
	message_id text,
	emis       text,
	idflux     text
);
create unique index due_lot_idflux on due_lot (idflux) where idflux is not null;

create table due_declaration (
	id         @identity,
	siret      text not null,
	cle        text not null,
	contrat    text not null,
	matricule  text not null,
	embauche   text not null,
	etat       text not null,
	contenu    @bytes not null, -- digest of what is declared
	identite   @bytes not null, -- digest of employer, person, day and hour
	par_nir    @bytes,          -- digest of NIR and day
	par_nom    @bytes not null, -- digest of name, birth and day
	lot        text references due_lot (id),
	remplace   integer references due_declaration (id),
	code       text not null default '',
	texte      text not null default '',
	champ      integer not null default 0,
	reference  text not null default '',
	manuel     integer not null default 0 check (manuel in (0, 1)),
	modifie    text not null,
	unique (siret, cle)
);
create index due_declaration_contrat on due_declaration (siret, contrat);
create index due_declaration_embauche on due_declaration (siret, embauche);
create index due_declaration_identite on due_declaration (identite);
-- The same hire is never under way twice, whoever asks and however often.
create unique index due_declaration_active on due_declaration (identite)
	where etat in ('emise', 'deposee', 'conforme', 'enregistree', 'faite_ailleurs');

create table due_lot_ligne (
	lot         text not null references due_lot (id),
	sequence    integer not null, -- of the record 20 in the file
	declaration integer not null references due_declaration (id),
	reponse     text not null default '',
	primary key (lot, sequence)
);

create table due_historique (
	id          @identity,
	declaration integer not null references due_declaration (id),
	quand       text not null,
	qui         text not null,
	de          text not null,
	vers        text not null,
	lot         text not null default '',
	sha256      text not null default '',
	motif       text not null default ''
);

create table due_reponse (
	sha256  text primary key,
	lot     text references due_lot (id),
	recu    text not null,
	qui     text not null,
	contenu @bytes not null
);

create table due_installation (
	id        @identity,
	siret     text not null,
	quand     text not null,
	qui       text not null,
	nature    text not null,
	etape     integer not null default 0,
	lot       text not null default '',
	empreinte text not null default '',
	detail    text not null default ''
);

-- What was recorded is never changed nor taken away.
@append_only due_historique;
@append_only due_reponse;
@append_only due_installation;
