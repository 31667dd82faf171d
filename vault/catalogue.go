package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// The catalogue is an index of the journal and holds nothing else: every row
// is derived from records by apply, so that it can be thrown away and made
// again. Personal fields are in it as HMAC only; the texts stay sealed in the
// journal, where a row says to find them.

const catalogueName = "catalogue.db"

const catalogueSchema = `
CREATE TABLE lots (n INTEGER PRIMARY KEY, debut INTEGER NOT NULL, taille INTEGER NOT NULL UNIQUE, segment INTEGER NOT NULL,
	offset INTEGER NOT NULL, longueur INTEGER NOT NULL, temps INTEGER NOT NULL, note BLOB NOT NULL);
CREATE TABLE evenements (idx INTEGER PRIMARY KEY, genre INTEGER NOT NULL, temps INTEGER NOT NULL, sujet BLOB,
	segment INTEGER NOT NULL, offset INTEGER NOT NULL, longueur INTEGER NOT NULL);
CREATE INDEX evenements_sujet ON evenements (sujet, idx) WHERE sujet IS NOT NULL;
CREATE TABLE hachages (i INTEGER PRIMARY KEY, h BLOB NOT NULL);
CREATE TABLE agents (id BLOB PRIMARY KEY, siret TEXT, cle BLOB UNIQUE, idx INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (idx INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, blob BLOB NOT NULL, copies INTEGER NOT NULL, temps INTEGER NOT NULL,
	agent BLOB, siret TEXT, mois INTEGER, nature TEXT, versement BLOB, cle BLOB UNIQUE, empreinte BLOB, taille INTEGER);
CREATE INDEX documents_siret ON documents (siret, mois DESC, idx);
CREATE INDEX documents_agent ON documents (agent, mois DESC, idx);
CREATE INDEX documents_versement ON documents (versement, empreinte) WHERE versement IS NOT NULL;
CREATE INDEX documents_blob ON documents (blob);
CREATE TABLE fiches (genre TEXT NOT NULL, cle BLOB NOT NULL, siret TEXT NOT NULL, version INTEGER NOT NULL, present INTEGER NOT NULL, idx INTEGER NOT NULL,
	PRIMARY KEY (genre, cle)) WITHOUT ROWID;
CREATE INDEX fiches_siret ON fiches (genre, siret, idx);
CREATE TABLE versements (id BLOB PRIMARY KEY, siret TEXT NOT NULL, distribue INTEGER NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
`

var catalogueTables = []string{"lots", "evenements", "hachages", "agents", "documents", "fiches", "versements"}

// openCatalogue opens a database file. The catalogue can be rebuilt from the
// journal, which is synced first, so synchronous=NORMAL loses nothing: what
// the last power cut took is rolled forward at the next opening.
func openCatalogue(path string, conns int) (*sql.DB, error) {
	return openDatabase(path, conns, "synchronous(NORMAL)", "secure_delete(1)")
}

// openScratch opens a database that is thrown away when its process ends.
func openScratch(path string, conns int) (*sql.DB, error) {
	return openDatabase(path, conns, "synchronous(OFF)")
}

func openDatabase(path string, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{"_txlock": {"immediate"}, "_pragma": append([]string{"busy_timeout(60000)", "journal_mode(WAL)", "cache_size(-16000)", "wal_autocheckpoint(4000)"}, pragmas...)}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	// SQLite would make it readable to the group; its log takes the same mode.
	f, err := os.OpenFile(abs, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.ToSlash(abs)}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return nil, fmt.Errorf("open the catalogue: %w", err)
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// querier is what *sql.DB and *sql.Tx share.
type querier interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
	QueryRowContext(context.Context, string, ...any) *sql.Row
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}

// hashReader reads stored hashes, new ones from memory first.
type hashReader struct {
	ctx   context.Context
	q     querier
	fresh map[int64]tlog.Hash
	cache *hashCache
}

func (r *hashReader) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	var missing []int
	for i, x := range indexes {
		if h, ok := r.fresh[x]; ok {
			out[i] = h
		} else if h, ok := r.cache.get(x); ok {
			out[i] = h
		} else {
			missing = append(missing, i)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	var b strings.Builder
	args := make([]any, 0, len(missing))
	b.WriteString("SELECT i, h FROM hachages WHERE i IN (")
	for n, i := range missing {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('?')
		args = append(args, indexes[i])
	}
	b.WriteByte(')')
	rows, err := r.q.QueryContext(r.ctx, b.String(), args...)
	if err != nil {
		return nil, fmt.Errorf("read hashes of the tree: %w", err)
	}
	defer rows.Close()
	found := make(map[int64]tlog.Hash, len(missing))
	for rows.Next() {
		var i int64
		var h []byte
		if err := rows.Scan(&i, &h); err != nil {
			return nil, fmt.Errorf("read hashes of the tree: %w", err)
		}
		if len(h) != tlog.HashSize {
			return nil, Codes.New("COF-113")
		}
		found[i] = tlog.Hash(h)
		r.cache.put(i, tlog.Hash(h))
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read hashes of the tree: %w", err)
	}
	for _, i := range missing {
		h, ok := found[indexes[i]]
		if !ok {
			return nil, Codes.New("COF-113")
		}
		out[i] = h
	}
	return out, nil
}

// applier writes what records mean into a catalogue. It is used by commits, by
// the roll-forward of an interrupted one, by recover and by fsck.
type applier struct {
	ctx   context.Context
	tx    *sql.Tx
	keys  *keyring
	cache *hashCache
	size  int64 // leaves before the frame
	fresh map[int64]tlog.Hash
	stmts map[string]*sql.Stmt
}

func newApplier(ctx context.Context, tx *sql.Tx, keys *keyring, cache *hashCache, size int64) *applier {
	return &applier{ctx: ctx, tx: tx, keys: keys, cache: cache, size: size, fresh: map[int64]tlog.Hash{}, stmts: map[string]*sql.Stmt{}}
}

func (a *applier) exec(query string, args ...any) error {
	s := a.stmts[query]
	if s == nil {
		var err error
		if s, err = a.tx.PrepareContext(a.ctx, query); err != nil {
			return fmt.Errorf("prepare a change of the catalogue: %w", err)
		}
		a.stmts[query] = s
	}
	if _, err := s.ExecContext(a.ctx, args...); err != nil {
		return fmt.Errorf("change the catalogue: %w", err)
	}
	return nil
}

// erasure is what an event wants gone from the disk; carrying it out twice
// does no harm.
type erasure struct {
	place place
	kinds []slotKind
	blob  *BlobName
}

// frame applies a frame whose records stand at places, and returns what must
// be erased from the disk before the transaction is committed.
func (a *applier) frame(f *frame, leaves []tlog.Hash, temps int64) ([]erasure, error) {
	var gone []erasure
	reader := &hashReader{a.ctx, a.tx, a.fresh, a.cache}
	for i := range leaves {
		idx := f.premier + int64(i)
		hashes, err := tlog.StoredHashesForRecordHash(idx, leaves[i], reader)
		if err != nil {
			return nil, fmt.Errorf("extend the tree at leaf %d: %w", idx, err)
		}
		at := tlog.StoredHashIndex(0, idx)
		for j, h := range hashes {
			a.fresh[at+int64(j)] = h
			if err := a.exec("INSERT INTO hachages VALUES (?,?)", at+int64(j), h[:]); err != nil {
				return nil, err
			}
		}
		r, p := f.records[i], f.places[i]
		if r == nil || r.leaf() != leaves[i] {
			// A damaged header: the event is known to have been, nothing else.
			if err := a.exec("INSERT INTO evenements VALUES (?,0,?,NULL,?,?,?)", idx, temps, p.segment, p.offset, p.size); err != nil {
				return nil, err
			}
			continue
		}
		if err := a.exec("INSERT INTO evenements VALUES (?,?,?,?,?,?,?)", idx, r.Genre, r.Temps, nullID(r.Sujet), p.segment, p.offset, p.size); err != nil {
			return nil, err
		}
		more, err := a.effect(r)
		if err != nil {
			return nil, err
		}
		gone = append(gone, more...)
	}
	a.size = f.premier + int64(len(leaves))
	var n int64
	if err := a.tx.QueryRowContext(a.ctx, "SELECT coalesce(max(n),0)+1 FROM lots").Scan(&n); err != nil {
		return nil, fmt.Errorf("number a batch: %w", err)
	}
	return gone, a.exec("INSERT INTO lots VALUES (?,?,?,?,?,?,?,?)", n, f.premier, a.size, f.segment, f.offset, f.size, temps, f.note)
}

// effect is what an event changes besides being an event.
func (a *applier) effect(r *record) ([]erasure, error) {
	switch r.Genre {
	case EvAgent:
		var c Identite
		if a.keys.body(r, nil, &c) != nil {
			return nil, a.exec("INSERT INTO agents VALUES (?,NULL,NULL,?)", r.Sujet[:], r.Index)
		}
		return nil, a.exec("INSERT INTO agents VALUES (?,?,?,?)", r.Sujet[:], c.Employeur, a.keys.agentTag(c.Employeur, c.Matricule), r.Index)
	case EvDepot:
		var c corpsDepot
		if a.keys.body(r, nil, &c) != nil {
			return nil, a.exec("INSERT INTO documents (idx,id,blob,copies,temps) VALUES (?,?,?,?,?)", r.Index, r.Sujet[:], r.Blob[:], ToutesCopies, r.Temps)
		}
		return nil, a.exec("INSERT INTO documents VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", r.Index, r.Sujet[:], r.Blob[:], ToutesCopies, r.Temps,
			c.Agent[:], c.Employeur, c.Periode.Annee*12+c.Periode.Mois-1, c.Nature, nullID(c.Versement),
			a.keys.tag("document", c.businessKey()), a.keys.tag("empreinte", []byte(c.Empreinte)), c.Taille)
	case EvDestruction:
		return a.destruction(r)
	case EvFiche:
		return nil, a.fiche(r)
	}
	return nil, nil
}

func (a *applier) destruction(r *record) ([]erasure, error) {
	var c corpsDestruction
	if err := a.keys.body(r, nil, &c); err != nil {
		// Which copies is not known any more: nothing is erased on a guess.
		return nil, nil
	}
	var copies Copie
	var blob []byte
	var p place
	err := a.tx.QueryRowContext(a.ctx, "SELECT d.copies, d.blob, e.segment, e.offset, e.longueur FROM documents d JOIN evenements e USING (idx) WHERE d.id=?", r.Sujet[:]).
		Scan(&copies, &blob, &p.segment, &p.offset, &p.size)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find the document to erase: %w", err)
	}
	copies &^= c.Copies
	e := erasure{place: p}
	if c.Copies&CopieAgent != 0 {
		e.kinds = append(e.kinds, slotAgent)
	}
	if c.Copies&CopieDouble != 0 {
		e.kinds = append(e.kinds, slotDouble)
	}
	if copies != 0 {
		return []erasure{e}, a.exec("UPDATE documents SET copies=? WHERE id=?", copies, r.Sujet[:])
	}
	e.kinds = []slotKind{slotCorps, slotCleSujet, slotAgent, slotDouble, slotSecours}
	name := BlobName(blob)
	e.blob = &name
	return []erasure{e}, a.exec("UPDATE documents SET copies=0, agent=NULL, siret=NULL, mois=NULL, nature=NULL, versement=NULL, cle=NULL, empreinte=NULL, taille=NULL WHERE id=?", r.Sujet[:])
}

func (a *applier) fiche(r *record) error {
	var c corpsFiche
	if err := a.keys.body(r, nil, &c); err != nil {
		return nil
	}
	tag := a.keys.tag("fiche "+c.Genre, []byte(c.Cle))
	present := 1
	if string(c.Valeur) == "null" {
		present = 0
	}
	if err := a.exec("INSERT INTO fiches VALUES (?,?,?,?,?,?) ON CONFLICT (genre, cle) DO UPDATE SET siret=excluded.siret, version=excluded.version, present=excluded.present, idx=excluded.idx",
		c.Genre, tag, c.Employeur, c.Version, present, r.Index); err != nil {
		return err
	}
	if c.Genre != ficheVersement {
		return nil
	}
	var v Versement
	id, err := ParseID(c.Cle)
	if err != nil || json.Unmarshal(c.Valeur, &v) != nil {
		return nil
	}
	distribue := 0
	if v.Distribue() {
		distribue = 1
	}
	return a.exec("INSERT INTO versements VALUES (?,?,?) ON CONFLICT (id) DO UPDATE SET siret=excluded.siret, distribue=excluded.distribue", id[:], c.Employeur, distribue)
}

// nullID is NULL for the subject of events that have none.
func nullID(id ID) any {
	if id.IsZero() {
		return nil
	}
	return id[:]
}

// tag is a value that can be looked up and not read: HMAC under a secret of
// the vault, the purpose kept apart.
func (k *keyring) tag(purpose string, value []byte) []byte {
	m := hmac.New(sha256.New, k.tags)
	m.Write([]byte(purpose))
	m.Write([]byte{0})
	m.Write(value)
	return m.Sum(nil)
}

func (k *keyring) agentTag(siret, matricule string) []byte {
	return k.tag("agent", []byte(siret+"\x00"+matricule))
}

// subjectKey is the key of the bodies of a subject, from its birth record.
func (k *keyring) subjectKey(r *record) ([]byte, error) {
	sealed := r.intact(slotCleSujet)
	if sealed == nil {
		return nil, errUnseal
	}
	return unseal(k.meta, sealed, append([]byte("sujet"), r.Sujet[:]...))
}

// body opens the body of a record into v. key is the subject's for events of a
// subject that was born elsewhere, nil otherwise.
func (k *keyring) body(r *record, key []byte, v any) error {
	_, raw, err := k.rawBody(r, key)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, v); err != nil {
		return errUnseal
	}
	return nil
}

// rawBody returns the salt and the JSON of a body, after comparing them with
// the commitment of the leaf.
func (k *keyring) rawBody(r *record, key []byte) (salt, raw []byte, err error) {
	sealed := r.intact(slotCorps)
	if sealed == nil {
		return nil, nil, errUnseal
	}
	if key == nil {
		key = k.meta
		if r.slot(slotCleSujet) != nil {
			if key, err = k.subjectKey(r); err != nil {
				return nil, nil, err
			}
		}
	}
	plain, err := unseal(key, sealed, bodyContext(r.Genre, r.Sujet))
	if err != nil {
		return nil, nil, err
	}
	if len(plain) < saltSize || engagement(plain[:saltSize], plain[saltSize:]) != r.Engagement {
		return nil, nil, errUnseal
	}
	return plain[:saltSize], plain[saltSize:], nil
}

const saltSize = 16

func bodyContext(g Genre, sujet ID) []byte {
	return append([]byte{'c', 'o', 'r', 'p', 's', byte(g)}, sujet[:]...)
}
