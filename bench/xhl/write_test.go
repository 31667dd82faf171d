package xhl_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"testing"

	"github.com/beevik/etree"

	"paye/xhl"
)

// writers write the bulletins of a corpus, without line breaks. xhl-writer
// makes the whole journal: head, code lists and totals by nature as well. Ours
// also judge every value by the schema, which the rivals do not.
var writers = []struct {
	impl  string
	write func(io.Writer, *corpus) error
}{
	{"xhl-encoder", writeEncoder},
	{"xhl-writer", writeWriter},
	{"encoding-xml-structs", writeStructs},
	{"encoding-xml-tokens", writeTokens},
	{"etree", writeEtree},
}

func TestEveryWriterWritesTheSameBulletins(t *testing.T) {
	c := bulletinsOf(t)
	for _, w := range writers {
		t.Run(w.impl, func(t *testing.T) {
			if size := checkWriter(t, c, w.write); size == 0 {
				t.Error("nothing was written")
			}
		})
	}
}

// BenchmarkWrite counts, for every implementation, the bytes that xhl-encoder
// writes: an element without content takes more in the manner of encoding/xml,
// which would otherwise count as work.
func BenchmarkWrite(b *testing.B) {
	c := bulletinsOf(b)
	size := checkWriter(b, c, writeEncoder)
	for _, w := range writers {
		checkWriter(b, c, w.write)
		b.Run("impl="+w.impl, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if err := w.write(io.Discard, c); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(c.bulletins)), "bulletins/op")
		})
	}
}

// checkWriter reads back what write writes and returns its size in bytes.
func checkWriter(tb testing.TB, c *corpus, write func(io.Writer, *corpus) error) int64 {
	tb.Helper()
	var out bytes.Buffer
	if err := write(&out, c); err != nil {
		tb.Fatal(err)
	}
	got, err := bulletinTrees(out.Bytes())
	if err != nil {
		tb.Fatalf("read back: %v", err)
	}
	if len(got) != len(c.trees) {
		tb.Fatalf("got %d bulletins, want %d", len(got), len(c.trees))
	}
	for i := range got {
		if d := difference(got[i], c.trees[i]); d != "" {
			tb.Fatalf("bulletin %d: %s", i, d)
		}
	}
	return int64(out.Len())
}

func writeEncoder(w io.Writer, c *corpus) error {
	const flush = 256 << 10
	enc := xhl.NewBulletinEncoder(c.options)
	buf := make([]byte, 0, flush+64<<10)
	for _, b := range c.bulletins {
		var err error
		if buf, err = enc.Append(buf, b); err != nil {
			return err
		}
		if len(buf) >= flush {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(buf)
	return err
}

func writeWriter(out io.Writer, c *corpus) error {
	w := xhl.NewWriter(out, c.options)
	if err := w.WriteEntete(c.entete); err != nil {
		return err
	}
	groupe := -1
	for _, b := range c.bulletins {
		if b.Lieu.Groupe != groupe {
			groupe = b.Lieu.Groupe
			if err := w.BeginGroupe(b.Lieu.Etablissement); err != nil {
				return err
			}
		}
		if err := w.WriteBulletin(b); err != nil {
			return err
		}
	}
	if err := w.WriteNomenclatures(c.nomenclatures); err != nil {
		return err
	}
	return w.Close()
}

func writeStructs(w io.Writer, c *corpus) error {
	enc := xml.NewEncoder(w)
	for i := range c.payes {
		if err := enc.Encode(&c.payes[i]); err != nil {
			return err
		}
	}
	return enc.Close()
}

func writeTokens(w io.Writer, c *corpus) error {
	enc := xml.NewEncoder(w)
	for _, n := range c.trees {
		if err := encodeTokens(enc, n, make([]xml.Attr, 1)); err != nil {
			return err
		}
	}
	return enc.Close()
}

// encodeTokens uses attr again for every element, as a program in a hurry would.
func encodeTokens(enc *xml.Encoder, n *node, attr []xml.Attr) error {
	start := xml.StartElement{Name: xml.Name{Local: n.name}}
	if n.leaf {
		attr[0] = xml.Attr{Name: xml.Name{Local: "V"}, Value: n.value}
		start.Attr = attr
	}
	if err := enc.EncodeToken(start); err != nil {
		return err
	}
	for _, child := range n.children {
		if err := encodeTokens(enc, child, attr); err != nil {
			return err
		}
	}
	return enc.EncodeToken(start.End())
}

// writeEtree makes a document a bulletin: one for the whole journal would be
// slower still.
func writeEtree(w io.Writer, c *corpus) error {
	for _, n := range c.trees {
		doc := etree.NewDocument()
		addEtree(doc.CreateElement(n.name), n)
		if _, err := doc.WriteTo(w); err != nil {
			return err
		}
	}
	return nil
}

func addEtree(e *etree.Element, n *node) {
	if n.leaf {
		e.CreateAttr("V", n.value)
	}
	for _, child := range n.children {
		addEtree(e.CreateElement(child.name), child)
	}
}
