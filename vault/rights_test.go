package vault

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/book"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

const other = "21060022600018"

func TestActionsAreAbsentGreyedOrActive(t *testing.T) {
	for _, row := range []struct {
		module, option, droit bool
		want                  Etat
	}{
		{false, false, false, Absente}, {false, false, true, Absente}, {false, true, false, Absente}, {false, true, true, Absente},
		{true, false, false, Absente}, {true, false, true, Grisee}, {true, true, false, Absente}, {true, true, true, Active},
	} {
		t.Run(fmt.Sprintf("module=%v option=%v droit=%v", row.module, row.option, row.droit), func(t *testing.T) {
			c, _ := testVault(t)
			sys := Systeme("essai")
			employer := siret
			if !row.module {
				employer = other
			} else if err := c.Registre().SetEmployeur(ctx, sys, siret, func(e *Employeur) { e.Actif = row.option }); err != nil {
				t.Fatal(err)
			}
			if err := c.Comptes().AddUtilisateur(ctx, sys, "paie", "", "une longue phrase de passe"); err != nil {
				t.Fatal(err)
			}
			if row.droit {
				if err := c.Comptes().Grant(ctx, sys, "paie", employer, DroitDepot, DroitSuivi); err != nil {
					t.Fatal(err)
				}
			}
			depot, suivi, err := c.Comptes().Actions(ctx, Utilisateur("paie"), employer)
			if err != nil || depot != row.want || suivi != row.want {
				t.Errorf("got %v, %v, %v, want %v", depot, suivi, err, row.want)
			}
			// The server refuses whatever the buttons showed.
			d := bulletin("A1")
			d.Employeur = employer
			results, err := c.Deposit(ctx, Utilisateur("paie"), []Document{d})
			if err != nil {
				t.Fatal(err)
			}
			if accepted := results[0].Err == nil; accepted != (row.want == Active) {
				t.Errorf("deposit: %v, want accepted %v", results[0].Err, row.want == Active)
			}
		})
	}
}

func TestRightsOfUsersThereWereAreGrantedOnce(t *testing.T) {
	c, _ := testVault(t)
	sys := Systeme("essai")
	if err := c.Comptes().AddUtilisateur(ctx, sys, "ancien", "", "une longue phrase de passe"); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Comptes().MigrateDroits(ctx, sys, siret); err != nil || n != 1 {
		t.Fatalf("granted to %d users, %v, want 1", n, err)
	}
	if err := c.Comptes().Revoke(ctx, sys, "ancien", siret, DroitDepot, DroitSuivi); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Comptes().MigrateDroits(ctx, sys, siret); err != nil || n != 0 {
		t.Errorf("granted again to %d users, %v", n, err)
	}
	if depot, _, err := c.Comptes().Actions(ctx, Utilisateur("ancien"), siret); err != nil || depot != Absente {
		t.Errorf("a right that was withdrawn came back: %v %v", depot, err)
	}
	_, err := c.Comptes().MigrateDroits(ctx, sys, other)
	wantCode(t, err, "COF-301")
}

func TestUnknownRefusedAndForeignDocumentsLookTheSame(t *testing.T) {
	c, _ := testVault(t)
	sys := Systeme("essai")
	recus := deposit(t, c, bulletin("A1"), bulletin("A2"))
	if err := c.Comptes().AddUtilisateur(ctx, sys, "ailleurs", "", "une longue phrase de passe"); err != nil {
		t.Fatal(err)
	}
	if err := c.Comptes().Grant(ctx, sys, "ailleurs", other, Droits...); err != nil {
		t.Fatal(err)
	}
	two, _ := c.Registre().AgentDe(ctx, siret, "A2")
	unknown := ID{1, 2, 3}
	for name, par := range map[string]Acteur{"other agent": Agent(two), "user of another employer": Utilisateur("ailleurs")} {
		for verb, call := range map[string]func(ID) error{
			"read":     func(id ID) error { _, err := c.Read(ctx, par, id, io.Discard); return err },
			"metadata": func(id ID) error { _, err := c.Metadata(ctx, par, id); return err },
			"check":    func(id ID) error { _, err := c.Check(ctx, par, id); return err },
			"destroy":  func(id ID) error { return erased(c, par, id, CopieAgent, "essai") },
			"journal": func(id ID) error {
				for _, err := range c.Journal(ctx, par, FiltreJournal{Sujet: id}) {
					return err
				}
				return nil
			},
		} {
			foreign, absent := call(recus[0].ID), call(unknown)
			wantCode(t, foreign, "COF-204")
			if foreign == nil || absent == nil || foreign.Error() != absent.Error() {
				t.Errorf("%s, %s: a foreign document says %v, an absent one %v", name, verb, foreign, absent)
			}
		}
	}
}

func TestAdministratorHasNoWayToADocument(t *testing.T) {
	c, _ := testVault(t)
	recu := deposit(t, c, bulletin("A1"))[0]
	admin := Administrateur("exploitation")
	_, err := c.Read(ctx, admin, recu.ID, io.Discard)
	wantCode(t, err, "COF-306")
	wantCode(t, erased(c, admin, recu.ID, ToutesCopies, "essai"), "COF-306")
	results, err := c.Deposit(ctx, admin, []Document{bulletin("A2")})
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, results[0].Err, "COF-306")
	m, err := c.Metadata(ctx, admin, recu.ID)
	if err != nil || m.Nom != "" || m.Prenom != "" || m.Titre != "" || m.Empreinte == "" {
		t.Errorf("metadata for the administrator: nom %q titre %q, %v", m.Nom, m.Titre, err)
	}
	for m, err := range c.List(ctx, admin, Filtre{Employeur: siret}) {
		if err != nil || m.Nom != "" {
			t.Errorf("list for the administrator: %q, %v", m.Nom, err)
		}
	}
}

func TestRefusedAccessIsInTheJournalOfTheDocument(t *testing.T) {
	c, _ := testVault(t)
	recus := deposit(t, c, bulletin("A1"), bulletin("A2"))
	one, _ := c.Registre().AgentDe(ctx, siret, "A1")
	two, _ := c.Registre().AgentDe(ctx, siret, "A2")
	read(t, c, Agent(one), recus[0].ID)
	c.Read(ctx, Agent(two), recus[0].ID, io.Discard)
	var got []string
	for e, err := range c.Journal(ctx, Agent(one), FiltreJournal{Sujet: recus[0].ID}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, e.Genre.String())
	}
	if want := "depot lecture refus d'acces"; strings.Join(got, " ") != want {
		t.Errorf("the agent sees %q, want %q", got, want)
	}
}

func TestThreeFailuresLockFor120Minutes(t *testing.T) {
	c, k := testVault(t)
	const password = "une longue phrase de passe"
	if err := c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "", password); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		_, err := c.Comptes().Authenticate(ctx, Provenance{}, "paie", "faux")
		wantCode(t, err, "COF-314")
	}
	_, err := c.Comptes().Authenticate(ctx, Provenance{}, "paie", password)
	wantCode(t, err, "COF-315")
	k.add(119*time.Minute + 30*time.Second)
	_, err = c.Comptes().Authenticate(ctx, Provenance{}, "paie", password)
	wantCode(t, err, "COF-315")
	k.add(30 * time.Second)
	if _, err = c.Comptes().Authenticate(ctx, Provenance{}, "paie", password); err != nil {
		t.Errorf("after 120 minutes: %v", err)
	}
}

func TestLockTellsNothingOfWhichAccountsThereAre(t *testing.T) {
	c, k := testVault(t)
	must(t, c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "", "une longue phrase de passe"))
	must(t, c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "ancien", "", "une longue phrase de passe"))
	must(t, c.Comptes().CloseCompte(ctx, Systeme("essai"), "ancien"))
	answers := func(login string) (list []string) {
		for range 5 {
			_, err := c.Comptes().Authenticate(ctx, Provenance{Source: "192.0.2.1"}, login, "faux")
			list = append(list, err.Error())
		}
		k.add(121 * time.Minute)
		return list
	}
	known := answers("paie")
	if !strings.Contains(known[4], "COF-315") || strings.Contains(known[2], "COF-315") {
		t.Fatalf("answers to a wrong password: %q", known)
	}
	for _, login := range []string{"inconnu", "ancien", ""} {
		if got := answers(login); !slices.Equal(got, known) {
			t.Errorf("the answers for %q are %q, for an account %q", login, got, known)
		}
	}
}

func TestFailuresOfAnotherKeepNoOwnerOut(t *testing.T) {
	c, k := testVault(t)
	const password = "une longue phrase de passe"
	must(t, c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "", password))
	device, err := c.Comptes().NewToken(ctx, Utilisateur("paie"), "paie", k.Now().Add(time.Hour))
	must(t, err)
	k.add(48 * time.Hour) // the token died of age, the device is known by it still
	shared := Provenance{Source: "192.0.2.1"}
	for range 6 {
		c.Comptes().Authenticate(ctx, shared, "paie", "faux")
	}
	_, err = c.Comptes().Authenticate(ctx, shared, "paie", password)
	wantCode(t, err, "COF-315")
	for _, from := range []Provenance{{Source: "192.0.2.2"}, {Source: "192.0.2.1", Appareil: device}} {
		if par, err := c.Comptes().Authenticate(ctx, from, "paie", password); err != nil || par.Nom != "paie" {
			t.Errorf("the owner from %q is kept out: %v", from.Source, err)
		}
	}
	forged := Provenance{Source: "192.0.2.1", Appareil: device[:len(device)-2] + "AA"}
	_, err = c.Comptes().Authenticate(ctx, forged, "paie", password)
	wantCode(t, err, "COF-315")
	must(t, c.Comptes().SetMotDePasse(ctx, Systeme("essai"), "paie", "une autre longue phrase"))
	if _, err := c.Comptes().Authenticate(ctx, shared, "paie", "une autre longue phrase"); err != nil {
		t.Errorf("a new password does not lift the wait: %v", err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTokenIsInTheJournalWithWhoAskedForIt(t *testing.T) {
	c, k := testVault(t)
	sys := Systeme("essai")
	for _, login := range []string{"anne", "bob"} {
		if err := c.Comptes().AddUtilisateur(ctx, sys, login, "", "une longue phrase de passe"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Comptes().Grant(ctx, sys, "anne", siret, DroitComptes); err != nil {
		t.Fatal(err)
	}
	until := k.Now().Add(time.Hour)
	_, err := c.Comptes().NewToken(ctx, Utilisateur("anne"), "bob", until)
	wantCode(t, err, "COF-305")
	for _, par := range []Acteur{sys, Utilisateur("bob")} {
		if _, err := c.Comptes().NewToken(ctx, par, "bob", until); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, g := range []Genre{EvRefusAcces, EvMaintenance} {
		for e, err := range c.Journal(ctx, sys, FiltreJournal{Genre: g}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, string(e.Corps))
		}
	}
	day := until.Format(time.RFC3339)
	want := []string{
		`{"par":"anne","objet":"jeton","cause":"COF-305"}`,
		`{"par":"essai","objet":"jeton","cause":"bob, ` + day + `"}`,
		`{"par":"bob","objet":"jeton","cause":"bob, ` + day + `"}`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("journal\n%q, want\n%q", got, want)
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	c, _ := testVault(t)
	for password, code := range map[string]string{"": "COF-316", "court": "COF-316", strings.Repeat("x", 129): "COF-316",
		"aaaaaaaaaaaaaaaaaaaa": "COF-317", "le compte PAIE 2026 de la ville": "COF-317"} {
		wantCode(t, c.Comptes().AddUtilisateur(ctx, Systeme("essai"), "paie", "", password), code)
	}
}

func TestDoubleIsKeptUntilItsRetentionEnds(t *testing.T) {
	c, k := testVault(t)
	sys := Systeme("essai")
	recu := deposit(t, c, bulletin("A1"))[0]
	agent, _ := c.Registre().AgentDe(ctx, siret, "A1")
	read(t, c, Agent(agent), recu.ID)
	k.add(48 * time.Hour)
	wantCode(t, erased(c, sys, recu.ID, CopieDouble, "essai"), "COF-209")
	wantCode(t, erased(c, sys, recu.ID, CopieAgent, "essai"), "COF-208")
	wantCode(t, erased(c, Agent(agent), recu.ID, CopieDouble, "essai"), "COF-306")
	k.add(5 * 366 * 24 * time.Hour)
	echus := 0
	for m, err := range c.Echus(ctx, sys, siret) {
		if err != nil || m.ID != recu.ID {
			t.Errorf("ended: %v, %v", m.ID, err)
		}
		echus++
	}
	if echus != 1 {
		t.Errorf("%d documents whose retention ended, want 1", echus)
	}
	if err := erased(c, sys, recu.ID, CopieDouble, "fin de conservation"); err != nil {
		t.Fatal(err)
	}
	_, err := c.Read(ctx, sys, recu.ID, io.Discard)
	wantCode(t, err, "COF-205")
	if got := read(t, c, Agent(agent), recu.ID); !bytes.Equal(got, pdf("bulletin de A1")) {
		t.Errorf("the agent's copy is %q", got)
	}
	c.Close(ctx)
	wantHealthy(t, c.root, c.opts)
}

func TestDestroyedDocumentLeavesTheTreeValidAndSilent(t *testing.T) {
	c, k := testVault(t)
	recus := deposit(t, c, bulletins(0, 5)...)
	if err := erased(c, Systeme("essai"), recus[2].ID, ToutesCopies, "erreur de destinataire"); err != nil {
		t.Fatal(err)
	}
	if err := erased(c, Systeme("essai"), recus[2].ID, ToutesCopies, "encore"); err == nil {
		t.Error("a document that was destroyed is still found")
	}
	// The receipt that was given still proves that it had been deposited.
	digest, _ := recus[2].Empreinte()
	if err := recus[2].Verify(c.book.Desc.Journal, digest); err != nil {
		t.Errorf("old receipt: %v", err)
	}
	for e, err := range c.Journal(ctx, Systeme("essai"), FiltreJournal{Sujet: recus[2].ID, Genre: EvDepot}) {
		if err != nil || e.Corps != nil {
			t.Errorf("the journal still says %s, %v", e.Corps, err)
		}
	}
	if _, err := c.blobs.Get(ctx, mustBlob(t, recus[2]), nil, 1<<20); err == nil {
		t.Error("the blob is still there")
	}
	// The slip can be deposited again, as another document.
	again := deposit(t, c, bulletins(2, 3)...)[0]
	if again.ID == recus[2].ID {
		t.Error("the new document has the identifier of the destroyed one")
	}
	k.add(48 * time.Hour)
	deposit(t, c, bulletins(10, 12)...)
	c.Close(ctx)
	if r := wantHealthy(t, c.root, c.opts); r.Destroyed != 1 {
		t.Errorf("fsck counts %d destroyed, want 1", r.Destroyed)
	}
}

func mustBlob(t *testing.T, r *Recu) BlobName {
	t.Helper()
	h, err := journal.ParseHeader(r.Entete)
	if err != nil {
		t.Fatal(err)
	}
	return h.Blob
}

func TestListPagesInOrder(t *testing.T) {
	c, _ := testVault(t)
	var docs []Document
	for m := 1; m <= 3; m++ {
		for i := range 4 {
			d := bulletin(fmt.Sprintf("A%d", i))
			d.Periode.Mois = m
			d.Contenu = content(pdf(fmt.Sprint(m, i)))
			docs = append(docs, d)
		}
	}
	deposit(t, c, docs...)
	var all []ID
	last := Periode{Annee: 9999, Mois: 12}
	for m, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret}) {
		if err != nil {
			t.Fatal(err)
		}
		if m.Periode.String() > last.String() {
			t.Errorf("period %v comes after %v", m.Periode, last)
		}
		last = m.Periode
		all = append(all, m.ID)
	}
	if len(all) != 12 {
		t.Fatalf("%d documents, want 12", len(all))
	}
	var paged []ID
	for f := (Filtre{Employeur: siret, Limite: 5}); ; {
		n := 0
		for m, err := range c.List(ctx, Systeme("essai"), f) {
			if err != nil {
				t.Fatal(err)
			}
			paged, f.Apres = append(paged, m.ID), m.ID
			n++
		}
		if n < 5 {
			break
		}
	}
	if fmt.Sprint(paged) != fmt.Sprint(all) {
		t.Errorf("pages give %v\nwant %v", paged, all)
	}
	for name, row := range map[string]struct {
		f    Filtre
		want int64
	}{
		"month": {Filtre{Employeur: siret, Periode: Periode{Annee: 2026, Mois: 2}}, 4}, "agent": {Filtre{Employeur: siret, Matricule: "A1"}, 3},
		"year": {Filtre{Employeur: siret, Annee: 2026}, 12}, "other year": {Filtre{Employeur: siret, Annee: 2025}, 0},
		"annexes": {Filtre{Employeur: siret, Nature: Annexe}, 0}, "other employer": {Filtre{Employeur: other}, 0},
	} {
		if n, err := c.Count(ctx, Systeme("essai"), row.f); err != nil || n != row.want {
			t.Errorf("%s: %d, %v, want %d", name, n, err, row.want)
		}
	}
}

func TestListWithoutALimitComesToItsEnd(t *testing.T) {
	c, _ := testVault(t)
	deposit(t, c, bulletins(0, book.PageSize+1)...)
	for _, limit := range []int{0, -1} { // -1: of who counts down beyond nothing
		n := 0
		for _, err := range c.List(ctx, Systeme("essai"), Filtre{Employeur: siret, Limite: limit}) {
			must(t, err)
			n++
		}
		if n != book.PageSize+1 {
			t.Errorf("limit %d: %d documents, want %d", limit, n, book.PageSize+1)
		}
	}
}

func TestConsistencyBetweenAnyTwoCheckpoints(t *testing.T) {
	c, _ := testVault(t)
	var recus []*Recu
	for i := range 4 {
		recus = append(recus, deposit(t, c, bulletins(i*3, i*3+3)...)...)
	}
	for i, a := range recus {
		for _, b := range recus[i:] {
			from, to := pointOf(t, c, a), pointOf(t, c, b)
			proof, err := c.Coherence(ctx, from.Taille, to.Taille)
			if err != nil {
				t.Fatal(err)
			}
			if err := checkTree(proof, to, from); err != nil {
				t.Errorf("from %d to %d: %v", from.Taille, to.Taille, err)
			}
			if from.Taille < to.Taille {
				from.Racine[0] ^= 1
				if checkTree(proof, to, from) == nil {
					t.Errorf("a false root at %d is proved", from.Taille)
				}
			}
		}
	}
}

func checkTree(proof []tlog.Hash, to, from Point) error {
	return tlog.CheckTree(proof, to.Taille, to.Racine, from.Taille, from.Racine)
}

func TestRecoveryKeyIsUsedByTwoPersonsAndTheAgentSeesIt(t *testing.T) {
	c, _ := testVault(t)
	recus := deposit(t, c, bulletins(0, 3)...)
	keyDir := filepath.Join(c.root, keys.Dir)
	secours := filepath.Join(t.TempDir(), "secours.cle")
	if err := os.Rename(filepath.Join(keyDir, CleSecours+".cle"), secours); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{CleMaitre, CleEmployeur(siret)} {
		if err := os.Remove(filepath.Join(keyDir, name+".cle")); err != nil {
			t.Fatal(err)
		}
	}
	for _, login := range []string{"un", "deux"} {
		if err := c.Comptes().AddUtilisateur(ctx, Systeme("essai"), login, login, "correct horse battery"); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Comptes().Grant(ctx, Systeme("essai"), "un", siret, DroitLecture); err != nil {
		t.Fatal(err)
	}
	export := func(s Secours) ([]byte, error) {
		var b bytes.Buffer
		_, err := c.ExportSecours(ctx, Utilisateur("un"), s, Filtre{Employeur: siret}, &b)
		return b.Bytes(), err
	}
	s := Secours{Cle: secours, Second: Utilisateur("deux"), Motif: "clés perdues, accord du 22/11"}
	_, err := export(s)
	wantCode(t, err, "COF-304")
	if err := c.Comptes().Grant(ctx, Systeme("essai"), "deux", siret, DroitLecture); err != nil {
		t.Fatal(err)
	}
	for name, alone := range map[string]Secours{"same person": {secours, Utilisateur("un"), "perte"}, "no reason": {secours, s.Second, ""}, "operator": {secours, Systeme("deux"), "perte"}} {
		if _, err := export(alone); err == nil {
			t.Errorf("%s: the key was used", name)
		} else {
			wantCode(t, err, "COF-222")
		}
	}
	b, err := export(s)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, ".pdf") {
			found++
		}
	}
	if found != 3 {
		t.Errorf("%d documents in the export, want 3", found)
	}
	agent, err := c.Registre().AgentDe(ctx, siret, "A00001")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for e, err := range c.Journal(ctx, Agent(agent), FiltreJournal{Sujet: recus[1].ID, Genre: EvSecours}) {
		if err != nil {
			t.Fatal(err)
		}
		if seen++; !strings.Contains(string(e.Corps), "un et deux") || !strings.Contains(string(e.Corps), s.Motif) {
			t.Errorf("the agent sees %s", e.Corps)
		}
	}
	if seen != 1 {
		t.Errorf("the agent sees %d openings, want 1", seen)
	}
}
