package due

import (
	"strings"
	"testing"
	"unicode/utf16"

	"paye/internal/anomalie"
)

func TestMapibox(t *testing.T) {
	want := Mapibox{Profil: "Microsoft Outlook", A: "centre@exemple.fr", Sujet: "Déclaration Unique d'Embauche TEST01", Note: "a=b"}
	utf8 := "profil=Microsoft Outlook\r\nA = centre@exemple.fr\r\n\r\nsujet=Déclaration Unique d'Embauche TEST01\r\nnote=a=b\r\n"
	for name, text := range map[string]string{
		"UTF-8 and CRLF": utf8,
		"BOM":            "\ufeff" + utf8,
		"LF":             strings.ReplaceAll(utf8, "\r", ""),
		"ISO-8859-1":     strings.ReplaceAll(utf8, "é", "\xe9"),
	} {
		if got, err := ReadMapibox(strings.NewReader(text), "mapibox.cfg"); err != nil || got != want {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
}

func TestMapiboxRefusalsNameTheLine(t *testing.T) {
	for _, c := range []struct {
		name, text, code string
		line             int64
	}{
		{"unknown key", "profil=x\ncc=y\n", "DUE-132", 2},
		{"repeated key", "a=x\n\nA=y\n", "DUE-133", 3},
		{"no equals sign", "a=x\nsujet\n", "DUE-131", 2},
		{"too large", "a=" + strings.Repeat("x", maxReglages), "DUE-130", 0},
	} {
		_, err := ReadMapibox(strings.NewReader(c.text), "mapibox.cfg")
		a, ok := err.(*anomalie.Anomalie)
		if !ok || a.Code != c.code || a.Ligne != c.line {
			t.Errorf("%s: got %v, want %s at line %d", c.name, err, c.code, c.line)
		}
	}
}

func TestNothingOfTheMailHasADefault(t *testing.T) {
	d, err := ReadDossier(strings.NewReader("siret="+siret+"\n"), "dossier.cfg")
	if err != nil {
		t.Fatal(err)
	}
	if d.Courrier != (Mapibox{}) || d.Expediteur != "" || d.SMTP != "" {
		t.Errorf("got %+v %q %q", d.Courrier, d.Expediteur, d.SMTP)
	}
	if d.Employeur.SIRET != siret || !d.Exclus()["titulaire"] {
		t.Errorf("got %q, %v", d.Employeur.SIRET, d.Exclus())
	}
}

func TestUnknownEncryptionIsRefused(t *testing.T) {
	_, err := ReadDossier(strings.NewReader("chiffrement=pgp\n"), "due.cfg")
	wantCode(t, err, "DUE-134")
}

func FuzzMapibox(f *testing.F) {
	f.Add("profil=Microsoft Outlook\na=x@y\nsujet=D\xe9claration\nnote=z\n")
	f.Add("\ufeffa==\r\n#\r\n;")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMapibox(strings.NewReader(text), "f")
		if err != nil {
			return
		}
		for _, v := range []string{m.Profil, m.A, m.Sujet, m.Note} {
			if strings.ContainsAny(v, "\n") {
				t.Errorf("a value of two lines: %q", v)
			}
		}
	})
}

const csvText = `matricule;contrat;date_debut;nom_naissance;prenom;nir
A001;C1;2026-12-01;"DU;RAND";Zoé;0012
A002; C2 ;01/12/2026;MARTIN;Luc;
`

func TestCSV(t *testing.T) {
	for name, text := range map[string]string{
		"UTF-8":           csvText,
		"BOM and CRLF":    "\ufeff" + strings.ReplaceAll(csvText, "\n", "\r\n"),
		"windows-1252":    strings.ReplaceAll(csvText, "é", "\xe9"),
		"tab":             strings.NewReplacer(`"DU;RAND"`, `"DU;RAND"`, ";", "\t").Replace(csvText),
		"told":            "\ufeffsep=;\r\n" + csvText,
		"Unicode text":    wide("\ufeff" + strings.NewReplacer(`"DU;RAND"`, `"DU;RAND"`, ";", "\t").Replace(csvText)),
		"comma":           strings.NewReplacer(`"DU;RAND"`, `"DU;RAND"`, ";", ",").Replace(csvText),
		"columns in caps": strings.ToUpper(csvText[:54]) + csvText[54:],
	} {
		var list []Embauche
		for e, err := range ReadCSV(t.Context(), strings.NewReader(text), "e.csv") {
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			list = append(list, e)
		}
		if len(list) != 2 || list[0].NomNaissance != "DU;RAND" || list[0].Prenom != "Zoé" || list[0].NIR != "0012" || list[1].Numero != "C2" || list[1].Ligne != int64(3+strings.Count(text, "sep=")) {
			t.Errorf("%s: %d hires", name, len(list))
		}
	}
}

func TestCSVRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"empty", "", "DUE-120"},
		{"unknown column", "matricule;contrat;date_debut;salaire\n", "DUE-121"},
		{"repeated column", "matricule;contrat;date_debut;matricule\n", "DUE-121"},
		{"missing column", "matricule;date_debut\n", "DUE-122"},
		{"ragged line", "matricule;contrat;date_debut\nA;B\n", "DUE-123"},
		{"open quotes", "matricule;contrat;date_debut\n\"A;B;C\n", "DUE-123"},
	} {
		var last error
		for _, err := range ReadCSV(t.Context(), strings.NewReader(c.text), "e.csv") {
			last = err
		}
		a, ok := last.(*anomalie.Anomalie)
		if !ok || a.Code != c.code || a.Classe() != anomalie.Illisible {
			t.Errorf("%s: got %v, want %s", c.name, last, c.code)
		}
	}
}

// wide is a text in UTF-16, as spreadsheets write “Unicode text”.
func wide(s string) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}
