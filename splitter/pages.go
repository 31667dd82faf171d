package splitter

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"VOL-101", "numérisez en noir et blanc à 200 dpi ; sinon demandez une limite plus grande",
		"scan in black and white at 200 dpi; else ask for a larger limit"},
	{"VOL-102", "allégez ces pièces, ou envoyez-les à part",
		"lighten these pieces, or send them apart"},
	{"VOL-103", "donnez une limite plus grande",
		"give a larger limit"},
	{"VOL-108", "donnez une limite plus grande",
		"give a larger limit"},
	{"VOL-104", "donnez un nombre plus petit, ou laissez le programme choisir",
		"give a smaller number, or let the program choose"},
	{"VOL-106", "donnez-la avant les bulletins",
		"give it before the bulletins"},
	{"VOL-107", "donnez une marge plus petite",
		"give a smaller margin"},
}
