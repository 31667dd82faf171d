package check

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"paye/xhl"
)

// Lot is the verdict on the files of a set together.
type Lot struct {
	Constats
	Siret     string
	Employeur string
	Annee     string
	Mois      string
	Train     string
	Journaux  int
	Bulletins int
	Pieces    int // justificatifs, a shared one counting once a file
	Manifeste bool
}

// lotEnCours holds what the rules of a set compare.
type lotEnCours struct {
	*Lot
	c        *checker
	fichiers []*Fichier
	journaux []*Journal
	premier  *Journal // the first with bulletins
	libres   []piece  // beside the journals, in folders
}

// lot holds the files of a set against one another: the conditions that the
// DGFiP note puts on volumes, and what makes of them one payroll again.
func (c *checker) lot(ctx context.Context, files []*Fichier) (*Lot, error) {
	l := &lotEnCours{Lot: &Lot{Constats: c.inv.constats, Manifeste: c.inv.manifeste != nil}, c: c, fichiers: files}
	for _, f := range files {
		l.Pieces += f.Pieces
		for _, j := range f.Journaux {
			l.journaux = append(l.journaux, j)
			l.Bulletins += j.Bilan.Bulletins
			if l.premier == nil && !j.EnteteSeule && j.Bilan.Entete != nil {
				l.premier = j
			}
		}
	}
	l.Journaux = len(l.journaux)
	if l.premier != nil {
		h := l.premier.Bilan.Entete
		l.Siret, l.Employeur, l.Annee, l.Mois, l.Train = h.Employeur.Siret, h.Employeur.Nom, h.Annee, twoDigits(h.Mois), h.Train.V
		l.entetes()
		l.repartitions()
		l.bulletins()
	}
	l.numeros()
	l.flux()
	l.acquits()
	l.noms()
	if err := l.voisins(ctx); err != nil {
		return nil, err
	}
	l.references()
	if l.c.inv.manifeste != nil {
		l.manifeste(l.c.inv.manifeste)
	}
	return l.Lot, nil
}

// report adds an anomaly of a file as a whole.
func (l *lotEnCours) report(fichier, code string, args ...any) {
	l.add(Codes.New(code, args...).At(fichier, -1, 0))
}

func twoDigits(mois string) string {
	if len(mois) == 1 {
		return "0" + mois
	}
	return mois
}

// entetes holds the head and the nomenclatures of every journal against those
// of the first.
func (l *lotEnCours) entetes() {
	ref := l.premier.Bilan
	for _, j := range l.journaux {
		b := j.Bilan
		if j == l.premier || b.Entete == nil {
			continue
		}
		if b.EmpreinteEntete != ref.EmpreinteEntete {
			l.entete(j, b.Entete, ref.Entete)
		}
		if !j.EnteteSeule && j.complet() && b.EmpreinteNomenclatures != ref.EmpreinteNomenclatures {
			l.report(j.Nom, AutreNomenclature)
		}
	}
}

func (l *lotEnCours) entete(j *Journal, e, ref *xhl.Entete) {
	budget := func(e *xhl.Entete) string {
		if e.Budget == nil {
			return ""
		}
		return e.Budget.Code
	}
	differ := 0
	for _, field := range []struct{ code, mine, first string }{
		{AutreEmployeur, e.Employeur.Siret, ref.Employeur.Siret},
		{AutrePeriode, e.Annee + "-" + twoDigits(e.Mois), ref.Annee + "-" + twoDigits(ref.Mois)},
		{AutreTrain, e.Train.V, ref.Train.V},
		{AutreBudget, budget(e), budget(ref)},
		{AutreIdVer, string(e.IdVer), string(ref.IdVer)},
	} {
		if field.mine != field.first {
			l.report(j.Nom, field.code, field.mine, field.first)
			differ++
		}
	}
	if differ == 0 && e.Mois == ref.Mois {
		l.report(j.Nom, AutreEntete)
	}
}

// repartitions finds the block where it must not be, and holds it against the
// lines of the whole set.
func (l *lotEnCours) repartitions() {
	with := 0
	for _, j := range l.journaux {
		if j.repartition {
			with++
		}
	}
	total := new(xhl.RepartitionParNature)
	switch subtotals := with > 1 && with == len(l.journaux) && !l.sameRepartitions(); {
	case subtotals:
		l.report(l.premier.Nom, SousTotaux)
		for _, j := range l.journaux {
			total.Repartition = append(total.Repartition, j.Bilan.RepartitionParNature.Repartition...)
		}
	default:
		for _, j := range l.journaux {
			if j.repartition && j != l.premier {
				l.report(j.Nom, RepartitionAutre)
			}
		}
		if l.premier.repartition {
			total = l.premier.Bilan.RepartitionParNature
		}
	}
	if len(total.Repartition) == 0 || l.premier.Bilan.Nomenclatures == nil {
		return
	}
	sums := xhl.NewTotaux()
	for _, j := range l.journaux {
		if !j.complet() || j.Bilan.Totaux == nil {
			return
		}
		sums.Merge(j.Bilan.Totaux)
	}
	derived := sums.Repartition(l.premier.Bilan.Nomenclatures)
	if derived.NonImputees > 0 || len(derived.Illisibles) > 0 || len(derived.RepartitionParNature.Repartition) == 0 {
		return
	}
	for _, a := range total.Differences(derived.RepartitionParNature) {
		a.Fichier, a.Chemin = l.premier.Nom, "DocumentPaye/RepartitionParNature"
		l.add(a)
	}
}

func (l *lotEnCours) sameRepartitions() bool {
	for _, j := range l.journaux {
		if len(l.premier.Bilan.RepartitionParNature.Differences(j.Bilan.RepartitionParNature)) > 0 {
			return false
		}
	}
	return true
}

// vu is a bulletin of the set, by its journal and its rank in it.
type vu struct {
	empreinte uint64
	journal   int32
	rang      int32
}

// bulletins finds the bulletins that are there twice, and the matricules that
// have several in different journals; those of one journal are told by its
// judge.
func (l *lotEnCours) bulletins() {
	total := 0
	for _, j := range l.journaux {
		total += len(j.registre.vus)
	}
	all := make([]vu, 0, total)
	for n, j := range l.journaux {
		for i := range j.registre.vus {
			all = append(all, vu{j.registre.vus[i].empreinte, int32(n), int32(i)})
		}
	}
	if l.c.bulletins.Load() > maxBulletins {
		l.report("", TropDeBulletins, maxBulletins)
	}
	pairs := func(same func(a, b vu) bool, found func(first, again vu)) {
		for i := 0; i < len(all); {
			k := i + 1
			for ; k < len(all) && same(all[i], all[k]); k++ {
				found(all[i], all[k])
			}
			i = k
		}
	}
	byPlace := func(a, b vu) int { return cmp.Or(cmp.Compare(a.journal, b.journal), cmp.Compare(a.rang, b.rang)) }

	slices.SortFunc(all, func(a, b vu) int { return cmp.Or(cmp.Compare(a.empreinte, b.empreinte), byPlace(a, b)) })
	var double []vu
	firsts := make(map[vu]vu)
	pairs(func(a, b vu) bool { return a.empreinte == b.empreinte }, func(first, again vu) {
		double, firsts[again] = append(double, again), first
	})
	l.tell(double, byPlace, BulletinDouble, firsts)

	for i := range all {
		m := l.journaux[all[i].journal].registre.matricule(int(all[i].rang))
		all[i].empreinte = hashMatricule(m)
	}
	slices.SortFunc(all, func(a, b vu) int { return cmp.Or(cmp.Compare(a.empreinte, b.empreinte), byPlace(a, b)) })
	double = double[:0]
	clear(firsts)
	pairs(func(a, b vu) bool { return a.empreinte == b.empreinte }, func(first, again vu) {
		if first.journal != again.journal && !l.same(first, again) {
			double, firsts[again] = append(double, again), first
		}
	})
	l.tell(double, byPlace, MatriculeDouble, firsts)
}

// same reports whether two bulletins of one matricule are the same one.
func (l *lotEnCours) same(a, b vu) bool {
	return l.journaux[a.journal].registre.vus[a.rang].empreinte == l.journaux[b.journal].registre.vus[b.rang].empreinte
}

// tell reports bulletins in the order of the set, each with the journal that
// had its like first.
func (l *lotEnCours) tell(list []vu, order func(a, b vu) int, code string, firsts map[vu]vu) {
	slices.SortFunc(list, order)
	for _, v := range list {
		j := l.journaux[v.journal]
		a := Codes.New(code, l.journaux[firsts[v].journal].Nom).At(j.Nom, j.registre.vus[v.rang].offset, 0)
		a.Matricule = j.registre.matricule(int(v.rang))
		l.add(a)
	}
}

// numeros finds the holes in files that are numbered alike, as volume-01.xml
// is.
func (l *lotEnCours) numeros() {
	if l.c.inv.manifeste != nil {
		return // which knows better
	}
	suites := make(map[string][]int)
	last := make(map[string]string)
	for _, f := range l.fichiers {
		base := filepath.Base(f.Nom)
		ext := filepath.Ext(base)
		stem := strings.TrimRight(strings.TrimSuffix(base, ext), "0123456789")
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(base, stem), ext))
		if err != nil || stem == "" || f.Genre == Acquit {
			continue
		}
		key := filepath.Join(filepath.Dir(f.Nom), stem) + ext
		suites[key] = append(suites[key], n)
		last[key] = f.Nom
	}
	for _, key := range slices.Sorted(maps.Keys(suites)) {
		numbers := suites[key]
		next := 1
		if numbers[0] == 0 {
			next = 0
		}
		if numbers[0] > len(numbers)+maxTrou {
			continue // dates and identifiers, not the rank of a volume
		}
		for _, n := range numbers {
			for ; next < n && n-next <= maxTrou; next++ {
				l.report(last[key], NumeroAbsent, next)
			}
			next = n + 1
		}
	}
}

// maxTrou is how many files may be absent in a row before numbers are taken
// for something else than ranks.
const maxTrou = 20
