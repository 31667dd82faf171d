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
	header []string
	agents [][]string // nil until they are asked for
}

// New makes a source of the folder dir; name tells it from others.
func New(dir, name string) *Source { return &Source{dir: dir, name: name} }

// Name tells the folder.
func (s *Source) Name() string { return "folder:" + s.name }

// read reads the table of a name, CSV or XLSX. found is false when there is
// neither.
func (s *Source) read(base string) (header []string, rows [][]string, file string, err error) {
	root, err := os.OpenRoot(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, "", hr.Codes.New("RH-107").At(s.dir, -1, 0)
	}
	if err != nil {
		return nil, nil, "", fmt.Errorf("open the folder of the source: %w", err)
	}
	defer root.Close()
	for _, kind := range []struct {
		ext  string
		read func(*os.File) ([][]string, error)
	}{{".xlsx", readXLSX}, {".csv", readCSV}} {
		f, err := root.Open(base + kind.ext)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, nil, "", fmt.Errorf("open %s: %w", base+kind.ext, err)
		}
		defer f.Close()
		file = base + kind.ext
		info, err := f.Stat()
		if err != nil {
			return nil, nil, file, fmt.Errorf("open %s: %w", file, err)
		}
		if info.Size() > maxFile || !info.Mode().IsRegular() {
			return nil, nil, file, hr.Codes.New("RH-108", "> 64 Mio").At(file, -1, 0)
		}
		table, err := kind.read(f)
		if err != nil {
			return nil, nil, file, hr.Codes.New("RH-108", fault(err)).At(file, -1, 0)
		}
		if len(table) == 0 {
			return nil, nil, file, hr.Codes.New("RH-108", "0").At(file, -1, 0)
		}
		for _, name := range table[0] {
			header = append(header, strings.TrimSpace(name))
		}
		return header, table[1:], file, nil
	}
	return nil, nil, "", hr.Codes.New("RH-107").At(base+".csv", -1, 0)
}

// fault is an error of a library on one short line; it may quote a cell, so
// only what comes before one is kept.
func fault(err error) string {
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
	header, rows, file, err := s.read("agents")
	if err != nil {
		return err
	}
	if column(header, "id") < 0 {
		return hr.Codes.New("RH-109", "id").At(file, -1, 1)
	}
	s.header = header
	s.agents = slices.DeleteFunc(rows, blank)
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
	page := hr.Page{Total: len(s.agents)}
	end := min(offset+pageSize, len(s.agents))
	id, etab := column(s.header, "id"), column(s.header, "etablissement")
	for i, row := range s.agents[min(offset, end):end] {
		r := hr.Record{ID: cell(row, id), Etab: cell(row, etab), Values: make(map[string]json.RawMessage)}
		if r.ID == "" {
			return page, hr.Codes.New("RH-218", "agents").At("agents", -1, int64(offset+i+2))
		}
		for _, path := range paths {
			at := column(s.header, path)
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
	page.Last = end == len(s.agents)
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
	for _, name := range s.header {
		if name != "" && !strings.EqualFold(name, "id") && !strings.EqualFold(name, "etablissement") {
			d.Paths = append(d.Paths, hr.PathInfo{Path: name})
		}
	}
	etab := column(s.header, "etablissement")
	for _, row := range s.agents {
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
