package xhl

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// stride takes one token, whatever its shape, and reports faults that do not
// stop the walk. It reports false when the window ends before the token does,
// with pos at its start.
func (w *walker) stride() bool {
	src := w.src[:w.end]
	if w.lost {
		w.resume(src, w.pos)
	}
	i := w.pos
	for i < len(src) && isBlank(src[i]) {
		i++
	}
	if i > w.pos && w.phase == inRoot {
		if f := w.top(); f.node != nil && f.node.leaf {
			if i >= len(src) {
				return w.short(w.pos)
			}
			w.textFault(w.pos)
		}
	}
	w.pos = i
	if i >= len(src) {
		return false
	}
	if src[i] == 0 && w.phase == afterRoot {
		// libxml2 takes a null byte for the end of the journal there.
		w.fault(faultAfterNUL, i)
		w.stopped = true
		return true
	}
	var err error
	switch {
	case src[i] != '<':
		err = w.text(src, i)
	case i+1 < len(src) && (src[i+1] == '!' || src[i+1] == '?'):
		err = w.aside(src, i)
	default:
		err = w.tag(src, i)
	}
	if err == nil {
		return true
	}
	var m *malformed
	if !errors.As(err, &m) {
		return w.short(i)
	}
	w.malformed(m)
	if !w.stopped {
		w.resume(src, i+1)
	}
	return true
}

// short is called when the window ends in the token at i. It reports false, so
// that the token is taken when there is more, unless it has grown too large.
func (w *walker) short(i int) bool {
	if w.end-i <= w.limits.MaxTag {
		return false
	}
	w.fault(faultLimit, i, w.limits.MaxTag)
	w.stopped = true
	return true
}

// malformed reports a breach of XML that the scanner found.
func (w *walker) malformed(m *malformed) {
	kind := faultMarkup
	switch m.code {
	case "XHL-003":
		kind, w.stopped = faultDoctype, true
	case "XHL-004":
		kind, w.stopped = faultLimit, true
	case "XHL-007":
		kind = faultTwice
	case "XHL-008":
		kind = faultCharacter
	case "XHL-010":
		kind = faultEntity
	}
	w.fault(kind, m.pos, m.args...)
	if w.phase == beforeRoot {
		w.stopped = true
	}
}

// resume goes to the next tag after a token that cannot be read.
func (w *walker) resume(src []byte, i int) {
	i = min(i, len(src))
	n := bytes.IndexByte(src[i:], '<')
	w.lost = n < 0
	if w.lost {
		n = len(src) - i
	}
	w.pos = i + n
}

func (w *walker) top() *frame { return &w.frames[len(w.frames)-1] }

// text judges character data up to the next tag.
func (w *walker) text(src []byte, i int) error {
	if w.phase != inRoot {
		w.outside(i)
		return nil
	}
	n := bytes.IndexByte(src[i:], '<')
	if n < 0 {
		return errMore
	}
	w.pos = i + n
	raw := src[i : i+n]
	if bytes.Contains(raw, []byte("]]>")) {
		w.fault(faultMarkup, i)
		return nil
	}
	value, ok := w.decode(raw, i)
	if ok {
		w.content(value, i)
	}
	return nil
}

// content judges the characters of a text, which only white space between the
// children of a container may be.
func (w *walker) content(value []byte, i int) {
	f := w.top()
	switch {
	case f.node == nil:
	case f.node.leaf || len(bytes.Trim(value, " \t\r\n")) > 0:
		w.textFault(i)
	}
}

func (w *walker) textFault(i int) {
	if ex := w.example(faultText, i); ex != nil {
		ex.args = []any{w.top().node.name}
	}
}

// outside reports what stands out of the root element.
func (w *walker) outside(i int) {
	kind := faultTrailer
	if w.phase == beforeRoot {
		kind = faultMarkup
	}
	w.fault(kind, i)
	w.stopped = true
}

// aside judges a comment, an instruction or a CDATA section.
func (w *walker) aside(src []byte, i int) error {
	w.scan.src, w.scan.maxTag = src, w.limits.MaxTag
	end, cdata, err := w.scan.aside(i)
	if err != nil {
		return err
	}
	body := src[i+2 : end]
	if !w.allowed(body) {
		return &malformed{code: "XHL-008", pos: i}
	}
	w.pos = end
	switch {
	case cdata && w.phase != inRoot:
		w.outside(i)
	case cdata:
		if f := w.top(); f.node != nil && !f.node.leaf {
			// White space in a CDATA section is not white space between elements.
			w.textFault(i)
		} else {
			w.content(body[len("[CDATA["):len(body)-len("]]>")], i)
		}
	case src[i+1] == '?':
		target := body[:len(body)-2]
		if at := bytes.IndexAny(target, " \t\r\n"); at >= 0 {
			target = target[:at]
		}
		if !w.nameOK(target) {
			return &malformed{code: "XHL-002", pos: i}
		}
	}
	return nil
}

// tag judges a start tag or an end tag.
func (w *walker) tag(src []byte, i int) error {
	t := &w.tok
	w.scan.src, w.scan.pos, w.scan.maxTag, w.scan.keepAttrs = src, i, w.limits.MaxTag, true
	if err := w.scan.next(t); err != nil {
		return err
	}
	if !w.nameOK(t.name) {
		return &malformed{code: "XHL-002", pos: i}
	}
	w.pos = t.end
	switch {
	case w.phase == afterRoot:
		w.outside(i)
	case t.kind == tokEnd && w.phase == beforeRoot:
		w.outside(i)
	case t.kind == tokEnd:
		w.endTag(t)
	default:
		if len(w.frames) >= w.limits.MaxDepth {
			return &malformed{"XHL-004", i, []any{w.limits.MaxDepth}}
		}
		return w.startTag(t)
	}
	return nil
}

// endTag closes the element that the tag names, and those in it that were
// left open.
func (w *walker) endTag(t *token) {
	at := len(w.frames) - 1
	for at >= 0 && w.frames[at].tagName() != string(t.name) {
		at--
	}
	if at != len(w.frames)-1 {
		if ex := w.example(faultEndTag, t.start); ex != nil {
			ex.args = []any{clip(string(t.name)), clip(w.top().tagName())}
		}
		if at < 0 {
			return
		}
	}
	for len(w.frames) > at {
		w.close(t.start)
	}
}

// tagName is the name as the tags of the element write it.
func (f *frame) tagName() string {
	if f.written != "" || f.node == nil {
		return f.written
	}
	return f.node.name
}

// close ends the innermost element.
func (w *walker) close(pos int) {
	f := w.top()
	depth := len(w.frames)
	if f.node != nil && !f.node.leaf {
		w.completed(f, pos)
		w.fin(f.node, pos)
	}
	w.scope = w.scope[:f.scope]
	w.plain = w.namespace("") == ""
	w.frames = w.frames[:depth-1]
	if depth == 1 {
		w.phase = afterRoot
	}
}

// completed reports the compulsory children that never came.
func (w *walker) completed(f *frame, pos int) {
	depth := len(w.frames)
	for len(w.absent) > 0 {
		last := w.absent[len(w.absent)-1]
		if last.depth < depth {
			break
		}
		first := slices.IndexFunc(w.absent, func(a absent) bool { return a.depth >= depth })
		w.missing(f, w.absent[first].rank, w.absent[first].at)
		w.absent = slices.Delete(w.absent, first, first+1)
	}
	s := &w.m.states[f.state]
	if s.accepts {
		return
	}
	for _, rank := range f.node.skipped(s.at, len(f.node.children)) {
		w.missing(f, rank, w.at(pos))
	}
}

func (w *walker) missing(f *frame, rank int, at capture) {
	child := f.node.children[rank]
	kind := faultMissing
	if f.node == w.m.root {
		switch {
		case child.el == repartitionElement:
			kind = faultNoRepartition
			if w.lot == Suite || w.lot == EnteteSeule {
				w.res.allowed++
			}
		case w.lot == EnteteSeule && (child.el == donneesIndivElement || child.el == nomenclaturesElement):
			kind = faultMissingBlock
			w.res.allowed++
		}
	}
	if ex := w.exampleAt(kind, at); ex != nil {
		if kind != faultNoRepartition {
			ex.args = []any{child.name}
		}
		ex.attendu = child.name
		if child.el.choice != 0 {
			ex.attendu = otherBranch(f.node, child)
		}
	}
}

// otherBranch names both ways of a choice: "CodeEtab | BIC".
func otherBranch(n, child *node) string {
	for _, c := range n.children {
		if c.el.choice > child.el.choice {
			return child.name + " | " + c.name
		}
	}
	return child.name
}

// startTag judges an element: its name, its namespace, its place, its
// attributes and its value.
func (w *walker) startTag(t *token) error {
	bindings := len(w.scope)
	for _, a := range t.attrs {
		if err := w.attribute(a, t.start); err != nil {
			w.scope = w.scope[:bindings]
			return err
		}
	}
	w.plain = w.namespace("") == ""
	prefix, _, qualified := bytes.Cut(t.name, []byte(":"))
	uri, declared := "", true
	if qualified {
		uri, declared = w.lookup(string(prefix))
	} else {
		uri = w.namespace("")
	}
	f := frame{scope: bindings}
	if w.phase == beforeRoot {
		if string(t.local) != w.m.root.name {
			w.fault(faultRoot, t.start, clip(string(t.local)))
			w.stopped = true
			return nil
		}
		w.phase = inRoot
		f.node, f.state = w.m.root, w.m.root.first
		w.frames = append(w.frames, f)
		if uri != Namespace || !declared {
			if ex := w.example(faultRootNamespace, t.start); ex != nil {
				ex.trouve, ex.attendu = clip(uri), Namespace
			}
		}
	} else {
		w.place(t, &f)
		w.frames = append(w.frames, f)
		me := w.top()
		if me.node != nil && !me.qualified && (uri != "" || qualified) {
			me.qualified = true
			if ex := w.example(faultNamespace, t.start); ex != nil {
				ex.args, ex.trouve = []any{clip(string(t.name))}, clip(uri)
			}
		}
	}
	me := w.top()
	if me.node == nil || string(t.name) != me.node.name {
		me.written = string(t.name)
	}
	if me.node != nil {
		w.attributes(t, me.node)
		if me.node.leaf {
			w.leafValue(t, me.node)
		} else {
			w.began(me, t.start)
		}
	}
	if t.kind == tokEmpty {
		w.close(t.start)
	}
	return nil
}

// began is what enter does for a container that dash takes.
func (w *walker) began(f *frame, pos int) {
	nd := f.node
	if nd.build && len(w.frames) > 1 {
		f.val = w.build.enter(nd, w.frames[len(w.frames)-2].val)
	}
	switch {
	case nd.nature != nbNatures:
		w.fiche.beginLigne(nd.nature)
	case nd.fin == finBulletin:
		w.beginBulletin(pos)
	case nd.el == donneesIndivElement:
		w.beginGroupe()
	}
}

// place finds the node of an element by its local name, moves the state of its
// parent, and reports what is wrong with its place. A bulletin is recognised
// wherever it stands, so that a journal is judged to its end.
func (w *walker) place(t *token, f *frame) {
	parent := w.top()
	f.qualified = parent.qualified
	if parent.node == nil {
		if string(t.local) == bulletinElement.name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	nd := parent.node.child(t.local)
	if nd == nil {
		kind := faultUnknown
		if known(w.m, t.local) {
			kind = faultPlace
		}
		if ex := w.example(kind, t.start); ex != nil {
			ex.args, ex.attendu = []any{clip(string(t.local))}, w.expected(parent)
		}
		if string(t.local) == bulletinElement.name {
			f.node = w.bulletinNode()
			f.state = f.node.first
		}
		return
	}
	f.node, f.state = nd, nd.first
	if nd.el.only14 {
		w.seen14 = true
		if w.only12 {
			if ex := w.example(fault14, t.start); ex != nil {
				ex.args = []any{nd.name}
			}
		}
	}
	s := w.m.states[parent.state]
	to := parent.node.first + uint16(nd.rank+1)
	move := false
	switch {
	case slices.ContainsFunc(s.edges, func(e edge) bool { return e.node == nd }):
		move = true
	case nd.rank == s.at:
		w.misplaced(faultRepeated, t, parent)
	case nd.rank < s.at:
		kind := faultOrder
		for i, a := range w.absent {
			if a.depth == len(w.frames) && a.rank == nd.rank {
				w.absent = slices.Delete(w.absent, i, i+1)
				break
			}
		}
		if nd.el.choice != 0 && s.owner.el.children[s.at].choice > nd.el.choice {
			kind = faultChoice
		}
		w.misplaced(kind, t, parent)
	case s.at >= 0 && nd.el.choice != 0 && s.owner.el.children[s.at].choice != 0 && nd.el.choice != s.owner.el.children[s.at].choice:
		w.misplaced(faultChoice, t, parent)
	default:
		for _, rank := range s.owner.skipped(s.at, nd.rank) {
			w.absent = append(w.absent, absent{len(w.frames), rank, w.at(t.start)})
		}
		move = true
	}
	if move {
		if parent.state == to {
			parent.rep++
		} else {
			parent.rep = 1
		}
		parent.state = to
	}
	if nd.el.many {
		f.index = parent.rep
	}
}

func (w *walker) misplaced(kind fault, t *token, parent *frame) {
	if ex := w.example(kind, t.start); ex != nil {
		ex.args, ex.attendu = []any{clip(string(t.local))}, w.expected(parent)
	}
}

// expected lists what may come next: "Base | Taux | NbUnite | Mt".
func (w *walker) expected(f *frame) string {
	if f.node.leaf {
		return f.node.close
	}
	s := &w.m.states[f.state]
	var names []string
	for _, e := range s.edges {
		names = append(names, e.node.name)
	}
	if s.accepts {
		names = append(names, f.node.close)
	}
	return strings.Join(names, " | ")
}

func (w *walker) bulletinNode() *node {
	return w.m.root.child([]byte(donneesIndivElement.name)).child([]byte(bulletinElement.name))
}

// known reports whether the schema has an element of that name somewhere.
func known(m *machine, local []byte) bool {
	for _, n := range m.nodes {
		if n.name == string(local) {
			return true
		}
	}
	return false
}

// attributes reports the attributes that the schema does not have.
func (w *walker) attributes(t *token, nd *node) {
	if t.hasV && !nd.leaf {
		if ex := w.example(faultAttribute, t.start); ex != nil {
			ex.args = []any{"V"}
		}
	}
	for _, a := range t.attrs {
		name := a[0]
		if isDeclaration(name) || string(name) == "V" {
			continue
		}
		if prefix, local, ok := bytes.Cut(name, []byte(":")); ok {
			if uri, _ := w.lookup(string(prefix)); uri == xsiNamespace {
				switch string(local) {
				case "schemaLocation", "noNamespaceSchemaLocation":
					continue
				case "type":
					if w.sameType(nd, a[1]) {
						continue
					}
					fallthrough
				case "nil":
					if ex := w.example(faultXsi, t.start); ex != nil {
						ex.args = []any{clip(string(name))}
					}
					continue
				}
			}
		}
		if ex := w.example(faultAttribute, t.start); ex != nil {
			ex.args = []any{clip(string(name))}
		}
	}
}

// leafValue judges the value of a leaf whose tag stride has read.
func (w *walker) leafValue(t *token, nd *node) {
	if !t.hasV {
		if ex := w.example(faultNoV, t.start); ex != nil {
			ex.args = []any{nd.name}
		}
		return
	}
	start := len(w.arena)
	w.arena, _ = decodeValue(w.arena, w.scan.src[t.v0:t.v1], w.kind, &w.res.lies)
	w.judge(nd, w.arena[start:len(w.arena):len(w.arena)], t.v0)
}

// attribute refuses what cannot be an attribute, and binds the prefix of a
// declaration.
func (w *walker) attribute(a [2][]byte, pos int) error {
	if !w.nameOK(a[0]) {
		return &malformed{code: "XHL-002", pos: pos}
	}
	var lies int
	value, what := decodeValue(nil, a[1], w.kind, &lies)
	switch {
	case what == decodeEntity:
		return &malformed{code: "XHL-010", pos: pos}
	case what == decodeCharacter || !w.allowed(a[1]):
		return &malformed{code: "XHL-008", pos: pos}
	}
	if isDeclaration(a[0]) {
		w.bind(a[0], string(value))
	}
	return nil
}

// decode resolves the references of a text; ok is false when that was a fault,
// which it reports.
func (w *walker) decode(raw []byte, pos int) (value []byte, ok bool) {
	var lies int
	value, what := decodeValue(nil, raw, w.kind, &lies)
	switch {
	case what == decodeEntity:
		w.fault(faultEntity, pos)
		return nil, false
	case what == decodeCharacter || !w.allowed(raw):
		w.fault(faultCharacter, pos)
		return nil, false
	}
	return value, true
}

// allowed reports whether raw bytes are characters of XML in the encoding of
// the journal.
func (w *walker) allowed(raw []byte) bool {
	for i := 0; i < len(raw); {
		c := raw[i]
		switch {
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			return false
		case c < 0x80:
			i++
		case w.ascii:
			return false
		case w.kind == utf8Bytes:
			r, n := utf8.DecodeRune(raw[i:])
			if r == utf8.RuneError && n == 1 || !isChar(r) {
				return false
			}
			i += n
		case w.kind == cp1252Bytes && (c == 0x81 || c == 0x8D || c == 0x8F || c == 0x90 || c == 0x9D):
			return false
		default:
			i++
		}
	}
	return true
}

// nameOK reports whether raw bytes are a name of XML 1.0, fifth edition, with
// at most a prefix.
func (w *walker) nameOK(raw []byte) bool {
	if !w.allowed(raw) || len(raw) == 0 || raw[0] == ':' || raw[len(raw)-1] == ':' {
		return false
	}
	colon := bytes.IndexByte(raw, ':')
	for i := 0; i < len(raw); {
		r, n := rune(raw[i]), 1
		if r >= 0x80 && w.kind == utf8Bytes {
			r, n = utf8.DecodeRune(raw[i:])
		}
		if !(nameStart(r) || i > 0 && i != colon+1 && namePart(r)) {
			return false
		}
		i += n
	}
	return true
}

func nameStart(r rune) bool {
	switch {
	case r < 0x80:
		return r == ':' || r == '_' || r|0x20 >= 'a' && r|0x20 <= 'z'
	case r < 0x370:
		return r >= 0xC0 && r != 0xD7 && r != 0xF7 && r <= 0x2FF
	}
	return r != 0x37E && r <= 0x1FFF || r == 0x200C || r == 0x200D || r >= 0x2070 && r <= 0x218F || r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF || r >= 0xF900 && r <= 0xFDCF || r >= 0xFDF0 && r <= 0xFFFD || r >= 0x10000 && r <= 0xEFFFF
}

func namePart(r rune) bool {
	return r == '-' || r == '.' || r >= '0' && r <= '9' || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}
