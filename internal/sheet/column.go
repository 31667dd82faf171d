package sheet

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"paye/internal/lang"
)

// What only a whole column shows.
var (
	zerosByLength = lang.Text{FR: "%d valeur{s} {a|ont} moins de %d chiffres, comme si un tableur avait ôté les zéros qui {1:la|les} commencent ; la première est ligne %s",
		EN: "%d value{s} {has|have} fewer than %d digits, as if a spreadsheet had taken off the zeros that {1:it begins|they begin} with; the first is at line %s"}
	zerosByWidth = lang.Text{FR: "%d valeur{s} {n'a|n'ont} pas %d chiffre{s} : un tableur a sans doute ôté les zéros qui {1:la|les} commencent ; la première est ligne %s",
		EN: "%d value{s} {has|have} not %d digit{s}: a spreadsheet has probably taken off the zeros that {1:it begins|they begin} with; the first is at line %s"}
	zerosByPast = lang.Text{FR: "%d valeur{s} {est connue|sont connues} avec des zéros devant : un tableur les a ôtés ; la première est ligne %s",
		EN: "%d value{s} {is|are} known with zeros before {it|them}: a spreadsheet took those off; the first is at line %s"}
	zerosAlone = lang.Text{FR: "%d valeur{s} {est|sont} un seul 0 : un tableur a peut-être écourté 00 ; la première est ligne %s",
		EN: "%d value{s} {is|are} a lone 0: a spreadsheet may have shortened 00; the first is at line %s"}
	thousandfold = lang.Text{FR: "%d nombre{s} entier{s} {est|sont} mille fois plus grand{s} que les autres : un tableur réglé en anglais lit 85,714 comme 85714 ; le premier est ligne %s",
		EN: "%d whole number{s} {is|are} a thousand times the others: a spreadsheet set to English reads 85,714 as 85714; the first is at line %s"}
	lettersLost = lang.Text{FR: "%d valeur{s} {a|ont} un ? au milieu des lettres : un enregistrement en windows-1252 remplace ainsi les lettres qu'il n'a pas ; la première est ligne %s",
		EN: "%d value{s} {has a ? among its|have a ? among their} letters: saving as windows-1252 so replaces the letters that it lacks; the first is at line %s"}
	manyDigits = lang.Text{FR: "%d nombre{s} {a|ont} plus de quinze chiffres, et {n'est pas un nombre exact de centimes : il est laissé tel quel|ne sont pas des centimes exacts : ils sont laissés tels quels} ; le premier est ligne %s",
		EN: "%d number{s} {has more than fifteen digits and is no exact count of centimes: it is left as it is|have more than fifteen digits and are no exact centimes: they are left as they are}; the first is at line %s"}
)

// Advice is what to do about all of these.
var Advice = lang.Text{FR: "reprenez le fichier d'origine et importez ces colonnes en « Texte » (docs/tableur.fr.md), ou gardez le classeur .xlsx de « xhl decode --format xlsx »",
	EN: "take the original file again and import these columns as “Text” (docs/tableur.md), or keep the .xlsx workbook of “xhl decode --format xlsx”"}

// AdviceOnPage is the same where there is no command to type.
var AdviceOnPage = lang.Text{FR: "reprenez le fichier d'origine et importez ces colonnes en « Texte »", EN: "take the original file again and import these columns as “Text”"}

// maxLength bounds the lengths that are told apart.
const maxLength = 64

// A tally counts what is met, and where first.
type tally struct {
	n     int
	first int64 // line, from 1
}

func (t *tally) add(line int64) {
	if t.n++; t.first == 0 || line < t.first {
		t.first = line
	}
}

func (t *tally) merge(o tally) {
	t.n += o.n
	if o.first != 0 && (t.first == 0 || o.first < t.first) {
		t.first = o.first
	}
}

// Column is one column while it is read. The zero Column of a Kind works.
type Column struct {
	Kind  Kind
	Width int                 // digits of every value, where the trade fixes them; 0 elsewhere
	Mixed bool                // values are all of one length where zeros are kept
	Lone  bool                // a lone 0 is no value
	Known map[string]struct{} // values of before; nil when there are none

	lengths [maxLength]tally
	zero    bool // a value begins with a zero
	known   tally
	lone    tally
	letters tally
	many    tally

	fractions int     // numbers that have some
	largest   float64 // of these
	whole     []large // numbers without, the largest first
}

// large is a whole number that may be a thousand times too large.
type large struct {
	value float64
	tally
}

// maxLarge bounds how many different ones are kept.
const maxLarge = 64

// See takes a value, as Read gave it, that stands at a line.
func (c *Column) See(s string, line int64) {
	if s == "" {
		return
	}
	switch c.Kind {
	case Name:
		if lostLetter(s) {
			c.letters.add(line)
		}
	case Code, Digits:
		c.code(s, line)
	case Decimal:
		c.number(s, line)
	}
}

func (c *Column) code(s string, line int64) {
	if digits(s) != len(s) {
		return
	}
	if len(s) < maxLength {
		c.lengths[len(s)].add(line)
	}
	switch {
	case s == "0":
		c.lone.add(line)
	case s[0] == '0':
		c.zero = true
	}
	if c.Known == nil {
		return
	}
	if _, same := c.Known[s]; same {
		return
	}
	for padded := "0" + s; len(padded) < maxLength; padded = "0" + padded {
		if _, was := c.Known[padded]; was {
			c.known.add(line)
			return
		}
	}
}

func (c *Column) number(s string, line int64) {
	if long(s) {
		c.many.add(line)
		return
	}
	t := strings.TrimLeft(s, "+-")
	n := digits(t)
	value := 0.0
	for i := range min(n, maxPlainDigits) {
		value = value*10 + float64(t[i]-'0')
	}
	if n < len(t) {
		if strings.Trim(t[n:], ".0") != "" {
			c.fractions++
			c.largest = max(c.largest, value+1)
		}
		return
	}
	if value < 100 {
		return
	}
	at, found := slices.BinarySearchFunc(c.whole, value, func(l large, v float64) int { return cmp.Compare(v, l.value) })
	if !found {
		if at == maxLarge {
			return
		}
		c.whole = slices.Insert(c.whole, at, large{value: value})
		c.whole = c.whole[:min(len(c.whole), maxLarge)]
	}
	c.whole[at].add(line)
}

// Merge adds what another saw of the same column.
func (c *Column) Merge(o *Column) {
	for i := range c.lengths {
		c.lengths[i].merge(o.lengths[i])
	}
	c.zero = c.zero || o.zero
	c.known.merge(o.known)
	c.lone.merge(o.lone)
	c.letters.merge(o.letters)
	c.many.merge(o.many)
	c.fractions += o.fractions
	c.largest = max(c.largest, o.largest)
	for _, l := range o.whole {
		at, found := slices.BinarySearchFunc(c.whole, l.value, func(l large, v float64) int { return cmp.Compare(v, l.value) })
		if !found {
			c.whole = slices.Insert(c.whole, at, l)
			continue
		}
		c.whole[at].merge(l.tally)
	}
	c.whole = c.whole[:min(len(c.whole), maxLarge)]
}

// Suspicion is what a column shows, and the first line that does.
type Suspicion struct {
	lang.Phrase
	Ligne int64
}

func suspicion(t lang.Text, seen tally, args ...any) Suspicion {
	args = append(append([]any{seen.n}, args...), lineText(seen.first))
	return Suspicion{t.With(args...), seen.first}
}

// Suspicions tells what a column shows once it is read.
func (c *Column) Suspicions() []Suspicion {
	var list []Suspicion
	add := func(t lang.Text, seen tally, args ...any) {
		if seen.n > 0 {
			list = append(list, suspicion(t, seen, args...))
		}
	}
	add(zerosByPast, c.known)
	switch {
	case c.known.n > 0:
	case c.Width > 0:
		add(zerosByWidth, c.shorter(c.Width), c.Width)
	case c.Mixed && c.Known == nil:
		if seen, usual := c.stripped(); seen.n > 0 {
			add(zerosByLength, seen, usual)
		}
	}
	if c.Lone {
		add(zerosAlone, c.lone)
	}
	add(lettersLost, c.letters)
	add(manyDigits, c.many)
	add(thousandfold, c.thousandfold())
	return list
}

// minMixed are the digits from which a code is rather padded than counted.
const minMixed = 5

// usual is the length that most values have, 0 when none is that of the half.
// It is the longest one: zeros are taken off, never put before.
func (c *Column) usual() int {
	total, longest := 0, 0
	for n := range c.lengths {
		if c.lengths[n].n > 0 {
			total += c.lengths[n].n
			longest = n
		}
	}
	if 2*c.lengths[longest].n < total {
		return 0
	}
	return longest
}

// stripped are the values that are shorter than the usual length, where none kept
// a zero: a spreadsheet that took off some took off all.
func (c *Column) stripped() (seen tally, usual int) {
	if usual = c.usual(); c.zero || usual < minMixed {
		return tally{}, usual
	}
	return c.shorter(usual), usual
}

// Shorter tells how many values of a column have fewer digits than usual, as if
// zeros had been taken off, and the line of the first of them.
func (c *Column) Shorter() (n, usual int, first int64) {
	seen, usual := c.stripped()
	return seen.n, usual, seen.first
}

func (c *Column) shorter(than int) (t tally) {
	for n := 1; n < than; n++ {
		t.merge(c.lengths[n])
	}
	return t
}

// minFractions is how many numbers show what the others of a column are like.
const minFractions = 3

// thousandfold finds whole numbers far beyond the numbers with decimals, that
// are like these once they are divided by a thousand.
func (c *Column) thousandfold() (t tally) {
	if c.fractions < minFractions {
		return t
	}
	for _, l := range c.whole {
		if l.value > 20*c.largest && l.value/1000 <= c.largest {
			t.merge(l.tally)
		}
	}
	return t
}

// lostLetter finds a ? that stands where a letter does: Y?ld?z.
func lostLetter(s string) bool {
	for from := 0; ; {
		at := strings.IndexByte(s[from:], '?')
		if at < 0 {
			return false
		}
		at += from
		before, _ := utf8.DecodeLastRuneInString(s[:at])
		after, _ := utf8.DecodeRuneInString(s[at+1:])
		if unicode.IsLetter(after) || unicode.IsLetter(before) && at+1 == len(s) {
			return true
		}
		from = at + 1
	}
}

// lineText is a line in a message, where digits are not grouped.
func lineText(n int64) string { return strconv.FormatInt(n, 10) }
