package pdfx

import (
	"bytes"
	"context"
	"io"
	"slices"

	"paye/internal/pdfx/cos"
)

// Features is what a document holds beside its pages. All of it is looked for
// in every object that some viewer may come upon, those of streams of objects
// and those that an update replaced included.
type Features struct {
	Signed      bool   // a signature, or a form that says it has one
	PDFA        string // the level that it claims, "1b"; "?" when only an output intent says so
	Form        bool
	Attachments bool
	JavaScript  bool
	XFA         bool     // a form of the XFA kind, which holds scripts of its own
	Actions     []string // what it does beside going to a page: Launch, SubmitForm, ImportData… in order
}

// Acts reports whether the document has an action of one of the kinds.
func (f Features) Acts(kind string) bool { return slices.Contains(f.Actions, kind) }

// Look opens a PDF of size bytes in r and says what it is and what it holds.
// Its errors are those of Inspect.
func Look(ctx context.Context, r io.ReaderAt, size int64) (Info, Features, error) {
	data, release, err := hold(ctx, r, size)
	if err != nil {
		return Info{}, Features{}, err
	}
	defer release()
	doc, err := open(data)
	if err != nil {
		return Info{}, Features{}, err
	}
	info, err := infoOf(doc)
	if err != nil {
		return Info{}, Features{}, err
	}
	f, err := featuresOf(doc)
	return info, f, err
}

// featuresOf looks at every object. A document that asks for too much work is
// unreadable: what it hides is not known.
func featuresOf(doc *cos.Document) (Features, error) {
	l := looker{doc: doc}
	l.object(doc.Trailer, 0)
	err := doc.Every(func(_ int, o cos.Object) bool {
		l.object(o, 0)
		return true
	})
	if err != nil {
		return Features{}, Codes.New(Illisible)
	}
	root := doc.Root()
	perms := doc.Get(root, "Perms")
	l.Signed = l.Signed || perms.Has("DocMDP") || perms.Has("UR3") || perms.Has("UR")
	form := doc.Get(root, "AcroForm")
	l.Form = doc.Get(form, "Fields").Len() > 0 || form.Has("XFA")
	l.PDFA = claim(doc, root)
	slices.Sort(l.Actions)
	return l.Features, nil
}

// looker gathers the features of a document.
type looker struct {
	Features
	doc *cos.Document
}

// maxLevels bounds how deep an object is looked into; the parser bounds it
// already.
const maxLevels = 512

func (l *looker) object(o cos.Object, depth int) {
	if depth > maxLevels {
		return
	}
	if !o.IsDict() {
		for _, item := range o.Items() {
			l.object(item, depth+1)
		}
		return
	}
	for key, value := range o.Entries() {
		l.entry(o, key, value)
		l.object(value, depth+1)
	}
}

// actions are the actions that do more than move about (12.6.4). What else
// stands under /S is none of them.
var actions = map[string]bool{"JavaScript": true, "Launch": true, "SubmitForm": true, "ImportData": true, "ResetForm": true,
	"GoToR": true, "GoToE": true, "Sound": true, "Movie": true, "Rendition": true, "RichMediaExecute": true}

// action looks at the value of /S, which may be a reference.
func (l *looker) action(s cos.Object) {
	kind := l.doc.Resolve(s).Name()
	if kind == "JavaScript" {
		l.JavaScript = true
	}
	if actions[kind] && !slices.Contains(l.Actions, kind) {
		l.Actions = append(l.Actions, kind)
	}
}

// entry looks at what a key alone tells.
func (l *looker) entry(o cos.Object, key string, value cos.Object) {
	switch key {
	case "S":
		l.action(value)
	case "XFA":
		l.XFA = true
	case "JS":
		switch l.doc.Resolve(value).Kind() {
		case cos.String, cos.Stream:
			l.JavaScript = true
		}
	case "ByteRange":
		l.Signed = l.Signed || l.doc.Resolve(value).Len() > 0
	case "SigFlags":
		flags, _ := l.doc.Resolve(value).Int()
		l.Signed = l.Signed || flags&1 == 1
	case "Type":
		switch l.doc.Resolve(value).Name() {
		case "Sig", "DocTimeStamp":
			l.Signed = l.Signed || o.Has("Contents")
		case "EmbeddedFile":
			l.Attachments = true
		}
	case "EmbeddedFiles":
		names := l.doc.Resolve(value)
		l.Attachments = l.Attachments || l.doc.Get(names, "Names").Len() > 0 || l.doc.Get(names, "Kids").Len() > 0
	case "EF":
		l.Attachments = l.Attachments || l.doc.Resolve(value).Len() > 0
	}
}

// maxXMP bounds the metadata of a document, in bytes.
const maxXMP = 4 << 20

// claim returns the level of PDF/A that the metadata of a document claim, or
// "?" when only its output intent is that of one.
func claim(doc *cos.Document, root cos.Object) string {
	xmp, _, _ := doc.Decode(doc.Get(root, "Metadata"), maxXMP)
	xmp = plain(xmp)
	if part := xmpValue(xmp, "pdfaid:part"); part != "" {
		return part + string(bytes.ToLower([]byte(xmpValue(xmp, "pdfaid:conformance"))))
	}
	if bytes.Contains(xmp, []byte("http://www.aiim.org/pdfa/ns/id")) {
		return "?"
	}
	for _, intent := range doc.Get(root, "OutputIntents").Items() {
		if doc.Get(doc.Resolve(intent), "S").IsName("GTS_PDFA1") {
			return "?"
		}
	}
	return ""
}

// plain turns the ASCII of UTF-16 metadata to UTF-8.
func plain(xmp []byte) []byte {
	if bytes.IndexByte(xmp[:min(len(xmp), 64)], 0) < 0 {
		return xmp
	}
	return bytes.ReplaceAll(xmp, []byte{0}, nil)
}

// xmpValue returns the value of a property, an attribute or an element.
func xmpValue(xmp []byte, property string) string {
	i := bytes.Index(xmp, []byte(property))
	if i < 0 {
		return ""
	}
	rest := bytes.TrimLeft(xmp[i+len(property):], "=\"'> \r\n\t")
	n := 0
	for n < len(rest) && n < 4 && (rest[n] >= '0' && rest[n] <= '9' || rest[n]|0x20 >= 'a' && rest[n]|0x20 <= 'z') {
		n++
	}
	return string(rest[:n])
}
