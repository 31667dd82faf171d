package vault

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/mod/sumdb/note"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/disk"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
	"paye/vault/internal/packs"
)

// Options of an open vault. The zero Options work.
type Options struct {
	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand when nil
	Log    *slog.Logger     // silent when nil
	Blobs  Blobs            // the packs in blobs/ of the vault when nil

	// Phrase gives the passphrase of a key file that is encrypted.
	Phrase func(cle string) ([]byte, error)

	// Controle looks into each PDF before it is accepted, after the store's
	// own refusals (see COF-210 to COF-214), and returns an anomaly to refuse
	// it. It is called from several goroutines and MUST NOT keep pdf. Nil accepts.
	Controle func(ctx context.Context, d *Document, pdf []byte) error

	// Temoin receives the signed checkpoint after each day's first commit and
	// at Close, to be kept outside: without a copy elsewhere a vault that was
	// put back whole to an older state cannot be told from an honest one.
	Temoin func(ctx context.Context, point []byte) error
	// Temoins reads what Temoin keeps. It is asked before anything is signed: a
	// vault that does not continue its witness (COF-142) can be read and signs
	// nothing, so that the witness is not written over. Nil asks nobody.
	Temoins func(ctx context.Context) ([][]byte, error)

	// Locks is a file where accounts that wait after failures are kept, so that
	// starting again lifts no lock; it names nobody. Empty keeps them in memory.
	Locks string

	MaxDocument int64 // bytes; MaxDocument when 0
	Workers     int   // documents encrypted and stored at once; 4 or a core each, whichever is more, when 0
}

func (o Options) withDefaults() Options {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	o.Random = &lockedReader{r: o.Random}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxDocument == 0 {
		o.MaxDocument = MaxDocument
	}
	if o.Workers == 0 {
		o.Workers = max(4, runtime.GOMAXPROCS(0))
	}
	return o
}

// lockedReader lets goroutines share an injected source.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(b)
}

// Coffre is the embedded store: a folder with blobs, journal, catalogue,
// checkpoints and keys. Several processes may have it open.
//
// # On the disk
//
//	coffre.json    descriptor: identity, fingerprints and public keys
//	journal/       segments of records; the truth, synced before any receipt
//	blobs/         packs of ciphertext
//	catalogue.db   SQLite, derived from the journal and nothing else
//	checkpoints/   checkpoints that were shown outside
//	keys/          private keys, to be backed up apart; a process that only
//	               deposits needs catalogue.cle and journal.cle and cannot read
//	               back what it writes
//
// The journal is a Merkle tree as in RFC 6962. A leaf is the header of a
// record and commits to the record's body and to the blob; what is encrypted
// stands beside it and can be overwritten with zeros, so that destruction
// leaves the tree valid and silent. The key of a document is wrapped three
// times, for the agent, for the employer's double and for the recovery key
// (HPKE, X25519 with ML-KEM-768, then XChaCha20-Poly1305).
//
// Below it stand, each in its room: names, faults, disk, keys, packs, journal,
// acts, catalogue and book, under internal.
type Coffre struct {
	book  *book.Book
	root  string
	opts  Options
	blobs Blobs
	disk  *disk.Disk
	lock  *disk.FolderLock
	write *sql.DB // one connection: commits

	queue struct {
		sync.Mutex
		waiting []*operation
		leading bool
	}
	looks    looks                             // of agents, that nobody waits for
	failures failures                          // to prove who one is
	owed     atomic.Bool                       // the witness did not take the last checkpoint
	frozen   atomic.Pointer[anomalie.Anomalie] // the vault does not continue its witness
	broken   struct {
		sync.Mutex
		err error
	}
}

// InitOptions says how a vault is made.
type InitOptions struct {
	Options
	// PhraseSecours encrypts the recovery key, which belongs elsewhere.
	// PhraseCles encrypts the others. Empty: not encrypted, mode 0600.
	PhraseSecours, PhraseCles []byte
	// ScryptWork is the cost of the passphrases, log2; age's default when 0.
	ScryptWork int
}

// Init makes a vault in root, which must be absent or empty. The recovery key
// is left in keys/secours.cle: move it to another place.
func Init(ctx context.Context, root string, o InitOptions) error {
	o.Options = o.Options.withDefaults()
	if entries, err := os.ReadDir(root); err == nil && len(entries) > 0 {
		return Codes.New("COF-105")
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("init vault: %w", err)
	}
	for _, dir := range []string{"", keys.Dir, journal.Dir, journal.PointsDir} {
		if err := durable.MkdirAll(filepath.Join(root, dir)); err != nil {
			return fmt.Errorf("init vault: %w", err)
		}
	}
	if o.Blobs == nil {
		if err := durable.MkdirAll(filepath.Join(root, packs.Dir)); err != nil {
			return fmt.Errorf("init vault: %w", err)
		}
	}
	id, err := keys.Draw(o.Random, 16)
	if err != nil {
		return err
	}
	d := keys.Descriptor{Format: keys.DescriptorFormat, ID: ID(id), Cree: o.Clock().UnixMilli()}
	secret, err := keys.Draw(o.Random, keys.Size)
	if err != nil {
		return err
	}
	d.Catalogue = keys.Fingerprint(secret)
	skey, vkey, err := note.GenerateKey(o.Random, "xhl-coffre-"+d.ID.String()[:8])
	if err != nil {
		return fmt.Errorf("draw the journal key: %w", err)
	}
	d.Journal = vkey
	maitre, maitrePair, err := keys.NewPair(o.Random)
	if err != nil {
		return err
	}
	secours, secoursPair, err := keys.NewPair(o.Random)
	if err != nil {
		return err
	}
	d.Maitre, d.Secours = maitrePair.PublicKey().Bytes(), secoursPair.PublicKey().Bytes()
	keyFiles := filepath.Join(root, keys.Dir)
	for _, k := range []struct {
		name           string
		secret, phrase []byte
	}{{CleCatalogue, secret, o.PhraseCles}, {CleJournal, []byte(skey), o.PhraseCles}, {CleMaitre, maitre, o.PhraseCles}, {CleSecours, secours, o.PhraseSecours}} {
		if err := keys.Write(keyFiles, k.name, k.secret, k.phrase, o.ScryptWork); err != nil {
			return err
		}
	}
	raw, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("init vault: %w", err)
	}
	raw = append(raw, '\n')
	db, err := catalogue.Open(filepath.Join(root, catalogue.Name), 1)
	if err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, catalogue.Schema); err != nil {
		db.Close()
		return fmt.Errorf("make the catalogue: %w", err)
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("make the catalogue: %w", err)
	}
	seg := &journal.Segments{Dir: filepath.Join(root, journal.Dir), Vault: d.ID}
	if err := seg.Create(1); err != nil {
		return err
	}
	// The descriptor comes last: a vault without it was never made.
	if err := durable.WriteFile(filepath.Join(root, keys.DescriptorName), raw); err != nil {
		return fmt.Errorf("init vault: %w", err)
	}
	o.Options.Phrase = func(string) ([]byte, error) { return o.PhraseCles, nil }
	c, err := Open(ctx, root, o.Options)
	if err != nil {
		return err
	}
	sum := BlobName(sha256.Sum256(raw))
	op := &operation{prepare: func(*transaction) ([]*journal.Draft, error) {
		return []*journal.Draft{{Genre: EvCreation, Blob: sum, Corps: acts.Acte{Par: "xhl"}}}, nil
	}}
	return errors.Join(c.commit(ctx, op), c.Close(ctx))
}

// Open opens the vault in root. What an interrupted process left after its
// last complete commit is removed, and what it had committed to the journal
// but not yet to the catalogue is rolled forward. A vault in which something
// acknowledged is missing or false is not opened: see [Fsck] and [Recover].
func Open(ctx context.Context, root string, o Options) (*Coffre, error) {
	return openOn(ctx, root, o, &disk.Disk{})
}

func openOn(ctx context.Context, root string, o Options, d *disk.Disk) (*Coffre, error) {
	o = o.withDefaults()
	desc, _, err := keys.ReadDescriptor(root)
	if err != nil {
		return nil, err
	}
	if name := disk.NetworkFS(root); name != "" {
		return nil, Codes.New("COF-107", name)
	}
	lock, err := disk.LockFolder(root, durable.Shared)
	if err != nil {
		return nil, err
	}
	c := &Coffre{book: &book.Book{Desc: desc}, root: root, opts: o, disk: d, lock: lock, looks: looks{delay: lookDelay}}
	if err := c.open(ctx); err != nil {
		c.release()
		return nil, err
	}
	return c, nil
}

func (c *Coffre) open(ctx context.Context) (err error) {
	if c.book.Keys, err = keys.Load(c.root, c.book.Desc, c.opts.Phrase); err != nil {
		return err
	}
	if err := c.failures.recall(c.opts.Locks, c.now()); err != nil {
		c.opts.Log.Error("locks of accounts are forgotten", "err", err)
	}
	if c.blobs = c.opts.Blobs; c.blobs == nil {
		c.blobs = packs.New(filepath.Join(c.root, packs.Dir), c.disk)
	}
	c.book.Seg = &journal.Segments{Dir: filepath.Join(c.root, journal.Dir), Vault: c.book.Desc.ID, Disk: c.disk}
	path := filepath.Join(c.root, catalogue.Name)
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		return Codes.New("COF-110")
	}
	if c.write, err = catalogue.Open(path, 1); err != nil {
		return err
	}
	if c.book.Read, err = catalogue.OpenReading(path, 8); err != nil {
		return err
	}
	if err := catalogue.Sound(ctx, c.write); err != nil {
		return err
	}
	var version int
	if err := c.book.Read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil || version != 1 {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return Codes.New("COF-110")
	}
	// Roll forward what an interrupted commit left.
	t, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if err := t.commit(); err != nil {
		return err
	}
	if err := c.checkPoints(ctx); err != nil {
		return err
	}
	return c.askWitness(ctx)
}

// Close writes a checkpoint file, sends it to the witness and lets go of the
// folder. Receipts that were given need no Close.
func (c *Coffre) Close(ctx context.Context) error {
	err := c.stopped()
	if err == nil {
		err = c.endLooks(ctx)
	}
	if err == nil && c.frozen.Load() == nil {
		_, err = c.WritePoint(ctx)
	}
	return errors.Join(err, c.release())
}

func (c *Coffre) release() error {
	var errs []error
	if local, ok := c.blobs.(*packs.Folder); ok {
		local.Close()
	}
	if c.write != nil {
		errs = append(errs, c.write.Close())
	}
	if c.book.Read != nil {
		errs = append(errs, c.book.Read.Close())
	}
	return errors.Join(append(errs, c.lock.Release())...)
}

// Verificateur implements [Guichet].
func (c *Coffre) Verificateur(context.Context) (string, error) { return c.book.Desc.Journal, nil }

// now is the time, never before the last event.
func (c *Coffre) now() time.Time { return c.opts.Clock().UTC() }

// fail marks the store as unusable: after an fsync that failed, what is on the
// disk is not known any more and only a new opening can tell.
func (c *Coffre) fail(err error) {
	c.broken.Lock()
	defer c.broken.Unlock()
	if c.broken.err == nil {
		c.broken.err = err
		c.opts.Log.Error("vault stopped after a write that failed", "err", err)
	}
}

// Err says why the store signs nothing any more: a write that failed, or a
// witness that it does not continue. Nil while it works; it stays so until it is
// opened again.
func (c *Coffre) Err() error {
	if a := c.frozen.Load(); a != nil {
		return a
	}
	return c.stopped()
}

func (c *Coffre) stopped() error {
	c.broken.Lock()
	defer c.broken.Unlock()
	if c.broken.err != nil {
		return fmt.Errorf("vault stopped after a write that failed, open it again: %w", c.broken.err)
	}
	return nil
}
