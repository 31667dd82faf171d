package etats

import (
	"cmp"
	"slices"
	"strings"

	"paye/internal/anomalie"
	"paye/xhl"
)

// Confidence of a proposal.
const (
	haute   = "haute"
	moyenne = "moyenne"
	faible  = "faible"
)

// Classement tells the class of each rubrique of months that share a Lexique.
type Classement struct {
	Rubriques []Rubrique // in the order of codes and natures
	parRub    []*Rubrique
	Fournis   bool // a table of the user was given
}

// inconnueRubrique is the class of a rubrique that no table and no month has.
var inconnueRubrique = &Rubrique{}

func (c *Classement) of(rub uint16) *Rubrique {
	if int(rub) < len(c.parRub) && c.parRub[rub] != nil {
		return c.parRub[rub]
	}
	return inconnueRubrique
}

func (c *Classement) classe(rub uint16) Classe { return c.of(rub).Classe }

// Classify gives each rubrique of the months its class: that of the table of
// the user when it has one, else a proposal. Keys of the user that are gone are
// told to report, which may be nil.
func Classify(given []Rubrique, report func(*anomalie.Anomalie), mois ...*Mois) *Classement {
	proposed := propose(mois)
	c := &Classement{Fournis: given != nil, parRub: make([]*Rubrique, len(proposed))}
	byCle := make(map[Cle]*Rubrique, len(given))
	for i := range given {
		byCle[given[i].Cle] = &given[i]
	}
	lex := mois[0].lex
	present := make(map[Cle]bool, len(proposed))
	list := make([]Rubrique, 0, len(proposed)+len(given))
	for i := range proposed {
		one := proposed[i]
		present[one.Cle] = true
		if g := byCle[one.Cle]; g != nil {
			lignes, total := one.Lignes, one.Total
			one = *g
			one.Lignes, one.Total = lignes, total
		}
		list = append(list, one)
	}
	for i := range given {
		if g := &given[i]; !present[g.Cle] {
			list = append(list, *g)
			if g.Origine == OrigineUtilisateur && report != nil {
				report(Codes.New(RubriqueDisparue, g.Code))
			}
		}
	}
	slices.SortFunc(list, func(a, b Rubrique) int { return compareCle(a.Cle, b.Cle) })
	c.Rubriques = list
	byCle = make(map[Cle]*Rubrique, len(list))
	for i := range list {
		byCle[list[i].Cle] = &list[i]
	}
	for rub := range c.parRub {
		c.parRub[rub] = byCle[lex.Cle(uint16(rub))]
	}
	return c
}

func compareCle(a, b Cle) int {
	return cmp.Or(strings.Compare(a.Code, b.Code), cmp.Compare(a.Nature, b.Nature))
}

// Inconnues counts the rubriques of unknown class, and what they weigh beside
// the gross: both as sums of absolute amounts, in centimes.
func (c *Classement) Inconnues() (n int, poids, brut xhl.Montant) {
	for i := range c.Rubriques {
		r := &c.Rubriques[i]
		if r.Nature > xhl.RemDivers || r.Lignes == 0 {
			continue
		}
		brut += absolu(r.Total)
		if r.Classe == Inconnue {
			n++
			poids += absolu(r.Total)
		}
	}
	return n, poids, brut
}

func absolu(m xhl.Montant) xhl.Montant {
	if m < 0 {
		return -m
	}
	return m
}

// propose gives the rubriques of the months, by number, with the class that
// kind, account and label let expect.
func propose(mois []*Mois) []Rubrique {
	list := make([]Rubrique, mois[0].lex.Rubriques())
	for rub := range list {
		list[rub] = Rubrique{Cle: mois[0].lex.Cle(uint16(rub)), Heures: "auto", Origine: OrigineAuto}
	}
	for _, m := range mois {
		for f := range m.Fiches() {
			lignes := f.Lignes()
			for i := range lignes {
				r := &list[lignes[i].Rub]
				r.Lignes++
				r.Total += f.Montant(&lignes[i])
			}
		}
	}
	for rub := range list {
		r := &list[rub]
		compte := ""
		for i := len(mois) - 1; i >= 0 && r.Libelle == ""; i-- {
			r.Libelle, compte = mois[i].Libelle(uint16(rub)), mois[i].compte(r.Cle)
		}
		r.Classe, r.Confiance = classOf(r, compte)
	}
	rappels(list)
	for rub := range list {
		r := &list[rub]
		switch {
		case r.Classe.ponctuelle():
			r.Recurrente = NonRecurrente
		case r.Classe == Traitement || r.Classe == NBI || r.Classe == Residence || r.Classe == SFT || r.Classe == IFSE:
			r.Recurrente = Recurrente
		}
	}
	return list
}

// rappels gives the rubriques of Rappel the class of what they are arrears of:
// the code itself, or the one that differs by its last letter.
func rappels(list []Rubrique) {
	byCode, byStem := make(map[string]*Rubrique), make(map[string]*Rubrique)
	for i := range list {
		r := &list[i]
		if r.Nature == xhl.Rappel {
			continue
		}
		if known := byCode[r.Code]; known == nil || known.Nature > r.Nature {
			byCode[r.Code] = r
		}
		if stem, ok := stemOf(r.Code); ok {
			if known := byStem[stem]; known == nil || known.Lignes < r.Lignes {
				byStem[stem] = r
			}
		}
	}
	for i := range list {
		r := &list[i]
		if r.Nature != xhl.Rappel {
			continue
		}
		origin := byCode[r.Code]
		if stem, ok := stemOf(r.Code); origin == nil && ok {
			origin = byStem[stem]
		}
		if origin != nil {
			r.SuiteDe, r.Classe, r.Confiance = origin.Code, origin.Classe, haute
		}
	}
}

// stemOf is a code without its last letter, when it has digits before.
func stemOf(code string) (string, bool) {
	if n := len(code); n > 2 && code[n-1] >= 'A' && code[n-1] <= 'Z' && code[n-2] >= '0' && code[n-2] <= '9' {
		return code[:n-1], true
	}
	return "", false
}

// classOf proposes a class.
func classOf(r *Rubrique, compte string) (Classe, string) {
	label := normal(r.Libelle)
	switch r.Nature {
	case xhl.SupFam:
		return SFT, haute
	case xhl.IndemResid:
		return Residence, haute
	case xhl.AvantageNature:
		return Avantage, haute
	case xhl.Deduction, xhl.Cotisation:
		return Cotisation, haute
	case xhl.Acompte:
		return Acompte, haute
	case xhl.Retenue:
		return retenueOf(label, compte)
	case xhl.TraitBrut:
		return traitementOf(r, label)
	}
	if c, known := byAccount[compte]; known {
		return c, haute
	}
	if strings.HasPrefix(compte, "6531") {
		return IndemniteElu, haute
	}
	for _, rule := range labelRules {
		if rule.match(label) {
			return rule.classe, rule.confiance
		}
	}
	if r.Nature == xhl.Indemnite {
		return Prime, faible
	}
	return Inconnue, faible
}

// byAccount are the accounts of the M57 that tell the class by themselves.
var byAccount = map[string]Classe{"64112": Residence, "64113": NBI, "4421": PAS, "427": Saisie, "425": Acompte}

func retenueOf(label, compte string) (Classe, string) {
	if c, known := byAccount[compte]; known {
		return c, haute
	}
	for _, rule := range retenueRules {
		if rule.match(label) {
			return rule.classe, rule.confiance
		}
	}
	return Autre, faible
}

func traitementOf(r *Rubrique, label string) (Classe, string) {
	switch {
	case has(label, "NBI", "N B I", "BONIFICATION INDICIAIRE", "BONIF INDIC"):
		return NBI, haute
	case has(label, "VACATION", "VACATIONS", "VACATAIRE"):
		return Vacation, haute
	case has(label, "COMPENSATRICE", "COMPENSAT"):
		return Compensatrice, moyenne
	case r.Total < 0, has(label, "ABS", "ABSENCE", "RETENU", "RETENUE", "DEMI TRAITEMENT"):
		return Absence, moyenne
	case has(label, "TRAIT", "TRAITEMENT", "SALAIRE", "BASE", "TB"):
		return Traitement, haute
	}
	return Traitement, faible
}

// normal is a label without accents or punctuation, in capitals, a blank at
// both ends and between words.
func normal(s string) string {
	var b strings.Builder
	b.WriteByte(' ')
	blank := true
	for _, r := range strings.ToUpper(s) {
		if plain, known := accents[r]; known {
			b.WriteString(plain)
			blank = false
			continue
		}
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
			blank = false
			continue
		}
		if !blank {
			b.WriteByte(' ')
			blank = true
		}
	}
	if !blank {
		b.WriteByte(' ')
	}
	return b.String()
}

var accents = map[rune]string{
	'À': "A", 'Â': "A", 'Ä': "A", 'Ç': "C", 'É': "E", 'È': "E", 'Ê': "E", 'Ë': "E", 'Î': "I", 'Ï': "I",
	'Ô': "O", 'Ö': "O", 'Ù': "U", 'Û': "U", 'Ü': "U", 'Œ': "OE", 'Æ': "AE", 'Ÿ': "Y",
}

// has reports whether a normal label holds one of the phrases, as whole words;
// a phrase that ends in a star may go on inside a word.
func has(label string, phrases ...string) bool {
	for _, p := range phrases {
		if stem, open := strings.CutSuffix(p, "*"); open {
			if strings.Contains(label, " "+stem) {
				return true
			}
		} else if strings.Contains(label, " "+p+" ") {
			return true
		}
	}
	return false
}
