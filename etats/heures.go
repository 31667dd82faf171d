package etats

import (
	"cmp"
	"slices"
	"strings"

	"paye/xhl"
)

// Drapeau is a remark on the hours of an agent.
type Drapeau uint8

const (
	HeuresInconnues   Drapeau = 1 << iota // the line does not tell them
	SommeDifferente                       // the lines do not come to NbHeureSup
	PlafondDepasse                        // more than 25 hours
	QuatorzeDepassees                     // more than 14 at the rate of the first ones
	TauxInattendu                         // more than one per cent off the base hour and its increase
	QuotitePartielle                      // supplementary hours to an agent below full time
)

var drapeauNames = []string{"heures_inconnues", "somme_differente", "plafond_depasse", "quatorze_depassees", "taux_inattendu", "quotite_partielle"}

// String lists the remarks, the same in every language.
func (d Drapeau) String() string {
	var list []string
	for i, name := range drapeauNames {
		if d&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return strings.Join(list, " ")
}

// LigneHeures is a row of the décompte of hours.
type LigneHeures struct {
	Fiche    *Fiche
	Mois     string // AAAA-MM: of PeriodeRef, else of the journal
	Cle      Cle
	Libelle  string
	Classe   Classe
	Heures   int64 // thousandths
	Connues  bool
	Taux     int32 // thousandths
	Montant  xhl.Montant
	DuMois   int64 // hours of the agent in the month, arrears left out
	Depasse  int64 // above the ceiling
	Drapeaux Drapeau
	Suffit   bool // note 10: the journal has hours and rate of every line of the agent
}

// Heures lists the lines that pay hours, agent by agent.
func Heures(m *Mois, c *Classement, q *Filtre) []LigneHeures {
	var list []LigneHeures
	mois := m.debut()[:7]
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		from := len(list)
		lignes := f.Lignes()
		for i := range lignes {
			l := &lignes[i]
			class := c.classe(l.Rub)
			k := m.Cle(l.Rub)
			if !class.Heures() || k.Nature > xhl.RemDivers && k.Nature != xhl.Rappel {
				continue
			}
			row := LigneHeures{Fiche: f, Mois: mois, Cle: k, Libelle: m.Libelle(l.Rub), Classe: class, Connues: l.UnitesConnues(), Taux: l.Taux, Montant: f.Montant(l)}
			if d := f.Detail(i); d.Periode != "" {
				row.Mois = d.Periode
			} else if k.Nature == xhl.Rappel {
				row.Mois = ""
			}
			if row.Connues {
				row.Heures = int64(l.Unites)
			}
			list = append(list, row)
		}
		flag(m, c, f, list[from:])
	}
	return list
}

// flag sets the remarks on the lines of one bulletin.
func flag(m *Mois, c *Classement, f *Fiche, rows []LigneHeures) {
	var sum, sup, premieres int64
	known := true
	for i := range rows {
		r := &rows[i]
		known = known && r.Connues && r.Taux != 0
		if r.Cle.Nature == xhl.Rappel || r.Mois != m.debut()[:7] {
			continue
		}
		sum += r.Heures
		if r.Classe.IHTS() {
			sup += r.Heures
		}
		if r.Classe == IHTS14 {
			premieres += r.Heures
		}
	}
	base := baseHour(c, f)
	for i := range rows {
		r := &rows[i]
		r.DuMois, r.Depasse, r.Suffit = sum, max(0, sup-PlafondHeures), known
		if !r.Connues {
			r.Drapeaux |= HeuresInconnues
		}
		if f.HeuresSup != 0 && known && sup != int64(f.HeuresSup) {
			r.Drapeaux |= SommeDifferente
		}
		if r.Depasse > 0 {
			r.Drapeaux |= PlafondDepasse
		}
		if r.Classe == IHTS14 && premieres > 14_000 {
			r.Drapeaux |= QuatorzeDepassees
		}
		if r.Classe.IHTS() && f.Quotite != 0 && f.Quotite < 10000 {
			r.Drapeaux |= QuotitePartielle
		}
		if want := times(base, majoration(r.Classe)); r.Classe.IHTS() && want > 0 && r.Taux != 0 && r.Cle.Nature != xhl.Rappel && 100*absolu(xhl.Montant(r.Taux)-want) > want {
			r.Drapeaux |= TauxInattendu
		}
	}
}

// majoration is the increase of the base hour of a class, in billionths (décret
// 2002-60).
func majoration(c Classe) int64 {
	switch c {
	case IHTSPlus:
		return 1_270_000_000
	case IHTSDimanche:
		return 1_250_000_000 * 5 / 3
	case IHTSNuit:
		return 2_500_000_000
	case HeuresCompl:
		return unite
	}
	return 1_250_000_000
}

// baseHour is the hour of a full-time wage, in thousandths of a euro: the year's
// traitement and indemnité de résidence over 1,820.
func baseHour(c *Classement, f *Fiche) xhl.Montant {
	sum := f.sum(c, func(k Classe) bool { return k == Traitement || k == Residence })
	if f.Quotite == 0 {
		return 0
	}
	shares := fractions(f.Quotite)
	return times(sum, ratio(unite, shares[len(shares)-1])) * 12 * 10 / 1820
}

// TotalHeures is a sum of hours at one rate.
type TotalHeures struct {
	Matricule string // "" for all agents
	Nom       xhl.Nominatif
	Classe    Classe
	Taux      int32 // 0 when all rates are together
	Heures    int64
	Montant   xhl.Montant
	Agents    int
}

// HeuresTotals sums the rows by agent and rate, then by class of rate.
func HeuresTotals(rows []LigneHeures) (agents, rates []TotalHeures) {
	type key struct {
		matricule string
		classe    Classe
		taux      int32
	}
	byAgent := make(map[key]*TotalHeures)
	byRate := make(map[Classe]*TotalHeures)
	seen := make(map[key]bool)
	for i := range rows {
		r := &rows[i]
		k := key{r.Fiche.Matricule, r.Classe, r.Taux}
		if byAgent[k] == nil {
			byAgent[k] = &TotalHeures{Matricule: k.matricule, Nom: r.Fiche.Nom, Classe: r.Classe, Taux: r.Taux, Agents: 1}
		}
		byAgent[k].Heures += r.Heures
		byAgent[k].Montant += r.Montant
		if byRate[r.Classe] == nil {
			byRate[r.Classe] = &TotalHeures{Classe: r.Classe}
		}
		byRate[r.Classe].Heures += r.Heures
		byRate[r.Classe].Montant += r.Montant
		if one := (key{r.Fiche.Matricule, r.Classe, 0}); !seen[one] {
			seen[one] = true
			byRate[r.Classe].Agents++
		}
	}
	for _, t := range byAgent {
		agents = append(agents, *t)
	}
	for _, t := range byRate {
		rates = append(rates, *t)
	}
	order := func(a, b TotalHeures) int {
		return cmp.Or(strings.Compare(a.Matricule, b.Matricule), cmp.Compare(a.Classe, b.Classe), cmp.Compare(a.Taux, b.Taux))
	}
	slices.SortFunc(agents, order)
	slices.SortFunc(rates, order)
	return agents, rates
}

// LigneClasse is a row of an état of some classes: astreintes, élus.
type LigneClasse struct {
	Fiche   *Fiche
	Cle     Cle
	Libelle string
	Classe  Classe
	Periode string // AAAA-MM of PeriodeRef; "" when the line has none
	Unites  int64  // thousandths
	Connues bool
	Taux    int32
	Montant xhl.Montant
}

// Astreintes lists what is paid for astreintes, interventions and permanences.
func Astreintes(m *Mois, c *Classement, q *Filtre) []LigneClasse {
	return linesOf(m, c, q, Classe.astreinte)
}

// Elus lists the indemnités de fonction.
func Elus(m *Mois, c *Classement, q *Filtre) []LigneClasse {
	return linesOf(m, c, q, func(k Classe) bool { return k == IndemniteElu })
}

func linesOf(m *Mois, c *Classement, q *Filtre, keep func(Classe) bool) []LigneClasse {
	var list []LigneClasse
	for f := range m.Fiches() {
		if !q.takes(m, f) {
			continue
		}
		lignes := f.Lignes()
		for i := range lignes {
			l := &lignes[i]
			k, class := m.Cle(l.Rub), c.classe(l.Rub)
			if !keep(class) || k.Nature > xhl.RemDivers && k.Nature != xhl.Rappel {
				continue
			}
			row := LigneClasse{Fiche: f, Cle: k, Libelle: m.Libelle(l.Rub), Classe: class, Periode: f.Detail(i).Periode, Connues: l.UnitesConnues(), Taux: l.Taux, Montant: f.Montant(l)}
			if row.Connues {
				row.Unites = int64(l.Unites)
			}
			list = append(list, row)
		}
	}
	return list
}

// Impot is the withholding tax of a bulletin.
type Impot struct {
	Set        bool
	Base, Taux xhl.Decimal
	Montant    xhl.Montant
}

// TaxOf is the line of withholding tax of a bulletin; the month must have been
// read with its details.
func TaxOf(m *Mois, c *Classement, f *Fiche) Impot {
	lignes := f.Lignes()
	for i := range lignes {
		if c.classe(lignes[i].Rub) == PAS {
			d := f.Detail(i)
			return Impot{Set: true, Base: d.Base, Taux: d.Taux, Montant: f.Montant(&lignes[i])}
		}
	}
	return Impot{}
}
