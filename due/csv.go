package due

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"paye/internal/sheet"
)

// maxCSV is the largest CSV that is read, in bytes: some 100,000 hires.
const maxCSV = 64 << 20

// ReadCSV gives the hires of a CSV with a header line: columns named as the
// Champ values, in any order; ";", tabs or "," between them, or what a line sep=;
// before says; UTF-8, windows-1252 or marked UTF-16.
// The columns matricule, contrat and date_debut must be there, an unknown or
// repeated column is refused. Values are trimmed and otherwise left as they
// are: judging them is the work of a Controleur. A workbook .xlsx gives the
// sheet that has these columns. What a spreadsheet broke is an anomaly instead of the hire, DUE-126; what
// only whole columns show comes last, DUE-127.
func ReadCSV(ctx context.Context, r io.Reader, fichier string) Source {
	return func(yield func(Embauche, error) bool) {
		text, choice, err := sheet.Reader(r, maxCSV, string(ChampMatricule), string(ChampContrat), string(ChampDateDebut))
		if err != nil {
			yield(Embauche{}, notCSV(err, fichier))
			return
		}
		if a := choice.Notice(fichier); a != nil && !yield(Embauche{}, a) {
			return
		}
		in := &io.LimitedReader{R: text, N: maxCSV + 1}
		br := bufio.NewReaderSize(in, 64<<10)
		if bom, _ := br.Peek(3); bytes.Equal(bom, []byte("\ufeff")) {
			_, _ = br.Discard(3) // three bytes that Peek has just given
		}
		cr := csv.NewReader(br)
		line := firstLine(br)
		cr.Comma = sheet.Separator(line)
		cr.ReuseRecord = true
		if told := sheet.Told(line); told != 0 {
			cr.Comma = told
			_, _ = cr.Read() // sep=; is two cells
			cr.FieldsPerRecord = 0
		}
		header, err := cr.Read()
		if err != nil {
			yield(Embauche{}, csvError(err, in, fichier))
			return
		}
		columns, err := csvHeader(header, fichier)
		if err != nil {
			yield(Embauche{}, err)
			return
		}
		watches := newSheetWatches(columns)
		for {
			record, err := cr.Read()
			if err == io.EOF && in.N > 0 {
				watches.tell(columns, fichier, yield)
				return
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil || in.N <= 0 {
				yield(Embauche{}, csvError(err, in, fichier))
				return
			}
			line, _ := cr.FieldPos(0)
			e := Embauche{Fichier: fichier, Ligne: int64(line)}
			if err := watches.read(&e, columns, record); err != nil {
				if !yield(Embauche{}, err) {
					return
				}
				continue
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// firstLine is the header line, which holds names only, or what stands before it.
func firstLine(br *bufio.Reader) []byte {
	head, _ := br.Peek(4096)
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return line
}

func csvHeader(header []string, fichier string) ([]colonne, error) {
	known := make(map[Champ]colonne, len(colonnes))
	for _, c := range colonnes {
		known[c.champ] = c
	}
	named := 0
	for _, name := range header {
		if _, ok := known[Champ(strings.ToLower(strings.TrimSpace(utf8Text(name))))]; ok {
			named++
		}
	}
	if 2*named < len(header) { // data: whatever stands there is not to be told
		return nil, Codes.New("DUE-122", string(ChampMatricule)).At(fichier, -1, 1)
	}
	columns := make([]colonne, len(header))
	seen := make(map[Champ]bool, len(header))
	for i, name := range header {
		champ := Champ(strings.ToLower(strings.TrimSpace(utf8Text(name))))
		c, ok := known[champ]
		if !ok || seen[champ] {
			return nil, Codes.New("DUE-121", excerpt(string(champ))).At(fichier, -1, 1)
		}
		seen[champ], columns[i] = true, c
	}
	for _, champ := range [...]Champ{ChampMatricule, ChampContrat, ChampDateDebut} {
		if !seen[champ] {
			return nil, Codes.New("DUE-122", string(champ)).At(fichier, -1, 1)
		}
	}
	return columns, nil
}

// csvError turns what encoding/csv found wrong into an anomaly, and keeps the
// errors of the machine.
func csvError(err error, in *io.LimitedReader, fichier string) error {
	var parse *csv.ParseError
	switch {
	case in.N <= 0:
		return Codes.New("DUE-124", int64(maxCSV)).At(fichier, -1, 0)
	case err == io.EOF:
		return Codes.New("DUE-120").At(fichier, -1, 0)
	case errors.As(err, &parse):
		return Codes.New("DUE-123").At(fichier, -1, int64(parse.Line))
	}
	return fmt.Errorf("read %s: %w", fichier, err)
}

// utf8Text is s when it is UTF-8, else s read as windows-1252, which contains
// what people call ISO-8859-1. Controls that windows-1252 leaves undefined
// become U+FFFD.
func utf8Text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		b.WriteRune(charmap.Windows1252.DecodeByte(s[i]))
	}
	return b.String()
}

// excerpt is at most 40 characters of a name that an input gave, for a
// message.
func excerpt(s string) string {
	const limit = 40
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}
