package build

import (
	"fmt"
	"testing"

	"paye/compress"
)

// The DGFiP note of 30 November 2018 (bureau CL2C, 3.1) works an example: a
// town of 4,334 bulletins, whose XHL weighs 1.56 Mo compressed, contracts
// scanned to 267 Ko, arrêtés generated to 60 Ko, and a limit of 80 Mo. It
// finds that 40 contracts leave room for 1,150 arrêtés, and 20 for 1,245:
// 80 - 11 = 69, 69,000 / 60 = 1,150; 80 - 5.3 = 74.7, 75,000 / 60 = 1,245.
//
// Its figures differ from ours for three reasons. It leaves out the 1.56 Mo of
// the XHL. It holds the archive against the limit, where the limit is on the
// PES file: every byte of the archive travels as 4/3 byte of base64. And it
// does not say whether its units are of 1,000 or of 1,024.
func TestWorkedExampleOfTheNote(t *testing.T) {
	const enveloppe = 1500 // bytes of a PES file around its one piece
	archive := func(unit, contrats, arretes int64) []compress.ZipEntry {
		nom := func(i int64) string { return fmt.Sprintf("PJ/12345678200010/piece-%010d.pdf", i) }
		xhl := (156*unit*unit + 50) / 100 // 1.56 Mo, to the byte
		entries := []compress.ZipEntry{{Name: "12345678200010-2026-ETAT_PAYE-11-1.xhl", Method: compress.Store, Raw: xhl, Size: xhl}}
		for i := range contrats {
			entries = append(entries, compress.ZipEntry{Name: nom(i), Raw: 267 * unit, Size: 267 * unit})
		}
		for i := range arretes {
			entries = append(entries, compress.ZipEntry{Name: nom(contrats + i), Raw: 60 * unit, Size: 60 * unit})
		}
		return entries
	}
	wire := func(entries []compress.ZipEntry) int64 {
		return enveloppe + compress.Base64Size(compress.StoredGzipSize(compress.ZipSize(entries...)))
	}
	for _, tc := range []struct {
		unit, limit       int64
		contrats, arretes int64 // of the note
		payload           int64 // XHL and pieces
		zip               int64 // what the archive adds
		over              int64 // of the payload against the limit; negative: what is left
		base64            int64 // of the payload
		fit               int64 // arrêtés that fit in one PES file with these contracts
	}{
		{1000, 80_000_000, 40, 1150, 81_240_000, 181_054, 1_240_000, 108_320_000, 793},
		{1000, 80_000_000, 20, 1245, 81_600_000, 192_454, 1_600_000, 108_800_000, 882},
		{1024, 83_886_080, 40, 1150, 83_228_099, 181_054, -657_981, 110_970_800, 817},
		{1024, 83_886_080, 20, 1245, 83_596_739, 192_454, -289_341, 111_462_320, 905},
	} {
		name := fmt.Sprintf("%d contracts, Ko = %d", tc.contrats, tc.unit)
		entries := archive(tc.unit, tc.contrats, tc.arretes)
		var payload int64
		for _, e := range entries {
			if len(e.Name) != 38 {
				t.Fatalf("entry name of %d bytes", len(e.Name))
			}
			payload += e.Raw
		}
		check := func(what string, got, want int64) {
			if got != want {
				t.Errorf("%s: %s %d, want %d", name, what, got, want)
			}
		}
		check("payload", payload, tc.payload)
		check("over the limit", payload-tc.limit, tc.over)
		check("zip overhead", compress.ZipSize(entries...)-payload, tc.zip)
		check("base64", compress.Base64Size(payload), tc.base64)
		// As an archive, the note's figure holds with binary units only, zip
		// headers included.
		if fits := compress.ZipSize(entries...) <= tc.limit; fits != (tc.unit == 1024) {
			t.Errorf("%s: archive of %d bytes fits in %d: %v", name, compress.ZipSize(entries...), tc.limit, fits)
		}
		// On the wire it never does: one third too much.
		if w := wire(entries); w <= tc.limit*5/4 {
			t.Errorf("%s: %d bytes on the wire", name, w)
		}
		fit := int64(0)
		for n := tc.arretes; ; n-- {
			if wire(archive(tc.unit, tc.contrats, n)) <= tc.limit {
				fit = n
				break
			}
		}
		check("arrêtés in one PES file", fit, tc.fit)
		// What the note asks for takes two PES files at 80 Mo.
		if w := wire(entries); (w+tc.limit-1)/tc.limit != 2 {
			t.Errorf("%s: %d bytes need %d files", name, w, (w+tc.limit-1)/tc.limit)
		}
	}
}
