-- The agents of an employer as payroll knows them, what the HR source last gave
-- of them, and what was changed when and by whom. Values of a person are in the
-- columns fiche and applique, as JSON, and in the two columns of hr_change.

create table hr_agent (
	employeur text not null,
	id        bigint not null,
	origine   text not null check (origine in ('source', 'paie')),
	cree      text not null,
	etab      text not null,
	fiche     text not null,
	applique  text not null,
	primary key (employeur, id)
);

create table hr_lien (
	employeur text not null,
	source    text not null,
	source_id text not null,
	agent     bigint not null,
	etab      text not null,
	matricule text not null,
	debut     text not null,
	fin       text not null,
	disparu   text not null,
	primary key (employeur, source, source_id),
	foreign key (employeur, agent) references hr_agent (employeur, id)
);

create table hr_run (
	employeur text not null,
	id        text not null,
	source    text not null,
	quand     text not null,
	jour      text not null,
	lues      bigint not null,
	crees     bigint not null,
	modifies  bigint not null,
	motif     text not null, -- of a guard that was overruled
	primary key (employeur, id)
);

create table hr_change (
	employeur text not null,
	run       text not null,
	agent     bigint not null,
	champ     text not null,
	genre     text not null,
	origine   text not null,
	rang      bigint not null, -- in the order of writing
	jour      text not null,
	avant     text not null,
	apres     text not null,
	primary key (employeur, run, agent, champ, genre, origine)
);
create index hr_change_jour on hr_change (employeur, jour);

create table hr_decision (
	employeur text not null,
	source    text not null,
	source_id text not null,
	genre     text not null check (genre in ('link', 'apart', 'create')),
	agent     bigint not null,
	quand     text not null,
	qui       text not null,
	primary key (employeur, source, source_id, genre, agent)
);

create table hr_lot (
	employeur text not null,
	id        text not null,
	mois      text not null,
	quand     text not null,
	issue     bigint not null,
	etat      text not null check (etat in ('attente', 'perime', 'importe')),
	contenu   text not null, -- the whole set that it would acknowledge, as JSON
	importe   text not null,
	primary key (employeur, id)
);

create table hr_absence (
	employeur text not null,
	agent     bigint not null,
	jour      text not null,
	demi      bigint not null, -- 0 morning, 1 afternoon
	type      text not null,
	primary key (employeur, agent, jour, demi, type)
);
