package pespj

import (
	"strings"
	"unicode/utf8"
)

// comment skips <!-- … -->, which may be longer than the window, and refuses
// what else may follow "<!".
func (s *scanner) comment() error {
	if !s.prefixed("<!--") {
		if s.prefixed("<!DOCTYPE") {
			return s.faute(codeDTD, s.pos)
		}
		if s.fin && len(s.octets)-s.pos < len("<!DOCTYPE") || s.err != nil {
			return s.cutShort()
		}
		s.need(maxExtrait)
		return s.faute(codeBalisage, s.pos, extrait(s.octets[s.pos:]))
	}
	s.pos += len("<!--")
	dashes := 0
	for {
		if s.pos == len(s.octets) && !s.more() {
			return s.cutShort()
		}
		switch c := s.octets[s.pos]; {
		case c == '-':
			if dashes++; dashes == 3 {
				return s.faute(codeCommentaire, s.pos)
			}
			s.pos++
		case dashes == 2 && c == '>':
			s.pos++
			return nil
		case dashes == 2:
			return s.faute(codeCommentaire, s.pos)
		default:
			dashes = 0
			if err := s.skipChar(); err != nil {
				return err
			}
		}
	}
}

// skipChar goes over one allowed character.
func (s *scanner) skipChar() error {
	b := s.octets[s.pos]
	if b < utf8.RuneSelf {
		if classe[b]&clsInterdit != 0 {
			return s.caractere(s.pos)
		}
		s.pos++
		return nil
	}
	s.need(utf8.UTFMax)
	if s.err != nil {
		return s.cutShort()
	}
	r, size := s.charset.rune(s.octets[s.pos:])
	if size == 0 || r == 0xFFFE || r == 0xFFFF {
		return s.caractere(s.pos)
	}
	s.pos += size
	return nil
}

// instruction skips <?target …?>.
func (s *scanner) instruction() error {
	s.pos += 2
	var target []byte
	for {
		if !s.need(1) {
			return s.cutShort()
		}
		if c := s.octets[s.pos]; isBlank(c) || c == '?' || len(target) >= 1024 {
			break
		}
		first := s.octets[s.pos]
		if err := s.skipChar(); err != nil {
			return err
		}
		if first >= utf8.RuneSelf {
			first = 'x'
		}
		target = append(target, first)
	}
	if !isName(target) || strings.EqualFold(string(target), "xml") {
		return s.faute(codeInstruction, s.pos)
	}
	if s.octets[s.pos] == '?' && !s.prefixed("?>") {
		if s.fin && len(s.octets)-s.pos < 2 {
			return s.cutShort()
		}
		return s.faute(codeInstruction, s.pos)
	}
	for !s.prefixed("?>") {
		if !s.need(1) {
			return s.cutShort()
		}
		if err := s.skipChar(); err != nil {
			return err
		}
	}
	s.pos += 2
	return nil
}

func isName(name []byte) bool {
	for i, r := range string(name) {
		if i == 0 && !isNameStart(r) || !isNameChar(r) {
			return false
		}
	}
	return len(name) > 0
}
