package synthpdf

import "strings"

// A glyph is a set of strokes on a grid. A point is two characters: x from 0
// to 9, then y in base 36, 3 being the baseline, 9 the height of x and c that
// of capitals. A stroke is straight from point to point, or smoothed when it
// begins with ~ (open) or @ (closed).
type glyphe struct {
	chasse int // advance, in units of the grid
	traits string
}

var glyphes = map[rune]glyphe{
	' ': {6, ""},
	'a': {7, "59 53;~58 39 19 06 13 33 54"}, 'b': {7, "0c 03;~08 29 49 56 43 23 04"},
	'c': {6, "~58 39 19 06 13 33 54"}, 'd': {7, "5c 53;~58 39 19 06 13 33 54"},
	'e': {7, "06 56;~56 59 29 09 06 03 33 54"}, 'f': {5, "2a 23;~5c 2c 2a;09 49"},
	'g': {7, "59 52;~52 50 20 01;~58 39 19 06 13 33 54"}, 'h': {7, "0c 03;~07 29 59 57;57 53"},
	'i': {4, "19 13;1b 1c"}, 'j': {5, "29 21;~21 20 00;2b 2c"},
	'k': {6, "0c 03;49 06;26 53"}, 'l': {4, "1c 13"},
	'm': {10, "09 03;~07 19 49 47;47 43;~47 59 89 87;87 83"}, 'n': {7, "09 03;~07 29 59 57;57 53"},
	'o': {7, "@09 59 53 03"}, 'p': {7, "09 00;~08 29 49 56 43 23 04"},
	'q': {7, "59 50;~58 39 19 06 13 33 54"}, 'r': {5, "09 03;~07 29 49"},
	's': {6, "~58 49 09 07 26 36 55 53 03 04"}, 't': {6, "2b 24;~24 23 43;09 49"},
	'u': {7, "09 05;~05 03 33 55;59 53"}, 'v': {7, "09 33 59"},
	'w': {10, "09 23 48 63 89"}, 'x': {7, "09 53;03 59"},
	'y': {7, "09 33;59 33 10"}, 'z': {7, "09 59 03 53"},
	'A': {8, "03 3c 63;16 56"}, 'B': {8, "03 0c;~0c 6c 58 08;~08 68 63 03"},
	'C': {8, "~6b 5c 0c 03 53 64"}, 'D': {8, "0c 03;~0c 7c 73 03"},
	'E': {7, "5c 0c 03 53;08 48"}, 'F': {7, "5c 0c 03;08 48"},
	'G': {8, "~6b 5c 0c 03 63 67;67 37"}, 'H': {8, "0c 03;6c 63;08 68"},
	'I': {4, "1c 13"}, 'J': {6, "4c 46;~46 43 03 05"},
	'K': {7, "0c 03;6c 07;28 63"}, 'L': {7, "0c 03 53"},
	'M': {10, "03 0c 47 8c 83"}, 'N': {8, "03 0c 63 6c"},
	'O': {9, "@0c 7c 73 03"}, 'P': {8, "0c 03;~0c 7c 67 07"},
	'Q': {9, "@0c 7c 73 03;55 82"}, 'R': {8, "0c 03;~0c 7c 67 07;37 63"},
	'S': {8, "~6b 5c 0c 08 68 63 13 04"}, 'T': {8, "0c 6c;3c 33"},
	'U': {8, "0c 06;~06 03 63 66;66 6c"}, 'V': {8, "0c 33 6c"},
	'W': {10, "0c 23 4b 63 8c"}, 'X': {8, "0c 63;03 6c"},
	'Y': {8, "0c 37 6c;37 33"}, 'Z': {8, "0c 6c 03 63"},
	'0': {7, "@0c 5c 53 03"}, '1': {7, "1a 3c 33;13 53"},
	'2': {7, "~0a 0c 5c 59 03;03 53"}, '3': {7, "~0b 0c 5c 58 28;~28 58 53 03 04"},
	'4': {7, "43 4c 06 66"}, '5': {7, "5c 1c 08;~08 59 53 03 04"},
	'6': {7, "~5b 2c 06;@08 58 53 03"}, '7': {7, "0c 5c 23"},
	'8': {7, "@1c 4c 48 18;@08 58 53 03"}, '9': {7, "@0c 5c 57 07;~59 56 33 13"},
	'.': {4, "13 14"}, ',': {4, "14 01"}, ':': {4, "13 14;18 19"}, ';': {4, "14 01;18 19"},
	'\'': {3, "1c 1a"}, '-': {6, "06 46"}, '(': {4, "~2d 0a 06 21"}, ')': {4, "~0d 2a 26 01"},
	'/': {6, "01 4d"}, '°': {5, "@0d 3d 3a 0a"}, '_': {6, "02 52"}, '€': {8, "~6b 5c 1c 13 53 64;09 49;06 46"},
	'%': {8, "03 6c;@0c 2c 2a 0a;@45 65 63 43"}, '«': {7, "28 05 33;48 25 53"}, '»': {7, "08 25 03;28 45 23"},
}

// Accents stand above the height of x; on a capital they are raised by 3.
var accents = map[rune]string{
	'´': "2b 4d", '`': "4b 2d", '^': "1b 3d 5b", '¨': "1b 1c;4b 4c", '¸': "~33 31 11", '~': "~1b 3d 3b 5d",
}

// accentuees splits the letters of French into letter and accent.
var accentuees = map[rune][2]rune{
	'é': {'e', '´'}, 'è': {'e', '`'}, 'ê': {'e', '^'}, 'ë': {'e', '¨'}, 'à': {'a', '`'}, 'â': {'a', '^'},
	'ä': {'a', '¨'}, 'î': {'i', '^'}, 'ï': {'i', '¨'}, 'ô': {'o', '^'}, 'ö': {'o', '¨'}, 'ù': {'u', '`'},
	'û': {'u', '^'}, 'ü': {'u', '¨'}, 'ç': {'c', '¸'}, 'ñ': {'n', '~'}, 'í': {'i', '´'}, 'á': {'a', '´'},
	'É': {'E', '´'}, 'È': {'E', '`'}, 'Ê': {'E', '^'}, 'Ë': {'E', '¨'}, 'À': {'A', '`'}, 'Â': {'A', '^'},
	'Î': {'I', '^'}, 'Ï': {'I', '¨'}, 'Ô': {'O', '^'}, 'Ö': {'O', '¨'}, 'Ù': {'U', '`'}, 'Ü': {'U', '¨'}, 'Ç': {'C', '¸'},
	'’': {'\'', 0}, '–': {'-', 0}, '—': {'-', 0}, '\u00a0': {' ', 0}, '\u202f': {' ', 0},
}

// plume draws text. Sizes are in sixteenths of a pixel.
type plume struct {
	unite     int   // a unit of the grid
	epaisseur int   // of the stroke, in pixels
	pente     int   // of an italic: sixteenths of a unit a unit
	jitter    int   // of a hand: each point moves by up to so much
	main      *alea // moves the points when tremble is not 0
}

// chasse returns the width of s, in sixteenths of a pixel.
func (p plume) chasse(s string) int {
	n := 0
	for _, r := range s {
		g, _ := lettre(r)
		n += g.chasse * p.unite
	}
	return n
}

// lettre returns the glyph of a rune and its accent. A rune that the table
// does not have is drawn as a low line.
func lettre(r rune) (glyphe, string) {
	if pair, ok := accentuees[r]; ok {
		return glyphes[pair[0]], accents[pair[1]]
	}
	if g, ok := glyphes[r]; ok {
		return g, ""
	}
	return glyphes['_'], ""
}

// ecrit draws s with its baseline at y, from x on; a slope makes the line
// drift down by so many pixels over the width of the page, as on a sheet that
// was not fed straight.
func (p plume) write(t *trame, s string, x, y, slope int) {
	pen := x << 4
	for _, r := range s {
		g, accent := lettre(r)
		base := y<<4 + slope*pen/largeur
		for strokes := range strings.SplitSeq(g.traits, ";") {
			p.trait(t, strokes, pen, base, 0)
		}
		raise := 0
		if r < 'à' && r >= 'À' && r != 'Ç' {
			raise = 3
		}
		for strokes := range strings.SplitSeq(accent, ";") {
			p.trait(t, strokes, pen, base, raise)
		}
		pen += g.chasse * p.unite
	}
}

func (p plume) trait(t *trame, stroke string, x, y, raise int) {
	if stroke == "" {
		return
	}
	mode := stroke[0]
	if mode == '~' || mode == '@' {
		stroke = stroke[1:]
	}
	var buf [12]point
	points := buf[:0]
	for i := 0; i+1 < len(stroke); i += 3 {
		gx, gy := int(stroke[i]-'0'), int(stroke[i+1]-'0')
		if stroke[i+1] >= 'a' {
			gy = int(stroke[i+1]-'a') + 10
		}
		gy += raise - 3
		pt := point{x + gx*p.unite + gy*p.unite*p.pente/16, y - gy*p.unite}
		if p.jitter > 0 {
			pt.x += p.main.around(p.jitter)
			pt.y += p.main.around(p.jitter)
		}
		points = append(points, pt)
	}
	switch mode {
	case '~':
		points = smooth(points, 2)
	case '@':
		points = smooth(append(points, points[0], points[1]), 2)
		points = points[1 : len(points)-1]
	}
	trace(t, points, p.epaisseur)
}

// point is in sixteenths of a pixel.
type point struct{ x, y int }

func trace(t *trame, points []point, epaisseur int) {
	for i := 1; i < len(points); i++ {
		t.segment(points[i-1].x, points[i-1].y, points[i].x, points[i].y, epaisseur)
	}
}

// lisse cuts the corners of an open line so many times (Chaikin), keeping its
// ends.
func smooth(points []point, times int) []point {
	for range times {
		out := make([]point, 0, 2*len(points))
		out = append(out, points[0])
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			out = append(out, point{(3*a.x + b.x) / 4, (3*a.y + b.y) / 4}, point{(a.x + 3*b.x) / 4, (a.y + 3*b.y) / 4})
		}
		points = append(out, points[len(points)-1])
	}
	return points
}
