package pdfx

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf8"
)

// Type is a format of document.
type Type uint8

const (
	Unknown Type = iota
	PDF
	ODT
	ODS
	DOCX
	XLSX
	RTF
	PNG
	JPEG
	TIFF
	OLE // doc, xls: the office formats before 2007
	Zip
	XML
	HTML
	Text
)

var formats = [...]struct{ name, mime, ext string }{
	Unknown: {"", "application/octet-stream", ""},
	PDF:     {"PDF", "application/pdf", ".pdf"},
	ODT:     {"OpenDocument", "application/vnd.oasis.opendocument.text", ".odt"},
	ODS:     {"OpenDocument", "application/vnd.oasis.opendocument.spreadsheet", ".ods"},
	DOCX:    {"Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
	XLSX:    {"Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
	RTF:     {"RTF", "application/rtf", ".rtf"},
	PNG:     {"PNG", "image/png", ".png"},
	JPEG:    {"JPEG", "image/jpeg", ".jpg"},
	TIFF:    {"TIFF", "image/tiff", ".tif"},
	OLE:     {"Word 97", "application/msword", ".doc"},
	Zip:     {"zip", "application/zip", ".zip"},
	XML:     {"XML", "application/xml", ".xml"},
	HTML:    {"HTML", "text/html", ".html"},
	Text:    {"TXT", "text/plain", ".txt"},
}

func (t Type) String() string { return formats[t].name }

// MIME is the media type.
func (t Type) MIME() string { return formats[t].mime }

// Extension is the usual one, with its dot; empty when the type is unknown.
func (t Type) Extension() string { return formats[t].ext }

// SniffSize is how many of the first bytes of a file Sniff wants.
const SniffSize = 4096

// Sniff tells the type of a document from its first bytes.
func Sniff(head []byte) Type {
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(head, []byte("{\\rtf")):
		return RTF
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")):
		return JPEG
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		return TIFF
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return OLE
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return sniffZip(head) // which may hold a PDF near its beginning
	case bytes.HasPrefix(head, []byte("PK00PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x07\x08PK\x03\x04")):
		return sniffZip(head[4:]) // after the mark of an archive that was to be split, APPNOTE 8.5
	case bytes.Contains(head[:min(len(head), 1024)], []byte("%PDF-")): // ISO 32000-1, annex H.3.4.1
		return PDF
	case len(head) == 0:
		return Unknown
	}
	text := bytes.TrimPrefix(head, []byte("\uFEFF"))
	if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("<?xml")) {
		return XML
	}
	if isHTML(text) {
		return HTML
	}
	if isText(text) {
		return Text
	}
	return Unknown
}

// sniffZip tells the office formats by the names of the entries that come
// first in them, read from their local headers (APPNOTE 4.3.7).
func sniffZip(head []byte) Type {
	const header = 30 // bytes before the name
	office := false
	for entry := head; ; {
		if len(entry) < header {
			break
		}
		n := int(binary.LittleEndian.Uint16(entry[26:]))
		extra := int(binary.LittleEndian.Uint16(entry[28:]))
		name := entry[header:min(header+n, len(entry))]
		content := entry[min(header+n+extra, len(entry)):]
		switch {
		case string(name) == "mimetype" && bytes.HasPrefix(content, []byte(formats[ODT].mime)):
			return ODT
		case string(name) == "mimetype" && bytes.HasPrefix(content, []byte(formats[ODS].mime)):
			return ODS
		case bytes.HasPrefix(name, []byte("word/")):
			return DOCX
		case bytes.HasPrefix(name, []byte("xl/")):
			return XLSX
		case string(name) == "[Content_Types].xml":
			office = true
		}
		next := bytes.Index(content, []byte("PK\x03\x04"))
		if next < 0 {
			break
		}
		entry = content[next:]
	}
	if office {
		return DOCX // whose other entries are farther: it is the usual one
	}
	return Zip
}

// isHTML tells a page of the web, as servers give one in the place of a
// document that they do not give.
func isHTML(text []byte) bool {
	start := bytes.ToLower(bytes.TrimLeft(text[:min(len(text), 256)], " \t\r\n"))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// isText accepts UTF-8 without control characters; the last rune may be cut.
func isText(head []byte) bool {
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 && i+utf8.UTFMax <= len(head) {
			return false
		}
		if r < ' ' && !strings.ContainsRune("\t\r\n\f", r) {
			return false
		}
		i += n
	}
	return true
}

// Matches reports whether a file name has an extension of the type.
func (t Type) Matches(ext string) bool {
	ext = strings.ToLower(ext)
	switch t {
	case Unknown, Zip, Text, XML:
		return true // many formats are made of these
	case HTML:
		return ext == ".html" || ext == ".htm"
	case JPEG:
		return ext == ".jpg" || ext == ".jpeg"
	case TIFF:
		return ext == ".tif" || ext == ".tiff"
	case OLE:
		return ext == ".doc" || ext == ".xls" || ext == ".msg"
	}
	return ext == t.Extension()
}
