package pespj

import (
	"errors"
	"testing"

	"paye/internal/anomalie"
)

func TestParseLimit(t *testing.T) {
	for s, want := range map[string]int64{
		"128Mo": 128_000_000, "128 Mo": 128_000_000, "128\u00a0Mo": 128_000_000, "128 mo": 128_000_000, "80MB": 80_000_000, "80 mb": 80_000_000,
		"50MiB": 52_428_800, "50Mio": 52_428_800, "50 mio": 52_428_800, "134217728": 134_217_728, "134 217 728": 134_217_728, "134_217_728": 134_217_728,
		"1Go": 1_000_000_000, "2GB": 2_000_000_000, "1GiB": 1 << 30, "500Ko": 500_000, "500kB": 500_000, "500KiB": 512_000, "12 octets": 12, "7B": 7, "7o": 7,
		"1,5Go": 1_500_000_000, "1.5Mio": 1_572_864, "0.5Ko": 500, "9G": 9_000_000_000, "80M": 80_000_000,
		"gxml": 128_000_000, "GXML": 128_000_000, "s2low": 134_217_728, "S2LOW": 134_217_728, "stela": 104_857_600, "tdt80": 80_000_000, "tdt50-mio": 52_428_800,
	} {
		if got, err := ParseLimit(s); err != nil || got != want {
			t.Errorf("ParseLimit(%q) = %d, %v; want %d", s, got, err, want)
		}
	}
	for _, s := range []string{"", "0", "-1", "Mo", "128Zo", "1e6", "12.3.4Mo", "1,0001Ko", "0.1o", "99999999999999999999", "9999999999Go", ".5Mo", "chorus", "12MoMo", "+5Mo"} {
		got, err := ParseLimit(s)
		var a *anomalie.Anomalie
		if !errors.As(err, &a) || a.Classe() != anomalie.Usage {
			t.Errorf("ParseLimit(%q) = %d, %v; want an anomaly of class Usage", s, got, err)
		}
	}
}

func TestEveryPlatformNameIsALimit(t *testing.T) {
	for _, p := range Plateformes {
		if got, err := ParseLimit(p.Nom); err != nil || got != p.Octets {
			t.Errorf("ParseLimit(%q) = %d, %v", p.Nom, got, err)
		}
		if err := p.Note.Verify(); err != nil || p.Source == "" {
			t.Errorf("%s: %v, source %q", p.Nom, err, p.Source)
		}
	}
}

// The capacities that the format's description computes: the largest content
// of one piece, 2,048 bytes being kept for the markup.
func TestCapacityOfAPlatform(t *testing.T) {
	for nom, want := range map[string]int64{"gxml": 95_998_464, "s2low": 100_661_760, "stela": 78_641_664, "tdt80": 59_998_464, "tdt80-mio": 62_913_024, "tdt50": 37_498_464, "tdt50-mio": 39_320_064} {
		limit, err := ParseLimit(nom)
		if err != nil {
			t.Fatal(err)
		}
		p := piece(1, nil)
		p.Gzip = want
		size, err := p.Size()
		if err != nil {
			t.Fatal(err)
		}
		markup, _ := (&PJ{}).Size()
		if room := limit - 2048; 4*((want+2)/3) > room || 4*((want+3+2)/3) <= room || markup > size {
			t.Errorf("%s: %d bytes do not fill %d", nom, want, room)
		}
	}
}
