package xmlr

import (
	"errors"
	"fmt"
	"testing"
)

// FuzzScanner holds the scanner to its contract: tokens follow each other, and
// a window that stops in the middle changes nothing but when they come.
func FuzzScanner(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><n:a xmlns:n="u"><b V="1"/><c V="&#233;"></c></n:a>`), uint16(7))
	f.Add([]byte(`<a V = 'x' b="&amp;"><!-- c --><?p?><![CDATA[<]]></a >`), uint16(3))
	f.Fuzz(func(t *testing.T, src []byte, step uint16) {
		whole, wholeErr := allTokens(src, len(src)+1)
		parts, partsErr := allTokens(src, int(step)+1)
		if fmt.Sprint(whole) != fmt.Sprint(parts) || (wholeErr == nil) != (partsErr == nil) {
			t.Fatalf("in one window: %v %v\nin several: %v %v", whole, wholeErr, parts, partsErr)
		}
		at := 0
		for _, tok := range whole {
			if tok.start < at || tok.end <= tok.start && tok.kind != Text || tok.end > len(src) {
				t.Fatalf("token at %d to %d after %d", tok.start, tok.end, at)
			}
			at = tok.end
		}
	})
}

type seenToken struct {
	kind       TokenKind
	start, end int
	name       string
}

// allTokens scans a document in windows that grow by step bytes.
func allTokens(src []byte, step int) (list []seenToken, err error) {
	s := Scanner{MaxTag: len(src) + 1}
	for end := 0; ; {
		s.Src = src[:end]
		var t Token
		err := s.Next(&t)
		switch {
		case errors.Is(err, ErrMore):
			if end == len(src) {
				return list, nil
			}
			end = min(end+step, len(src))
		case err != nil:
			return list, err
		default:
			list = append(list, seenToken{t.Kind, t.Start, t.End, string(t.Name)})
		}
	}
}
