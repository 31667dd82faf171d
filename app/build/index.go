package build

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/input"
)

// IndexLigneLue is a line of justificatifs.csv: a piece, and the agent that it
// justifies.
type IndexLigneLue struct {
	Ligne       int    // from 1
	Matricule   string // "*" for a piece of general scope
	IdUnique    string // "" to have one made from the content
	Fichier     string // below the folder of pieces
	Nom         string // NomPJ; "" for that of the file
	Description string
	Support     string // "01" when empty
}

// General is the matricule of the pieces of general scope.
const General = "*"

// maxIndex bounds the size of an index, in bytes.
const maxIndex = 256 << 20

// indexColumns are the columns of justificatifs.csv; the first three must be
// there.
var indexColumns = []string{"matricule", "id_unique", "fichier", "nom", "description", "support"}

// readIndex reads a justificatifs.csv: UTF-8 or windows-1252, columns apart by
// semicolons or commas, in any order.
func readIndex(path string) ([]IndexLigneLue, error) {
	data, err := input.ReadFile(path, maxIndex)
	if err != nil {
		return nil, notFound(path, err)
	}
	malformed := func(what string) error {
		a := Codes.New(IndexIllisible, what)
		a.Fichier = path
		return a
	}
	if len(data) > maxIndex {
		return nil, malformed("256 Mio")
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		if data, err = charmap.Windows1252.NewDecoder().Bytes(data); err != nil {
			return nil, malformed("windows-1252")
		}
	}
	head, _, _ := bytes.Cut(data, []byte("\n"))
	r := csv.NewReader(bufio.NewReader(bytes.NewReader(data)))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = ';', -1, true
	if !bytes.ContainsRune(head, ';') {
		r.Comma = ','
	}
	names, err := r.Read()
	if err != nil {
		return nil, malformed("vide")
	}
	column := make(map[string]int)
	for i, name := range names {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range indexColumns[:3] {
		if _, there := column[name]; !there {
			return nil, malformed(name)
		}
	}
	var list []IndexLigneLue
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		line, _ := r.FieldPos(0)
		if err != nil {
			a := Codes.New(IndexLigne, line, "CSV")
			a.Fichier, a.Ligne = path, int64(line)
			return nil, a
		}
		get := func(name string) string {
			if i, there := column[name]; there && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		l := IndexLigneLue{Ligne: line, Matricule: get("matricule"), IdUnique: get("id_unique"), Fichier: get("fichier"),
			Nom: get("nom"), Description: get("description"), Support: get("support")}
		missing := ""
		switch {
		case l.Matricule == "" && l.Fichier == "":
			continue
		case l.Matricule == "":
			missing = "matricule"
		case l.Fichier == "" && (l.Nom == "" || l.IdUnique == ""):
			missing = "fichier"
		case l.Support != "" && !slices.Contains([]string{"00", "01", "02", "03", "10"}, l.Support):
			missing = "support 00, 01, 02, 03, 10"
		}
		if missing != "" {
			a := Codes.New(IndexLigne, line, missing)
			a.Fichier, a.Ligne = path, int64(line)
			return nil, a
		}
		l.Fichier = filepath.ToSlash(strings.ReplaceAll(l.Fichier, `\`, "/"))
		list = append(list, l)
	}
}

// papier reports whether a support has no file that travels.
func papier(support string) bool { return support == "02" || support == "03" }
