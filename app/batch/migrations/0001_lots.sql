-- What a batch that many machines work on has done, and what became of each
-- employer.

create table lot_etape (
	lot     text not null, -- the output folder of the batch
	dossier text not null, -- of the employer in it
	etape   text not null,
	cle     text not null, -- the content and the options that it was done with
	entree  text not null, -- JSON
	quand   text not null,
	primary key (lot, dossier, etape)
);

create table lot_employeur (
	lot     text not null,
	dossier text not null,
	job     bigint not null,
	etat    text not null, -- attente, or how the work ended
	issue   text not null, -- JSON
	suite   bigint not null, -- grows with each change in the lot
	primary key (lot, dossier)
);
create index lot_employeur_suite on lot_employeur (lot, suite);
