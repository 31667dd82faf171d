package pespj

import (
	"strings"
	"testing"

	"paye/internal/anomalie"
	"paye/internal/lang"
)

func TestWhatIsNoAcquitIsToldWhatItIs(t *testing.T) {
	const xml = `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n"
	for name, tc := range map[string]struct{ text, says string }{
		"PES Retour":         {xml + `<n:PES_Retour xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour"><Enveloppe/></n:PES_Retour>`, "a PES Retour"},
		"the flux itself":    {xml + `<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"/>`, "a PES Aller"},
		"journal":            {xml + `<DocumentPaye/>`, "an XHL payroll journal"},
		"answer to deposit":  {xml + `<import><id>1</id><resultat>OK</resultat></import>`, "what the platform says of a deposit"},
		"receipt of ACTES":   {xml + `<actes:ARActe xmlns:actes="x"/>`, "(ACTES)"},
		"another root":       {xml + `<ARR/>`, "its root is “ARR”"},
		"page":               {"\r\n<!DOCTYPE html><html><br></html>", "a web page"},
		"archive":            {"PK\x03\x04 and so on", "an archive"},
		"gzip":               {"\x1F\x8B\x08", "an archive"},
		"text":               {"bonjour", "it is no XML"},
		"nothing":            {"", "it is no XML"},
		"XML that breaks":    {xml + `<n:PES_ACQUIT xmlns:n="x"><ACQUIT></n:PES_ACQUIT>`, "not well-formed"},
		"a very long one":    {xml + `<n:PES_Retour xmlns:n="x">` + strings.Repeat(" ", 1<<10) + `</n:PES_Retour>`, "a PES Retour"},
		"a very long flux":   {xml + `<n:PES_Aller xmlns:n="x">` + strings.Repeat(" ", 8<<10) + `</n:PES_Aller>`, "a PES Aller"},
		"a comment before":   {xml + `<!-- PES_ACQUIT --><n:PES_Retour xmlns:n="x"/>`, "a PES Retour"},
		"UTF-16, no mistake": {"\xFF\xFE<\x00P\x00E\x00S\x00_\x00R\x00e\x00t\x00o\x00u\x00r\x00/\x00>\x00", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadAcquit(strings.NewReader(tc.text), ReaderOptions{Limites: Limites{Acquit: 4 << 10}})
			a := anomalie.As(err)
			if tc.says == "" {
				if a == nil || strings.Contains(a.Message(lang.English), "no XML") {
					t.Errorf("%v", err)
				}
				return
			}
			if a == nil || a.Code != codeAckIllisible || !strings.Contains(a.Message(lang.English), tc.says) || !strings.Contains(a.Aide(lang.French), "PES_ACQUIT") {
				t.Errorf("%v, want %s and %q", err, codeAckIllisible, tc.says)
			}
		})
	}
	texts := []*lang.Text{&noXML, &badXML, &otherRoot}
	for _, k := range append(roots[:], signs[:]...) {
		if k.text != nil {
			texts = append(texts, k.text)
		}
	}
	for _, text := range texts {
		if err := text.Verify(); err != nil {
			t.Error(err)
		}
	}
}

func TestAcquitOfMandatsSaysWhatItSpeaksOf(t *testing.T) {
	one := func(elements string) *Acquit {
		return readAcquit(t, `<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2"><ACQUIT>`+elements+`</ACQUIT></n:PES_ACQUIT>`)
	}
	const mandat, piece = `<ElementACQUIT><DomaineAck V="5"/><EtatAck V="1"/><NumBord V="5"/></ElementACQUIT>`, `<ElementACQUIT><DomaineAck V="4"/><EtatAck V="1"/><IdUnique V="A"/></ElementACQUIT>`
	if d := one(mandat).Elsewhere(); d == nil || d.Code != "5" {
		t.Errorf("mandats: %v", d)
	}
	for name, elements := range map[string]string{"a piece too": mandat + piece, "nothing": "",
		"all refused": `<ElementACQUIT><DomaineAck V="0"/><EtatAck V="0"/></ElementACQUIT>`} {
		if d := one(elements).Elsewhere(); d != nil {
			t.Errorf("%s: %v", name, d)
		}
	}
}

func TestBytesThatAreNoCharacterAreRefusedInCommentsOfAcquits(t *testing.T) {
	for label, bad := range map[string]string{"UTF-8": "\xe9", "US-ASCII": "\xe9", "windows-1252": "\x81"} {
		for _, aside := range []string{"<!-- " + bad + " -->", "<?note " + bad + "?>", bad} {
			for _, place := range []string{"<Enveloppe", "<ElementACQUIT", "</ACQUIT"} {
				doc := strings.Replace(strings.Replace(acquitValide, place, aside+place, 1), "ISO-8859-1", label, 1)
				if a, err := ReadAcquit(strings.NewReader(doc), ReaderOptions{}); !anomalie.Is(err, codeOctets) {
					t.Errorf("%s, %q before %s: %+v, %v, want %s", label, aside, place, a, err, codeOctets)
				}
			}
		}
	}
}
