package pespj

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/internal/anomalie"
	"paye/internal/refdata"
)

const acquitValide = `<?xml version="1.0" encoding="UTF-8"?>
<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="PESPJ_1"/></Parametres><Emetteur><Sigle V="E"/><Adresse V="A"/></Emetteur></Enveloppe>
<EnTetePES><DteStr V="2026-11-23"/><IdPost V="006111"/><IdColl V="21967564200017"/><CodCol V="123"/><CodBud V="00"/></EnTetePES>
<ACQUIT><EnTeteAcquit><IdVer V="2"/></EnTeteAcquit>
<ElementACQUIT><DomaineAck V="4"/><EtatAck V="1"/><IdUnique V="ID1"/></ElementACQUIT>
<ElementACQUIT><DomaineAck V="4"/><EtatAck V="0"/><IdUnique V="ID2"/><Erreur><NumAnoAck V="ERREUR_PJ"/><LibelleAnoAck V="1990 - PJ illisible"/></Erreur></ElementACQUIT>
<ElementACQUIT><DomaineAck V="5"/><EtatAck V="0"/><NumBord V="5"/><ExerciceBord V="2026"/><DetailPiece><NumPiece V="20"/><Erreur><NumAnoAck V="ERREUR_AUTRE"/></Erreur><DetailLigne><NumLigne V="1"/><Erreur><LibelleAnoAck V="1971 - Compte"/></Erreur></DetailLigne></DetailPiece></ElementACQUIT>
<ElementACQUIT><DomaineAck V="11"/><EtatAck V="true"/><IdMarche V="2026MARCHE0001-001"/></ElementACQUIT>
</ACQUIT>
</n:PES_ACQUIT>
`

func readAcquit(t *testing.T, document string) *Acquit {
	t.Helper()
	a, err := ReadAcquit(strings.NewReader(document), ReaderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAcquitWithAnAttributeTwiceIsRefused: it is no XML, and the two may say the
// contrary of each other.
func TestAcquitWithAnAttributeTwiceIsRefused(t *testing.T) {
	i := strings.Index(acquitValide, `<EtatAck V="`)
	if i < 0 {
		t.Fatal("no EtatAck")
	}
	i += len("<EtatAck ")
	for _, attr := range []string{`V="0" `, `V="1" `} {
		if a, err := ReadAcquit(strings.NewReader(acquitValide[:i]+attr+acquitValide[i:]), ReaderOptions{}); !anomalie.Is(err, codeAckIllisible) {
			t.Errorf("%s: got %+v and %v, want %s", attr, a, err, codeAckIllisible)
		}
	}
}

func TestAcquitIsReadWhole(t *testing.T) {
	a := readAcquit(t, acquitValide)
	want := []Element{
		{DomaineAck: "4", Etat: Accepte, IdUnique: "ID1"},
		{DomaineAck: "4", Etat: Rejete, IdUnique: "ID2", Erreurs: []ErreurAck{{"ERREUR_PJ", "1990 - PJ illisible", "1990"}}},
		{DomaineAck: "5", Etat: Rejete, NumBord: "5", ExerciceBord: "2026", Pieces: []DetailPiece{{
			NumPiece: "20", Erreurs: []ErreurAck{{NumAnoAck: "ERREUR_AUTRE"}},
			Lignes: []DetailLigne{{"1", []ErreurAck{{"", "1971 - Compte", "1971"}}}},
		}}},
		{DomaineAck: "11", Etat: Accepte, IdMarche: "2026MARCHE0001-001"},
	}
	if diff := cmp.Diff(want, a.Elements); diff != "" {
		t.Errorf("elements (-want +got):\n%s", diff)
	}
	if a.Flux.NomFic != "PESPJ_1" || a.Flux.CodCol != "123" || a.IdVer != "2" || a.RefusGlobal || len(a.Anomalies) > 0 {
		t.Errorf("got %+v", a)
	}
}

func TestSampleAcquitsAreReadThoughInvalid(t *testing.T) {
	for name, want := range map[string]string{
		"pastell_fakeTdt_pes_acquit.xml":                         "5 elements, 0 refused, 0 departures, NomFic HELIOS_SIMU_ALR2_1477486132_1155762524.xml",
		"stela_006111_190130123456-ACK-A3020100_A0000SEN_KO.xml": "3 elements, 1 refused, 1 departures, NomFic PesDepense-12-2018-209-2092019012917666666",
		"stela_006111_190130123456-ACK-A3020100_A0000IDL_KO.xml": "2 elements, 1 refused, 1 departures, NomFic PesDepense-02-2019-5-11112222333344445",
		"stela_006111_190130123456-ACK-A3020100_A0000MIX_KO.xml": "4 elements, 3 refused, 1 departures, NomFic PesDepense-02-2019-5-11112222333355556",
		"stela_006111_190130123456-ACK-A3020100_A0000SDP_KO.xml": "5 elements, 2 refused, 1 departures, NomFic PesRecette-02-2018-258-258-20190129666666",
	} {
		file, err := os.Open(refdata.Path(t, "data", "pes", "samples", name))
		if err != nil {
			t.Fatal(err)
		}
		a, err := ReadAcquit(file, ReaderOptions{Fichier: name})
		file.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		refused := 0
		for _, e := range a.Elements {
			if e.Etat == Rejete {
				refused++
			}
		}
		got := fmt.Sprintf("%d elements, %d refused, %d departures, NomFic %s", len(a.Elements), refused, a.NbEcarts, a.Flux.NomFic)
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", name, got, want)
		}
		for _, e := range a.Ecarts {
			if e.Gravite != anomalie.Info {
				t.Errorf("%s: a departure is more than information: %v", name, e)
			}
		}
	}
}

func TestAccentsOfAnAcquitSurviveAWrongLabel(t *testing.T) {
	text := strings.Replace(acquitValide, "PJ illisible", "PJ altérée", 1)
	labelled := strings.Replace(text, "UTF-8", "ISO-8859-1", 1)
	for name, document := range map[string]string{"UTF-8": text, "Latin-1": string(latin1(labelled)), "UTF-8 labelled Latin-1": labelled} {
		a := readAcquit(t, document)
		if got := a.Elements[1].Erreurs[0].Libelle; got != "1990 - PJ altérée" {
			t.Errorf("%s: got %q", name, got)
		}
		if warned := len(a.Anomalies) == 1 && a.Anomalies[0].Code == codeAckUTF8; warned != (name == "UTF-8 labelled Latin-1") {
			t.Errorf("%s: anomalies %v", name, a.Anomalies)
		}
	}
}

func TestAcceptanceIsPartial(t *testing.T) {
	states, warnings := readAcquit(t, acquitValide).Reconcile("PESPJ_1", "123", []string{"ID1", "ID2", "ID3"})
	want := []EtatPJ{
		{IdUnique: "ID1", Reponse: Accepte},
		{IdUnique: "ID2", Reponse: Rejete, Erreurs: []ErreurAck{{"ERREUR_PJ", "1990 - PJ illisible", "1990"}}},
		{IdUnique: "ID3", Reponse: SansReponse},
	}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
	if got := fmt.Sprint(codes(warnings)); got != "[PES-406]" {
		t.Errorf("warnings %s", got)
	}
}

func TestReconcileWarnings(t *testing.T) {
	ok := `<DomaineAck V="4"/><EtatAck V="1"/><IdUnique V="ID1"/>`
	for name, row := range map[string]struct {
		old, new string
		want     string // states of ID1 and ID2, then codes
	}{
		"global refusal":       {ok, `<DomaineAck V="0"/><EtatAck V="0"/><Erreur><NumAnoAck V="ERREUR_CODIQUE"/></Erreur>`, "rejected rejected [PES-407]"},
		"bad settings":         {ok, `<DomaineAck V="99"/><EtatAck V="false"/>`, "rejected rejected [PES-407]"},
		"technical OK":         {ok, `<DomaineAck V="0"/><EtatAck V="1"/>`, "no-answer rejected [PES-406]"},
		"digit missing":        {`V="ID1"`, `V="ID"`, "no-answer rejected [PES-405 PES-406]"},
		"state unreadable":     {`<EtatAck V="1"/>`, `<EtatAck V="peut-être"/>`, "no-answer rejected [PES-406]"},
		"state absent":         {`<EtatAck V="1"/>`, "", "no-answer rejected [PES-406]"},
		"contradiction":        {`V="ID1"`, `V="ID2"`, "no-answer rejected [PES-406 PES-409]"},
		"known to Hélios":      {"ERREUR_PJ", "ERREUR_DOUBLON_PJ", "accepted rejected [PES-411]"},
		"known by its number":  {"1990 -", "1984 -", "accepted rejected [PES-411]"},
		"another CodCol":       {`CodCol V="123"`, `CodCol V="456"`, "accepted rejected [PES-413]"},
		"CodCol 000":           {`CodCol V="123"`, `CodCol V="000"`, "accepted rejected []"},
		"CodCol absent":        {`<CodCol V="123"/>`, "", "accepted rejected []"},
		"new error code":       {"ERREUR_PJ", "ERREUR_DE_DEMAIN", "accepted rejected []"},
		"another NomFic":       {"PESPJ_1", "PESPJ_2", "[PES-408]"},
		"piece refused unseen": {`<IdUnique V="ID2"/>`, "", "accepted no-answer [PES-406 PES-415]"},
	} {
		if !strings.Contains(acquitValide, row.old) {
			t.Fatalf("%s: no %q", name, row.old)
		}
		a := readAcquit(t, strings.Replace(acquitValide, row.old, row.new, 1))
		states, warnings := a.Reconcile("PESPJ_1", "123", []string{"ID1", "ID2"})
		var got string
		for _, s := range states {
			got += s.Reponse.String() + " "
		}
		if got += fmt.Sprint(codes(warnings)); got != row.want {
			t.Errorf("%s: got %s, want %s", name, got, row.want)
		}
	}
}

func TestOldRootsAreRecognised(t *testing.T) {
	a := readAcquit(t, `<PES_ACK xmlns="urn:x"><NomFic V="PESPJ_1"/><ElementACQUIT><IdUnique V="ID1"/><EtatAck V="1"/></ElementACQUIT></PES_ACK>`)
	if states, _ := a.Reconcile("PESPJ_1", "", []string{"ID1"}); states[0].Reponse != Accepte || a.Racine != "PES_ACK" {
		t.Errorf("PES_ACK: %+v", states)
	}
	a = readAcquit(t, `<pes_nonacquit><NomFic V="PESPJ_1"/><Erreur><NumAnoAck V="ERREUR_ENCODING"/></Erreur></pes_nonacquit>`)
	states, _ := a.Reconcile("PESPJ_1", "", []string{"ID1"})
	if states[0].Reponse != Rejete || len(states[0].Erreurs) != 1 || states[0].Erreurs[0].NumAnoAck != "ERREUR_ENCODING" {
		t.Errorf("pes_nonacquit: %+v", states)
	}
}

func TestWhatIsNoAcquitIsRefused(t *testing.T) {
	deep := strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)
	for name, document := range map[string]string{
		"empty": "", "text": "hello", "a flux": fluxValide, "truncated": acquitValide[:500], "entities": `<!DOCTYPE a [<!ENTITY b "c">]><PES_ACQUIT/>`,
		"deep": "<PES_ACQUIT>" + deep + "</PES_ACQUIT>", "bad bytes": strings.Replace(acquitValide, "1990", "\xff\xff", 1),
	} {
		_, err := ReadAcquit(strings.NewReader(document), ReaderOptions{})
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Classe() != anomalie.Illisible {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err := ReadAcquit(strings.NewReader(acquitValide), ReaderOptions{Limites: Limites{Acquit: 100}})
	var a *anomalie.Anomalie
	if !errors.As(err, &a) || a.Code != codeAckGeant {
		t.Errorf("over the limit: got %v", err)
	}
}
