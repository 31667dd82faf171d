package xhl

import (
	"strings"
	"unicode/utf8"
)

// badValue reports why the schema refuses a value.
func (w *walker) badValue(nd *node, value []byte, pos int) {
	lex := nd.el.value
	kind, args := lex.refusal(string(value))
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
	switch nd.el.value.kind {
	case lexTexte:
		if len(value) == 0 {
			return
		}
		if blank := strings.Trim(view(value), " \t\r\n"); blank == "" {
			kind = faultBlank
		} else if strings.ContainsAny(view(value), "\t\r\n") {
			kind = faultNewline // the literal ones are spaces by now
		}
	case lexDate:
		if len(value) != len("2026-11-22") {
			kind = faultZone
		}
	case lexAnnee:
		if len(value) != len("2026") {
			kind = faultZone
		}
	}
	if kind == nbFaults {
		return
	}
	if ex := w.leafExample(kind, w.at(pos), nd); ex != nil {
		ex.args, ex.trouve = []any{nd.name}, nd.shown(value)
	}
}

// leafExample is exampleAt for a leaf of the innermost container, or for the
// innermost element itself.
func (w *walker) leafExample(kind fault, at capture, nd *node) *finding {
	ex := w.exampleAt(kind, at)
	if top := w.top(); ex != nil && top.node != nd {
		s := step{node: nd, name: nd.name}
		if nd.el.many {
			s.rep = top.rep
		}
		ex.path = append(ex.path, s)
	}
	return ex
}

// shown is a value as an anomaly may show it.
func (nd *node) shown(value []byte) string {
	if nd.public {
		return clip(string(value))
	}
	return gabarit(string(value))
}

// refusal tells why valid refused s, with the arguments of the message after
// the name of the element.
func (l *lexical) refusal(s string) (fault, []any) {
	trimmed := trimBlank(s)
	switch {
	case l.kind == lexTexte:
		return faultLength, []any{utf8.RuneCountInString(s), l.max}
	case l.kind == lexAlphanum || l.kind == lexNum:
		if n := utf8.RuneCountInString(s); n > l.max {
			return faultLength, []any{n, l.max}
		}
		return faultPattern, nil
	case trimmed == "" && l.kind != lexEnum:
		return faultEmptyValue, nil
	case l.kind == lexDecimal:
		return l.refusedDecimal(trimmed)
	case l.kind == lexDate:
		return faultDate, nil
	case l.kind == lexAnnee:
		return faultYear, nil
	case l.kind == lexBooleen:
		return faultBool, nil
	case l.kind == lexMois:
		return faultMonth, nil
	}
	return faultEnum, nil
}

func (l *lexical) refusedDecimal(s string) (fault, []any) {
	free := decimal(0, maxDecimalDigits)
	if !free.validDecimal(s) {
		if strings.Count(s, ",") == 1 && free.validDecimal(strings.Replace(s, ",", ".", 1)) {
			return faultComma, nil
		}
		return faultDecimal, nil
	}
	wide := decimal(0, l.fraction)
	if !wide.validDecimal(s) {
		return faultFractionDigits, []any{l.fraction}
	}
	return faultTotalDigits, []any{l.total}
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
		ex.path = append(ex.path, step{f.node, clip(name), f.index})
	}
	if w.fiche.open {
		ex.matricule = clip(string(w.fiche.matricule.val))
	}
	return ex
}
