package gestion

import (
	"strings"
	"testing"

	"paye/app/build"
)

// TestAdviceOnDroppedFilesNamesNoOption: a page has fields, not options.
func TestAdviceOnDroppedFilesNamesNoOption(t *testing.T) {
	for _, code := range []string{build.PieceManquante, build.PiecesManquantes, build.FichierInutile, build.ClasseurSansIndex, build.ClasseurVoisin} {
		text := advice(build.Codes.New(code))
		if err := text.Verify(); err != nil || strings.Contains(text.FR+text.EN, "--") || strings.Contains(text.FR+text.EN, "xhl ") {
			t.Errorf("%s: %q, %v", code, text, err)
		}
	}
}
