package send

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/sheet"
	"paye/pespj"
)

// PJRef is what the finance side needs of a piece that HR sends: nothing that
// names a person. NomPJ is left out for that, as the schema allows.
type PJRef struct {
	IdUnique string
	TypePJ   string
	Octets   int64
	NomFic   string
	Mandats  []string // of its RefCompta
}

// PJRefs gives the references of the pieces of PES files and folders of them,
// in order.
func PJRefs(ctx context.Context, paths []string, each func(*PJRef) error) error {
	for _, path := range paths {
		files, err := fluxFiles(path)
		if err != nil {
			return err
		}
		for _, file := range files {
			if err := pjrefsOf(ctx, file, each); err != nil {
				return err
			}
		}
	}
	return nil
}

// fluxFiles are the PES files of a path.
func fluxFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if anomalie.Unreachable(err) {
		return nil, Codes.Opening(Introuvable, path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", path, err)
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	list, err := filepath.Glob(filepath.Join(globQuote(path), "*.xml"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", path, err)
	}
	return slices.DeleteFunc(list, func(name string) bool {
		in, err := os.Open(name)
		if err != nil {
			return true
		}
		defer in.Close()
		root, _, err := pespj.Root(in, pespj.ReaderOptions{})
		return err != nil || root != "PES_Aller"
	}), nil
}

// globQuote makes the characters of a path stand for themselves.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

func pjrefsOf(ctx context.Context, path string, each func(*PJRef) error) error {
	in, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer in.Close()
	rd, err := pespj.NewReader(bufio.NewReaderSize(in, 1<<18), pespj.ReaderOptions{Fichier: path})
	if err != nil {
		return err
	}
	header, err := rd.Flux()
	if err != nil {
		return err
	}
	for pj, err := range rd.PJ() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		if err := pj.Finish(); err != nil {
			return err
		}
		r := &PJRef{IdUnique: pj.IdUnique, TypePJ: pj.TypePJ, Octets: pj.Octets, NomFic: header.NomFic}
		for _, ref := range pj.RefCompta {
			r.Mandats = append(r.Mandats, ref.Identifiant)
		}
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// WritePJRefXML writes the element that a mandat bears in its InfoPce:
// Support 01, electronic.
func WritePJRefXML(w io.Writer, r *PJRef) error {
	var b strings.Builder
	leaf := func(name, value string) {
		if value == "" {
			return
		}
		b.WriteString("<" + name + ` V="`)
		xml.EscapeText(&b, []byte(value))
		b.WriteString(`"/>`)
	}
	b.WriteString("<PJRef>")
	leaf("Support", "01")
	leaf("IdUnique", r.IdUnique)
	leaf("TypePJ", r.TypePJ)
	b.WriteString("</PJRef>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// PJRefCSV writes references as a table with semicolons.
type PJRefCSV struct{ w *csv.Writer }

// NewPJRefCSV writes the heading of the table.
func NewPJRefCSV(w io.Writer) (*PJRefCSV, error) {
	t := &PJRefCSV{csv.NewWriter(w)}
	t.w.Comma = ';'
	return t, t.w.Write([]string{"id_unique", "support", "type_pj", "octets", "nomfic", "mandats"})
}

// Write writes one reference.
func (t *PJRefCSV) Write(r *PJRef) error {
	return t.w.Write([]string{sheet.Inert(r.IdUnique), "01", r.TypePJ, strconv.FormatInt(r.Octets, 10), r.NomFic, strings.Join(r.Mandats, " ")})
}

// Close flushes the table.
func (t *PJRefCSV) Close() error {
	t.w.Flush()
	return t.w.Error()
}
