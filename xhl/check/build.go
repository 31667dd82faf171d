package check

import (
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// builder makes the Go values of the head and of the end of a journal, by the
// table that the reader uses.
type builder struct {
	entete *xhl.Entete
	queue  xhl.Fin
	size   int
	over   bool // the values were too many to keep
}

// maxBuilt bounds the values that are kept, in bytes.
const maxBuilt = 16 << 20

// enter makes the value of a container; parent is that of the one around it,
// nil for the root.
func (b *builder) enter(nd *node, parent any) any {
	if b.grow(elementSize); b.over {
		return nil
	}
	switch {
	case nd.parent.parent != nil:
	case nd.el == xhl.Table.Nomenclatures || nd.el == xhl.Table.RepartitionParNature:
		parent = &b.queue
	default:
		parent = b.head()
	}
	if parent == nil {
		return nil
	}
	return nd.el.Add(parent)
}

// elementSize is about what a Go value takes besides its texts.
const elementSize = 64

func (b *builder) head() *xhl.Entete {
	if b.entete == nil {
		b.entete = new(xhl.Entete)
	}
	return b.entete
}

func (b *builder) leaf(nd *node, parent any, value []byte) {
	if b.grow(len(value)); b.over {
		return
	}
	if nd.parent.parent == nil {
		parent = b.head()
	}
	if parent == nil {
		return
	}
	if nd.el.Text != nil {
		*nd.el.Text(parent) = string(value)
		return
	}
	nd.el.Opt(parent).Put(string(value))
}

func (b *builder) grow(n int) {
	if b.size += n; b.size > maxBuilt {
		b.over = true
	}
}

// mois is the month of the journal, AAAA-MM, or "" when the head does not say
// it plainly.
func (b *builder) mois() string {
	if b.entete == nil || len(b.entete.Annee) != 4 || schema.CountDigits(b.entete.Annee) != 4 || !schema.Mois.Valid(b.entete.Mois) {
		return ""
	}
	mois := b.entete.Mois
	if len(mois) == 1 {
		mois = "0" + mois
	}
	return b.entete.Annee + "-" + mois
}

// empreinte hashes a Go value with what it holds, by the table.
func empreinte(e *schema.Element, v any) uint64 {
	h := hashBytes([]byte(e.Name))
	if v == nil {
		return h
	}
	for _, c := range e.Children {
		switch {
		case c.Text != nil:
			h = hashMix(h, hashBytes([]byte(*c.Text(v))))
		case c.Opt != nil:
			text, there := c.Opt(v).Get()
			h = hashMix(h, hashBytes([]byte(text)))
			if !there {
				h = hashMix(h, 1)
			}
		case c.At != nil:
			for child, cursor := c.At(v, 0); child != nil; child, cursor = c.At(v, cursor) {
				h = hashMix(h, empreinte(c, child))
			}
		}
	}
	return h
}
