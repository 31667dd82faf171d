package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"paye/vault/internal/acts"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

const siret = "21060011800017"

// clock is a clock that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 9, 30, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// seeded is a random source that gives the same bytes each time.
func seeded(seed uint64) io.Reader {
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	return rand.NewChaCha8(key)
}

var ctx = context.Background()

// pdf is a small PDF that differs by its text.
func pdf(text string) []byte {
	return []byte("%PDF-1.7\n1 0 obj<</Type/Catalog/Pages<</Kids[<</Type/Page>>]>>>>endobj\n2 0 obj<</Length 20>>stream\n" + text + "\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
}

func content(b []byte) func(context.Context) (io.ReadCloser, error) {
	return func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }
}

var september = Periode{Annee: 2026, Mois: 9}

func bulletin(matricule string) Document {
	return Document{Identite: Identite{Employeur: siret, Matricule: matricule, Nom: "NOM" + matricule, Prenom: "Prénom"}, Periode: september, Nature: Bulletin,
		Titre: "Bulletin 2026-09.pdf", Contenu: content(pdf("bulletin de " + matricule))}
}

func bulletins(from, to int) []Document {
	var list []Document
	for i := from; i < to; i++ {
		list = append(list, bulletin(fmt.Sprintf("A%05d", i)))
	}
	return list
}

// newVault makes a vault with one active employer and returns its folder.
func newVault(t testing.TB, o Options) (root string) {
	t.Helper()
	root = filepath.Join(t.TempDir(), "coffre")
	if err := Init(ctx, root, InitOptions{Options: o}); err != nil {
		t.Fatal(err)
	}
	c := reopen(t, root, o)
	if err := c.Registre().AddEmployeur(ctx, Systeme("essai"), siret, "Ville d'essai", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Registre().SetEmployeur(ctx, Systeme("essai"), siret, func(e *Employeur) { e.Actif = true }); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(ctx); err != nil {
		t.Fatal(err)
	}
	return root
}

func reopen(t testing.TB, root string, o Options) *Coffre {
	t.Helper()
	c, err := Open(ctx, root, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.release() })
	return c
}

func options() (Options, *clock) {
	k := newClock()
	return Options{Clock: k.Now, Random: seeded(1)}, k
}

func testVault(t testing.TB) (*Coffre, *clock) {
	o, k := options()
	return reopen(t, newVault(t, o), o), k
}

// deposit deposits documents that must all be accepted.
func deposit(t testing.TB, s Store, docs ...Document) []*Recu {
	t.Helper()
	results, err := s.Deposit(ctx, Systeme("essai"), docs)
	if err != nil {
		t.Fatal(err)
	}
	var recus []*Recu
	for i, r := range results {
		if r.Err != nil {
			t.Fatalf("document %d: %v", i, r.Err)
		}
		recus = append(recus, r.Recu)
	}
	return recus
}

var wantCode = anomalietest.WantCode

// wantHealthy verifies a closed or open vault and wants nothing wrong.
func wantHealthy(t testing.TB, root string, o Options) *RapportFsck {
	t.Helper()
	r, err := Fsck(ctx, root, FsckOptions{Options: o})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Anomalies {
		t.Errorf("fsck: %v", a)
	}
	return r
}

func read(t testing.TB, s Store, par Acteur, id ID) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := s.Read(ctx, par, id, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestCodesAreCompleteInBothLanguages(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

func TestDepositedDocumentIsReadBackByAgentAndEmployer(t *testing.T) {
	c, _ := testVault(t)
	recu := deposit(t, c, bulletin("A1"))[0]
	agent, err := c.Registre().AgentDe(ctx, siret, "A1")
	if err != nil {
		t.Fatal(err)
	}
	want := pdf("bulletin de A1")
	for name, par := range map[string]Acteur{"agent": Agent(agent), "employer": Systeme("essai")} {
		if got := read(t, c, par, recu.ID); !bytes.Equal(got, want) {
			t.Errorf("%s read %q, want %q", name, got, want)
		}
	}
	if err := recu.Verify(c.book.Desc.Journal, acts.DigestOf(want)); err != nil {
		t.Errorf("receipt: %v", err)
	}
	m, err := c.Metadata(ctx, Systeme("essai"), recu.ID)
	if err != nil {
		t.Fatal(err)
	}
	if m.Matricule != "A1" || m.Taille != int64(len(want)) || m.Algorithme != "SHA-256" || m.Empreinte != acts.DigestOf(want) || m.Deposant != "essai" || m.Date.IsZero() {
		t.Errorf("metadata %+v", m)
	}
}

func TestTwinsInOneBatchAreOneDocument(t *testing.T) {
	c, _ := testVault(t)
	other := bulletin("A1")
	other.Contenu = content(pdf("autre"))
	results, err := c.Deposit(ctx, Systeme("essai"), []Document{bulletin("A1"), bulletin("A1"), other})
	if err != nil {
		t.Fatal(err)
	}
	if results[0].Err != nil || results[1].Err != nil || !results[0].Recu.Equal(results[1].Recu) {
		t.Errorf("twins: %+v and %+v", results[0], results[1])
	}
	wantCode(t, results[2].Err, "COF-202")
	c.Close(ctx)
	if r := wantHealthy(t, c.root, c.opts); r.Documents != 1 || r.Orphelins != 0 {
		t.Errorf("documents %d, orphans %d, want 1 and 0", r.Documents, r.Orphelins)
	}
}

func TestHundredParallelDepositsGiveOneDocumentAndEqualReceipts(t *testing.T) {
	t.Parallel()
	c, _ := testVault(t)
	recus := make([]*Recu, 100)
	var wg sync.WaitGroup
	for i := range recus {
		wg.Go(func() {
			results, err := c.Deposit(ctx, Systeme("essai"), []Document{bulletin("A1")})
			if err != nil || results[0].Err != nil {
				t.Error(err, results)
				return
			}
			recus[i] = results[0].Recu
		})
	}
	wg.Wait()
	for i, r := range recus {
		if r == nil || !r.Equal(recus[0]) {
			t.Fatalf("receipt %d is %+v, want %+v", i, r, recus[0])
		}
	}
	c.Close(ctx)
	if r := wantHealthy(t, c.root, c.opts); r.Documents != 1 {
		t.Errorf("%d documents, want 1", r.Documents)
	}
}

func TestReceiptOfAnotherDocumentDoesNotVerify(t *testing.T) {
	c, _ := testVault(t)
	recus := deposit(t, c, bulletins(0, 5)...)
	vkey := c.book.Desc.Journal
	good, err := recus[2].Empreinte()
	if err != nil {
		t.Fatal(err)
	}
	if err := recus[2].Verify(vkey, good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(r *Recu) (*Recu, string){
		"digest":     func(r *Recu) (*Recu, string) { return r, acts.DigestOf([]byte("autre")) },
		"body":       func(r *Recu) (*Recu, string) { r.Corps = recus[1].Corps; d, _ := r.Empreinte(); return r, d },
		"salt":       func(r *Recu) (*Recu, string) { r.Sel = recus[1].Sel; return r, good },
		"index":      func(r *Recu) (*Recu, string) { r.Index++; return r, good },
		"path":       func(r *Recu) (*Recu, string) { r.Preuve = slices.Clone(r.Preuve[1:]); return r, good },
		"header":     func(r *Recu) (*Recu, string) { r.Entete = slices.Clone(r.Entete); r.Entete[5] ^= 1; return r, good },
		"checkpoint": func(r *Recu) (*Recu, string) { r.Point = r.Point[:40] + "x" + r.Point[41:]; return r, good },
	} {
		copied := *recus[2]
		r, digest := change(&copied)
		if err := r.Verify(vkey, digest); err == nil {
			t.Errorf("%s: a false receipt verifies", name)
		}
	}
}

func TestPersonalDataPrintsAsMatricule(t *testing.T) {
	d := bulletin("A1")
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
		if got := fmt.Sprintf(format, d.Identite); got != "matricule A1" {
			t.Errorf("%s gives %s", format, got)
		}
		if got := fmt.Sprintf(format, Metadata{Identite: d.Identite, Titre: "secret"}); got != "matricule A1" {
			t.Errorf("metadata %s gives %s", format, got)
		}
	}
}

func TestNoNameIsReadableInAnyFile(t *testing.T) {
	c, _ := testVault(t)
	d := bulletin("MATRICULE77")
	d.Nom, d.Prenom, d.Titre = "CANARIDUPONT", "CANARIJEAN", "CANARITITRE.pdf"
	deposit(t, c, d)
	if err := c.Registre().SetPapier(ctx, Systeme("essai"), Papier{Employeur: siret, Matricule: "MATRICULE77", Cause: CauseRefus}); err != nil {
		t.Fatal(err)
	}
	c.Close(ctx)
	for _, word := range []string{"CANARI", "MATRICULE77", "bulletin de"} {
		for _, path := range files(t, c.root) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds %q in clear", filepath.Base(path), word)
			}
		}
	}
}

// files lists the files below a folder.
func files(t testing.TB, root string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestFilesAndFoldersArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("lists of access stand in place of these bits there")
	}
	c, _ := testVault(t)
	deposit(t, c, bulletin("A1"))
	c.Close(ctx)
	err := filepath.WalkDir(c.root, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestProcessThatOnlyDepositsCannotReadBack(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	away := t.TempDir()
	for _, name := range []string{CleMaitre, CleSecours, CleEmployeur(siret)} {
		if err := os.Rename(filepath.Join(root, keys.Dir, name+".cle"), filepath.Join(away, name+".cle")); err != nil {
			t.Fatal(err)
		}
	}
	c := reopen(t, root, o)
	recu := deposit(t, c, bulletin("A1"))[0]
	var b bytes.Buffer
	_, err := c.Read(ctx, Systeme("essai"), recu.ID, &b)
	wantCode(t, err, "COF-102")
	agent, _ := c.Registre().AgentDe(ctx, siret, "A1")
	_, err = c.Read(ctx, Agent(agent), recu.ID, &b)
	wantCode(t, err, "COF-102")
	if b.Len() > 0 {
		t.Errorf("%d bytes were read", b.Len())
	}
	if err := os.Rename(filepath.Join(away, CleMaitre+".cle"), filepath.Join(root, keys.Dir, CleMaitre+".cle")); err != nil {
		t.Fatal(err)
	}
	if got := read(t, c, Agent(agent), recu.ID); !bytes.Equal(got, pdf("bulletin de A1")) {
		t.Errorf("with the master key: %q", got)
	}
}

func TestRecoveryKeyOpensEveryDocument(t *testing.T) {
	c, _ := testVault(t)
	deposit(t, c, bulletins(0, 7)...)
	c.Close(ctx)
	keyDir := filepath.Join(c.root, keys.Dir)
	for _, name := range []string{CleMaitre, CleEmployeur(siret)} {
		if err := os.Remove(filepath.Join(keyDir, name+".cle")); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Fsck(ctx, c.root, FsckOptions{Options: c.opts, Secours: filepath.Join(keyDir, CleSecours+".cle")})
	if err != nil || !r.Sound() || r.Dechiffres != 7 {
		t.Errorf("decrypted %d of 7: %v %v", r.Dechiffres, r.Anomalies, err)
	}
}

func TestPassphraseProtectsKeys(t *testing.T) {
	o, _ := options()
	root := filepath.Join(t.TempDir(), "coffre")
	if err := Init(ctx, root, InitOptions{Options: o, PhraseCles: []byte("phrase juste"), PhraseSecours: []byte("autre"), ScryptWork: 10}); err != nil {
		t.Fatal(err)
	}
	_, err := Open(ctx, root, o)
	wantCode(t, err, "COF-103")
	o.Phrase = func(string) ([]byte, error) { return []byte("phrase fausse"), nil }
	_, err = Open(ctx, root, o)
	wantCode(t, err, "COF-103")
	o.Phrase = func(string) ([]byte, error) { return []byte("phrase juste"), nil }
	reopen(t, root, o)
}

func TestInitRefusesAFolderThatIsNotEmpty(t *testing.T) {
	o, _ := options()
	root := newVault(t, o)
	wantCode(t, Init(ctx, root, InitOptions{Options: o}), "COF-105")
	_, err := Open(ctx, t.TempDir(), o)
	wantCode(t, err, "COF-100")
}

func TestReaderThatFailsGetsNothingFiled(t *testing.T) {
	c, _ := testVault(t)
	d := bulletin("A1")
	boom := errors.New("boom")
	d.Contenu = func(context.Context) (io.ReadCloser, error) { return nil, boom }
	if _, err := c.Deposit(ctx, Systeme("essai"), append(bulletins(1, 30), d)); !errors.Is(err, boom) {
		t.Errorf("got %v, want boom", err)
	}
	if n, err := c.Count(ctx, Systeme("essai"), Filtre{Employeur: siret}); err != nil || n != 0 {
		t.Errorf("count %d, %v, want 0", n, err)
	}
}

func pointOf(t *testing.T, c *Coffre, r *Recu) Point {
	t.Helper()
	p, err := journal.ParsePoint([]byte(r.Point), c.book.Keys.Verifiers)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// holds wants every receipt to be of a document that is there, whole.
func holds(t *testing.T, c *Coffre, recus map[string]*Recu) {
	t.Helper()
	points := map[string]bool{}
	for matricule, recu := range recus {
		want := pdf("bulletin de " + matricule)
		if got := read(t, c, Systeme("essai"), recu.ID); !bytes.Equal(got, want) {
			t.Fatalf("matricule %s: a receipt was given and the document is %q", matricule, got)
		}
		if err := recu.Verify(c.book.Desc.Journal, acts.DigestOf(want)); err != nil {
			t.Fatalf("matricule %s: %v", matricule, err)
		}
		if points[recu.Point] {
			continue // that of a batch was compared
		}
		points[recu.Point] = true
		if err := c.book.ComparePoint(ctx, pointOf(t, c, recu)); err != nil {
			t.Fatalf("matricule %s: the journal is not a continuation of the receipt: %v", matricule, err)
		}
	}
}

// erased destroys copies and wants to know only whether it could.
func erased(s Store, par Acteur, id ID, copies Copie, motif string) error {
	_, err := s.Destroy(ctx, par, id, copies, motif)
	return err
}
