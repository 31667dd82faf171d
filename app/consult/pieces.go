package consult

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"paye/internal/sheet"
	"paye/xhl"
)

// Piece is a justificatif that is there.
type Piece struct {
	Path   string
	Name   string // of the file, as its sender called it
	Octets int64

	rel string // below the folder that was dropped
}

// Pieces are the justificatifs that are there.
type Pieces struct {
	List []*Piece
	by   map[string]*Piece // by IdUnique, by name of file, by that name without extension
}

func (p *Pieces) add(one *Piece) {
	p.List = append(p.List, one)
	p.name(one, one.Name)
	p.name(one, strings.TrimSuffix(one.Name, path.Ext(one.Name)))
}

// name lets a piece be found by a name, unless another one has it.
func (p *Pieces) name(one *Piece, name string) {
	if p.by == nil {
		p.by = map[string]*Piece{}
	}
	if _, taken := p.by[name]; name != "" && !taken {
		p.by[name] = one
	}
}

// Of is the piece that a bulletin references; nil when it is not there.
func (p *Pieces) Of(ref *xhl.PJRef) *Piece {
	for _, name := range []string{ref.IdUnique, path.Base(filepath.ToSlash(ref.NomPJ.V))} {
		if one := p.by[name]; one != nil {
			return one
		}
	}
	return nil
}

// maxIndex bounds a workbook that is looked into, in bytes.
const maxIndex = 64 << 20

// index names pieces by the identifiers of an index.
func (p *Pieces) index(file, rel string) error {
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("read the index of the justificatifs: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxIndex))
	if err != nil {
		return fmt.Errorf("read the index of the justificatifs: %w", err)
	}
	rows, err := sheet.OpenTable(data, maxIndex, "id_unique", "fichier")
	if err != nil || !rows.Has("id_unique", "fichier") {
		return nil // an index that cannot be read finds nothing; the build says what is wrong with it
	}
	below := map[string]*Piece{}
	for _, one := range p.List {
		below[one.rel] = one
	}
	for {
		_, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		id, file := rows.Cell("id_unique"), rows.Cell("fichier")
		if err != nil || id == "" || file == "" {
			continue
		}
		clean := path.Clean(strings.ReplaceAll(file, `\`, "/"))
		one := below[path.Join(path.Dir(rel), clean)]
		if one == nil {
			one = p.by[path.Base(clean)]
		}
		if one != nil {
			p.by[id] = one
		}
	}
}

// Ref is a justificatif as the bulletins reference it.
type Ref struct {
	IdUnique  string
	NomPJ     string
	Bulletins int // that reference it
	Rang      int // of the first of them
}
