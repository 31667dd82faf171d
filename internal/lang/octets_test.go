package lang

import (
	"math"
	"strings"
	"testing"
)

func TestSizesAreToldInTheUnitsOfTheLimits(t *testing.T) {
	for n, want := range map[int64][2]string{
		0: {"0 octet", "0 bytes"}, 1: {"1 octet", "1 byte"}, 2: {"2 octets", "2 bytes"}, 999: {"999 octets", "999 bytes"}, 1000: {"1 Ko", "1 kB"}, 1049: {"1,0 Ko", "1.0 kB"}, 1050: {"1,1 Ko", "1.1 kB"},
		999_949: {"999,9 Ko", "999.9 kB"}, 999_950: {"1,0 Mo", "1.0 MB"}, 128_000_000: {"128 Mo", "128 MB"}, 134_217_728: {"134,2 Mo", "134.2 MB"},
		999_949_999: {"999,9 Mo", "999.9 MB"}, 1_000_000_000: {"1 Go", "1 GB"}, 2_500_000_000_000: {"2500 Go", "2500 GB"}, math.MaxInt64: {"9223372036,9 Go", "9223372036.9 GB"},
	} {
		for l, w := range map[Language]string{French: want[0], English: want[1]} {
			if got := strings.ReplaceAll(Octets(n).In(l), "\u00a0", " "); got != w {
				t.Errorf("%d in %v: %q, want %q", n, l, got, w)
			}
			if got := (Text{FR: "<%v>", EN: "<%v>"}).In(l, Octets(n)); got != "<"+Octets(n).In(l)+">" {
				t.Errorf("%d in a message in %v: %q", n, l, got)
			}
		}
	}
}
