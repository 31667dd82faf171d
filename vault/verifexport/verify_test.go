package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault"
	"paye/vault/vaulttest"
)

var ctx = context.Background()

const siret = "21060011800017"

// exported makes a vault with documents, and an export of it.
func exported(t *testing.T) (path, key string, witness []byte) {
	t.Helper()
	root := filepath.Join(t.TempDir(), "coffre")
	now := time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)
	o := vault.Options{Clock: func() time.Time { now = now.Add(time.Second); return now }}
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(vault.Init(ctx, root, vault.InitOptions{Options: o}))
	c, err := vault.Open(ctx, root, o)
	check(err)
	sys := vault.Systeme("essai")
	check(c.Registre().AddEmployeur(ctx, sys, siret, "Ville d'essai", nil))
	check(c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.Actif = true }))
	witness, err = c.WritePoint(ctx)
	check(err)
	for m := 1; m <= 3; m++ {
		var lot []vault.Document
		for i := range 5 {
			text := fmt.Sprintf("%%PDF-1.7\n1 0 obj<</Pages<</Kids[<</Type/Page>>]>>>>endobj trailer<</Root 1 0 R>>\n%% bulletin %d du mois %d\n%%%%EOF\n", i, m)
			lot = append(lot, vault.Document{Identite: vault.Identite{Employeur: siret, Matricule: fmt.Sprintf("A%d", i), Nom: "Éléonore; \"d'Été\""}, Periode: vault.Periode{Annee: 2026, Mois: m},
				Nature: vault.Bulletin, Titre: "=1+1.pdf", Contenu: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
		}
		results, err := c.Deposit(ctx, sys, lot)
		check(err)
		for _, r := range results {
			check(r.Err)
		}
		now = now.Add(26 * time.Hour)
	}
	path = filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(path)
	check(err)
	r, err := c.Export(ctx, sys, vault.Filtre{Employeur: siret}, f)
	check(err)
	check(f.Close())
	if r.Documents != 15 {
		t.Fatalf("exported %d documents, want 15", r.Documents)
	}
	key, err = c.Verificateur(ctx)
	check(err)
	check(c.Close(ctx))
	return path, key, witness
}

func TestWholeExportIsVerified(t *testing.T) {
	path, key, witness := exported(t)
	file := filepath.Join(t.TempDir(), "point.note")
	if err := os.WriteFile(file, witness, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"-cle", key, "-temoin", file, path}, &out, &errs); code != 0 || !strings.HasPrefix(out.String(), "ok: 15 documents") {
		t.Errorf("exit %d: %s%s", code, out.String(), errs.String())
	}
	if unzip, err := exec.LookPath("unzip"); err != nil {
		t.Log("unzip is not installed: not judged by it")
	} else if b, err := exec.Command(unzip, "-tqq", path).CombinedOutput(); err != nil {
		t.Errorf("unzip: %v: %s", err, b)
	}
}

func TestExportIsNotVerifiedWithAnotherKeyOrWitness(t *testing.T) {
	path, key, witness := exported(t)
	otherPath, otherKey, otherWitness := exported(t)
	for name, err := range map[string]error{
		"key":     second(verify(path, otherKey, nil)),
		"witness": second(verify(path, key, [][]byte{otherWitness})),
		"forged":  second(verify(path, key, [][]byte{bytes.Replace(witness, []byte("temps 1"), []byte("temps 2"), 1)})),
	} {
		if err == nil {
			t.Errorf("another %s is accepted", name)
		}
	}
	if _, err := verify(otherPath, otherKey, [][]byte{otherWitness}); err != nil {
		t.Error(err)
	}
}

func second(_ *result, err error) error { return err }

// rewritten copies an export, each file changed by change; nil leaves it out.
func rewritten(t *testing.T, path string, change func(name string, b []byte) []byte) string {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if b = change(strings.TrimPrefix(f.Name, root), b); b == nil {
			continue
		}
		e, err := w.Create(f.Name)
		if err != nil {
			t.Fatal(err)
		}
		e.Write(b)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "autre.zip")
	if err := os.WriteFile(to, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

func TestEveryChangedOrMissingFileIsSeen(t *testing.T) {
	path, key, _ := exported(t)
	var all []string
	same := rewritten(t, path, func(name string, b []byte) []byte { all = append(all, name); return b })
	if _, err := verify(same, key, nil); err != nil {
		t.Fatalf("the copy itself: %v", err)
	}
	for _, victim := range all {
		flipped := rewritten(t, path, func(name string, b []byte) []byte {
			if name == victim {
				b[len(b)/2] ^= 1
			}
			return b
		})
		if _, err := verify(flipped, key, nil); err == nil {
			t.Errorf("%s with a flipped bit is accepted", victim)
		}
		missing := rewritten(t, path, func(name string, b []byte) []byte {
			if name == victim {
				return nil
			}
			return b
		})
		if _, err := verify(missing, key, nil); err == nil {
			t.Errorf("%s missing is accepted", victim)
		}
	}
}

func TestSwappedDocumentsAreSeenThoughTheBagIsWhole(t *testing.T) {
	path, key, _ := exported(t)
	// Every A1 becomes A2 in the index, and the manifests are made again: only
	// the receipts can tell.
	changed := rewritten(t, path, func(name string, b []byte) []byte {
		if name == "data/index.json" {
			return bytes.ReplaceAll(b, []byte(`"matricule":"A1"`), []byte(`"matricule":"A2"`))
		}
		return b
	})
	changed = remanifested(t, changed)
	_, err := verify(changed, key, nil)
	if err == nil || !strings.Contains(err.Error(), "the manifest is not the one that the vault signed") || !strings.Contains(err.Error(), "the index does not say what was deposited") {
		t.Errorf("got %v", err)
	}
}

// Each field of both indexes is changed in turn, in one and in both, and the
// manifests are made again. The signature of the vault tells each time; for what
// a leaf commits to, the receipt alone would.
func TestEveryFieldThatPeopleReadIsCompared(t *testing.T) {
	path, key, _ := exported(t)
	swap := func(fields map[string]string, column int, files ...string) string {
		return remanifested(t, rewritten(t, path, func(name string, b []byte) []byte {
			if !slices.Contains(files, name) {
				return b
			}
			if name == "data/index.json" {
				for from, to := range fields {
					b = bytes.ReplaceAll(b, []byte(from), []byte(to))
				}
				return b
			}
			rows := csv.NewReader(bytes.NewReader(b))
			rows.Comma = ';'
			all, err := rows.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			all[2][column] += "9"
			var out bytes.Buffer
			w := csv.NewWriter(&out)
			w.Comma = ';'
			w.WriteAll(all)
			return out.Bytes()
		}))
	}
	refused := func(what, changed string, alone bool) {
		t.Helper()
		_, err := verify(changed, key, nil)
		if err == nil || !strings.Contains(err.Error(), "manifest.note") {
			t.Errorf("%s is accepted: %v", what, err)
		}
		if alone && strings.Count(fmt.Sprint(err), "\n") == 0 {
			t.Errorf("%s: only the signature tells: %v", what, err)
		}
	}
	for column, name := range columns {
		refused("index.csv, "+name, swap(nil, column, "data/index.csv"), true)
	}
	for field, row := range map[string]struct {
		from, to string
		alone    bool
	}{
		"matricule":  {`"matricule":"A1"`, `"matricule":"A9"`, true},
		"nom":        {`"nom":"É`, `"nom":"E`, true},
		"periode":    {`"periode":"2026-02"`, `"periode":"2026-05"`, true},
		"titre":      {`"titre":"=1+1.pdf"`, `"titre":"b.pdf"`, true},
		"deposant":   {`"deposant":"essai"`, `"deposant":"autre"`, true},
		"date":       {`"date":"2026-`, `"date":"2025-`, true},
		"copies":     {`"copies":3`, `"copies":1`, false},
		"agent":      {`"agent":"`, `"agent":"0`, true},
		"algorithme": {`"algorithme":"SHA-256"`, `"algorithme":"MD5"`, true},
		"index":      {`"index":`, `"index":1`, true},
		"taille":     {`"taille":`, `"taille":1`, true},
		"sequence":   {`"sequence":0`, `"sequence":1`, true},
		"versement":  {`"agent":"`, `"versement":"00112233445566778899aabbccddeeff","agent":"`, true},
		"prenom":     {`"nom":"`, `"prenom":"Autre","nom":"`, true},
	} {
		refused("index.json, "+field, swap(map[string]string{row.from: row.to}, 0, "data/index.json"), row.alone)
	}
}

func TestWhatNoIndexNamesIsRefused(t *testing.T) {
	path, key, _ := exported(t)
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	for _, name := range []string{"data/extra.pdf", "data/documents/extra.pdf", "extra.txt"} {
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		for _, f := range z.File {
			if err := w.Copy(f); err != nil {
				t.Fatal(err)
			}
		}
		e, err := w.Create(root + name)
		if err != nil {
			t.Fatal(err)
		}
		e.Write([]byte("autre chose"))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		more := filepath.Join(t.TempDir(), "plus.zip")
		if err := os.WriteFile(more, out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := verify(remanifested(t, more), key, nil); err == nil || !strings.Contains(err.Error(), name+" is in no index") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestCheckpointOfAReceiptIsCompared(t *testing.T) {
	path, key, _ := exported(t)
	changed := remanifested(t, rewritten(t, path, func(name string, b []byte) []byte {
		if strings.HasPrefix(name, "data/preuves/") {
			return bytes.ReplaceAll(b, []byte("xhl-coffre/"), []byte("xhl-coffre-"))
		}
		return b
	}))
	if _, err := verify(changed, key, nil); err == nil || !strings.Contains(err.Error(), "its checkpoint is not the export's") {
		t.Errorf("got %v", err)
	}
}

// remanifested gives a bag true manifests again.
func remanifested(t *testing.T, path string) string {
	t.Helper()
	sums := map[string]string{}
	rewritten(t, path, func(name string, b []byte) []byte {
		sums[name] = fmt.Sprintf("%x", sha(b))
		return b
	})
	var manifest, tags strings.Builder
	for name, s := range sums {
		if strings.HasPrefix(name, "data/") {
			fmt.Fprintf(&manifest, "%s  %s\n", s, name)
		}
	}
	sums["manifest-sha256.txt"] = fmt.Sprintf("%x", sha([]byte(manifest.String())))
	for name, s := range sums {
		if !strings.HasPrefix(name, "data/") && name != "tagmanifest-sha256.txt" {
			fmt.Fprintf(&tags, "%s  %s\n", s, name)
		}
	}
	return rewritten(t, path, func(name string, b []byte) []byte {
		switch name {
		case "manifest-sha256.txt":
			return []byte(manifest.String())
		case "tagmanifest-sha256.txt":
			return []byte(tags.String())
		}
		return b
	})
}

func TestProgramUsesTheStandardLibraryOnly(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	if err != nil {
		t.Skip("go list:", err)
	}
	if got := strings.Fields(string(out)); len(got) != 1 || got[0] != "paye/vault/verifexport" {
		t.Errorf("depends on %v", got)
	}
}

func TestUsage(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(nil, &out, &errs); code != 64 {
		t.Errorf("exit %d, want 64", code)
	}
	if code := run([]string{filepath.Join(t.TempDir(), "absent.zip")}, &out, &errs); code != 14 {
		t.Errorf("exit %d, want 14", code)
	}
}

func sha(b []byte) hash { return sha256.Sum256(b) }

// TestProofsAgreeWithAnotherImplementation holds the arithmetic of this
// program against the one that the vault uses, for every pair of sizes.
func TestProofsAgreeWithAnotherImplementation(t *testing.T) {
	const most = 70
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	roots := []hash{{}}
	for n := int64(0); n < most; n++ {
		more, err := tlog.StoredHashes(n, fmt.Append(nil, n), reader)
		if err != nil {
			t.Fatal(err)
		}
		stored = append(stored, more...)
		r, err := tlog.TreeHash(n+1, reader)
		if err != nil {
			t.Fatal(err)
		}
		roots = append(roots, hash(r))
	}
	for size := int64(1); size <= most; size++ {
		for i := range size {
			p, err := tlog.ProveRecord(size, i, reader)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := inclusion(i, size, leafHash(fmt.Append(nil, i)), plain(p)); err != nil || got != roots[size] {
				t.Errorf("leaf %d of %d: %v", i, size, err)
			}
			c, err := tlog.ProveTree(size, i+1, reader)
			if err != nil {
				t.Fatal(err)
			}
			if err := consistency(i+1, size, roots[i+1], roots[size], plain(c)); err != nil {
				t.Errorf("%d to %d: %v", i+1, size, err)
			}
			if consistency(i+1, size, roots[size], roots[i+1], plain(c)) == nil && i+1 != size {
				t.Errorf("%d to %d: swapped roots are accepted", i+1, size)
			}
		}
	}
}

func plain[P ~[]tlog.Hash](p P) []hash {
	out := []hash{}
	for _, h := range p {
		out = append(out, hash(h))
	}
	return out
}

func TestExportOfTheGoldenVaultIsVerified(t *testing.T) {
	dir := vaulttest.Golden(t, "../testdata/golden-vault.zip")
	o := vault.Options{Clock: vaulttest.NewClock(vaulttest.GoldenTime.Add(time.Hour)).Now}
	c, err := vault.Open(ctx, filepath.Join(dir, "coffre"), o)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	path := filepath.Join(t.TempDir(), "export.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Export(ctx, vault.Systeme("essai"), vault.Filtre{Employeur: "21967674900019"}, f)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	key, err := c.Verificateur(ctx)
	if err != nil {
		t.Fatal(err)
	}
	witness, err := os.ReadFile(filepath.Join(dir, "temoin.note"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := verify(path, key, [][]byte{witness})
	if err != nil || r.documents != 4 {
		t.Errorf("%+v, %v", r, err)
	}
}
