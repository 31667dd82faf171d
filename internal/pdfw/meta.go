package pdfw

import "time"

// producer is the program that a document says it comes from. It has no
// version: the same bulletin gives the same bytes from one release to the next
// as long as the layout stays.
const producer = "xhl"

// Meta is what a document says of itself, to whoever looks at its properties.
type Meta struct {
	Title, Author string    // on one line, without control characters
	Language      string    // fr-FR when empty
	Date          time.Time // zero when unknown
}

func (m *Meta) language() string {
	if m.Language == "" {
		return "fr-FR"
	}
	return m.Language
}

// appendInfo appends the document information dictionary.
func (m *Meta) appendInfo(dst []byte) []byte {
	dst = append(dst, "<< /Title "...)
	dst = appendText(dst, m.Title)
	dst = append(dst, " /Author "...)
	dst = appendText(dst, m.Author)
	dst = append(dst, " /Producer ("+producer+")"...)
	if !m.Date.IsZero() {
		dst = append(dst, " /CreationDate (D:"...)
		dst = m.Date.AppendFormat(dst, "20060102150405Z")
		dst = append(dst, ')')
	}
	return append(dst, " >>"...)
}

// appendXMP appends the same as an XMP packet (ISO 16684-1), with the claim of
// ISO 19005-2, 6.6.4.
func (m *Meta) appendXMP(dst []byte) []byte {
	dst = append(dst, "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">`+
		`<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`...)
	dst = appendXML(dst, m.Title)
	dst = append(dst, `</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>`...)
	dst = appendXML(dst, m.Author)
	dst = append(dst, `</rdf:li></rdf:Seq></dc:creator><pdf:Producer>`+producer+`</pdf:Producer>`...)
	if !m.Date.IsZero() {
		dst = append(dst, "<xmp:CreateDate>"...)
		dst = m.Date.AppendFormat(dst, time.RFC3339)
		dst = append(dst, "</xmp:CreateDate>"...)
	}
	return append(dst, "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>"...)
}

// appendXML appends text; it was cleaned, so that it has no control characters.
func appendXML(dst []byte, s string) []byte {
	for i := range len(s) {
		switch s[i] {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		default:
			dst = append(dst, s[i])
		}
	}
	return dst
}
