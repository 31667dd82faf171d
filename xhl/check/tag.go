package check

import (
	"bytes"
	"errors"

	"paye/internal/xmlr"
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// endTag closes the element that the tag names, and those in it that were
// left open.
func (w *walker) endTag(t *xmlr.Token) {
	at := len(w.frames) - 1
	for at >= 0 && w.frames[at].tagName() != string(t.Name) {
		at--
	}
	if at != len(w.frames)-1 {
		if ex := w.example(faultEndTag, t.Start); ex != nil {
			ex.args = []any{schema.Clip(string(t.Name)), schema.Clip(w.top().tagName())}
		}
		if at < 0 {
			return
		}
	}
	for len(w.frames) > at {
		w.close(t.Start)
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
func (w *walker) startTag(t *xmlr.Token) error {
	bindings := len(w.scope)
	var unread *xmlr.Fault // a value that cannot be read, of an element that is there
	for _, a := range t.Attrs {
		err := w.attribute(a, t.Start)
		var m *xmlr.Fault
		switch {
		case err == nil:
		case errors.As(err, &m) && m.Kind != xmlr.BadMarkup && w.phase == inRoot:
			unread = m
		default:
			w.scope = w.scope[:bindings]
			return err
		}
	}
	w.plain = w.namespace("") == ""
	prefix, _, qualified := bytes.Cut(t.Name, []byte(":"))
	uri, declared := "", true
	if qualified {
		uri, declared = w.lookup(string(prefix))
	} else {
		uri = w.namespace("")
	}
	f := frame{scope: bindings}
	if w.phase == beforeRoot {
		if string(t.Local) != w.m.root.name {
			w.fault(faultRoot, t.Start, schema.Clip(string(t.Local)))
			w.stopped = true
			return nil
		}
		w.phase = inRoot
		f.node, f.state = w.m.root, w.m.root.first
		w.frames = append(w.frames, f)
		if uri != schema.Namespace || !declared {
			if ex := w.example(faultRootNamespace, t.Start); ex != nil {
				ex.trouve, ex.attendu = schema.Clip(uri), schema.Namespace
			}
		}
	} else {
		w.place(t, &f)
		w.frames = append(w.frames, f)
		me := w.top()
		if me.node != nil && !me.qualified && (uri != "" || qualified) {
			me.qualified = true
			if ex := w.example(faultNamespace, t.Start); ex != nil {
				ex.args, ex.trouve = []any{schema.Clip(string(t.Name))}, schema.Clip(uri)
			}
		}
	}
	me := w.top()
	if me.node == nil || string(t.Name) != me.node.name {
		me.written = string(t.Name)
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
			w.began(me, t.Start)
		}
	}
	if t.Kind == xmlr.EmptyTag {
		w.close(t.Start)
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
	case nd.nature != xhl.NbNatures:
		w.fiche.beginLigne(nd.nature)
	case nd.fin == finBulletin:
		w.beginBulletin(pos)
	case nd.el == xhl.Table.DonneesIndiv:
		w.beginGroupe()
	}
}

// attributes reports the attributes that the schema does not have.
func (w *walker) attributes(t *xmlr.Token, nd *node) {
	if t.HasV && !nd.leaf {
		if ex := w.example(faultAttribute, t.Start); ex != nil {
			ex.args = []any{"V"}
		}
	}
	for _, a := range t.Attrs {
		name := a.Name
		if xmlr.IsDeclaration(name) || string(name) == "V" {
			continue
		}
		if prefix, local, ok := bytes.Cut(name, []byte(":")); ok {
			if uri, _ := w.lookup(string(prefix)); uri == xsiNamespace {
				switch string(local) {
				case "schemaLocation", "noNamespaceSchemaLocation":
					continue
				case "type":
					if w.sameType(nd, a.Raw) {
						continue
					}
					if w.sameType(nd, bytes.Trim(a.Raw, " \t\r\n")) {
						w.fault(faultTypeBlanks, t.Start, schema.Clip(string(name)))
						continue
					}
					fallthrough
				case "nil":
					if ex := w.example(faultXsi, t.Start); ex != nil {
						ex.args = []any{schema.Clip(string(name))}
					}
					continue
				}
			}
		}
		if ex := w.example(faultAttribute, t.Start); ex != nil {
			ex.args = []any{schema.Clip(string(name))}
		}
	}
}

// leafValue judges the value of a leaf whose tag stride has read.
func (w *walker) leafValue(t *xmlr.Token, nd *node) {
	if !t.HasV {
		if ex := w.example(faultNoV, t.Start); ex != nil {
			ex.args = []any{nd.name}
		}
		return
	}
	start := len(w.arena)
	w.arena, _ = xmlr.AppendValue(w.arena, w.scan.Src[t.V0:t.V1], w.charset, &w.res.lies)
	w.label(w.scan.Src[t.V0:t.V1])
	w.judge(nd, w.arena[start:len(w.arena):len(w.arena)], t.V0)
}

// attribute refuses what cannot be an attribute, and binds the prefix of a
// declaration.
func (w *walker) attribute(a xmlr.Attr, pos int) error {
	if !w.charset.QName(a.Name) {
		return &xmlr.Fault{Kind: xmlr.BadMarkup, Pos: pos}
	}
	var lies int
	value, what := xmlr.AppendValue(nil, a.Raw, w.charset, &lies)
	switch {
	case what == xmlr.ValueReference:
		return &xmlr.Fault{Kind: xmlr.BadReference, Pos: pos}
	case what == xmlr.ValueCharacter:
		return &xmlr.Fault{Kind: xmlr.BadCharacter, Pos: pos}
	}
	if i := w.charset.Invalid(a.Raw); i >= 0 {
		kind := xmlr.BadCharacter
		if w.freeByte(a.Raw[i]) {
			kind = xmlr.BadBytes
		}
		return &xmlr.Fault{Kind: kind, Pos: pos}
	}
	if xmlr.IsDeclaration(a.Name) {
		w.bind(a.Name, string(value), pos)
	}
	return nil
}
