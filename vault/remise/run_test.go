package remise

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/internal/lang"
	"paye/vault"
)

// sequence gives documents, then an error unless it is nil.
func sequence(docs []vault.Document, end error) iter.Seq2[vault.Document, error] {
	return func(yield func(vault.Document, error) bool) {
		for _, d := range docs {
			if !yield(d, nil) {
				return
			}
		}
		if end != nil {
			yield(vault.Document{}, end)
		}
	}
}

func run1(t *testing.T, c *vault.Coffre, o Request, w Watch, docs iter.Seq2[vault.Document, error]) vault.Versement {
	t.Helper()
	v, err := Run(ctx, c, vault.Systeme("cli"), o, w, docs)
	if err != nil {
		t.Fatal(err)
	}
	if !v.Bilan.Juste() {
		t.Errorf("counts are not just: %+v", v.Bilan)
	}
	return v
}

func depot(n int) Request {
	return Request{Employeur: siret, Periode: september, Source: "sha256:abcd", Deposant: "xhl", Bulletins: n, Lot: 4}
}

func TestEveryBulletinIsDepositedOnPaperRefusedOrWaiting(t *testing.T) {
	c, _ := testVault(t)
	for _, m := range []string{"A00002", "A00005"} {
		if err := c.Registre().SetPapier(ctx, vault.Systeme("cli"), vault.Papier{Employeur: siret, Matricule: m, Cause: vault.CauseRefus}); err != nil {
			t.Fatal(err)
		}
	}
	docs := bulletins(0, 12)
	docs[7].Contenu = content([]byte("pas un PDF"))
	docs[9].Periode = vault.Periode{Annee: 2026, Mois: 8}
	annexe := docs[3]
	annexe.Nature, annexe.Titre, annexe.Contenu = vault.Annexe, "Lettre.pdf", content(pdf("annexe"))
	docs = append(docs, annexe)
	var gaps []vault.Ecart
	o := depot(12)
	v := run1(t, c, o, Watch{Ecart: func(e vault.Ecart) { gaps = append(gaps, e) }}, sequence(docs, nil))
	if want := (vault.Bilan{Bulletins: 12, Deposes: 8, Papier: 2, Refuses: 2}); v.Bilan != want {
		t.Errorf("got %+v, want %+v", v.Bilan, want)
	}
	if v.Documents != 8 || v.Annexes != 1 || v.Statut != vault.StatutAction || v.Motif != "COF-508" {
		t.Errorf("session %+v", v)
	}
	got := map[string]string{}
	for _, e := range gaps {
		got[e.Matricule] = e.Code
	}
	want := map[string]string{"A00002": "COF-219", "A00005": "COF-219", "A00007": "COF-210", "A00009": "COF-217"}
	for m, code := range want {
		if got[m] != code {
			t.Errorf("matricule %s: %s, want %s", m, got[m], code)
		}
	}
	if len(got) != len(want) || len(v.Ecarts) != len(want) {
		t.Errorf("exceptions %v, kept %v", got, v.Ecarts)
	}
}

func annexe(matricule, what string) vault.Document {
	d := bulletin(matricule)
	d.Nature, d.Titre, d.Contenu = vault.Annexe, what+".pdf", content(pdf(what+" de "+matricule))
	return d
}

func TestAnnexeGoesWithTheSlipOfItsAgent(t *testing.T) {
	c, _ := testVault(t)
	if err := c.Registre().SetPapier(ctx, vault.Systeme("cli"), vault.Papier{Employeur: siret, Matricule: "A00001", Cause: vault.CauseRefus}); err != nil {
		t.Fatal(err)
	}
	docs := bulletins(0, 5)
	docs[2].Contenu = content([]byte("pas un PDF"))
	docs[3].Periode = vault.Periode{Annee: 2026, Mois: 8}
	for _, m := range []string{"A00000", "A00001", "A00002", "A00003", "A00004"} {
		docs = append(docs, annexe(m, "lettre"))
	}
	o := depot(5)
	o.Archive = &Archive{Dossier: t.TempDir()}
	got := map[string]string{}
	w := Watch{Ecart: func(e vault.Ecart) {
		if e.Nature == vault.Annexe {
			got[e.Matricule] = e.Code
		}
	}}
	v := run1(t, c, o, w, sequence(docs, nil))
	if want := map[string]string{"A00001": "COF-219", "A00002": "COF-210", "A00003": "COF-217"}; !maps.Equal(got, want) {
		t.Errorf("annexes refused: %v, want %v", got, want)
	}
	if v.Documents != 2 || v.Annexes != 2 {
		t.Errorf("%d documents and %d annexes, want 2 and 2", v.Documents, v.Annexes)
	}
	slips := map[string]vault.ID{}
	for m, err := range c.List(ctx, vault.Systeme("cli"), vault.Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Nature == vault.Bulletin {
			slips[m.Matricule] = m.ID
		} else if m.Parent.IsZero() || m.Parent != slips[m.Matricule] {
			t.Errorf("matricule %s: annexe of %s, want %s", m.Matricule, m.Parent, slips[m.Matricule])
		}
	}
	printed := annexe("A00001", "lettre")
	if _, err := os.Stat(filepath.Join(o.Archive.Dossier, o.Archive.Path(&printed))); err != nil {
		t.Errorf("the annexe to print is not in the archive: %v", err)
	}
}

func TestAnnexeOfAnotherAgentsSlipOrOfAnAgentOnPaperIsRefused(t *testing.T) {
	c, _ := testVault(t)
	slip := deposit(t, c, bulletins(0, 2)...)[0]
	if err := c.Registre().SetPapier(ctx, vault.Systeme("cli"), vault.Papier{Employeur: siret, Matricule: "A00001", Cause: vault.CauseRefus}); err != nil {
		t.Fatal(err)
	}
	lot := []vault.Document{annexe("A00000", "un"), annexe("A00001", "un"), annexe("A00002", "un"), annexe("A00003", "un"), bulletin("A00001")}
	lot[0].Parent, lot[2].Parent, lot[3].Parent = slip.ID, slip.ID, vault.ID{1}
	results, err := c.Deposit(ctx, vault.Systeme("cli"), lot)
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Err != nil {
		t.Errorf("the annexe of the agent's own slip: %v", results[0].Err)
	}
	wantCode(t, results[1].Err, "COF-219")
	wantCode(t, results[2].Err, "COF-221")
	wantCode(t, results[3].Err, "COF-221")
	if results[4].Err != nil || !results[4].Deja {
		t.Errorf("the slip deposited before the refusal keeps its receipt, got %+v", results[4])
	}
}

func TestSlipsOfAnEarlierSessionAreCountedApart(t *testing.T) {
	c, _ := testVault(t)
	run1(t, c, depot(5), Watch{}, sequence(bulletins(0, 5), nil))
	o := depot(8)
	o.Source = "sha256:efgh"
	v := run1(t, c, o, Watch{}, sequence(bulletins(0, 8), nil))
	if want := (vault.Bilan{Bulletins: 8, Deposes: 8, Deja: 5}); v.Bilan != want || v.Documents != 3 || v.Etape != vault.Termine {
		t.Errorf("got %+v, %d documents, %s, want %+v and 3", v.Bilan, v.Documents, v.Etape, want)
	}
	// An answer that was lost is not an earlier session.
	o.Source = "sha256:ijkl"
	twice := storeThatForgets{c}
	if v, err := Run(ctx, twice, vault.Systeme("cli"), o, Watch{}, sequence(bulletins(20, 28), nil)); err != nil || v.Bilan.Deja != 0 || v.Bilan.Deposes != 8 {
		t.Errorf("got %+v, %v, want 8 deposited and none before", v.Bilan, err)
	}
	v.Bilan.Deja = 9
	if v.Bilan.Juste() {
		t.Error("more filed before than deposited is just")
	}
}

// storeThatForgets does every deposit twice, as a client does that heard no
// answer the first time.
type storeThatForgets struct{ vault.Depositaire }

func (s storeThatForgets) Deposit(ctx context.Context, par vault.Acteur, lot []vault.Document) ([]vault.Resultat, error) {
	if _, err := s.Depositaire.Deposit(ctx, par, lot); err != nil {
		return nil, err
	}
	return s.Depositaire.Deposit(ctx, par, lot)
}

func TestInterruptedDepositIsResumedWithoutRenderingAgain(t *testing.T) {
	c, _ := testVault(t)
	docs := bulletins(0, 20)
	rendered := map[string]int{}
	var broken error = errors.New("power cut")
	for i := range docs {
		m, contents := docs[i].Matricule, docs[i].Contenu
		docs[i].Contenu = func(ctx context.Context) (io.ReadCloser, error) {
			if m >= "A00009" && broken != nil {
				return nil, broken
			}
			rendered[m]++
			return contents(ctx)
		}
	}
	o := depot(20)
	v, err := Run(ctx, c, vault.Systeme("cli"), o, Watch{}, sequence(docs, nil))
	if !errors.Is(err, broken) {
		t.Fatalf("got %v, want the power cut", err)
	}
	if want := (vault.Bilan{Bulletins: 20, Deposes: 8, EnAttente: 12}); v.Bilan != want || v.Etape != vault.Preparation || v.Statut != vault.StatutAction {
		t.Errorf("interrupted: %+v %s %s, want %+v", v.Bilan, v.Etape, v.Statut, want)
	}
	broken = nil
	first := v.ID
	v = run1(t, c, o, Watch{}, sequence(docs, nil))
	if want := (vault.Bilan{Bulletins: 20, Deposes: 20}); v.Bilan != want || v.ID != first || v.Etape != vault.Termine || v.Statut != vault.StatutBon {
		t.Errorf("resumed: %+v in session %s, want %+v in %s", v.Bilan, v.ID, want, first)
	}
	for _, d := range docs[:8] {
		if rendered[d.Matricule] != 1 {
			t.Errorf("matricule %s was rendered %d times", d.Matricule, rendered[d.Matricule])
		}
	}
	if n, err := c.Count(ctx, vault.Systeme("cli"), vault.Filtre{Employeur: siret}); err != nil || n != 20 {
		t.Errorf("count %d, %v, want 20", n, err)
	}
}

func TestCancelledDepositKeepsItsCounts(t *testing.T) {
	c, _ := testVault(t)
	cancelled, cancel := context.WithCancel(ctx)
	docs := func(yield func(vault.Document, error) bool) {
		for i, d := range bulletins(0, 20) {
			if i == 10 {
				cancel()
			}
			if !yield(d, nil) {
				return
			}
		}
	}
	v, err := Run(cancelled, c, vault.Systeme("cli"), depot(20), Watch{}, docs)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
	if want := (vault.Bilan{Bulletins: 20, Deposes: 8, EnAttente: 12}); v.Bilan != want {
		t.Errorf("got %+v, want %+v", v.Bilan, want)
	}
	list, err := c.Versements(ctx, vault.Systeme("cli"), siret)
	if err != nil || len(list) != 1 || list[0].Bilan != v.Bilan {
		t.Errorf("kept %+v, %v", list, err)
	}
}

func TestSecondPersonValidatesBeforeAgentsSee(t *testing.T) {
	c, _ := testVault(t)
	sys := vault.Systeme("essai")
	if err := c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.DoubleValidation = true }); err != nil {
		t.Fatal(err)
	}
	for _, login := range []string{"anne", "bruno"} {
		if err := c.Comptes().AddUtilisateur(ctx, sys, login, "", "une longue phrase de passe"); err != nil {
			t.Fatal(err)
		}
		if err := c.Comptes().Grant(ctx, sys, login, siret, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation); err != nil {
			t.Fatal(err)
		}
	}
	v, err := Run(ctx, c, vault.Utilisateur("anne"), depot(2), Watch{}, sequence(bulletins(0, 2), nil))
	if err != nil || v.Etape != vault.Verification || v.AValider != 2 || v.Valides != 0 {
		t.Fatalf("session %+v, %v", v, err)
	}
	agent, err := c.Registre().AgentDe(ctx, siret, "A00001")
	if err != nil {
		t.Fatal(err)
	}
	if n, err := c.Count(ctx, vault.Agent(agent), vault.Filtre{}); err != nil || n != 0 {
		t.Errorf("before validation the agent sees %d documents, %v", n, err)
	}
	var id vault.ID
	for m, err := range c.List(ctx, sys, vault.Filtre{Employeur: siret, Matricule: "A00001"}) {
		if err != nil {
			t.Fatal(err)
		}
		id = m.ID
	}
	_, err = c.Read(ctx, vault.Agent(agent), id, io.Discard)
	wantCode(t, err, "COF-204")
	_, err = c.Validate(ctx, vault.Utilisateur("anne"), v.ID)
	wantCode(t, err, "COF-505")
	if v, err = c.Validate(ctx, vault.Utilisateur("bruno"), v.ID); err != nil {
		t.Fatal(err)
	}
	line := Ligne(&v)
	if got := strings.Join(line.Cellules(lang.French, time.UTC), "|"); !strings.Contains(got, "Terminé") || !strings.HasSuffix(got, "|1|2|0|xhl|2/2|bruno|✓") {
		t.Errorf("suivi %s", got)
	}
	if got := read(t, c, vault.Agent(agent), id); !bytes.Equal(got, pdf("bulletin de A00001")) {
		t.Errorf("after validation the agent reads %q", got)
	}
	_, err = c.Validate(ctx, vault.Utilisateur("bruno"), v.ID)
	wantCode(t, err, "COF-502")
}

func TestRejectedSessionStaysOutOfSightWithItsReason(t *testing.T) {
	c, _ := testVault(t)
	if err := c.Registre().SetEmployeur(ctx, vault.Systeme("essai"), siret, func(e *vault.Employeur) { e.DoubleValidation = true }); err != nil {
		t.Fatal(err)
	}
	v := run1(t, c, depot(1), Watch{}, sequence(bulletins(0, 1), nil))
	v, err := c.Reject(ctx, vault.Systeme("chef"), v.ID, "mauvais mois")
	if err != nil || v.Statut != vault.StatutRejete {
		t.Fatal(err, v)
	}
	agent, _ := c.Registre().AgentDe(ctx, siret, "A00000")
	if n, err := c.Count(ctx, vault.Agent(agent), vault.Filtre{}); err != nil || n != 0 {
		t.Errorf("agent sees %d documents, %v", n, err)
	}
	line := Ligne(&v)
	if got := line.Raison(lang.French); got != "mauvais mois" {
		t.Errorf("reason %q", got)
	}
	line.Motif = "COF-506" // a code of ours has its words, in the way of each language
	for l, want := range map[lang.Language]string{lang.French: " : ", lang.English: ": "} {
		why, advice := line.Cause(l)
		if got := line.Raison(l); why == "" || advice == "" || got != why+want+advice {
			t.Errorf("reason %q of %q and %q", got, why, advice)
		}
	}
}

func TestTwoSlipsWithTheSameBytesAreNotDistributed(t *testing.T) {
	c, _ := testVault(t)
	docs := bulletins(0, 9)
	docs[1].Contenu, docs[8].Contenu = docs[0].Contenu, docs[0].Contenu // same batch, another batch
	v := run1(t, c, depot(9), Watch{}, sequence(docs, nil))
	if want := (vault.Bilan{Bulletins: 9, Deposes: 7, Refuses: 2}); v.Bilan != want {
		t.Errorf("got %+v, want %+v", v.Bilan, want)
	}
	for _, e := range v.Ecarts {
		if e.Code != "COF-218" {
			t.Errorf("matricule %s refused with %s, want COF-218", e.Matricule, e.Code)
		}
	}
}

func TestMatriculeGivenToAnotherPersonIsRefused(t *testing.T) {
	c, _ := testVault(t)
	deposit(t, c, bulletin("A1"))
	married := bulletin("A1")
	married.Nom, married.Periode = "AUTRENOM", vault.Periode{Annee: 2026, Mois: 10}
	deposit(t, c, married)
	other := bulletin("A1")
	other.Nom, other.Prenom, other.Periode = "AUTRENOM", "Autre", vault.Periode{Annee: 2026, Mois: 11}
	results, err := c.Deposit(ctx, vault.Systeme("essai"), []vault.Document{other})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, results[0].Err, "COF-220")
}

func TestSuiviOfTheThreeKindsOfLines(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.Parse("02/01/2006 15:04:05", s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	lines := []LigneSuivi{
		{Etape: vault.Preparation, ImporteLe: at("17/11/2025 12:08:13"), Fichiers: 1, DeposePar: "Connecteur", Statut: vault.StatutBon},
		{Etape: vault.Preparation, ImporteLe: at("10/11/2025 15:31:13"), Fichiers: 1, DeposePar: "Connecteur", Statut: vault.StatutRejete, Motif: "COF-508"},
		{Etape: vault.Verification, ImporteLe: at("07/11/2025 16:57:55"), Fichiers: 1, Documents: 1, DeposePar: "Connecteur", AValider: 1, Statut: vault.StatutBon},
	}
	var b strings.Builder
	if err := WriteSuiviCSV(&b, lines, lang.French, time.UTC); err != nil {
		t.Fatal(err)
	}
	want := `Etape;Importé le;Fichiers;Documents;Annexes;Déposé par;Validés;Validé par;Statut;Motif
Préparation;17/11/2025 12:08:13;1;0;0;Connecteur;0/0;;✓;
Préparation;10/11/2025 15:31:13;1;0;0;Connecteur;0/0;;✗;des bulletins ont été refusés : voyez la liste des écarts du dépôt
Vérification;07/11/2025 16:57:55;1;1;0;Connecteur;0/1;;✓;
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
}

func TestSuiviIsNewestFirst(t *testing.T) {
	c, k := testVault(t)
	lines, err := Suivi(ctx, c, vault.Systeme("cli"), siret)
	if err != nil || len(lines) != 0 {
		t.Fatal(lines, err)
	}
	for m := 1; m <= 3; m++ {
		o := depot(1)
		o.Periode.Mois = m
		d := bulletin("A1")
		d.Periode.Mois = m
		d.Contenu = content(pdf(o.Periode.String()))
		run1(t, c, o, Watch{}, sequence([]vault.Document{d}, nil))
		k.Add(time.Hour)
	}
	if lines, err = Suivi(ctx, c, vault.Systeme("cli"), siret); err != nil || len(lines) != 3 {
		t.Fatal(lines, err)
	}
	if !lines[0].ImporteLe.After(lines[1].ImporteLe) || !lines[1].ImporteLe.After(lines[2].ImporteLe) {
		t.Errorf("order %v", lines)
	}
}
