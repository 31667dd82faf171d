package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"paye/bench/internal/volumes"
)

// groups are the comparisons on one run. A rival that is not installed has no
// argv, and the table says so.
func groups(o options, d *dataset, scratch string) []*group {
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
	ours := &tool{name: "xhl build, PES, archive, 128 Mo", argv: build, check: d.volumes}
	if o.bulletins <= small {
		return []*group{{
			title: "Volumes",
			tools: []*tool{
				ours,
				{name: "pigz -6 of the journal, sha256sum and cp of everything", argv: d.bytesAlone(), check: packed},
			},
		}}
	}
	volumes := &group{
		title: "Volumes",
		tools: []*tool{
			ours,
			{name: "pigz -6, the journal alone", argv: installed("pigz", "-6", "-k", "-c", d.journal), file: "journal.gz", check: packed},
		},
	}
	if o.times > 1 {
		return []*group{volumes, checking(o, build, filepath.Join(scratch, "set"))}
	}
	return []*group{
		volumes,
		{
			title: "Reading",
			tools: []*tool{
				{name: "xhl.Reader, every value decoded", argv: []string{self, "-read", d.journal}, check: d.counted},
				{name: "xhl.Survey, matricule and totals", argv: []string{self, "-survey", d.journal}, check: d.counted},
				{name: "xhl plan, with the PDFs and exact sizes", argv: plan},
				{name: "xmllint --stream --noout", argv: installed("xmllint", "--nonet", "--stream", "--noout", d.journal)},
			},
		},
		{
			title: "Rows",
			tools: []*tool{
				{name: "xhl decode --format csv", argv: []string{o.xhl, "decode", "--quiet", "--lang", "en", "--format", "csv", "-o", filepath.Join(outFolder, "run"), d.journal}},
				{name: "a script with lxml.etree.iterparse", argv: d.script(), check: d.counted},
			},
		},
	}
}

// small is how many bulletins a run has at most for its build to be held against
// the tools that move all its bytes, and not against the compression alone.
const small = 5000

// bytesAlone is what moving the bytes of a run asks for: the journal compressed,
// everything hashed, the justificatifs copied.
func (d *dataset) bytesAlone() []string {
	if installed("pigz") == nil {
		return nil
	}
	return installed("sh", "-ec", `pigz -6 -k -c "$1" >"$3/journal.gz"; sha256sum "$1" "$2"/* >"$3/sums"; cp -r "$2" "$3/pieces"; sync "$3"`,
		"sh", d.journal, filepath.Join(d.dir, "justificatifs"), outFolder)
}

// checking checks the folder of a set that build made, beside the sums of its
// files.
func checking(o options, build []string, set string) *group {
	made := slices.Clone(build)
	for i := range made {
		made[i] = strings.ReplaceAll(made[i], filepath.Join(outFolder, "volumes"), set)
	}
	return &group{
		title: "Checking the folder",
		prepare: func(ctx context.Context) error {
			cmd := exec.CommandContext(ctx, made[0], made[1:]...)
			cmd.Env = append(os.Environ(), "XHL_STATE="+set+".state")
			return cmd.Run()
		},
		tools: []*tool{
			{name: "xhl check, schema, business rules, pieces", argv: []string{o.xhl, "check", "--quiet", "--lang", "en", set}},
			{name: "sha256sum of the volumes", argv: installed("sh", "-c", `sha256sum "$1"/*`, "sh", set)},
		},
	}
}

//go:embed decode.py
var decodeScript string

// script runs decode.py where there is a Python that has lxml.
func (d *dataset) script() []string {
	for _, name := range []string{"python3", "/usr/bin/python3"} {
		argv := installed(name, "-c", decodeScript, d.journal, outFolder)
		if argv != nil && exec.Command(argv[0], "-c", "import lxml.etree").Run() == nil {
			return argv
		}
	}
	return nil
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
