package check

import (
	"math"
	"strings"

	"paye/internal/identifiants"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// fiche is what the rules need of the bulletin under way.
type fiche struct {
	open      bool
	found     int // findings before the bulletin began
	start     capture
	matricule capture
	etab      capture // of a RIB
	guic      capture
	compte    capture
	cle       capture
	iban      capture
	brut      capture
	net       capture
	brutMt    xhl.Montant
	netMt     xhl.Montant
	brutOK    bool
	netOK     bool
	debut     capture
	fin       capture
	paiement  capture

	nature     xhl.Nature // of the line under way; nbNatures out of lines
	code       capture
	caisse     capture
	mt         xhl.Montant
	mtOK       bool
	lines      int
	allRead    bool // every amount of the lines could be read
	sums       [xhl.NbNatures]xhl.Montant
	budget     capture // CodeBudget of the RepartitionBudget under way
	rates      int64   // of RepartitionBudget, in hundredths
	amounts    xhl.Montant
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
	for _, c := range []*capture{&f.start, &f.matricule, &f.etab, &f.guic, &f.compte, &f.cle, &f.iban, &f.brut, &f.net,
		&f.debut, &f.fin, &f.paiement, &f.code, &f.caisse, &f.budget, &f.support, &f.idUnique, &f.nomPJ} {
		visit(c)
	}
}

func (w *walker) beginBulletin(pos int) {
	w.fiche = fiche{open: true, found: len(w.res.list), start: w.at(pos), nature: xhl.NbNatures, allRead: true}
}

// beginGroupe counts a DonneesIndiv, by when the head is known.
func (w *walker) beginGroupe() {
	w.groupes++
	if w.groupes == 1 && w.mois == "" {
		w.mois = w.build.mois()
	}
}

func (f *fiche) beginLigne(n xhl.Nature) {
	f.nature, f.mtOK = n, false
	f.code.val, f.caisse.val = nil, nil
}

// take keeps the value of a leaf that a rule needs. mt is the amount of a
// decimal, and ok says whether it could be read.
func (w *walker) take(nd *node, value []byte, mt xhl.Montant, ok bool, pos int) {
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
		if identifiants.CheckSIRET(view(value)) != nil {
			w.oddLeaf(faultSiret, c, nd)
			if lostSiret(view(value)) && len(value) < widthSiret {
				if ex := w.leafExample(faultZeros, c, nd); ex != nil {
					ex.args = []any{nd.name, zerosByKey}
				}
			}
		}
	case actMatricule:
		f.matricule = c
		for i := f.found; f.open && i < len(w.res.list); i++ {
			w.res.list[i].matricule = schema.Clip(string(value))
		}
	case actNIR:
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
			w.res.evenements.add(w, xhl.NbNatures, c)
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
		line := &used{}
		if f.code.val != nil {
			line = w.res.lignes.add(w, f.nature, f.code)
			if f.mtOK {
				line.total = sum(line.total, f.mt)
				line.read++
			}
		}
		if len(f.caisse.val) > 0 {
			w.res.caisses.addOf(w, line, f.caisse)
		}
		f.nature = xhl.NbNatures
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
			w.res.budgets.add(w, xhl.NbNatures, f.budget)
		}
		f.budget = capture{}
	case finPJRef:
		w.finPJRef()
		f.support, f.idUnique, f.nomPJ, f.withNomPJ = capture{}, capture{}, capture{}, false
	case finBulletin:
		if w.at(pos).off-f.start.off > int64(w.limits.MaxBulletin) {
			w.tooLong(f.start)
		}
		w.finBulletin(pos)
		f.open = false
	}
}

// tooLong refuses a bulletin that no reader takes. The check stops there, as
// they do.
func (w *walker) tooLong(at capture) {
	if ex := w.exampleAt(faultLimit, at); ex != nil {
		ex.args = []any{w.limits.MaxBulletin}
	}
	w.stopped = true
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

// rangInGroupe is the index of the bulletin under way in its DonneesIndiv.
func (w *walker) rangInGroupe() int {
	for i := len(w.frames) - 1; i >= 0; i-- {
		if w.frames[i].node != nil && w.frames[i].node.fin == finBulletin {
			return w.frames[i].index
		}
	}
	return 0
}

// sum adds two amounts, and stays at the largest one when they do not fit.
func sum(a, b xhl.Montant) xhl.Montant {
	switch s := a + b; {
	case a > 0 && b > 0 && s < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && s >= 0:
		return math.MinInt64
	default:
		return s
	}
}
