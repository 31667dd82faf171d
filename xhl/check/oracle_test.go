package check

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"

	"paye/internal/refdata"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// libxml2 returns the verdicts of libxml2 with the official XSD on journals,
// or skips the test.
func libxml2(t *testing.T, version xhl.Version, journals [][]byte) []bool {
	t.Helper()
	tool, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is absent: its verdicts cannot be compared")
	}
	xsd := refdata.Path(t, "data", "xhl", "paye-"+version.String(), "DocumentPaye.xsd")
	if xsd, err = filepath.Abs(xsd); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	verdicts := make([]bool, len(journals))
	const batch = 500
	for from := 0; from < len(journals); from += batch {
		args := []string{"--nonet", "--noout", "--schema", xsd}
		for i := from; i < min(from+batch, len(journals)); i++ {
			name := fmt.Sprintf("j%d.xhl", i)
			if err := os.WriteFile(filepath.Join(dir, name), journals[i], 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		cmd := exec.Command(tool, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		for _, m := range validates.FindAllSubmatch(out, -1) {
			i, _ := strconv.Atoi(string(m[1]))
			verdicts[i] = true
		}
	}
	return verdicts
}

var validates = regexp.MustCompile(`(?m)^j(\d+)\.xhl validates$`)

// compareVerdicts checks the verdict on each journal against that of libxml2.
func compareVerdicts(t *testing.T, version xhl.Version, names []string, journals [][]byte) {
	t.Helper()
	want := libxml2(t, version, journals)
	o := Options{Schema: Schema14}
	if version == xhl.V12b {
		o.Schema = Schema12b
	}
	valid, shown, model := 0, 0, complete
	if version == xhl.V12b {
		model = complete12b
	}
	for i, src := range journals {
		if want[i] {
			valid++
		}
		b, list := judged(t, src, o)
		if b.SchemaValide == want[i] || refused(b) {
			continue
		}
		if shown++; shown <= 12 {
			list = slices.DeleteFunc(list, func(a *xhl.Anomalie) bool { return a.Code > "XHL-2" })
			t.Errorf("%s: valid %v, libxml2 %v\n%v\n%s", names[i], b.SchemaValide, want[i], list, change(model, string(src)))
		}
	}
	t.Logf("schema %s: %d journals, %d valid, %d verdicts differ", version, len(journals), valid, shown)
	if shown > 12 {
		t.Errorf("%d verdicts differ", shown)
	}
}

// refused reports whether the journal is one of those that Check does not read
// on purpose: a DOCTYPE, an encoding that it does not know, a limit.
func refused(b *Bilan) bool {
	return !b.SchemaValide && b.N("XHL-003")+b.N("XHL-004")+b.N("XHL-005") > 0
}

// change shows where a journal differs from its model.
func change(model, src string) string {
	model, src = model[strings.Index(model, "<IdVer"):], src[max(strings.Index(src, "<IdVer"), 0):]
	i := 0
	for i < min(len(model), len(src)) && model[i] == src[i] {
		i++
	}
	j := 0
	for j < min(len(model), len(src))-i && model[len(model)-1-j] == src[len(src)-1-j] {
		j++
	}
	return fmt.Sprintf("…%q…", src[max(i-40, 0):min(len(src)-j+40, len(src), max(i-40, 0)+400)])
}

// branch is an element of a journal under mutation; kids are *branch or raw
// text.
type branch struct {
	name  string
	attrs string
	kids  []any
}

func (b *branch) write(w *strings.Builder) {
	w.WriteString("<" + b.name + b.attrs)
	if len(b.kids) == 0 {
		w.WriteString("/>")
		return
	}
	w.WriteString(">")
	for _, k := range b.kids {
		switch k := k.(type) {
		case *branch:
			k.write(w)
		case string:
			w.WriteString(k)
		}
	}
	w.WriteString("</" + b.name + ">")
}

// grow parses a journal in the canonical writing.
func growTree(t *testing.T, src string) *branch {
	t.Helper()
	stack := []*branch{{}}
	for _, m := range tagPattern.FindAllStringSubmatch(src, -1) {
		closing, name, attrs, empty := m[1], m[2], m[3], m[4]
		if closing != "" {
			stack = stack[:len(stack)-1]
			continue
		}
		b := &branch{name: name, attrs: attrs}
		top := stack[len(stack)-1]
		top.kids = append(top.kids, b)
		if empty == "" {
			stack = append(stack, b)
		}
	}
	if len(stack) != 1 || len(stack[0].kids) != 1 {
		t.Fatalf("the model does not nest")
	}
	return stack[0].kids[0].(*branch)
}

var tagPattern = regexp.MustCompile(`<(/?)([\w:]+)((?: [\w:]+="[^"]*")*)(/?)>`)

func (b *branch) clone() *branch {
	c := &branch{name: b.name, attrs: b.attrs}
	for _, k := range b.kids {
		if kid, ok := k.(*branch); ok {
			c.kids = append(c.kids, kid.clone())
		} else {
			c.kids = append(c.kids, k)
		}
	}
	return c
}

// all lists the elements below b with their parents.
func (b *branch) all(visit func(parent *branch, at int)) {
	for i := 0; i < len(b.kids); i++ {
		if kid, ok := b.kids[i].(*branch); ok {
			visit(b, i)
			kid.all(visit)
		}
	}
}

type site struct {
	parent *branch
	at     int
}

func (s site) node() *branch { return s.parent.kids[s.at].(*branch) }

// mutation spoils a journal, or not.
var mutations = []struct {
	name string
	make func(r *rand.Rand, root *branch, s site)
}{
	{"drop", func(_ *rand.Rand, _ *branch, s site) {
		s.parent.kids = append(s.parent.kids[:s.at:s.at], s.parent.kids[s.at+1:]...)
	}},
	{"duplicate", func(_ *rand.Rand, _ *branch, s site) {
		kids := append([]any{}, s.parent.kids[:s.at]...)
		kids = append(kids, s.node().clone())
		s.parent.kids = append(kids, s.parent.kids[s.at:]...)
	}},
	{"swap", func(_ *rand.Rand, _ *branch, s site) {
		if s.at+1 < len(s.parent.kids) {
			k := s.parent.kids
			k[s.at], k[s.at+1] = k[s.at+1], k[s.at]
		}
	}},
	{"rename", func(r *rand.Rand, _ *branch, s site) {
		m := schemaMachine()
		s.node().name = pick(r, "Inconnu", "é", "_", "nom", m.nodes[r.IntN(len(m.nodes))].name, m.nodes[r.IntN(len(m.nodes))].name)
	}},
	{"prefix", func(r *rand.Rand, _ *branch, s site) {
		s.node().name = pick(r, "n:", "inconnu:", "xml:", "n:n:", ":") + s.node().name
	}},
	{"text", func(r *rand.Rand, _ *branch, s site) { s.parent.insert(r, pick(r, texts...)) }},
	{"text in leaf", func(r *rand.Rand, _ *branch, s site) { s.node().insert(r, pick(r, texts...)) }},
	{"attribute", func(r *rand.Rand, _ *branch, s site) { s.node().attrs += pick(r, attributes...) }},
	{"attributes only", func(r *rand.Rand, _ *branch, s site) { s.node().attrs = pick(r, attributes...) }},
	{"blanks in tag", func(r *rand.Rand, _ *branch, s site) {
		s.node().attrs = strings.ReplaceAll(s.node().attrs, "=", pick(r, " = ", "\n=\t", "=\r\n ")) + pick(r, "", " ", "\n")
	}},
	{"quotes", func(_ *rand.Rand, _ *branch, s site) { s.node().attrs = strings.ReplaceAll(s.node().attrs, `"`, "'") }},
	{"value", func(r *rand.Rand, _ *branch, s site) { s.node().setV(pick(r, boundaries...)) }},
	{"value of the type", func(r *rand.Rand, _ *branch, s site) {
		for _, n := range schemaMachine().nodes {
			if n.leaf && n.name == s.node().name {
				s.node().setV(near4(r, n.el.Value))
				return
			}
		}
	}},
	{"move", func(r *rand.Rand, root *branch, s site) {
		b := s.node().clone()
		to := pickSite(r, root)
		to.node().kids = append(to.node().kids, b)
	}},
}

func (b *branch) setV(v string) {
	if strings.Contains(b.attrs, ` V="`) {
		head, rest, _ := strings.Cut(b.attrs, ` V="`)
		_, tail, _ := strings.Cut(rest, `"`)
		b.attrs = head + ` V="` + v + `"` + tail
	}
}

func (b *branch) insert(r *rand.Rand, text string) {
	at := r.IntN(len(b.kids) + 1)
	kids := append([]any{}, b.kids[:at]...)
	kids = append(kids, text)
	b.kids = append(kids, b.kids[at:]...)
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

func pickSite(r *rand.Rand, root *branch) site {
	var sites []site
	root.all(func(p *branch, at int) { sites = append(sites, site{p, at}) })
	if len(sites) == 0 {
		return site{&branch{kids: []any{root}}, 0}
	}
	return sites[r.IntN(len(sites))]
}

// texts may stand between tags.
var texts = []string{
	" ", "\n", "\t\r\n", "x", "&#32;", "&#x20;", "&#9;", "&#10;", "&#13;", "&#160;", "&amp;", "&lt;", "&nbsp;", "&#0;", "&#x110000;", "&#xD800;", "&", "&amp", "&#;", "&#x;",
	"<![CDATA[]]>", "<![CDATA[ ]]>", "<![CDATA[x]]>", "<![CDATA[<Nom>]]>", "]]>", "]]", ">", "\"", "\u00a0", "é", "\u2028", "\ufeff", "\ufffe",
	"<!---->", "<!-- c -->", "<!-- a -- b -->", "<!-- a --->", "<!-->", "<!--->", "<!-- é & < > ]]> -->", "<!-- \x01 -->", "<!-- unclosed",
	"<?pi?>", "<?pi é <>?>", "<?xml version=\"1.0\"?>", "<?XML a?>", "<?xMl?>", "<?xml-stylesheet a?>", "<? pi?>", "<??>", "<?1?>", "<?p:q ?>", "<?é ok?>", "<?p<q?>", "<?p\x01?>", "<?pi \ufffe?>",
	"<!DOCTYPE a>", "<!ELEMENT a ANY>", "<![INCLUDE[]]>", "<!>", "<>", "< Nom/>", "</ Nom>", "<Nom V=\"a\"/", "\x00", "\x0b", "\x7f", "\x80", "\xc3", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc0\x80",
}

// attributes are added to a tag.
var attributes = []string{
	` W="1"`, ` V="1"`, ` v="1"`, ` n:V="1"`, ` a:V="1"`, ` xml:lang="fr"`, ` xml:space="preserve"`, ` xml:id="a1"`, ` id="a"`,
	` xmlns=""`, ` xmlns="x"`, ` xmlns="` + schema.Namespace + `"`, ` xmlns:q="q"`, ` xmlns:q=""`, ` xmlns:n="autre"`, ` xmlns:n="` + schema.Namespace + `"`, ` xmlns:xml="x"`,
	` xmlns:xml="http://www.w3.org/XML/1998/namespace"`, ` xmlns:xmlns="x"`, ` xmlns:é="x"`, ` xmlns:1="x"`, ` xmlns:a:b="x"`, ` xmlns:="x"`, ` xmlns:z="http://www.w3.org/2000/xmlns/"`,
	` xmlns="http://www.w3.org/XML/1998/namespace"`, ` xmlns:q="a&#32;b"`, ` xmlns:q="&inconnu;"`, ` xmlns:q="a<b"`, ` xmlns:q="` + "\x01" + `"`, ` xmlns:q="é"`, ` xmlns:q=" x "`,
	` xsi:nil="true"`, ` xsi:nil="false"`, ` xsi:nil="0"`, ` xsi:nil="x"`, ` xsi:schemaLocation="a b"`, ` xsi:schemaLocation="a"`, ` xsi:schemaLocation=""`, ` xsi:noNamespaceSchemaLocation="rien.xsd"`, ` xsi:autre="1"`,
	` xsi:type="xs:string"`, ` xsi:type="n:TAgentPaye"`, ` xsi:type="n:Base_Texte50"`, ` xsi:type="c:Base_Texte100"`, ` xsi:type="c:Base_Texte24"`, ` xsi:type="n:TDocumentPaye"`, ` xsi:type="n:TLignePaye"`,
	` xsi:type=" n:TLignePaye "`, ` xsi:type="n:TLignePaye x"`, ` xsi:type=""`, ` xsi:type="TLignePaye"`, ` xsi:type="xs:anyType"`, ` xsi:type="n:TAdresse"`, ` xsi:type="c:TAdresse"`, ` xsi:type="n:TNomenclature"`,
	` xsi:type="n:Base_Montant"`, ` xsi:type="c:Base_Montant"`, ` xsi:type="n:Base_Dec3"`, ` xsi:type="n:Base_Date"`, ` xsi:type="n:Base_Mois"`, ` xsi:type="n:TStatut"`, ` xsi:type="n:TPeriode"`, ` xsi:type="n:TBancaire"`,
	` xsi:type="n:TRepartitionBudget"`, ` xsi:type="n:Base_Num10"`, ` xsi:type="c:Base_Num14"`, ` xsi:type="c:Base_Annee"`, ` xsi:type="c:Base_Booleen"`, ` xsi:type="n:Base_Booleen"`, ` xsi:type="n:TPayeIndivMensuel"`,
	` W`, ` W=`, ` W=1`, ` W="`, `W="1"`, ` =""`, ` 1W="1"`, ` W="<"`, ` W="&"`, ` W="&lt;"`, ` é="1"`, ` xmlns:q="q" q:a="1"`, "\x00", ` /`, ` xmlns:xsi="autre" xsi:type="x"`, ` xmlns:k="http://www.w3.org/2001/XMLSchema-instance" k:nil="1"`,
	` xmlns:k="http://www.w3.org/2001/XMLSchema-instance" k:schemaLocation="a b"`, ` xmlns:q="1" xmlns:q="2"`, ` W="1" W="2"`, ` W="1"X="2"`,
}

// boundaries are values at the edge of one type or another.
var boundaries = []string{
	"", " ", "  ", "0", "1", "-1", "+1", "00", "01", "02", "03", "04", "10", "12", "13", "008", "8", "08", " 8", "true", "false", "TRUE", " true ", "2", "1 ", "\t1", "&#10;1", "&#9;0 ", "1&#13;",
	"1.0", "1.", ".1", ".", "-", "+", "-.", "-.5", "+.5", "-0", "--1", "1e3", "NaN", "INF", "1,5", "1 000", "1.2.3", "0.001", "0.010", "0.0100", "100.123", "100.120", "007.850", "00000012.50",
	"12345678901234", "123456789012345", "123456789012.34", "1234567890123.4", "123456789012.340", "999999999999.99", "-999999999999.99", "99999999999999", "-99999999999999", "0099999999999999", "9999999999999.9",
	"99999", "100000", "999.99", "1000.5", "1000.55", "99999.0", "99999.00", "999999", "9999999", "1234.567", "123.456", "123.4560", "999.9999",
	"123456789012345678901234", "1234567890123456789012345", "0.123456789012345678901234", "0.1234567890123456789012345", "000000000000000000000000001", "1.0000000000000000000000000", "1.00000000000000000000000", "12345678901234567890123.4", "123456789012345678901234.0", "0.000000000000000000000000",
	"00000000000000000000000000000000000000.0", "-123456789012345678901234", "1.000000000000000000000000000000001", ".0000000000000000000000001", "123456789012345678.123456", "123456789012345678.1234567", "12345678901234567.890",
	"2011-08-31", "2011-02-29", "2012-02-29", "1900-02-29", "2000-02-29", "2100-02-29", "2011-13-01", "2011-00-10", "2011-04-31", "2011-1-1", "11-01-01", "2011-08-31Z", "2011-08-31+01:00", "2011-08-31-14:00", "2011-08-31+14:01", "2011-08-31+24:00", "2011-08-31+1:00", "2011-08-31z",
	"12011-08-31", "02011-08-31", "-2011-08-31", "0000-01-01", "-0001-01-01", "-0000-01-01", "2011-08-32", " 2011-08-31", "2011-08-31 ", "2011/08/31", "2011-08-31T00:00:00", "20110831", "99999999999-01-01", "9223372036854775807-01-01", "9223372036854775808-01-01", "92233720368547758070-01-01", "0001-01-01", "-0004-02-29", "-0001-02-29", "-0005-02-29", "2011-08-31+13:59", "2011-08-31-00:00", "2011-08-31+14:00", "2011-08-31+00:60",
	"2011", "2011Z", "-2011", "12011", "02011", "11", "+2011", "2011+01:00", " 2011", "2011 ", "20 11", "0000", "0001", "-0001", "2011-", "2011-14:00", "2011-14:01", "99999999999999999999", "9223372036854775807", "9223372036854775808", "2147483648", "-9223372036854775808",
	"TITULAIRE", " TITULAIRE", "TITULAIRE ", "titulaire", "STAGIAIRE", "AUTRE_STATUT", "777A", "77.77A", "7777A", "é", "A B", "99999999900017", "999999999000171", "abc", "ABCD1", "ABCDE1", "12345678901", "123456789012",
	"&amp;", "&lt;&gt;&quot;&apos;", "&#233;", "&#xE9;", "&#x000000000000000000041;", "&#0000000000000000000065;", "&#x10FFFF;", "&#x110000;", "&#xFFFE;", "&#0;", "&#1;", "&#55296;", "&#x;", "&#-1;", "&#+1;", "&#1_0;", "&#X41;", "&amp", "&inconnu;", "&", "&;", "& ", "&#x41", "a&b;c", "&#65;&#66;", "&#4294967361;", "&#x100000041;",
	"é\u00a0ü", "€", "\u0085", "\u2028", "𝄞", "\ufffd", "\ufffe", "\uffff", "\x7f", "\x1f", "\x00", "\x80", "\xe9", "\xc3(", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "a<b", "a>b", "'", "a\tb\nc\r\nd\re",
	strings.Repeat("x", 24), strings.Repeat("x", 25), strings.Repeat("é", 24), strings.Repeat("é", 25), strings.Repeat("é", 38), strings.Repeat("é", 39), strings.Repeat("x", 50), strings.Repeat("x", 51), strings.Repeat("é", 50), strings.Repeat("é", 51),
	strings.Repeat("€", 100), strings.Repeat("€", 101), strings.Repeat("𝄞", 12), strings.Repeat("𝄞", 13), strings.Repeat("&#233;", 10), strings.Repeat("&#233;", 11), strings.Repeat("9", 10), strings.Repeat("9", 11), strings.Repeat("x", 32), strings.Repeat("x", 33), strings.Repeat("x", 34), strings.Repeat("x", 35), strings.Repeat("x", 1000),
}

// near4 makes a value at the edge of a type.
func near4(r *rand.Rand, l *schema.Lexical) string {
	digits := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte('0' + r.IntN(10))
		}
		return string(b)
	}
	switch l.Kind {
	case schema.KindTexte:
		return strings.Repeat(pick(r, "x", "é", " ", "€", "&#233;"), l.Max+r.IntN(3)-1)
	case schema.KindAlphanum:
		return strings.Repeat(pick(r, "x", "Z", "0", "é"), l.Max+r.IntN(3)-1)
	case schema.KindNum:
		return digits(l.Max + r.IntN(3) - 1)
	case schema.KindDecimal:
		total := l.Total
		if total == 0 {
			total = schema.MaxDecimalDigits
		}
		frac := r.IntN(l.Fraction + 2)
		whole := max(total-frac+r.IntN(3)-1, 0)
		s := pick(r, "", "-", "+") + pick(r, "", "0", "000") + digits(whole)
		if frac > 0 || r.IntN(4) == 0 {
			s += "." + digits(frac) + pick(r, "", "0", "000")
		}
		return pick(r, "", "", " ") + s + pick(r, "", "", " ")
	case schema.KindDate:
		return fmt.Sprintf("%s%04d-%02d-%02d%s", pick(r, "", "", "-"), r.IntN(3000), r.IntN(14), r.IntN(33), pick(r, "", "", "Z", "+02:00", "-14:00", "+15:00", "x"))
	case schema.KindAnnee:
		return pick(r, "", "", "-") + digits(3+r.IntN(4)) + pick(r, "", "", "Z", "+02:00")
	case schema.KindMois:
		return strconv.Itoa(r.IntN(15))
	}
	if len(l.Values) > 0 {
		return pick(r, l.Values...) + pick(r, "", "", " ", "x")
	}
	return pick(r, boundaries...)
}

// heads and tails replace what is around the root element.
var heads = []string{
	"", "\n", " <?xml version=\"1.0\"?>", `<?xml version="1.0"?>`, `<?xml version="1.1"?>`, `<?xml version="2.0"?>`, `<?xml version="1."?>`, `<?xml version="1.x"?>`, `<?xml version=""?>`, `<?xml encoding="UTF-8"?>`,
	`<?xml version="1.0" standalone="yes"?>`, `<?xml version="1.0" standalone="oui"?>`, `<?xml version="1.0" encoding="UTF-8" standalone="no" ?>`, `<?xml version="1.0"encoding="UTF-8"?>`, `<?xml version = '1.0' encoding='utf-8'?>`,
	`<?xml version="1.0" encoding=""?>`, `<?xml version="1.0" encoding="-"?>`, `<?xml version="1.0" encoding="ISO-8859-1"?>`, `<?xml version="1.0" encoding="windows-1252"?>`, `<?xml version="1.0" encoding="US-ASCII"?>`, `<?xml version="1.0" encoding="iso-8859-15"?>`,
	`<?xml version="1.0" encoding="UTF-16"?>`, `<?xml version="1.0" ?>`, `<?xml version="1.0" a="b"?>`, `<?xml version="1.0" standalone="yes" encoding="UTF-8"?>`, `<?xml?>`, `<?xml version="1.0">`, `<?xml version="1.0"? >`, `<?xml  version="1.0"	encoding="UTF-8"` + "\n" + `?>`,
	"\xef\xbb\xbf", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>", "\xef\xbb\xbf ", "\xef\xbb\xbf\xef\xbb\xbf", "<!-- c -->", "<?pi?>", "<!-- c -->\n<?pi?>\n", "x", "&#32;", "<![CDATA[]]>", "\x00", "<!DOCTYPE n:DocumentPaye>", "<!-- a -- b -->", "<?XML ?>",
	`<?xml version="1.0" encoding="UTF-8"?><?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-8"?>` + "\n\n<!-- é -->", `<?XML version="1.0"?>`, "\t<!--x-->",
}

var tails = []string{
	"\n", " \r\n\t", "x", "<a/>", "<!-- c -->", "<?pi?>", "\x00", "\x00x", "\n\x00", "&#32;", "<![CDATA[]]>", "</a>", "<", "<!--", "<!-- a -- -->", "<?pi", "<?xml version=\"1.0\"?>", "<!DOCTYPE a>", "\ufeff", "\x0c", "<!-- c --><?pi?>\n", "<a", "\x80", "<!-- \x00 -->", "<?pi \xff?>",
}

// mutants makes journals out of a model, from a seed.
func mutants(t *testing.T, model string, seed uint64, n int) (names []string, journals [][]byte) {
	r := rand.New(rand.NewPCG(seed, 1))
	base := growTree(t, model)
	for len(journals) < n {
		root := base.clone()
		var name string
		for range 1 + r.IntN(8)/6 {
			m := mutations[r.IntN(len(mutations))]
			s := pickSite(r, root)
			if r.IntN(60) == 0 {
				s = site{&branch{kids: []any{root}}, 0} // the root itself
				switch m.name {
				case "drop", "duplicate", "swap", "text", "move":
					continue
				}
			}
			name += " " + m.name + " " + s.node().name
			m.make(r, root, s)
		}
		var out strings.Builder
		head := heads[3]
		if r.IntN(8) == 0 {
			head = pick(r, heads...)
			name += fmt.Sprintf(" head %q", head)
		}
		out.WriteString(head)
		root.write(&out)
		if r.IntN(12) == 0 {
			tail := pick(r, tails...)
			name += fmt.Sprintf(" tail %q", tail)
			out.WriteString(tail)
		}
		src := []byte(out.String())
		if r.IntN(10) == 0 {
			at := r.IntN(len(src))
			switch r.IntN(4) {
			case 0:
				src = src[:at]
				name += fmt.Sprintf(" cut at %d", at)
			case 1:
				src[at] = pick(r, boundaryBytes...)
				name += fmt.Sprintf(" byte %d is %#x", at, src[at])
			case 2:
				src = append(src[:at:at], src[at+1:]...)
				name += fmt.Sprintf(" byte %d dropped", at)
			case 3:
				src = append(src[:at:at], append([]byte{pick(r, boundaryBytes...)}, src[at:]...)...)
				name += fmt.Sprintf(" byte %d inserted: %#x", at, src[at])
			}
		}
		names = append(names, name)
		journals = append(journals, bytes.Clone(src))
	}
	return names, journals
}

var boundaryBytes = []byte{0, 1, '\t', '\n', '\r', ' ', '"', '&', '\'', '/', ':', '<', '=', '>', '?', '!', '-', '[', ']', 'V', 'x', '1', 0x7F, 0x80, 0xC3, 0xE9, 0xFF}

func TestVerdictIsThatOfLibxml2OnMutatedJournals(t *testing.T) {
	seeds, n := []uint64{1}, 2000
	if s := os.Getenv("XHL_SEEDS"); s != "" { // more of them, by hand: XHL_SEEDS=2,3,4
		seeds = nil
		for field := range strings.SplitSeq(s, ",") {
			seed, err := strconv.ParseUint(field, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			seeds = append(seeds, seed)
		}
	}
	for _, seed := range seeds {
		names, journals := mutants(t, complete, seed, n)
		compareVerdicts(t, xhl.V14, names, journals)
		names, journals = mutants(t, complete12b, seed, n/3)
		compareVerdicts(t, xhl.V12b, names, journals)
	}
}

func TestEveryBoundaryValueInEveryTypeHasTheVerdictOfLibxml2(t *testing.T) {
	names, journals := boundaryJournals(t)
	compareVerdicts(t, xhl.V14, names, journals)
}

// boundaryJournals puts every boundary value into a leaf of every type.
func boundaryJournals(t *testing.T) (names []string, journals [][]byte) {
	base := growTree(t, petit)
	done := make(map[string]bool)
	texts := 0
	base.all(func(p *branch, at int) {
		leaf := p.kids[at].(*branch)
		var lex *schema.Lexical
		for _, n := range schemaMachine().nodes {
			if n.leaf && n.name == leaf.name && n.parent.name == strings.TrimPrefix(p.name, "n:") {
				lex = n.el.Value
			}
		}
		if lex == nil || done[lex.String()] {
			return
		}
		done[lex.String()] = true
		if lex.Kind <= schema.KindNum {
			if texts++; texts > 5 {
				return
			}
		}
		attrs := leaf.attrs
		for _, v := range boundaries {
			leaf.setV(v)
			var out strings.Builder
			base.write(&out)
			names = append(names, fmt.Sprintf("%s (%s) = %q", leaf.name, lex, v))
			journals = append(journals, []byte(out.String()))
			leaf.attrs = attrs
		}
	})
	return names, journals
}

func TestEncodingsHaveTheVerdictOfLibxml2(t *testing.T) {
	var names []string
	var journals [][]byte
	for _, head := range heads {
		for _, name := range []string{"Mairie", "\xe9\xe8", "\x80\x9f", "\x81", "é€", "\xff\xfe"} {
			src := head + strings.Replace(complete, "Mairie", name, 1)
			names = append(names, fmt.Sprintf("head %q name %q", head, name))
			journals = append(journals, []byte(src))
		}
	}
	for _, order := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		for _, bom := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			for _, head := range []string{"", `<?xml version="1.0"?>`, `<?xml version="1.0" encoding="UTF-16"?>`, `<?xml version="1.0" encoding="UTF-8"?>`} {
				for _, name := range []string{"Mairie", "é€", "\U0001D11E", "\uFFFD", "\uFFFE", "\x01"} {
					src, err := unicode.UTF16(order, bom).NewEncoder().Bytes([]byte(head + strings.Replace(complete, "Mairie", name, 1)))
					if err != nil {
						t.Fatal(err)
					}
					names = append(names, fmt.Sprintf("UTF-16 %v %v head %q name %q", order, bom, head, name))
					journals = append(journals, src)
				}
				src, _ := unicode.UTF16(order, bom).NewEncoder().Bytes([]byte(head + complete))
				at := 2 * (strings.Index(head+complete, "Mairie") + 3)
				names = append(names, "UTF-16, cut in a character", "UTF-16, half a pair")
				journals = append(journals, src[:len(src)-1], append(append(bytes.Clone(src[:at]), 0xD8, 0xD8), src[at+2:]...))
			}
		}
	}
	for _, tail := range tails {
		names = append(names, fmt.Sprintf("tail %q", tail))
		journals = append(journals, []byte(complete+tail))
	}
	compareVerdicts(t, xhl.V14, names, journals)
}
