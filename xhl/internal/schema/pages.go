package schema

import (
	"paye/internal/sheet"
)

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"XHL-246", "refaites le journal depuis le logiciel de paye, ou reprenez le fichier d'origine et importez ses colonnes en « Texte »",
		"make the journal again from the payroll program, or take the original file again and import its columns as “Text”"},
	{"XHL-311", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
	{"XHL-312", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
}
