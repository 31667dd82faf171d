package due

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// path is a set-up that reaches the real mode.
func path() []Evenement {
	return []Evenement{
		{Nature: EvContact, Qui: "alice", Detail: "centre"},
		{Nature: EvCleTest, Qui: "alice", Empreinte: "T1"},
		{Nature: EvEnvoi, Qui: "alice", Etape: 4, Lot: "L4"},
		{Nature: EvAR, Qui: "alice", Etape: 4, Lot: "L4"},
		{Nature: EvEnvoi, Qui: "alice", Etape: 5, Lot: "L5"},
		{Nature: EvAR, Qui: "alice", Etape: 5, Lot: "L5"},
		{Nature: EvConventions, Qui: "alice"},
		{Nature: EvCleDefinitive, Qui: "alice", Empreinte: "D1"},
		{Nature: EvConfirmation, Qui: "bob", Empreinte: "D1"},
		{Nature: EvEnvoi, Qui: "alice", Etape: 6, Lot: "L6"},
		{Nature: EvAR, Qui: "alice", Etape: 6, Lot: "L6"},
	}
}

// walked applies events that must all be accepted.
func walked(t *testing.T, events ...Evenement) *Progression {
	t.Helper()
	p := new(Progression)
	for i, e := range events {
		if err := p.Next(e); err != nil {
			t.Fatalf("event %d (%s): %v", i, e.Nature, err)
		}
	}
	return p
}

func TestRealModeOpensAtTheEndOfTheSetUpOnly(t *testing.T) {
	for n := range path() {
		if walked(t, path()[:n]...).Ouvert("D1") {
			t.Errorf("open after %d records", n)
		}
	}
	p := walked(t, path()...)
	if !p.Ouvert("D1") || p.Ouvert("D2") || p.Ouvert("") || p.Ouvert("T1") {
		t.Errorf("open for D1 %t, D2 %t, none %t, T1 %t", p.Ouvert("D1"), p.Ouvert("D2"), p.Ouvert(""), p.Ouvert("T1"))
	}
}

func TestForbiddenStepsOfTheSetUp(t *testing.T) {
	full := path()
	for _, c := range []struct {
		name string
		done int
		next Evenement
		code string
	}{
		{"key before contact", 0, full[1], "DUE-S01"},
		{"step 4 before its key", 1, full[2], "DUE-S01"},
		{"step 5 before step 4", 3, Evenement{Nature: EvEnvoi, Etape: 5, Lot: "L5"}, "DUE-S01"},
		{"second send while the answer is awaited", 3, Evenement{Nature: EvEnvoi, Etape: 4, Lot: "L4b"}, "DUE-S02"},
		{"answer of another batch", 3, Evenement{Nature: EvAR, Etape: 4, Lot: "L9"}, "DUE-S05"},
		{"answer of another step", 3, Evenement{Nature: EvAR, Etape: 5, Lot: "L4"}, "DUE-S05"},
		{"the same proof for two steps", 4, Evenement{Nature: EvEnvoi, Etape: 5, Lot: "L4"}, "DUE-S06"},
		{"final key before step 5", 4, Evenement{Nature: EvCleDefinitive, Empreinte: "D1"}, "DUE-S01"},
		{"final key before the agreements", 6, Evenement{Nature: EvCleDefinitive, Empreinte: "D1"}, "DUE-S01"},
		{"confirmed by the same user", 8, Evenement{Nature: EvConfirmation, Qui: "alice", Empreinte: "D1"}, "DUE-S04"},
		{"another key confirmed", 8, Evenement{Nature: EvConfirmation, Qui: "bob", Empreinte: "D2"}, "DUE-S03"},
		{"step 6 before the confirmation", 8, full[9], "DUE-S01"},
		{"step 7", 11, Evenement{Nature: EvEnvoi, Etape: 7, Lot: "L7"}, "DUE-S05"},
	} {
		p := walked(t, full[:c.done]...)
		before := fmt.Sprintf("%+v", *p)
		wantCode(t, p.Next(c.next), c.code)
		if after := fmt.Sprintf("%+v", *p); after != before {
			t.Errorf("%s: the refusal changed the progress\nfrom %s\nto   %s", c.name, before, after)
		}
	}
}

func TestNewKeysCloseWhatTheyOpened(t *testing.T) {
	p := walked(t, append(path(), Evenement{Nature: EvCleDefinitive, Qui: "alice", Empreinte: "D2"})...)
	if p.Ouvert("D1") || p.Ouvert("D2") || p.Serveur.Preuve == "" {
		t.Error("a new final key must go back to step 6, and no further")
	}
	p = walked(t, append(path(), Evenement{Nature: EvCleTest, Qui: "alice", Empreinte: "T2"})...)
	if p.Ouvert("D1") {
		t.Error("a new test key leaves the real mode open")
	}
}

func TestRefusedAnswerLeavesTheStepOpenAndCounts(t *testing.T) {
	p := walked(t, append(path()[:3], Evenement{Nature: EvARRefus, Etape: 4, Lot: "L4"}, Evenement{Nature: EvEnvoi, Etape: 4, Lot: "L4b"})...)
	if p.Chiffrement.Echecs != 1 || p.Chiffrement.Preuve != "" || p.Chiffrement.Awaits != "L4b" {
		t.Errorf("got %+v", p.Chiffrement)
	}
}

// TestNoWalkOpensWithoutThreeProofs plays random records and looks for a real
// mode that three different batches and two users did not open.
func TestNoWalkOpensWithoutThreeProofs(t *testing.T) {
	rng := rand.New(rand.NewPCG(456, 6))
	opened := 0
	for range 4000 {
		p := new(Progression)
		proofs := make(map[string]bool)
		for range 60 {
			e := path()[rng.IntN(11)]
			e.Qui = []string{"alice", "bob"}[rng.IntN(2)]
			if rng.IntN(10) == 0 {
				e.Lot = fmt.Sprintf("L%d", 4+rng.IntN(5))
			}
			if e.Nature == EvAR && rng.IntN(8) == 0 {
				e.Nature = EvARRefus
			}
			if p.Next(e) == nil && e.Nature == EvAR {
				proofs[e.Lot] = true
			}
			if p.Ouvert("D1") {
				if len(proofs) < 3 || p.ConfirmeePar == p.ImporteePar || !p.Conventions || !p.Contact {
					t.Fatalf("open with %d proofs: %+v", len(proofs), *p)
				}
				opened++
				break
			}
		}
	}
	if opened == 0 {
		t.Error("no walk reached the real mode: the test proves nothing")
	}
}
