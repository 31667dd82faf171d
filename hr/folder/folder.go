package folder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"paye/hr"
	"paye/internal/input"
	"paye/internal/sheet"
)

const (
	maxFile  = 64 << 20 // bytes of a file
	maxRows  = 200_000
	pageSize = 1000
)

// Source is a folder of files. It is not for concurrent use.
type Source struct {
	dir    string
	name   string
	agents *table // nil until they are asked for
}

// New makes a source of the folder dir; name tells it from others.
func New(dir, name string) *Source { return &Source{dir: dir, name: name} }

// Name tells the folder.
func (s *Source) Name() string { return "folder:" + s.name }

// table is a file of the folder: its first line, and the others.
type table struct {
	file   string
	header []string
	rows   [][]string
	choice sheet.Choice
}

// once refuses columns that are there twice, which may say two things.
func (t *table) once(names ...string) error {
	for _, name := range names {
		if name == "" {
			continue
		}
		if i := column(t.header, name); i >= 0 && column(t.header[i+1:], name) >= 0 {
			return hr.Codes.New("RH-108", input.TwoColumns.With(t.header[i])).At(t.file, -1, 1)
		}
	}
	return nil
}

// read reads the table of a name, CSV or XLSX, that has the wanted columns, each once.
func (s *Source) read(base string, wanted ...string) (*table, error) {
	root, err := os.OpenRoot(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hr.Codes.New("RH-107").At(s.dir, -1, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("open the folder of the source: %w", err)
	}
	defer root.Close()
	for _, kind := range []struct {
		ext  string
		read func(*os.File, []string) ([][]string, sheet.Choice, error)
	}{{".xlsx", readXLSX}, {".csv", readCSV}} {
		f, err := root.Open(base + kind.ext)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", base+kind.ext, err)
		}
		defer f.Close()
		t := &table{file: base + kind.ext}
		info, err := f.Stat()
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", t.file, err)
		}
		unreadable := func(what any) error { return hr.Codes.New("RH-108", what).At(t.file, -1, 0) }
		if info.Size() > maxFile || !info.Mode().IsRegular() {
			return nil, unreadable("> 64 Mio")
		}
		if t.rows, t.choice, err = kind.read(f, wanted); err != nil {
			return nil, unreadable(fault(err))
		}
		if len(t.rows) == 0 {
			return nil, unreadable(input.Empty.With())
		}
		for _, name := range t.rows[0] {
			t.header = append(t.header, strings.TrimSpace(name))
		}
		t.rows = t.rows[1:]
		for _, name := range wanted {
			if column(t.header, name) < 0 {
				return nil, hr.Codes.New("RH-109", name).At(t.file, -1, 1)
			}
		}
		return t, t.once(wanted...)
	}
	return nil, hr.Codes.New("RH-107").At(base+".csv", -1, 0)
}

// fault is what is wrong with a file: a refusal in words, or an error of a library on
// one short line; it may quote a cell, so only what comes before one is kept.
func fault(err error) any {
	if refusal := (sheet.Refusal{}); errors.As(err, &refusal) {
		return refusal.Phrase
	}
	s, _, _ := strings.Cut(err.Error(), "\"")
	return strings.TrimSpace(s[:min(len(s), 120)])
}

// column finds a column in any case.
func column(header []string, name string) int {
	return slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) })
}

func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

func (s *Source) load() error {
	if s.agents != nil {
		return nil
	}
	t, err := s.read("agents", "id")
	if err != nil {
		return err
	}
	s.agents = t
	t.rows = slices.DeleteFunc(t.rows, blank)
	return nil
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// Users gives a part of the sheets.
func (s *Source) Users(ctx context.Context, offset int, paths []string) (hr.Page, error) {
	if err := errors.Join(ctx.Err(), s.load()); err != nil {
		return hr.Page{}, err
	}
	t := s.agents
	if err := t.once(append([]string{"etablissement"}, paths...)...); err != nil {
		return hr.Page{}, err
	}
	page := hr.Page{Total: len(t.rows)}
	if t.choice.Notice(t.file) != nil {
		page.File, page.Sheet = t.file, t.choice.Sheet
	}
	end := min(offset+pageSize, len(t.rows))
	id, etab := column(t.header, "id"), column(t.header, "etablissement")
	for i, row := range t.rows[min(offset, end):end] {
		r := hr.Record{ID: cell(row, id), Etab: cell(row, etab), Values: make(map[string]json.RawMessage)}
		if r.ID == "" {
			return page, hr.Codes.New("RH-218", "agents").At("agents", -1, int64(offset+i+2))
		}
		for _, path := range paths {
			at := column(t.header, path)
			if at < 0 {
				continue
			}
			text, err := json.Marshal(cell(row, at))
			if err != nil {
				return page, fmt.Errorf("read sheet %s: %w", r.ID, err)
			}
			r.Values[path] = text
		}
		page.Records = append(page.Records, r)
	}
	page.Last = end == len(t.rows)
	return page, nil
}

// Lists is empty: a file has words, not choices.
func (s *Source) Lists(context.Context) (map[string]map[string]string, error) { return nil, nil }

// Describe lists the columns, the établissements and the accounts.
func (s *Source) Describe(context.Context) (hr.Description, error) {
	d := hr.Description{Etabs: make(map[string]string)}
	if err := s.load(); err != nil {
		return d, err
	}
	t := s.agents
	if err := t.once(t.header...); err != nil {
		return d, err
	}
	for _, name := range t.header {
		if name != "" && !strings.EqualFold(name, "id") && !strings.EqualFold(name, "etablissement") {
			d.Paths = append(d.Paths, hr.PathInfo{Path: name})
		}
	}
	etab := column(t.header, "etablissement")
	for _, row := range t.rows {
		if e := cell(row, etab); e != "" {
			d.Etabs[e] = ""
		}
	}
	rows, err := s.absences()
	if err != nil && !missing(err) {
		return d, err
	}
	for _, r := range rows {
		t := hr.LeaveType{ID: r.Account, Name: r.Label}
		if !slices.ContainsFunc(d.Leaves, func(x hr.LeaveType) bool { return x.ID == t.ID }) {
			d.Leaves = append(d.Leaves, t)
		}
	}
	slices.SortFunc(d.Leaves, func(a, b hr.LeaveType) int { return strings.Compare(a.ID, b.ID) })
	return d, nil
}
