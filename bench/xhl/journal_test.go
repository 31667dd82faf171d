package xhl_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"paye/xhl"
)

var journalFlag = flag.String("journal", "../../testdata/exemple/journal.xhl", "journal to measure with, in ISO-8859-1 or UTF-8")

// corpus is one journal in the clothes that each implementation takes.
type corpus struct {
	journal       []byte // UTF-8
	entete        *xhl.Entete
	nomenclatures *xhl.Nomenclatures
	options       xhl.WriterOptions

	bulletins []*xhl.Bulletin
	trees     []*node
	payes     []payeIndivMensuel
}

// bulletinsOf loads the journal of the flag, once.
func bulletinsOf(tb testing.TB) *corpus {
	tb.Helper()
	c, err := loaded()
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

var loaded = sync.OnceValues(func() (*corpus, error) { return load(*journalFlag) })

func load(path string) (*corpus, error) {
	journal, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c := &corpus{}
	if c.journal, err = toUTF8(journal); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	r, err := xhl.NewReader(bytes.NewReader(c.journal), xhl.Options{})
	if err != nil {
		return nil, err
	}
	c.entete = r.Entete()
	c.options = xhl.WriterOptions{Charset: r.Encoding().Charset(), Compact: true}
	for b, err := range r.Bulletins() {
		if err != nil {
			return nil, err
		}
		c.bulletins = append(c.bulletins, b.Clone())
	}
	if c.nomenclatures, err = r.Nomenclatures(); err != nil {
		return nil, err
	}
	if c.nomenclatures == nil || len(c.bulletins) == 0 {
		return nil, fmt.Errorf("%s has no bulletins or no Nomenclatures", path)
	}
	if c.trees, err = bulletinTrees(c.journal); err != nil {
		return nil, err
	}
	c.payes = make([]payeIndivMensuel, len(c.bulletins))
	for i, b := range c.bulletins {
		if err := xml.Unmarshal(b.Lieu.Raw, &c.payes[i]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// toUTF8 rewrites the declaration too.
func toUTF8(journal []byte) ([]byte, error) {
	declaration, rest, ok := bytes.Cut(journal, []byte("?>"))
	switch {
	case !ok:
		return nil, errors.New("no XML declaration")
	case bytes.Contains(declaration, []byte(`"UTF-8"`)):
		return journal, nil
	case !bytes.Contains(declaration, []byte(`"ISO-8859-1"`)):
		return nil, errors.New("the journal is neither in UTF-8 nor in ISO-8859-1")
	}
	rest, err := charmap.ISO8859_1.NewDecoder().Bytes(rest)
	if err != nil {
		return nil, err
	}
	declaration = bytes.Replace(declaration, []byte(`"ISO-8859-1"`), []byte(`"UTF-8"`), 1)
	return append(append(declaration[:len(declaration):len(declaration)], "?>"...), rest...), nil
}

// node is an element of an XHL: it has either a value or children.
type node struct {
	name     string
	value    string
	leaf     bool
	children []*node
}

// bulletinTrees reads the bulletins of a document with encoding/xml.
func bulletinTrees(document []byte) ([]*node, error) {
	d := xml.NewDecoder(bytes.NewReader(document))
	var trees, open []*node
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			return trees, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(open) == 0 && t.Name.Local != "PayeIndivMensuel" {
				continue
			}
			n := &node{name: t.Name.Local}
			for _, a := range t.Attr {
				if a.Name.Local != "V" {
					return nil, fmt.Errorf("attribute %s of %s", a.Name.Local, n.name)
				}
				n.value, n.leaf = a.Value, true
			}
			if len(open) == 0 {
				trees = append(trees, n)
			} else {
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			}
			open = append(open, n)
		case xml.EndElement:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		}
	}
}

// difference says where two trees part; it is empty when they are the same.
func difference(got, want *node) string {
	switch {
	case got.name != want.name:
		return fmt.Sprintf("got %s, want %s", got.name, want.name)
	case got.leaf != want.leaf || got.value != want.value:
		return fmt.Sprintf("%s: got %q, want %q", got.name, got.value, want.value)
	case len(got.children) != len(want.children):
		return fmt.Sprintf("%s: got %d children (%s), want %d (%s)", got.name, len(got.children), names(got), len(want.children), names(want))
	}
	for i := range got.children {
		if d := difference(got.children[i], want.children[i]); d != "" {
			return got.name + "/" + d
		}
	}
	return ""
}

func names(n *node) string {
	var list []string
	for _, c := range n.children {
		list = append(list, c.name)
	}
	return strings.Join(list, " ")
}
