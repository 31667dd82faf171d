package hr

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"RH-302", "si elle est morte, demandez à l'exploitant du serveur de lever son verrou",
		"if it is dead, ask whoever runs the server to lift its lock"},
	{"RH-311", "rien n'a été écrit ; si c'est voulu, donnez le motif de passer outre",
		"nothing was written; if it is meant, give the reason to overrule"},
	{"RH-312", "rien n'a été écrit ; si c'est voulu, donnez le motif de passer outre",
		"nothing was written; if it is meant, give the reason to overrule"},
	{"RH-313", "rien n'a été écrit ; si c'est voulu, donnez le motif de passer outre",
		"nothing was written; if it is meant, give the reason to overrule"},
	{"RH-314", "rien n'a été écrit ; si c'est voulu, donnez le motif de passer outre",
		"nothing was written; if it is meant, give the reason to overrule"},
	{"RH-315", "rien n'a été écrit ; si c'est voulu, donnez le motif de passer outre",
		"nothing was written; if it is meant, give the reason to overrule"},
	{"RH-411", "décidez : la fiche est cet agent, ne l'est pas, ou est un agent nouveau",
		"decide: the sheet is this agent, is not, or is a new agent"},
	{"RH-412", "décidez : la fiche est cet agent, ne l'est pas, ou est un agent nouveau",
		"decide: the sheet is this agent, is not, or is a new agent"},
	{"RH-413", "décidez : la fiche est cet agent, ne l'est pas, ou est un agent nouveau",
		"decide: the sheet is this agent, is not, or is a new agent"},
	{"RH-414", "décidez : la fiche est cet agent, ne l'est pas, ou est un agent nouveau",
		"decide: the sheet is this agent, is not, or is a new agent"},
	{"RH-415", "décidez : la fiche est cet agent, ne l'est pas, ou est un agent nouveau",
		"decide: the sheet is this agent, is not, or is a new agent"},
	{"RH-506", "supprimez-les dans la paye, puis dites-les régularisées",
		"delete them in payroll, then say that they are regularised"},
}
