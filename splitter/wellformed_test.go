package splitter

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"

	"paye/xhl"
)

// shards are what careless tools leave in a file.
var shards = []string{
	"&", "&amp;", "&eacute;", "&#1;", "&#233;", "&#xFFFE;", "]]>", "<![CDATA[&]]>", "<!-- - -->", "<!-- -- -->", "<?x y?>", "<?xml version=\"1.0\"?>",
	"<", ">", "/", "\"", "'", " ", "\n", "\x00", "\x01", "\x7f", "\x81", "\x81", "\x85", "\xe9", "\xc3\xa9", "\xef\xbf\xbf", "\xed\xa0\x80",
	"<a>", "</a>", "<a/>", "<1/>", "<a:b:c/>", "<é/>", "<a b='&x;'/>", " c=\"1\"", " V=\"2\"", " V='&lt;'", "x", "</DonneesIndiv>", "<Etablissement>", "</n:DocumentPaye>",
}

// mutated changes a document at some places.
func mutated(doc []byte, rng *rand.Rand) []byte {
	doc = slices.Clone(doc)
	for range 1 + rng.IntN(2) {
		at := rng.IntN(len(doc))
		if rng.IntN(2) == 0 { // near a bracket
			if n := bytes.IndexAny(doc[at:], "<>"); n >= 0 {
				at += n + rng.IntN(2)
			}
		}
		switch rng.IntN(4) {
		case 0: // a byte less
			if at < len(doc) {
				doc = slices.Delete(doc, at, at+1)
			}
		case 1: // some bytes twice
			to := min(len(doc), at+1+rng.IntN(30))
			doc = slices.Insert(doc, at, slices.Clone(doc[at:to])...)
		default:
			doc = slices.Insert(doc, at, []byte(shards[rng.IntN(len(shards))])...)
		}
	}
	return doc
}

// TestWhatIsReadIsWellFormed lets xmllint judge what was read of journals that
// were spoiled at some places.
func TestWhatIsReadIsWellFormed(t *testing.T) {
	judge, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	tries := 1200
	if os.Getenv("XHL_FULL") != "" {
		tries = 20_000
	}
	rng := rand.New(rand.NewPCG(18, 5))
	latin := book(2, 2, rng, func(int) []string { return []string{"A1"} })
	latin = bytes.Replace(latin, []byte("<n:DocumentPaye"), []byte("<?p q?><!-- c -->\n<n:DocumentPaye"), 1)
	docs := [][]byte{latin}
	for _, name := range []string{"UTF-8", "US-ASCII", "ISO-8859-15", "windows-1252"} {
		docs = append(docs, bytes.Replace(latin, []byte("ISO-8859-1"), []byte(name), 1))
	}
	taken := 0
	for try := range tries {
		doc := mutated(docs[try%len(docs)], rng)
		r, err := NewReading(bytes.NewReader(doc), ReadOptions{Journal: xhl.Options{}, Workers: 1, Spool: t.TempDir()})
		if err != nil {
			continue
		}
		l, err := r.Livre(context.Background(), nil)
		if err != nil {
			continue
		}
		l.Close()
		taken++
		lint := exec.Command(judge, "--noout", "--nonet", "-")
		lint.Stdin = bytes.NewReader(doc)
		if out, err := lint.CombinedOutput(); err != nil {
			t.Fatalf("%v was read\n%s\n%q", err, out, doc)
		}
	}
	if taken < tries/8 || taken > tries*7/8 {
		t.Errorf("%d of %d were read: most mutations say nothing", taken, tries)
	}
}
