package due

import (
	"paye/internal/sheet"
)

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"DUE-126", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
	{"DUE-127", sheet.AdviceOnPage.FR, sheet.AdviceOnPage.EN},
}
