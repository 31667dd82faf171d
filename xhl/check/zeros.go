package check

import (
	"strings"

	"paye/internal/identifiants"
	"paye/internal/lang"
	"paye/internal/sheet"
	"paye/xhl"
)

// A payroll that went through a spreadsheet has lost the zeros that its codes
// began with. One value proves it where its length is fixed and something else
// than its length says what it was: the key of a RIB or of a SIRET that is right
// once the zeros are back, the list of the schema, the CP of the employer, who
// is in France. All of these are looked at where a value is refused already, so
// that a sound journal pays nothing for it.
//
// Matricules prove nothing by themselves: a counter that outgrew its length is
// as mixed as a numbering that lost its zeros. They are told when they have the
// shape that a column of a CSV run is told for (sheet.Column.Shorter: numbers,
// most of them of the longest length, none that begins with a zero) and a code
// of the same journal is proved to have lost its own. One matricule that kept a
// zero shows that no spreadsheet took the others', as in the samples of the
// DGFiP, where 061601 stands beside 1313.
var (
	zerosByKey = lang.Text{FR: "un tableur a ôté les zéros qui le commencent : avec eux, la clé est juste",
		EN: "a spreadsheet took off the zeros that it begins with: with them the key is right"}
	zeroOfCP = lang.Text{FR: "un tableur a ôté le zéro qui le commence : le code postal d'un employeur a cinq chiffres",
		EN: "a spreadsheet took off the zero that it begins with: the postcode of an employer has five digits"}
	zerosOfMatricules = lang.Text{FR: "%d bulletin{s} {a|ont} un numéro de moins de %d chiffres, dont les zéros qui le commencent sont sans doute perdus aussi ; le premier est le bulletin %d",
		EN: "%d bulletin{s} {has|have} a number of fewer than %d digits, whose leading zeros are probably lost too; the first is bulletin %d"}
)

// Widths of the codes that have one.
const (
	widthBanque = 5
	widthCompte = 11
	widthCle    = 2
	widthSiret  = 14
	widthCP     = 5
)

// padded puts back the zeros of a number that is shorter than its code; what is
// no number stays as it is, and so does nothing at all.
func padded(s string, width int) string {
	if s == "" || len(s) >= width || strings.Trim(s, "0123456789") != "" {
		return s
	}
	return strings.Repeat("0", width-len(s)) + s
}

// lostSiret reports whether a SIRET that is wrong is right with its zeros.
func lostSiret(s string) bool { return identifiants.CheckSIRET(padded(s, widthSiret)) == nil }

// lostRIB tells of a RIB that is wrong, and right with its zeros.
func (w *walker) lostRIB() {
	f := &w.fiche
	if identifiants.CheckRIB(padded(view(f.etab.val), widthBanque), padded(view(f.guic.val), widthBanque),
		padded(view(f.compte.val), widthCompte), padded(view(f.cle.val), widthCle)) != nil {
		return
	}
	if ex := w.exampleAt(faultZeros, f.compte); ex != nil {
		ex.args = []any{"RIB", zerosByKey}
	}
}

// lostCode tells of a value that the list of the schema has with its zeros.
func (w *walker) lostCode(nd *node, value []byte, pos int) {
	cause := sheet.LostZero(string(value), nd.el.Value.Values)
	if !cause.Damaged() {
		return
	}
	if ex := w.leafExample(faultZeros, w.at(pos), nd); ex != nil {
		ex.args = []any{nd.name, cause.Phrase}
	}
}

// lostZeros tells of the employer's codes, then of the matricules where codes of
// the journal have lost their zeros.
func (c *check) lostZeros() {
	if e := c.bilan.Entete; e != nil {
		if siret := e.Employeur.Siret; len(siret) < widthSiret && lostSiret(siret) {
			c.note(faultZeros, []string{"Employeur", "Siret"}, "Siret", zerosByKey)
		}
		if cp := string(e.Employeur.Adresse.CP); len(cp) == widthCP-1 && padded(cp, widthCP) != cp {
			c.note(faultZeros, []string{"Employeur", "Adresse", "CP"}, "CP", zeroOfCP)
		}
	}
	if c.all.counts[faultZeros] == 0 {
		return
	}
	if n, usual, first := c.numbers.Shorter(); n > 0 {
		c.note(faultZeros, []string{xhl.Table.DonneesIndiv.Name, xhl.Table.Bulletin.Name, "Agent", "Matricule"}, "Matricule", zerosOfMatricules.With(n, usual, first))
	}
}
