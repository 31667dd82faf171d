package pespj

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/refdata"
)

func xsdAller(t testing.TB) string {
	return refdata.Path(t, "data", "pes", "v5.30-pj", "PES_V2", "Rev0", "PES_Aller.xsd")
}

func xsdAcquit(t testing.TB) string {
	return refdata.Path(t, "data", "pes", "v5.30-pj", "PES_V2", "Rev0", "PES_V2_Acquit_Autonome_V2.xsd")
}

func xmllint(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("xmllint is not installed")
	}
	return path
}

// jugeXSD returns what libxml2 says of each document, many in one process.
func jugeXSD(t testing.TB, xsd string, documents [][]byte) []bool {
	t.Helper()
	lint, dir := xmllint(t), t.TempDir()
	verdicts := make([]bool, len(documents))
	const batch = 250
	for from := 0; from < len(documents); from += batch {
		args := []string{"--huge", "--nonet", "--noout", "--schema", xsd}
		to := min(from+batch, len(documents))
		for i := from; i < to; i++ {
			name := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
			if err := os.WriteFile(name, documents[i], 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		out, _ := exec.Command(lint, args...).CombinedOutput() // its exit code says that one is invalid
		for i := from; i < to; i++ {
			name := filepath.Join(dir, fmt.Sprintf("%05d.xml", i))
			verdicts[i] = bytes.Contains(out, []byte(name+" validates\n"))
			if !verdicts[i] && !bytes.Contains(out, []byte(name+" fails to validate\n")) && !bytes.Contains(out, []byte(name+":")) {
				t.Fatalf("xmllint says nothing of document %d:\n%s", i, out)
			}
		}
	}
	return verdicts
}

// check runs Check and returns the verdict and the anomalies.
func check(t testing.TB, document []byte, o CheckOptions) (*Bilan, []*anomalie.Anomalie) {
	t.Helper()
	return checkReader(t, bytes.NewReader(document), o)
}

func checkReader(t testing.TB, r io.Reader, o CheckOptions) (*Bilan, []*anomalie.Anomalie) {
	t.Helper()
	var found []*anomalie.Anomalie
	bilan, err := Check(r, o, func(a *anomalie.Anomalie) { found = append(found, a) })
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	return bilan, found
}

// codes lists the distinct codes of anomalies, sorted.
func codes(found []*anomalie.Anomalie) []string {
	var list []string
	for _, a := range found {
		list = append(list, a.Code)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// gz is a gzip stream of content, in base64.
func gz(content string) string { return base64.StdEncoding.EncodeToString(gzOctets(content)) }

func gzOctets(content string) []byte {
	var b bytes.Buffer
	w := compress.NewStoredGzip(&b)
	io.WriteString(w, content)
	w.Close()
	return b.Bytes()
}

const (
	siretValide = "21967564200017"
	declaration = `<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n"
)

// fluxValide is a flux that the schema and every rule accept, laid out so that
// each element can be replaced.
var fluxValide = declaration + `<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Enveloppe>
<Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="PESPJ_1"/></Parametres>
<Emetteur><Sigle V="EDITEUR"/><Adresse V="MOTEUR 1"/></Emetteur>
<Recepteur><Sigle V="HELIOS"/><Adresse V="LYON"/></Recepteur>
</Enveloppe>
<EnTetePES>
<DteStr V="2026-11-22"/><IdPost V="006111"/><LibellePoste V="TRESORERIE"/><IdColl V="` + siretValide + `"/><FinJur V="060000001"/><CodCol V="123"/><CodBud V="00"/><LibelleColBud V="COMMUNE"/>
</EnTetePES>
<PES_PJ>
<EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ>
<PJ>
<Contenu><Fichier MIMEType="application/xml">` + gz("<DocumentPaye/>") + `</Fichier></Contenu>
<IdUnique V="ID1"/>
<ServeurId V="S1"/>
<NomPJ V="paye.xhl"/>
<TypePJ V="004"/>
<Description V="Paye de novembre"/>
<RefCompta><Domaine V="01"/><Exercice V="2026"/><TypeObjet V="01"/><Identifiant V="1303"/><ComplementIdentifiant V="1"/></RefCompta>
</PJ>
<PJ>
<Contenu><Fichier MIMEType="application/pdf">` + gz("%PDF-1.7") + `</Fichier></Contenu>
<IdUnique V="ID2"/>
<NomPJ V="contrat.pdf"/>
<TypePJ V="003"/>
<Description V="Contrat d'embauche"/>
<RefCompta><Domaine V="01"/><Exercice V="2026"/><TypeObjet V="01"/><Identifiant V="1304"/></RefCompta>
</PJ>
</PES_PJ>
</n:PES_Aller>
`

// avecChange is fluxValide with the first old replaced by new, in Latin-1.
func avecChange(t testing.TB, old, new string) []byte {
	t.Helper()
	if !strings.Contains(fluxValide, old) {
		t.Fatalf("the valid flux does not hold %q", old)
	}
	return latin1(strings.Replace(fluxValide, old, new, 1))
}

func latin1(s string) []byte {
	var b []byte
	for _, r := range s {
		if r > 0xFF {
			panic(fmt.Sprintf("%q is not in Latin-1", r))
		}
		b = append(b, byte(r))
	}
	return b
}

func TestValidFluxHasNoAnomaly(t *testing.T) {
	bilan, found := check(t, []byte(fluxValide), CheckOptions{})
	for _, a := range found {
		t.Error(a)
	}
	if !bilan.SchemaValide || bilan.PJ != 2 || bilan.RefCompta != 2 || bilan.Octets != int64(len(fluxValide)) {
		t.Errorf("got %+v", bilan)
	}
}
