package due

import (
	"strings"
	"testing"

	"paye/internal/lang"
)

func TestModelHoldsEveryKeyOfTheSettings(t *testing.T) {
	var d Dossier
	keys := d.reglages()
	for _, l := range []lang.Language{lang.French, lang.English} {
		text := Modele(l)
		for key := range keys {
			if n := strings.Count("\n"+text, "\n"+key+"=") + strings.Count(text, "\n#"+key+"="); n != 1 {
				t.Errorf("%v: key %s stands %d times in the model", l, key, n)
			}
		}
		if _, err := ReadDossier(strings.NewReader(text), "due.cfg"); err != nil {
			t.Errorf("%v: the model as it is: %v", l, err)
		}
		if _, err := ReadDossier(strings.NewReader(strings.ReplaceAll(strings.ReplaceAll(text, "\n#chiffrement=", "\nchiffrement=smime"), "\n#cles=", "\ncles=x")), "due.cfg"); err != nil {
			t.Errorf("%v: the model filled in: %v", l, err)
		}
	}
}
