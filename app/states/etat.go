package states

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"paye/etats"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/xhl"
)

// Kinds of états, as the command names them.
const (
	Liquidatif    = "liquidatif"
	Heures        = "heures"
	Astreintes    = "astreintes"
	SFT           = "sft"
	Elus          = "elus"
	Charges       = "charges"
	Recapitulatif = "recapitulatif"
	Controles     = "controles"
	RubriquesEtat = "rubriques"
)

// EtatRequest asks for an état of a month.
type EtatRequest struct {
	Kind      string
	Journals  []string // files and folders of the month, read as one
	Rubriques string   // rubriques.csv; empty: the one beside the journals, if any
	Filtre    etats.Filtre
	Wide      bool // liquidatif: one row an agent
}

// Etat is an état ready to be written.
type Etat struct {
	Title  lang.Text
	Tables []*Table
	Notes  []string
	Mois   *etats.Mois
	SHA256 string
}

// Make reads a month and makes the état.
func Make(ctx context.Context, q *EtatRequest, look *Look, w *Watch) (*Etat, error) {
	given, err := Rubriques(q.Rubriques, q.Journals, w)
	if err != nil {
		return nil, err
	}
	m, err := Read(ctx, etats.NewLexique(), q.Journals, ForEtats, w)
	if err != nil {
		return nil, err
	}
	c := etats.Classify(given, w.report, m)
	sum, err := digest(q.Journals)
	if err != nil {
		return nil, err
	}
	e := &Etat{Mois: m, SHA256: sum}
	e.unknown(c, look, w)
	b := &builder{m: m, c: c, q: &q.Filtre, look: look, etat: e}
	switch q.Kind {
	case Heures:
		b.heures()
	case Astreintes:
		b.lines(lang.Text{FR: "État des astreintes, interventions et permanences", EN: "État of astreintes, interventions and permanences"}, Astreintes, etats.Astreintes(m, c, b.q))
	case Elus:
		b.elus()
	case SFT:
		b.sft()
	case Charges:
		b.charges()
	case Recapitulatif:
		b.recapitulatif()
	case Controles:
		b.controles()
	case RubriquesEtat:
		e.Title, e.Tables = lang.Text{FR: "Rubriques", EN: "Rubriques"}, []*Table{RubriqueTable(c)}
		return e, nil
	default:
		b.liquidatif(q.Wide)
	}
	b.foot()
	return e, nil
}

// unknown notes the rubriques of unknown class, which weigh on every état.
func (e *Etat) unknown(c *etats.Classement, look *Look, w *Watch) {
	n, poids, brut := c.Inconnues()
	e.Notes = append(e.Notes, lang.Text{FR: "%d rubrique{s}, %d inconnue{s}, qui {pèse|pèsent} %s € de brut", EN: "%d rubrique{s}, %d unknown, which {weighs|weigh} %s € of gross"}.In(look.Language, len(c.Rubriques), n, Amount(poids)))
	if poids*20 > brut {
		w.report(etats.Codes.New(etats.TropDInconnues, n))
		e.Notes = append(e.Notes, etats.Codes.New(etats.TropDInconnues, n).Message(look.Language))
	}
}

// digest is the SHA-256 of the files, of each in turn when there are several.
func digest(paths []string) (string, error) {
	files, _, err := inventory(paths)
	if err != nil {
		return "", err
	}
	var list []string
	for _, path := range files {
		f, err := input.Open(path)
		if _, isAnomaly := err.(*anomalie.Anomalie); isAnomaly {
			continue // a folder of a run, which has no digest of its own
		}
		if err != nil {
			return "", notFound(path, err)
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return "", fmt.Errorf("read %s: %w", path, err)
		}
		list = append(list, hex.EncodeToString(h.Sum(nil)))
	}
	return strings.Join(list, " "), nil
}

// builder makes the tables of an état.
type builder struct {
	m    *etats.Mois
	c    *etats.Classement
	q    *etats.Filtre
	look *Look
	etat *Etat
}

func (b *builder) nom(f *etats.Fiche) Cell {
	if b.look.Masked {
		return text("")
	}
	return text(f.Nom.Reveal())
}

func (b *builder) absent() Cell { return text(etats.NonPorte.In(b.look.Language)) }

func (b *builder) title(t lang.Text) { b.etat.Title = t }

func (b *builder) table(t *Table) {
	t.Empty = lang.Text{FR: "aucune ligne", EN: "no row"}
	b.etat.Tables = append(b.etat.Tables, t)
}

// column makes a Column whose heading is a French word, and its English.
func column(key, fr, en string, kind Kind, width float64) Column {
	return Column{key, lang.Text{FR: fr, EN: en}, kind, width}
}

// agentColumns name an agent in every état.
func agentColumns() []Column {
	return []Column{column("matricule", "matricule", "matricule", Text, 1.2), column("nom", "nom", "name", Text, 2.2)}
}

func (b *builder) agent(f *etats.Fiche) []Cell { return []Cell{text(f.Matricule), b.nom(f)} }

// foot adds the totals that end every état, and says whether they are those of
// the source.
func (b *builder) foot() {
	t := etats.Totals(b.m, b.q)
	l := b.look.Language
	same := lang.Text{FR: "égaux à ceux des bulletins", EN: "equal to those of the bulletins"}
	if t.Net != t.NetAPayer {
		same = lang.Text{FR: "différents de ceux des bulletins : net par les lignes ", EN: "other than those of the bulletins: net by the lines "}
	}
	note := lang.Text{FR: "%d bulletin{s} de %d agent{s}, brut %s, net à payer %s ; totaux %s", EN: "%d bulletin{s} of %d agent{s}, gross %s, net to pay %s; totals %s"}.In(l, t.Bulletins, t.Agents, Amount(t.Brut), Amount(t.NetAPayer), same.In(l))
	if t.Net != t.NetAPayer {
		note += Amount(t.Net)
	}
	b.etat.Notes = append(b.etat.Notes, note)
	for _, part := range []struct {
		name  string
		title lang.Text
		list  []etats.Compte
	}{
		{"total_etablissement", lang.Text{FR: "Totaux par établissement (brut déclaré)", EN: "Totals by établissement (declared gross)"}, t.Etablissements},
		{"total_service", lang.Text{FR: "Totaux par service (brut déclaré)", EN: "Totals by service (declared gross)"}, t.Services},
		{"total_compte", lang.Text{FR: "Totaux par compte", EN: "Totals by account"}, t.Comptes},
	} {
		list := part.list
		b.table(&Table{Name: part.name, Title: part.title, Len: len(list),
			Columns: []Column{column("cle", "clé", "key", Text, 2), column("libelle", "libellé", "label", Text, 3), column("lignes", "lignes", "rows", Count, 1), column("montant", "montant", "amount", Money, 1.5)},
			Rows: func(yield func([]Cell) bool) {
				for _, c := range list {
					if !yield([]Cell{text(c.Rubrique), text(c.Piece), count(c.N), money(c.Montant)}) {
						return
					}
				}
			}})
	}
}

// units is a number of hours or units, or the words that say it is not there.
func (b *builder) units(n int64, known bool) Cell {
	if !known {
		return b.absent()
	}
	return number(n)
}

// decimal is a number as the journal writes it, in thousandths.
func decimal(d xhl.Decimal) Cell {
	if n, ok := d.Milliemes(); ok {
		return number(n)
	}
	return text(d.Reveal())
}
