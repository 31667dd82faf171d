package run

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/lang"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

func TestFaultsOfACSVRunAreNamedWithTheirPlace(t *testing.T) {
	for _, tc := range []struct {
		name, file, from, to string
		code                 string
		in                   string // file of the anomaly, when it is another
		ligne                int64
		chemin               string
		says                 string // in English
	}{
		{name: "unknown column", file: CSVAgents, from: "Agent.Grade", to: "Agent.Grad", code: "XHL-310", ligne: 1, says: `"Agent.Grad" is unknown; the nearest name is Agent.Grade`},
		{name: "column named by its end", file: CSVAgents, from: "Agent.NIR", to: "nir", code: "XHL-310", ligne: 1, says: "Agent.NIR"},
		{name: "column twice", file: CSVAgents, from: ";MtNet;", to: ";MtBrut;", code: "XHL-310", ligne: 1, says: "column MtBrut is there twice"},
		{name: "no key", file: CSVLignes, from: "bulletin;Element", to: "Ordre;Element", code: "XHL-310", ligne: 1, says: "Ordre is there twice"},
		{name: "no cell for a column", file: CSVAgents, from: "\n1;1;", to: "\n1;", code: "XHL-310", ligne: 2, says: "cells, where the header names"},
		{name: "rank that is none", file: CSVAgents, from: "\n1;1;", to: "\nun;1;", code: "XHL-310", ligne: 2, says: "rank, from 1, is expected in column bulletin"},
		{name: "rank of a line that is none", file: CSVLignes, from: "1;TraitBrut", to: "1.0;TraitBrut", code: "XHL-310", ligne: 3, says: "column bulletin"},
		{name: "line of no bulletin", file: CSVLignes, from: "1;TraitBrut", to: "2;TraitBrut", code: "XHL-310", ligne: 3, says: "bulletin 2 is not in agents.csv"},
		{name: "unknown établissement", file: CSVAgents, from: "\n1;1;", to: "\n1;12345678200010;", code: "XHL-310", ligne: 2, says: "12345678200010 is not in entete.csv"},
		{name: "unknown element", file: CSVLignes, from: "1;TraitBrut", to: "1;traitbrut", code: "XHL-310", ligne: 3, says: "nearest name is TraitBrut"},
		{name: "cell of another element", file: CSVLignes, from: "1;NBI;", to: "1;NBI;Bonus", code: "XHL-310", ligne: 2, says: "column Libelle has to be empty for NBI"},
		{name: "open quote", file: CSVAgents, from: ";g;", to: `;"g;`, code: "XHL-310", ligne: 2, says: "quote misplaced or not closed in cell"},
		{name: "quote inside a cell", file: CSVAgents, from: ";g;", to: `;g"g";`, code: "XHL-310", ligne: 2, says: "quote misplaced"},
		{name: "refused amount", file: CSVAgents, from: ";1900.10;", to: ";19OO;", code: "XHL-303", ligne: 2, chemin: "MtBrut"},
		{name: "missing amount", file: CSVAgents, from: ";1900.10;", to: ";;", code: "XHL-304", ligne: 2, chemin: "MtBrut"},
		{name: "refused date", file: CSVAgents, from: "2026-11-01", to: "31/02/2026", code: "XHL-303", ligne: 2, chemin: "Periode.DateDebut"},
		{name: "forbidden character", file: CSVAgents, from: ";g;", to: ";g\x00;", code: "XHL-309", ligne: 2, chemin: "Agent.Grade"},
		{name: "refused amount of a line", file: CSVLignes, from: "1900.10", to: "1.900.10", code: "XHL-303", ligne: 3, chemin: "Mt"},
		{name: "refused points", file: CSVLignes, from: "1;NBI;;;;;;;;;;;;;;;;0", to: "1;NBI;;;;;;;;;;;;;;;;zéro", code: "XHL-303", ligne: 2, chemin: "V"},
		{name: "no points", file: CSVLignes, from: "1;NBI;;;;;;;;;;;;;;;;0\n", to: "", code: "XHL-304", ligne: 2, chemin: "NBI"},
		{name: "PJRef without Support", file: CSVLignes, from: "1;NBI", to: "1;PJRef", code: "XHL-310", ligne: 2, says: "column V has to be empty for PJRef"},
		{name: "head refused", file: CSVEntete, from: ";2026;", to: ";26;", code: "XHL-303", ligne: 2, chemin: "Annee"},
		{name: "établissement out of turn", file: CSVEntete, from: "\n1;", to: "\n7;", code: "XHL-310", ligne: 3, says: "rank 1 is expected"},
		{name: "établissement first", file: CSVEntete, from: "\n;", to: "\n1;", code: "XHL-310", ligne: 2, says: "the first line describes the journal"},
		{name: "établissement refused", file: CSVEntete, from: "\n1;", to: "\n1;x", code: "XHL-310", ligne: 3, says: "column IdVer has to be empty for DonneesIndiv"},
		{name: "unknown code list", file: CSVNomenclatures, from: "NomenclatureCaisse", to: "NomenclatureCaisses", code: "XHL-310", ligne: 4, says: "nearest name is NomenclatureCaisse"},
		{name: "code too long", file: CSVNomenclatures, from: ";100;", to: ";1000000000000;", code: "XHL-303", ligne: 3, chemin: "Code"},
		{name: "two descriptions", file: CSVNomenclatures, from: "NomenclatureCaisse;d", to: "NomenclatureEvtPaye;e", code: "XHL-310", ligne: 4, says: "NomenclatureEvtPaye has two descriptions"},
		{name: "code list that has to be there", file: CSVNomenclatures, from: "NomenclatureCaisse;d;l;c", to: "NomenclatureBudget;d;l;c", code: "XHL-304", ligne: 5, chemin: "Nomenclatures/NomenclatureCaisse/Correspondance"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := encodeCSV(edited(t, tc.file, tc.from, tc.to), xhl.WriterOptions{})
			var a *xhl.Anomalie
			if !errors.As(err, &a) {
				t.Fatalf("got %v, want an anomaly", err)
			}
			if a.Code != tc.code || a.Ligne != tc.ligne || a.Fichier != "run/"+tc.file || a.Chemin != tc.chemin {
				t.Errorf("got %v\nwant %s, run/%s, line %d, %s", err, tc.code, tc.file, tc.ligne, tc.chemin)
			}
			if msg := a.Message(lang.English); !strings.Contains(msg, tc.says) {
				t.Errorf("got %q, want it to say %q", msg, tc.says)
			}
		})
	}
}

func TestTheFirstFaultOfACSVRunIsTold(t *testing.T) {
	dir := edited(t, CSVAgents, ";1900.10;", ";19OO;")
	agents := string(dir[CSVAgents].Data)
	_, line, _ := strings.Cut(strings.TrimSuffix(agents, "\n"), "\n")
	var all strings.Builder
	all.WriteString(agents)
	for i := 2; i < 5000; i++ {
		all.WriteString(strings.Replace(line, "1;", "9"+strings.Repeat("0", i%3)+";", 1) + "\n") // and ranks out of order
	}
	dir[CSVAgents] = &fstest.MapFile{Data: []byte(all.String())}
	for range 20 {
		_, err := encodeCSV(dir, xhl.WriterOptions{})
		var a *xhl.Anomalie
		if !errors.As(err, &a) || a.Code != "XHL-303" || a.Ligne != 2 {
			t.Fatalf("got %v, want XHL-303 at line 2", err)
		}
	}
}

func TestMissingFilesOfACSVRunAreNamed(t *testing.T) {
	for _, name := range []string{CSVEntete, CSVAgents, CSVLignes, CSVNomenclatures} {
		for what, file := range map[string]*fstest.MapFile{"missing": nil, "empty": {}, "UTF-16": {Data: []byte("\xFF\xFEb\x00")}, "blank": {Data: []byte("\n\n;;\n")}} {
			dir := edited(t, "", "", "")
			delete(dir, name)
			if file != nil {
				dir[name] = file
			}
			_, err := encodeCSV(dir, xhl.WriterOptions{})
			var a *xhl.Anomalie
			if !errors.As(err, &a) || a.Code != "XHL-310" || a.Fichier != path.Join("run", name) {
				t.Errorf("%s %s: got %v", what, name, err)
			}
		}
	}
}

func TestCSVRunWithoutBulletinsIsRefused(t *testing.T) {
	dir := edited(t, "", "", "")
	for _, name := range []string{CSVAgents, CSVLignes} {
		head, _, _ := bytes.Cut(dir[name].Data, []byte("\n"))
		dir[name] = &fstest.MapFile{Data: head}
	}
	_, err := encodeCSV(dir, xhl.WriterOptions{})
	var a *xhl.Anomalie
	if !errors.As(err, &a) || a.Code != "XHL-015" {
		t.Errorf("got %v, want XHL-015", err)
	}
}

func TestHugeCellsOfACSVRunAreRefused(t *testing.T) {
	huge := strings.Repeat("x", 2<<20)
	for name, dir := range map[string]fstest.MapFS{
		"in a cell":           edited(t, CSVAgents, ";g;", ";"+huge+";"),
		"in an open quote":    edited(t, CSVLignes, "1;TraitBrut", "1;\""+strings.Repeat("x\n", 1<<20)),
		"in entete.csv":       edited(t, CSVEntete, ";2026;", ";"+huge+";"),
		"in the name of one":  edited(t, CSVNomenclatures, "CodeCaisse", huge),
		"all without newline": {CSVEntete: {Data: bytes.Repeat([]byte{'"'}, 3<<20)}},
	} {
		_, err := encodeCSV(dir, xhl.WriterOptions{})
		var a *xhl.Anomalie
		if !errors.As(err, &a) || a.Code != "XHL-004" {
			t.Errorf("%s: got %v, want XHL-004", name, err)
		}
	}
}

func TestBytesThatAreNotUTF8InAUTF8FileAreRefused(t *testing.T) {
	_, err := encodeCSV(edited(t, CSVAgents, ";g;", ";caf\xE9;"), xhl.WriterOptions{})
	var a *xhl.Anomalie
	if !errors.As(err, &a) || a.Code != "XHL-310" || a.Ligne != 2 || !strings.Contains(a.Message(lang.English), "not UTF-8") {
		t.Errorf("got %v", err)
	}
}

func TestPersonalValuesStayOutOfErrorsOfACSVRun(t *testing.T) {
	long := strings.Repeat("SECRET", 20)
	for name, dir := range map[string]fstest.MapFS{
		"name too long":    edited(t, CSVAgents, "Éloïse", long),
		"name in a number": edited(t, CSVAgents, ";1900.10;", ";SECRET;"),
		"open quote":       edited(t, CSVAgents, "Éloïse", `"SECRET`),
		"shifted cells":    edited(t, CSVAgents, "Éloïse", `SECRET;`),
		"label too long":   edited(t, CSVLignes, "Traitement", long),
	} {
		_, err := encodeCSV(dir, xhl.WriterOptions{})
		var a *xhl.Anomalie
		if !errors.As(err, &a) {
			t.Errorf("%s: got %v, want an anomaly", name, err)
			continue
		}
		line, _ := a.MarshalJSON()
		if strings.Contains(err.Error()+string(line), "SECRET") {
			t.Errorf("%s: the value is in %v", name, err)
		}
	}
}

func TestAnomaliesOfABulletinInCSVNameTheMatricule(t *testing.T) {
	for _, dir := range []fstest.MapFS{
		edited(t, CSVAgents, ";1900.10;", ";19OO;"),
		edited(t, CSVLignes, "1900.10", "19OO"),
		edited(t, CSVLignes, "1;TraitBrut", "1;Traitbrut"),
	} {
		_, err := encodeCSV(dir, xhl.WriterOptions{})
		var a *xhl.Anomalie
		if !errors.As(err, &a) || a.Matricule != "A1" {
			t.Errorf("got %v, want the matricule A1", err)
		}
	}
}

func TestMessagesAboutCSVAreInTheLanguageAsked(t *testing.T) {
	for _, text := range csvTextes {
		if err := text.Verify(); err != nil {
			t.Error(err)
		}
	}
	a := csvFault(CSVAgents, csvCount, 3, 52)
	if got, want := a.Message(lang.French), "fichier CSV agents.csv : 3 cellules, là où l'en-tête nomme 52 colonnes"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := a.Message(lang.English), "CSV file agents.csv: 3 cells, where the header names 52 columns"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// broken fails to be written after some bytes.
type broken struct{ left int }

var errDisk = errors.New("disk full")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errDisk
	}
	return len(p), nil
}

func (b *broken) Close() error { return nil }

func TestFaultsOfTheDiskAreNotAnomalies(t *testing.T) {
	doc, err := encode(minimalRun(), xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{CSVEntete, CSVAgents, CSVLignes, CSVNomenclatures} {
		closed := 0
		err := DecodeCSV(context.Background(), strings.NewReader(doc), xhl.Options{}, CSVKept, func(file string) (io.WriteCloser, error) {
			if file == name {
				return &broken{}, nil
			}
			return &counting{n: &closed}, nil
		}, nil)
		var a *xhl.Anomalie
		if !errors.Is(err, errDisk) || errors.As(err, &a) || !strings.Contains(err.Error(), name) || closed != 3 {
			t.Errorf("%s: got %v, %d other files closed", name, err, closed)
		}
	}
	err = EncodeCSV(context.Background(), edited(t, "", "", ""), &broken{}, EncodeOptions{})
	if !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := EncodeCSV(ctx, edited(t, "", "", ""), io.Discard, EncodeOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: got %v", err)
	}
}

// counting counts how often it is closed.
type counting struct {
	memory
	n *int
}

func (c *counting) Close() error { *c.n++; return nil }

func TestCSVRunMayBeInAnyOfTheClothesThatSpreadsheetsGive(t *testing.T) {
	plain := edited(t, "", "", "")
	want, err := encodeCSV(plain, xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	each := func(f func(name, text string) string) fstest.MapFS {
		dir := make(fstest.MapFS)
		for name, file := range plain {
			dir[name] = &fstest.MapFile{Data: []byte(f(name, string(file.Data)))}
		}
		return dir
	}
	for name, dir := range map[string]fstest.MapFS{
		"without a byte order mark": each(func(_, s string) string { return strings.TrimPrefix(s, "\uFEFF") }),
		"CRLF":                      each(func(_, s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }),
		"no end of line at the end": each(func(_, s string) string { return strings.TrimSuffix(s, "\n") }),
		"commas":                    each(func(_, s string) string { return strings.ReplaceAll(s, ";", ",") }),
		"tabs":                      each(func(_, s string) string { return strings.ReplaceAll(s, ";", "\t") }),
		"a line for Excel":          each(func(_, s string) string { return "\uFEFFsep=;\r\n" + strings.TrimPrefix(s, "\uFEFF") }),
		"empty lines":               each(func(_, s string) string { return strings.ReplaceAll(s, "\n", "\n\n;;;\n \n") }),
		"decimal commas":            each(func(_, s string) string { return strings.ReplaceAll(s, "1900.10", "1900,10") }),
		"all quoted": each(func(_, s string) string {
			s = strings.TrimPrefix(strings.TrimSuffix(s, "\n"), "\uFEFF")
			return `"` + strings.NewReplacer(";", `";"`, "\n", "\"\n\"").Replace(s) + "\"\n"
		}),
		"windows-1252": each(func(_, s string) string {
			s, err := charmap.Windows1252.NewEncoder().String(strings.TrimPrefix(s, "\uFEFF"))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}),
		"without the columns that may be empty": {
			CSVEntete: plain[CSVEntete], CSVNomenclatures: plain[CSVNomenclatures], CSVAgents: plain[CSVAgents],
			CSVLignes: {Data: []byte("Element;V;Mt;bulletin;Libelle;Code;Ordre\nNBI;0;;1;;;\nTraitBrut;;1900.10;1;Traitement;100;1\n")},
		},
	} {
		got, err := encodeCSV(dir, xhl.WriterOptions{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !bytes.Equal(got, want) {
			t.Errorf("%s: another journal:\n%s", name, got)
		}
	}
}

func TestBulletinsNameTheirEtablissementByRankOrBySIRET(t *testing.T) {
	const adresse = "1;35000;1"
	entete := "Etablissement;IdVer;Annee;Mois;Employeur.Nom;Employeur.Adresse.TypAdr;Employeur.Adresse.CP;Employeur.Adresse.CodRes;Employeur.Siret;" +
		"Etablissement.Nom;Etablissement.Adresse.TypAdr;Etablissement.Adresse.CP;Etablissement.Adresse.CodRes;Etablissement.Siret\n" +
		";1.4;2026;11;Ville;" + adresse + ";12345678200010;;;;;\n" +
		"1;;;;;;;;;Mairie;" + adresse + ";12345678200010\n" +
		"2;;;;;;;;;École;" + adresse + ";12345678200028\n"
	base := edited(t, "", "", "")
	head, line, _ := strings.Cut(strings.TrimSuffix(string(base[CSVAgents].Data), "\n"), "\n")
	line = strings.TrimPrefix(line, "1;1;")
	var agents, lignes strings.Builder
	agents.WriteString(head + "\n")
	lignes.WriteString("bulletin;Element;V;Mt;Code\n")
	for i, ref := range []string{"", "1", "12345678200028", "", "2", "1"} {
		rang := string(rune('1' + i))
		agents.WriteString(rang + ";" + ref + ";" + line + "\n")
		lignes.WriteString(rang + ";NBI;0;;\n" + rang + ";TraitBrut;;10;100\n")
	}
	dir := fstest.MapFS{CSVEntete: {Data: []byte(entete)}, CSVAgents: {Data: []byte(agents.String())}, CSVLignes: {Data: []byte(lignes.String())}, CSVNomenclatures: base[CSVNomenclatures]}
	doc, err := encodeCSV(dir, xhl.WriterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	rd, err := xhl.NewReader(bytes.NewReader(doc), xhl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	last := 0
	for b, err := range rd.Bulletins() {
		if err != nil {
			t.Fatal(err)
		}
		got, last = append(got, b.Lieu.Etablissement.Nom), b.Lieu.Groupe
	}
	if want := "Mairie Mairie École École École Mairie"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if last != 2 {
		t.Errorf("%d DonneesIndiv, want 3", last+1)
	}
}

func TestEveryLeafOfTheSchemaHasItsColumn(t *testing.T) {
	var columns int
	for _, f := range []*csvFile{csvEnteteFile, csvAgentsFile, csvLignesFile, csvNomenclaturesFile} {
		seen := make(map[string]bool)
		for _, c := range f.columns {
			if seen[c] {
				t.Errorf("%s: column %s is there twice", f.name, c)
			}
			seen[c] = true
		}
		for _, k := range f.kinds {
			columns += len(k.own) + len(k.cells)
		}
	}
	var leaves func(e *schema.Element) int
	leaves = func(e *schema.Element) int {
		if e.Value != nil {
			return 1
		}
		n := 0
		for _, c := range e.Children {
			n += leaves(c)
		}
		return n
	}
	if want := leaves(xhl.Table.Document); columns != want {
		t.Errorf("%d columns, want one for each of the %d leaves", columns, want)
	}
}
