package etats

import "paye/xhl"

// formules counts which of the ways to make a total of the lines the pairs of a
// file agree with: editors differ.
type formules struct {
	fit   [2]int
	total int
}

// best is the way that nine pairs in ten agree with; -1 for none.
func (f *formules) best() int {
	for m, n := range f.fit {
		if n > 0 && 10*n >= 9*f.total && n >= f.fit[1-m] {
			return m
		}
	}
	return -1
}

// ecarts are what the lines of a pair say of the moves of its totals.
type ecarts struct {
	brut [2]xhl.Montant // with the arrears; without
	net  [2]xhl.Montant // the gross less the deductions; the net to pay
}

func (e *engine) deltas(list []poste) ecarts {
	var d ecarts
	var gross, arrears, deductions, rest xhl.Montant
	for i := range list {
		one := &list[i]
		n := e.somme.types[one.rub]
		switch {
		case n <= xhl.RemDivers:
			gross += one.delta()
		case n == xhl.Rappel:
			arrears += one.delta()
		case n == xhl.Deduction:
			deductions += one.b.mt*xhl.Montant(e.signesB[n]) - one.a.mt*xhl.Montant(e.signesA[n])
		default:
			rest += one.b.mt*xhl.Montant(e.signesB[n]) - one.a.mt*xhl.Montant(e.signesA[n])
		}
	}
	d.brut = [2]xhl.Montant{gross + arrears, gross}
	d.net = [2]xhl.Montant{gross + arrears + deductions, gross + arrears + deductions + rest}
	return d
}

// formules notes how the totals of a pair were made.
func (e *engine) formules(p *paire, list []poste) {
	a, b := p.a.totaux(), p.b.totaux()
	d := e.deltas(list)
	for m := range 2 {
		if absolu(b.Brut-a.Brut-d.brut[m]) <= tolTotal {
			e.commun.brut.fit[m]++
		}
		if absolu(b.Net-a.Net-d.net[m]) <= tolTotal {
			e.commun.net.fit[m]++
		}
	}
	e.commun.brut.total++
	e.commun.net.total++
}
