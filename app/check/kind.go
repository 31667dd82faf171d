package check

import (
	"bytes"
	"fmt"

	"paye/internal/pdfx"
	"paye/pespj"
)

// Genre is what a file is, told by its content.
type Genre uint8

const (
	Inconnu   Genre = iota
	XHL             // a journal
	PES             // a PES_Aller
	Acquit          // a PES_ACQUIT, or one of its old forms
	Archive         // a zip
	gzippe          // one of the others inside a gzip member
	manifeste       // manifest.json
)

func (g Genre) String() string {
	return [...]string{Inconnu: "inconnu", XHL: "xhl", PES: "pes", Acquit: "ack", Archive: "zip", gzippe: "gzip", manifeste: "manifeste"}[g]
}

// tete is how much of a file is looked at to tell what it is.
const tete = 64 << 10

// racines are the root elements that have a judge.
var racines = []struct {
	nom   string
	genre Genre
}{
	{"DocumentPaye", XHL}, {"PES_Aller", PES},
	{"PES_ACQUIT", Acquit}, {"PES_ACK", Acquit}, {"pes_nonacquit", Acquit},
}

// genreDe tells what a file is from its first bytes, and names what was found
// when it is none of ours.
func genreDe(head []byte) (Genre, string) {
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		return gzippe, ""
	case bytes.HasPrefix(head, []byte("PK\x05\x06")), pdfx.Sniff(head) == pdfx.Zip:
		return Archive, ""
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return Inconnu, pdfx.PDF.String()
	}
	if nom, _, err := pespj.Root(bytes.NewReader(head), pespj.ReaderOptions{}); err == nil {
		for _, r := range racines {
			if nom == r.nom {
				return r.genre, ""
			}
		}
		return Inconnu, "<" + nom + ">"
	}
	// Malformed before its root, or with a DTD: its judge will say so, if the
	// name of the root can be seen, in any encoding that keeps ASCII letters.
	plain := bytes.ReplaceAll(head, []byte{0}, nil)
	if looksXML(plain) {
		for _, r := range racines {
			if bytes.Contains(plain, []byte(r.nom)) {
				return r.genre, ""
			}
		}
	}
	if t := pdfx.Sniff(head); t != pdfx.Unknown {
		return Inconnu, t.String()
	}
	return Inconnu, fmt.Sprintf("% X", head[:min(len(head), 8)])
}

func looksXML(head []byte) bool {
	return bytes.IndexByte(head[:min(len(head), 256)], '<') >= 0
}
