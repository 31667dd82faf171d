package vault

import (
	"fmt"
	"testing"
	"time"
)

// Every combination of who asks, what is asked, what is left, whether the agent
// opened it, how old it is and whether the double must be kept, against the
// rules as docs/vault.md words them.
func TestRulesOfDestructionAreAskedForEveryCopy(t *testing.T) {
	n := 0
	for _, role := range []Role{RoleSysteme, RoleUtilisateur, RoleAgent} {
		for asked := CopieAgent; asked <= ToutesCopies; asked++ {
			for left := Copie(0); left <= ToutesCopies; left++ {
				for _, opened := range []bool{false, true} {
					for _, age := range []time.Duration{0, 24*time.Hour - 1, 24 * time.Hour, 400 * 24 * time.Hour} {
						for _, kept := range []bool{false, true} {
							e := erasureCase{role, asked, left, opened, age, kept}
							if got, want := e.refusal() == "", allowed(e); got != want {
								t.Errorf("%+v: allowed %v (%q), want %v", e, got, e.refusal(), want)
							}
							n++
						}
					}
				}
			}
		}
	}
	if n != 3*3*4*2*4*2 {
		t.Errorf("%d combinations", n)
	}
}

// allowed says the rules copy by copy, without a thought for their order.
func allowed(e erasureCase) bool {
	if e.role == RoleAgent {
		return e.asked == CopieAgent
	}
	recalled := !e.opened && e.age < 24*time.Hour
	agent := e.asked&e.left&CopieAgent == 0 || recalled
	both := e.asked == ToutesCopies && e.left == ToutesCopies
	double := e.asked&e.left&CopieDouble == 0 || !e.kept || both && recalled
	return agent && double
}

func TestAgentsCopyIsHisOnceADayHasPassed(t *testing.T) {
	for _, after := range []time.Duration{25 * time.Hour, 400 * 24 * time.Hour, 7 * 366 * 24 * time.Hour} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			c, clock := testVault(t)
			id := deposit(t, c, bulletin("A1"))[0].ID
			clock.add(after)
			wantCode(t, erased(c, Systeme("essai"), id, CopieAgent, "motif"), "COF-224")
			agent, err := c.Registre().AgentDe(ctx, siret, "A1")
			if err != nil {
				t.Fatal(err)
			}
			if got := read(t, c, Agent(agent), id); len(got) == 0 {
				t.Error("the agent lost his copy")
			}
		})
	}
}

func TestClockSetBackMakesNoDocumentYoungAgain(t *testing.T) {
	c, clock := testVault(t)
	id := deposit(t, c, bulletin("A1"))[0].ID
	clock.add(48 * time.Hour)
	deposit(t, c, bulletin("A2"))
	clock.add(-72 * time.Hour)
	wantCode(t, erased(c, Systeme("essai"), id, CopieAgent, "motif"), "COF-224")
	wantCode(t, erased(c, Systeme("essai"), id, ToutesCopies, "motif"), "COF-209")
}
