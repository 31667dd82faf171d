package vaulttest

import (
	"fmt"
	"strings"
	"testing"

	"paye/vault"
)

// opened begins a session of one slip that is still to be deposited.
func opened(t *testing.T, g vault.Guichet, par vault.Acteur, siret, source string, p vault.Periode) vault.Versement {
	t.Helper()
	v, err := g.OpenVersement(ctx, par, vault.Versement{Employeur: siret, Periode: p, Source: source, Deposant: "xhl"})
	must(t, err)
	return v
}

// closed deposits a slip into a new session and asks for its validation.
func closed(t *testing.T, g vault.Guichet, par vault.Acteur, d vault.Document, source string) vault.Versement {
	t.Helper()
	v := opened(t, g, par, d.Employeur, source, d.Periode)
	d.Versement = v.ID
	wantCode(t, "a slip of its session", one(t, g, par, d), "")
	v.Etape, v.Bilan = vault.Verification, vault.Bilan{Bulletins: 1, Deposes: 1}
	v, err := g.SaveVersement(ctx, par, v)
	must(t, err)
	return v
}

// one deposits a document and gives its refusal.
func one(t *testing.T, g vault.Guichet, par vault.Acteur, d vault.Document) error {
	t.Helper()
	results, err := g.Deposit(ctx, par, []vault.Document{d})
	must(t, err)
	return results[0].Err
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("%s: refused: %v", what, err)
		}
		return
	}
	WantCode(t, what, err, code)
}

func sessionsBelieved(t *testing.T, b *Banc) {
	const year = 2009
	must(t, b.Coffre.Registre().SetEmployeur(ctx, vault.Systeme("essai"), Siret, func(e *vault.Employeur) { e.DoubleValidation = true }))
	anne, as := b.Poste("anne")
	carl, by := b.Poste("carl")
	bob, second := b.Poste("bob")
	month := func(n int) vault.Periode { return vault.Periode{Annee: year, Mois: n} }
	seen := func(matricule string) int64 {
		t.Helper()
		agent, err := b.Coffre.Registre().AgentDe(ctx, Siret, matricule)
		must(t, err)
		n, err := b.Coffre.Count(ctx, vault.Agent(agent), vault.Filtre{Annee: year})
		must(t, err)
		return n
	}
	hidden := func(what, matricule string) {
		t.Helper()
		if n := seen(matricule); n != 0 {
			t.Errorf("%s: the agent sees %d documents that nobody validated", what, n)
		}
	}

	// Without a session it waits for a second person, in one of its own.
	alone := Slip("W1", month(1))
	wantCode(t, "a slip without a session", one(t, anne, as, alone), "")
	hidden("without a session", "W1")
	var waiting vault.Versement
	list, err := anne.Versements(ctx, as, Siret)
	must(t, err)
	for _, v := range list {
		if v.Periode == alone.Periode && v.Etape == vault.Verification {
			waiting = v
		}
	}
	if waiting.Documents != 1 || waiting.AValider != 1 || waiting.Auteur != "anne" {
		t.Fatalf("the session of its own is %+v", waiting)
	}
	_, err = anne.Validate(ctx, as, waiting.ID)
	WantCode(t, "who deposited it validates", err, "COF-505")
	_, err = bob.Validate(ctx, second, waiting.ID)
	must(t, err)
	if n := seen("W1"); n != 1 {
		t.Errorf("after the validation the agent sees %d documents, want 1", n)
	}

	// Into a session that is done, rejected, another's or of another employer.
	into := func(what, code string, g vault.Guichet, par vault.Acteur, id vault.ID, n int) {
		t.Helper()
		d := Slip(fmt.Sprintf("X%d", n), month(n))
		d.Versement = id
		wantCode(t, what, one(t, g, par, d), code)
		hidden(what, d.Matricule)
	}
	done := closed(t, anne, as, Slip("W2", month(2)), "2009-2")
	_, err = bob.Validate(ctx, second, done.ID)
	must(t, err)
	into("into a session that is done", "COF-502", anne, as, done.ID, 2)
	pending := closed(t, anne, as, Slip("W3", month(3)), "2009-3")
	into("into another's session that waits", "COF-509", carl, by, pending.ID, 3)
	elsewhere := opened(t, carl, by, Other, "2009-4", month(4))
	into("into a session of another employer", "COF-501", carl, by, elsewhere.ID, 4)
	into("into a session that does not exist", "COF-501", anne, as, vault.ID{1, 2, 3}, 5)
	no := closed(t, anne, as, Slip("W6", month(6)), "2009-6")
	_, err = bob.Reject(ctx, second, no.ID, "mauvais mois")
	must(t, err)
	into("into a rejected session", "COF-502", anne, as, no.ID, 6)
	begun := opened(t, anne, as, Siret, "2009-7", month(7))
	into("into another's session that is open", "COF-509", carl, by, begun.ID, 7)
	if again := opened(t, carl, by, Siret, "2009-7", month(7)); again.ID == begun.ID {
		t.Error("the session of one account was given to another")
	}
	if again := opened(t, anne, as, Siret, "2009-7", month(7)); again.ID != begun.ID {
		t.Error("an interrupted session is not gone on with")
	}

	// What was filed gets its receipt again, whatever became of the session.
	d := Slip("W2", month(2))
	d.Versement = done.ID
	wantCode(t, "the same slip again", one(t, anne, as, d), "")
}

func sessionFields(t *testing.T, b *Banc) {
	anne, as := b.Poste("anne")
	carl, by := b.Poste("carl")
	p := vault.Periode{Annee: 2010, Mois: 1}
	told := vault.Versement{Employeur: Siret, Periode: p, Source: "2010-1", Deposant: "xhl", Motif: "\x1b[7m", Statut: "reussi", Etape: vault.Termine,
		Auteur: "bob", ValidePar: "bob", Documents: 7, Bilan: vault.Bilan{Bulletins: -3}, Ecarts: []vault.Ecart{{Code: "=cmd"}}}
	v, err := anne.OpenVersement(ctx, as, told)
	must(t, err)
	if v.Motif != "" || v.Statut != vault.StatutBon || v.Etape != vault.Preparation || v.Auteur != "anne" || v.ValidePar != "" || v.Documents != 0 || v.Bilan != (vault.Bilan{}) || len(v.Ecarts) != 0 {
		t.Errorf("a new session believes what it is told: %+v", v)
	}
	_, err = carl.SaveVersement(ctx, by, v)
	WantCode(t, "another account saves it", err, "COF-509")
	for _, row := range []struct {
		name, code string
		change     func(*vault.Versement)
	}{
		{"a status that is none", "COF-201", func(v *vault.Versement) { v.Statut = "\x1b[31mbon" }},
		{"a reason that is no code", "COF-201", func(v *vault.Versement) { v.Motif = "\x1b[7mCOF-508" }},
		{"a reason of three megabytes", "COF-201", func(v *vault.Versement) { v.Motif = strings.Repeat("x", 3<<20) }},
		{"a negative count", "COF-503", func(v *vault.Versement) { v.Bilan = vault.Bilan{Bulletins: -1, Refuses: -1} }},
		{"counts that are not just", "COF-503", func(v *vault.Versement) { v.Bilan = vault.Bilan{Bulletins: 2, Deposes: 1} }},
		{"a count that overflows", "COF-503", func(v *vault.Versement) { v.Bilan = vault.Bilan{Bulletins: 1 << 62, EnAttente: 1 << 62} }},
		{"files beyond reason", "COF-201", func(v *vault.Versement) { v.Fichiers = 1 << 40 }},
		{"an exception whose code is none", "COF-201", func(v *vault.Versement) {
			v.Ecarts = []vault.Ecart{{Matricule: "A", Nature: vault.Bulletin, Code: "\x1b[7m"}}
		}},
		{"an exception of no document", "COF-201", func(v *vault.Versement) {
			v.Ecarts = []vault.Ecart{{Matricule: "A", Nature: "facture", Code: "COF-210"}}
		}},
		{"an exception of nobody", "COF-201", func(v *vault.Versement) { v.Ecarts = []vault.Ecart{{Nature: vault.Bulletin, Code: "COF-210"}} }},
		{"too many exceptions", "COF-503", func(v *vault.Versement) { v.Ecarts = make([]vault.Ecart, vault.MaxEcarts+1) }},
		{"a step that is not its to say", "COF-502", func(v *vault.Versement) { v.Etape = vault.Termine }},
	} {
		next := v
		next.Etape = vault.Preparation
		row.change(&next)
		_, err := anne.SaveVersement(ctx, as, next)
		WantCode(t, row.name, err, row.code)
	}
	list, err := anne.Versements(ctx, as, Siret)
	must(t, err)
	for _, kept := range list {
		if kept.ID == v.ID && (kept.Motif != "" || kept.Statut != vault.StatutBon || len(kept.Ecarts) != 0) {
			t.Errorf("kept: %+v", kept)
		}
	}
}
