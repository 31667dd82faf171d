package xhl

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"paye/internal/xmlr"
)

// A byte that stands for no character of the label is refused wherever a value
// is read, as it is where a journal is copied; UTF-8 alone is said of what is
// windows-1252, which is told (XHL-014).
func TestBytesThatAreNoCharacterOfTheLabelAreRefused(t *testing.T) {
	for label, bytes := range map[string][]string{
		"US-ASCII":     {"\xe9", "é"},
		"windows-1252": {"\x81"},
		"ISO-8859-3":   {"\xa5"},
		"windows-1251": {"\x98"},
	} {
		for _, bad := range bytes {
			for _, place := range []string{"Ville d'Essai", "Mairie", "Élodie", "Traitement"} {
				doc := strings.Replace(strings.Replace(tiny, place, bad, 1), "UTF-8", label, 1)
				doc = strings.ReplaceAll(doc, "Élodie", "Elodie")
				wantRefused(t, label+" with "+bad+" for "+place, doc)
			}
		}
	}
	const lone = "\xD8\x00" // half of a character
	wide := string(xmlr.BigEndian.AppendUTF16(nil, []byte(strings.Replace(tiny, "UTF-8", "UTF-16", 1))))
	at := strings.Index(wide, "\x00M\x00a\x00i\x00r\x00i\x00e")
	wantRefused(t, "a lone surrogate", "\xFE\xFF"+wide[:at]+lone+wide[at:])
}

// wantRefused reads a journal whole, and as those who pass over what is no pay.
func wantRefused(t *testing.T, name, doc string) {
	t.Helper()
	var a *Anomalie
	if _, _, err := readAll(t, strings.NewReader(doc), Options{}); !errors.As(err, &a) || a.Code != "XHL-008" {
		t.Errorf("%s: read with %v, want XHL-008", name, err)
	}
	if err := readPay(doc); !errors.As(err, &a) || a.Code != "XHL-008" {
		t.Errorf("%s: its pay is read with %v, want XHL-008", name, err)
	}
}

func readPay(doc string) error {
	cut, err := NewCutter(strings.NewReader(doc), Options{})
	if err != nil {
		return err
	}
	dec := NewDecoder(cut.Encoding(), Options{})
	if _, err := dec.Entete(cut.Prologue()); err != nil {
		return err
	}
	var seg Segment
	for {
		if err := cut.Next(&seg); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		for i, p := range seg.Parts {
			switch p.Kind {
			case PartOuverture:
				_, err = dec.Etablissement(&seg, i)
			case PartBulletin:
				err = dec.Pay(&seg, i, 0, new(Bulletin))
			}
			if err != nil {
				return err
			}
		}
	}
}

// What no value is made of is refused too, as values are: another reader would stop
// there. Who reads the pay alone stops before the last part. UTF-8 is said of what is
// windows-1252.
func TestBytesThatAreNoCharacterAreRefusedInCommentsToo(t *testing.T) {
	for label, bad := range map[string]string{"US-ASCII": "\xe9", "windows-1252": "\x81", "ISO-8859-3": "\xa5"} {
		doc := strings.ReplaceAll(strings.Replace(tiny, "UTF-8", label, 1), "Élodie", "Elodie")
		for _, aside := range []string{"<!-- " + bad + " -->", "<?note " + bad + "?>", bad} {
			if aside != bad {
				wantRefused(t, fmt.Sprintf("%s, %q at the beginning", label, aside), strings.Replace(doc, "<n:DocumentPaye", aside+"<n:DocumentPaye", 1))
			}
			for _, place := range []string{"<Employeur", "<DonneesIndiv", "<PayeIndivMensuel", "<Agent", "<MtBrut", "</PayeIndivMensuel", "</DonneesIndiv"} {
				if !strings.Contains(doc, place) {
					t.Fatal("no ", place)
				}
				wantRefused(t, fmt.Sprintf("%s, %q before %s", label, aside, place), strings.Replace(doc, place, aside+place, 1))
			}
			for _, last := range []string{strings.Replace(doc, "</n:DocumentPaye", aside+"</n:DocumentPaye", 1), doc + aside} {
				var a *Anomalie
				if _, _, err := readAll(t, strings.NewReader(last), Options{}); !errors.As(err, &a) || a.Code != "XHL-008" && aside != bad {
					t.Errorf("%s, %q at the end: %v, want XHL-008", label, aside, err)
				}
			}
		}
	}
}

func TestCommentOfAJournalThatIsNotUTF8AsItSaysIsPassedOver(t *testing.T) {
	doc := strings.Replace(tiny, "<Agent", "<!-- \xe9 --><Agent", 1)
	if list, _, err := readAll(t, strings.NewReader(doc), Options{}); err != nil || len(list) != 2 {
		t.Errorf("%d bulletins, %v", len(list), err)
	}
	if err := readPay(doc); err != nil {
		t.Error(err)
	}
}
