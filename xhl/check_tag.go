package xhl

import (
	"bytes"
	"errors"
)

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

// startTag judges an element: its name, its namespace, its place, its
// attributes and its value.
func (w *walker) startTag(t *token) error {
	bindings := len(w.scope)
	var unread *malformed // a value that cannot be read, of an element that is there
	for _, a := range t.attrs {
		err := w.attribute(a, t.start)
		var m *malformed
		switch {
		case err == nil:
		case errors.As(err, &m) && m.code != "XHL-002" && w.phase == inRoot:
			unread = m
		default:
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
	if unread != nil {
		w.malformed(unread)
	}
	if me.node != nil {
		w.attributes(t, me.node)
		switch {
		case me.node.leaf && unread != nil:
		case me.node.leaf:
			w.leafValue(t, me.node)
		default:
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
