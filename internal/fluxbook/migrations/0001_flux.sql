-- What was produced, deposited and acknowledged. Of pieces the book keeps the
-- identity and the digest, never the name, which may be that of a person.

create table flux_paye (
	id        integer primary key,
	siret     @text not null,
	codcol    @text not null,
	codbud    @text not null,
	annee     integer not null,
	mois      integer not null check (mois between 1 and 12),
	train     @text not null,
	edition   integer not null, -- 1, then one more each time after a sending
	packaging text not null,
	dossier   text not null,    -- where the files are
	empreinte text not null,    -- digest of its volumes
	version   text not null,
	cree      text not null,
	unique (siret, codcol, codbud, annee, mois, train, edition)
);

create table flux_volume (
	id          integer primary key,
	paye        integer not null references flux_paye (id),
	volume      integer not null,
	envoi       integer not null, -- 0, or the number of the resend
	origine     integer references flux_volume (id),
	nomfic      @text not null,
	codcol      @text not null,
	fichier     text not null,
	octets      bigint not null,
	sha256      text not null,
	etat        text not null check (etat in ('produit', 'en_envoi', 'depose', 'incertain', 'transmis', 'acquitte', 'refuse', 'clos', 'abandonne')),
	pieces      integer not null,
	acceptees   integer not null default 0,
	refusees    integer not null default 0,
	depot       text not null default '', -- when it was deposited
	transaction_id text not null default '',
	message     text not null default '',
	modifie     text not null,
	unique (paye, volume, envoi),
	unique (nomfic, codcol)
);
create index flux_volume_sha256 on flux_volume (sha256);
create index flux_volume_etat on flux_volume (etat);

create table flux_piece (
	volume    integer not null references flux_volume (id),
	rang      integer not null,
	id_unique @text not null,
	genre     text not null check (genre in ('PAYE', 'PJ')),
	sha256    text not null,
	octets    bigint not null,
	etat      text not null check (etat in ('produite', 'envoyee', 'acceptee', 'refusee', 'sans_reponse', 'reprise', 'deja_la', 'abandonnee')),
	code      text not null default '',
	libelle   text not null default '',
	suite     integer references flux_volume (id), -- the flux that carries it again
	primary key (volume, id_unique)
);
create index flux_piece_id on flux_piece (id_unique);

-- An IdUnique is bound to one content, for all the budgets of an authority.
create table flux_identifiant (
	siren     @text not null,
	id_unique @text not null,
	sha256    text not null,
	volume    integer not null references flux_volume (id),
	primary key (siren, id_unique)
);
create index flux_identifiant_volume on flux_identifiant (volume);

create table flux_depot (
	id             integer primary key,
	volume         integer not null references flux_volume (id),
	tdt            text not null,
	debut          text not null,
	fin            text not null default '',
	octets         bigint not null,
	etat           text not null check (etat in ('en_envoi', 'depose', 'incertain', 'refuse', 'non_parti')),
	transaction_id text not null default '',
	message        text not null default ''
);
-- A flux is never on its way twice.
create unique index flux_depot_actif on flux_depot (volume) where etat in ('en_envoi', 'depose', 'incertain');
create index flux_depot_debut on flux_depot (debut);

create table flux_acquit (
	sha256  text primary key,
	rang    integer not null unique, -- order of reception
	recu    text not null,
	qui     text not null,
	fichier text not null,
	volume  integer references flux_volume (id), -- null: not ours
	nomfic  @text not null,
	codcol  text not null,
	date_str text not null,
	contenu @bytes not null
);
create index flux_acquit_volume on flux_acquit (volume);

create table flux_historique (
	id     integer primary key,
	quand  text not null,
	qui    text not null,
	nomfic @text not null,
	codcol text not null,
	de     text not null,
	vers   text not null,
	motif  text not null
);
create index flux_historique_nomfic on flux_historique (nomfic);
@append_only flux_historique;
