package sendtest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"paye/pespj"
)

// Refusal is why a piece is refused.
type Refusal struct{ NumAnoAck, Libelle string }

// Acquit answers a flux: every piece is accepted, but those that are refused
// and those that are forgotten ("").
func Acquit(t testing.TB, flux []byte, day string, refused map[string]Refusal) []byte {
	t.Helper()
	rd, err := pespj.NewReader(bytes.NewReader(flux), pespj.ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	header, err := rd.Flux()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	head(&b, header.NomFic, header.CodCol, header.IdColl, day)
	for pj, err := range rd.PJ() {
		if err == nil {
			_, err = io.Copy(io.Discard, pj)
		}
		if err == nil {
			err = pj.Finish()
		}
		if err != nil {
			t.Fatal(err)
		}
		r, ko := refused[pj.IdUnique]
		switch {
		case !ko:
			fmt.Fprintf(&b, "<ElementACQUIT><DomaineAck V=\"4\"/><EtatAck V=\"1\"/><IdUnique V=\"%s\"/></ElementACQUIT>\n", pj.IdUnique)
		case r.NumAnoAck != "":
			fmt.Fprintf(&b, "<ElementACQUIT><DomaineAck V=\"4\"/><EtatAck V=\"0\"/><IdUnique V=\"%s\"/><Erreur><NumAnoAck V=\"%s\"/><LibelleAnoAck V=\"%s\"/></Erreur></ElementACQUIT>\n", pj.IdUnique, r.NumAnoAck, escape(r.Libelle))
		}
	}
	b.WriteString("</ACQUIT></n:PES_ACQUIT>\n")
	return []byte(b.String())
}

// Whole refuses a flux as a whole.
func Whole(nomFic, codCol, day string, r Refusal) []byte {
	var b strings.Builder
	head(&b, nomFic, codCol, "21967564200017", day)
	fmt.Fprintf(&b, "<ElementACQUIT><DomaineAck V=\"0\"/><EtatAck V=\"0\"/><Erreur><NumAnoAck V=\"%s\"/><LibelleAnoAck V=\"%s\"/></Erreur></ElementACQUIT>\n</ACQUIT></n:PES_ACQUIT>\n", r.NumAnoAck, escape(r.Libelle))
	return []byte(b.String())
}

func head(b *strings.Builder, nomFic, codCol, siret, day string) {
	fmt.Fprintf(b, `<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2">
<Enveloppe><Parametres><Version V="2"/><TypFic V="PESACQ"/><NomFic V="%s"/></Parametres><Emetteur><Sigle V="HELIOS"/><Adresse V="HELIOS"/></Emetteur></Enveloppe>
<EnTetePES><DteStr V="%s"/><IdPost V="006111"/><IdColl V="%s"/><CodCol V="%s"/><CodBud V="00"/></EnTetePES>
<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>
`, nomFic, day, siret, codCol)
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s))
	return b.String()
}
