package xhl

import (
	"bytes"
	"math"
	"math/bits"
	"strings"

	"paye/internal/numeros"
)

// fiche is what the rules need of the bulletin under way.
type fiche struct {
	open      bool
	found     int // findings before the bulletin began
	start     capture
	matricule capture
	nir       capture
	etab      capture // of a RIB
	guic      capture
	compte    capture
	cle       capture
	iban      capture
	brut      capture
	net       capture
	brutMt    Montant
	netMt     Montant
	brutOK    bool
	netOK     bool
	debut     capture
	fin       capture
	paiement  capture

	nature     Nature // of the line under way; nbNatures out of lines
	code       capture
	caisse     capture
	mt         Montant
	mtOK       bool
	lines      int
	allRead    bool // every amount of the lines could be read
	sums       [nbNatures]Montant
	budget     capture // CodeBudget of the RepartitionBudget under way
	rates      int64   // of RepartitionBudget, in hundredths
	amounts    Montant
	withRate   bool
	withMt     bool
	support    capture
	idUnique   capture
	nomPJ      capture
	withNomPJ  bool
	references int

	hash uint64
}

// each visits the captures, which a window that goes has to leave behind.
func (f *fiche) each(visit func(*capture)) {
	for _, c := range []*capture{&f.start, &f.matricule, &f.nir, &f.etab, &f.guic, &f.compte, &f.cle, &f.iban, &f.brut, &f.net,
		&f.debut, &f.fin, &f.paiement, &f.code, &f.caisse, &f.budget, &f.support, &f.idUnique, &f.nomPJ} {
		visit(c)
	}
}

func (w *walker) beginBulletin(pos int) {
	w.fiche = fiche{open: true, found: len(w.res.list), start: w.at(pos), nature: nbNatures, allRead: true}
}

func (f *fiche) beginLigne(n Nature) {
	f.nature, f.mtOK = n, false
	f.code, f.caisse = capture{}, capture{}
}

// mix adds a value to the hash of the bulletin, which leaves its PJRef out:
// they may be added on the way without the bulletin becoming another.
func (f *fiche) mix(nd *node, value []byte) {
	switch nd.act {
	case actSupport, actIdUnique, actNomPJ:
		return
	}
	if f.open {
		f.hash = hashMix(f.hash^uint64(nd.id), hashBytes(value))
	}
}

// take keeps the value of a leaf that a rule needs. mt is the amount of a
// decimal, and ok says whether it could be read.
func (w *walker) take(nd *node, value []byte, mt Montant, ok bool, pos int) {
	f := &w.fiche
	if nd.act == actBuild {
		holder := w.top()
		if holder.node == nd {
			holder = &w.frames[len(w.frames)-2]
		}
		w.build.leaf(nd, holder.val, value)
		return
	}
	c := capture{val: value, off: w.base + int64(pos)}
	switch nd.act {
	case actSiret:
		if numeros.CheckSIRET(view(value)) != nil {
			w.oddLeaf(faultSiret, c, nd)
		}
	case actMatricule:
		f.matricule = c
		for i := f.found; f.open && i < len(w.res.list); i++ {
			w.res.list[i].matricule = clip(string(value))
		}
	case actNIR:
		f.nir = c
		if !plainNIR(value) && !nirOK(view(value)) {
			w.oddLeaf(faultNIR, c, nd)
		}
	case actCodeEtab:
		f.etab = c
	case actCodeGuic:
		f.guic = c
	case actIdCpte:
		f.compte = c
	case actCleRib:
		f.cle = c
	case actIBAN:
		f.iban = c
	case actEvenement:
		if len(value) > 0 {
			w.res.evenements.add(w, nbNatures, c)
		}
	case actDateDebut:
		f.debut = c
	case actDateFin:
		f.fin = c
	case actLigneCode:
		f.code = c
	case actLigneMt:
		f.mt, f.mtOK = mt, ok
	case actLigneCaisse:
		f.caisse = c
	case actMtBrut:
		f.brut, f.brutMt, f.brutOK = c, mt, ok
	case actMtNetAPayer:
		f.net, f.netMt, f.netOK = c, mt, ok
	case actDatePaiement:
		f.paiement = c
	case actBudgetCode:
		f.budget = c
	case actBudgetTaux:
		f.rates += int64(mt)
		f.withRate = true
	case actBudgetMt:
		f.amounts += mt
		f.withMt = true
	case actSupport:
		f.support = c
	case actIdUnique:
		f.idUnique = c
	case actNomPJ:
		f.nomPJ, f.withNomPJ = c, true
	}
}

// fin is called at the end of a container, whose own frame is still there.
func (w *walker) fin(nd *node, pos int) {
	f := &w.fiche
	if !f.open { // a bulletin in a bulletin took its place
		return
	}
	switch nd.fin {
	case finLigne:
		if f.nature != nd.nature {
			return
		}
		f.lines++
		if f.mtOK {
			f.sums[f.nature] += f.mt
		} else {
			f.allRead = false
		}
		if f.code.val != nil {
			u := w.res.lignes.add(w, f.nature, f.code)
			if f.mtOK {
				u.total = sum(u.total, f.mt)
				u.read++
			}
		}
		if len(f.caisse.val) > 0 {
			w.res.caisses.add(w, nbNatures, f.caisse)
		}
		f.nature = nbNatures
	case finRemuneration:
		if f.lines == 0 {
			w.odd(faultNoLines, w.at(pos), "")
		}
		if f.lines > maxLines {
			if ex := w.example(faultManyLines, pos); ex != nil {
				ex.args = []any{f.lines}
			}
		}
	case finBancaire:
		w.finBancaire()
	case finBudget:
		if len(f.budget.val) > 0 {
			w.res.budgets.add(w, nbNatures, f.budget)
		}
		f.budget = capture{}
	case finPJRef:
		w.finPJRef()
		f.support, f.idUnique, f.nomPJ, f.withNomPJ = capture{}, capture{}, capture{}, false
	case finBulletin:
		w.finBulletin(pos)
		f.open = false
	}
}

// maxLines is how many lines of a bulletin some readers take.
const maxLines = 1000

// oddLeaf reports a value that the schema accepts.
func (w *walker) oddLeaf(kind fault, c capture, nd *node) {
	if ex := w.leafExample(kind, c, nd); ex != nil {
		ex.trouve = nd.shown(c.val)
	}
}

// odd reports a fault of the innermost element, or of one of its leaves.
func (w *walker) odd(kind fault, c capture, leaf string) {
	if ex := w.exampleAt(kind, c); ex != nil && leaf != "" {
		for name := range strings.SplitSeq(leaf, "/") {
			ex.path = append(ex.path, step{name: name})
		}
	}
}

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
		_, err := numeros.CleNIR(s)
		return err == nil
	case 15:
		return numeros.CheckNIR(s[:13], s[13:]) == nil
	}
	return false
}

// finBancaire checks the keys of an account; empty fields mean none.
func (w *walker) finBancaire() {
	f := &w.fiche
	switch {
	case len(f.iban.val) > 0:
		if numeros.CheckIBAN(view(f.iban.val)) != nil {
			w.odd(faultIBAN, f.iban, "IBAN")
		}
	case len(f.etab.val)+len(f.guic.val)+len(f.compte.val)+len(f.cle.val) > 0:
		if numeros.CheckRIB(view(f.etab.val), view(f.guic.val), view(f.compte.val), view(f.cle.val)) != nil {
			w.odd(faultRIB, f.compte, "IdCpte")
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
const tolerance Montant = 5

func near(a, b Montant) bool { return a-b <= tolerance && b-a <= tolerance }

// identities checks the net to pay under both sign conventions, and the gross.
// A benefit in kind is in the gross and may be out of the net.
func (w *walker) identities() {
	f := &w.fiche
	var gross Montant
	for _, n := range [...]Nature{TraitBrut, IndemResid, SupFam, AvantageNature, Indemnite, RemDivers} {
		gross += f.sums[n]
	}
	withheld := f.sums[Deduction] + f.sums[Retenue] + f.sums[Acompte]
	if f.netOK {
		for sign, sum := range [2]Montant{gross + f.sums[Rappel] - withheld, gross + f.sums[Rappel] + withheld} {
			if !near(f.netMt, sum) && !near(f.netMt, sum-f.sums[AvantageNature]) {
				w.odd(faultNet+fault(sign), f.net, "MtNetAPayer")
			}
		}
	}
	if f.brutOK && !near(f.brutMt, gross) && !near(f.brutMt, gross+f.sums[Rappel]) {
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
	for _, c := range [...]struct {
		name string
		at   capture
		bad  bool
	}{
		{"Support", f.support, string(f.support.val) == "00" || string(f.support.val) == "10"},
		{"IdUnique", f.idUnique, !pesIdUnique(f.idUnique.val)},
		{"NomPJ", f.nomPJ, f.withNomPJ && !pesNomPJ(f.nomPJ.val)},
	} {
		if !c.bad {
			continue
		}
		if ex := w.exampleAt(faultPES, c.at); ex != nil {
			ex.args = []any{c.name}
		}
	}
}

func pesIdUnique(v []byte) bool {
	for _, c := range v {
		if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return len(v) > 0 && len(v) <= 50
}

func pesNomPJ(v []byte) bool {
	dot := bytes.LastIndexByte(v, '.')
	ext := len(v) - dot - 1
	return dot > 0 && ext >= 2 && ext <= 4
}

// rangInGroupe is the index of the bulletin under way in its DonneesIndiv.
func (w *walker) rangInGroupe() int {
	for i := len(w.frames) - 1; i >= 0; i-- {
		if w.frames[i].node != nil && w.frames[i].node.fin == finBulletin {
			return w.frames[i].index
		}
	}
	return 0
}

// beginGroupe counts a DonneesIndiv, by when the head is known.
func (w *walker) beginGroupe() {
	w.groupes++
	if w.groupes == 1 && w.mois == "" {
		w.mois = w.build.mois()
	}
}

// sum adds two amounts, and stays at the largest one when they do not fit.
func sum(a, b Montant) Montant {
	switch s := a + b; {
	case a > 0 && b > 0 && s < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && s >= 0:
		return math.MinInt64
	default:
		return s
	}
}

// hashBytes and hashMix make 64-bit hashes of values. They tell apart what is
// not made to collide; nothing secret rests on them.
func hashBytes(b []byte) uint64 {
	h := uint64(len(b)) ^ hashSeed
	for len(b) >= 8 {
		h = hashMix(h, uint64(b[0])|uint64(b[1])<<8|uint64(b[2])<<16|uint64(b[3])<<24|uint64(b[4])<<32|uint64(b[5])<<40|uint64(b[6])<<48|uint64(b[7])<<56)
		b = b[8:]
	}
	var last uint64
	for i, c := range b {
		last |= uint64(c) << (8 * i)
	}
	return hashMix(h, last)
}

const hashSeed = 0x9E3779B97F4A7C15

func hashMix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a^0xA0761D6478BD642F, b^0xE7037ED1A0B428DB)
	return hi ^ lo
}
