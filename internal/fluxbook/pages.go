package fluxbook

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"FLX-101", "la page de la paye donne les noms",
		"the page of the payroll gives the names"},
	{"FLX-102", "donnez le code de la collectivité",
		"give the code of the authority"},
	{"FLX-104", "un flux ne part qu'une fois ; pour un envoi coupé, dites sur sa page ce que vous en savez",
		"a flux leaves once; for a sending that was cut, say on its page what you know of it"},
	{"FLX-106", "refaites les volumes : ce qui est accepté n'y sera plus",
		"make the volumes again: what is accepted will be left out"},
	{"FLX-111", "demandez à l'exploitant du serveur de vérifier son registre",
		"ask whoever runs the server to check its ledger"},
	{"FLX-127", "demandez à l'exploitant du serveur de vérifier son registre",
		"ask whoever runs the server to check its ledger"},
	{"FLX-124", "demandez à la plateforme, puis dites sur la page du flux ce que vous en savez",
		"ask the platform, then say on the page of the flux what you know of it"},
	{"FLX-126", "refaites les volumes, ou abandonnez ce flux sur sa page",
		"make the volumes again, or give this flux up on its page"},
}
