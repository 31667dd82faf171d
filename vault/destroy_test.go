package vault

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestErasureIsCompleteWhenTheLastBackupOfTheKeysHasExpired(t *testing.T) {
	c, k := testVault(t)
	sys := Systeme("essai")
	recus := deposit(t, c, bulletins(0, 2)...)
	for i, days := range []int{30, 7} {
		if err := c.Registre().SetEmployeur(ctx, sys, siret, func(e *Employeur) { e.Sauvegardes = days }); err != nil {
			t.Fatal(err)
		}
		e, err := c.Destroy(ctx, sys, recus[i].ID, ToutesCopies, "erreur de destinataire")
		if err != nil {
			t.Fatal(err)
		}
		if got := e.Complet.Sub(e.Date); got != time.Duration(days)*24*time.Hour || k.Now().Sub(e.Date) > time.Second {
			t.Errorf("backups of %d days: complete %v after %v", days, got, e.Date)
		}
		if e.ID != recus[i].ID || e.Copies != ToutesCopies || e.Par != "essai" || e.Motif != "erreur de destinataire" || e.Employeur != siret {
			t.Errorf("erasure %+v", e)
		}
		// What was promised holds whatever is changed later.
		_, err = c.Read(ctx, sys, recus[i].ID, io.Discard)
		wantCode(t, err, "COF-223")
		if text := err.Error(); !strings.Contains(text, e.Complet.Format("02/01/2006")) || !strings.Contains(text, e.Date.Format("02/01/2006")) {
			t.Errorf("refused with %q, want both dates of %+v", text, e)
		}
	}
	for _, days := range []int{-1, 31} {
		wantCode(t, c.Registre().SetEmployeur(ctx, sys, siret, func(e *Employeur) { e.Sauvegardes = days }), "COF-308")
	}
	var list []ID
	for e, err := range c.Effacements(ctx, sys, siret) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e.ID)
	}
	if len(list) != 2 || list[0] != recus[0].ID || list[1] != recus[1].ID {
		t.Errorf("erased %v, want %v and %v", list, recus[0].ID, recus[1].ID)
	}
	for e, err := range c.Effacements(ctx, sys, other) {
		t.Errorf("erased for another employer: %v, %v", e, err)
	}
	c.Close(ctx)
	wantHealthy(t, c.root, c.opts)
}

func TestDestroyedDocumentIsUnknownToWhoHasNoRightOverItsEmployer(t *testing.T) {
	c, _ := testVault(t)
	sys := Systeme("essai")
	recus := deposit(t, c, bulletin("A1"))
	agent, err := c.Registre().AgentDe(ctx, siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	for login, employer := range map[string]string{"anne": siret, "eve": other} {
		if err := c.Comptes().AddUtilisateur(ctx, sys, login, "", "une longue phrase de passe"); err != nil {
			t.Fatal(err)
		}
		if err := c.Comptes().Grant(ctx, sys, login, employer, DroitSuivi, DroitLecture); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Destroy(ctx, sys, recus[0].ID, ToutesCopies, "erreur"); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		par  Acteur
		id   ID
		code string
	}{
		{Utilisateur("anne"), recus[0].ID, "COF-223"},
		{Utilisateur("eve"), recus[0].ID, "COF-204"},
		{Agent(agent), recus[0].ID, "COF-204"},
		{Administrateur("essai"), recus[0].ID, "COF-204"},
		{sys, ID{1}, "COF-204"},
		{sys, ID{}, "COF-204"},
	} {
		_, err := c.Metadata(ctx, row.par, row.id)
		wantCode(t, err, row.code)
	}
	for _, err := range c.Effacements(ctx, Utilisateur("eve"), siret) {
		wantCode(t, err, "COF-304")
	}
}

func TestCopyThatWasErasedIsToldWithTheOtherThatIsLeft(t *testing.T) {
	c, k := testVault(t)
	sys := Systeme("essai")
	recus := deposit(t, c, bulletins(0, 2)...)
	k.add(6 * 366 * 24 * time.Hour)
	want, err := c.Destroy(ctx, sys, recus[0].ID, CopieDouble, "fin de conservation")
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Destroy(ctx, sys, recus[0].ID, CopieDouble, "encore")
	if err != nil || again != want {
		t.Errorf("erased again: %+v, %v; want the first, %+v", again, err, want)
	}
	n := 0
	for m, err := range c.List(ctx, sys, Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		switch e := m.Effacement; {
		case m.ID != recus[0].ID && e != nil:
			t.Errorf("a whole document has the erasure %+v", e)
		case m.ID == recus[0].ID && (e == nil || !e.Complet.Equal(want.Complet) || e.Copies != CopieDouble):
			t.Errorf("erasure %+v, want %+v", e, want)
		}
	}
	if n != 2 {
		t.Errorf("%d documents, want 2", n)
	}
}
