package s3store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"paye/internal/anomalie"
	"paye/vault"
	"paye/vault/vaulttest"
)

var ctx = context.Background()

const siret = "21060011800017"

func client(t *testing.T, address string) *minio.Client {
	t.Helper()
	c, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4("cle", "secret-secret", ""), Region: "us-east-1", BucketLookup: minio.BucketLookupPath, MaxRetries: 1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// faked starts a fake with a bucket.
func faked(t *testing.T, lies ...string) (Options, *fake, *clock) {
	t.Helper()
	k := &clock{now: time.Now().Truncate(time.Second)}
	f := newFake(k.Now, lies...)
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	c := client(t, strings.TrimPrefix(s.URL, "http://"))
	if err := c.MakeBucket(ctx, "coffre", minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Fatal(err)
	}
	return Options{Client: c, Bucket: "coffre", Clock: k.Now}, f, k
}

func wantCode(t *testing.T, err error, code, word string) {
	t.Helper()
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != code || !strings.Contains(a.Error(), word) {
		t.Errorf("got %v, want %s with %q", err, code, word)
	}
}

func TestCanaryBelievesAnHonestServer(t *testing.T) {
	o, _, _ := faked(t)
	if _, err := Open(ctx, o); err != nil {
		t.Error(err)
	}
}

func TestCanaryFindsEachLie(t *testing.T) {
	for _, lie := range []string{"supprimer la version", "raccourcir le verrou", "passer en mode GOVERNANCE", "contourner le verrou", "écraser l'objet", "supprimer le compartiment"} {
		o, _, _ := faked(t, lie)
		_, err := Open(ctx, o)
		wantCode(t, err, "COF-701", lie)
	}
	o, _, _ := faked(t, "refuser et supprimer")
	_, err := Open(ctx, o)
	wantCode(t, err, "COF-701", "supprimer la version")
	o, _, _ = faked(t, "oublier le verrou")
	_, err = Open(ctx, o)
	wantCode(t, err, "COF-701", "")
	o, _, _ = faked(t, "pas de verrou")
	_, err = Open(ctx, o)
	wantCode(t, err, "COF-702", "coffre")
}

func TestProofOfTodayIsBelievedAndNoOlderOne(t *testing.T) {
	o, f, k := faked(t)
	var kept time.Time
	o.Retains = func(when time.Time) error { kept = when; return nil }
	open := func(proved time.Time) (requests int, err error) {
		t.Helper()
		o.Prouve = proved
		before := f.asked()
		_, err = Open(ctx, o)
		return f.asked() - before, err
	}
	if n, err := open(time.Time{}); err != nil || n == 0 || !kept.Equal(k.Now()) {
		t.Fatalf("first opening: %v after %d requests, proof of %v kept; want one of %v", err, n, kept, k.Now())
	}
	proof := kept
	k.add(canaryInterval - time.Second)
	if n, err := open(proof); err != nil || n != 0 {
		t.Errorf("opening on the same day: %v after %d requests, want none", err, n)
	}
	k.add(time.Second)
	if n, err := open(proof); err != nil || n == 0 || !kept.Equal(k.Now()) {
		t.Errorf("opening a day later: %v after %d requests, proof of %v kept", err, n, kept)
	}
	if n, err := open(k.Now().Add(time.Minute)); err != nil || n == 0 {
		t.Errorf("proof of the future: %v after %d requests, want that it is not believed", err, n)
	}
	f.mu.Lock()
	f.lies["supprimer la version"] = true
	f.mu.Unlock()
	_, err := open(time.Time{})
	wantCode(t, err, "COF-701", "supprimer la version")
	if !kept.IsZero() {
		t.Errorf("a proof of %v is kept for a lock that does not hold", kept)
	}
}

func TestDepositsStopWhenTheDailyCanaryDies(t *testing.T) {
	o, f, k := faked(t)
	b, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Put(ctx, vault.BlobName{1}, []byte("un")); err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.lies["contourner le verrou"] = true
	f.mu.Unlock()
	if _, err := b.Put(ctx, vault.BlobName{2}, []byte("deux")); err != nil {
		t.Errorf("the same day: %v", err)
	}
	k.add(25 * time.Hour)
	for range 2 {
		_, err := b.Put(ctx, vault.BlobName{3}, []byte("trois"))
		wantCode(t, err, "COF-701", "contourner le verrou")
	}
	if got, err := b.Get(ctx, vault.BlobName{2}, nil, 10); err != nil || string(got) != "deux" {
		t.Errorf("reading goes on: %q, %v", got, err)
	}
}

func TestServerThatCannotBeReachedIsNoVerdict(t *testing.T) {
	o, _, k := faked(t)
	b, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	good := b.o.Client
	b.o.Client = client(t, "127.0.0.1:1")
	k.add(25 * time.Hour)
	var a *anomalie.Anomalie
	if _, err := b.Put(ctx, vault.BlobName{1}, []byte("un")); err == nil || errors.As(err, &a) {
		t.Errorf("got %v, want an error of the network", err)
	}
	b.o.Client = good
	if _, err := b.Put(ctx, vault.BlobName{1}, []byte("un")); err != nil {
		t.Errorf("once it is back: %v", err)
	}
}

// realServer starts versitygw, an S3 server, when it is installed.
func realServer(t *testing.T) Options {
	t.Helper()
	path, err := exec.LookPath("versitygw")
	if err != nil {
		t.Skip("versitygw is not installed (go install github.com/versity/versitygw/cmd/versitygw@v1.8.0): no real S3 server to judge")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	data, versions := t.TempDir(), t.TempDir()
	cmd := exec.Command(path, "--port", address, "--access", "cle", "--secret", "secret-secret", "--quiet", "posix", "--versioning-dir", versions, data)
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	c := client(t, address)
	// The server says that it listens by answering.
	deadline := time.After(20 * time.Second)
	for {
		if _, err = c.ListBuckets(ctx); err == nil {
			break
		}
		select {
		case <-deadline:
			t.Skipf("versitygw does not start here: %v: %s", err, log.String())
		default:
		}
	}
	if err := c.MakeBucket(ctx, "coffre", minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		t.Fatal(err)
	}
	return Options{Client: c, Bucket: "coffre"}
}

func TestStoreOnTheFakeConforms(t *testing.T) {
	o, _, _ := faked(t)
	conform(t, o)
}

func TestStoreOnARealServerConforms(t *testing.T) { conform(t, realServer(t)) }

// conform runs the contract of a store on a vault whose blobs are in a bucket.
func conform(t *testing.T, o Options) {
	b, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	clock := vaulttest.NewClock(time.Now())
	root, vo := filepath.Join(t.TempDir(), "coffre"), vault.Options{Blobs: b, Clock: clock.Now}
	if err := vault.Init(ctx, root, vault.InitOptions{Options: vo}); err != nil {
		t.Fatal(err)
	}
	c, err := vault.Open(ctx, root, vo)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if err := vaulttest.Prepare(ctx, c); err != nil {
		t.Fatal(err)
	}
	vaulttest.Conform(t, &vaulttest.Banc{Coffre: c, Poste: vaulttest.Local(c), Clock: clock})
}

func TestLocksOfTheFakeHoldThroughTheLifeOfAVault(t *testing.T) {
	o, _, _ := faked(t)
	life(t, o)
}

func TestLocksOfARealServerHoldThroughTheLifeOfAVault(t *testing.T) { life(t, realServer(t)) }

// life is a vault's with its blobs in a bucket: what is particular to it.
func life(t *testing.T, o Options) {
	b, err := Open(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(t.TempDir(), "coffre")
	vo := vault.Options{Blobs: b, Temoin: b.Temoin}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(vault.Init(ctx, root, vault.InitOptions{Options: vo}))
	c, err := vault.Open(ctx, root, vo)
	must(err)
	sys := vault.Systeme("essai")
	must(c.Registre().AddEmployeur(ctx, sys, siret, "Ville d'essai", nil))
	must(c.Registre().SetEmployeur(ctx, sys, siret, func(e *vault.Employeur) { e.Actif = true }))
	var lot []vault.Document
	for i := range 9 {
		text := fmt.Sprintf("%%PDF-1.7\n1 0 obj<</Pages<</Kids[<</Type/Page>>]>>>>endobj trailer<</Root 1 0 R>>\n%% bulletin %d\n%%%%EOF\n", i)
		lot = append(lot, vault.Document{Identite: vault.Identite{Employeur: siret, Matricule: fmt.Sprintf("A%d", i)}, Periode: vault.Periode{Annee: 2026, Mois: 9},
			Nature: vault.Bulletin, Contenu: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	}
	results, err := c.Deposit(ctx, sys, lot)
	must(err)
	for i := range results {
		must(results[i].Err)
	}
	// Destroyed: the keys go, the locked blob stays and says nothing.
	_, err = c.Destroy(ctx, sys, results[3].Recu.ID, vault.ToutesCopies, "erreur de destinataire")
	must(err)
	must(c.Close(ctx))
	points, err := b.Temoins(ctx)
	must(err)
	if len(points) == 0 {
		t.Error("no checkpoint was kept in the bucket")
	}
	r, err := vault.Fsck(ctx, root, vault.FsckOptions{Options: vo, Temoins: points})
	must(err)
	if !r.Sound() || r.Documents != 8 || r.Dechiffres != 8 || r.Fautes["COF-130"] != 1 || len(r.Anomalies) != 1 {
		t.Errorf("fsck: %d documents, %d decrypted, %v", r.Documents, r.Dechiffres, r.Anomalies)
	}
	// The thief has the credentials and tries all the blobs.
	n := 0
	for info, err := range b.All(ctx) {
		must(err)
		if err := b.Delete(ctx, info.Name, info.Lieu); err == nil {
			t.Errorf("blob %s was deleted under its lock", info.Name)
		}
		n++
	}
	if n != 9 {
		t.Errorf("%d blobs, want 9", n)
	}
	if _, err := b.Get(ctx, vault.BlobName{1, 2, 3}, nil, 10); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent blob: %v, want fs.ErrNotExist", err)
	}
	must(os.Remove(filepath.Join(root, "catalogue.db")))
	rec, err := vault.Recover(ctx, root, sys, vo)
	must(err)
	if rec.Documents != 8 {
		t.Errorf("recovered %d documents, want 8", rec.Documents)
	}
}
