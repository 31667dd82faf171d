package portal

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"paye/internal/durable"
)

// Piece is a document that the owner put into his own space. Its bytes are a
// file of the state folder, encrypted with a key of its own that the account
// keeps: a piece that is deleted is gone with its file.
type Piece struct {
	ID   string    `json:"id"`
	Name string    `json:"nom"`
	Type string    `json:"type"`
	Size int64     `json:"taille"`
	Date time.Time `json:"date"`
	Key  []byte    `json:"cle"`
}

// MaxPiece is how large one own document may be, in bytes.
const MaxPiece = 10e6

// maxPieces is how many an account has.
const maxPieces = 500

// kindOf tells a PDF, a JPEG or a PNG by its first bytes, whatever its name says.
func kindOf(b []byte) string {
	switch {
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return "application/pdf"
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return "image/jpeg"
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return "image/png"
	}
	return ""
}

// active are words of a PDF that runs something.
var active = [][]byte{[]byte("/JavaScript"), []byte("/JS"), []byte("/Launch"), []byte("/EmbeddedFile"), []byte("/RichMedia"), []byte("/XFA")}

// acceptable refuses what is no document or could run: it is only ever sent as
// an attachment, in a sandbox, too.
func acceptable(b []byte) (kind string, err error) {
	kind = kindOf(b)
	if kind == "" || len(b) > MaxPiece {
		return "", Codes.New(FileRefused, "10 Mo")
	}
	if kind == "application/pdf" {
		for _, word := range active {
			if bytes.Contains(b, word) {
				return "", Codes.New(FileRefused, "10 Mo")
			}
		}
	}
	return kind, nil
}

// safeName is a file name without paths, control characters or tricks of
// direction.
func safeName(s string) string {
	s = filepath.Base(strings.ReplaceAll(s, `\`, "/"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`<>:"/|?*`, r) {
			return -1
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > 120 {
		s = string(runes[:120])
	}
	if strings.Trim(s, ". ") == "" {
		return "document"
	}
	return s
}

// AddPiece puts a document into the space of its owner.
func (p *Portal) AddPiece(ctx context.Context, id, name string, r io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(r, MaxPiece+1))
	if err != nil {
		return fmt.Errorf("read a document: %w", err)
	}
	kind, err := acceptable(b)
	if err != nil {
		return err
	}
	if p.o.Scan != nil {
		if err := p.o.Scan(ctx, b); err != nil {
			return err
		}
	}
	piece := Piece{Name: safeName(name), Type: kind, Size: int64(len(b)), Date: p.clock(), Key: make([]byte, 32)}
	if piece.ID, err = p.newID(); err != nil {
		return err
	}
	if _, err := io.ReadFull(p.o.Random, piece.Key); err != nil {
		return fmt.Errorf("draw a key: %w", err)
	}
	if err := p.sealPiece(&piece, b); err != nil {
		return err
	}
	err = p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		used := int64(len(b))
		for _, other := range a.Pieces {
			used += other.Size
		}
		if !a.Sees() {
			return Codes.New(NotNow)
		}
		if used > p.o.Quota || len(a.Pieces) >= maxPieces {
			return Codes.New(Overfull, fmt.Sprintf("%d Mo", p.o.Quota/1e6))
		}
		a.Pieces = append(a.Pieces, piece)
		return nil
	})
	if err != nil {
		os.Remove(p.pathOf(piece.ID)) // nothing leads to it
		return err
	}
	return p.note(ctx, id, Event{What: HapPiece, Note: piece.Name})
}

// RemovePiece deletes an own document; one that is gone is no error.
func (p *Portal) RemovePiece(ctx context.Context, id, piece string) error {
	name := ""
	var aliases []Absorbed
	err := p.changeAccount(ctx, "compte "+id, id, func(a *Account) error {
		aliases = a.Absorbed
		i := slices.IndexFunc(a.Pieces, func(x Piece) bool { return x.ID == piece })
		if i < 0 {
			return nil
		}
		name = a.Pieces[i].Name
		a.Pieces = slices.Delete(a.Pieces, i, i+1)
		return nil
	})
	if err != nil || name == "" {
		return err
	}
	for _, x := range aliases { // a merge that is undone brings nothing back
		err := p.changeAccount(ctx, "compte "+id, x.ID, func(a *Account) error {
			a.Pieces = slices.DeleteFunc(a.Pieces, func(x Piece) bool { return x.ID == piece })
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := os.Remove(p.pathOf(piece)); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("delete a document: %w", err)
	}
	return p.note(ctx, id, Event{What: HapPieceGone, Note: name})
}

// ReadPiece gives an own document and its bytes; nil for what is not there.
func (p *Portal) ReadPiece(a *Account, id string) (*Piece, []byte, error) {
	i := slices.IndexFunc(a.Pieces, func(x Piece) bool { return x.ID == id })
	if i < 0 || !a.Sees() {
		return nil, nil, nil
	}
	b, err := p.openPiece(&a.Pieces[i])
	return &a.Pieces[i], b, err
}

func (p *Portal) pathOf(piece string) string {
	return filepath.Join(p.o.Files, piece[:2], piece)
}

func pieceCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("open the key of a document: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (p *Portal) sealPiece(piece *Piece, b []byte) error {
	c, err := pieceCipher(piece.Key)
	if err != nil {
		return err
	}
	path := p.pathOf(piece.ID)
	if err := durable.MkdirAll(filepath.Dir(path)); err != nil {
		return fmt.Errorf("make the folder of own documents: %w", err)
	}
	if err := durable.WriteFile(path, c.Seal(nil, nil, b, []byte(piece.ID))); err != nil {
		return fmt.Errorf("keep a document: %w", err)
	}
	return nil
}

func (p *Portal) openPiece(piece *Piece) ([]byte, error) {
	b, err := os.ReadFile(p.pathOf(piece.ID))
	if err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	c, err := pieceCipher(piece.Key)
	if err != nil {
		return nil, err
	}
	plain, err := c.Open(nil, nil, b, []byte(piece.ID))
	if err != nil {
		return nil, fmt.Errorf("open a document: %w", err)
	}
	return plain, nil
}
