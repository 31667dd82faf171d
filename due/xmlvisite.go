package due

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

const (
	maxXML   = 64 << 20 // bytes of one document
	maxDepth = 32
	maxText  = 4096 // characters of one value
)

// visiteur walks an XML document that may be hostile: no DTD, no entity but
// the five of XML, limits on size, depth and length of a value.
type visitor struct {
	fichier string
	// open is called at each start tag, close at each end tag with the text
	// that the element holds directly, trimmed. path is the local names from
	// the root; prefixes are the sender's choice and say nothing.
	open  func(path []string, attr []xml.Attr) error
	close func(path []string, text string) error

	dec *xml.Decoder
}

// refuses is an anomaly where the walk is.
func (v *visitor) refuses(code string, args ...any) error {
	line, _ := v.dec.InputPos()
	return Codes.New(code, args...).At(v.fichier, v.dec.InputOffset(), int64(line))
}

func (v *visitor) walk(r io.Reader) error {
	in := &io.LimitedReader{R: r, N: maxXML}
	v.dec = xml.NewDecoder(in)
	v.dec.CharsetReader = charsetReader
	var path []string
	var texts [][]byte
	roots := 0
	for {
		tok, err := v.dec.RawToken()
		if err == io.EOF && in.N > 0 && len(path) == 0 && roots == 1 {
			return nil
		}
		if err != nil {
			return v.failure(err, in)
		}
		switch t := tok.(type) {
		case xml.StartElement:
			if len(path) == 0 {
				roots++
			}
			if len(path) >= maxDepth || roots > 1 {
				return v.refuses("DUE-X02")
			}
			path = append(path, t.Name.Local)
			texts = append(texts, nil)
			if err := v.open(path, t.Attr); err != nil {
				return err
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != t.Name.Local {
				return v.refuses("DUE-X01")
			}
			last := len(path) - 1
			if err := v.close(path, strings.TrimSpace(string(texts[last]))); err != nil {
				return err
			}
			path, texts = path[:last], texts[:last]
		case xml.CharData:
			if len(path) == 0 {
				continue
			}
			text := &texts[len(texts)-1]
			if len(*text)+len(t) > maxText {
				return v.refuses("DUE-X02")
			}
			*text = append(*text, t...)
		case xml.Directive:
			return v.refuses("DUE-X03")
		}
	}
}

// failure tells a document that is not XML from a disk that fails.
func (v *visitor) failure(err error, in *io.LimitedReader) error {
	var syntax *xml.SyntaxError
	switch {
	case in.N <= 0:
		return v.refuses("DUE-X02")
	case err == io.EOF, errors.As(err, &syntax), errors.Is(err, errCharset):
		return v.refuses("DUE-X01")
	}
	return fmt.Errorf("read %s: %w", v.fichier, err)
}

var errCharset = errors.New("unknown charset")

func charsetReader(name string, r io.Reader) (io.Reader, error) {
	switch strings.ToLower(name) {
	case "iso-8859-1", "iso-8859-15", "windows-1252":
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	case "utf-8", "us-ascii":
		return r, nil
	}
	return nil, errCharset
}
