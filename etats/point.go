package etats

import (
	"math/bits"
	"slices"

	"paye/xhl"
)

// unite is one, as a factor or a value of the point: billionths.
const unite = 1_000_000_000

// times is m × f, f in billionths, rounded; amounts beyond 10^13 centimes are
// cut to it.
func times(m xhl.Montant, f int64) xhl.Montant {
	negative := (m < 0) != (f < 0)
	a, b := uint64(absolu(min(max(m, -1e13), 1e13))), uint64(absolu(xhl.Montant(f)))
	hi, lo := bits.Mul64(a, b)
	lo, carry := bits.Add64(lo, unite/2, 0)
	hi += carry
	if hi >= unite {
		return 1e13
	}
	q, _ := bits.Div64(hi, lo, unite)
	if q > 1e18 {
		q = 1e18
	}
	if negative {
		return -xhl.Montant(q)
	}
	return xhl.Montant(q)
}

// ratio is a / b in billionths; 0 when b is 0.
func ratio(a, b int64) int64 {
	if b == 0 {
		return 0
	}
	negative := (a < 0) != (b < 0)
	hi, lo := bits.Mul64(uint64(absolu(xhl.Montant(a))), unite)
	d := uint64(absolu(xhl.Montant(b)))
	if hi >= d {
		return 0
	}
	q, _ := bits.Div64(hi, lo, d)
	if q > 1<<62 {
		return 0
	}
	if negative {
		return -int64(q)
	}
	return int64(q)
}

// fractions are the shares of a full wage that a quotité may be paid, in
// billionths: the quotité itself, and the six sevenths and thirty-two
// thirty-fifths that part-time work of 80 and 90 % is paid.
func fractions(quotite int32) []int64 {
	f := []int64{int64(quotite) * (unite / 10000)}
	switch quotite {
	case 8000:
		f = append(f, 857_142_857)
	case 9000:
		f = append(f, 914_285_714)
	}
	return f
}

// points is what the amounts of a month say of the index point.
type points struct {
	valeur  int64 // of a point a month, in billionths of a centime; 0 when unknown
	avecNBI bool  // the NBI is inside the traitement
	fit     int   // bulletins that it explains
	tested  int
}

// intervalle is where a factor must be for one observation.
type intervalle struct{ lo, hi int64 }

// sweep finds the value that most intervals hold: the middle of the stretch
// that they share, and how many share it.
func sweep(list []intervalle) (value int64, n int) {
	type bound struct {
		at    int64
		start bool
	}
	bounds := make([]bound, 0, 2*len(list))
	for _, i := range list {
		bounds = append(bounds, bound{i.lo, true}, bound{i.hi, false})
	}
	slices.SortFunc(bounds, func(x, y bound) int {
		switch {
		case x.at != y.at:
			return int(min(max(x.at-y.at, -1), 1))
		case x.start == y.start:
			return 0
		case x.start:
			return -1
		}
		return 1
	})
	open, from := 0, int64(0)
	best := false
	for _, b := range bounds {
		if b.start {
			if open++; open > n {
				n, from, best = open, b.at, true
			}
			continue
		}
		if open == n && best {
			value, best = from+(b.at-from)/2, false
		}
		open--
	}
	return value, n
}

// maxSample bounds the observations that a factor is found on.
const maxSample = 8192

// pointOf finds the value of the point in the traitements of a month.
func (e *engine) pointOf(m *Mois) points {
	var found points
	for _, avec := range []bool{false, true} {
		p := points{avecNBI: avec}
		var list []intervalle
		e.eachIndex(m, func(f *Fiche, t xhl.Montant) bool {
			if f.Quotite == 10000 {
				i := int64(f.Indice) * 1000
				if avec {
					i += int64(f.NBI)
				}
				list = append(list, intervalle{ratio(2000*int64(t)-1000, 2*i), ratio(2000*int64(t)+1000, 2*i)})
			}
			return len(list) < maxSample
		})
		p.valeur, _ = sweep(list)
		e.eachIndex(m, func(f *Fiche, t xhl.Montant) bool {
			p.tested++
			if p.explains(f, t) {
				p.fit++
			}
			return true
		})
		if p.fit > found.fit {
			found = p
		}
	}
	return found
}

// explains reports whether t is the traitement of a fiche at this point.
func (p *points) explains(f *Fiche, t xhl.Montant) bool {
	for _, share := range fractions(f.Quotite) {
		if absolu(t-times(p.plein(f), share)) <= tolTraitement {
			return true
		}
	}
	return false
}

// plein is the full wage of a fiche.
func (p *points) plein(f *Fiche) xhl.Montant {
	i := int64(f.Indice) * 1000
	if p.avecNBI {
		i += int64(f.NBI)
	}
	return times(xhl.Montant(i), p.valeur/1000)
}

// eachIndex gives the fiches paid by the index, with their traitement, until
// yield returns false.
func (e *engine) eachIndex(m *Mois, yield func(*Fiche, xhl.Montant) bool) {
	for f := range m.Fiches() {
		if f.Indice == 0 || f.Quotite == 0 {
			continue
		}
		if t := e.traitement(f); t > 0 && !yield(f, t) {
			return
		}
	}
}

// traitement sums the ordinary lines of traitement of a fiche.
func (e *engine) traitement(f *Fiche) xhl.Montant {
	var t xhl.Montant
	lignes := f.Lignes()
	for i := range lignes {
		if l := &lignes[i]; !l.Ancienne() && e.classes[l.Rub] == Traitement && e.somme.types[l.Rub] != xhl.Rappel {
			t += f.Montant(l)
		}
	}
	return t
}
