package portal_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
)

// A clock that is set back opens no dead link, no lock and no letter again, not
// over a restart either.
func TestClockSetBackOpensNothingAgain(t *testing.T) {
	b, l, a, _ := opened(t)
	if err := b.Forget(t.Context(), l.Number, "camille@example.org"); err != nil {
		t.Fatal(err)
	}
	word := strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/passe/"), "/passe/")
	b.Clock.Add(31 * time.Minute)
	code(t, "a link of 31 minutes", b.ResetLink(t.Context(), word), portal.LinkDead)
	for range 3 {
		b.Authenticate(t.Context(), l.Number, "faux faux faux faux")
	}
	b.Clock.Add(-31 * time.Minute)
	code(t, "the link after the clock went back", b.ResetLink(t.Context(), word), portal.LinkDead)
	b.Shut()
	b = portaltest.Open(t, b.Dir, b.Clock, nil)
	code(t, "the link after a restart", b.ResetLink(t.Context(), word), portal.LinkDead)
	_, err := b.Authenticate(t.Context(), l.Number, portaltest.Word)
	code(t, "the lock after a restart", err, portal.LockedOut)
	b.Clock.Add(31*time.Minute + 121*time.Minute)
	if id, err := b.Authenticate(t.Context(), l.Number, portaltest.Word); err != nil || id != a.ID {
		t.Errorf("once the machine caught up: %v", err)
	}
}

// One mailbox for two: the first who proved it has it; the second is not told
// that it is taken, comes in with his twelve digits, and the owner is told.
func TestOneMailboxForTwoPersons(t *testing.T) {
	b := portaltest.New(t, nil)
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	first := b.Opened(t, letters["A1"], "famille@example.org")
	id, err := b.Authenticate(t.Context(), letters["A2"].Number, letters["A2"].Secret)
	if err != nil {
		t.Fatal(err)
	}
	w := portal.Welcome{Password: portaltest.Word, Again: portaltest.Word, Mail: "famille@example.org", MailAgain: "famille@example.org", Policy: true, Lang: "fr"}
	if err := b.Welcome(t.Context(), id, w); err != nil {
		t.Fatal(err)
	}
	if m := b.Mail.Next(t, "famille@example.org"); !strings.Contains(m.Text, "/fusion") || strings.Contains(m.Text, "/mail/") {
		t.Errorf("the owner of the address is told %s", m.Text)
	}
	if got, err := b.Authenticate(t.Context(), letters["A2"].Number, portaltest.Word); err != nil || got != id {
		t.Errorf("the second by his digits: %v", err)
	}
	if got, err := b.Authenticate(t.Context(), "famille@example.org", portaltest.Word); err != nil || got != first.ID {
		t.Errorf("the address leads to %s, %v", got, err)
	}
}

// What is kept of a link or a letter does not open anything.
func TestNoWordThatOpensIsKept(t *testing.T) {
	b, l, a, doc := opened(t)
	if err := b.Forget(t.Context(), l.Number, "camille@example.org"); err != nil {
		t.Fatal(err)
	}
	word := strings.TrimPrefix(portaltest.Link(t, b.Mail.Next(t, "camille@example.org"), "/passe/"), "/passe/")
	share, secret, err := b.NewShare(t.Context(), a, doc)
	if err != nil {
		t.Fatal(err)
	}
	var kept bytes.Buffer
	for _, kind := range []string{"portail.compte", "portail.partage", "portail.identifiant", "portail.mail"} {
		for f, err := range b.V.Fiches().All(t.Context(), kind, "") {
			if err != nil {
				t.Fatal(err)
			}
			kept.Write(f.Valeur)
		}
	}
	for name, open := range map[string]string{"link": word[32:], "share": share[32:], "code": strings.ReplaceAll(secret, "-", ""), "letter": strings.ReplaceAll(l.Secret, "-", ""), "private number": `"` + l.Private + `"`} {
		if strings.Contains(kept.String(), open) {
			t.Errorf("the %s is kept as it is", name)
		}
	}
}
