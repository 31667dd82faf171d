// Package langtest looks for English that was left in French texts.
package langtest

import (
	"regexp"
	"slices"
	"strings"
)

// english are words that no French sentence has. What both languages write
// alike (date, page, mail, report, on, or…) is not among them.
var english = func() map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(`
the of and is are was were be been not with without for from to this that these those which whose who what when where while
files folder folders cannot could can must should would may might will does did done has have had do
missing wrong bad invalid unknown error errors warning failed failure failing size limit key keys line lines name names value values
read write written open opened close closed found find expected got empty too large small larger smaller short longer
it its they them their we our you your he she his her by at into onto over under between through after before again
already another other others only also even still never always each every all any some none both either neither than then else
payroll payslip payslips slip slips vault month months year years employer employers deposit deposited upload login password account
accounts check checked checks hash header headers template forbidden denied allowed refused accepted sent received given wants needs
took take takes make made makes give gives say says said told tell tells show shows shown come comes came goes went gone
because if but there here how why more less most least many much few same different first last next new old
space left allowed permission such exists exist start started stop stopped wait waiting timeout connection closed lost lock locked
piece pieces bundle certificate recipient sender subject body attachment address server network disk memory
`) {
		set[w] = true
	}
	return set
}()

// Names are no prose: what stands in quotes or after dashes, what has a dot, a
// slash or a capital inside, what is all capitals, verbs of fmt.
var names = regexp.MustCompile("«[^»]*»|“[^”]*”|\"[^\"]*\"|`[^`]*`" + `|--?[a-z][a-z0-9-]*|\S*[/\\._=@|<>{}\[\]]\S*|%[-+# 0-9.\[\]]*[a-zA-Z]|\b[A-Za-z]+[A-Z]\w*|\b[A-Z]{2,}\b`)

var word = regexp.MustCompile(`[\p{L}]+('[\p{L}]*)?`)

// English returns the first English word of a French text, "" when there is
// none; own are words that the program gave a meaning to, such as the names of
// its commands.
func English(fr string, own ...string) string {
	for _, w := range word.FindAllString(names.ReplaceAllString(fr, " "), -1) {
		if w = strings.ToLower(w); english[w] && !slices.Contains(own, w) {
			return w
		}
	}
	return ""
}
