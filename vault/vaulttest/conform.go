package vaulttest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"paye/vault"
)

var ctx = context.Background()

// Conform tries every rule of vault.Store over a bench that Prepare made. Each
// rule has a year of its own, so that they leave each other alone.
func Conform(t *testing.T, b *Banc) {
	for _, rule := range []struct {
		name string
		try  func(*testing.T, *Banc)
	}{
		{"the same bytes get the same receipt", sameReceipt},
		{"another document under a business key is a conflict", duplicate},
		{"a document is read, described and verified as it was deposited", readBack},
		{"the list is in order and the count is its length", order},
		{"the double is kept until its retention ends, and what is destroyed is gone", destroy},
		{"every call is in the journal", journal},
		{"who has no right is refused every verb", rights},
		{"a second person validates before agents see", secondPerson},
		{"a document is of the session that its account opened, or waits by itself", sessionsBelieved},
		{"what is said of a session is judged", sessionFields},
		{"accounts that do anything are held to their rights", model},
	} {
		t.Run(rule.name, func(t *testing.T) { rule.try(t, b) })
	}
}

func months(year, n int) (list []vault.Document) {
	for i := range n {
		list = append(list, Slip(fmt.Sprintf("A%03d", i), vault.Periode{Annee: year, Mois: 1 + i%3}))
	}
	return list
}

// file deposits documents that must all be accepted, as anne.
func file(t *testing.T, b *Banc, docs ...vault.Document) (vault.Guichet, vault.Acteur, []vault.Resultat) {
	t.Helper()
	s, par := b.Poste("anne")
	results, err := s.Deposit(ctx, par, docs)
	must(t, err)
	if len(results) != len(docs) {
		t.Fatalf("%d answers for %d documents", len(results), len(docs))
	}
	for i, r := range results {
		if r.Err != nil {
			t.Fatalf("document %d: %v", i, r.Err)
		}
	}
	return s, par, results
}

func sameReceipt(t *testing.T, b *Banc) {
	docs := months(2001, 6)
	_, _, first := file(t, b, docs...)
	b.Clock.Add(30 * time.Hour)
	s, par, again := file(t, b, docs...)
	for i := range first {
		if !again[i].Deja || !again[i].Recu.Equal(first[i].Recu) {
			t.Errorf("document %d: another receipt the second time", i)
		}
	}
	n, err := s.Count(ctx, par, vault.Filtre{Employeur: Siret, Annee: 2001})
	must(t, err)
	if n != int64(len(docs)) {
		t.Errorf("%d documents, want %d", n, len(docs))
	}
	twin := Slip("T1", vault.Periode{Annee: 2001, Mois: 5})
	_, _, twins := file(t, b, twin, twin)
	if !twins[0].Recu.Equal(twins[1].Recu) {
		t.Error("twins in one batch got two receipts")
	}
}

func duplicate(t *testing.T, b *Banc) {
	d := Slip("D1", vault.Periode{Annee: 2002, Mois: 1})
	s, par, first := file(t, b, d)
	other := WithText(d, "un autre")
	for range 2 {
		results, err := s.Deposit(ctx, par, []vault.Document{other, Slip("D2", d.Periode)})
		must(t, err)
		WantCode(t, "other bytes", results[0].Err, "COF-202")
		for _, text := range []string{"D1 " + d.Periode.String(), "un autre"} {
			if digest := fmt.Sprintf("%x", sha256.Sum256([]byte(pdf(text)))); !strings.Contains(fmt.Sprint(results[0].Err), digest) {
				t.Errorf("the conflict %v does not name the digest %s of %q", results[0].Err, digest, text)
			}
		}
		if results[1].Err != nil {
			t.Errorf("the rest of the batch: %v", results[1].Err)
		}
	}
	wantText(t, s, par, first[0].Recu.ID, pdf("D1 "+d.Periode.String()))
	other.Version = 1
	file(t, b, other) // a rectificatif is another document
	wantText(t, s, par, first[0].Recu.ID, pdf("D1 "+d.Periode.String()))
}

func wantText(t *testing.T, s vault.Guichet, par vault.Acteur, id vault.ID, want string) vault.Metadata {
	t.Helper()
	var got bytes.Buffer
	m, err := s.Read(ctx, par, id, &got)
	must(t, err)
	if got.String() != want {
		t.Errorf("read %q, want %q", got.String(), want)
	}
	return m
}

func readBack(t *testing.T, b *Banc) {
	d := Slip("R1", vault.Periode{Annee: 2003, Mois: 1})
	s, par, results := file(t, b, d)
	recu := results[0].Recu
	read := wantText(t, s, par, recu.ID, pdf("R1 "+d.Periode.String()))
	m, err := s.Metadata(ctx, par, recu.ID)
	must(t, err)
	if m != read {
		t.Errorf("metadata %+v, read with %+v", m, read)
	}
	if m.ID != recu.ID || m.Matricule != "R1" || m.Deposant != "anne" || m.Date.IsZero() || m.Taille != int64(len(pdf("R1 "+d.Periode.String()))) || m.Algorithme != "SHA-256" || len(m.Empreinte) != 64 {
		t.Errorf("metadata %+v lack what is mandatory", m)
	}
	if err := recu.Verify(key(t, b), m.Empreinte); err != nil {
		t.Errorf("receipt: %v", err)
	}
	verdict, err := s.Check(ctx, par, recu.ID)
	must(t, err)
	if len(verdict.Fautes) > 0 || !verdict.Depuis.Equal(m.Date) || verdict.Recu.Verify(key(t, b), m.Empreinte) != nil {
		t.Errorf("check %+v", verdict)
	}
	_, err = s.Metadata(ctx, par, vault.ID{1})
	WantCode(t, "an id that is nobody's", err, "COF-204")
}

func order(t *testing.T, b *Banc) {
	s, par, _ := file(t, b, months(2004, 9)...)
	f := vault.Filtre{Employeur: Siret, Annee: 2004}
	all := collect(t, s.List(ctx, par, f))
	want := "03 A002,03 A005,03 A008,02 A001,02 A004,02 A007,01 A000,01 A003,01 A006,"
	if got := names(all); got != want {
		t.Errorf("list %s, want %s", got, want)
	}
	n, err := s.Count(ctx, par, f)
	must(t, err)
	if n != int64(len(all)) {
		t.Errorf("count %d, want %d", n, len(all))
	}
	f.Limite = 4
	page := collect(t, s.List(ctx, par, f))
	f.Apres, f.Limite = page[len(page)-1].ID, 0
	if got := names(page) + names(collect(t, s.List(ctx, par, f))); got != want {
		t.Errorf("two pages %s, want %s", got, want)
	}
	one, err := s.Count(ctx, par, vault.Filtre{Employeur: Siret, Annee: 2004, Matricule: "A007"})
	must(t, err)
	if one != 1 {
		t.Errorf("%d documents of one matricule, want 1", one)
	}
}

func names(list []vault.Metadata) (s string) {
	for _, m := range list {
		s += fmt.Sprintf("%02d %s,", m.Periode.Mois, m.Matricule)
	}
	return s
}

func collect[T any](t *testing.T, seq iter.Seq2[T, error]) (list []T) {
	t.Helper()
	for x, err := range seq {
		must(t, err)
		list = append(list, x)
	}
	return list
}

func destroy(t *testing.T, b *Banc) {
	s, par, results := file(t, b, months(2005, 3)...)
	young, mistake := results[0].Recu.ID, results[1].Recu.ID
	WantCode(t, "no reason", erased(s, par, mistake, vault.ToutesCopies, ""), "COF-207")
	WantCode(t, "a young double", erased(s, par, young, vault.CopieDouble, "place"), "COF-209")
	must(t, erased(s, par, mistake, vault.ToutesCopies, "erreur de destinataire"))
	_, err := s.Read(ctx, par, mistake, io.Discard)
	WantCode(t, "read what was destroyed", err, "COF-223")
	_, err = s.Check(ctx, par, mistake)
	WantCode(t, "check what was destroyed", err, "COF-223")
	if got := names(collect(t, s.List(ctx, par, vault.Filtre{Employeur: Siret, Annee: 2005}))); got != "03 A002,01 A000," {
		t.Errorf("list %s after a destruction", got)
	}
	b.Clock.Add(25 * time.Hour)
	WantCode(t, "recalled too late", erased(s, par, young, vault.ToutesCopies, "erreur"), "COF-209")
}

func journal(t *testing.T, b *Banc) {
	s, par, results := file(t, b, Slip("J1", vault.Periode{Annee: 2006, Mois: 1}))
	id := results[0].Recu.ID
	_, err := s.Read(ctx, par, id, io.Discard)
	must(t, err)
	_, err = s.Metadata(ctx, par, id)
	must(t, err)
	_, err = s.Check(ctx, par, id)
	must(t, err)
	collect(t, s.List(ctx, par, vault.Filtre{Employeur: Siret, Annee: 2006}))
	collect(t, s.Journal(ctx, par, vault.FiltreJournal{Sujet: id}))
	eve, other := b.Poste("eve")
	_, err = eve.Read(ctx, other, id, io.Discard)
	WantCode(t, "a stranger reads", err, "COF-204")
	must(t, erased(s, par, id, vault.ToutesCopies, "erreur"))
	// The sequence without holes is seen by who holds the files.
	kinds := map[vault.Genre]int{}
	last := int64(-1)
	for _, e := range collect(t, b.Coffre.Journal(ctx, vault.Systeme("essai"), vault.FiltreJournal{})) {
		if e.Index != last+1 {
			t.Fatalf("event %d follows event %d", e.Index, last)
		}
		if last = e.Index; e.Index >= results[0].Recu.Index {
			kinds[e.Genre]++
		}
	}
	for _, g := range []vault.Genre{vault.EvDepot, vault.EvLecture, vault.EvMetadata, vault.EvControle, vault.EvRecherche, vault.EvJournal, vault.EvRefusAcces, vault.EvDestruction} {
		if kinds[g] == 0 {
			t.Errorf("no event %q was written: %v", g, kinds)
		}
	}
}

func rights(t *testing.T, b *Banc) {
	_, _, filed := file(t, b, Slip("E1", vault.Periode{Annee: 2007, Mois: 1}))
	id := filed[0].Recu.ID
	anne, as := b.Poste("anne")
	v, err := anne.OpenVersement(ctx, as, vault.Versement{Employeur: Siret, Periode: vault.Periode{Annee: 2007, Mois: 2}, Source: "x", Deposant: "xhl"})
	must(t, err)
	s, par := b.Poste("eve")
	all := vault.Filtre{Employeur: Siret}
	for _, row := range []struct {
		verb string
		do   func() error
		code string
	}{
		{"deposit", func() error {
			r, err := s.Deposit(ctx, par, months(2007, 1))
			if err != nil {
				return err
			}
			return r[0].Err
		}, "COF-304"},
		{"read", func() error { _, err := s.Read(ctx, par, id, io.Discard); return err }, "COF-204"},
		{"destroy", func() error { return erased(s, par, id, vault.ToutesCopies, "envie") }, "COF-204"},
		{"metadata", func() error { _, err := s.Metadata(ctx, par, id); return err }, "COF-204"},
		{"check", func() error { _, err := s.Check(ctx, par, id); return err }, "COF-204"},
		{"list", func() error { return first(s.List(ctx, par, all)) }, "COF-304"},
		{"list all", func() error { return first(s.List(ctx, par, vault.Filtre{})) }, "COF-305"},
		{"count", func() error { _, err := s.Count(ctx, par, all); return err }, "COF-304"},
		{"journal", func() error { return first(s.Journal(ctx, par, vault.FiltreJournal{})) }, "COF-305"},
		{"journal of a document", func() error { return first(s.Journal(ctx, par, vault.FiltreJournal{Sujet: id})) }, "COF-204"},
		{"papier", func() error { _, err := s.Papier(ctx, par, Siret); return err }, "COF-304"},
		{"open", func() error { _, err := s.OpenVersement(ctx, par, v); return err }, "COF-304"},
		{"save", func() error { _, err := s.SaveVersement(ctx, par, v); return err }, "COF-304"},
		{"versements", func() error { _, err := s.Versements(ctx, par, Siret); return err }, "COF-304"},
		{"validate", func() error { _, err := s.Validate(ctx, par, v.ID); return err }, "COF-304"},
		{"reject", func() error { _, err := s.Reject(ctx, par, v.ID, "non"); return err }, "COF-304"},
	} {
		WantCode(t, row.verb, row.do(), row.code)
	}
}

func first[T any](seq iter.Seq2[T, error]) error {
	for _, err := range seq {
		return err
	}
	return nil
}

func secondPerson(t *testing.T, b *Banc) {
	must(t, b.Coffre.Registre().SetEmployeur(ctx, vault.Systeme("essai"), Siret, func(e *vault.Employeur) { e.DoubleValidation = true }))
	anne, as := b.Poste("anne")
	bob, by := b.Poste("bob")
	run := func(month int) vault.Versement {
		t.Helper()
		p := vault.Periode{Annee: 2008, Mois: month}
		v, err := anne.OpenVersement(ctx, as, vault.Versement{Employeur: Siret, Periode: p, Source: fmt.Sprintf("sha256:%d", month), Deposant: "xhl"})
		must(t, err)
		slip := Slip("V1", p)
		slip.Versement = v.ID
		file(t, b, slip)
		v.Etape, v.Bilan = vault.Verification, vault.Bilan{Bulletins: 1, Deposes: 1}
		v, err = anne.SaveVersement(ctx, as, v)
		must(t, err)
		if v.Etape != vault.Verification || v.AValider != 1 {
			t.Fatalf("a session waits for nobody: %+v", v)
		}
		return v
	}
	seen := func() int64 {
		t.Helper()
		agent, err := b.Coffre.Registre().AgentDe(ctx, Siret, "V1")
		must(t, err)
		n, err := b.Coffre.Count(ctx, vault.Agent(agent), vault.Filtre{Annee: 2008})
		must(t, err)
		return n
	}
	v := run(1)
	_, err := anne.Validate(ctx, as, v.ID)
	WantCode(t, "who deposited validates", err, "COF-505")
	if n := seen(); n != 0 {
		t.Errorf("the agent sees %d documents before the validation", n)
	}
	v, err = bob.Validate(ctx, by, v.ID)
	must(t, err)
	if v.Etape != vault.Termine || v.ValidePar != "bob" || v.Valides != 1 || seen() != 1 {
		t.Errorf("after the validation: %+v, the agent sees %d", v, seen())
	}
	_, err = bob.Reject(ctx, by, v.ID, "trop tard")
	WantCode(t, "a decision is taken back", err, "COF-502")
	v, err = bob.Reject(ctx, by, run(2).ID, "mauvais mois")
	must(t, err)
	if v.Statut != vault.StatutRejete || v.Motif != "mauvais mois" || seen() != 1 {
		t.Errorf("after the refusal: %+v, the agent sees %d", v, seen())
	}
}

func key(t *testing.T, b *Banc) string {
	t.Helper()
	key, err := b.Coffre.Verificateur(ctx)
	must(t, err)
	return key
}

// erased destroys copies and wants to know only whether it could.
func erased(s vault.Store, par vault.Acteur, id vault.ID, copies vault.Copie, motif string) error {
	_, err := s.Destroy(ctx, par, id, copies, motif)
	return err
}
