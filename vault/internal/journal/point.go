package journal

import (
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Checkpoints are in every frame of the journal; the files in checkpoints/ are
// the ones that were shown outside. A journal shorter than a saved checkpoint,
// or with another root at its size, was tampered with.
const (
	PointsDir     = "checkpoints"
	PointInterval = 24 * time.Hour
)

// PointName is the file of the checkpoint of size leaves.
func PointName(size int64) string { return fmt.Sprintf("%012d.note", size) }

// SavedPoints lists the sizes of the checkpoint files, in order.
func SavedPoints(root string) ([]int64, error) {
	entries, err := os.ReadDir(filepath.Join(root, PointsDir))
	if err != nil {
		return nil, fmt.Errorf("list the checkpoints: %w", err)
	}
	var sizes []int64
	for _, e := range entries {
		base, ok := strings.CutSuffix(e.Name(), ".note")
		if n, err := strconv.ParseInt(base, 10, 64); ok && err == nil && PointName(n) == e.Name() {
			sizes = append(sizes, n)
		}
	}
	sort.Slice(sizes, func(i, j int) bool { return sizes[i] < sizes[j] })
	return sizes, nil
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

// ErrPoint is a note that is no checkpoint of this vault.
var ErrPoint = errors.New("checkpoint is not signed by this vault")

// ParsePoint verifies the signature of a checkpoint and reads it.
func ParsePoint(msg []byte, known note.Verifiers) (Point, error) {
	if len(msg) > 1<<16 {
		return Point{}, ErrPoint
	}
	n, err := note.Open(msg, known)
	if err != nil {
		return Point{}, ErrPoint
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 || lines[4] != "" {
		return Point{}, ErrPoint
	}
	p := Point{Origine: lines[0]}
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	temps, ok := strings.CutPrefix(lines[3], "temps ")
	millis, err3 := strconv.ParseInt(temps, 10, 64)
	if errors.Join(err1, err2, err3) != nil || !ok || size < 0 || len(root) != tlog.HashSize {
		return Point{}, ErrPoint
	}
	p.Taille, p.Racine, p.Temps = size, tlog.Hash(root), millis
	if p.text() != n.Text {
		return Point{}, ErrPoint
	}
	return p, nil
}

// SignPoint writes a checkpoint as a signed note.
func SignPoint(p Point, signer note.Signer) ([]byte, error) {
	msg, err := note.Sign(&note.Note{Text: p.text()}, signer)
	if err != nil {
		return nil, fmt.Errorf("sign a checkpoint: %w", err)
	}
	return msg, nil
}
