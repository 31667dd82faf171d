package payslip

import (
	"paye/xhl"
)

// The schema has no place for the income tax, the montant net social nor the
// net before tax: they are looked for in the labels of the lines. All that
// stands here is [I].

// found is what the lines say in words.
type found struct {
	impot     []*xhl.LigneP // lines of the prélèvement à la source
	annuel    xhl.Decimal   // what it comes to over the year
	netSocial xhl.Decimal
}

// The words that labels are searched for.
const (
	motSource = 1 << iota
	motPrelevement
	motPAS // as the first word: "NE PAS UTILISER" is seen in labels
	motCumul
	motNet
	motSocial
	motConges
)

// words tells which of the words a label has, without accents or case.
func words(label string) (set int) {
	count := 0
	for word := range wordsOf(label) {
		switch string(word) {
		case "source":
			set |= motSource
		case "prelevement", "prelev", "prel", "retenue", "ret", "impot":
			set |= motPrelevement
		case "pas":
			if count == 0 {
				set |= motPAS
			}
		case "cumul", "annuel":
			set |= motCumul
		case "net":
			set |= motNet
		case "social":
			set |= motSocial
		case "conge", "conges", "rtt", "cet", "absence", "absences":
			set |= motConges
		}
		count++
	}
	return set
}

// says is the figure of a line that informs: its amount, or its base when it
// pays nothing.
func says(l *xhl.LigneP) xhl.Decimal {
	if rien(l.Mt) {
		return l.Base
	}
	return l.Mt
}

// search reads the labels of the lines.
func (m *layout) search(lines []xhl.LigneP) found {
	f := found{impot: m.impots[:0]}
	for i := range lines {
		l := &lines[i]
		set := words(l.Libelle)
		tax := set&motPAS != 0 || set&(motSource|motPrelevement) == motSource|motPrelevement
		switch {
		case set&(motNet|motSocial) == motNet|motSocial && !rien(says(l)):
			f.netSocial = says(l)
		case tax && set&motCumul != 0 && rien(l.Mt):
			f.annuel = l.Base
		case (tax || m.classe(l).Impot) && (l.Nature == xhl.Retenue || l.Nature == xhl.Deduction):
			f.impot = append(f.impot, l)
		}
	}
	m.impots = f.impot
	return f
}

// sens is how a journal writes what is taken off: 1 when it is positive, -1
// when it is negative, as the net of the bulletin tells; 0 when the lines do
// not give that net either way, with or without what is given in kind.
func sens(b *xhl.Bulletin) xhl.Montant {
	net, ok := b.MtNetAPayer.Montant()
	if !ok {
		return 0
	}
	var paid, kind, off xhl.Montant
	for i := range b.Remuneration.Lignes {
		l := &b.Remuneration.Lignes[i]
		mt, ok := l.Mt.Montant()
		switch {
		case l.Nature == xhl.Cotisation:
		case !ok || mt > maxMontant || mt < -maxMontant:
			return 0
		case l.Nature == xhl.AvantageNature:
			kind += mt
		case versee(l.Nature):
			paid += mt
		default:
			off += mt
		}
	}
	for _, sign := range [...]xhl.Montant{1, -1} {
		for _, gross := range [...]xhl.Montant{paid + kind, paid} {
			if gap := gross - sign*off - net; gap >= -tolerance && gap <= tolerance {
				return sign
			}
		}
	}
	return 0
}

// maxMontant is a bound under which a bulletin's sums do not overflow;
// tolerance is of a net that the lines give.
const (
	maxMontant xhl.Montant = 1e12
	tolerance  xhl.Montant = 5
)

// avantImpot is the net to pay before the income tax; false when no line is the
// tax, or when the lines do not give the net.
func avantImpot(b *xhl.Bulletin, impot []*xhl.LigneP, sign xhl.Montant) (xhl.Montant, bool) {
	net, ok := b.MtNetAPayer.Montant()
	if !ok || len(impot) == 0 || sign == 0 {
		return 0, false
	}
	for _, l := range impot {
		mt, ok := l.Mt.Montant()
		if !ok {
			return 0, false
		}
		net += sign * mt
	}
	return net, true
}

// verseEmployeur is what the employer pays in all: the gross and his part; false
// when the journal has no line of his, or when their sign is not known.
func verseEmployeur(b *xhl.Bulletin, patronal somme, sign xhl.Montant) (xhl.Montant, bool) {
	brut, ok := b.MtBrut.Montant()
	if !ok || sign == 0 || patronal.lines == 0 || patronal.faux || brut > maxMontant || patronal.mt > maxMontant || patronal.mt < -maxMontant {
		return 0, false
	}
	return brut + sign*patronal.mt, true
}
