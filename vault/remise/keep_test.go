package remise

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/durable"
	"paye/vault"
)

func TestArchiveHoldsEverySlipBeforeItsDeposit(t *testing.T) {
	c, _ := testVault(t)
	for _, m := range []string{"A00001", "A00004"} {
		if err := c.Registre().SetPapier(ctx, vault.Systeme("cli"), vault.Papier{Employeur: siret, Matricule: m, Cause: vault.CauseRefus}); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	list := bulletins(0, 5)
	texts := []string{"A00000", "A00001", "A00002", strings.Repeat("long", maxHeld/4), strings.Repeat("long", maxHeld/4)}
	for i := range list {
		list[i].Contenu = content(pdf(texts[i]))
	}
	o := depot(5)
	o.Archive = &Archive{Dossier: dir}
	run1(t, c, o, Watch{}, sequence(list, nil))
	for i, d := range list {
		b, err := os.ReadFile(filepath.Join(dir, siret, "2026-09", d.Matricule+"-bulletin-0.pdf"))
		if err != nil || !bytes.Equal(b, pdf(texts[i])) {
			t.Errorf("matricule %s: %v", d.Matricule, err)
		}
	}
	other := t.TempDir()
	n, err := RunArchive(ctx, &Archive{Dossier: other}, sequence(bulletins(0, 3), nil))
	if got := files(t, other); err != nil || n != 3 || len(got) != 3 {
		t.Errorf("without deposit: %d files, %v", len(got), err)
	}
	fault := errors.New("the journal ends here")
	n, err = RunArchive(ctx, &Archive{Dossier: t.TempDir()}, sequence(bulletins(0, 3), fault))
	if !errors.Is(err, fault) || n != 3 {
		t.Errorf("a fault after three: %d counted, %v", n, err)
	}
}

func TestArchiveThatIsMissingStopsBeforeAnyDeposit(t *testing.T) {
	c, _ := testVault(t)
	o := depot(1)
	o.Archive = &Archive{Dossier: filepath.Join(t.TempDir(), "absent")}
	_, err := Run(ctx, c, vault.Systeme("cli"), o, Watch{}, sequence(bulletins(0, 1), nil))
	wantCode(t, err, "COF-601")
	if list, err := c.Versements(ctx, vault.Systeme("cli"), siret); err != nil || len(list) != 0 {
		t.Errorf("a session was opened: %v %v", list, err)
	}
	wantCode(t, (&Archive{Dossier: t.TempDir(), Nommage: "{mois}.pdf"}).Check(), "COF-603")
}

func TestArchivePathStaysBelowItsFolder(t *testing.T) {
	a := &Archive{Dossier: t.TempDir()}
	seen := map[string]string{}
	for _, m := range []string{"../../etc/passwd", "..", ".", "a/b", "a=2fb", "a\\b", "é", "A B", "A_B", "-", ".cache", "ab1", "AB1", "Ab1", "12", "12.", "=61B1"} {
		d := bulletin(m)
		p := a.Path(&d)
		if !filepath.IsLocal(p) || strings.Count(p, string(filepath.Separator)) != 2 {
			t.Errorf("matricule %q goes to %s", m, p)
		}
		folded := strings.ToLower(p) // as shares and other systems see it
		if other, ok := seen[folded]; ok {
			t.Errorf("matricules %q and %q share %s", m, other, p)
		}
		seen[folded] = m
	}
}

// kept returns what the archive has of a document.
func kept(t *testing.T, a *Archive, d vault.Document) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(a.Dossier, a.Path(&d)))
	if err != nil {
		t.Error(err)
	}
	return b
}

// tmps are the files of the archive that are no PDF of a document.
func tmps(t *testing.T, a *Archive) []string {
	t.Helper()
	return slices.DeleteFunc(files(t, a.Dossier), func(p string) bool { return filepath.Ext(p) == ".pdf" })
}

func TestArchiveKeepsWhatWasDepositedWhenAnotherSlipIsRefused(t *testing.T) {
	for _, size := range []int{1, maxHeld + 1} {
		c, _ := testVault(t)
		a := &Archive{Dossier: t.TempDir()}
		fill := strings.Repeat(" ", size)
		o := depot(2)
		o.Archive = a
		list := bulletins(0, 2)
		list[0].Contenu, list[1].Contenu = content(pdf("un"+fill)), content(pdf("deux"+fill))
		run1(t, c, o, Watch{}, sequence(list[:1], nil)) // the second was never there
		o.Source = "sha256:ef01"
		list[0].Contenu = content(pdf("un autre" + fill))
		v := run1(t, c, o, Watch{}, sequence(list, nil))
		if v.Bilan.Deposes != 1 || v.Bilan.Refuses != 1 {
			t.Fatalf("%+v, want one deposited and one refused", v.Bilan)
		}
		if got := kept(t, a, list[0]); !bytes.Equal(got, pdf("un"+fill)) {
			t.Errorf("%d bytes: the archive has another slip than the vault", size)
		}
		if got := kept(t, a, list[1]); !bytes.Equal(got, pdf("deux"+fill)) {
			t.Errorf("%d bytes: the second slip is not in the archive", size)
		}
		if left := tmps(t, a); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestArchiveHasTheSlipThatTheVaultTakesAfterAnother(t *testing.T) {
	for _, size := range []int{1, maxHeld + 1} {
		c, _ := testVault(t)
		a := &Archive{Dossier: t.TempDir()}
		fill := strings.Repeat(" ", size)
		list := bulletins(0, 1)
		list[0].Contenu = content(pdf("avant" + fill))
		if n, err := RunArchive(ctx, a, sequence(list, nil)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		list[0].Contenu = content(pdf("corrigé" + fill))
		if n, err := RunArchive(ctx, a, sequence(list, nil)); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if got := kept(t, a, list[0]); !bytes.Equal(got, pdf("corrigé"+fill)) {
			t.Errorf("%d bytes: PDFs alone are not replaced", size)
		}
		o := depot(1)
		o.Archive = a
		list[0].Contenu = content(pdf("déposé" + fill))
		run1(t, c, o, Watch{}, sequence(list, nil))
		if got := kept(t, a, list[0]); !bytes.Equal(got, pdf("déposé"+fill)) {
			t.Errorf("%d bytes: the archive has not what was deposited", size)
		}
		if left := tmps(t, a); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestArchiveIsWholeAfterAnInterruptedDeposit(t *testing.T) {
	c, _ := testVault(t)
	list := bulletins(0, 6)
	o := depot(6)
	if _, err := Run(ctx, c, vault.Systeme("cli"), o, Watch{}, sequence(list[:4], errors.New("the journal ends here"))); err == nil {
		t.Fatal("not interrupted")
	}
	o.Archive = &Archive{Dossier: t.TempDir()}
	v := run1(t, c, o, Watch{}, sequence(list, nil))
	if v.Bilan.Deposes != 6 || v.Documents != 6 {
		t.Errorf("%+v, %d documents", v.Bilan, v.Documents)
	}
	for _, d := range list {
		if !o.Archive.Has(&d) {
			t.Errorf("matricule %s is not in the archive", d.Matricule)
		}
	}
}

func TestArchiveIsSweptOfWhatAKilledDepositLeft(t *testing.T) {
	a := &Archive{Dossier: t.TempDir()}
	list := bulletins(0, 2)
	dir := filepath.Dir(filepath.Join(a.Dossier, a.Path(&list[0])))
	must(t, os.MkdirAll(dir, 0o700))
	for _, at := range []string{a.Dossier, dir} {
		must(t, os.WriteFile(filepath.Join(at, ".xhl-KILLED.tmp"), pdf("à moitié"), 0o600))
	}
	living, err := durable.Create(filepath.Join(dir, "autre"))
	must(t, err)
	defer living.Abort()
	if _, err := RunArchive(ctx, a, sequence(list, nil)); err != nil {
		t.Fatal(err)
	}
	if left := tmps(t, a); len(left) != 1 || strings.HasSuffix(left[0], "KILLED.tmp") {
		t.Errorf("left %v, want the one of a living process", left)
	}
}
