package check

import (
	"errors"
	"io"
	"strings"
	"testing"

	"paye/xhl"
)

// TestBulletinLimitIsThatOfTheReader holds the two counts against each other at
// the byte.
func TestBulletinLimitIsThatOfTheReader(t *testing.T) {
	const limit = 4000
	first := strings.Index(sain, "<PayeIndivMensuel>")
	length := strings.Index(sain, "</PayeIndivMensuel>") - first
	for _, size := range []int{limit - 1, limit, limit + 1, limit + 5, 3 * limit} {
		for _, blank := range []string{"", "\n\t\t\t"} {
			src := sain[:first] + blank + "<PayeIndivMensuel><!--" + strings.Repeat("x", size-length-len("<!---->")) + "-->" + sain[first+len("<PayeIndivMensuel>"):]
			b, _ := judged(t, []byte(src), Options{MaxBulletin: limit})
			refused := false
			rd, err := xhl.NewReader(strings.NewReader(src), xhl.Options{MaxBulletin: limit, Segment: 64})
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range rd.Bulletins() {
				var a *xhl.Anomalie
				if errors.As(err, &a) {
					refused = a.Code == "XHL-004"
				} else if err != nil && !errors.Is(err, io.EOF) {
					t.Fatal(err)
				}
			}
			if want := size > limit; refused != want || (b.N("XHL-004") > 0) != want {
				t.Errorf("%d bytes, blank %q: refused by the reader %v, by the check %v; want %v", size, blank, refused, b.N("XHL-004") > 0, want)
			}
		}
	}
}

func TestValuesOfOtherFieldsAreNotShownFromADate(t *testing.T) {
	for value, shown := range map[string]bool{
		"2026-13-01": true, "01/11/2026": true, "2026-11-32Z": true, "20261101": true,
		"DUPONT": false, "199059976000067": false, "FR7620041010050500013M02606": false, "0601020304": false,
	} {
		src := strings.Replace(sain, `<DatePaiement V="`, `<DatePaiement V="`+value+`" x="`, 1)
		_, list := judged(t, []byte(src), Options{})
		found := false
		for _, a := range list {
			if a.Code == "XHL-138" || a.Code == "XHL-142" {
				found = true
				if (a.Trouve == value) != shown {
					t.Errorf("%q: shown as %q", value, a.Trouve)
				}
			}
		}
		if !found {
			t.Errorf("%q: no anomaly", value)
		}
	}
}
