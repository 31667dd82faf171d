package portal_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/internal/server"
	"paye/vault"
	"paye/vault/vaulttest"
)

const siret = portaltest.Siret

// code fails unless an error is the anomaly.
var code = vaulttest.WantCode

// opened is a bench with one account whose mail is proved.
func opened(t *testing.T) (*portaltest.Bench, portal.Letter, *portal.Account, vault.ID) {
	t.Helper()
	b := portaltest.New(t, nil)
	ids := b.Deposit(t, "2026-10", "A1")
	l := b.Letters(t)["A1"]
	return b, l, b.Opened(t, l, "camille@example.org"), ids[0]
}

func TestThirdFailureLocksOneSourceForTwoHours(t *testing.T) {
	b, l, _, _ := opened(t)
	here, elsewhere := server.WithSource(t.Context(), "192.0.2.1"), server.WithSource(t.Context(), "192.0.2.2")
	for i, want := range []string{portal.Refused, portal.Refused, portal.LockedOut, portal.LockedOut} {
		_, err := b.Authenticate(here, l.Number, "faux faux faux faux")
		code(t, "failure "+string(rune('1'+i)), err, want)
	}
	if _, err := b.Authenticate(elsewhere, l.Number, portaltest.Word); err != nil {
		t.Errorf("the right password from elsewhere: %v", err)
	}
	b.Clock.Add(119*time.Minute + 59*time.Second)
	_, err := b.Authenticate(here, "camille@example.org", portaltest.Word)
	code(t, "a second before the end, by the other identifier", err, portal.LockedOut)
	b.Clock.Add(time.Second)
	if _, err := b.Authenticate(here, l.Number, portaltest.Word); err != nil {
		t.Errorf("after 120 minutes: %v", err)
	}
}

func TestUnknownAnswersAsWrongAfterAsMuchWork(t *testing.T) {
	b, l, _, _ := opened(t)
	work := func(identifier string) (n int, text string) {
		before := b.Hash.Calls()
		_, err := b.Authenticate(server.WithSource(t.Context(), identifier), identifier, "faux faux faux faux")
		return b.Hash.Calls() - before, err.Error()
	}
	n, text := work(l.Number)
	for _, identifier := range []string{"100000000008", "nobody@example.org", "x", ""} {
		if m, other := work(identifier); m != n || other != text {
			t.Errorf("%q cost %d hashes and said %q; a known account %d and %q", identifier, m, other, n, text)
		}
	}
}

func TestForgottenPassword(t *testing.T) {
	b, l, a, _ := opened(t)
	for _, wrong := range [][2]string{{l.Number, "other@example.org"}, {"100000000008", "camille@example.org"}} {
		if err := b.Forget(t.Context(), wrong[0], wrong[1]); err != nil {
			t.Errorf("%v answers %v; the answer is always the same", wrong, err)
		}
	}
	if err := b.Forget(t.Context(), l.Number, "camille@example.org"); err != nil {
		t.Fatal(err)
	}
	word := strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/passe/"), "/passe/")
	if list := b.Mail.All(); len(list) > 0 {
		t.Errorf("%d more mails went out", len(list))
	}
	_, err := b.Reset(t.Context(), word, "court", "court")
	code(t, "a short password", err, portal.ShortWord)
	next := "une autre phrase bien longue"
	if _, err := b.Reset(t.Context(), word, next, next); err != nil {
		t.Fatal(err)
	}
	_, err = b.Reset(t.Context(), word, next, next)
	code(t, "the link again", err, portal.LinkDead)
	if id, err := b.Authenticate(t.Context(), l.Number, next); err != nil || id != a.ID {
		t.Errorf("the new password: %v", err)
	}
	if err := b.Forget(t.Context(), l.Number, "camille@example.org"); err != nil {
		t.Fatal(err)
	}
	b.Mail.Next(t, "camille@example.org") // the notice of the change
	word = strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/passe/"), "/passe/")
	b.Clock.Add(30 * time.Minute)
	_, err = b.Reset(t.Context(), word, next, next)
	code(t, "a link of thirty minutes", err, portal.LinkDead)
}

func TestChangedMailIsUndoneByTheFormerOne(t *testing.T) {
	b, l, a, _ := opened(t)
	if err := b.ChangeMail(t.Context(), a.ID, "thief@example.org", "thief@example.org"); err != nil {
		t.Fatal(err)
	}
	if got := b.Stored(t, a.ID).Mail; got != "camille@example.org" {
		t.Fatalf("the address is %s before it was proved", got)
	}
	if err := b.ProveMail(t.Context(), strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "thief@example.org"), "/mail/"), "/mail/")); err != nil {
		t.Fatal(err)
	}
	if err := b.Forget(t.Context(), l.Number, "thief@example.org"); err != nil {
		t.Fatal(err)
	}
	undo := strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/retour/"), "/retour/")
	for _, m := range b.Mail.All() {
		t.Errorf("%q went to %s: resets wait a day after a change", m.Subject, m.To)
	}
	if _, err := b.UndoMail(t.Context(), undo); err != nil {
		t.Fatal(err)
	}
	if got := b.Stored(t, a.ID); got.Mail != "camille@example.org" || got.State != portal.Suspended {
		t.Errorf("after the undo: %s, %s", got.Mail, got.State)
	}
	_, err := b.Authenticate(t.Context(), l.Number, portaltest.Word)
	code(t, "a suspended account", err, portal.Refused)
	lift := func(who, want string) {
		_, err := b.Release(t.Context(), who, siret, "A1")
		if want != "" {
			code(t, who, err, want)
		} else if err != nil {
			t.Errorf("%s: %v", who, err)
		}
	}
	lift("anne", "")
	lift("anne", portal.SecondPerson)
	lift("bob", "")
	_, err = b.Authenticate(t.Context(), l.Number, portaltest.Word)
	code(t, "the password that whoever was in knew, after two persons", err, portal.Refused)
	b.Clock.Add(25 * time.Hour) // resets wait a day after a change of address
	if err := b.Forget(t.Context(), l.Number, "camille@example.org"); err != nil {
		t.Fatal(err)
	}
	for { // past the notices, to the link
		if m := b.Mail.Next(t, "camille@example.org"); strings.Contains(m.Text, "/passe/") {
			word := strings.TrimPrefix(portaltest.Link(t, m, "/passe/"), "/passe/")
			if _, err := b.Reset(t.Context(), word, "une autre phrase bien longue", "une autre phrase bien longue"); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if _, err := b.Authenticate(t.Context(), l.Number, "une autre phrase bien longue"); err != nil {
		t.Errorf("with a password of his own: %v", err)
	}
}

func TestLostIdentifierOpensNothingToWhoKnowsTheName(t *testing.T) {
	b, l, a, _ := opened(t)
	before := *b.Stored(t, a.ID)
	if err := b.LoseNumber(t.Context(), portal.Lost{Nom: "NOMA1", Prenom: "camille", Mail: "thief@example.org", MailAgain: "thief@example.org", Private: l.Private, Policy: true}); err != nil {
		t.Fatal(err)
	}
	if list := b.Mail.All(); len(list) > 0 {
		t.Errorf("a mail went to %s", list[0].To)
	}
	if after := b.Stored(t, a.ID); after.Number != before.Number || after.Hash != before.Hash || after.Secret != nil {
		t.Error("the form changed the account")
	}
	if list, err := b.Requests(t.Context(), siret); err != nil || len(list) != 1 {
		t.Fatalf("requests %v, %v; want one at the desk", list, err)
	}
	next, err := b.AnswerLost(t.Context(), "anne", siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Authenticate(t.Context(), l.Number, portaltest.Word); err != nil {
		t.Errorf("the former identifier before the new one is used: %v", err)
	}
	if _, err := b.Authenticate(t.Context(), next.Number, next.Secret); err != nil {
		t.Fatalf("the new identifier with its secret: %v", err)
	}
	_, err = b.Authenticate(t.Context(), l.Number, portaltest.Word)
	code(t, "the former identifier after", err, portal.Refused)
	if b.Stored(t, a.ID).Sees() {
		t.Error("documents are seen before a password was chosen")
	}
	if err := b.ChooseAgain(t.Context(), a.ID, "une autre phrase bien longue", "une autre phrase bien longue", false); err != nil {
		t.Fatal(err)
	}
	_, err = b.Authenticate(t.Context(), next.Number, next.Secret)
	code(t, "the secret of the letter after", err, portal.Refused)
	_, err = b.Authenticate(t.Context(), next.Number, portaltest.Word)
	code(t, "the former password after", err, portal.Refused)
	if _, err := b.Authenticate(t.Context(), next.Number, "une autre phrase bien longue"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if list, err := b.Requests(t.Context(), siret); err != nil || len(list) != 0 {
		t.Errorf("still at the desk: %v, %v", list, err)
	}
}

func TestRefusalIsOnPaperAtTheNextRun(t *testing.T) {
	b, _, _, _ := opened(t)
	_, err := b.ConfirmRefusal(t.Context(), siret, "A1")
	code(t, "a confirmation without a form", err, portal.NotNow)
	if err := b.DraftRefusal(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	m, err := b.ConfirmRefusal(t.Context(), siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.ConfirmRefusal(t.Context(), siret, "A1")
	if err != nil || again.Number != m.Number {
		t.Errorf("confirmed twice: %v, %v; want the same number", again, err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 1 || list[0].Cause != vault.CauseRefus {
		t.Errorf("paper list %v, %v", list, err)
	}
	if late, err := b.Late(t.Context(), siret, 91*24*time.Hour+48*time.Hour); err != nil || len(late) != 1 {
		t.Errorf("alarm: %v, %v", late, err)
	}
	b.Clock.Add(24 * time.Hour)
	b.Deposit(t, "2026-11", "B2")
	b.Letters(t)
	if m, err := b.Membership(t.Context(), siret, "A1"); err != nil || m.Mode != portal.Paper {
		t.Errorf("after the run: %v, %v", m, err)
	}
	if err := b.AskElectronic(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if err := b.ConfirmElectronic(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if list, err := b.V.Papier(t.Context(), vault.Systeme("essai"), siret); err != nil || len(list) != 0 {
		t.Errorf("paper list after the way back: %v, %v", list, err)
	}
}

func TestRefusalBeforeAnyAccount(t *testing.T) {
	b := portaltest.New(t, nil)
	l, err := b.Notice(t.Context(), "anne", siret, vault.Identite{Matricule: "N1", Nom: "Durand", Prenom: "Lou"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.ProveCode(t.Context(), siret, "N1", "AAAA-AAAA-AAAA-AAAA")
	code(t, "a wrong code", err, portal.Refused)
	_, err = b.ProveCode(t.Context(), siret, "N9", l.Code)
	code(t, "another matricule", err, portal.Refused)
	if _, err := b.ProveCode(t.Context(), siret, "N1", strings.ToLower(l.Code)); err != nil {
		t.Fatal(err)
	}
	if err := b.DraftRefusal(t.Context(), siret, "N1"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ConfirmRefusal(t.Context(), siret, "N1"); err != nil {
		t.Fatal(err)
	}
}

func TestAShareEndsIsCountedAndAsksForItsCode(t *testing.T) {
	b, _, a, doc := opened(t)
	word, secret, err := b.NewShare(t.Context(), a, doc)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	_, err = b.ReadShare(t.Context(), word, "AAAA-AAAA", &out)
	code(t, "a wrong code", err, portal.WrongCode)
	if _, err := b.ReadShare(t.Context(), word, secret, &out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("%PDF-")) {
		t.Fatalf("the right code: %v", err)
	}
	list, err := b.Shares(t.Context(), a)
	if err != nil || len(list) != 1 || list[0].Opens != 1 {
		t.Errorf("counted: %v, %v", list, err)
	}
	accesses, err := b.Accesses(t.Context(), a, doc)
	if err != nil || !accesses[0].Share && !accesses[1].Share {
		t.Errorf("the owner does not see the reading through the link: %v, %v", accesses, err)
	}
	b.Clock.Add(7 * 24 * time.Hour)
	_, err = b.ReadShare(t.Context(), word, secret, &out)
	code(t, "after seven days", err, portal.ShareOver)
}

func TestOwnDocumentsAreEncryptedAndRefuseWhatRuns(t *testing.T) {
	b, _, a, _ := opened(t)
	for name, content := range map[string]string{"page.pdf": "<html><script>", "image.svg": "<svg onload=x>", "script.pdf": "%PDF-1.7 /JavaScript"} {
		code(t, name, b.AddPiece(t.Context(), a.ID, name, strings.NewReader(content)), portal.FileRefused)
	}
	if err := b.AddPiece(t.Context(), a.ID, "../../évil\u202e.pdf", strings.NewReader("%PDF-1.7 diplôme")); err != nil {
		t.Fatal(err)
	}
	a = b.Stored(t, a.ID)
	if a.Pieces[0].Name != "évil.pdf" {
		t.Errorf("kept as %q", a.Pieces[0].Name)
	}
	if _, got, err := b.ReadPiece(a, a.Pieces[0].ID); err != nil || string(got) != "%PDF-1.7 diplôme" {
		t.Errorf("read back %q, %v", got, err)
	}
	var out bytes.Buffer
	if err := b.Export(t.Context(), a, &out); err != nil || !bytes.HasPrefix(out.Bytes(), []byte("PK")) {
		t.Errorf("export: %v", err)
	}
	if err := b.RemovePiece(t.Context(), a.ID, a.Pieces[0].ID); err != nil {
		t.Fatal(err)
	}
}

func TestALetterIsSentAgainAndTheFormerSecretDies(t *testing.T) {
	b := portaltest.New(t, nil)
	b.Deposit(t, "2026-10", "A1")
	first := b.Letters(t)["A1"]
	for range 2 {
		if _, err := b.Resend(t.Context(), "anne", siret, "A1"); err != nil {
			t.Fatal(err)
		}
	}
	_, err := b.Resend(t.Context(), "anne", siret, "A1")
	code(t, "a fourth letter in thirty days", err, portal.TooManyLetter)
	_, err = b.Authenticate(t.Context(), first.Number, first.Secret)
	code(t, "the first secret", err, portal.Refused)
	b.Clock.Add(91 * 24 * time.Hour)
	l, err := b.Resend(t.Context(), "anne", siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	b.Clock.Add(90 * 24 * time.Hour)
	_, err = b.Authenticate(t.Context(), l.Number, l.Secret)
	code(t, "a secret of ninety days", err, portal.Refused)
}
