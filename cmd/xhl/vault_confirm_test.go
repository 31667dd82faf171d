package main

import (
	"strings"
	"testing"
)

func TestConsentIsAWordOrItsFirstLetter(t *testing.T) {
	for answer, want := range map[string]bool{
		"oui\n": true, "OUI\r\n": true, "yes": true, "  oui \n": true, "o\n": true, "O\r\n": true, "y\n": true,
		"": false, "\n": false, "non\n": false, "oui oui\n": false, "ok\n": false, "n\n": false, "non\noui\n": false,
	} {
		if got, err := consents(strings.NewReader(answer)); err != nil || got != want {
			t.Errorf("%q: got %v, %v; want %v", answer, got, err, want)
		}
	}
}
