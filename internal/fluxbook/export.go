package fluxbook

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"paye/internal/ledger"
)

// exportVersion is that of the JSON lines; another one is refused.
const exportVersion = 1

// table is what is exported of a table, in the order of its rows.
type table struct {
	name    string
	columns []string // "?" after the name of an integer that may be absent, "#" of an integer, "*" of bytes
	order   string
}

var tables = []table{
	{"flux_paye", []string{"id#", "siret", "codcol", "codbud", "annee#", "mois#", "train", "edition#", "packaging", "dossier", "empreinte", "version", "cree"}, "id"},
	{"flux_volume", []string{"id#", "paye#", "volume#", "envoi#", "origine?", "nomfic", "codcol", "fichier", "octets#", "sha256", "etat", "pieces#", "acceptees#", "refusees#", "depot", "transaction_id", "message", "modifie"}, "id"},
	{"flux_piece", []string{"volume#", "rang#", "id_unique", "genre", "sha256", "octets#", "etat", "code", "libelle", "suite?"}, "volume, rang"},
	{"flux_identifiant", []string{"siren", "id_unique", "sha256", "volume#"}, "siren, id_unique"},
	{"flux_depot", []string{"id#", "volume#", "tdt", "debut", "fin", "octets#", "etat", "transaction_id", "message"}, "id"},
	{"flux_acquit", []string{"sha256", "rang#", "recu", "qui", "fichier", "volume?", "nomfic", "codcol", "date_str", "contenu*"}, "rang"},
	{"flux_historique", []string{"id#", "quand", "qui", "nomfic", "codcol", "de", "vers", "motif"}, "id"},
}

func (t *table) names() string {
	return strings.NewReplacer("#", "", "?", "", "*", "").Replace(strings.Join(t.columns, ", "))
}

// row makes the places that a row is read into or written from.
func (t *table) row() []any {
	row := make([]any, len(t.columns))
	for i, c := range t.columns {
		switch c[len(c)-1] {
		case '#':
			row[i] = new(int64)
		case '?':
			row[i] = new(sql.NullInt64)
		case '*':
			row[i] = new([]byte)
		default:
			row[i] = new(string)
		}
	}
	return row
}

// line is a line of the export.
type line struct {
	Type    string `json:"type"` // registre, the name of a table, fin
	Version int    `json:"version,omitempty"`
	Ligne   []any  `json:"ligne,omitempty"` // in the order of the columns
	Nombre  int    `json:"nombre,omitempty"`
}

// Export writes the whole book as JSON lines, all of one moment: a head, each
// row of each table, and an end that counts them.
func (b *Book) Export(ctx context.Context, w io.Writer) (n int, err error) {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	if err := enc.Encode(line{Type: "registre", Version: exportVersion}); err != nil {
		return 0, err
	}
	err = b.l.View(ctx, func(db ledger.DB) error {
		for i := range tables {
			m, err := tables[i].export(ctx, db, enc)
			n += m
			if err != nil {
				return fmt.Errorf("export %s: %w", tables[i].name, err)
			}
		}
		return nil
	})
	if err != nil {
		return n, err
	}
	if err := enc.Encode(line{Type: "fin", Nombre: n}); err != nil {
		return n, err
	}
	return n, out.Flush()
}

func (t *table) export(ctx context.Context, db ledger.DB, enc *json.Encoder) (n int, err error) {
	rows, err := db.QueryContext(ctx, `select `+t.names()+` from `+t.name+` order by `+t.order)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		row := t.row()
		if err := rows.Scan(row...); err != nil {
			return n, err
		}
		for i := range row {
			if v, nullable := row[i].(*sql.NullInt64); nullable {
				row[i] = nil
				if v.Valid {
					row[i] = v.Int64
				}
			}
		}
		if err := enc.Encode(line{Type: t.name, Ligne: row}); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// maxLine is the longest line of an export that is read: an acknowledgment in
// base64.
const maxLine = 128 << 20

// Import reads an export into a book that has nothing yet. What is cut short,
// of another version or refused by the tables changes nothing.
func (l *LateBook) Import(ctx context.Context, r io.Reader) (n int, err error) {
	in := bufio.NewScanner(r)
	in.Buffer(nil, maxLine)
	if !in.Scan() {
		return 0, cut(in.Err())
	}
	if _, err := importLine(ctx, nil, in.Bytes(), 1, 0); err != nil {
		return 0, err
	}
	b, err := l.Open()
	if err != nil {
		return 0, err
	}
	err = b.updateMany(ctx, func(tx ledger.Tx) error {
		var used int
		if err := tx.QueryRowContext(ctx, `select count(*) from flux_historique`).Scan(&used); err != nil {
			return fmt.Errorf("look into the book: %w", err)
		}
		if used > 0 {
			return Codes.New(PasVide)
		}
		ended := false
		for number := 2; in.Scan(); number++ {
			if ended {
				return Codes.New(ExportIllisible, number)
			}
			var err error
			if ended, err = importLine(ctx, tx, in.Bytes(), number, n); err != nil {
				return err
			}
			if !ended {
				n++
			}
		}
		if err := in.Err(); err != nil || !ended {
			return cut(err)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// cut is why an export has no more lines, where its end was not met.
func cut(err error) error {
	if err == nil || errors.Is(err, bufio.ErrTooLong) {
		return Codes.New(ExportCoupe)
	}
	return fmt.Errorf("read the export: %w", err)
}

// importLine writes one line of an export, and reports whether it is the end.
func importLine(ctx context.Context, tx ledger.Tx, text []byte, number, rows int) (end bool, err error) {
	var l line
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(&l); err != nil {
		return false, Codes.New(ExportIllisible, number)
	}
	switch {
	case number == 1 && (l.Type != "registre" || l.Version != exportVersion):
		return false, Codes.New(ExportVersion, exportVersion)
	case number == 1:
		return false, nil
	case l.Type == "fin" && l.Nombre != rows:
		return false, Codes.New(ExportCoupe)
	case l.Type == "fin":
		return true, nil
	}
	for i := range tables {
		if tables[i].name == l.Type {
			return false, tables[i].insert(ctx, tx, l.Ligne, number)
		}
	}
	return false, Codes.New(ExportIllisible, number)
}

func (t *table) insert(ctx context.Context, tx ledger.Tx, values []any, number int) error {
	if len(values) != len(t.columns) {
		return Codes.New(ExportIllisible, number)
	}
	row, marks := make([]any, len(values)), make([]string, len(values))
	for i, v := range values {
		marks[i] = "$" + strconv.Itoa(i+1)
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if row[i], err = t.value(i, text); err != nil {
			return Codes.New(ExportIllisible, number)
		}
	}
	if _, err := tx.ExecContext(ctx, `insert into `+t.name+` (`+t.names()+`) values (`+strings.Join(marks, ", ")+`)`, row...); err != nil {
		return errors.Join(Codes.New(ExportIllisible, number), err)
	}
	return nil
}

// value reads the value of column i.
func (t *table) value(i int, text []byte) (any, error) {
	c := t.columns[i]
	switch c[len(c)-1] {
	case '#':
		var v int64
		err := json.Unmarshal(text, &v)
		return v, err
	case '?':
		var v *int64
		err := json.Unmarshal(text, &v)
		if v == nil {
			return sql.NullInt64{}, err
		}
		return sql.NullInt64{Int64: *v, Valid: true}, err
	case '*':
		var v []byte
		err := json.Unmarshal(text, &v)
		return v, err
	}
	var v string
	err := json.Unmarshal(text, &v)
	return v, err
}
