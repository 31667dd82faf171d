package build

import (
	"bytes"
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/share"
	"paye/synth"
)

// TestAnotherInstanceChangesNoByte: the volumes are the same whoever measured the
// pieces and compressed the journal, and so is what is said, also where there is
// something to say of a piece, or where one cannot be sent.
func TestAnotherInstanceChangesNoByte(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 60, Pieces: 12, Journal: true})
	pieces, err := filepath.Glob(filepath.Join(dir, "justificatifs", "*.pdf"))
	if err != nil || len(pieces) < 3 {
		t.Fatal(err, pieces)
	}
	sound, err := os.ReadFile(pieces[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what    string
		content []byte
		built   bool
		told    bool
	}{
		{"sound", sound, true, false},
		{"to be repaired", bytes.Replace(sound, []byte("startxref"), []byte("startxxxx"), 1), true, true},
		{"no PDF", []byte("\x89PNG\r\n\x1a\n"), false, true},
		{"empty", nil, false, true},
	} {
		if err := os.WriteFile(pieces[1], c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		peer := share.Inside(share.Kinds{Justificatifs: Assist, compress.Blocks: compress.Assist})
		made := func(ctx context.Context, format string) (map[string]string, []string) {
			var said []string
			dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 4_000_000)
			dem.PJ, dem.Format, dem.Workers = filepath.Join(dir, "justificatifs"), format, 1
			dem.Anomalie = func(a *anomalie.Anomalie) { said = append(said, a.Error()) }
			if _, _, err := build(ctx, dem); err != nil {
				said = append(said, err.Error())
			}
			return files(t, dem.Sortie), said
		}
		for _, format := range []string{FormatZip, FormatPES} {
			want, wantSaid := made(context.Background(), format)
			got, said := made(share.With(context.Background(), peer), format)
			if !maps.Equal(got, want) || (len(want) > 0) != c.built {
				t.Errorf("%s, %s: files %s, want %s", c.what, format, names(got), names(want))
			}
			if !slices.Equal(said, wantSaid) || format == FormatZip && (len(said) > 0) != c.told {
				t.Errorf("%s, %s: %q, want %q", c.what, format, said, wantSaid)
			}
		}
		if c.built && peer.Done() < 5 {
			t.Errorf("%s: the other instance did %d parts", c.what, peer.Done())
		}
	}
}
