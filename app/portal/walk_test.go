package portal_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/internal/server"
)

// model is the two machines of one agent in a few lines, without a clock, a
// vault or a mail.
type model struct {
	state   portal.State
	mode    portal.Mode
	word    bool   // he has a password
	pending bool   // a link that proves his address is out
	mail    bool   // it was proved
	reset   bool   // a link for a new password is out
	half    string // who lifted a suspension first
	letters int
	gone    bool
}

// walker makes random moves on a real portal and on the model.
type walker struct {
	*portaltest.Bench
	t      *testing.T
	m      model
	id     string
	letter portal.Letter
	proof  string // the last link that proves an address
	forgot string // the last link for a new password
	n      int
	runs   int
}

// source is a place of its own for each attempt: no lock is in the way.
func (w *walker) here() string { w.n++; return fmt.Sprint("place ", w.n) }

func (w *walker) seen() portal.State {
	a, err := w.Account(w.t.Context(), w.id)
	if err != nil {
		w.t.Fatal(err)
	}
	if a == nil {
		return portal.Closed
	}
	return a.At(w.Clock.Now(), false)
}

// moves are by name, so that a walk can be read; each reports whether the portal
// did it, and whether the model says that it may.
func (w *walker) moves() map[string]func() (did, may bool) {
	ctx := w.t.Context()
	m := &w.m
	refusalOpen := func() bool { return m.mode == portal.Noticed || m.mode == portal.Electronic || m.mode == portal.Draft }
	return map[string]func() (bool, bool){
		"T3 letter": func() (bool, bool) {
			may := m.state == portal.Invited || m.state == portal.Entered
			_, err := w.Authenticate(server.WithSource(ctx, w.here()), w.letter.Number, w.letter.Secret)
			if may {
				m.state = portal.Entered
			}
			return err == nil, may
		},
		"T4 choose": func() (bool, bool) {
			may := m.state == portal.Entered
			err := w.Welcome(ctx, w.id, portal.Welcome{Password: portaltest.Word, Again: portaltest.Word, Mail: "a@example.org", MailAgain: "a@example.org", Policy: true, Lang: "fr"})
			if may {
				m.state, m.word, m.pending = portal.Unverified, true, true
				w.proof = w.take("/mail/")
			}
			return err == nil, may
		},
		"T5 prove": func() (bool, bool) {
			may := m.pending && m.state == portal.Unverified
			err := w.ProveMail(ctx, w.proof)
			if may {
				m.state, m.pending, m.mail = portal.Active, false, true
			}
			return err == nil, may
		},
		"T6 sign in": func() (bool, bool) {
			may := m.word && (m.state == portal.Unverified || m.state == portal.Active)
			_, err := w.Authenticate(server.WithSource(ctx, w.here()), w.letter.Number, portaltest.Word)
			if may {
				m.reset = false
			}
			return err == nil, may
		},
		"T9 forget": func() (bool, bool) {
			may := m.state == portal.Active && m.mail
			err := w.Forget(server.WithSource(ctx, w.here()), w.letter.Number, "a@example.org")
			if may {
				m.reset = true
				w.forgot = w.take("/passe/")
			}
			return err == nil, true // the answer is always the same
		},
		"T10 reset": func() (bool, bool) {
			may := m.reset
			_, err := w.Reset(ctx, w.forgot, portaltest.Word, portaltest.Word)
			if may {
				m.reset, m.word = false, true
			}
			return err == nil, may
		},
		"T2 resend": func() (bool, bool) {
			may := (m.state == portal.Invited || m.state == portal.Entered || m.state == portal.Unverified) && m.letters < 3
			l, err := w.Resend(ctx, "anne", siret, "A1")
			if may && err == nil {
				m.state, m.word, m.pending, m.letters = portal.Invited, false, false, m.letters+1
				w.letter = *l
			}
			return err == nil, may
		},
		"T15 suspend": func() (bool, bool) {
			may := m.state == portal.Unverified || m.state == portal.Active
			err := w.Suspend(ctx, w.id)
			if may {
				m.state, m.reset, m.pending = portal.Suspended, false, false
			}
			return err == nil, may
		},
		"T15b release by anne": func() (bool, bool) { return w.release("anne") },
		"T15b release by carl": func() (bool, bool) { return w.release("carl") },
		"T17 close": func() (bool, bool) {
			may := m.state == portal.Unverified || m.state == portal.Active
			if w.n%7 != 0 { // seldom: nothing leaves it
				return may, may
			}
			_, err := w.CloseByOwner(ctx, w.id)
			if may {
				m.state, m.gone = portal.Closed, true
				switch {
				case refusalOpen():
					m.mode = portal.Confirmed
				case m.mode == portal.Reactivated:
					m.mode = portal.Paper
				}
			}
			return err == nil, may
		},
		"draft": func() (bool, bool) {
			may := m.mode != portal.Reactivated
			err := w.DraftRefusal(ctx, siret, "A1")
			if refusalOpen() {
				m.mode = portal.Draft
			}
			return err == nil, may
		},
		"confirm": func() (bool, bool) {
			may := m.mode == portal.Draft || m.mode == portal.Confirmed || m.mode == portal.Paper
			_, err := w.ConfirmRefusal(ctx, siret, "A1")
			if m.mode == portal.Draft {
				m.mode = portal.Confirmed
			}
			return err == nil, may
		},
		"run": func() (bool, bool) {
			w.runs++
			w.Clock.Add(time.Minute)
			w.Deposit(w.t, fmt.Sprintf("2027-%02d", 1+w.runs%12), fmt.Sprint("B", w.runs))
			err := w.AfterRun(ctx, siret)
			if m.mode == portal.Confirmed {
				m.mode = portal.Paper
			}
			return err == nil, true
		},
		"ask": func() (bool, bool) {
			may := m.mode == portal.Confirmed || m.mode == portal.Paper || m.mode == portal.Reactivated
			err := w.AskElectronic(ctx, siret, "A1")
			if may {
				m.mode = portal.Reactivated
			}
			return err == nil, may
		},
		"reaccept": func() (bool, bool) {
			may := m.mode == portal.Reactivated
			err := w.ConfirmElectronic(ctx, siret, "A1")
			if may {
				m.mode = portal.Electronic
			}
			return err == nil, may
		},
		"keep": func() (bool, bool) {
			may := m.mode == portal.Reactivated
			err := w.KeepPaper(ctx, "anne", siret, "A1")
			if may {
				m.mode = portal.Paper
			}
			return err == nil, may
		},
	}
}

func (w *walker) release(who string) (bool, bool) {
	m := &w.m
	may := m.state == portal.Suspended && m.half != who
	_, err := w.Release(w.t.Context(), who, siret, "A1")
	switch {
	case may && m.half == "":
		m.half = who
	case may:
		m.state, m.half, m.word = portal.Active, "", false
	}
	return err == nil, may
}

// take waits for the mail that has a link, and gives its word.
func (w *walker) take(path string) string {
	for {
		if m := w.Mail.Next(w.t, "a@example.org"); strings.Contains(m.Text, path) {
			return strings.TrimPrefix(portaltest.Link(w.t, m, path), path)
		}
	}
}

func TestRandomWalksOverBothMachinesAgainstAModel(t *testing.T) {
	walks, length := 3, 60
	if testing.Short() {
		walks = 1
	}
	for seed := range walks {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			b := portaltest.New(t, nil)
			b.Deposit(t, "2026-10", "A1")
			l := b.Letters(t)["A1"]
			mb, err := b.Membership(t.Context(), siret, "A1")
			if err != nil {
				t.Fatal(err)
			}
			w := &walker{Bench: b, t: t, id: mb.Account, letter: l, m: model{state: portal.Invited, mode: portal.Electronic, letters: 1}}
			moves := w.moves()
			names := make([]string, 0, len(moves))
			for name := range moves {
				names = append(names, name)
			}
			slices.Sort(names)
			r := rand.New(rand.NewPCG(uint64(seed), 17))
			var trail []string
			for range length {
				name := names[r.IntN(len(names))]
				trail = append(trail, name)
				did, may := moves[name]()
				want := w.m.state
				if want == portal.Active && w.m.reset {
					want = portal.Recovering
				}
				got, err := b.Membership(t.Context(), siret, "A1")
				if err != nil {
					t.Fatal(err)
				}
				if did != may || w.seen() != want || got.Mode != w.m.mode {
					t.Fatalf("%s: done %t, may %t; account %s, want %s; membership %s, want %s\n%s", name, did, may, w.seen(), want, got.Mode, w.m.mode, strings.Join(trail, "\n"))
				}
			}
		})
	}
}
