package lang

import (
	"fmt"
	"strconv"
)

var months = [12]Text{
	{FR: "janvier", EN: "January"}, {FR: "février", EN: "February"}, {FR: "mars", EN: "March"}, {FR: "avril", EN: "April"},
	{FR: "mai", EN: "May"}, {FR: "juin", EN: "June"}, {FR: "juillet", EN: "July"}, {FR: "août", EN: "August"},
	{FR: "septembre", EN: "September"}, {FR: "octobre", EN: "October"}, {FR: "novembre", EN: "November"}, {FR: "décembre", EN: "December"},
}

// Month writes a month in words; out of range it is written as it stands.
func Month(l Language, year, month int) string {
	if month < 1 || month > 12 {
		return fmt.Sprintf("%02d/%d", month, year)
	}
	return months[month-1].In(l) + " " + strconv.Itoa(year)
}
