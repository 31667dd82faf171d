package pespj

import (
	"bytes"

	"paye/internal/lang"
)

// Old roots, seen in the code of platforms.
const (
	racineACK       = "PES_ACK"
	racineNonAcquit = "pes_nonacquit"
)

// headBytes is how far the root of an acquittal is looked for.
const headBytes = 4 << 10

// AnnouncesAcquit reports whether a file begins as an acknowledgment does, be it
// whole or not.
func AnnouncesAcquit(text []byte) bool {
	head := bytes.TrimLeft(text[:min(len(text), headBytes)], "\xEF\xBB\xBF \t\r\n")
	if !bytes.HasPrefix(head, []byte("<")) {
		return false
	}
	for _, root := range []string{racineAcquit.nom, racineACK, racineNonAcquit} {
		if bytes.Contains(head, []byte(root)) {
			return true
		}
	}
	return false
}

// Elsewhere is what an acquittal speaks of that names no piece and refuses no flux
// as a whole; nil for any other one. It answers a flux of mandats, titres or marchés.
func (a *Acquit) Elsewhere() *DomaineAck {
	if a.RefusGlobal {
		return nil
	}
	var found *DomaineAck
	for i := range a.Elements {
		if e := &a.Elements[i]; e.IdUnique != "" || e.DomaineAck == ackPJ {
			return nil
		}
		for j := range DomainesAck {
			if found == nil && DomainesAck[j].Code == a.Elements[i].DomaineAck {
				found = &DomainesAck[j]
			}
		}
	}
	return found
}

// What a file may be that is taken for an acquittal.
var (
	noXML     = lang.Text{FR: "ce n'est pas un XML", EN: "it is no XML"}
	badXML    = lang.Text{FR: "c'est un XML mal formé", EN: "it is an XML that is not well-formed"}
	otherRoot = lang.Text{FR: "sa racine est « %s »", EN: "its root is “%s”"}
)
