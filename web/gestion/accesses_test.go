package gestion

import (
	"strings"
	"testing"

	"paye/vault"
)

func TestEveryEventOfTheJournalHasAName(t *testing.T) {
	for g := vault.Genre(1); !strings.HasPrefix(g.String(), "genre("); g++ {
		if name := actNames[g]; name.FR == "" || name.EN == "" {
			t.Errorf("%s has no name on the page", g)
		}
	}
}

func TestJournalOfAccessesSaysWhoDeposited(t *testing.T) {
	b := newBench(t)
	b.employeur(t, true, false)
	v := b.user(t, "claire", "*", vault.Droits...)
	at := drop(t, v, "/gestion/coffre/"+siretExemple+"/depot", "mode==depot", "journal.xhl")
	settled(t, v, at.Path)
	v.Get("/gestion/journal").Want(t, 200, "dépôt claire")
}
