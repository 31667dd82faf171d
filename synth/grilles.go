package synth

// regime is the set of rules that a pay follows.
type regime uint8

const (
	cnracl    regime = iota // titulaires and stagiaires: special scheme
	general                 // contractuels: general scheme and IRCANTEC
	vacations               // paid by the hour, general scheme
	mandat                  // élus: indemnité de fonction
	aide                    // parcours emploi compétences: a wage by the hour
)

// emploi is a post: what agents of one grade share. The indices majorés have
// the shape of the grids of the fonction publique territoriale in 2024; they
// are not the text of the decrees.
type emploi struct {
	metier, grade, net string
	categorie          byte // 'A', 'B' or 'C'; 0 when it has none
	echelons           []int
	ifse               int // centimes a month
	nbi                int // points
	fonctionnel        bool
}

var (
	echelleC1 = []int{366, 367, 368, 369, 370, 371, 373, 375, 378, 382, 387}
	echelleC2 = []int{366, 368, 370, 373, 376, 381, 387, 393, 402, 409, 417, 425}
	echelleC3 = []int{368, 376, 387, 398, 411, 420, 433, 451, 465, 478}
	echelleB1 = []int{373, 376, 379, 385, 395, 402, 415, 430, 442, 457, 470, 484, 508}
	echelleB2 = []int{376, 384, 395, 401, 416, 430, 441, 456, 468, 485, 499, 516, 539}
	echelleB3 = []int{397, 409, 424, 446, 466, 489, 512, 534, 551, 566, 592}
	echelleA1 = []int{395, 415, 430, 455, 480, 510, 530, 560, 590, 623, 678}
	echelleA2 = []int{505, 542, 580, 613, 650, 690, 725, 765, 798, 826}
	echelleAS = []int{395, 409, 425, 444, 461, 480, 500, 518, 540, 562, 585, 608, 627}
	echelleDG = []int{640, 681, 722, 763, 804, 835}
)

const (
	adjointTechnique = iota
	adjointTechnique2
	agentMaitrise
	atsem
	adjointAdministratif
	adjointAdministratif2
	redacteur
	attache
	attachePrincipal
	adjointAnimation
	animateur
	adjointPatrimoine
	bibliothecaire
	professeurArtistique
	assistantArtistique
	auxiliaire
	educateurJeunes
	puericultrice
	agentSocial
	assistantSocial
	brigadier
	gardien
	educateurSports
	technicien
	ingenieur
	directeurGeneral
	vacataireAnimation
	vacataireEnquete
	pec
	maire
	adjointMaire
	conseiller
)

var emplois = [...]emploi{
	adjointTechnique:      {"Agent d'entretien polyvalent", "Adjoint technique territorial", "ZZTC1", 'C', echelleC1, 14500, 0, false},
	adjointTechnique2:     {"Agent technique qualifié", "Adjoint technique territorial principal de 2e classe", "ZZTC2", 'C', echelleC2, 18500, 0, false},
	agentMaitrise:         {"Chef d'équipe", "Agent de maîtrise", "ZZTM1", 'C', echelleC2, 24000, 15, false},
	atsem:                 {"ATSEM", "Agent spécialisé principal de 2e classe des écoles maternelles", "ZZSE2", 'C', echelleC2, 15500, 0, false},
	adjointAdministratif:  {"Agent d'accueil", "Adjoint administratif territorial", "ZZAC1", 'C', echelleC1, 16000, 10, false},
	adjointAdministratif2: {"Gestionnaire administratif", "Adjoint administratif territorial principal de 1re classe", "ZZAC3", 'C', echelleC3, 21000, 0, false},
	redacteur:             {"Responsable de gestion", "Rédacteur territorial", "ZZAB1", 'B', echelleB1, 32000, 0, false},
	attache:               {"Chargé de mission", "Attaché territorial", "ZZAA1", 'A', echelleA1, 52000, 0, false},
	attachePrincipal:      {"Chef de service", "Attaché principal", "ZZAA2", 'A', echelleA2, 78000, 25, false},
	adjointAnimation:      {"Animateur périscolaire", "Adjoint territorial d'animation", "ZZNC1", 'C', echelleC1, 12500, 0, false},
	animateur:             {"Directeur d'accueil de loisirs", "Animateur territorial", "ZZNB1", 'B', echelleB1, 26000, 15, false},
	adjointPatrimoine:     {"Agent de médiathèque", "Adjoint territorial du patrimoine", "ZZPC1", 'C', echelleC1, 14000, 0, false},
	bibliothecaire:        {"Bibliothécaire", "Assistant de conservation du patrimoine principal", "ZZPB2", 'B', echelleB2, 27500, 0, false},
	professeurArtistique:  {"Professeur de musique", "Professeur d'enseignement artistique", "ZZPA1", 'A', echelleA1, 21000, 0, false},
	assistantArtistique:   {"Enseignant artistique", "Assistant d'enseignement artistique principal de 1re classe", "ZZPB3", 'B', echelleB3, 18000, 0, false},
	auxiliaire:            {"Auxiliaire de puériculture", "Auxiliaire de puériculture de classe normale", "ZZSB1", 'B', echelleB1, 21500, 10, false},
	educateurJeunes:       {"Éducateur de jeunes enfants", "Éducateur de jeunes enfants", "ZZSA1", 'A', echelleAS, 28500, 0, false},
	puericultrice:         {"Directrice de crèche", "Puéricultrice hors classe", "ZZSA3", 'A', echelleA2, 48000, 19, false},
	agentSocial:           {"Aide à domicile", "Agent social territorial", "ZZSC1", 'C', echelleC1, 13500, 0, false},
	assistantSocial:       {"Assistant de service social", "Assistant socio-éducatif", "ZZSA2", 'A', echelleAS, 31000, 0, false},
	brigadier:             {"Policier municipal", "Brigadier-chef principal", "ZZPM2", 'C', echelleC3, 36500, 15, false},
	gardien:               {"Policier municipal", "Gardien-brigadier", "ZZPM1", 'C', echelleC2, 33500, 0, false},
	educateurSports:       {"Maître-nageur sauveteur", "Éducateur territorial des activités physiques et sportives", "ZZXB1", 'B', echelleB1, 25500, 0, false},
	technicien:            {"Technicien de voirie", "Technicien principal de 2e classe", "ZZTB2", 'B', echelleB2, 34000, 0, false},
	ingenieur:             {"Responsable de patrimoine", "Ingénieur territorial", "ZZTA1", 'A', echelleA1, 68000, 0, false},
	directeurGeneral:      {"Directeur général des services", "Directeur général des services", "ZZDG1", 'A', echelleDG, 145000, 50, true},
	vacataireAnimation:    {metier: "Animateur vacataire", grade: "Vacataire"},
	vacataireEnquete:      {metier: "Surveillant de restauration scolaire", grade: "Vacataire"},
	pec:                   {metier: "Agent en parcours emploi compétences", grade: "Contrat de droit privé"},
	maire:                 {metier: "Maire", grade: "Élu"},
	adjointMaire:          {metier: "Adjoint au maire", grade: "Élu"},
	conseiller:            {metier: "Conseiller municipal délégué", grade: "Élu"},
}

// part is a share of a service: agents of one post under one scheme. Several
// come one after the other in the order of the book.
type part struct {
	emploi int
	regime regime
	poids  int // agents, about, in a service of its usual size
}

// service is a kind of service, of which an authority has as many as its size
// asks for; sectors are numbered.
type service struct {
	nom   string
	poids int // how often it comes
	parts []part
}

var services = []service{
	{"Écoles et restauration", 9, []part{{adjointTechnique, cnracl, 14}, {atsem, cnracl, 9}, {adjointTechnique, general, 8}, {vacataireEnquete, vacations, 7}, {agentMaitrise, cnracl, 2}}},
	{"Périscolaire et loisirs", 6, []part{{adjointAnimation, cnracl, 8}, {adjointAnimation, general, 11}, {vacataireAnimation, vacations, 12}, {animateur, cnracl, 2}}},
	{"Petite enfance", 4, []part{{auxiliaire, cnracl, 11}, {auxiliaire, general, 4}, {educateurJeunes, cnracl, 3}, {puericultrice, cnracl, 1}, {adjointTechnique, cnracl, 4}}},
	{"Propreté urbaine", 4, []part{{adjointTechnique, cnracl, 18}, {adjointTechnique2, cnracl, 9}, {agentMaitrise, cnracl, 3}, {pec, aide, 3}}},
	{"Espaces verts", 3, []part{{adjointTechnique, cnracl, 9}, {adjointTechnique2, cnracl, 9}, {agentMaitrise, cnracl, 3}, {technicien, cnracl, 1}}},
	{"Bâtiments et voirie", 3, []part{{adjointTechnique2, cnracl, 12}, {agentMaitrise, cnracl, 5}, {technicien, cnracl, 4}, {ingenieur, cnracl, 1}, {ingenieur, general, 1}}},
	{"Aide à domicile", 4, []part{{agentSocial, cnracl, 12}, {agentSocial, general, 13}, {assistantSocial, cnracl, 2}}},
	{"Accueil et état civil", 2, []part{{adjointAdministratif, cnracl, 10}, {adjointAdministratif2, cnracl, 6}, {redacteur, cnracl, 2}}},
	{"Police municipale", 2, []part{{gardien, cnracl, 9}, {brigadier, cnracl, 8}}},
	{"Médiathèques", 1, []part{{adjointPatrimoine, cnracl, 9}, {bibliothecaire, cnracl, 5}, {adjointPatrimoine, general, 3}}},
	{"Conservatoire", 1, []part{{assistantArtistique, cnracl, 10}, {assistantArtistique, general, 6}, {professeurArtistique, cnracl, 4}}},
	{"Sports et piscines", 2, []part{{educateurSports, cnracl, 7}, {adjointTechnique, cnracl, 8}, {educateurSports, general, 4}}},
	{"Finances et ressources humaines", 2, []part{{adjointAdministratif2, cnracl, 8}, {redacteur, cnracl, 6}, {attache, cnracl, 3}, {attache, general, 2}, {attachePrincipal, cnracl, 1}}},
	{"Direction générale", 1, []part{{directeurGeneral, cnracl, 1}, {attachePrincipal, cnracl, 2}, {adjointAdministratif2, cnracl, 3}, {attache, general, 2}}},
}

// assemblee comes once, last of the main établissement.
var assemblee = service{"Assemblée municipale", 0, []part{{maire, mandat, 1}, {adjointMaire, mandat, 9}, {conseiller, mandat, 12}}}
