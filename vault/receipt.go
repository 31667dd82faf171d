package vault

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Recu proves that a document was deposited: the leaf, what the leaf commits
// to, the path from the leaf to a root, and the signed checkpoint of that
// root. It is verified without the store, with the verifier key only.
type Recu struct {
	ID     ID          `json:"id"`
	Index  int64       `json:"index"`
	Taille int64       `json:"taille_arbre"` // leaves under the checkpoint
	Entete []byte      `json:"entete"`       // the leaf, 130 bytes
	Sel    []byte      `json:"sel"`
	Corps  string      `json:"corps"` // JSON that the leaf commits to
	Preuve []tlog.Hash `json:"preuve"`
	Point  string      `json:"point"` // signed checkpoint, in the format of sumdb/note
}

var errReceipt = errors.New("receipt does not prove the deposit")

// Empreinte is the digest of the document as the receipt has it.
func (r *Recu) Empreinte() (string, error) {
	var c corpsDepot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		return "", errReceipt
	}
	return c.Empreinte, nil
}

// versement is the session that filed the document.
func (r *Recu) versement() (ID, error) {
	var c corpsDepot
	if err := json.Unmarshal([]byte(r.Corps), &c); err != nil {
		return ID{}, errReceipt
	}
	return c.Versement, nil
}

// Verify proves the receipt with the verifier key of the vault, and that it is
// the one of the document whose SHA-256 is digest (hexadecimal).
func (r *Recu) Verify(verifier, digest string) error {
	h, err := parseHeader(r.Entete)
	if err != nil || len(r.Entete) != headerSize {
		return errReceipt
	}
	if h.Genre != EvDepot || h.Sujet != r.ID || h.Index != r.Index {
		return fmt.Errorf("%w: the leaf is another event", errReceipt)
	}
	if engagement(r.Sel, []byte(r.Corps)) != h.Engagement {
		return fmt.Errorf("%w: the body is not the one of the leaf", errReceipt)
	}
	if got, err := r.Empreinte(); err != nil || got != digest {
		return fmt.Errorf("%w: another document", errReceipt)
	}
	v, err := note.NewVerifier(verifier)
	if err != nil {
		return fmt.Errorf("read the verifier key: %w", err)
	}
	point, err := ParsePoint([]byte(r.Point), note.VerifierList(v))
	if err != nil {
		return err
	}
	if point.Taille != r.Taille || r.Index < 0 || r.Index >= r.Taille {
		return fmt.Errorf("%w: another checkpoint", errReceipt)
	}
	if err := tlog.CheckRecord(r.Preuve, point.Taille, point.Racine, r.Index, h.leaf()); err != nil {
		return fmt.Errorf("%w: the path does not lead to the root", errReceipt)
	}
	return nil
}

// Point is a checkpoint: so many leaves had this root at this time.
type Point struct {
	Origine string
	Taille  int64
	Racine  tlog.Hash
	Temps   int64 // milliseconds since 1970
}

func (p *Point) text() string {
	return p.Origine + "\n" + strconv.FormatInt(p.Taille, 10) + "\n" +
		base64.StdEncoding.EncodeToString(p.Racine[:]) + "\ntemps " + strconv.FormatInt(p.Temps, 10) + "\n"
}

var errPoint = errors.New("checkpoint is not signed by this vault")

// ParsePoint verifies the signature of a checkpoint and reads it.
func ParsePoint(msg []byte, known note.Verifiers) (Point, error) {
	if len(msg) > 1<<16 {
		return Point{}, errPoint
	}
	n, err := note.Open(msg, known)
	if err != nil {
		return Point{}, errPoint
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Point{}, errPoint
	}
	p := Point{Origine: lines[0]}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	temps, ok := strings.CutPrefix(lines[3], "temps ")
	millis, err3 := strconv.ParseInt(temps, 10, 64)
	if errors.Join(err1, err2, err3) != nil || !ok || size < 0 || len(root) != tlog.HashSize {
		return Point{}, errPoint
	}
	p.Taille, p.Racine, p.Temps = size, tlog.Hash(root), millis
	if p.text() != n.Text {
		return Point{}, errPoint
	}
	return p, nil
}

func signPoint(p Point, signer note.Signer) ([]byte, error) {
	msg, err := note.Sign(&note.Note{Text: p.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return msg, nil
}

func digestOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Equal reports whether two receipts are the same bytes.
func (r *Recu) Equal(o *Recu) bool {
	a, errA := json.Marshal(r)
	b, errB := json.Marshal(o)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// ParseRecu reads a receipt. It is proved by Verify only.
func ParseRecu(b []byte) (*Recu, error) {
	var r Recu
	if err := json.Unmarshal(b, &r); err != nil {
		return nil, fmt.Errorf("read a receipt: %w", err)
	}
	return &r, nil
}
