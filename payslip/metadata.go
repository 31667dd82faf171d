package payslip

import (
	"encoding/binary"
	"time"
)

// producer is the program that a document says it comes from. It has no
// version: the same bulletin gives the same bytes from one release to the next
// as long as the layout stays.
const producer = "xhl"

// metadonnees are what a document says of itself: nothing that names the agent.
type metadonnees struct {
	titre, auteur string
	date          time.Time // of the payment; zero when unknown
}

// appendInfo appends the document information dictionary.
func (m *metadonnees) appendInfo(dst []byte) []byte {
	dst = append(dst, "<< /Title "...)
	dst = appendText(dst, m.titre)
	dst = append(dst, " /Author "...)
	dst = appendText(dst, m.auteur)
	dst = append(dst, " /Producer ("+producer+")"...)
	if !m.date.IsZero() {
		dst = append(dst, " /CreationDate (D:"...)
		dst = m.date.AppendFormat(dst, "20060102150405Z")
		dst = append(dst, ')')
	}
	return append(dst, " >>"...)
}

// appendXMP appends the same as an XMP packet (ISO 16684-1), with the claim of
// ISO 19005-2, 6.6.4.
func (m *metadonnees) appendXMP(dst []byte) []byte {
	dst = append(dst, "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">`+
		`<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance><dc:title><rdf:Alt><rdf:li xml:lang="x-default">`...)
	dst = appendXML(dst, m.titre)
	dst = append(dst, `</rdf:li></rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>`...)
	dst = appendXML(dst, m.auteur)
	dst = append(dst, `</rdf:li></rdf:Seq></dc:creator><pdf:Producer>`+producer+`</pdf:Producer>`...)
	if !m.date.IsZero() {
		dst = append(dst, "<xmp:CreateDate>"...)
		dst = m.date.AppendFormat(dst, time.RFC3339)
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

// profile is the ICC profile (ICC.1:2001-04) of the colours: the primaries of
// sRGB, adapted to D50, with a gamma of 2.2 for its curve.
func profile() []byte {
	text := func(s string) []byte { return append([]byte("text\x00\x00\x00\x00"), s+"\x00"...) }
	desc := func(s string) []byte {
		b := []byte("desc\x00\x00\x00\x00")
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
		b = append(b, s...)
		return append(b, make([]byte, 1+4+4+2+1+67)...) // no Unicode, no Macintosh name
	}
	xyz := func(x, y, z uint32) []byte {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range []uint32{x, y, z} {
			b = binary.BigEndian.AppendUint32(b, v) // s15Fixed16
		}
		return b
	}
	curve := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33") // u8Fixed8 2.2
	parts := []table{
		{"desc", desc("sRGB primaries, gamma 2.2")}, {"cprt", text("No copyright")}, {"wtpt", xyz(0xF6D6, 0x10000, 0xD32D)},
		{"rXYZ", xyz(0x6FA2, 0x38F5, 0x390)}, {"gXYZ", xyz(0x6299, 0xB785, 0x18DA)}, {"bXYZ", xyz(0x24A0, 0xF84, 0xB6CF)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	header := make([]byte, 128)
	copy(header[8:], "\x02\x10\x00\x00mntrRGB XYZ ")
	copy(header[24:], "\x07\xd0\x00\x01\x00\x01") // 1 January 2000
	copy(header[36:], "acsp")
	copy(header[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d") // D50
	out := binary.BigEndian.AppendUint32(header, uint32(len(parts)))
	at := len(out) + 12*len(parts)
	var body []byte
	for _, t := range parts {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}
