package xmlr

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// ianaNames are the charsets of one byte a character that extend ASCII, by the
// names that IANA has for them (Character Sets, registry of 2024-06-06), in
// capitals. The index of golang.org/x/text knows the same names, and brings the
// tables of Chinese, Japanese and Korean with it, half a megabyte that nothing
// here reads.
var ianaNames = namesByTable(map[*charmap.Charmap]string{
	charmap.CodePage437: "437 CP437 CSPC8CODEPAGE437 IBM437",
	charmap.CodePage850: "850 CP850 CSPC850MULTILINGUAL IBM850",
	charmap.CodePage852: "852 CP852 CSPCP852 IBM852",
	charmap.CodePage855: "855 CP855 CSIBM855 IBM855",
	charmap.CodePage858: "CCSID00858 CP00858 CSIBM00858 IBM00858 PC-MULTILINGUAL-850+EURO",
	charmap.CodePage860: "860 CP860 CSIBM860 IBM860",
	charmap.CodePage862: "862 CP862 CSPC862LATINHEBREW IBM862",
	charmap.CodePage863: "863 CP863 CSIBM863 IBM863",
	charmap.CodePage865: "865 CP865 CSIBM865 IBM865",
	charmap.CodePage866: "866 CP866 CSIBM866 IBM866",

	charmap.ISO8859_1:  "CP819 CSISOLATIN1 IBM819 ISO-8859-1 ISO-IR-100 ISO_8859-1 ISO_8859-1:1987 L1 LATIN1",
	charmap.ISO8859_2:  "CSISOLATIN2 ISO-8859-2 ISO-IR-101 ISO_8859-2 ISO_8859-2:1987 L2 LATIN2",
	charmap.ISO8859_3:  "CSISOLATIN3 ISO-8859-3 ISO-IR-109 ISO_8859-3 ISO_8859-3:1988 L3 LATIN3",
	charmap.ISO8859_4:  "CSISOLATIN4 ISO-8859-4 ISO-IR-110 ISO_8859-4 ISO_8859-4:1988 L4 LATIN4",
	charmap.ISO8859_5:  "CSISOLATINCYRILLIC CYRILLIC ISO-8859-5 ISO-IR-144 ISO_8859-5 ISO_8859-5:1988",
	charmap.ISO8859_6:  "ARABIC ASMO-708 CSISOLATINARABIC ECMA-114 ISO-8859-6 ISO-IR-127 ISO_8859-6 ISO_8859-6:1987",
	charmap.ISO8859_7:  "CSISOLATINGREEK ECMA-118 ELOT_928 GREEK GREEK8 ISO-8859-7 ISO-IR-126 ISO_8859-7 ISO_8859-7:1987",
	charmap.ISO8859_8:  "CSISOLATINHEBREW HEBREW ISO-8859-8 ISO-IR-138 ISO_8859-8 ISO_8859-8:1988",
	charmap.ISO8859_9:  "CSISOLATIN5 ISO-8859-9 ISO-IR-148 ISO_8859-9 ISO_8859-9:1989 L5 LATIN5",
	charmap.ISO8859_10: "CSISOLATIN6 ISO-8859-10 ISO-IR-157 ISO_8859-10:1992 L6 LATIN6",
	charmap.ISO8859_13: "CSISO885913 ISO-8859-13",
	charmap.ISO8859_14: "CSISO885914 ISO-8859-14 ISO-CELTIC ISO-IR-199 ISO_8859-14 ISO_8859-14:1998 L8 LATIN8",
	charmap.ISO8859_15: "CSISO885915 ISO-8859-15 ISO_8859-15 LATIN-9",
	charmap.ISO8859_16: "CSISO885916 ISO-8859-16 ISO-IR-226 ISO_8859-16 ISO_8859-16:2001 L10 LATIN10",

	charmap.KOI8R:     "CSKOI8R KOI8-R",
	charmap.KOI8U:     "CSKOI8U KOI8-U",
	charmap.Macintosh: "CSMACINTOSH MAC MACINTOSH",

	charmap.Windows874:  "CSWINDOWS874 WINDOWS-874",
	charmap.Windows1250: "CSWINDOWS1250 WINDOWS-1250",
	charmap.Windows1251: "CSWINDOWS1251 WINDOWS-1251",
	charmap.Windows1252: "CSWINDOWS1252 WINDOWS-1252",
	charmap.Windows1253: "CSWINDOWS1253 WINDOWS-1253",
	charmap.Windows1254: "CSWINDOWS1254 WINDOWS-1254",
	charmap.Windows1255: "CSWINDOWS1255 WINDOWS-1255",
	charmap.Windows1256: "CSWINDOWS1256 WINDOWS-1256",
	charmap.Windows1257: "CSWINDOWS1257 WINDOWS-1257",
	charmap.Windows1258: "CSWINDOWS1258 WINDOWS-1258",
})

func namesByTable(byTable map[*charmap.Charmap]string) map[string]*charmap.Charmap {
	names := make(map[string]*charmap.Charmap)
	for table, list := range byTable {
		for _, name := range strings.Fields(list) {
			names[name] = table
		}
	}
	return names
}
