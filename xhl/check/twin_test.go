package check

import (
	"bytes"
	"errors"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"

	"golang.org/x/text/encoding/charmap"
)

// twin is the plain checker that Check is held against: it parses the whole
// journal into a tree by the grammar of XML, one rune at a time, and matches
// the children of each element against a regular expression made from the
// table. It knows UTF-8 and ISO-8859-1; known is false for the rest.
func twin(src []byte, version xhl.Version) (valid, known bool) {
	text := string(bytes.TrimPrefix(src, []byte("\xEF\xBB\xBF")))
	if bytes.HasPrefix(src, []byte("\xFE\xFF")) || bytes.HasPrefix(src, []byte("\xFF\xFE")) || bytes.HasPrefix(src, []byte("\x00<")) || bytes.HasPrefix(src, []byte("<\x00")) {
		return false, false
	}
	switch strings.ToUpper(xmlr.Detect([]byte(text)).Declared) {
	case "", "UTF-8":
		if !utf8.ValidString(text) {
			return false, true
		}
	case "ISO-8859-1":
		if len(text) < len(src) {
			return false, false
		}
		text, _ = charmap.ISO8859_1.NewDecoder().String(text)
	default:
		return false, false
	}
	p := &twinParser{in: []rune(text)}
	root := p.document()
	if p.failed || root == nil {
		return false, true
	}
	scope := map[string]string{"xml": "http://www.w3.org/XML/1998/namespace"}
	return twinElement(root, xhl.Table.Document, nil, scope, version), true
}

// twinNode is an element; kids are *twinNode, twinText or nil for a comment.
type twinNode struct {
	name  string
	attrs [][2]string
	kids  []any
}

type twinText struct {
	text  string
	cdata bool
}

type twinParser struct {
	in     []rune
	pos    int
	failed bool
}

func (p *twinParser) fail() { p.failed = true }

func (p *twinParser) looking(at string) bool {
	want := []rune(at)
	return p.pos+len(want) <= len(p.in) && slices.Equal(p.in[p.pos:p.pos+len(want)], want)
}

func (p *twinParser) eat(at string) bool {
	if p.looking(at) {
		p.pos += len([]rune(at))
		return true
	}
	return false
}

func (p *twinParser) spaces() bool {
	from := p.pos
	for p.pos < len(p.in) && strings.ContainsRune(" \t\r\n", p.in[p.pos]) {
		p.pos++
	}
	return p.pos > from
}

// until returns what precedes the next end, and passes it.
func (p *twinParser) until(end string) string {
	from := p.pos
	for p.pos < len(p.in) {
		if p.looking(end) {
			text := string(p.in[from:p.pos])
			p.eat(end)
			if strings.ContainsFunc(text, func(r rune) bool { return !xmlr.IsChar(r) }) {
				p.fail()
			}
			return text
		}
		p.pos++
	}
	p.fail()
	return ""
}

func (p *twinParser) document() *twinNode {
	if p.looking("<?xml") && p.pos+5 < len(p.in) && strings.ContainsRune(" \t\r\n", p.in[5]) {
		if !declarationPattern.MatchString(p.until("?>")) {
			p.fail()
		}
	}
	p.misc()
	if p.failed || !p.looking("<") {
		return nil
	}
	root := p.element()
	if p.failed {
		return nil
	}
	p.misc()
	if p.pos < len(p.in) && p.in[p.pos] != 0 { // libxml2 ends at a null byte
		p.fail()
	}
	return root
}

var declarationPattern = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*("1\.[0-9]*"|'1\.[0-9]*')` +
	`([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*("[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*'))?` +
	`([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*("yes"|"no"|'yes'|'no'))?[ \t\r\n]*$`)

// misc passes comments, instructions and white space out of the root.
func (p *twinParser) misc() {
	for !p.failed {
		p.spaces()
		if !p.looking("<!--") && !p.looking("<?") {
			return
		}
		p.asideOK()
	}
}

// asideOK passes a comment or an instruction and reports whether it was one.
func (p *twinParser) asideOK() bool {
	switch {
	case p.eat("<!--"):
		if strings.Contains(p.until("-->")+"-", "--") {
			p.fail()
		}
	case p.eat("<?"):
		target := p.until("?>")
		name, _, _ := strings.Cut(strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(target), " ")
		if !twinName(name) || strings.EqualFold(name, "xml") {
			p.fail()
		}
	default:
		return false
	}
	return true
}

var (
	nameStartClass = `A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}-\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}`
	ncName         = `[` + nameStartClass + `][` + nameStartClass + `.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}-]*`
	qualifiedName  = regexp.MustCompile(`^` + ncName + `(:` + ncName + `(:[` + nameStartClass + `:.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}-]*[` + nameStartClass + `.0-9\x{B7}\x{300}-\x{36F}\x{203F}-\x{2040}-])?)?$`)
)

func twinName(s string) bool { return qualifiedName.MatchString(s) }

func (p *twinParser) nameToken() string {
	from := p.pos
	for p.pos < len(p.in) && !strings.ContainsRune(" \t\r\n=/><\"'?&!;#[]()", p.in[p.pos]) {
		p.pos++
	}
	name := string(p.in[from:p.pos])
	if !twinName(name) {
		p.fail()
	}
	return name
}

func (p *twinParser) element() *twinNode {
	p.eat("<")
	n := &twinNode{name: p.nameToken()}
	for !p.failed {
		blank := p.spaces()
		if p.eat("/>") {
			return n
		}
		if p.eat(">") {
			break
		}
		if !blank || p.pos >= len(p.in) {
			p.fail()
			return n
		}
		n.attrs = append(n.attrs, p.attr())
	}
	for i, a := range n.attrs {
		for _, b := range n.attrs[:i] {
			if a[0] == b[0] {
				p.fail()
			}
		}
	}
	p.content(n)
	return n
}

func (p *twinParser) attr() (a [2]string) {
	a[0] = p.nameToken()
	p.spaces()
	if !p.eat("=") {
		p.fail()
		return a
	}
	p.spaces()
	quote := ""
	switch {
	case p.looking(`"`):
		quote = `"`
	case p.looking(`'`):
		quote = `'`
	default:
		p.fail()
		return a
	}
	p.eat(quote)
	raw := p.until(quote)
	if strings.Contains(raw, "<") {
		p.fail()
	}
	raw = strings.NewReplacer("\r\n", " ", "\r", " ", "\n", " ", "\t", " ").Replace(raw)
	a[1] = p.references(raw)
	return a
}

var referencePattern = regexp.MustCompile(`&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);|&`)

func (p *twinParser) references(raw string) string {
	return referencePattern.ReplaceAllStringFunc(raw, func(s string) string {
		switch s {
		case "&":
			p.fail()
			return ""
		case "&amp;":
			return "&"
		case "&lt;":
			return "<"
		case "&gt;":
			return ">"
		case "&quot;":
			return `"`
		case "&apos;":
			return "'"
		}
		digits, base := strings.TrimSuffix(s[2:], ";"), 10
		if digits[0] == 'x' {
			digits, base = digits[1:], 16
		}
		n, _ := new(big.Int).SetString(digits, base)
		if !n.IsInt64() || n.Int64() > 0x10FFFF || !xmlr.IsChar(rune(n.Int64())) {
			p.fail()
			return ""
		}
		return string(rune(n.Int64()))
	})
}

// content parses up to the end tag of n, without recursion so that depth is
// no matter.
func (p *twinParser) content(n *twinNode) {
	stack := []*twinNode{n}
	for !p.failed {
		top := stack[len(stack)-1]
		switch {
		case p.pos >= len(p.in):
			p.fail()
		case p.eat("</"):
			name := p.nameToken()
			p.spaces()
			if name != top.name || !p.eat(">") {
				p.fail()
			}
			if stack = stack[:len(stack)-1]; len(stack) == 0 {
				return
			}
		case p.eat("<![CDATA["):
			top.kids = append(top.kids, twinText{p.until("]]>"), true})
		case p.looking("<!--") || p.looking("<?"):
			p.asideOK()
		case p.looking("<!"):
			p.fail()
		case p.looking("<"):
			p.eat("<")
			kid := &twinNode{name: p.nameToken()}
			empty := false
			for !p.failed {
				blank := p.spaces()
				if p.eat("/>") {
					empty = true
					break
				}
				if p.eat(">") {
					break
				}
				if !blank || p.pos >= len(p.in) {
					p.fail()
					break
				}
				kid.attrs = append(kid.attrs, p.attr())
			}
			for i, a := range kid.attrs {
				for _, b := range kid.attrs[:i] {
					if a[0] == b[0] {
						p.fail()
					}
				}
			}
			top.kids = append(top.kids, kid)
			if !empty {
				stack = append(stack, kid)
			}
		default:
			from := p.pos
			for p.pos < len(p.in) && p.in[p.pos] != '<' {
				p.pos++
			}
			raw := string(p.in[from:p.pos])
			if strings.Contains(raw, "]]>") || strings.ContainsFunc(raw, func(r rune) bool { return !xmlr.IsChar(r) }) {
				p.fail()
			}
			top.kids = append(top.kids, twinText{p.references(raw), false})
		}
	}
}

// twinElement reports whether an element is valid against e.
func twinElement(n *twinNode, e, parent *schema.Element, outer map[string]string, version xhl.Version) bool {
	scope := make(map[string]string, len(outer))
	for k, v := range outer {
		scope[k] = v
	}
	for _, a := range n.attrs {
		prefix, declares := strings.CutPrefix(a[0], "xmlns:")
		if a[0] == "xmlns" {
			prefix, declares = "", true
		}
		forbidden := prefix == "xml" || prefix == "xmlns" || prefix != "" && a[1] == "" ||
			a[1] == "http://www.w3.org/XML/1998/namespace" || a[1] == "http://www.w3.org/2000/xmlns/"
		if declares && !forbidden {
			scope[prefix] = a[1]
		}
	}
	prefix, local, qualified := strings.Cut(n.name, ":")
	if !qualified {
		prefix, local = "", prefix
	}
	uri, declared := scope[prefix]
	want := ""
	if parent == nil {
		want = schema.Namespace
	}
	if uri != want || qualified && !declared || local != e.Name {
		return false
	}
	value, there := "", false
	for _, a := range n.attrs {
		p, l, q := strings.Cut(a[0], ":")
		switch {
		case a[0] == "xmlns" || q && p == "xmlns":
		case a[0] == "V" && e.Value != nil:
			value, there = a[1], true
		case q && scope[p] == xsiNamespace && (l == "schemaLocation" || l == "noNamespaceSchemaLocation"):
		case q && scope[p] == xsiNamespace && l == "type" && twinXsiType(n, a[1], scope):
		default:
			return false
		}
	}
	if e.Value != nil {
		for _, k := range n.kids {
			if t, text := k.(twinText); !text || t.cdata || t.text != "" {
				return false
			}
		}
		return there && twinValue(e.Value, value)
	}
	var names strings.Builder
	for _, k := range n.kids {
		switch k := k.(type) {
		case twinText:
			if k.cdata || strings.Trim(k.text, " \t\r\n") != "" {
				return false
			}
		case *twinNode:
			names.WriteString("<" + k.name + ">")
		}
	}
	if !twinModel(e, version).MatchString(names.String()) {
		return false
	}
	for _, k := range n.kids {
		kid, ok := k.(*twinNode)
		if !ok {
			continue
		}
		if c, _ := e.Child([]byte(kid.name), 0); c == nil || !twinElement(kid, c, e, scope, version) {
			return false
		}
	}
	return true
}

// twinXsiType leaves xsi:type to the comparison with libxml2.
func twinXsiType(*twinNode, string, map[string]string) bool { panic(errTwinXsi) }

var errTwinXsi = errors.New("xsi:type")

var twinModels sync.Map

// twinModel is the content of a container as a regular expression over the
// names of its children.
func twinModel(e *schema.Element, version xhl.Version) *regexp.Regexp {
	key := struct {
		e *schema.Element
		v xhl.Version
	}{e, version}
	if re, ok := twinModels.Load(key); ok {
		return re.(*regexp.Regexp)
	}
	var out strings.Builder
	var branches [2]string
	flush := func() {
		switch {
		case branches[0] != "" && branches[1] != "":
			out.WriteString("(?:" + branches[0] + "|" + branches[1] + ")")
		default:
			out.WriteString(branches[0] + branches[1])
		}
		branches = [2]string{}
	}
	for _, c := range e.Children {
		if version == xhl.V12b && c.Only14 {
			continue
		}
		one := "(?:<" + c.Name + ">)"
		switch {
		case c.Min == 0 && c.Many:
			one += "*"
		case c.Min == 0:
			one += "?"
		case c.Many:
			one += "+"
		}
		if c.Choice == 0 {
			flush()
			out.WriteString(one)
			continue
		}
		branches[c.Choice-1] += one
	}
	flush()
	re := regexp.MustCompile("^" + out.String() + "$")
	twinModels.Store(key, re)
	return re
}

var (
	decimalPattern = regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)$`)
	zone           = `(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)?`
	datePattern    = regexp.MustCompile(`^(-?)(\d{4}|[1-9]\d{4,18})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])` + zone + `$`)
	yearPattern    = regexp.MustCompile(`^(-?)(\d{4}|[1-9]\d{4,18})` + zone + `$`)
)

// twinValue reports whether s is a value of the type, by other means than
// valid.
func twinValue(l *schema.Lexical, s string) bool {
	collapsed := strings.Trim(s, " \t\r\n")
	switch l.Kind {
	case schema.KindTexte:
		return len([]rune(s)) <= l.Max
	case schema.KindAlphanum:
		return regexp.MustCompile(`^[0-9a-zA-Z]{0,` + strconv.Itoa(l.Max) + `}\z`).MatchString(s)
	case schema.KindNum:
		return regexp.MustCompile(`^[0-9]{0,` + strconv.Itoa(l.Max) + `}\z`).MatchString(s)
	case schema.KindDecimal:
		if !decimalPattern.MatchString(collapsed) {
			return false
		}
		whole, frac, _ := strings.Cut(strings.TrimLeft(collapsed, "+-"), ".")
		whole = strings.TrimLeft(whole, "0")
		if len(whole)+len(frac) > schema.MaxDecimalDigits {
			return false
		}
		frac = strings.TrimRight(frac, "0")
		return len(frac) <= l.Fraction && (l.Total == 0 || len(whole)+len(frac) <= l.Total)
	case schema.KindDate:
		m := datePattern.FindStringSubmatch(s)
		if m == nil || !twinYear(m[2]) {
			return false
		}
		year, _ := new(big.Int).SetString(m[2], 10)
		mod := func(n int64) bool { return new(big.Int).Mod(year, big.NewInt(n)).Sign() == 0 }
		days := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}
		if mod(4) && (!mod(100) || mod(400)) {
			days[1] = 29
		}
		month, _ := strconv.Atoi(m[3])
		day, _ := strconv.Atoi(m[4])
		return day <= days[month-1]
	case schema.KindAnnee:
		m := yearPattern.FindStringSubmatch(s)
		return m != nil && twinYear(m[2])
	case schema.KindBooleen:
		return slices.Contains([]string{"0", "1", "true", "false"}, collapsed)
	case schema.KindMois:
		n, err := strconv.Atoi(s)
		return err == nil && n >= 1 && n <= 12 && len(s) <= 2 && s[0] != '+'
	}
	return slices.Contains(l.Values, s)
}

func twinYear(digits string) bool {
	year, _ := new(big.Int).SetString(digits, 10)
	return year.Sign() > 0 && year.IsInt64()
}
