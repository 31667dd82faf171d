package send

import (
	"bufio"
	"cmp"
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

	day string // of the flux, AAAA-MM-JJ
}

// PJRefs gives the references of the pieces of PES files and folders of them, in
// order. A piece that several fluxes bear, as one that was sent again, is given once,
// as the last of them has it; again counts these.
func PJRefs(ctx context.Context, paths []string) (list []*PJRef, again int, err error) {
	at := make(map[string]int)
	several := make(map[string]bool)
	each := func(r *PJRef) {
		i, known := at[r.IdUnique]
		if !known {
			at[r.IdUnique] = len(list)
			list = append(list, r)
			return
		}
		if r.NomFic == list[i].NomFic { // the same file twice
			return
		}
		several[r.IdUnique] = true
		if r.after(list[i]) {
			list[i] = r
		}
	}
	for _, path := range paths {
		files, err := fluxFiles(path)
		if err != nil {
			return nil, 0, err
		}
		for _, file := range files {
			if err := pjrefsOf(ctx, file, each); err != nil {
				return nil, 0, err
			}
		}
	}
	return list, len(several), nil
}

// after reports whether the flux of r left after that of o: it is of a later day, or
// sends again, a later time, what left that day.
func (r *PJRef) after(o *PJRef) bool {
	return cmp.Or(strings.Compare(r.day, o.day), cmp.Compare(resendOf(r.NomFic), resendOf(o.NomFic))) > 0
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

func pjrefsOf(ctx context.Context, path string, each func(*PJRef)) error {
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
		r := &PJRef{IdUnique: pj.IdUnique, TypePJ: pj.TypePJ, Octets: pj.Octets, NomFic: header.NomFic, day: day(header.DteStr)}
		for _, ref := range pj.RefCompta {
			r.Mandats = append(r.Mandats, ref.Identifiant)
		}
		each(r)
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
