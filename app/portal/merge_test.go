package portal_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/vault"
)

// pair is a bench with two open accounts, each with a slip.
func pair(t *testing.T) (b *portaltest.Bench, into, from *portal.Account, letters map[string]portal.Letter) {
	t.Helper()
	b = portaltest.New(t, nil)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters = b.Letters(t)
	return b, b.Opened(t, letters["A1"], "a@example.org"), b.Opened(t, letters["A2"], "b@example.org"), letters
}

func noCode(string) error { return nil }

// asked brings a merge as far as its notices.
func asked(t *testing.T, b *portaltest.Bench, into, from *portal.Account, number string) {
	t.Helper()
	id, err := b.ProveOther(t.Context(), into.ID, number, portaltest.Word, noCode)
	if err != nil || id != from.ID {
		t.Fatalf("proved %s, %v", id, err)
	}
	if err := b.AskMerge(t.Context(), into.ID, from.ID); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, b *portaltest.Bench, id string) int {
	t.Helper()
	list, err := b.Documents(t.Context(), b.Stored(t, id), 0)
	if err != nil {
		return -1
	}
	return len(list)
}

func TestMergeIsDoneAfterThreeDaysAndUndoneForThirty(t *testing.T) {
	b, into, from, letters := pair(t)
	if err := b.AddPiece(t.Context(), from.ID, "diplome.pdf", strings.NewReader("%PDF-1.7 diplome")); err != nil {
		t.Fatal(err)
	}
	code(t, "without a proof", b.AskMerge(t.Context(), into.ID, from.ID), portal.NotNow)
	_, err := b.ProveOther(t.Context(), into.ID, letters["A2"].Number, "faux faux faux faux", noCode)
	code(t, "with a wrong password", err, portal.Refused)
	_, err = b.ProveOther(t.Context(), into.ID, letters["A1"].Number, portaltest.Word, noCode)
	code(t, "with itself", err, portal.SameVault)
	_, err = b.ProveOther(t.Context(), into.ID, letters["A2"].Number, portaltest.Word, func(string) error { return portal.Codes.New(portal.FactorAsked) })
	code(t, "without the second step of the other", err, portal.FactorAsked)
	asked(t, b, into, from, letters["A2"].Number)
	b.Mail.Next(t, "a@example.org")
	b.Mail.Next(t, "b@example.org")
	b.Clock.Add(72*time.Hour - time.Second)
	if err := b.Round(t.Context()); err != nil || count(t, b, into.ID) != 1 {
		t.Fatalf("before the three days: %v, %d documents", err, count(t, b, into.ID))
	}
	b.Clock.Add(time.Second)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := count(t, b, into.ID); n != 2 {
		t.Errorf("%d documents after the merge, want 2", n)
	}
	a := b.Stored(t, into.ID)
	if _, got, err := b.ReadPiece(a, a.Pieces[0].ID); err != nil || string(got) != "%PDF-1.7 diplome" {
		t.Errorf("the own document: %q, %v", got, err)
	}
	if b.Stored(t, from.ID).State != portal.Merged || count(t, b, from.ID) != -1 {
		t.Error("the other space still opens")
	}
	id, err := b.Authenticate(t.Context(), letters["A2"].Number, portaltest.Word)
	if err != nil || id != into.ID {
		t.Errorf("the identifier of the alias leads to %s, %v", id, err)
	}
	if m, err := b.Membership(t.Context(), siret, "A2"); err != nil || m.Account != into.ID {
		t.Errorf("the membership: %v, %v", m, err)
	}
	b.Clock.Add(30*24*time.Hour - time.Second)
	list, err := b.Merges(t.Context(), into.ID)
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	if err := b.StopMerge(t.Context(), into.ID, from.ID); err != nil {
		t.Fatal(err)
	}
	if count(t, b, into.ID) != 1 || count(t, b, from.ID) != 1 || len(b.Stored(t, into.ID).Pieces) != 0 {
		t.Error("the undo left things where they were")
	}
	if id, err := b.Authenticate(t.Context(), letters["A2"].Number, portaltest.Word); err != nil || id != from.ID {
		t.Errorf("the identifier leads to %s, %v", id, err)
	}
}

func TestMergeCanNoLongerBeUndoneAfterThirtyDays(t *testing.T) {
	b, into, from, letters := pair(t)
	asked(t, b, into, from, letters["A2"].Number)
	b.Clock.Add(72 * time.Hour)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.Clock.Add(30 * 24 * time.Hour)
	code(t, "after thirty days", b.StopMerge(t.Context(), into.ID, from.ID), portal.NotNow)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Merges(t.Context(), into.ID); err != nil || len(list) != 0 || count(t, b, into.ID) != 2 {
		t.Errorf("%v, %v", list, err)
	}
}

// Somebody who knows a password merges the space of another into his own: the
// link of the notice stops that, and after it undoes it, and nobody gets in.
func TestTakeoverByMergeIsStoppedByTheOwnersLink(t *testing.T) {
	for _, after := range []time.Duration{time.Hour, 80 * time.Hour} {
		b, thief, victim, letters := pair(t)
		asked(t, b, thief, victim, letters["A2"].Number)
		m := b.Mail.Next(t, "b@example.org")
		b.Clock.Add(after)
		if err := b.Round(t.Context()); err != nil {
			t.Fatal(err)
		}
		word := strings.TrimPrefix(portaltest.Link(t, m, "/fusion/arret/"), "/fusion/arret/")
		if err := b.MergeLink(t.Context(), word); err != nil {
			t.Fatal(err)
		}
		if _, err := b.StopMergeByLink(t.Context(), word); err != nil {
			t.Fatal(err)
		}
		if _, err := b.StopMergeByLink(t.Context(), word); err == nil {
			t.Error("the link works twice")
		}
		if got := b.Stored(t, victim.ID); got.State != portal.Suspended || len(got.Member) != 1 {
			t.Errorf("after %s the space of the victim: %s", after, got.State)
		}
		if n := count(t, b, thief.ID); n != 1 {
			t.Errorf("after %s the thief sees %d documents", after, n)
		}
		b.Clock.Add(100 * time.Hour)
		if err := b.Round(t.Context()); err != nil || count(t, b, thief.ID) != 1 {
			t.Errorf("after %s and a round: %v", after, err)
		}
	}
}

func TestMergeOfASuspendedSpaceStopsByItself(t *testing.T) {
	b, into, from, letters := pair(t)
	asked(t, b, into, from, letters["A2"].Number)
	if err := b.Suspend(t.Context(), from.ID); err != nil {
		t.Fatal(err)
	}
	b.Clock.Add(72 * time.Hour)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if count(t, b, into.ID) != 1 || b.Stored(t, from.ID).State != portal.Suspended {
		t.Error("a suspended space was merged")
	}
}

func TestDeskMergesWithTwoPersonsAndEvidence(t *testing.T) {
	b, into, from, _ := pair(t)
	code(t, "without evidence", b.MergeByDesk(t.Context(), "anne", siret, "A1", siret, "A2", ""), portal.NoEvidence)
	if err := b.MergeByDesk(t.Context(), "anne", siret, "A1", siret, "A2", "deux pièces d’identité vues au guichet"); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Requests(t.Context(), siret); err != nil || len(list) != 1 || list[0].Kind != portal.AskMerge {
		t.Fatalf("%v, %v", list, err)
	}
	code(t, "the same person", b.ConfirmMerge(t.Context(), "anne", siret, "A1"), portal.SecondPerson)
	if err := b.ConfirmMerge(t.Context(), "carl", siret, "A1"); err != nil {
		t.Fatal(err)
	}
	b.Mail.Next(t, "a@example.org")
	b.Mail.Next(t, "b@example.org")
	b.Clock.Add(72 * time.Hour)
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if count(t, b, into.ID) != 2 || b.Stored(t, from.ID).State != portal.Merged {
		t.Error("the merge was not done")
	}
	if list, err := b.Requests(t.Context(), siret); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestClosureErasesTheAgentsCopiesAndAllThatTellsOfHim(t *testing.T) {
	b, a, other, letters := pair(t)
	if err := b.AddPiece(t.Context(), a.ID, "diplome.pdf", strings.NewReader("%PDF-1.7 diplome")); err != nil {
		t.Fatal(err)
	}
	if err := b.LoseNumber(t.Context(), portal.Lost{Nom: "NomA1", Prenom: "Camille", Mail: "x@example.org", MailAgain: "x@example.org", Private: "000000", Policy: true}); err != nil {
		t.Fatal(err)
	}
	complete, err := b.CloseByOwner(t.Context(), a.ID)
	if err != nil || complete.Sub(b.Clock.Now()).Round(time.Minute) != 30*24*time.Hour {
		t.Fatalf("complete %s, %v", complete, err)
	}
	if got, err := b.Account(t.Context(), a.ID); err != nil || got != nil {
		t.Errorf("the account: %v, %v", got, err)
	}
	_, err = b.Authenticate(t.Context(), letters["A1"].Number, portaltest.Word)
	code(t, "signing in", err, portal.Refused)
	m, err := b.Membership(t.Context(), siret, "A1")
	if err != nil || m.Mode != portal.Confirmed || m.Account != "" || m.Number == "" {
		t.Errorf("the membership: %+v, %v", m, err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 1 {
		t.Errorf("paper list: %v, %v", list, err)
	}
	told := false
	list, err := b.Requests(t.Context(), siret)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		told = told || r.Kind == portal.SayClosed && r.Matricule == "A1"
	}
	if !told {
		t.Errorf("the employer is not told: %v", list)
	}
	for d, err := range b.V.List(t.Context(), vault.Systeme("essai"), vault.Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Copies&vault.CopieAgent != 0; got != (d.Matricule == "A2") || d.Copies&vault.CopieDouble == 0 {
			t.Errorf("matricule %s has copies %v", d.Matricule, d.Copies)
		}
	}
	// Nothing that the journal can still open names him.
	for e, err := range b.V.Journal(t.Context(), vault.Systeme("essai"), vault.FiltreJournal{Genre: vault.EvFiche}) {
		if err != nil {
			t.Fatal(err)
		}
		body := strings.ToLower(string(e.Corps))
		for _, word := range []string{"a@example.org", "noma1", letters["A1"].Number, a.ID + "/20"} {
			if strings.Contains(body, word) {
				t.Errorf("event %d still says %s: %s", e.Index, word, body)
			}
		}
		if e.Sujet == portal.Subject(a.ID) && e.Corps != nil {
			t.Errorf("event %d about him can still be read: %s", e.Index, body)
		}
	}
	if letters := b.Letters(t); len(letters) != 0 {
		t.Errorf("a closed space is opened again by itself: %v", letters)
	}
	if n := count(t, b, other.ID); n != 1 {
		t.Errorf("the other agent sees %d documents", n)
	}
	b.Clock.Add(time.Hour)
	if err := b.AcceptElectronic(t.Context(), "anne", siret, "A1"); err != nil {
		t.Fatal(err)
	}
	again := b.Letters(t)
	if again["A1"].Number == "" || again["A1"].Number == letters["A1"].Number {
		t.Errorf("who comes back gets the letter %+v", again["A1"])
	}
}

func TestLeavingAnEmployerKeepsTheAccount(t *testing.T) {
	b, _, a, doc := opened(t)
	if err := b.Leave(t.Context(), "anne", siret, "A1"); err != nil {
		t.Fatal(err)
	}
	a = b.Stored(t, a.ID)
	if a.Member[0].Until.IsZero() || a.State != portal.Active {
		t.Errorf("%+v", a)
	}
	var out bytes.Buffer
	if err := b.Read(t.Context(), a, doc, &out); err != nil {
		t.Errorf("his slips: %v", err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 1 || list[0].Cause != vault.CauseSorti {
		t.Errorf("%v, %v", list, err)
	}
	if err := b.Return(t.Context(), "anne", siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	code(t, "who has not left", b.Return(t.Context(), "anne", siret, "A1"), portal.NotNow)
}

func TestTwoPersonsRecordADeath(t *testing.T) {
	b, _, a, _ := opened(t)
	if done, err := b.Decease(t.Context(), "anne", siret, "A1"); done || err != nil {
		t.Fatalf("%t, %v", done, err)
	}
	_, err := b.Decease(t.Context(), "anne", siret, "A1")
	code(t, "the same person", err, portal.SecondPerson)
	if err := b.Drop(t.Context(), "anne", portal.AskDeath, siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if done, err := b.Decease(t.Context(), "carl", siret, "A1"); done || err != nil {
		t.Fatalf("after it was taken back: %t, %v", done, err)
	}
	if done, err := b.Decease(t.Context(), "anne", siret, "A1"); !done || err != nil {
		t.Fatalf("%t, %v", done, err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 1 || list[0].Cause != vault.CauseDeces {
		t.Errorf("%v, %v", list, err)
	}
	if got := b.Stored(t, a.ID); got.State != portal.Active || got.Member[0].Until.IsZero() {
		t.Errorf("%+v", got)
	}
}

func TestEndOfServiceIsToldThreeMonthsBeforeAndLeavesTheExport(t *testing.T) {
	b := portaltest.New(t, nil)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	mailed, printed := b.Opened(t, letters["A1"], "a@example.org"), b.Opened(t, letters["A2"], "")
	_, err := b.AnnounceEnd(t.Context(), "anne", b.Clock.Now().AddDate(0, 3, -1))
	code(t, "less than three months", err, portal.TooSoon)
	end := b.Clock.Now().AddDate(0, 4, 0)
	if done, err := b.AnnounceEnd(t.Context(), "anne", end); done || err != nil {
		t.Fatalf("%t, %v", done, err)
	}
	_, err = b.AnnounceEnd(t.Context(), "anne", end)
	code(t, "the same person", err, portal.SecondPerson)
	if done, err := b.AnnounceEnd(t.Context(), "carl", end); !done || err != nil {
		t.Fatalf("%t, %v", done, err)
	}
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := b.Mail.Next(t, "a@example.org"); !strings.Contains(m.Text, end.Format("02/01/2006")) {
		t.Errorf("the mail: %s", m.Text)
	}
	b.Clock.Add(60 * 24 * time.Hour)
	list, err := b.EndLetters(t.Context(), "anne", siret)
	if err != nil || len(list) != 1 || list[0].Matricule != "A2" {
		t.Fatalf("letters %v, %v", list, err)
	}
	b.Clock.Add(end.Sub(b.Clock.Now()))
	if err := b.Round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := b.Stored(t, mailed.ID).State; s != portal.Closed {
		t.Errorf("who was told four months ago is %s", s)
	}
	if s := b.Stored(t, printed.ID).State; s != portal.Unverified {
		t.Errorf("who was told two months ago is %s", s)
	}
	id, err := b.Authenticate(t.Context(), letters["A1"].Number, portaltest.Word)
	if err != nil {
		t.Fatal(err)
	}
	a := b.Stored(t, id)
	var out bytes.Buffer
	if err := b.Export(t.Context(), a, &out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("PK")) {
		t.Errorf("the export after the end: %v", err)
	}
	if _, err := b.Documents(t.Context(), a, 0); err == nil {
		t.Error("the list is still open")
	}
}
