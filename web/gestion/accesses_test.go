package gestion

import (
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
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

func TestWhoIsInvitedIsToldToSignIn(t *testing.T) {
	b := newBench(t)
	admin := b.user(t, "claire", "*", vault.Droits...)
	invited := admin.Post("/gestion/comptes", "compte", "denis", "nom", "Denis", "envoi", admin.Get("/gestion/comptes").Field("envoi")).Want(t, 200, "Remettez cette adresse")
	v := uitest.NewVisitor(t, b.server)
	v.Post(link(invited, `/invitation/[A-Z0-9]+`), "passe", word, "passe2", word).Want(t, 200, "connectez-vous avec lui")
	v.Post("/connexion", "compte", "denis", "passe", word).Want(t, 200, "Bonjour Denis")
	admin.Post("/gestion/comptes/denis/droits", "siret", "*", "droits", "depot")
	admin.Get("/gestion/comptes").Want(t, 200, "tous : dépôt")
}
