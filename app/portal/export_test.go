package portal_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/app/portal/portaltest"
	"paye/vault"
	"paye/vault/vaulttest"
)

// Everything in one click: what an agent takes away is verified by a program
// that shares no code with the vault, and his own documents are what he put
// there.
func TestExportOfEverythingIsVerifiedWithoutTheVault(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build verifexport with")
	}
	b, _, a, _ := opened(t)
	b.Deposit(t, "2026-11", "A1")
	if err := b.AddPiece(t.Context(), a.ID, "diplôme.pdf", strings.NewReader("%PDF-1.7 diplome")); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := b.Export(t.Context(), b.Stored(t, a.ID), &out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	own, verified := false, false
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(f.Name, "mes-documents/") {
			own = strings.HasSuffix(f.Name, "diplôme.pdf") && string(content) == "%PDF-1.7 diplome"
			continue
		}
		path := filepath.Join(t.TempDir(), "export.zip")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		said, err := exec.Command("go", "run", "paye/vault/verifexport", path).CombinedOutput()
		if verified = err == nil && strings.Contains(string(said), "ok: 2 documents"); !verified {
			t.Errorf("%s: %v\n%s", f.Name, err, said)
		}
	}
	if !own || !verified {
		t.Errorf("own documents %t, payslips %t", own, verified)
	}
}

// A deposit meets the memberships: who refused is on paper at the next run, and
// not before he did; who came back is deposited again.
func TestDepositsMeetMemberships(t *testing.T) {
	b, _, _, _ := opened(t)
	slip := func(month string) string {
		p, err := vault.ParsePeriode(month)
		if err != nil {
			t.Fatal(err)
		}
		d := vaulttest.Slip("A1", p)
		d.Nom, d.Prenom = "NomA1", "Camille"
		results, err := b.V.Deposit(t.Context(), vault.Systeme("essai"), []vault.Document{d})
		if err != nil {
			t.Fatal(err)
		}
		if results[0].Err == nil {
			return "deposited"
		}
		code(t, month, results[0].Err, "COF-219")
		return "paper"
	}
	if got := slip("2026-11"); got != "deposited" {
		t.Errorf("before the refusal: %s", got)
	}
	if err := b.DraftRefusal(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if got := slip("2026-12"); got != "deposited" {
		t.Errorf("with a form that was not confirmed: %s", got)
	}
	if _, err := b.ConfirmRefusal(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if got := slip("2027-01"); got != "paper" {
		t.Errorf("after the refusal: %s", got)
	}
	if err := b.AcceptElectronic(t.Context(), "anne", siret, "A1"); err != nil {
		t.Fatal(err)
	}
	if got := slip("2027-02"); got != "deposited" {
		t.Errorf("after the way back: %s", got)
	}
}

// The limit of a refusal raises an alarm before it is reached, and until a run
// has followed.
func TestLimitOfARefusalRaisesAnAlarm(t *testing.T) {
	b, _, _, _ := opened(t)
	if err := b.DraftRefusal(t.Context(), siret, "A1"); err != nil {
		t.Fatal(err)
	}
	m, err := b.ConfirmRefusal(t.Context(), siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	alarmed := func(b *portaltest.Bench) bool {
		late, err := b.Late(t.Context(), siret, 30*24*time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		return len(late) == 1
	}
	b.Clock.Add(m.Limit.Sub(b.Clock.Now()) - 31*24*time.Hour)
	if alarmed(b) {
		t.Error("an alarm a month and a day before")
	}
	b.Clock.Add(2 * 24 * time.Hour)
	if !alarmed(b) {
		t.Error("no alarm in the last month")
	}
	b.Clock.Add(60 * 24 * time.Hour)
	if !alarmed(b) {
		t.Error("no alarm past the limit")
	}
	b.Deposit(t, "2027-03", "B2")
	if err := b.Round(t.Context()); err != nil || alarmed(b) {
		t.Errorf("an alarm after a run has followed: %v", err)
	}
}
