package due

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

const aee = `<?xml version="1.0" encoding="UTF-8"?>
<gipmds:rapport xmlns:gipmds="http://www.gip-mds.fr/" type="AEE"><gipmds:envoi>
<gipmds:idflux>ABCDEFGHIJKLMNOPQRSTUVW</gipmds:idflux><gipmds:date_reception>2026-11-23</gipmds:date_reception>
<gipmds:heure_reception>10:00:00</gipmds:heure_reception><gipmds:essai_reel>02</gipmds:essai_reel><gipmds:envoi_etat>OK</gipmds:envoi_etat>
</gipmds:envoi></gipmds:rapport>`

const are = `<rapport type="ARE"><essai_reel>01</essai_reel><envoi_etat>KO</envoi_etat>
<envoi_anomalie><description><code>E42</code><message>Fichier illisible</message></description></envoi_anomalie></rapport>`

const conformeXML = `<retour profil="DPAE"><idflux>ABCDEFGHIJKLMNOPQRSTUVW</idflux><etat_conformite>OK</etat_conformite><certificat_conformite>CERT1</certificat_conformite></retour>`

const nonConformeXML = `<retour profil="DPAE"><idflux>ABCDEFGHIJKLMNOPQRSTUVW</idflux><etat_conformite>KO</etat_conformite><message>Code URSSAF invalide
deuxieme ligne</message></retour>`

// mapping is a level 3 mapping of these tests; no public document has one.
var mapping = Correspondance{Racine: "reponses", Enregistrement: "dossier", RefDossier: "ref", Code: "code", Libelle: "texte",
	Cle: "cle", NIR: "nir", Nom: "nom", Prenom: "prenom", Naissance: "ne", Embauche: "embauche"}

const niveau3 = `<reponses><dossier><nir>2850814168010</nir><embauche>2026-12-01</embauche><ref>REF1</ref><code>00</code></dossier>
<dossier><cle>00074-C2026-002</cle><code>17</code><texte>Code URSSAF invalide</texte></dossier></reponses>`

func TestReturnsOfEachLevel(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       string
	}{
		{"receipt", aee, "1 ABCDEFGHIJKLMNOPQRSTUVW accepted=true R 2026-11-23 10:00:00 [] conform=false  0"},
		{"rejection", are, "1  accepted=false T  [E42 Fichier illisible] conform=false  0"},
		{"conforming", conformeXML, "2 ABCDEFGHIJKLMNOPQRSTUVW accepted=false \x00  [] conform=true CERT1 0"},
		{"not conforming", nonConformeXML, "2 ABCDEFGHIJKLMNOPQRSTUVW accepted=false \x00  [] conform=false  0"},
		{"business", niveau3, "3  accepted=false \x00  [] conform=false  2"},
	} {
		r, err := ReadRetour(strings.NewReader(c.text), "r.xml", mapping)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got := fmt.Sprintf("%d %s accepted=%t %c %s %v conform=%t %s %d", r.Niveau, r.IdFlux, r.Accepte, r.Indicateur, r.Date, r.Anomalies, r.Conforme, r.Certificat, len(r.Dossiers))
		if got != c.want {
			t.Errorf("%s:\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
	if r, _ := ReadRetour(strings.NewReader(nonConformeXML), "f", mapping); !strings.Contains(r.Message, "\ndeuxieme") {
		t.Errorf("message %q", r.Message)
	}
}

func TestReturnRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"level 3 without a mapping", niveau3, "DUE-R01"},
		{"something else", "<a/>", "DUE-R01"},
		{"cut", aee[:200], "DUE-X01"},
		{"accepted and KO", strings.Replace(aee, "OK", "KO", 1), "DUE-R02"},
		{"two levels", strings.Replace(aee, "<gipmds:envoi>", `<gipmds:envoi profil="DPAE">`, 1), "DUE-R02"},
		{"accepted without a flux", strings.Replace(aee, "<gipmds:idflux>ABCDEFGHIJKLMNOPQRSTUVW</gipmds:idflux>", "", 1), "DUE-R04"},
		{"flux too long", strings.Replace(aee, "ABCDEF", strings.Repeat("A", 50), 1), "DUE-R03"},
		{"unknown essai_reel", strings.Replace(aee, ">02<", ">03<", 1), "DUE-R03"},
		{"unknown conformity", strings.Replace(conformeXML, ">OK<", ">PEUT-ETRE<", 1), "DUE-R03"},
		{"DTD", "<!DOCTYPE a>" + conformeXML, "DUE-X03"},
	} {
		_, err := ReadRetour(strings.NewReader(c.text), "f", Correspondance{})
		if a, ok := err.(*anomalie.Anomalie); !ok || a.Code != c.code {
			t.Errorf("%s: got %v, want %s", c.name, err, c.code)
		}
	}
}

func TestMappingFile(t *testing.T) {
	c, err := ReadCorrespondance(strings.NewReader("racine=reponses\nenregistrement=dossier\nCode = code\nrefdossier=ref\n"), "m")
	if err != nil || c.Racine != "reponses" || c.Code != "code" {
		t.Errorf("%+v, %v", c, err)
	}
	_, err = ReadCorrespondance(strings.NewReader("racine=reponses\n"), "m")
	wantCode(t, err, "DUE-R06")
}

func FuzzReadRetour(f *testing.F) {
	for _, s := range []string{aee, are, conformeXML, nonConformeXML, niveau3} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := ReadRetour(bytes.NewReader(text), "f", mapping)
		if err != nil {
			return
		}
		if r.Niveau < 1 || r.Niveau > 3 || r.Niveau == 1 && r.Accepte && r.IdFlux == "" {
			t.Errorf("accepted %+v", r)
		}
	})
}
