package portal_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"paye/app/portal"
)

// accountEdges is the account machine as the specification numbers it, written
// apart from the product's own table.
var accountEdges = map[portal.Move]map[portal.State]portal.State{
	portal.Invite:       {"": "A1"},
	portal.Reinvite:     {"A1": "A1", "A2": "A1", "A3": "A1"},
	portal.Enter:        {"A1": "A2"},
	portal.Choose:       {"A2": "A3"},
	portal.VerifyMail:   {"A3": "A4"},
	portal.SignIn:       {"A2": "A2", "A3": "A3", "A4": "A4", "A6": "A6"},
	portal.Lock:         {"A1": "A5", "A2": "A5", "A3": "A5", "A4": "A5", "A6": "A5"},
	portal.Unlock:       {"A5": "A4"},
	portal.AskReset:     {"A4": "A6", "A5": "A6", "A6": "A6"},
	portal.Reset:        {"A6": "A4"},
	portal.ChangeMail:   {"A3": "A3", "A4": "A4"},
	portal.ChangeWord:   {"A3": "A3", "A4": "A4"},
	portal.ChangeNumber: {"A1": "A1", "A2": "A2", "A3": "A3", "A4": "A4", "A5": "A5", "A6": "A6"},
	portal.Suspend:      {"A3": "A7", "A4": "A7", "A5": "A7", "A6": "A7"},
	portal.Release:      {"A7": "A4"},
	portal.Absorb:       {"A4": "A4"},
	portal.BecomeAlias:  {"A4": "A8"},
	portal.Separate:     {"A8": "A4"},
	portal.CloseByOwner: {"A3": "A9", "A4": "A9"},
	portal.CloseService: {"A3": "A9", "A4": "A9"},
	portal.TakeAway:     {"A9": "A9"},
}

func TestEachEdgeOfTheAccountMachineAndNoOther(t *testing.T) {
	for _, m := range []portal.Move{portal.Invite, portal.Reinvite, portal.Enter, portal.Choose, portal.VerifyMail, portal.SignIn, portal.Lock, portal.Unlock, portal.AskReset, portal.Reset,
		portal.ChangeMail, portal.ChangeWord, portal.ChangeNumber, portal.Suspend, portal.Release, portal.Absorb, portal.BecomeAlias, portal.Separate, portal.CloseByOwner, portal.CloseService, portal.TakeAway} {
		for _, from := range portal.States {
			want, known := accountEdges[m][from]
			got, ok := portal.Next(from, m)
			if ok != known || ok && got != want {
				t.Errorf("%s from %q: %q, %t; want %q, %t", m, from, got, ok, want, known)
			}
		}
	}
	for _, m := range []portal.Move{portal.LoseNumber, portal.Leave, portal.Decease} {
		for _, from := range portal.States {
			if got, ok := portal.Next(from, m); !ok || got != from {
				t.Errorf("%s from %q leads to %q, %t: it changes no account", m, from, got, ok)
			}
		}
	}
}

func TestNothingLeavesAClosedAccount(t *testing.T) {
	moves := slices.Collect(func(yield func(portal.Move) bool) {
		for m := range accountEdges {
			if !yield(m) {
				return
			}
		}
	})
	slices.Sort(moves)
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		s := portal.Absent
		for range 60 {
			m := moves[r.IntN(len(moves))]
			next, ok := portal.Next(s, m)
			if want, known := accountEdges[m][s]; ok != known || ok && next != want {
				t.Fatalf("%s from %q: %q, %t", m, s, next, ok)
			}
			if s == portal.Closed && ok && next != s {
				t.Fatalf("%s leaves a closed account", m)
			}
			s = next
		}
	}
}

func TestEachEdgeOfTheRefusalMachineAndNoOther(t *testing.T) {
	edges := map[portal.Step]map[portal.Mode]portal.Mode{
		portal.BecomeElectronic: {"M0": "M1"}, portal.DraftRefusal: {"M0": "M2", "M1": "M2", "M2": "M2"}, portal.DropDraft: {"M2": "M1"}, portal.ConfirmRefusal: {"M2": "M3"},
		portal.UndoRefusal: {"M3": "M1", "M4": "M1"}, portal.RunPassed: {"M3": "M4"}, portal.AskElectronic: {"M3": "M5", "M4": "M5", "M5": "M5"}, portal.DropAsk: {"M5": "M4"}, portal.ConfirmAsk: {"M5": "M1"},
	}
	for s, row := range edges {
		for _, from := range portal.Modes {
			want, known := row[from]
			if got, ok := portal.NextMode(from, s); ok != known || ok && got != want {
				t.Errorf("%s from %s: %s, %t; want %s, %t", s, from, got, ok, want, known)
			}
		}
	}
}

func TestNumbersHaveACheckDigit(t *testing.T) {
	for _, c := range []struct {
		text string
		good bool
	}{{"4539 1488 0343", false}, {"100000000008", true}, {"1000 0000 0008", true}, {"100000000009", false}, {"", false}, {"10000000000", false}} {
		if _, ok := portal.ParseNumber(c.text); ok != c.good {
			t.Errorf("ParseNumber(%q) = %t, want %t", c.text, ok, c.good)
		}
	}
}
