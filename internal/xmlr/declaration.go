package xmlr

import "bytes"

// Declaration is what an XML declaration says.
type Declaration struct {
	Version     string
	Encoding    string // "" without one
	EncodingEnd int    // where its name ends; 0 without one
	Length      int    // of the declaration; 0 when there is none
}

// ReadDeclaration reads <?xml version="1.x" encoding="…" standalone="yes|no"?>
// at the start of src, where "<?xml" and white space stand for one; false when
// it is not as XML 1.0 has it, or not all there.
func ReadDeclaration(src []byte) (Declaration, bool) {
	var d Declaration
	if len(src) < 6 || !bytes.HasPrefix(src, []byte("<?xml")) || !IsBlank(src[5]) {
		return d, true
	}
	p := pseudo{src: src, pos: 5}
	version, there := p.attribute("version")
	if !there || !versionNumber(version) {
		return d, false
	}
	d.Version = version
	if name, there := p.attribute("encoding"); there {
		if !encodingName(name) {
			return d, false
		}
		d.Encoding, d.EncodingEnd = name, p.pos-1
	}
	if alone, there := p.attribute("standalone"); there && alone != "yes" && alone != "no" {
		return d, false
	}
	p.blanks()
	if p.bad || !bytes.HasPrefix(src[p.pos:], []byte("?>")) {
		return d, false
	}
	d.Length = p.pos + 2
	return d, true
}

// pseudo reads the pseudo-attributes of a declaration.
type pseudo struct {
	src []byte
	pos int
	bad bool
}

func (p *pseudo) blanks() {
	for p.pos < len(p.src) && IsBlank(p.src[p.pos]) {
		p.pos++
	}
}

// attribute reads one of the three pseudo-attributes, with the white space
// before it.
func (p *pseudo) attribute(name string) (value string, there bool) {
	start := p.pos
	p.blanks()
	if !bytes.HasPrefix(p.src[p.pos:], []byte(name)) {
		p.pos = start
		return "", false
	}
	if p.pos == start {
		p.bad = true
	}
	p.pos += len(name)
	p.blanks()
	if p.pos >= len(p.src) || p.src[p.pos] != '=' {
		p.bad = true
		return "", true
	}
	p.pos++
	p.blanks()
	if p.pos >= len(p.src) || p.src[p.pos] != '"' && p.src[p.pos] != '\'' {
		p.bad = true
		return "", true
	}
	n := bytes.IndexByte(p.src[p.pos+1:], p.src[p.pos])
	if n < 0 {
		p.bad = true
		return "", true
	}
	value = string(p.src[p.pos+1 : p.pos+1+n])
	p.pos += n + 2
	return value, true
}

func versionNumber(s string) bool {
	if len(s) < 2 || s[:2] != "1." {
		return false
	}
	for _, c := range []byte(s[2:]) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

func encodingName(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return s != ""
}

// declaredName reads encoding="…" out of a declaration that may be wrong
// elsewhere.
func declaredName(head []byte) string {
	if !bytes.HasPrefix(head, []byte("<?xml")) {
		return ""
	}
	end := bytes.Index(head, []byte("?>"))
	if end < 0 {
		return ""
	}
	decl := head[:end]
	at := bytes.Index(decl, []byte("encoding"))
	if at < 0 {
		return ""
	}
	rest := bytes.TrimLeft(decl[at+len("encoding"):], " \t\r\n")
	if len(rest) == 0 || rest[0] != '=' {
		return ""
	}
	rest = bytes.TrimLeft(rest[1:], " \t\r\n")
	if len(rest) < 2 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	stop := bytes.IndexByte(rest[1:], rest[0])
	if stop < 0 {
		return ""
	}
	return string(rest[1 : 1+stop])
}
