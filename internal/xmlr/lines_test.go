package xmlr

import "testing"

// Every place of a line end in a word, beside bytes that differ from it by one
// bit and those above 0x7F.
func TestLinesAreCountedWhereverTheyEnd(t *testing.T) {
	for size := range 40 {
		for fill := range 256 {
			b := make([]byte, size)
			want := 0
			for i := range b {
				if b[i] = byte(fill); (i*7+size)%5 == 0 {
					b[i] = '\n'
				}
				if b[i] == '\n' {
					want++
				}
			}
			if got := CountLines(b); got != want {
				t.Fatalf("%d lines in %x, want %d", got, b, want)
			}
		}
	}
}
