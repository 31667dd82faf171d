package lang

import (
	"strings"
	"testing"
)

type pieces uint16

func TestWordsAgreeWithTheNumberBeforeThem(t *testing.T) {
	pieceMissing := Text{FR: "%d pièce{s} refusée{s} {n'a|n'ont} pas de motif", EN: "%d refused piece{s} {has|have} no reason"}
	for _, x := range []struct {
		text   Text
		args   []any
		fr, en string
	}{
		{pieceMissing, []any{0}, "0 pièce refusée n'a pas de motif", "0 refused pieces have no reason"},
		{pieceMissing, []any{int64(1)}, "1 pièce refusée n'a pas de motif", "1 refused piece has no reason"},
		{pieceMissing, []any{pieces(2)}, "2 pièces refusées n'ont pas de motif", "2 refused pieces have no reason"},
		{pieceMissing, []any{uint8(1)}, "1 pièce refusée n'a pas de motif", "1 refused piece has no reason"},
		{Text{FR: "%d pli{s} en %d journ{al|aux}", EN: "%d fold{s} in %d entr{y|ies}"}, []any{2, 1}, "2 plis en 1 journal", "2 folds in 1 entry"},
		{Text{FR: "%[2]d page{s} de %[1]d livre{s}", EN: "%[1]d book{s}: %[2]d page{s}"}, []any{1, 2}, "2 pages de 1 livre", "1 book: 2 pages"},
		{Text{FR: "%d fiche{s} sur %d {1:perd|perdent} %s", EN: "%d sheet{s} of %d {1:loses|lose} %s"}, []any{1, 9, "nom"}, "1 fiche sur 9 perd nom", "1 sheet of 9 loses nom"},
		{Text{FR: "{reste|restent} %02d jour{s}, 5 %% de moins qu'en %d", EN: "there {is|are} %02d day{s} left, 5%% fewer than in %d"}, []any{1, 7}, "reste 01 jour, 5 % de moins qu'en 7", "there is 01 day left, 5% fewer than in 7"},
		{Text{FR: "%s, %d pièce{s}", EN: "%s, %d piece{s}"}, []any{"a {s} b", 2}, "a {s} b, 2 pièces", "a {s} b, 2 pieces"},
		{Text{FR: "{{.A|B}} {%s}%s {\"a\": 1}", EN: "{{.A|B}} {%s}%s {\"a\": 1}"}, []any{"x", "y"}, "{{.A|B}} {x}y {\"a\": 1}", "{{.A|B}} {x}y {\"a\": 1}"},
		{Text{FR: "{a|b} {s}", EN: "{a|b} {s}"}, nil, "{a|b} {s}", "{a|b} {s}"},
	} {
		if got := x.text.In(French, x.args...); got != x.fr {
			t.Errorf("%q of %v:\ngot  %s\nwant %s", x.text.FR, x.args, got, x.fr)
		}
		if got := x.text.In(English, x.args...); got != x.en {
			t.Errorf("%q of %v:\ngot  %s\nwant %s", x.text.EN, x.args, got, x.en)
		}
	}
	if got, want := Blanks(pieceMissing.FR), "… pièces refusées n'ont pas de motif"; got != want {
		t.Errorf("with blanks: %q, want %q", got, want)
	}
}

func TestMarkersThatAreNotWellFormedAreFound(t *testing.T) {
	for fr, want := range map[string]string{
		"%d pièce{s} {a|ont}":       "",
		"%d pièce{s sont":           "brace",
		"%d pièce{a|b|c}":           "brace",
		"%d pièce{x}":               "brace",
		"%d pièce{2:s}":             "no number",
		"%d pièce{1:s} {%[1]d}":     "",
		"pièce{s}":                  "no number",
		"{{.Usage}} {a, b} et {{/}": "",
	} {
		text := Text{FR: fr, EN: fr}
		if err := text.Verify(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", fr, err, want)
		}
	}
}
