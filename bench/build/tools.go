package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"paye/bench/internal/volumes"
)

// groups are the comparisons on one run. A rival that is not installed has no
// argv, and the table says so.
func groups(o options, d *dataset) []*group {
	limit := []string{"--quiet", "--lang", "en", "--limit", "128Mo"}
	build := append([]string{o.xhl, "build"}, limit...)
	build = append(build, "--idpost", "006111", "--codcol", "123", "--codbud", "00", "--date", "2026-05-28",
		"-o", filepath.Join(outFolder, "volumes"), d.journal)
	plan := append([]string{o.xhl, "plan"}, limit...)
	plan = append(plan, "--format", "zip", d.journal)
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	list := []*group{
		{
			title: "Volumes",
			tools: []*tool{
				{name: "xhl build, PES, archive, 128 Mo", argv: build, check: d.volumes},
				{name: "pigz -6, the journal alone", argv: installed("pigz", "-6", "-k", "-c", d.journal), file: "journal.gz", check: packed},
			},
		},
		{
			title: "Reading",
			tools: []*tool{
				{name: "xhl.Reader, every value decoded", argv: []string{self, "-read", d.journal}, check: d.counted},
				{name: "xhl.Survey, matricule and totals", argv: []string{self, "-survey", d.journal}, check: d.counted},
				{name: "xhl plan, with the PDFs and exact sizes", argv: plan},
				{name: "xmllint --stream --noout", argv: installed("xmllint", "--nonet", "--stream", "--noout", d.journal)},
			},
		},
	}
	if o.times > 1 {
		return list[:1]
	}
	return list
}

func installed(name string, args ...string) []string {
	path, err := exec.LookPath(name)
	if err != nil {
		return nil
	}
	return append([]string{path}, args...)
}

// volumes counts the bulletins and pieces of the manifest against the run.
func (d *dataset) volumes(_ []byte, out string) (string, error) {
	set := filepath.Join(out, "volumes")
	list, err := volumes.Read(set)
	if err != nil {
		return "", err
	}
	bulletins, size, pieces := 0, int64(0), map[string]bool{}
	for _, v := range list {
		info, err := os.Stat(filepath.Join(set, v.Fichier))
		if err != nil {
			return "", err
		}
		if info.Size() != v.Octets || v.Octets > 128_000_000 {
			return "", fmt.Errorf("%s has %d bytes, the manifest says %d", v.Fichier, info.Size(), v.Octets)
		}
		bulletins += v.Bulletins
		size += v.Octets
		for _, id := range v.Pieces {
			pieces[id] = true
		}
	}
	if bulletins != d.bulletins || len(pieces) != d.pieces {
		return "", fmt.Errorf("the volumes hold %d bulletins and %d pieces, the run %d and %d", bulletins, len(pieces), d.bulletins, d.pieces)
	}
	return fmt.Sprintf("volumes: %d, %s", len(list), megabytes(size)), nil
}

func packed(_ []byte, out string) (string, error) {
	info, err := os.Stat(filepath.Join(out, "journal.gz"))
	if err != nil {
		return "", err
	}
	if info.Size() == 0 {
		return "", errors.New("nothing was written")
	}
	return megabytes(info.Size()), nil
}

func (d *dataset) counted(stdout []byte, _ string) (string, error) {
	text := strings.TrimSpace(string(stdout))
	n, err := strconv.Atoi(text)
	if err != nil || n != d.bulletins {
		return "", fmt.Errorf("%q bulletins were read, the run has %d", text, d.bulletins)
	}
	return "bulletins: " + text, nil
}
