//go:build !js

package pespj

import (
	"bytes"

	"paye/internal/lang"
)

var (
	isArchive = lang.Text{FR: "c'est une archive ; donnez les fichiers qui sont dedans", EN: "it is an archive; give the files that are in it"}
	isPage    = lang.Text{FR: "c'est une page web, comme celle où une plateforme demande de s'identifier", EN: "it is a web page, such as the one where a platform asks to sign in"}
)

// isDepot is what a platform says of a deposit.
var isDepot = lang.Text{FR: "c'est ce que la plateforme dit d'un dépôt ou de son état, pas ce qu'en dit Hélios", EN: "it is what the platform says of a deposit or of its state, not what Hélios says of it"}

// kind is what a file is that begins in a way, or has a root.
type kind struct {
	sign string
	text *lang.Text
}

// roots are those of documents that are taken for an acquittal.
var roots = [...]kind{
	{"PES_Retour", &lang.Text{FR: "c'est un PES Retour, où le comptable rend compte des titres, des mandats et des paiements", EN: "it is a PES Retour, in which the accountant reports on titres, mandats and payments"}},
	{"PES_Aller", &lang.Text{FR: "c'est un flux PES Aller, que l'on envoie ; sa réponse est attendue", EN: "it is a PES Aller flux, which one sends; the answer to it is expected"}},
	{"DocumentPaye", &lang.Text{FR: "c'est un journal de paye XHL", EN: "it is an XHL payroll journal"}},
	{"html", &isPage}, {"HTML", &isPage}, {"import", &isDepot}, {"transaction", &isDepot},
	{"ARActe", &lang.Text{FR: "c'est un accusé de réception du contrôle de légalité (ACTES)", EN: "it is a receipt of the control of legality (ACTES)"}},
}

// signs are the first bytes, in small letters, of what cannot be an acquittal, and of
// what may be one: a mark of UTF-16, markup.
var signs = [...]kind{
	{"pk\x03\x04", &isArchive}, {"\x1F\x8B", &isArchive}, {"<!doctype html", &isPage}, {"<html", &isPage}, {"<", nil}, {"\xFE\xFF", nil}, {"\xFF\xFE", nil},
}

// kindOf says what a document with another root is.
func kindOf(root string) lang.Phrase {
	for i := range roots {
		if roots[i].sign == root {
			return roots[i].text.With()
		}
	}
	return otherRoot.With(string(clip([]byte(root))))
}

// foreign says what a file is that cannot be an acquittal, by its first bytes; nil
// where it may be one.
func foreign(raw []byte) *lang.Text {
	head := bytes.TrimLeft(raw[:min(len(raw), headBytes)], "\xEF\xBB\xBF \t\r\n")
	for i := range signs {
		if n := len(signs[i].sign); len(head) >= n && asciiLower(head[:n]) == signs[i].sign {
			return signs[i].text
		}
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return nil // UTF-16 without a mark
	}
	return &noXML
}

// asciiLower is b with the letters of ASCII made small, no other byte.
func asciiLower(b []byte) string {
	small := make([]byte, len(b))
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		small[i] = c
	}
	return string(small)
}

// rootOf is the name of the root, without its prefix, of a document that is too long
// to be read; "" where its first bytes do not show it.
func rootOf(raw []byte) string {
	head := raw[:min(len(raw), headBytes)]
	for {
		_, rest, found := bytes.Cut(head, []byte("<"))
		end := ">"
		switch {
		case !found:
			return ""
		case bytes.HasPrefix(rest, []byte("?")):
			end = "?>"
		case bytes.HasPrefix(rest, []byte("!--")):
			end = "-->"
		case !bytes.HasPrefix(rest, []byte("!")):
			name := rest[:max(bytes.IndexAny(rest, " \t\r\n/>"), 0)]
			return string(name[bytes.IndexByte(name, ':')+1:])
		}
		_, head, _ = bytes.Cut(rest, []byte(end))
	}
}
