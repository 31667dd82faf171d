package xmlr

import (
	"regexp"
	"strings"
	"sync"

	"golang.org/x/text/encoding/charmap"
)

// names are the charsets that are asked for by name most often.
var names = map[string]*Charset{
	"": UTF8, "UTF-8": UTF8, "UTF8": UTF8,
	"US-ASCII": ASCII, "ASCII": ASCII,
	"ISO-8859-1": Latin1, "ISO_8859-1": Latin1, "ISO8859-1": Latin1, "LATIN1": Latin1, "ISO-LATIN-1": Latin1, "L1": Latin1,
	"WINDOWS-1252": Windows1252, "CP1252": Windows1252,
}

// CharsetOf knows more names than the index of IANA: iconv of glibc, which
// libxml2 asks, and the JDK write the same charsets in many ways.
var (
	isoName   = regexp.MustCompile(`^(?:X-)?ISO[-_]?8859[-_]?([1-9][0-9]?)(?:_FDIS)?$`)
	latinName = regexp.MustCompile(`^(?:L|LATIN[-_]?|CSISOLATIN)([0-9]|10)$`)
	pageName  = regexp.MustCompile(`^(?:X-)?(?:WINDOWS|CP|IBM|MS)[-_]?0*([1-9][0-9]{2,3})$`)
)

// latins are the parts of ISO 8859 that the Latin alphabets are.
var latins = map[string]string{"0": "15", "1": "1", "2": "2", "3": "3", "4": "4", "5": "9", "6": "10", "7": "13", "8": "14", "9": "15", "10": "16"}

// pages are the code pages of other makers' charsets.
var pages = map[string]string{"819": "ISO-8859-1", "912": "ISO-8859-2", "913": "ISO-8859-3", "914": "ISO-8859-4", "915": "ISO-8859-5",
	"920": "ISO-8859-9", "923": "ISO-8859-15", "858": "IBM00858"}

// canonical is the name of IANA for a name in capitals.
func canonical(name string) string {
	if m := isoName.FindStringSubmatch(name); m != nil {
		return "ISO-8859-" + m[1]
	}
	if m := latinName.FindStringSubmatch(name); m != nil {
		return "ISO-8859-" + latins[m[1]]
	}
	if m := pageName.FindStringSubmatch(name); m != nil {
		switch page := m[1]; {
		case pages[page] != "":
			return pages[page]
		case len(page) == 4 && page[:3] == "125":
			return "WINDOWS-" + page
		case len(page) == 3:
			return "IBM" + page
		}
	}
	if name == "MS-ANSI" {
		return "WINDOWS-1252"
	}
	return name
}

// tables holds the charsets that were made from a table of charmap, by it.
var tables sync.Map

// CharsetOf returns the charset of a name, in any case; false when it is not
// known or does not extend ASCII byte by byte.
func CharsetOf(name string) (*Charset, bool) {
	upper := strings.ToUpper(name)
	if c := names[upper]; c != nil {
		return c, true
	}
	table := ianaNames[canonical(upper)]
	if table == nil {
		return nil, false
	}
	switch table {
	case charmap.ISO8859_1:
		return Latin1, true
	case charmap.Windows1252:
		return Windows1252, true
	}
	if c, made := tables.Load(table); made {
		return c.(*Charset), true
	}
	c, _ := tables.LoadOrStore(table, newCharset(table, strings.HasPrefix(table.String(), "ISO")))
	return c.(*Charset), true
}
