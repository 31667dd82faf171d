package xmlr

import (
	"os/exec"
	"strings"
	"testing"
)

// namesSeen are names of encodings that iconv of glibc and the JDK were seen to
// read, with what the bytes E9 and A4 are in them.
var namesSeen = map[string]string{
	"ISO-8859-1": "é¤", "iso8859_1": "é¤", "ISO8859_1": "é¤", "ISO88591": "é¤", "ISO_8859_1": "é¤", "Latin-1": "é¤", "latin1": "é¤", "l1": "é¤",
	"CP819": "é¤", "IBM-819": "é¤", "IBM819": "é¤", "8859_1": "",
	"ISO-8859-15": "é€", "ISO8859_15": "é€", "ISO885915": "é€", "ISO8859_15_FDIS": "é€", "Latin-9": "é€", "L9": "é€", "LATIN0": "é€", "csISOlatin9": "é€",
	"CP923": "é€", "IBM-923": "é€",
	"windows-1252": "é¤", "windows1252": "é¤", "Cp1252": "é¤", "ibm-1252": "é¤", "MS-ANSI": "é¤",
	"CP1250": "é¤", "cp1254": "é¤", "ISO8859_9": "é¤", "ISO8859-2": "é¤", "Cp850": "Úñ", "IBM850": "Úñ", "cp437": "Θñ",
	"EBCDIC-FR": "", "IBM037": "", "UTF-16": "", "Shift_JIS": "", "ISO-8859-99": "", "latin": "",
}

func TestNamesOfCharsetsAreThoseThatOthersRead(t *testing.T) {
	for name, want := range namesSeen {
		c, known := CharsetOf(name)
		if !known {
			if want != "" {
				t.Errorf("%s is not known", name)
			}
			continue
		}
		if got := string(c.AppendUTF8(nil, []byte{0xE9, 0xA4})); got != want {
			t.Errorf("%s: E9 A4 is %q, want %q", name, got, want)
		}
	}
}

// TestTablesAreThoseOfLibxml2 reads every high byte of each charset with
// xmllint.
func TestTablesAreThoseOfLibxml2(t *testing.T) {
	tool, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is absent: its tables cannot be compared")
	}
	for _, name := range []string{"ISO-8859-1", "ISO-8859-15", "windows-1252", "ISO8859_9", "CP850"} {
		c, _ := CharsetOf(name)
		var doc, want strings.Builder
		doc.WriteString(`<?xml version="1.0" encoding="` + name + `"?><a V="`)
		for b := 0x80; b < 0x100; b++ {
			if _, size := c.Rune([]byte{byte(b)}); size > 0 {
				doc.WriteByte(byte(b))
				want.Write(c.AppendUTF8(nil, []byte{byte(b)}))
			}
		}
		doc.WriteString(`"/>`)
		cmd := exec.Command(tool, "--encode", "UTF-8", "-")
		cmd.Stdin = strings.NewReader(doc.String())
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, value, _ := strings.Cut(string(out), `V="`)
		value, _, _ = strings.Cut(value, `"`)
		if value != want.String() {
			t.Errorf("%s: libxml2 reads %q, we read %q", name, value, want.String())
		}
	}
}
