package build

import (
	"paye/internal/sheet"
)

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"VOL-203", "déposez-le avec le journal et les autres pièces, ou corrigez la liste des justificatifs",
		"drop it with the journal and the other pieces, or correct the list of the justificatifs"},
	{"VOL-210", "corrigez-le à la source, ou choisissez des pièces en archive",
		"correct it at the source, or choose pieces in an archive"},
	{"VOL-211", "donnez-le avec les autres réglages",
		"give it with the other settings"},
	{"VOL-213", "faites-les porter par le flux de dépense",
		"have the expense flux carry them"},
	{"VOL-219", "pour ne renvoyer que ce qui est refusé, renvoyez les pièces depuis la page du flux",
		"to send again only what was refused, send the pieces again from the page of the flux"},
	{"VOL-225", "numérisez en noir et blanc à 200 dpi",
		"scan in black and white at 200 dpi"},
	{"VOL-241", "déposez-les avec le journal et les autres pièces, ou corrigez la liste des justificatifs",
		"drop them with the journal and the other pieces, or correct the list of the justificatifs"},
	{"VOL-243", "ajoutez-le à la liste des justificatifs (justificatifs.csv ou .xlsx), ou ne le déposez pas",
		"add it to the list of the justificatifs (justificatifs.csv or .xlsx), or do not drop it"},
	{"VOL-244", "si c'est la liste des justificatifs, nommez-le justificatifs.xlsx, puis déposez de nouveau le tout",
		"if it is the list of the justificatifs, call it justificatifs.xlsx, then drop everything again"},
	{"VOL-245", "donnez des chiffres : 1204, ou plusieurs : 1204,1205",
		"give digits: 1204, or several: 1204,1205"},
	{"VOL-246", "prenez un autre dossier",
		"take another folder"},
	{"VOL-248", "prenez un autre dossier",
		"take another folder"},
	{"VOL-249", "abandonnez-les sur leur page, ou refaites-les dans un autre dossier",
		"give them up on their page, or make them again in another folder"},
	{"VOL-250", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
	{"VOL-251", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
	{"VOL-252", "un run en .xlsx a les feuilles entete, agents, lignes et nomenclatures",
		"a run in .xlsx has the sheets entete, agents, lignes and nomenclatures"},
	{"VOL-254", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
	{"VOL-255", "si c'est la liste des justificatifs, nommez-le justificatifs.xlsx, puis déposez de nouveau le tout ; sinon, ne le déposez pas",
		"if it is the list of the justificatifs, call it justificatifs.xlsx, then drop everything again; else do not drop it"},
}
