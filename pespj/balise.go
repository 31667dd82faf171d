package pespj

import (
	"bytes"
	"unicode/utf8"
)

// balise returns the bytes of the tag at pos, from '<' to '>' included, once
// the window has them all. A '<' inside ends the search: it cannot be legal.
func (s *scanner) tag() ([]byte, error) {
	quote := byte(0)
	for i := 1; ; {
		for ; s.pos+i < len(s.octets); i++ {
			switch c := s.octets[s.pos+i]; {
			case c == '<':
				return nil, s.faute(codeBalisage, s.pos+i, extrait(s.octets[s.pos:]))
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '"' || c == '\'':
				quote = c
			case c == '>':
				s.debut = s.pos
				return s.octets[s.pos : s.pos+i+1], nil
			}
		}
		if !s.more() {
			return nil, s.cutShort()
		}
	}
}

// endTag reads </name>.
func (s *scanner) endTag() (token, error) {
	tag, err := s.tag()
	if err != nil {
		return jFin, err
	}
	name := bytes.TrimRight(tag[2:len(tag)-1], " \t\r\n")
	if s.profondeur() == 0 {
		return jFin, s.faute(codeHorsRacine, s.pos)
	}
	if open := s.innermost(); !bytes.Equal(name, open) {
		return jFin, s.faute(codeFermeture, s.pos, s.lisible(name), s.lisible(open))
	}
	s.pos += len(tag)
	s.leave()
	return jFermeture, nil
}

// innermost is the qualified name of the innermost element, as written.
func (s *scanner) innermost() []byte {
	n := len(s.finsDeNoms)
	from := 0
	if n > 1 {
		from = s.finsDeNoms[n-2]
	}
	return s.noms[from:]
}

func (s *scanner) leave() {
	n := len(s.finsDeNoms) - 1
	s.noms = s.noms[:len(s.noms)-len(s.innermost())]
	s.finsDeNoms = s.finsDeNoms[:n]
	for len(s.espaces) > 0 && s.espaces[len(s.espaces)-1].profondeur > n {
		s.espaces = s.espaces[:len(s.espaces)-1]
	}
}

func (s *scanner) lisible(name []byte) string {
	return string(s.charset.appendUTF8(nil, name[:min(len(name), 64)]))
}

// startTag reads <name attributes> or <name attributes/>.
func (s *scanner) startTag() (token, error) {
	if s.profondeur() == 0 && s.racineVue {
		return jFin, s.faute(codeHorsRacine, s.pos)
	}
	tag, err := s.tag()
	if err != nil {
		return jFin, err
	}
	inside := tag[1 : len(tag)-1]
	if n := len(inside); n > 0 && inside[n-1] == '/' {
		inside = inside[:n-1]
		s.vide = true
	}
	if s.profondeur() == s.limites.Profondeur {
		return jFin, s.faute(codeProfondeur, s.pos, s.limites.Profondeur)
	}
	s.racineVue = true
	s.scratch, s.attributs, s.qnoms = s.scratch[:0], s.attributs[:0], s.qnoms[:0]
	name, rest, ok := s.name(inside)
	if !ok {
		return jFin, s.faute(codeBalisage, s.pos, extrait(tag))
	}
	s.noms = append(s.noms, inside[:len(inside)-len(rest)]...)
	s.finsDeNoms = append(s.finsDeNoms, len(s.noms))
	for {
		trimmed := trimBlank(rest)
		if len(trimmed) == 0 {
			break
		}
		if len(trimmed) == len(rest) {
			return jFin, s.faute(codeBalisage, s.pos, extrait(tag))
		}
		if len(s.attributs)+len(s.espaces) >= 2*s.limites.Attributs || len(s.qnoms) >= s.limites.Attributs {
			return jFin, s.faute(codeAttributs, s.pos, s.limites.Attributs)
		}
		if rest, err = s.attribute(trimmed); err != nil {
			return jFin, err
		}
	}
	s.resolve(name)
	s.pos += len(tag)
	return jDebut, nil
}

// name reads a name, in UTF-8, at the start of b.
func (s *scanner) name(b []byte) (name, rest []byte, ok bool) {
	i := 0
	for i < len(b) && (isAlphanum(b[i]) && (i > 0 || !isDigit(b[i])) || b[i] == '_' || b[i] == ':' || i > 0 && (b[i] == '-' || b[i] == '.')) {
		i++
	}
	if i == len(b) || b[i] < utf8.RuneSelf {
		return b[:i], b[i:], i > 0
	}
	for i = 0; i < len(b) && !isBlank(b[i]) && b[i] != '=' && b[i] != '/'; {
		r, size := s.charset.rune(b[i:])
		if size == 0 || i == 0 && !isNameStart(r) || !isNameChar(r) {
			return nil, nil, false
		}
		i += size
	}
	from := len(s.scratch)
	s.scratch = s.charset.appendUTF8(s.scratch, b[:i])
	return s.scratch[from:len(s.scratch):len(s.scratch)], b[i:], true
}

// attribute reads name = "value" at the start of b, a part of the window.
func (s *scanner) attribute(b []byte) (rest []byte, err error) {
	at := s.indexOf(b)
	name, after, ok := s.name(b)
	after = trimBlank(after)
	if !ok || len(after) == 0 || after[0] != '=' {
		return nil, s.faute(codeBalisage, at, extrait(b))
	}
	after = trimBlank(after[1:])
	if len(after) == 0 || after[0] != '"' && after[0] != '\'' {
		return nil, s.faute(codeBalisage, at, extrait(b))
	}
	raw, rest, closed := bytes.Cut(after[1:], after[:1])
	if !closed {
		return nil, s.faute(codeBalisage, at, extrait(b))
	}
	for _, q := range s.qnoms {
		if bytes.Equal(q, name) {
			return nil, s.faute(codeAttributDouble, at, string(name))
		}
	}
	s.qnoms = append(s.qnoms, name)
	value, err := s.value(raw, at)
	if err != nil {
		return nil, err
	}
	switch prefix, local := split(name); {
	case string(name) == "xmlns":
		s.espaces = append(s.espaces, espace{"", bytes.Clone(value), s.profondeur()})
	case string(prefix) == "xmlns":
		// What libxml2 reports and does not declare.
		if len(value) > 0 && string(local) != "xmlns" && string(local) != "xml" {
			s.espaces = append(s.espaces, espace{string(local), bytes.Clone(value), s.profondeur()})
		}
	default:
		s.attributs = append(s.attributs, attribut{nom: name, valeur: value, at: at})
	}
	return rest, nil
}

// split cuts a qualified name at its first colon; no prefix when there is
// none, or nothing before or after it.
func split(name []byte) (prefix, local []byte) {
	i := bytes.IndexByte(name, ':')
	if i <= 0 || i == len(name)-1 {
		return nil, name
	}
	return name[:i], name[i+1:]
}

// value normalises the value of an attribute (XML 1.0 section 3.3.3).
func (s *scanner) value(raw []byte, at int) ([]byte, error) {
	nature := natureOf(raw)
	if nature&(clsInterdit|clsHaut) != 0 {
		if i := s.charset.invalide(raw); i >= 0 {
			return nil, s.caractere(s.indexOf(raw) + i)
		}
	}
	converted := nature&clsHaut != 0 && s.charset != csUTF8 && s.charset != csASCII
	if !converted && nature&clsBlanc == 0 && bytes.IndexByte(raw, '&') < 0 {
		return raw, nil
	}
	from := len(s.scratch)
	for i := 0; i < len(raw); {
		switch b := raw[i]; {
		case b == '&':
			r, size := parseReference(raw[i:])
			if size == 0 {
				return nil, s.faute(codeReference, at, extrait(raw[i:]))
			}
			s.scratch = utf8.AppendRune(s.scratch, r)
			i += size
		case b == '\r' && i+1 < len(raw) && raw[i+1] == '\n':
			i++
		case isBlank(b):
			s.scratch = append(s.scratch, ' ')
			i++
		case b >= utf8.RuneSelf:
			r, size := s.charset.rune(raw[i:])
			s.scratch = utf8.AppendRune(s.scratch, r)
			i += size
		default:
			s.scratch = append(s.scratch, b)
			i++
		}
	}
	return s.scratch[from:len(s.scratch):len(s.scratch)], nil
}

// indexOf returns where p, a part of the window, starts in octets.
func (s *scanner) indexOf(p []byte) int { return cap(s.octets) - cap(p) }

// resolve gives their namespaces to the element and its attributes. A prefix
// that is not declared stays in the name, in no namespace, as in libxml2.
func (s *scanner) resolve(name []byte) {
	prefix, local := split(name)
	uri, bound := s.uri(prefix)
	if s.nom, s.ns = local, uri; !bound && prefix != nil {
		s.nom, s.ns = name, nil
	}
	for i := range s.attributs {
		a := &s.attributs[i]
		if prefix, local := split(a.nom); prefix != nil {
			if uri, bound := s.uri(prefix); bound {
				a.nom, a.ns = local, uri
			}
		}
	}
}

var nsXMLOctets = []byte(nsXML)

// uri returns what prefix stands for here; the empty prefix is the default
// namespace.
func (s *scanner) uri(prefix []byte) (uri []byte, bound bool) {
	for i := len(s.espaces) - 1; i >= 0; i-- {
		if s.espaces[i].prefixe == string(prefix) {
			return s.espaces[i].uri, true
		}
	}
	if string(prefix) == "xml" {
		return nsXMLOctets, true
	}
	return nil, false
}
