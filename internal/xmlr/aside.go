package xmlr

import "bytes"

// Aside skips a comment or a processing instruction at i, or a CDATA section,
// which it tells apart since it is text. At i stand "<!" or "<?".
func (s *Scanner) Aside(i int) (end int, text bool, err error) {
	src := s.Src[i:]
	closing := "?>"
	skip := 2
	switch {
	case src[1] == '?':
		if len(src) > 5 && src[2]|0x20 == 'x' && src[3]|0x20 == 'm' && src[4]|0x20 == 'l' && NameEnd[src[5]] {
			return 0, false, &Fault{Kind: BadMarkup, Pos: i}
		}
		target := 2
		for target < len(src) && !NameEnd[src[target]] {
			target++
		}
		switch {
		case target+1 >= len(src):
			return 0, false, s.more(i)
		case !IsBlank(src[target]) && string(src[target:target+2]) != "?>",
			!validName(src[2:target]), s.Charset != nil && !s.Charset.Name(src[2:target]):
			return 0, false, &Fault{Kind: BadMarkup, Pos: i}
		}
	case bytes.HasPrefix(src, []byte("<!--")):
		closing, skip = "--", 4
	case bytes.HasPrefix(src, []byte("<![CDATA[")):
		closing, skip, text = "]]>", 9, true
	case len(src) < 9:
		return 0, false, ErrMore
	case bytes.HasPrefix(src, []byte("<!DOCTYPE")):
		return 0, false, &Fault{Kind: HasDoctype, Pos: i}
	default:
		return 0, false, &Fault{Kind: BadMarkup, Pos: i}
	}
	if len(src) < skip {
		return 0, false, ErrMore
	}
	n := bytes.Index(src[skip:], []byte(closing))
	if n < 0 {
		if len(src) > s.MaxTag {
			return 0, false, &Fault{Kind: TooLarge, Pos: i, Args: []any{s.MaxTag}}
		}
		return 0, false, ErrMore
	}
	n += skip + len(closing)
	if closing == "--" {
		if n >= len(src) {
			return 0, false, ErrMore
		}
		if src[n] != '>' {
			return 0, false, &Fault{Kind: BadMarkup, Pos: i}
		}
		n++
	}
	if bad := badControl(src[:n]); bad >= 0 {
		return 0, false, &Fault{Kind: BadCharacter, Pos: i + bad}
	}
	if s.Charset != nil && s.Charset != UTF8 { // UTF-8 is said of what is windows-1252
		if bad := s.Charset.Invalid(src[:n]); bad >= 0 {
			return 0, false, &Fault{Kind: BadCharacter, Pos: i + bad}
		}
	}
	return i + n, text, nil
}

// badControl returns the place of a control character that XML forbids.
func badControl(b []byte) int {
	for i, c := range b {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			return i
		}
	}
	return -1
}
