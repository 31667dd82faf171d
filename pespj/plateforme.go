package pespj

import (
	"math"
	"strings"
	"unicode"

	"paye/internal/lang"
)

// Plateforme is a channel that carries flux, and the size that it takes.
type Plateforme struct {
	Nom    string // as --limit takes it
	Octets int64  // a file of exactly this size passes
	// Sure reports whether this exact number of bytes is known; when it is
	// not, an official text gives a number of "Mo" without saying which.
	Sure   bool
	Note   lang.Text
	Source string
}

const (
	sourceNote  = "note DGFiP du 30 novembre 2018"
	sourceS2low = "constaté dans le code public de la plateforme S2LOW, réglage par défaut"
	sourceStela = "constaté dans le code public de la plateforme STELA"
)

// Plateformes lists the known limits, the decimal reading of "Mo" first since
// it is safe under both.
var Plateformes = []Plateforme{
	{"gxml", 128_000_000, false, lang.Text{
		FR: "Guichet XML d'Hélios, 128 Mo recommandés, lecture décimale",
		EN: "Hélios's Guichet XML, 128 Mo recommended, decimal reading"}, sourceNote},
	{"gxml-mio", 134_217_728, false, lang.Text{
		FR: "Guichet XML d'Hélios, 128 Mo recommandés, lecture binaire",
		EN: "Hélios's Guichet XML, 128 Mo recommended, binary reading"}, sourceNote},
	{"s2low", 134_217_728, true, lang.Text{
		FR: "S2LOW, réglage par défaut ; un exploitant peut l'avoir changé",
		EN: "S2LOW, default setting; an operator may have changed it"}, sourceS2low},
	{"stela", 104_857_600, true, lang.Text{
		FR: "STELA, « 100 Mo max »",
		EN: "STELA, \"100 Mo max\""}, sourceStela},
	{"tdt80", 80_000_000, false, lang.Text{
		FR: "certains tiers de télétransmission, 80 Mo, lecture décimale",
		EN: "some carriers, 80 Mo, decimal reading"}, sourceNote},
	{"tdt80-mio", 83_886_080, false, lang.Text{
		FR: "certains tiers de télétransmission, 80 Mo, lecture binaire",
		EN: "some carriers, 80 Mo, binary reading"}, sourceNote},
	{"tdt50", 50_000_000, false, lang.Text{
		FR: "d'autres tiers de télétransmission, 50 Mo, lecture décimale",
		EN: "other carriers, 50 Mo, decimal reading"}, sourceNote},
	{"tdt50-mio", 52_428_800, false, lang.Text{
		FR: "d'autres tiers de télétransmission, 50 Mo, lecture binaire",
		EN: "other carriers, 50 Mo, binary reading"}, sourceNote},
}

// ParseLimit reads a size in bytes: a number with a unit (128Mo, 80 MB,
// 50MiB, 1,5 Go), a number of bytes (134217728), or the name of one of the
// Plateformes. o, B and nothing are bytes; Ko, KB, Mo, MB, Go, GB are powers
// of 1000 and Kio, KiB, Mio, MiB, Gio, GiB powers of 1024, in any case. The
// error is an anomaly of class Usage.
func ParseLimit(s string) (int64, error) {
	wish := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '_' || r == '\u202f' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
	for i := range Plateformes {
		if wish == Plateformes[i].Nom {
			return Plateformes[i].Octets, nil
		}
	}
	end := strings.IndexFunc(wish, func(r rune) bool { return (r < '0' || r > '9') && r != '.' && r != ',' })
	if end < 0 {
		end = len(wish)
	}
	unit, known := unites[wish[end:]]
	size, ok := scale(wish[:end], unit)
	if !known || !ok || size <= 0 {
		a := Codes.New(codeLimiteIllisible, s)
		a.Trouve, a.Attendu = s, "128Mo, 80MB, 50MiB, 134217728, gxml, s2low, stela"
		return 0, a
	}
	return size, nil
}

var unites = map[string]int64{
	"": 1, "o": 1, "b": 1, "octets": 1,
	"k": 1e3, "ko": 1e3, "kb": 1e3, "m": 1e6, "mo": 1e6, "mb": 1e6, "g": 1e9, "go": 1e9, "gb": 1e9,
	"kio": 1 << 10, "kib": 1 << 10, "mio": 1 << 20, "mib": 1 << 20, "gio": 1 << 30, "gib": 1 << 30,
}

// scale multiplies a decimal number by unit, exactly; a fraction of a byte is
// refused.
func scale(number string, unit int64) (int64, bool) {
	whole, fraction, _ := strings.Cut(strings.Replace(number, ",", ".", 1), ".")
	fraction = strings.TrimRight(fraction, "0")
	if whole == "" || !allDigits(whole) || !allDigits(fraction) || len(fraction) > 9 {
		return 0, false
	}
	var value int64
	for _, d := range whole + fraction {
		if value > (math.MaxInt64-9)/10 {
			return 0, false
		}
		value = value*10 + int64(d-'0')
	}
	if unit == 0 || value > math.MaxInt64/unit {
		return 0, false
	}
	value *= unit
	for range fraction {
		if value%10 != 0 {
			return 0, false
		}
		value /= 10
	}
	return value, true
}
