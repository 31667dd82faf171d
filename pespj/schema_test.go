package pespj

import (
	"fmt"
	"strings"
	"testing"
)

// cas is a change of the valid flux. valide is the verdict of libxml2 2.9 with
// XSD PES 5.30; codes are those of our own rules that a valid document breaks.
type cas struct {
	nom, ancien, nouveau string
	valide               bool
	codes                string
}

func v(element, value string) string { return "<" + element + ` V="` + value + `"/>` }

// id, nomPJ, … replace the value of an element of the first piece.
func change(element, old, value string, valide bool, codes string) cas {
	return cas{element + "=" + short(value), v(element, old), v(element, value), valide, codes}
}

func short(s string) string {
	if len(s) > 24 {
		return fmt.Sprintf("%.12s…(%d)", s, len(s))
	}
	return s
}

func x(n int) string { return strings.Repeat("x", n) }

const debutFichier = `<Fichier MIMEType="application/pdf">`

var fichierPDF = debutFichier + gz("%PDF-1.7") + "</Fichier>"

func fichier(nom, content string, valide bool, codes string) cas {
	return cas{"Fichier " + nom, fichierPDF, debutFichier + content + "</Fichier>", valide, codes}
}

// tableNegative is the table of negative tests of the format's description,
// with the values around each.
var tableNegative = []cas{
	change("IdUnique", "ID1", "A-1", false, ""),
	change("IdUnique", "ID1", "Aé", false, ""),
	change("IdUnique", "ID1", x(51), false, ""),
	change("IdUnique", "ID1", x(50), true, ""),
	change("IdUnique", "ID1", "", false, ""),
	change("IdUnique", "ID1", "0", false, ""),
	change("IdUnique", "ID1", "0000", false, ""),
	change("IdUnique", "ID1", "nc", false, ""),
	change("IdUnique", "ID1", "Nc", true, ""),
	change("IdUnique", "ID1", "ID2", true, "PES-310"),
	change("ServeurId", "S1", x(21), false, ""),
	change("ServeurId", "S1", "a_b", false, ""),

	change("NomPJ", "paye.xhl", "paye", false, ""),
	change("NomPJ", "paye.xhl", "paye.x", false, ""),
	change("NomPJ", "paye.xhl", "paye.xhtml", false, ""),
	change("NomPJ", "paye.xhl", ".xhl", false, ""),
	change("NomPJ", "paye.xhl", x(97)+".xhl", false, ""),
	change("NomPJ", "paye.xhl", x(96)+".xhl", true, ""),
	change("NomPJ", "paye.xhl", "payé.xhl", true, "PES-312"),
	change("NomPJ", "paye.xhl", "la paye.xhl", true, "PES-312"),
	change("NomPJ", "paye.xhl", "a/b.xhl", true, "PES-312"),
	change("NomPJ", "paye.xhl", "a.tar.gz", true, ""),
	change("NomPJ", "paye.xhl", "contrat.pdf", true, "PES-313"),

	change("TypePJ", "004", "4", false, ""),
	change("TypePJ", "004", "015", false, ""),
	change("TypePJ", "004", "", false, ""),
	{"TypePJ absent", v("TypePJ", "004"), "", true, ""},

	{"Description absent", v("Description", "Paye de novembre"), "", false, ""},
	change("Description", "Paye de novembre", x(251), false, ""),
	change("Description", "Paye de novembre", strings.Repeat("é", 250), true, ""),
	change("Description", "Paye de novembre", "0", false, ""),
	change("Description", "Paye de novembre", "00", false, ""),
	change("Description", "Paye de novembre", " ", false, ""),
	change("Description", "Paye de novembre", "   ", true, "PES-204"),

	{"wrong order", "<IdUnique V=\"ID1\"/>\n<ServeurId V=\"S1\"/>", "<ServeurId V=\"S1\"/>\n<IdUnique V=\"ID1\"/>", false, ""},
	{"MIMEType absent", ` MIMEType="application/pdf"`, "", false, ""},
	{"MIMEType empty", `MIMEType="application/pdf"`, `MIMEType=""`, true, "PES-314"},
	fichier("not base64", "pas du base64", false, "PES-302"),
	fichier("empty", "", true, "PES-301"),
	fichier("not gzip", "bm9uLWd6aXAgYnl0ZXMu", true, "PES-303"),
	fichier("with line breaks", strings.Join(strings.SplitAfter(gz("%PDF-1.7"), "AA"), "\r\n \t"), true, ""),

	change("IdVer", "1", "0", false, ""),
	{"IdVer absent", v("IdVer", "1"), "", false, ""},
	{"EnTetePES_PJ absent", "<EnTetePES_PJ>" + v("IdVer", "1") + "</EnTetePES_PJ>", "", false, ""},
	change("IdVer", "1", "2", true, "PES-210"),

	change("NomFic", "PESPJ_1", "", false, ""),
	change("NomFic", "PESPJ_1", x(101), false, ""),
	change("NomFic", "PESPJ_1", x(100), true, ""),
	change("NomFic", "PESPJ_1", "paye_août", true, "PES-203"),
	change("Version", "2", "0", false, ""),
	change("Version", "2", "1", true, "PES-201"),
	{"Emetteur absent", "<Emetteur><Sigle V=\"EDITEUR\"/><Adresse V=\"MOTEUR 1\"/></Emetteur>", "", false, ""},
	change("Sigle", "EDITEUR", x(33), false, ""),
	change("Adresse", "MOTEUR 1", x(39), false, ""),
	change("TypFic", "PESALR1", "PESORMC", true, "PES-202"),
	change("TypFic", "PESALR1", "PESALR2", true, ""),
	{"Recepteur absent", "<Recepteur><Sigle V=\"HELIOS\"/><Adresse V=\"LYON\"/></Recepteur>", "", true, ""},
	{"Recepteur empty", "<Recepteur><Sigle V=\"HELIOS\"/><Adresse V=\"LYON\"/></Recepteur>", "<Recepteur/>", true, ""},

	change("DteStr", "2026-11-22", "22/11/2026", false, ""),
	change("DteStr", "2026-11-22", "2026-11-22Z", true, "PES-207"),
	change("IdPost", "006111", "06111", false, ""),
	change("IdPost", "006111", "02a004", false, ""),
	change("IdPost", "006111", "02A004", true, ""),
	change("IdPost", "006111", "02B0041", true, ""),
	change("IdColl", siretValide, "123456789012345", false, "PES-205"),
	change("IdColl", siretValide, "", true, "PES-205"),
	change("IdColl", siretValide, "999999999", true, "PES-205"),
	change("IdColl", siretValide, "99999999900018", true, "PES-206"),
	change("CodCol", "123", "000", false, ""),
	change("CodCol", "123", "1234", false, ""),
	change("CodBud", "00", "0", false, ""),
	change("CodBud", "00", "1A", false, ""),
	change("CodBud", "00", "A1", true, ""),
	change("LibelleColBud", "COMMUNE", x(39), false, ""),
	change("LibellePoste", "TRESORERIE", x(39), false, ""),
	change("FinJur", "060000001", "06 000", false, ""),
	change("FinJur", "060000001", "", true, ""),

	change("TypeObjet", "01", "11", false, ""),
	change("TypeObjet", "01", "10", true, ""),
	change("Exercice", "2026", "26", false, ""),
	change("Exercice", "2026", "2026Z", true, "PES-320"),
	change("ComplementIdentifiant", "1", "0", false, ""),
	change("ComplementIdentifiant", "1", "A1", true, "PES-319"),
	{"Identifiant absent", v("Identifiant", "1303"), "", true, "PES-318"},
	change("Identifiant", "1303", x(21), false, ""),
	change("Domaine", "01", "02", true, "PES-315"),
	change("Domaine", "01", "05", true, "PES-316"),
	change("Domaine", "01", "10", false, ""),

	{"default namespace on the root", "xmlns:n=", "xmlns=\"" + NSAller + "\" xmlns:n=", false, ""},
	{"Id starting with a digit", "<n:PES_Aller ", `<n:PES_Aller Id="1A" `, false, ""},
	{"Id", "<n:PES_Aller ", `<n:PES_Aller Id=" A1 " `, true, ""},
	{"truncated", "</n:PES_Aller>", "", false, "PES-001"},
	{"another prefix", "<n:PES_Aller xmlns:n=", "<pes:PES_Aller xmlns:pes=", false, "PES-004"},
}

// tableLibxml2 is where XML and XML Schema are read in libxml2's own way, and
// what a reader of XML has to refuse.
var tableLibxml2 = []cas{
	{"blank in an empty element", v("Version", "2"), `<Version V="2"> </Version>`, false, ""},
	{"comment in an empty element", v("Version", "2"), `<Version V="2"><!--c--></Version>`, true, ""},
	{"instruction in an empty element", v("Version", "2"), `<Version V="2"><?a b?></Version>`, true, ""},
	{"empty CDATA in an empty element", v("Version", "2"), `<Version V="2"><![CDATA[]]></Version>`, false, ""},
	{"CDATA blank between elements", v("Version", "2"), v("Version", "2") + "<![CDATA[ ]]>", false, ""},
	{"reference to a blank between elements", v("Version", "2"), v("Version", "2") + "&#32;", true, ""},
	{"text between elements", v("Version", "2"), v("Version", "2") + "x", false, ""},
	{"single quotes, blanks, line breaks", v("Version", "2"), "<Version\n\tV = '2'\r\n/>", true, ""},
	{"numeric reference", v("Version", "2"), `<Version V="&#50;"/>`, true, ""},
	{"value twice", v("Version", "2"), `<Version V="2" V="2"/>`, false, "PES-006"},
	{"attribute unknown", v("Version", "2"), `<Version V="2" W="2"/>`, false, ""},
	{"attribute of another namespace", v("Version", "2"), `<Version V="2" xml:lang="fr"/>`, false, ""},
	{"prefix of an attribute not declared", v("Version", "2"), `<Version q:V="2"/>`, false, ""},
	{"prefix of an element not declared", v("Version", "2"), `<q:Version V="2"/>`, false, ""},
	{"namespace undone", v("Version", "2"), `<Version xmlns="" V="2"/>`, true, ""},
	{"namespace set", v("Version", "2"), `<Version xmlns="urn:x" V="2"/>`, false, ""},
	{"nil", v("Version", "2"), `<Version xsi:nil="false" V="2"/>`, false, ""},
	{"schemaLocation", v("Version", "2"), `<Version xsi:schemaLocation="a b" V="2"/>`, true, ""},
	{"declared type named", v("Version", "2"), `<Version xmlns:c="http://www.minefi.gouv.fr/cp/helios/pes_v2/commun" xsi:type="c:Base_Num2" V="2"/>`, true, ""},
	{"other type named", v("Version", "2"), `<Version xmlns:c="http://www.minefi.gouv.fr/cp/helios/pes_v2/commun" xsi:type="c:Base_Num1" V="2"/>`, false, ""},
	{"missing blank between attributes", v("Version", "2"), `<Version xmlns:z="z"V="2"/>`, false, "PES-005"},
	{"less-than in a value", v("Version", "2"), `<Version V="<"/>`, false, "PES-005"},
	{"entity not declared", v("Version", "2"), `<Version V="&deux;"/>`, false, "PES-007"},
	{"reference to a NUL", v("Version", "2"), `<Version V="&#0;"/>`, false, "PES-007"},
	{"control character", v("Version", "2"), v("Version", "2") + "\x01", false, "PES-003"},
	{"NUL", v("Version", "2"), v("Version", "2") + "\x00", false, "PES-003"},
	{"end of CDATA in text", v("Version", "2"), v("Version", "2") + "]]>", false, "PES-018"},
	{"dashes in a comment", "<PES_PJ>", "<!-- a -- b --><PES_PJ>", false, "PES-016"},
	{"three dashes at the end of a comment", "<PES_PJ>", "<!-- a ---><PES_PJ>", false, "PES-016"},
	{"declaration in the middle", "<PES_PJ>", `<?xml version="1.0"?><PES_PJ>`, false, "PES-017"},
	{"instruction", "<PES_PJ>", `<?xml-stylesheet href="x"?><PES_PJ>`, true, ""},
	{"blank in an end tag", "</Emetteur>", "</Emetteur \n>", true, ""},
	{"attribute in an end tag", "</Emetteur>", "</Emetteur a='b'>", false, "PES-004"},
	{"end tags crossed", "</Emetteur>", "</Recepteur>", false, "PES-004"},
	{"second root", "</n:PES_Aller>", "</n:PES_Aller><a/>", false, "PES-009"},
	{"text after the root", "</n:PES_Aller>", "</n:PES_Aller>x", false, "PES-009"},
	{"NUL after the root", "</n:PES_Aller>", "</n:PES_Aller>\x00", true, "PES-019"},
	{"comment after the root", "</n:PES_Aller>", "</n:PES_Aller><!--x-->", true, ""},
	{"element unknown", "<PES_PJ>", "<PES_Prive><a b='c'>x</a></PES_Prive><PES_PJ>", false, ""},
	{"piece with a text", "<PJ>", "<PJ>x", false, ""},

	change("Version", "2", "02", true, ""),
	change("Version", "2", " +2.0 ", true, ""),
	change("Version", "2", "2.", true, ""),
	change("Version", "2", "2.0"+strings.Repeat("0", 30), false, ""),
	change("Version", "2", strings.Repeat("0", 30)+"2", true, ""),
	change("Version", "2", "100", false, ""),
	change("Version", "2", "99", true, "PES-201"),
	change("Version", "2", ".5", false, ""),
	change("Version", "2", ".", false, ""),
	change("Version", "2", "-1", false, ""),
	change("Version", "2", "2e0", false, ""),
	change("Version", "2", "", false, ""),

	change("DteStr", "2026-11-22", "2024-02-29", true, ""),
	change("DteStr", "2026-11-22", "2100-02-29", false, ""),
	change("DteStr", "2026-11-22", "2000-02-29", true, ""),
	change("DteStr", "2026-11-22", "2026-11-31", false, ""),
	change("DteStr", "2026-11-22", "2026-13-01", false, ""),
	change("DteStr", "2026-11-22", " 2026-11-22", false, ""),
	change("DteStr", "2026-11-22", "2026-11-22+14:00", true, "PES-207"),
	change("DteStr", "2026-11-22", "2026-11-22+14:01", false, ""),
	change("DteStr", "2026-11-22", "2026-11-22+00:60", false, ""),
	change("DteStr", "2026-11-22", "0000-01-01", false, ""),
	change("DteStr", "2026-11-22", "-0001-01-01", true, ""),
	change("DteStr", "2026-11-22", "12026-01-01", true, ""),
	change("DteStr", "2026-11-22", "02026-01-01", false, ""),
	change("DteStr", "2026-11-22", "99999999999999999999-01-01", false, ""),
	change("Exercice", "2026", "-2026", true, "PES-320"),
	change("Exercice", "2026", "12026", true, "PES-320"),
	change("Exercice", "2026", "0000", false, ""),
	change("Exercice", "2026", " 2026", false, ""),

	change("Sigle", "EDITEUR", "nc", false, ""),
	change("Sigle", "EDITEUR", "nca", true, ""),
	change("Sigle", "EDITEUR", ".", false, ""),
	change("Sigle", "EDITEUR", "..", true, ""),
	change("Sigle", "EDITEUR", "  ", true, "PES-204"),
	change("Sigle", "EDITEUR", "000", false, ""),
	change("Sigle", "EDITEUR", "&#10;", true, "PES-204"),
	change("Sigle", "EDITEUR", "&#10;0", true, ""),
	change("Sigle", "EDITEUR", "a&#10;b", false, ""),
	change("Sigle", "EDITEUR", "a\nb", true, ""),
	change("Sigle", "EDITEUR", "a&#9;b", true, ""),
	change("Sigle", "EDITEUR", strings.Repeat("é", 32), true, ""),
	change("Sigle", "EDITEUR", strings.Repeat("&amp;", 32), true, ""),
	change("Sigle", "EDITEUR", strings.Repeat("&#x1F600;", 33), false, ""),

	fichier("one character", "A", false, "PES-302"),
	fichier("foreign characters", "AAAA!-_é", true, "PES-302"),
	fichier("padding in the middle", "AA==AAAA", false, "PES-302"),
	fichier("padding too long", "AAAA====", false, "PES-302"),
	fichier("padding apart", "AA= =", true, "PES-303"),
	fichier("bits left over", "AB==", false, "PES-302"),
	fichier("child", gz("%PDF-1.7")+"<b/>", false, ""),
	fichier("comment inside", gz("%PDF-1.7")[:8]+"<!-- x -->"+gz("%PDF-1.7")[8:], true, ""),
	fichier("CDATA and references", "<![CDATA["+gz("%PDF-1.7")[:8]+"]]>&#"+fmt.Sprint(gz("%PDF-1.7")[8])+";"+gz("%PDF-1.7")[9:], true, ""),

	{"signature", "</PES_PJ>", `</PES_PJ><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>x</ds:SignedInfo></ds:Signature>`, true, "PES-209"},
	{"signature without a namespace", "</PES_PJ>", "</PES_PJ><Signature/>", false, "PES-209"},
	{"accounting domain", "<PES_PJ>", "<PES_DepenseAller x='y'><Bordereau Id='B'><a>text</a></Bordereau></PES_DepenseAller><PES_PJ>", true, ""},
	{"accounting domain with text", "<PES_PJ>", "<PES_DepenseAller>x</PES_DepenseAller><PES_PJ>", false, ""},
	{"accounting domain after the pieces", "</PES_PJ>", "</PES_PJ><PES_Marche/>", false, ""},
}

func TestSchemaVerdictAndRules(t *testing.T) {
	for table, list := range map[string][]cas{"negative": tableNegative, "libxml2": tableLibxml2} {
		for _, c := range list {
			t.Run(table+"/"+c.nom, func(t *testing.T) {
				bilan, found := check(t, avecChange(t, c.ancien, c.nouveau), CheckOptions{})
				if bilan.SchemaValide != c.valide {
					t.Errorf("schema valid: got %v, want %v: %v", bilan.SchemaValide, c.valide, found)
				}
				var own []string
				for _, code := range codes(found) {
					if !strings.HasPrefix(code, "PES-1") {
						own = append(own, code)
					}
				}
				if got := strings.Join(own, " "); got != c.codes {
					t.Errorf("own rules: got %q, want %q: %v", got, c.codes, found)
				}
				if !c.valide && bilan.Erreurs == 0 {
					t.Error("an invalid document has no error")
				}
			})
		}
	}
}

func TestSchemaVerdictIsThatOfLibxml2(t *testing.T) {
	list := append(append([]cas{}, tableNegative...), tableLibxml2...)
	var documents [][]byte
	for _, c := range list {
		documents = append(documents, avecChange(t, c.ancien, c.nouveau))
	}
	for i, got := range jugeXSD(t, xsdAller(t), documents) {
		if got != list[i].valide {
			t.Errorf("%s: xmllint says valid %v, the table %v", list[i].nom, got, list[i].valide)
		}
	}
}

// Encodings and declarations change the whole file.
func TestEncodings(t *testing.T) {
	body := strings.Replace(strings.TrimPrefix(fluxValide, declaration), "COMMUNE", "Été", 1)
	decl := func(d string) string { return d + body }
	long := `<?xml version="1.0"` + strings.Repeat(" ", 40) + `encoding="ISO-8859-1"?>`
	rows := []struct {
		nom      string
		document []byte
		valide   bool
		codes    string
	}{
		{"Latin-1", latin1(decl(`<?xml version="1.0" encoding="ISO-8859-1"?>`)), true, ""},
		{"lower case, standalone", latin1(decl(`<?xml version='1.0' encoding='iso-8859-1' standalone='yes' ?>`)), true, ""},
		{"declared beyond 50 characters", latin1(decl(long)), true, "PES-020"},
		{"alias", latin1(decl(`<?xml version="1.0" encoding="latin1"?>`)), true, "PES-020"},
		{"UTF-8", []byte(decl(`<?xml version="1.0" encoding="UTF-8"?>`)), true, "PES-020"},
		{"UTF-8 under a Latin-1 label", []byte(decl(`<?xml version="1.0" encoding="ISO-8859-1"?>`)), true, "PES-021"},
		{"Latin-1 under a UTF-8 label", latin1(decl(`<?xml version="1.0" encoding="UTF-8"?>`)), false, "PES-012 PES-020"},
		{"Latin-1 without a declaration", latin1(body), false, "PES-012 PES-020"},
		{"UTF-8 without a declaration", []byte(body), true, "PES-020"},
		{"UTF-8 mark before Latin-1", append([]byte("\xEF\xBB\xBF"), latin1(decl(`<?xml version="1.0" encoding="ISO-8859-1"?>`))...), true, "PES-022"},
		{"ASCII label", latin1(decl(`<?xml version="1.0" encoding="US-ASCII"?>`)), false, "PES-012 PES-020"},
		{"windows-1252", latin1(decl(`<?xml version="1.0" encoding="windows-1252"?>`)), true, "PES-020"},
		{"ISO-8859-15", latin1(decl(`<?xml version="1.0" encoding="ISO-8859-15"?>`)), true, "PES-020"},
		{"unknown encoding", latin1(decl(`<?xml version="1.0" encoding="klingon"?>`)), false, "PES-011"},
		{"UTF-16 with a mark", utf16le("\uFEFF" + decl(`<?xml version="1.0" encoding="UTF-16"?>`)), true, "PES-020 PES-022"},
		{"UTF-16 without a mark", utf16le(decl(`<?xml version="1.0" encoding="UTF-16LE"?>`)), true, "PES-020"},
		{"UTF-16 that says Latin-1", utf16le("\uFEFF" + decl(`<?xml version="1.0" encoding="ISO-8859-1"?>`)), false, "PES-008"},
		{"Latin-1 that says UTF-16", latin1(decl(`<?xml version="1.0" encoding="UTF-16"?>`)), false, "PES-011"},
		{"version 1.1", latin1(decl(`<?xml version="1.1" encoding="ISO-8859-1"?>`)), true, ""},
		{"version 2.0", latin1(decl(`<?xml version="2.0" encoding="ISO-8859-1"?>`)), false, "PES-008"},
		{"no version", latin1(decl(`<?xml encoding="ISO-8859-1"?>`)), false, "PES-008"},
		{"wrong order", latin1(decl(`<?xml version="1.0" standalone="yes" encoding="ISO-8859-1"?>`)), false, "PES-008"},
		{"blank before the declaration", latin1("\n" + decl(`<?xml version="1.0" encoding="ISO-8859-1"?>`)), false, "PES-017 PES-020"},
		{"empty", nil, false, "PES-002"},
		{"blank", []byte(" \n"), false, "PES-001 PES-020"},
	}
	var documents [][]byte
	for _, r := range rows {
		documents = append(documents, r.document)
		bilan, found := check(t, r.document, CheckOptions{})
		if got := strings.Join(codes(found), " "); bilan.SchemaValide != r.valide || got != r.codes {
			t.Errorf("%s: got valid %v, %q; want %v, %q", r.nom, bilan.SchemaValide, got, r.valide, r.codes)
		}
	}
	for i, got := range jugeXSD(t, xsdAller(t), documents) {
		if got != rows[i].valide {
			t.Errorf("%s: xmllint says valid %v", rows[i].nom, got)
		}
	}
}

func utf16le(s string) []byte {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return b
}
