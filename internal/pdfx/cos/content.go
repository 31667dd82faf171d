package cos

import "bytes"

// Operators gives the operators of a content stream with their operands,
// which are to be used before the next. An inline picture is the operator BI,
// with its dictionary. It ends when visit returns false, and returns how many
// operators it gave.
func Operators(data []byte, visit func(op string, operands []Object) bool) int {
	l := lexer{data: data}
	const most = 4096 // operands kept: an operator has a few
	var operands []Object
	count := 0
	for {
		o, end := l.object(0)
		switch end {
		case finished:
			return count
		case none:
			if len(operands) < most {
				operands = append(operands, o)
			}
			continue
		case bracket, angles:
			continue
		}
		start := l.pos
		l.skipWord()
		if l.pos == start {
			l.pos++
			continue
		}
		op := string(data[start:l.pos])
		if op == "BI" {
			operands = append(operands[:0], l.inlinePicture())
		}
		count++
		if !visit(op, operands) {
			return count
		}
		operands = operands[:0]
	}
}

// inlinePicture reads the dictionary of an inline picture, and passes over its
// bytes (8.9.7).
func (l *lexer) inlinePicture() Object {
	dict := Object{kind: Dict}
	for {
		key, end := l.object(0)
		if end == word {
			if l.keyword("ID") {
				break
			}
			l.skipWord()
			continue
		}
		if end == finished {
			return dict
		}
		if key.kind != Name {
			continue
		}
		value, end := l.object(0)
		if end != none {
			continue
		}
		dict.kids = append(dict.kids, key, value)
	}
	for at := l.pos; ; {
		i := bytes.Index(l.data[min(at, len(l.data)):], []byte("EI"))
		if i < 0 {
			l.pos = len(l.data)
			return dict
		}
		at += i + 2
		before := at-3 >= 0 && class[l.data[at-3]] == classSpace
		if before && (at >= len(l.data) || class[l.data[at]] != classRegular) {
			l.pos = at
			return dict
		}
	}
}
