package main

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"
)

// result is what was verified.
type result struct {
	documents, bytes, tree int64
	signer                 string
}

const (
	root     = "xhl-export/"
	maxText  = 64 << 20 // bytes of one text of the bag
	maxFault = 20       // faults that are told
)

// line is one document of index.json: all that it says.
type line struct {
	File  string `json:"fichier"`
	Proof string `json:"preuve"`
	ID    string `json:"id"`
	body
	Date      string          `json:"date"`
	Algorithm string          `json:"algorithme"`
	Index     int64           `json:"index"`
	Copies    int             `json:"copies"`
	Erased    json.RawMessage `json:"effacement,omitempty"`
}

// body is what the leaf of a deposit commits to.
type body struct {
	Employer  string `json:"employeur"`
	Matricule string `json:"matricule"`
	Surname   string `json:"nom"`
	FirstName string `json:"prenom"`
	Period    string `json:"periode"`
	Kind      string `json:"nature"`
	Sequence  int    `json:"sequence"`
	Version   int    `json:"version"`
	Parent    string `json:"parent"`
	Title     string `json:"titre"`
	Session   string `json:"versement"`
	Agent     string `json:"agent"`
	Depositor string `json:"deposant"`
	Size      int64  `json:"taille"`
	Digest    string `json:"empreinte"`
}

// columns are those of index.csv, in order.
var columns = []string{"fichier", "preuve", "id", "employeur", "matricule", "nom", "prenom", "periode", "nature", "sequence", "version", "titre", "deposant", "date", "taille", "algorithme", "empreinte", "index"}

// row is the line as index.csv has it.
func (l *line) row() []string {
	row := []string{l.File, l.Proof, l.ID, l.Employer, l.Matricule, l.Surname, l.FirstName, l.Period, l.Kind, strconv.Itoa(l.Sequence), strconv.Itoa(l.Version),
		l.Title, l.Depositor, l.Date, strconv.FormatInt(l.Size, 10), l.Algorithm, l.Digest, strconv.FormatInt(l.Index, 10)}
	for i, cell := range row {
		if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
			row[i] = "'" + cell // what a spreadsheet would run
		}
	}
	return row
}

type bag struct {
	files  map[string]*zip.File
	sums   map[string]string // of data/ files, computed
	sizes  map[string]int64
	faults []error
	more   int
}

func (b *bag) fault(format string, args ...any) {
	if len(b.faults) >= maxFault {
		b.more++
		return
	}
	b.faults = append(b.faults, fmt.Errorf(format, args...))
}

func verify(path, key string, witnesses [][]byte) (*result, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("open the export: %w", err)
	}
	defer z.Close()
	b := &bag{files: map[string]*zip.File{}, sums: map[string]string{}, sizes: map[string]int64{}}
	for _, f := range z.File {
		name, ok := strings.CutPrefix(f.Name, root)
		if !ok || !fs.ValidPath(name) {
			b.fault("%q is not a file of the bag", f.Name)
			continue
		}
		if b.files[name] != nil {
			b.fault("%s is there twice", name)
		}
		b.files[name] = f
	}
	r := &result{}
	b.check(r, key, witnesses)
	if b.more > 0 {
		b.faults = append(b.faults, fmt.Errorf("and %d more", b.more))
	}
	return r, errors.Join(b.faults...)
}

func (b *bag) check(r *result, key string, witnesses [][]byte) {
	if got, err := b.text("bagit.txt"); err != nil || !strings.HasPrefix(string(got), "BagIt-Version: 1.0\n") {
		b.fault("bagit.txt is missing or of another version")
	}
	b.manifest("tagmanifest-sha256.txt", func(name string) bool {
		return !strings.HasPrefix(name, "data/") && name != "tagmanifest-sha256.txt"
	})
	b.manifest("manifest-sha256.txt", func(name string) bool { return strings.HasPrefix(name, "data/") })

	inBag, err := b.text("data/verificateur.txt")
	if err != nil {
		b.fault("verificateur.txt: %w", err)
		return
	}
	if key == "" {
		key = string(inBag)
	} else if strings.TrimSpace(key) != strings.TrimSpace(string(inBag)) {
		b.fault("the export is signed with another key than the one given")
	}
	v, err := parseVerifier(key)
	if err != nil {
		b.fault("%w", err)
		return
	}
	msg, err := b.text("data/point.note")
	if err != nil {
		b.fault("point.note: %w", err)
		return
	}
	p, err := parsePoint(string(msg), v)
	if err != nil {
		b.fault("point.note: %w", err)
		return
	}
	r.tree, r.signer = p.size, v.name
	b.signed(v, p)
	b.coherence(v, p, witnesses)
	b.index(r, p)
}

// manifest verifies that a manifest names the files that it should, all and
// only, with their digests.
func (b *bag) manifest(name string, covers func(string) bool) {
	text, err := b.open(name)
	if err != nil {
		b.fault("%s: %w", name, err)
		return
	}
	defer text.Close()
	named := map[string]bool{}
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		sum, file, ok := strings.Cut(lines.Text(), "  ")
		if !ok || !covers(file) || named[file] {
			b.fault("%s: line %q", name, lines.Text())
			continue
		}
		named[file] = true
		got, err := b.digest(file)
		if err != nil {
			b.fault("%s: %w", file, err)
		} else if got != sum {
			b.fault("%s is not what %s says", file, name)
		}
	}
	if err := lines.Err(); err != nil {
		b.fault("%s: %w", name, err)
	}
	for file := range b.files {
		if covers(file) && !named[file] {
			b.fault("%s is not in %s", file, name)
		}
	}
}

func (b *bag) open(name string) (io.ReadCloser, error) {
	f := b.files[name]
	if f == nil {
		return nil, errors.New("is missing")
	}
	return f.Open()
}

func (b *bag) text(name string) ([]byte, error) {
	r, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	text, err := io.ReadAll(io.LimitReader(r, maxText+1))
	if err == nil && len(text) > maxText {
		err = errors.New("is too large")
	}
	return text, err
}

func (b *bag) digest(name string) (string, error) {
	r, err := b.open(name)
	if err != nil {
		return "", err
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil {
		return "", err
	}
	b.sums[name], b.sizes[name] = hex.EncodeToString(h.Sum(nil)), n
	return b.sums[name], nil
}

// coherence verifies that older checkpoints are prefixes of the journal, and
// that those kept elsewhere are among them.
func (b *bag) coherence(v verifier, now point, witnesses [][]byte) {
	text, err := b.text("data/coherence.json")
	var list []struct {
		Point string   `json:"point"`
		Path  [][]byte `json:"preuve"`
	}
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		b.fault("coherence.json: %w", err)
		return
	}
	proved := map[int64]hash{now.size: now.root}
	for _, c := range list {
		p, err := parsePoint(c.Point, v)
		if err != nil {
			b.fault("coherence.json: %w", err)
			continue
		}
		path, err := hashes(c.Path)
		if err == nil && p.origin != now.origin {
			err = errors.New("is of another vault")
		}
		if err == nil {
			err = consistency(p.size, now.size, p.root, now.root, path)
		}
		if err != nil {
			b.fault("checkpoint of %d events: %w", p.size, err)
			continue
		}
		proved[p.size] = p.root
	}
	for _, msg := range witnesses {
		p, err := parsePoint(string(msg), v)
		if err != nil {
			b.fault("checkpoint kept elsewhere: %w", err)
			continue
		}
		if root, ok := proved[p.size]; !ok || root != p.root || p.origin != now.origin {
			b.fault("checkpoint kept elsewhere, of %d events: the export does not prove that it is a prefix", p.size)
		}
	}
}

// index goes over index.json and index.csv side by side.
func (b *bag) index(r *result, p point) {
	js, err := b.open("data/index.json")
	if err != nil {
		b.fault("index.json: %w", err)
		return
	}
	defer js.Close()
	cs, err := b.open("data/index.csv")
	if err != nil {
		b.fault("index.csv: %w", err)
		return
	}
	defer cs.Close()
	rows := csv.NewReader(cs)
	rows.Comma = ';'
	rows.ReuseRecord = true
	if head, err := rows.Read(); err != nil || !slices.Equal(head, columns) {
		b.fault("index.csv: its columns are not those of an export")
		return
	}
	d := json.NewDecoder(js)
	if _, err := d.Token(); err != nil {
		b.fault("index.json: %w", err)
		return
	}
	listed := map[string]bool{}
	for d.More() {
		var l line
		if err := d.Decode(&l); err != nil {
			b.fault("index.json: %w", err)
			return
		}
		row, err := rows.Read()
		if err != nil || !slices.Equal(row, l.row()) {
			b.fault("index.csv and index.json differ at %s", l.ID)
		}
		listed["data/"+l.File], listed["data/"+l.Proof] = true, true
		if err := b.document(&l, p); err != nil {
			b.fault("%s: %w", l.File, err)
			continue
		}
		r.documents++
		r.bytes += l.Size
	}
	if _, err := rows.Read(); err != io.EOF {
		b.fault("index.csv has rows that index.json has not")
	}
	for name := range b.files {
		if !listed[name] && !slices.Contains(fixed, name) {
			b.fault("%s is in no index", name)
		}
	}
}

// fixed are the files that every export has beside the documents.
var fixed = []string{"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest.note", "tagmanifest-sha256.txt",
	"data/index.csv", "data/index.json", "data/point.note", "data/verificateur.txt", "data/coherence.json"}

// signed verifies that the vault signed the manifest, and what is said of the
// bag: nobody wrote the indexes again.
func (b *bag) signed(v verifier, p point) {
	msg, err := b.text("manifest.note")
	if err != nil {
		b.fault("manifest.note: %w", err)
		return
	}
	text, err := openNote(string(msg), v)
	if err != nil {
		b.fault("manifest.note: %w", err)
		return
	}
	want := "xhl-export/1\n" + p.origin + "\n"
	for _, name := range []string{"manifest-sha256.txt", "bag-info.txt"} {
		sum, err := b.digest(name)
		if err != nil {
			b.fault("%s: %w", name, err)
			return
		}
		want += name + " " + sum + "\n"
	}
	if text != want {
		b.fault("manifest.note: the manifest is not the one that the vault signed")
	}
}

func (b *bag) document(l *line, p point) error {
	file := "data/" + l.File
	if b.sums[file] != l.Digest || b.sizes[file] != l.Size || l.Algorithm != "SHA-256" {
		return errors.New("the document is not the one of the index")
	}
	text, err := b.text("data/" + l.Proof)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	var r receipt
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if r.ID != l.ID || r.Index != l.Index {
		return errors.New("receipt: of another document")
	}
	if err := r.verify(p); err != nil {
		return err
	}
	var c body
	if err := json.Unmarshal([]byte(r.Body), &c); err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	if c != l.body {
		return errors.New("the index does not say what was deposited")
	}
	if millis := int64(binary.BigEndian.Uint64(r.Header[2:])); l.Date != time.UnixMilli(millis).UTC().Format(time.RFC3339Nano) {
		return errors.New("the index does not say when it was deposited")
	}
	return nil
}
