package check

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"paye/xhl/internal/schema"
)

// badValue reports why the schema refuses a value.
func (w *walker) badValue(nd *node, value []byte, pos int) {
	lex := nd.el.Value
	if lex.Kind == schema.KindEnum {
		w.lostCode(nd, value, pos)
	}
	kind, args := refusal(lex, string(value))
	ex := w.leafExample(kind, w.at(pos), nd)
	if ex == nil {
		return
	}
	ex.args = append([]any{nd.name}, args...)
	ex.trouve, ex.attendu = nd.shown(value), lex.String()
}

// oddValue reports what the schema lets through and readers may stumble on.
func (w *walker) oddValue(nd *node, value []byte, pos int) {
	kind := nbFaults
	switch nd.el.Value.Kind {
	case schema.KindTexte:
		if len(value) == 0 {
			return
		}
		if most := nd.el.Value.Max; len(value) > most {
			if units := schema.UTF16Units(view(value)); units > most {
				w.oddText(faultJavaLength, nd, nil, pos, units, most)
			}
		}
		if blank := strings.Trim(view(value), " \t\r\n"); blank == "" {
			kind = faultBlank
		} else if strings.ContainsAny(view(value), "\t\r\n") {
			kind = faultNewline // the literal ones are spaces by now
		}
	case schema.KindDate, schema.KindAnnee:
		plain := len("2026-11-22")
		if nd.el.Value.Kind == schema.KindAnnee {
			plain = len("2026")
		}
		if len(value) == plain {
			return
		}
		kind = faultZone
		if !schema.JavaYear(view(value)) {
			w.oddText(faultJavaYear, nd, value, pos)
		}
	}
	if kind == nbFaults {
		return
	}
	w.oddText(kind, nd, value, pos)
}

func (w *walker) oddText(kind fault, nd *node, value []byte, pos int, args ...any) {
	if ex := w.leafExample(kind, w.at(pos), nd); ex != nil {
		ex.args, ex.trouve = append([]any{nd.name}, args...), nd.shown(value)
	}
}

// leafExample is exampleAt for a leaf of the innermost container, or for the
// innermost element itself.
func (w *walker) leafExample(kind fault, at capture, nd *node) *finding {
	ex := w.exampleAt(kind, at)
	if top := w.top(); ex != nil && top.node != nd {
		s := step{node: nd, name: nd.name}
		if nd.el.Many {
			s.rep = top.rep
		}
		ex.path = append(ex.path, s)
	}
	return ex
}

// shown is a value as an anomaly may show it.
func (nd *node) shown(value []byte) string {
	if nd.public && !nd.stray(value) {
		return schema.Clip(string(value))
	}
	return schema.Shape(string(value))
}

// stray reports whether what stands in a date is so unlike one that it may be a
// value of another field: a name, a number of a person or of an account.
func (nd *node) stray(value []byte) bool {
	if k := nd.el.Value.Kind; k != schema.KindDate && k != schema.KindAnnee {
		return false
	}
	digits := 0
	for i, c := range bytes.TrimRight(value, " \t\r\n") {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case i > 8 && (c == 'Z' || c == 'T' || c == '+'): // of a zone or a time
			return digits > 8
		case bytes.IndexByte([]byte("-/.: "), c) < 0:
			return true
		}
	}
	return digits > 8
}

// refusal tells why valid refused s, with the arguments of the message after
// the name of the element.
func refusal(l *schema.Lexical, s string) (fault, []any) {
	trimmed := schema.TrimBlank(s)
	switch {
	case l.Kind == schema.KindTexte:
		return faultLength, []any{utf8.RuneCountInString(s), l.Max}
	case l.Kind == schema.KindAlphanum || l.Kind == schema.KindNum:
		if n := utf8.RuneCountInString(s); n > l.Max {
			return faultLength, []any{n, l.Max}
		}
		return faultPattern, nil
	case trimmed == "" && l.Kind != schema.KindEnum:
		return faultEmptyValue, nil
	case l.Kind == schema.KindDecimal:
		return refusedDecimal(l, trimmed)
	case (l.Kind == schema.KindDate || l.Kind == schema.KindAnnee) && len(trimmed) < len(s) && l.Valid(trimmed) && schema.JavaYear(trimmed):
		return faultDateBlanks, nil
	case l.Kind == schema.KindDate:
		return faultDate, nil
	case l.Kind == schema.KindAnnee:
		return faultYear, nil
	case l.Kind == schema.KindBooleen:
		return faultBool, nil
	case l.Kind == schema.KindMois:
		return faultMonth, nil
	}
	return faultEnum, nil
}

func refusedDecimal(l *schema.Lexical, s string) (fault, []any) {
	free := schema.Decimal(0, len(s))
	if !free.FitsDecimal(s) {
		if strings.Count(s, ",") == 1 && free.FitsDecimal(strings.Replace(s, ",", ".", 1)) {
			return faultComma, nil
		}
		return faultDecimal, nil
	}
	if l.FitsDecimal(s) {
		return faultManyDigits, []any{schema.MaxDecimalDigits}
	}
	wide := schema.Decimal(0, l.Fraction)
	if !wide.FitsDecimal(s) {
		return faultFractionDigits, []any{l.Fraction}
	}
	return faultTotalDigits, []any{l.Total}
}

// fault counts an anomaly at a place of the window.
func (w *walker) fault(kind fault, pos int, args ...any) {
	if ex := w.example(kind, pos); ex != nil {
		ex.args = args
	}
}

// example counts an anomaly and returns its example to fill, nil when there
// are enough.
func (w *walker) example(kind fault, pos int) *finding { return w.exampleAt(kind, w.at(pos)) }

func (w *walker) exampleAt(kind fault, at capture) *finding {
	ex := w.res.add(kind)
	if ex == nil {
		return nil
	}
	ex.off, ex.ligne = at.off, w.lineOf(at)
	ex.groupe = w.groupes
	for i := range w.frames {
		f := &w.frames[i]
		name := f.written
		if f.node != nil {
			name = f.node.name
		}
		ex.path = append(ex.path, step{f.node, schema.Clip(name), f.index})
	}
	if w.fiche.open {
		ex.matricule = schema.Clip(string(w.fiche.matricule.val))
	}
	return ex
}
