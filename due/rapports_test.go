package due

import (
	"bytes"
	"strings"
	"testing"

	"paye/internal/lang"
)

func TestReportOfACheckNamesPersonFieldValueRuleAndRemedy(t *testing.T) {
	list := numbered(2)
	list[0].CleNIR = "99"
	list[1].Prenom, list[1].DateDebut = "Zoé", "2026-12-09"
	var buf bytes.Buffer
	if err := check(t, list...).Rapport(lang.French).WriteText(&buf); err != nil {
		t.Fatal(err)
	}
	text := buf.String()
	for _, want := range []string{
		"Erreurs à corriger", "A001", "DURAND JEANNE", "C2026-001", "clé du NIR", "28508******10", "DUE-V04", "la clé du NIR est fausse", "attestation de droits",
		"Zoé", "ZOE", "à partir du 2026-12-01", "conformité",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, list[0].NIR) {
		t.Error("a whole NIR is in the report")
	}
}

func TestReportsAreCompleteInBothLanguages(t *testing.T) {
	for key, texte := range textes {
		if err := texte.Verify(); err != nil {
			t.Errorf("%s: %v", key, err)
		}
	}
	for champ, texte := range libelles {
		if err := texte.Verify(); err != nil {
			t.Errorf("%s: %v", champ, err)
		}
	}
	for etat, texte := range etats {
		if err := texte.Verify(); err != nil || suites[etat] == nil && etat.open() {
			t.Errorf("%s: %v", etat, err)
		}
	}
	for _, texte := range evenements {
		if err := texte.Verify(); err != nil {
			t.Error(err)
		}
	}
}

func TestSendReportSaysWhatTheBytesSay(t *testing.T) {
	r, _ := opened(t)
	for _, ind := range []Indicateur{Essai, Reel} {
		b := bilan(t, r, ind, jeanne())
		how := reel
		how.Provisoire = true
		files, err := r.Write(t.Context(), b, how)
		if err != nil {
			t.Fatal(err)
		}
		var buf bytes.Buffer
		if err := b.RapportEnvoi(lang.English, files, Prepared, "").WriteText(&buf); err != nil {
			t.Fatal(err)
		}
		mark := bytes.Contains(files[0].Octets, []byte("DUETXT01R"))
		if said := strings.Contains(buf.String(), "120 (real)"); said != mark || said != (ind == Reel) {
			t.Errorf("%v: the report says real %t, the bytes %t", ind, said, mark)
		}
		if !strings.Contains(buf.String(), files[0].SHA256) || !strings.Contains(buf.String(), "nothing has left") {
			t.Errorf("%v:\n%s", ind, buf.String())
		}
	}
}

func TestWordsOfASendReportAgreeWithTheModeAndTheIndicator(t *testing.T) {
	r, _ := opened(t)
	says := func(l lang.Language, ind Indicateur, fate Fate, where string) (title, mode, hires string) {
		d := bilan(t, r, ind, jeanne()).RapportEnvoi(l, []Fichier{{Indicateur: ind}}, fate, where)
		return d.Titre, d.Faits[2].Valeur, d.Tables[0].Titre
	}
	for _, tc := range []struct {
		l                  lang.Language
		ind                Indicateur
		fate               Fate
		title, mode, hires string
	}{
		{lang.French, Essai, Prepared, "Préparation de l'envoi", "test : rien n'est parti", "Embauches à déclarer"},
		{lang.French, Reel, Prepared, "Préparation de l'envoi", "test : rien n'est parti", "Embauches à déclarer"},
		{lang.French, Essai, Exported, "Compte rendu d'export", "export : écrit dans ICI, pas envoyé", "Embauches à déclarer"},
		{lang.French, Essai, Sent, "Compte rendu d'envoi", "réel : ICI", "Embauches envoyées en test : elles restent à déclarer"},
		{lang.French, Reel, Sent, "Compte rendu d'envoi", "réel : ICI", "Embauches envoyées, en attente de réponse"},
		{lang.English, Essai, Prepared, "Preparation of the sending", "test: nothing has left", "Hires to declare"},
		{lang.English, Reel, Exported, "Report of the export", "export: written into ICI, not sent", "Hires to declare"},
		{lang.English, Essai, Sent, "Report of the sending", "real: ICI", "Hires sent as a test: they remain to be declared"},
		{lang.English, Reel, Sent, "Report of the sending", "real: ICI", "Hires sent, waiting for an answer"},
	} {
		title, mode, hires := says(tc.l, tc.ind, tc.fate, "ICI")
		if !strings.HasPrefix(title, tc.title) || mode != tc.mode || hires != tc.hires {
			t.Errorf("%v %v %d: %q, %q, %q", tc.l, tc.ind, tc.fate, title, mode, hires)
		}
	}
}

func TestAnAnswerToATestRegistersNothing(t *testing.T) {
	for ind, want := range map[Indicateur][2]string{
		Reel:  {"Enregistrées 1", "3 : enregistrement"},
		Essai: {"Acceptées en test, pas enregistrées 1", "3 : réponse à un test ; rien n'est enregistré"},
	} {
		b := &Bordereau{Lot: "L1", Indicateur: ind, Niveau: 3, Accepte: true, Lignes: []LigneBordereau{{Cle: "C1", Statut: StatutEnregistree}}}
		d := b.Rapport(lang.French, Date{2026, 11, 24})
		if got := d.Faits[2].Nom + " " + d.Faits[2].Valeur; got != want[0] || d.Faits[6].Valeur != want[1] || d.Tables[0].Titre+" 1" != want[0] {
			t.Errorf("%v: %q, level %q, table %q", ind, got, d.Faits[6].Valeur, d.Tables[0].Titre)
		}
	}
}

func TestReceptionReportAddsUp(t *testing.T) {
	r, _ := opened(t)
	f := written(t, r, numbered(3)...)
	sent(t, r, f.Lot, LotEmis)
	b, err := receive(t, r, f, func(a *AR) { refuse(1)(a); a.Reponses = a.Reponses[:2] })
	if err != nil {
		t.Fatal(err)
	}
	d := b.Rapport(lang.French, Date{2026, 11, 24})
	if len(d.Tables[0].Lignes) != 1 || len(d.Tables[1].Lignes) != 1 || len(d.Tables[2].Lignes) != 1 {
		t.Errorf("%+v", d.Tables)
	}
	if got := strings.Join(d.Tables[1].Lignes[0], "|"); got != "00074-C2026-002|A002|C2026-002|rejetée|12|NIR|Numero de securite sociale invalide||" {
		t.Errorf("got %s", got)
	}
}
