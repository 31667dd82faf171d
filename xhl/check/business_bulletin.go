package check

import (
	"bytes"

	"paye/internal/identifiants"
	"paye/internal/lang"
	"paye/xhl"
)

// plainNIR knows the commonest good number at a glance: 13 digits and their
// key.
func plainNIR(v []byte) bool {
	if len(v) != 15 || v[0] == '0' {
		return false
	}
	n := uint64(0)
	for _, c := range v[:13] {
		if c-'0' > 9 {
			return false
		}
		n = n*10 + uint64(c-'0')
	}
	key := 97 - n%97
	return uint64(v[13]-'0')*10+uint64(v[14]-'0') == key && v[14]-'0' <= 9
}

// nirOK accepts a NIR of 13 characters, or 15 with its key.
func nirOK(s string) bool {
	switch len(s) {
	case 13:
		_, err := identifiants.CleNIR(s)
		return err == nil
	case 15:
		return identifiants.CheckNIR(s[:13], s[13:]) == nil
	}
	return false
}

// finBancaire checks the keys of an account; empty fields mean none.
func (w *walker) finBancaire() {
	f := &w.fiche
	switch {
	case len(f.iban.val) > 0:
		if identifiants.CheckIBAN(view(f.iban.val)) != nil {
			w.odd(faultIBAN, f.iban, "IBAN")
		}
	case len(f.etab.val)+len(f.guic.val)+len(f.compte.val)+len(f.cle.val) > 0:
		if identifiants.CheckRIB(view(f.etab.val), view(f.guic.val), view(f.compte.val), view(f.cle.val)) != nil {
			w.odd(faultRIB, f.compte, "IdCpte")
			w.lostRIB()
		}
	}
	f.iban, f.etab, f.guic, f.compte, f.cle = capture{}, capture{}, capture{}, capture{}, capture{}
}

// finBulletin applies the rules that compare values of one bulletin. Those
// that need the whole journal wait: the sign convention of the file decides
// which of its two sums the net has to equal.
func (w *walker) finBulletin(pos int) {
	f, res := &w.fiche, w.res
	res.bulletins++
	res.vus = append(res.vus, vu{start: f.start, matricule: f.matricule.val, hash: f.hash,
		groupe: w.groupes, rang: w.rangInGroupe(), brut: f.brutMt, net: f.netMt, lines: f.lines, pieces: f.references})
	if f.brutOK {
		res.brut = sum(res.brut, f.brutMt)
	}
	if f.netOK {
		res.net = sum(res.net, f.netMt)
	}
	if f.lines > 0 && f.allRead {
		w.identities()
	}
	if f.withRate && f.rates != 10000 && f.rates != 100 {
		w.odd(faultBudgetRate, w.at(pos), "RepartitionBudget")
	}
	if f.withMt && !f.withRate && f.brutOK && !near(f.amounts, f.brutMt) {
		w.odd(faultBudgetBrut, f.brut, "MtBrut")
	}
	w.dates()
}

// tolerance is the gap that rounding explains, in centimes.
const tolerance xhl.Montant = 5

func near(a, b xhl.Montant) bool { return a-b <= tolerance && b-a <= tolerance }

// identities checks the net to pay under both sign conventions, and the gross.
// A benefit in kind is in the gross and may be out of the net.
func (w *walker) identities() {
	f := &w.fiche
	var gross xhl.Montant
	for _, n := range [...]xhl.Nature{xhl.TraitBrut, xhl.IndemResid, xhl.SupFam, xhl.AvantageNature, xhl.Indemnite, xhl.RemDivers} {
		gross += f.sums[n]
	}
	withheld := f.sums[xhl.Deduction] + f.sums[xhl.Retenue] + f.sums[xhl.Acompte]
	if f.netOK {
		for sign, sum := range [2]xhl.Montant{gross + f.sums[xhl.Rappel] - withheld, gross + f.sums[xhl.Rappel] + withheld} {
			if !near(f.netMt, sum) && !near(f.netMt, sum-f.sums[xhl.AvantageNature]) {
				w.odd(faultNet+fault(sign), f.net, "MtNetAPayer")
			}
		}
	}
	if f.brutOK && !near(f.brutMt, gross) && !near(f.brutMt, gross+f.sums[xhl.Rappel]) {
		w.odd(faultBrut, f.brut, "MtBrut")
	}
}

// dates compares the period and the day of payment with the month of the
// journal.
func (w *walker) dates() {
	f := &w.fiche
	debut, fin := f.debut.val, f.fin.val
	if len(debut) == 10 && len(fin) == 10 {
		if bytes.Compare(debut, fin) > 0 {
			w.odd(faultReversed, f.debut, "Periode/DateDebut")
		}
		if m := w.mois; m != "" && (string(debut[:7]) != m || string(fin[:7]) != m) {
			w.odd(faultPeriod, f.debut, "Periode/DateDebut")
		}
	}
	if day, m := f.paiement.val, w.mois; len(day) == 10 && m != "" && string(day[:4]) != m[:4] {
		w.odd(faultPayDay, f.paiement, "DatePaiement")
	}
}

// finPJRef hands a reference over, and holds it against what a PES accepts.
func (w *walker) finPJRef() {
	f := &w.fiche
	f.references++
	w.res.pieces = append(w.res.pieces, pieceVue{support: f.support.val, id: f.idUnique.val, nom: f.nomPJ.val, withNom: f.withNomPJ,
		at: f.idUnique, matricule: f.matricule.val, groupe: w.groupes, rang: w.rangInGroupe()})
	if v := string(f.support.val); v == "00" || v == "10" {
		w.refused("Support", f.support, supportPES)
	}
	if fault := identifiants.CheckIdUnique(f.idUnique.val); fault != nil {
		w.refused("IdUnique", f.idUnique, fault.Text)
	}
	if fault := identifiants.CheckNomPJ(f.nomPJ.val); f.withNomPJ && fault != nil {
		w.refused("NomPJ", f.nomPJ, fault.Text)
	}
}

// supportPES says why a reference with Support 00 or 10 finds no piece.
var supportPES = lang.Text{FR: "00 et 10 ne sont pas des supports du PES", EN: "00 and 10 are no supports of PES"}

// refused tells that a PES would refuse an element of a reference, and why.
func (w *walker) refused(name string, at capture, why lang.Text) {
	if ex := w.exampleAt(faultPES, at); ex != nil {
		ex.args = []any{name, why}
	}
}
