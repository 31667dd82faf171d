package due

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/ledger"
)

// opened is a memory whose set-up is done, for the key D1.
func opened(t *testing.T) (*Registre, *clock) {
	t.Helper()
	r, c := registre(t)
	bob := as(t, r, siret, "bob")
	for _, e := range path() {
		by := r
		if e.Qui == "bob" {
			by = bob
		}
		if err := by.Setup(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	return r, c
}

// bilan checks hires against the memory.
func bilan(t *testing.T, r *Registre, ind Indicateur, list ...Embauche) *Bilan {
	t.Helper()
	return checkWith(t, &Controleur{Employeur: town(), Indicateur: ind, Maintenant: r.l.Now(), Situation: r.Situation}, list...)
}

var reel = Ecriture{Format: FormatTexte, Cle: "D1", Confirmee: siret}

// written writes real declarations and returns their file.
func written(t *testing.T, r *Registre, list ...Embauche) Fichier {
	t.Helper()
	files, err := r.Write(t.Context(), bilan(t, r, Reel, list...), reel)
	if err != nil {
		t.Fatal(err)
	}
	return files[0]
}

// sent sends the batch, which leaves as etat says.
func sent(t *testing.T, r *Registre, lot string, etat EtatLot) {
	t.Helper()
	if _, err := r.Begin(t.Context(), lot, "<id@exemple.fr>", []byte("message"), UneFois); err != nil {
		t.Fatal(err)
	}
	if err := r.End(t.Context(), lot, etat); err != nil {
		t.Fatal(err)
	}
}

// answer is the AR of a file that was sent, with changes.
func answer(t *testing.T, f Fichier, change func(*AR)) (*AR, []byte) {
	t.Helper()
	l, err := ReadTexte(bytes.NewReader(f.Octets), f.Nom)
	if err != nil {
		t.Fatal(err)
	}
	raw := arBytes(t, ar(l, change))
	back, err := ReadAR(bytes.NewReader(raw), "dpae.txt")
	if err != nil {
		t.Fatal(err)
	}
	return back, raw
}

func receive(t *testing.T, r *Registre, f Fichier, change func(*AR)) (*Bordereau, error) {
	t.Helper()
	a, raw := answer(t, f, change)
	return r.Receive(t.Context(), a, raw)
}

func etatsOf(t *testing.T, r *Registre) string {
	t.Helper()
	list, err := r.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var s []string
	for _, d := range list {
		s = append(s, strings.TrimPrefix(d.Cle, "00074-C2026-")+" "+string(d.Etat))
	}
	return strings.Join(s, ", ")
}

func refuse(i int) func(*AR) {
	return func(a *AR) {
		r := &a.Reponses[i]
		r.Statut, r.Code, r.Reference, r.Champ, r.Texte = StatutErreur, "12", "", 6, "Numero de securite sociale invalide"
	}
}

func TestFromDraftToRegistered(t *testing.T) {
	r, c := opened(t)
	list := numbered(3)
	f := written(t, r, list...)
	if f.Indicateur != Reel || f.Nombre != 3 || f.Nom != "dpae.txt" {
		t.Errorf("file %v %d %s", f.Indicateur, f.Nombre, f.Nom)
	}
	sent(t, r, f.Lot, LotEmis)
	b, err := receive(t, r, f, refuse(1))
	if err != nil {
		t.Fatal(err)
	}
	if b.Count(StatutEnregistree) != 2 || b.Count(StatutErreur) != 1 || b.Lignes[1].Champ != ChampNIR || b.Lignes[1].Code != "12" {
		t.Errorf("got %+v", b)
	}

	// The sheet is mended: a new declaration, linked to the refused one.
	c.now = c.now.AddDate(0, 0, 1)
	numberOf("2850814168099")(&list[1])
	again := bilan(t, r, Reel, list...)
	if len(again.Declarations) != 1 || again.Ecartees != 2 || again.Declarations[0].Cle != "00074-C2026-002-2" {
		t.Fatalf("%d to declare, %d left out", len(again.Declarations), again.Ecartees)
	}
	files, err := r.Write(t.Context(), again, reel)
	if err != nil {
		t.Fatal(err)
	}
	if want := "L20261124-0001"; files[0].Lot != want {
		t.Errorf("batch %s, want %s", files[0].Lot, want)
	}
	sent(t, r, files[0].Lot, LotEmis)
	if _, err := receive(t, r, files[0], nil); err != nil {
		t.Fatal(err)
	}
	if got, want := etatsOf(t, r), "001 enregistree, 003 enregistree, 002-2 enregistree"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	history, err := r.History(t.Context(), "00074-C2026-002")
	if err != nil {
		t.Fatal(err)
	}
	var moves []string
	for _, m := range history {
		moves = append(moves, string(m.Vers))
	}
	if got, want := strings.Join(moves, " "), "brouillon controlee ecrite_reel emise rejetee remplacee"; got != want {
		t.Errorf("history %s, want %s", got, want)
	}
	if history[3].SHA256 != f.SHA256 || history[3].Qui != "alice" || history[4].SHA256 == "" {
		t.Errorf("proofs missing: %+v", history[3:5])
	}
	if again := bilan(t, r, Reel, list...); len(again.Declarations) != 0 {
		t.Errorf("%d to declare again", len(again.Declarations))
	}
}

func TestNoRealFileWithoutFlagAndStep6(t *testing.T) {
	rng := rand.New(rand.NewPCG(120, 1))
	for n := range path() {
		r, _ := registre(t)
		bob := as(t, r, siret, "bob")
		for _, e := range path()[:n] {
			by := r
			if e.Qui == "bob" {
				by = bob
			}
			if err := by.Setup(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		how := reel
		how.Format = []Format{FormatTexte, FormatXML}[rng.IntN(2)]
		if files, err := r.Write(t.Context(), bilan(t, r, Reel, jeanne()), how); err == nil || files != nil {
			t.Errorf("after %d records of the set-up: %d real files", n, len(files))
		}
	}
	r, _ := opened(t)
	b := bilan(t, r, Reel, jeanne())
	_, err := r.Write(t.Context(), b, Ecriture{Format: FormatTexte, Cle: "D1"})
	wantCode(t, err, "DUE-152")
	_, err = r.Write(t.Context(), b, Ecriture{Format: FormatTexte, Cle: "T1", Confirmee: siret})
	wantCode(t, err, "DUE-151")
	_, err = r.Write(t.Context(), b, Ecriture{Format: FormatTexte, Cle: "D1", Confirmee: siret, Etape: 4})
	wantCode(t, err, "DUE-151")
	test, err := r.Write(t.Context(), bilan(t, r, Essai, jeanne()), Ecriture{Format: FormatTexte})
	if err != nil || test[0].Indicateur != Essai {
		t.Errorf("test file: %v", err)
	}
}

func TestTestDeclarationIsNeverRegistered(t *testing.T) {
	r, _ := opened(t)
	files, err := r.Write(t.Context(), bilan(t, r, Essai, numbered(2)...), Ecriture{Format: FormatTexte})
	if err != nil {
		t.Fatal(err)
	}
	sent(t, r, files[0].Lot, LotEmis)
	b, err := receive(t, r, files[0], nil)
	if err != nil || b.Count(StatutEnregistree) != 2 {
		t.Fatalf("%v, %+v", err, b)
	}
	if got, want := etatsOf(t, r), "001 ecrite_test, 002 ecrite_test"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	wantCode(t, r.Enter(t.Context(), Saisie{Cle: b.Lignes[0].Cle, Etat: Enregistree, Reference: "R"}), "DUE-E01")
}

func TestABatchLeavesOnce(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, jeanne())
	sent(t, r, f.Lot, LotEmis)
	for _, again := range []Reprise{UneFois, Reprendre} {
		_, err := r.Begin(t.Context(), f.Lot, "<x>", nil, again)
		wantCode(t, err, "DUE-E03")
	}
	_, err := r.Begin(t.Context(), "L20261123-0099", "<x>", nil, UneFois)
	wantCode(t, err, "DUE-E04")
}

func TestUncertainBatchLeavesAgainOnlyOnDemandAndAsItWas(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, jeanne())
	sent(t, r, f.Lot, LotIncertain)
	if got := etatsOf(t, r); got != "001 ecrite_reel" {
		t.Errorf("got %s", got)
	}
	_, err := r.Begin(t.Context(), f.Lot, "<other>", []byte("other"), UneFois)
	wantCode(t, err, "DUE-E03")
	e, err := r.Begin(t.Context(), f.Lot, "<other>", []byte("other"), Reprendre)
	if err != nil || e.MessageID != "<id@exemple.fr>" || string(e.Message) != "message" {
		t.Errorf("%v, %+v", err, e)
	}
}

func TestHireOfAnUncertainBatchIsNotDeclaredAgain(t *testing.T) {
	r, _ := opened(t)
	b := bilan(t, r, Reel, jeanne())
	twin := bilan(t, r, Reel, hire(func(e *Embauche) { e.Numero = "OTHER" }))
	files, err := r.Write(t.Context(), b, reel)
	if err != nil {
		t.Fatal(err)
	}
	other, err := r.Write(t.Context(), twin, reel)
	if err != nil {
		t.Fatal(err)
	}
	sent(t, r, files[0].Lot, LotIncertain)
	if again := bilan(t, r, Reel, jeanne()); again.Ecartees != 1 || len(again.Declarations) != 0 {
		t.Errorf("%d left out, %d to declare", again.Ecartees, len(again.Declarations))
	}
	_, err = r.Write(t.Context(), b, reel) // checked before it left
	wantCode(t, err, "DUE-E06")
	_, err = r.Begin(t.Context(), other[0].Lot, "<x>", nil, UneFois)
	wantCode(t, err, "DUE-V16B")
	if err := r.Note(t.Context(), bilan(t, r, Reel, hire(func(e *Embauche) { e.CleNIR = "11" }))); err != nil {
		t.Fatal(err)
	}
	list, err := r.List(t.Context())
	if err != nil || list[0].Etat != EcriteReel || !list[0].Incertain {
		t.Errorf("%v, %+v", err, list)
	}
}

func TestAnswerProvesThatAnUncertainBatchCame(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, jeanne())
	sent(t, r, f.Lot, LotIncertain)
	if _, err := receive(t, r, f, nil); err != nil {
		t.Fatal(err)
	}
	if got := etatsOf(t, r); got != "001 enregistree" {
		t.Errorf("got %s", got)
	}
}

func TestBatchWrittenAgainMakesTheFirstOneStale(t *testing.T) {
	r, _ := opened(t)
	first := written(t, r, jeanne())
	second := written(t, r, jeanne())
	_, err := r.Begin(t.Context(), first.Lot, "<x>", nil, UneFois)
	wantCode(t, err, "DUE-E01")
	sent(t, r, second.Lot, LotEmis)
}

func TestChangedSheetGoesBackToDraft(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, jeanne())
	b := bilan(t, r, Reel, hire(func(e *Embauche) { e.CleNIR = "11" }))
	if err := r.Note(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if got := etatsOf(t, r); got != "001 brouillon" {
		t.Errorf("with an error: %s", got)
	}
	_, err := r.Begin(t.Context(), f.Lot, "<x>", nil, UneFois)
	wantCode(t, err, "DUE-E01")
	if err := r.Note(t.Context(), bilan(t, r, Reel, hire(func(e *Embauche) { e.HeureDebut = "09:00" }))); err != nil {
		t.Fatal(err)
	}
	history, err := r.History(t.Context(), "00074-C2026-001")
	if err != nil || history[len(history)-1].Vers != Controlee {
		t.Errorf("%v, %+v", err, history)
	}
}

func TestTheSamePersonUnderAnotherContractIsNotDeclaredTwice(t *testing.T) {
	r, _ := opened(t)
	sent(t, r, written(t, r, jeanne()).Lot, LotEmis)
	b := bilan(t, r, Reel, hire(func(e *Embauche) { e.Numero = "OTHER" }))
	if got := codes(b); got != "DUE-V16B" {
		t.Errorf("got %q", got)
	}
	b = bilan(t, r, Reel, hire(func(e *Embauche) { e.DateDebut = "2026-11-30" }))
	if b.Ecartees != 1 {
		t.Errorf("the same contract with another day: %d left out", b.Ecartees)
	}
}

func TestTwoWritersDoNotDeclareOneHireTwice(t *testing.T) {
	r, _ := opened(t)
	other := as(t, r, siret, "bob")
	// Both have checked before either has written.
	b1 := bilan(t, r, Reel, jeanne())
	b2 := bilan(t, other, Reel, jeanne())
	files, err := r.Write(t.Context(), b1, reel)
	if err != nil {
		t.Fatal(err)
	}
	sent(t, r, files[0].Lot, LotEmis)
	_, err = other.Write(t.Context(), b2, reel)
	wantCode(t, err, "DUE-E06")
}

func TestAnswersThatAreRefusedChangeNothing(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(2)...)
	_, err := receive(t, r, f, nil)
	wantCode(t, err, "DUE-R14")
	sent(t, r, f.Lot, LotEmis)
	for _, c := range []struct {
		name, code string
		change     func(*AR)
	}{
		{"another batch", "DUE-R10", func(a *AR) { a.Lot = "L20200101-0001" }},
		{"the other mode", "DUE-R12", func(a *AR) { a.Indicateur = Essai }},
		{"unknown key", "DUE-R11", func(a *AR) { a.Reponses[1].Cle = "00074-UNKNOWN" }},
		{"key at another place", "DUE-R11", func(a *AR) { a.Reponses[1].Numero = 9 }},
		{"registered at level 2", "DUE-R02", func(a *AR) { a.Niveau = 2 }},
	} {
		if _, err := receive(t, r, f, c.change); err == nil {
			t.Errorf("%s: accepted", c.name)
		} else {
			wantCode(t, err, c.code)
		}
		if got := etatsOf(t, r); got != "001 emise, 002 emise" {
			t.Fatalf("%s: %s", c.name, got)
		}
	}
	a, raw := answer(t, f, nil)
	_, err = as(t, r, "20003452800014", "alice").Receive(t.Context(), a, raw)
	wantCode(t, err, "DUE-R10") // another employer's
}

func TestSameAnswerTwiceChangesNothing(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(2)...)
	sent(t, r, f.Lot, LotEmis)
	if _, err := receive(t, r, f, refuse(0)); err != nil {
		t.Fatal(err)
	}
	before, _ := r.History(t.Context(), "00074-C2026-001")
	b, err := receive(t, r, f, refuse(0))
	if err != nil || !b.Deja || b.Count(StatutErreur) != 1 {
		t.Fatalf("%v, %+v", err, b)
	}
	if after, _ := r.History(t.Context(), "00074-C2026-001"); len(after) != len(before) {
		t.Errorf("%d moves, then %d", len(before), len(after))
	}
	_, err = receive(t, r, f, nil) // now says that the first one is registered
	wantCode(t, err, "DUE-R13")
}

func TestHireWithoutAnswerStaysWaiting(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(3)...)
	sent(t, r, f.Lot, LotEmis)
	b, err := receive(t, r, f, func(a *AR) {
		a.Reponses[0].Statut, a.Reponses[0].Code, a.Reponses[0].Reference = StatutAttente, "", ""
		a.Reponses = a.Reponses[:2]
	})
	if err != nil {
		t.Fatal(err)
	}
	e, w, all := b.Count(StatutEnregistree), b.Count(StatutAttente), len(b.Lignes)
	if e != 1 || w != 2 || e+w+b.Count(StatutErreur) != all {
		t.Errorf("%d registered, %d waiting of %d", e, w, all)
	}
	if b, err = receive(t, r, f, nil); err != nil || b.Count(StatutEnregistree) != 3 {
		t.Errorf("the final answer: %v, %+v", err, b)
	}
}

func TestRefusedFileRefusesEveryHire(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(2)...)
	sent(t, r, f.Lot, LotEmis)
	b, err := receive(t, r, f, func(a *AR) { a.Accepte, a.Code, a.Reponses = false, "90", nil })
	if err != nil || b.Count(StatutErreur) != 2 || etatsOf(t, r) != "001 rejetee, 002 rejetee" {
		t.Errorf("%v, %s", err, etatsOf(t, r))
	}
}

func TestLevelsAreNeverMixed(t *testing.T) {
	r, _ := opened(t)
	how := reel
	how.Format = FormatXML
	files, err := r.Write(t.Context(), bilan(t, r, Reel, numbered(2)...), how)
	if err != nil {
		t.Fatal(err)
	}
	lot := files[0].Lot
	sent(t, r, lot, LotEmis)
	for _, step := range []struct{ text, lot, want string }{
		{aee, lot, "001 deposee, 002 deposee"},
		{conformeXML, "", "001 conforme, 002 conforme"},
		{niveau3, lot, "001 enregistree, 002 rejetee"},
	} {
		ret, err := ReadRetour(strings.NewReader(step.text), "r.xml", mapping)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.ReceiveRetour(t.Context(), ret, step.lot, []byte(step.text)); err != nil {
			t.Fatalf("level %d: %v", ret.Niveau, err)
		}
		if got := etatsOf(t, r); got != step.want {
			t.Errorf("level %d: %s, want %s", ret.Niveau, got, step.want)
		}
	}
}

func TestRejectedDepositAndNonConformity(t *testing.T) {
	for _, c := range []struct {
		name  string
		texts []string
		want  string
	}{
		{"rejected", []string{strings.Replace(are, ">01<", ">02<", 1)}, "001 rejet_depot"},
		{"not conforming", []string{aee, nonConformeXML}, "001 non_conforme"},
	} {
		r, _ := opened(t)
		f := written(t, r, jeanne())
		sent(t, r, f.Lot, LotEmis)
		for _, text := range c.texts {
			ret, err := ReadRetour(strings.NewReader(text), "r.xml", mapping)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.ReceiveRetour(t.Context(), ret, f.Lot, []byte(text)); err != nil {
				t.Fatal(err)
			}
		}
		if got := etatsOf(t, r); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	r, _ := opened(t)
	ret, _ := ReadRetour(strings.NewReader(conformeXML), "r.xml", mapping)
	_, err := r.ReceiveRetour(t.Context(), ret, "", nil)
	wantCode(t, err, "DUE-R16")
}

func TestAmbiguousAnswerIsPutAside(t *testing.T) {
	r, _ := opened(t)
	twins := numbered(2)
	for i := range twins {
		twins[i].NIR, twins[i].CleNIR, twins[i].NIRAbsent = "", "", "oui"
	}
	twins[1].HeureDebut = "14:00"
	f := written(t, r, twins...)
	sent(t, r, f.Lot, LotEmis)
	text := `<reponses><dossier><nom>Durand</nom><prenom>Jeanne</prenom><ne>1985-08-12</ne><embauche>2026-12-01</embauche><ref>R</ref><code>00</code></dossier></reponses>`
	ret, err := ReadRetour(strings.NewReader(text), "r.xml", mapping)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.ReceiveRetour(t.Context(), ret, f.Lot, []byte(text))
	if err != nil || len(b.Avis) != 1 || etatsOf(t, r) != "001 emise, 002 emise" {
		t.Errorf("%v, %+v, %s", err, b, etatsOf(t, r))
	}
}

func TestAnswerOfAStepClosesIt(t *testing.T) {
	r, _ := registre(t)
	for _, e := range path()[:2] {
		if err := r.Setup(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	files, err := r.Write(t.Context(), bilan(t, r, Essai, jeanne()), Ecriture{Format: FormatTexte, Etape: 4})
	if err != nil {
		t.Fatal(err)
	}
	lot := files[0].Lot
	sent(t, r, lot, LotIncertain)
	if _, err := r.Begin(t.Context(), lot, "", nil, Reprendre); err != nil {
		t.Fatal(err)
	}
	if err := r.End(t.Context(), lot, LotEmis); err != nil {
		t.Fatal(err)
	}
	if _, err := receive(t, r, files[0], nil); err != nil {
		t.Fatal(err)
	}
	p, err := r.Progression(t.Context())
	if err != nil || p.Chiffrement.Preuve != lot {
		t.Errorf("%v, %+v", err, p)
	}
}

// A process may die between the data and the answer of the server: the batch is
// then "en_envoi", and its step has left as far as anybody knows.
func TestStepWhoseSendingWasCutIsNotSentAgain(t *testing.T) {
	r, _ := registre(t)
	for _, e := range path()[:2] {
		if err := r.Setup(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	write := func() string {
		files, err := r.Write(t.Context(), bilan(t, r, Essai, jeanne()), Ecriture{Format: FormatTexte, Etape: 4})
		if err != nil {
			t.Fatal(err)
		}
		return files[0].Lot
	}
	first, second := write(), write()
	if _, err := r.Begin(t.Context(), first, "<1>", []byte("message"), UneFois); err != nil {
		t.Fatal(err)
	}
	wantCode(t, r.MaySend(t.Context(), 4), "DUE-S02")
	_, err := r.Begin(t.Context(), second, "<2>", []byte("message"), UneFois)
	wantCode(t, err, "DUE-S02")
	if _, err := r.Begin(t.Context(), first, "", nil, Reprendre); err != nil {
		t.Errorf("the same batch: %v", err)
	}
	if err := r.End(t.Context(), first, LotEcrit); err != nil { // the server did not take it
		t.Fatal(err)
	}
	if err := r.MaySend(t.Context(), 4); err != nil {
		t.Errorf("after a refusal of the server: %v", err)
	}
}

func TestPaperAnswerIsEnteredByHand(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(3)...)
	sent(t, r, f.Lot, LotEmis)
	enter := func(n int, etat Etat, ref string) error {
		return r.Enter(t.Context(), Saisie{Cle: fmt.Sprintf("00074-C2026-%03d", n), Etat: etat, Reference: ref, Date: Date{2026, 11, 24}})
	}
	if err := enter(1, Enregistree, "FAX-12"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, enter(2, Enregistree, ""), "DUE-E01") // no reference
	wantCode(t, enter(2, Annulee, ""), "DUE-E01")     // it has left
	wantCode(t, enter(2, Emise, "X"), "DUE-E01")
	if err := enter(2, Rejetee, ""); err != nil {
		t.Fatal(err)
	}
	b, err := r.Bordereau(t.Context(), f.Lot)
	if err != nil || !b.Lignes[0].Manuel || b.Lignes[0].Statut != StatutEnregistree || b.Lignes[1].Statut != StatutErreur || b.Lignes[2].Statut != StatutAttente {
		t.Errorf("%v, %+v", err, b)
	}
}

func TestOneFileAHire(t *testing.T) {
	r, _ := opened(t)
	for _, format := range []Format{FormatTexte, FormatXML} {
		for _, provisional := range []bool{true, false} {
			how := Ecriture{Format: format, Decoupe: UnParUn, Provisoire: provisional}
			files, err := r.Write(t.Context(), bilan(t, r, Essai, numbered(3)...), how)
			if err != nil || len(files) != 3 {
				t.Fatalf("%v, %d files", err, len(files))
			}
			seen := make(map[string]bool)
			for _, f := range files {
				if f.Nombre != 1 || seen[f.Lot] {
					t.Errorf("%s %s: %d hires", format, f.Lot, f.Nombre)
				}
				seen[f.Lot] = true
			}
		}
	}
}

func TestProvisionalWritingRecordsNothing(t *testing.T) {
	r, _ := opened(t)
	how := reel
	how.Provisoire = true
	if _, err := r.Write(t.Context(), bilan(t, r, Reel, jeanne()), how); err != nil {
		t.Fatal(err)
	}
	if got := etatsOf(t, r); got != "" {
		t.Errorf("recorded %s", got)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	r1, _ := opened(t)
	r2, _ := opened(t)
	for _, format := range []Format{FormatTexte, FormatXML} {
		how := reel
		how.Format = format
		f1, err1 := r1.Write(t.Context(), bilan(t, r1, Reel, numbered(4)...), how)
		f2, err2 := r2.Write(t.Context(), bilan(t, r2, Reel, numbered(4)...), how)
		if err1 != nil || err2 != nil || !bytes.Equal(f1[0].Octets, f2[0].Octets) {
			t.Errorf("%s differs: %v, %v", format, err1, err2)
		}
	}
}

func TestLedgerKeepsNoNameNorNIROutsideOfTheFiles(t *testing.T) {
	r, _ := opened(t)
	b := bilan(t, r, Reel, jeanne())
	if err := r.Note(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(r.l.Where() + suffix)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	for _, canary := range []string{"DURAND", "JEANNE", "2850814168025", "1985-08-12"} {
		if bytes.Contains(all, []byte(canary)) {
			t.Errorf("%s is in %s", canary, filepath.Base(r.l.Where()))
		}
	}
}

func TestRecordsCannotBeEdited(t *testing.T) {
	r, _ := opened(t)
	if err := r.Note(t.Context(), bilan(t, r, Reel, jeanne())); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{`update due_installation set etape = 6`, `delete from due_historique`, `delete from due_installation`} {
		err := r.l.Update(t.Context(), func(tx ledger.Tx) error {
			_, err := tx.ExecContext(t.Context(), q)
			return err
		})
		if err == nil {
			t.Errorf("%s is accepted", q)
		}
	}
}

func TestLateOnesAreListed(t *testing.T) {
	r, c := opened(t)
	if err := r.Note(t.Context(), bilan(t, r, Reel, jeanne())); err != nil {
		t.Fatal(err)
	}
	c.now = c.now.AddDate(0, 0, 9)
	list, err := r.List(t.Context())
	if err != nil || len(list) != 1 || !list[0].Tardive {
		t.Errorf("%v, %+v", err, list)
	}
}
