package langtest

import "testing"

func TestEnglishIsFoundInFrench(t *testing.T) {
	for text, want := range map[string]string{
		"le fichier could not be read": "could",
		"Missing key":                  "missing",
		"il manque l'option --name, que « xhl vault » veut":          "",
		"écrivez schema/paye.xsd, PES_Aller ou MIMEType":             "",
		"la date de la page est celle du report ; on y joint un son": "",
		"envoyé to %s": "to",
	} {
		if got := English(text); got != want {
			t.Errorf("English(%q) = %q, want %q", text, got, want)
		}
	}
}
