package check

import (
	"unicode/utf8"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// Classes of the bytes of a value between double quotes; 0 is for those that
// stand for themselves.
const (
	classSpecial = 1 << iota // a reference, white space to normalise, a byte above 0x7F
	classEnd                 // the quote
	classBroken              // '<' or a control character
)

var valueBits = func() *[256]uint8 {
	var c [256]uint8
	for b := range c {
		switch {
		case b == '"':
			c[b] = classEnd
		case b == '&' || b == '\t' || b == '\n' || b == '\r' || b >= 0x80:
			c[b] = classSpecial
		case b == '<' || b < 0x20:
			c[b] = classBroken
		}
	}
	return &c
}()

// dash passes tags of the usual shape: `<Nom V="value"/>`, `<Agent>` and
// `</Agent>`, in the order of the schema. It leaves pos at the first that is
// anything else.
func (w *walker) dash() {
	f := &w.frames[len(w.frames)-1]
	if !w.plain || f.node == nil || f.node.leaf {
		return
	}
	src, i := w.src, w.pos
	states := w.m.states
	st := f.state
	for {
		j := w.blanks[len(w.frames)].skip(src, i)
		if j < 0 {
			if j = w.skipBlanks(src, i); j >= w.end || src[j] != '<' {
				break
			}
		}
		if src[j+1] == '/' {
			c := f.node.close
			if string(src[j:j+len(c)]) != c || !states[st].accepts || f.written != "" || f.scope != len(w.scope) || len(w.frames) == 1 ||
				len(w.absent) > 0 && w.absent[len(w.absent)-1].depth >= len(w.frames) {
				break
			}
			f.state = st
			w.fin(f.node, j)
			w.frames = w.frames[:len(w.frames)-1]
			i = j + len(c)
			f = &w.frames[len(w.frames)-1]
			if f.node == nil {
				w.pos = i
				return
			}
			st = f.state
			continue
		}
		g := &w.guesses[st]
		if !g.begins(src, j) {
			k := tagEdge(src[j:], states[st].edges)
			if k < 0 {
				break
			}
			*g = newGuess(states[st].edges[k])
		}
		if g.only14 {
			if w.only12 {
				break
			}
			w.seen14 = true
		}
		if !g.leaf {
			f.state = st
			if g.to == st {
				f.rep++
			} else {
				f.rep, f.state = 1, g.to
			}
			w.enter(g.node, f, j)
			i = j + g.open
			f = &w.frames[len(w.frames)-1]
			st = f.state
			continue
		}
		if string(src[max(i-3, 0):i]) == emptyEnd {
			g.learn(src, i-3, j+g.open)
		}
		if st, i = w.leaves(st, i, j+g.open); i < 0 {
			i = ^i
			break
		}
	}
	w.pos, f.state = i, st
}

// emptyEnd is what a leaf ends with, its quote included.
const emptyEnd = `"/>`

// leaves passes the leaf whose value is at p, st being the state before it and
// i the place of what precedes its tag, and those that follow it as they did
// the last time. It returns the state and the place after the last one; the
// complement of the place before one that is of another shape.
func (w *walker) leaves(st uint16, i, p int) (uint16, int) {
	src := w.src
	for {
		g := &w.guesses[st]
		nd := g.node
		v0 := p
		var mt int64
		var ok bool
		switch g.lex.Kind {
		case schema.KindDecimal:
			p, mt, ok = scanDecimal(src, p, g.lex)
		case schema.KindDate:
			if ok = plainDate(src[p : p+11]); ok {
				p += 10
			}
		default:
			p = plainRun(src, p)
			ok = src[p] == '"' && plainValue(g.lex, src[v0:p]) && (p == v0 || src[v0] != ' ')
			if src[p] >= utf8.RuneSelf && g.lex.Kind == schema.KindTexte {
				p = w.accented(nd, v0, p)
				ok = p >= 0
			}
		}
		if !ok {
			if p = w.value(nd, v0); p < 0 {
				return st, ^i
			}
			return g.to, p
		}
		next := &w.guesses[g.to]
		follows := next.follows(src, p)
		if !follows && string(src[p:p+3]) != emptyEnd {
			return st, ^i
		}
		if nd.act != actNone {
			w.take(nd, src[v0:p], xhl.Montant(mt), true, v0)
		}
		if w.hashed {
			w.fiche.mix(nd, src[v0:p])
		}
		st, i = g.to, p+len(emptyEnd)
		if !follows {
			return st, i
		}
		p += next.gap
	}
}

// tagEdge finds the edge whose tag src begins with.
func tagEdge(src []byte, edges []edge) int {
	for k := range edges {
		if open := edges[k].node.open; string(src[:len(open)]) == open {
			return k
		}
	}
	return -1
}

// value judges a value between double quotes that dash does not take at a
// glance, and returns the place after its tag, or -1 when stride must see to
// it, before anything was reported.
func (w *walker) value(nd *node, v0 int) int {
	p := v0
	var seen uint8
	for seen&(classEnd|classBroken) == 0 {
		seen |= valueBits[w.src[p]]
		p++
	}
	p--
	if seen&classBroken != 0 || w.src[p+1] != '/' || w.src[p+2] != '>' {
		return -1
	}
	value := w.src[v0:p]
	if seen&classSpecial != 0 {
		start := len(w.arena)
		var what xmlr.ValueFault
		lies := 0
		w.arena, what = xmlr.AppendValue(w.arena, value, w.charset, &lies)
		if what != xmlr.ValueOK || w.charset != xmlr.UTF8 && w.charset.Invalid(value) >= 0 {
			w.arena = w.arena[:start]
			return -1
		}
		w.res.lies += lies
		w.label(value)
		value = w.arena[start:len(w.arena):len(w.arena)]
	}
	w.judge(nd, value, v0)
	return p + 3
}

// judge checks the value of a leaf and takes what the rules need of it.
func (w *walker) judge(nd *node, value []byte, v0 int) {
	lex := nd.el.Value
	ok := lex.Valid(view(value))
	if !ok {
		w.badValue(nd, value, v0)
	} else {
		w.oddValue(nd, value, v0)
	}
	if nd.act != actNone {
		var mt xhl.Montant
		if lex.Kind == schema.KindDecimal {
			if mt, ok = xhl.Decimal(view(value)).Montant(); !ok {
				mt = 0
			}
		}
		w.take(nd, value, mt, ok, v0)
	}
	if w.hashed {
		w.fiche.mix(nd, value)
	}
}

// enter opens a container that is in its place. f is its parent, whose state
// and rep are set.
func (w *walker) enter(nd *node, f *frame, pos int) {
	index := 0
	if nd.el.Many {
		index = f.rep
	}
	var val any
	if nd.build {
		val = w.build.enter(nd, f.val)
	}
	w.frames = append(w.frames, frame{node: nd, state: nd.first, index: index, scope: len(w.scope), qualified: f.qualified, val: val})
	switch {
	case nd.nature != xhl.NbNatures:
		w.fiche.beginLigne(nd.nature)
	case nd.fin == finBulletin:
		w.beginBulletin(pos)
	case nd.el == xhl.Table.DonneesIndiv:
		w.beginGroupe()
	}
}

// plainValue reports whether a value of ASCII characters, without references, is
// valid; it knows the texts, and asks valid for the rest.
func plainValue(l *schema.Lexical, v []byte) bool {
	switch l.Kind {
	case schema.KindTexte:
		return len(v) <= l.Max
	case schema.KindAnnee:
		return len(v) == 4 && l.Valid(view(v))
	}
	return l.Valid(view(v))
}

// scanDecimal reads a decimal that needs no thought: few digits, then the
// quote. v is in units of the last decimal that the type allows.
func scanDecimal(src []byte, p int, l *schema.Lexical) (end int, v int64, ok bool) {
	negative := src[p] == '-'
	if negative {
		p++
	}
	digits, frac := 0, 0
	for c := src[p] - '0'; c <= 9; c = src[p] - '0' {
		v = v*10 + int64(c)
		digits++
		p++
	}
	if src[p] == '.' {
		p++
		for c := src[p] - '0'; c <= 9; c = src[p] - '0' {
			v = v*10 + int64(c)
			frac++
			p++
		}
	}
	if digits += frac; digits == 0 || digits > plainDigits || l.Total > 0 && digits > l.Total || frac > l.Fraction || src[p] != '"' {
		return p, 0, false
	}
	for ; frac < l.Fraction; frac++ {
		v *= 10
	}
	if negative {
		v = -v
	}
	return p, v, true
}

// plainDigits is how many digits fit an int64 with three more decimals.
const plainDigits = 15

// plainDate reports whether d is a date of the years 1 to 9999 without a time
// zone, and the quote after it.
func plainDate(d []byte) bool {
	_ = d[10]
	if d[10] != '"' || d[4] != '-' || d[7] != '-' {
		return false
	}
	var bad byte
	for _, at := range [...]int{0, 1, 2, 3, 5, 6, 8, 9} {
		if d[at]-'0' > 9 {
			bad = 1
		}
	}
	if bad != 0 {
		return false
	}
	month, day := int(d[5]-'0')*10+int(d[6]-'0'), int(d[8]-'0')*10+int(d[9]-'0')
	year := int(d[0]-'0')*1000 + int(d[1]-'0')*100 + int(d[2]-'0')*10 + int(d[3]-'0')
	return month >= 1 && month <= 12 && day >= 1 && year > 0 && (day <= 28 || day <= schema.DaysIn(month, year))
}
