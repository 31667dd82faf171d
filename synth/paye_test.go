package synth

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"paye/internal/identifiants"
	"paye/xhl"
)

// generate makes a run that the test cannot do without.
func generate(t testing.TB, o Options) *Run {
	t.Helper()
	r, err := Generate(o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// each runs a check on every bulletin of a run of each profile.
func each(t *testing.T, check func(t *testing.T, r *Run, b *xhl.Bulletin)) {
	for _, p := range []Profil{Ordinaire, Dense} {
		t.Run(p.String(), func(t *testing.T) {
			r := generate(t, Options{Bulletins: 3000, Seed: 7, Profil: p})
			var b xhl.Bulletin
			for i := range r.Len() {
				if r.Bulletin(i, &b); !t.Failed() {
					check(t, r, &b)
				}
			}
		})
	}
}

// centimes reads an amount that must be one.
func centimes(t *testing.T, d xhl.Decimal) xhl.Montant {
	t.Helper()
	m, ok := d.Montant()
	if !ok {
		t.Fatalf("%q is no amount", d.Reveal())
	}
	return m
}

func TestTotalsAreTheSumsOfTheLines(t *testing.T) {
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		var gross, deducted, withheld xhl.Montant
		for _, l := range b.Remuneration.Lignes {
			mt := centimes(t, l.Mt)
			switch l.Nature {
			case xhl.Deduction:
				deducted += mt
			case xhl.Retenue, xhl.Acompte:
				withheld += mt
			case xhl.Cotisation:
			default:
				gross += mt
			}
		}
		for _, c := range []struct {
			name string
			got  xhl.Decimal
			want xhl.Montant
		}{
			{"MtBrut", b.MtBrut, gross},
			{"MtNet", b.MtNet, gross - deducted},
			{"MtNetAPayer", b.MtNetAPayer, gross - deducted - withheld},
		} {
			if got := centimes(t, c.got); got != c.want {
				t.Errorf("%s: %s is %s, its lines give %s", b.Agent.Matricule, c.name, got.Reveal(), c.want.Reveal())
			}
		}
		if centimes(t, b.MtNetAPayer) <= 0 {
			t.Errorf("%s: net to pay is %s", b.Agent.Matricule, b.MtNetAPayer.Reveal())
		}
	})
}

func TestLinesAreTheirBaseOrUnitsAtTheirRate(t *testing.T) {
	computed := 0
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		for _, l := range b.Remuneration.Lignes {
			taux, _ := l.Taux.Milliemes()
			units, _ := l.NbUnite.Milliemes()
			base, _ := l.Base.Montant()
			// The plain rule, in exact fractions of a centime.
			var n, d int64
			switch {
			case units != 0:
				n, d = units*taux, 10_000
			case base != 0:
				n, d = int64(base)*taux, 100_000
			default:
				continue
			}
			computed++
			if off := 2 * (int64(centimes(t, l.Mt))*d - n); off > d || off < -d {
				t.Errorf("%s: line %s: %s is not %s or %s x %s", b.Agent.Matricule, l.Code, l.Mt.Reveal(), l.Base.Reveal(), l.NbUnite.Reveal(), l.Taux.Reveal())
			}
		}
	})
	if computed < 50_000 {
		t.Errorf("%d lines were computed: the sample shows nothing", computed)
	}
}

func TestCumulsHoldTheMonthsOfTheYear(t *testing.T) {
	r := generate(t, Options{Bulletins: 2000, Seed: 3, Mois: 5})
	var b xhl.Bulletin
	regular := 0
	for i := range r.Len() {
		r.Bulletin(i, &b)
		for _, c := range []struct {
			name        string
			month, year xhl.Decimal
		}{{"brut", b.MtBrut, b.CumulMtBrut}, {"imposable", b.MtImposable, b.CumulMtImposable}} {
			month, year := centimes(t, c.month), centimes(t, c.year)
			if year < month {
				t.Fatalf("%s: the year to date of %s is less than its month", b.Agent.Matricule, c.name)
			}
			// Without anything proper to the month, five months are five times one.
			if year == 5*month {
				regular++
			}
			if (year-month)%4 != 0 {
				t.Fatalf("%s: the four months before are not alike (%s)", b.Agent.Matricule, c.name)
			}
		}
	}
	if regular < 3000 || regular == 4000 {
		t.Errorf("%d of 4000 cumuls are those of five like months", regular)
	}
}

func TestJanuaryCumulsAreTheMonth(t *testing.T) {
	for _, p := range []Profil{Ordinaire, Dense} {
		r := generate(t, Options{Bulletins: 300, Mois: 1, Profil: p})
		var b xhl.Bulletin
		for i := range r.Len() {
			r.Bulletin(i, &b)
			if b.CumulMtBrut != b.MtBrut || b.CumulMtImposable != b.MtImposable {
				t.Fatalf("%s: %s: a cumul of January is not its month", p, b.Agent.Matricule)
			}
		}
	}
}

func TestBudgetSharesMakeTheGross(t *testing.T) {
	amounts, rates := 0, 0
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		var sum, percent xhl.Montant
		for _, s := range b.RepartitionBudget {
			if s.Mt != "" {
				sum += centimes(t, s.Mt)
			} else {
				percent += centimes(t, s.Taux)
			}
		}
		if sum != 0 {
			amounts++
			if sum != centimes(t, b.MtBrut) {
				t.Errorf("%s: budgets bear %s of %s", b.Agent.Matricule, sum.Reveal(), b.MtBrut.Reveal())
			}
		}
		if percent != 0 {
			rates++
			if percent != 100_00 {
				t.Errorf("%s: budgets bear %s %%", b.Agent.Matricule, percent.Reveal())
			}
		}
	})
	if amounts == 0 || rates == 0 {
		t.Errorf("%d bulletins shared by amount, %d by rate: both are wanted", amounts, rates)
	}
}

func TestEveryLineIsChargedToAnAccount(t *testing.T) {
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		totals := xhl.NewTotaux()
		totals.Add(b)
		if d := totals.Repartition(r.Nomenclatures()); d.NonImputees > 0 || len(d.Illisibles) > 0 {
			t.Errorf("%s: %d lines have no account, %v cannot be read", b.Agent.Matricule, d.NonImputees, d.Illisibles)
		}
	})
}

func TestCodesAreInTheNomenclatures(t *testing.T) {
	known := func(list []xhl.Correspondance) map[string]bool {
		set := make(map[string]bool)
		for _, c := range list {
			set[c.Code] = true
		}
		return set
	}
	events, offices, budgets := known(evenements), known(caisses), known(budgets)
	accounts := known(natures)
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		for _, e := range b.Evenement {
			if !events[e.Code] {
				t.Errorf("event %q is not listed", e.Code)
			}
		}
		for _, l := range b.Remuneration.Lignes {
			if l.CodeCaisse.Set && !offices[l.CodeCaisse.V] {
				t.Errorf("caisse %q is not listed", l.CodeCaisse.V)
			}
		}
		for _, s := range b.RepartitionBudget {
			if !budgets[s.CodeBudget] {
				t.Errorf("budget %q is not listed", s.CodeBudget)
			}
		}
	})
	codes := make(map[string]bool)
	for _, c := range generate(t, Options{}).Nomenclatures().NomenclatureRubriquePaye.Correspondance {
		if codes[c.Code] {
			t.Errorf("rubrique %s is listed twice", c.Code)
		}
		codes[c.Code] = true
		for _, account := range []xhl.Opt[string]{c.CodeNatureEmp, c.CodeNatureSal} {
			if account.Set && !accounts[account.V] {
				t.Errorf("rubrique %s: account %s is not listed", c.Code, account.V)
			}
		}
	}
}

func TestIdentifiersHaveTheirKeysInRangesOfNobody(t *testing.T) {
	ribs, ibans := 0, 0
	each(t, func(t *testing.T, r *Run, b *xhl.Bulletin) {
		nir := b.Agent.NIR.Reveal()
		if err := identifiants.CheckNIR(nir[:13], nir[13:]); err != nil || len(nir) != 15 {
			t.Errorf("NIR %s: %v", nir, err)
		}
		if nir[10:13] != "000" {
			t.Errorf("NIR %s has an order number that a person may have", nir)
		}
		if woman := b.Agent.Civilite.V.Reveal() == "Mme"; woman != (nir[0] == '2') {
			t.Errorf("NIR %s does not go with the civilité", nir)
		}
		c := b.Agent.CptBancaire
		bank, rib := c.CodeEtab.Reveal(), []string{c.CodeEtab.Reveal(), c.CodeGuic.Reveal(), c.IdCpte.Reveal(), c.CleRib.Reveal()}
		if c.ParIBAN() {
			ibans++
			iban := c.IBAN.V.Reveal()
			if err := identifiants.CheckIBAN(iban); err != nil {
				t.Errorf("IBAN %s: %v", iban, err)
			}
			if bic := c.BIC.V.Reveal(); identifiants.CheckBIC(bic) != nil || bic[7] != '0' {
				t.Errorf("BIC %s is not one of a test", bic)
			}
			bank = iban[4:9]
		} else if ribs++; identifiants.CheckRIB(rib[0], rib[1], rib[2], rib[3]) != nil {
			t.Errorf("RIB %v has not its key", rib)
		}
		if !strings.HasPrefix(bank, "99") {
			t.Errorf("bank %s may exist", bank)
		}
		if cp := b.Agent.Adresse.CP.Reveal(); cp[:2] != departement {
			t.Errorf("postal code %s may exist", cp)
		}
	})
	if ribs == 0 || ibans == 0 {
		t.Errorf("%d RIB and %d IBAN: both are wanted", ribs, ibans)
	}
	for seed := range uint64(50) {
		r := generate(t, Options{Seed: seed, Bulletins: 200})
		sirets := map[string]bool{}
		for _, g := range r.Groupes() {
			siret := g.Etablissement.Siret
			if err := identifiants.CheckSIRET(siret); err != nil || siret[:4] != sirenBase || sirets[siret] {
				t.Errorf("SIRET %s: %v, or not of nobody, or twice", siret, err)
			}
			sirets[siret] = true
		}
	}
}

func TestAgentsAreDistinct(t *testing.T) {
	for _, n := range []int{50, 60_603} {
		r := generate(t, Options{Bulletins: n, Seed: 5, Profil: Dense, Pieces: AucunePiece})
		matricules, nirs, accounts := map[string]bool{}, map[int]bool{}, map[int]bool{}
		for i := range n {
			matricules[r.Matricule(i)] = true
			nirs[r.nirs.at(i)] = true
			accounts[r.comptes.at(i)] = true
		}
		if len(matricules) != n || len(nirs) != n || len(accounts) != n {
			t.Errorf("of %d agents: %d matricules, %d NIR, %d accounts", n, len(matricules), len(nirs), len(accounts))
		}
	}
}

func TestEveryPlaceOfANIRGivesAnotherNumber(t *testing.T) {
	numbers := make([]int, placesNIR)
	var buf []byte
	for p := range numbers {
		buf = appendNIR(buf[:0], p)
		numbers[p], _ = strconv.Atoi(string(buf))
	}
	slices.Sort(numbers)
	if got := len(slices.Compact(numbers)); got != placesNIR || placesNIR < MaxBulletins {
		t.Errorf("%d places give %d numbers, for %d bulletins", placesNIR, got, MaxBulletins)
	}
}

func TestShufflingIsABijection(t *testing.T) {
	for _, n := range []int{1, 2, 3, 10, 97, 1000, 4097} {
		seen := make([]bool, n)
		for i := range n {
			x := newMelange(42, 1, n).at(i)
			if x < 0 || x >= n || seen[x] {
				t.Fatalf("n %d: image %d of %d is out of range or comes twice", n, x, i)
			}
			seen[x] = true
		}
	}
}

func TestTheBookHoldsAllKindsOfPeople(t *testing.T) {
	got := map[string]int{}
	r := generate(t, Options{Bulletins: 4000, Seed: 2})
	var b xhl.Bulletin
	for i := range r.Len() {
		r.Bulletin(i, &b)
		got[b.Agent.Statut]++
		name := b.Agent.Nom.Reveal()
		for _, c := range "éèïœ'- " {
			if strings.ContainsRune(name, c) {
				got[fmt.Sprintf("name with %q", c)]++
			}
		}
		for _, l := range b.Remuneration.Lignes {
			got[l.Nature.String()]++
			if l.PeriodeRef != nil {
				got["PeriodeRef"]++
			}
		}
		if len(b.Remuneration.Commentaire) > 0 {
			got["Commentaire"]++
		}
		if b.NBI[0] != "0" {
			got["NBI"]++
		}
		if b.NbHeureSup != "0" {
			got["NbHeureSup"]++
		}
		if b.QuotiteTrav != "100" {
			got["QuotiteTrav"]++
		}
	}
	want := []string{"TITULAIRE", "STAGIAIRE", "NON_TITULAIRE", "EMPLOI_FONC", "EMPLOI_AIDE", "AUTRE_STATUT",
		"name with 'é'", "name with 'è'", "name with 'ï'", "name with 'œ'", `name with '\''`, "name with '-'", "name with ' '",
		"PeriodeRef", "Commentaire", "NBI", "NbHeureSup", "QuotiteTrav"}
	for _, n := range xhl.Natures() {
		want = append(want, n.String())
	}
	for _, kind := range want {
		if got[kind] == 0 {
			t.Errorf("nothing of kind %s in 4000 bulletins", kind)
		}
	}
}
