package vault

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/durable"
	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/disk"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// export is one on its way. The indexes and the manifest grow in temporary
// files, so that memory does not.
type export struct {
	c     *Coffre
	par   Acteur
	key   func(context.Context, *export, *book.Filed) ([]byte, error)
	point checkpoint
	when  time.Time
	zip   *zip.Writer
	r     *RapportExport
	envs  book.Envelopes

	scratch          *durable.Scratch
	csv, json, lines *spoolFile
	rows             *csv.Writer
	payload          int64 // bytes below data/
	files            int64
	tags             bytes.Buffer // lines of the tag manifest
	tagSums          map[string]string
}

type spoolFile struct {
	*bufio.Writer
	f *os.File
}

func (e *export) spool() (err error) {
	if e.scratch, err = durable.NewScratch(e.c.root, disk.ExportFolder); err != nil {
		return fmt.Errorf("make a folder for the export: %w", err)
	}
	for name, s := range map[string]**spoolFile{"csv": &e.csv, "json": &e.json, "manifeste": &e.lines} {
		f, err := os.OpenFile(filepath.Join(e.scratch.Dir, name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			e.close()
			return fmt.Errorf("make a file for the export: %w", err)
		}
		*s = &spoolFile{bufio.NewWriter(f), f}
	}
	e.rows = csv.NewWriter(e.csv)
	e.rows.Comma = ';'
	return e.rows.Write(exportColumns)
}

func (e *export) close() {
	for _, s := range []*spoolFile{e.csv, e.json, e.lines} {
		if s != nil {
			s.f.Close()
		}
	}
	e.scratch.Close()
}

// exportKey opens a document with the agent's key, or the employer's.
func exportKey(ctx context.Context, e *export, d *book.Filed) ([]byte, error) {
	if e.par.Role == RoleAgent {
		return e.c.book.AgentDEK(ctx, d)
	}
	private, err := e.c.book.PrivateKeys(ctx, CleEmployeur(d.Siret))
	if err != nil {
		return nil, err
	}
	return e.envs.DEK(ctx, e.c.book, d, private, book.WrapDouble)
}

func (e *export) document(ctx context.Context, m Metadata) error {
	d, err := e.c.book.Find(ctx, m.ID)
	if err != nil {
		return err
	}
	if d == nil {
		return nil // destroyed since
	}
	dek, err := e.key(ctx, e, d)
	if a, ok := faults.As(err); ok && a.Code == "COF-205" {
		return nil // that copy was destroyed
	}
	if err != nil {
		return err
	}
	plain, err := e.c.decrypt(ctx, d, dek)
	if err != nil {
		return err
	}
	line := LigneExport{Fichier: fmt.Sprintf("documents/%s/%s/%s.pdf", m.Employeur, m.Periode, m.ID), Preuve: fmt.Sprintf("preuves/%s.json", m.ID), Metadata: m}
	recu, err := e.c.recuUnder(ctx, d.Idx, e.point)
	if err != nil {
		return err
	}
	proof, err := journal.Marshal(recu)
	if err != nil {
		return err
	}
	if err := e.add("data/"+line.Fichier, zip.Store, bytes.NewReader(plain)); err != nil {
		return err
	}
	if err := e.add("data/"+line.Preuve, zip.Deflate, bytes.NewReader(append(proof, '\n'))); err != nil {
		return err
	}
	b, err := journal.Marshal(line)
	if err != nil {
		return err
	}
	open := ",\n"
	if e.r.Documents == 0 {
		open = "[\n"
	}
	_, err1 := e.json.WriteString(open)
	_, err2 := e.json.Write(b)
	row := line.row()
	for i := range row {
		row[i] = acts.Inert(row[i])
	}
	if err := errors.Join(err1, err2, e.rows.Write(row)); err != nil {
		return fmt.Errorf("write the index of the export: %w", err)
	}
	e.r.Documents++
	e.r.Octets += int64(len(plain))
	return nil
}

// add writes a file of the bag and its line of the manifest.
func (e *export) add(name string, method uint16, r io.Reader) error {
	w, err := e.zip.CreateHeader(&zip.FileHeader{Name: exportRoot + "/" + name, Method: method, Modified: e.when})
	if err != nil {
		return fmt.Errorf("write %s to the export: %w", name, err)
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, h), r)
	if err != nil {
		return fmt.Errorf("write %s to the export: %w", name, err)
	}
	if len(name) > 5 && name[:5] == "data/" {
		e.payload += n
		e.files++
		if _, err := fmt.Fprintf(e.lines, "%s  %s\n", sum(h), name); err != nil {
			return fmt.Errorf("write the manifest of the export: %w", err)
		}
		return nil
	}
	fmt.Fprintf(&e.tags, "%s  %s\n", sum(h), name)
	if e.tagSums == nil {
		e.tagSums = map[string]string{}
	}
	e.tagSums[name] = sum(h)
	return nil
}

func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// CoherenceExport proves that a checkpoint saved before is a prefix of the
// journal at the export's.
type CoherenceExport struct {
	Point  string      `json:"point"`
	Preuve []tlog.Hash `json:"preuve"`
}

func (e *export) finish(ctx context.Context) error {
	var proofs []CoherenceExport
	sizes, err := journal.SavedPoints(e.c.root)
	if err != nil {
		return err
	}
	for _, n := range sizes {
		msg, err := durable.ReadFile(filepath.Join(e.c.root, journal.PointsDir, journal.PointName(n)))
		if err != nil {
			return fmt.Errorf("read a checkpoint: %w", err)
		}
		if n > e.point.taille {
			continue // saved since the export began
		}
		p, err := e.c.Coherence(ctx, n, e.point.taille)
		if err != nil {
			return err
		}
		proofs = append(proofs, CoherenceExport{string(msg), p})
	}
	coherence, err := journal.Marshal(proofs)
	if err != nil {
		return err
	}
	e.rows.Flush()
	if _, err := e.json.WriteString("\n]\n"); err != nil {
		return fmt.Errorf("write the index of the export: %w", err)
	}
	if e.r.Documents == 0 {
		return Codes.New("COF-901")
	}
	for _, part := range []struct {
		name string
		r    func() (io.Reader, error)
	}{
		{"data/index.csv", e.csv.rewind},
		{"data/index.json", e.json.rewind},
		{"data/point.note", text(e.point.note)},
		{"data/verificateur.txt", text([]byte(e.c.book.Desc.Journal + "\n"))},
		{"data/coherence.json", text(append(coherence, '\n'))},
		{"manifest-sha256.txt", e.lines.rewind},
		{"bagit.txt", text([]byte("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"))},
		{"bag-info.txt", func() (io.Reader, error) {
			return bytes.NewReader(fmt.Appendf(nil, "Bagging-Date: %s\nBag-Software-Agent: xhl\nExternal-Identifier: %s\nPayload-Oxum: %d.%d\n",
				e.when.Format(time.DateOnly), e.c.book.Desc.ID, e.payload, e.files)), nil
		}},
		{"manifest.note", e.signed},
		{"tagmanifest-sha256.txt", func() (io.Reader, error) { return bytes.NewReader(bytes.Clone(e.tags.Bytes())), nil }},
	} {
		r, err := part.r()
		if err != nil {
			return err
		}
		if err := e.add(part.name, zip.Deflate, r); err != nil {
			return err
		}
	}
	if err := e.zip.Close(); err != nil {
		return fmt.Errorf("finish the export: %w", err)
	}
	return nil
}

// signed is a note of the vault over the manifest, which has a digest of
// everything below data/, and over what is said of the bag: an index that was
// written again after the export is found by it.
func (e *export) signed() (io.Reader, error) {
	text := "xhl-export/1\n" + e.c.book.Desc.Origin() + "\n"
	for _, name := range []string{"manifest-sha256.txt", "bag-info.txt"} {
		text += name + " " + e.tagSums[name] + "\n"
	}
	msg, err := note.Sign(&note.Note{Text: text}, e.c.book.Keys.Signer)
	if err != nil {
		return nil, fmt.Errorf("sign the manifest of the export: %w", err)
	}
	return bytes.NewReader(msg), nil
}

func text(b []byte) func() (io.Reader, error) {
	return func() (io.Reader, error) { return bytes.NewReader(b), nil }
}

func (s *spoolFile) rewind() (io.Reader, error) {
	if err := s.Flush(); err != nil {
		return nil, fmt.Errorf("write a file of the export: %w", err)
	}
	if _, err := s.f.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read a file of the export: %w", err)
	}
	return bufio.NewReader(s.f), nil
}
