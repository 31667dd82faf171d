package faults

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"COF-142", "il a été remis à un état plus ancien, ou réécrit : demandez à l'exploitant du serveur la copie qui continue le témoin",
		"it was put back to an older state, or rewritten: ask whoever runs the server for the copy that continues the witness"},
	{"COF-202", "le journal a changé, ou l'aspect du bulletin (logo, couleur, mentions, rubriques.csv) : pour remplacer ce qui est déposé, déposez un rectificatif, version suivante",
		"the journal changed, or the look of the slip (logo, colour, notes, rubriques.csv): to replace what is deposited, deposit a rectificatif, the next version"},
	{"COF-302", "demandez à l'exploitant du serveur de l'activer",
		"ask whoever runs the server to turn it on"},
	{"COF-805", "déposez de plus petits lots, ou par un réseau plus rapide",
		"deposit smaller batches, or over a faster network"},
}
