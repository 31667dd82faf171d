package states

import (
	"iter"

	"paye/etats"
	"paye/internal/lang"
	"paye/xhl"
)

// recordColumns are the record of an agent in the état liquidatif (CGCT annexe
// I, 21021-1).
func recordColumns() []Column {
	return append(agentColumns(),
		column("etablissement", "établissement", "établissement", Text, 2),
		column("service", "service", "service", Text, 2),
		column("statut", "statut", "statut", Text, 1.4),
		column("emploi", "emploi", "post", Text, 2),
		column("grade", "grade", "grade", Text, 2.4),
		column("echelon", "échelon", "échelon", Text, 0.8),
		column("indice_majore", "indice majoré", "indice majoré", Text, 0.8),
		column("indice_brut", "indice brut", "indice brut", Text, 1.2),
		column("quotite", "quotité", "quotité", Number, 0.8),
		column("nbi", "NBI", "NBI", Number, 0.7),
		column("heures", "heures", "hours", Number, 0.9),
		column("taux_horaire", "taux horaire", "hourly rate", Number, 0.9),
		column("periode", "période", "period", Text, 1))
}

// record is the cells of an agent under recordColumns.
func (b *builder) record(f *etats.Fiche) []Cell {
	m := b.m
	indice := ""
	if f.Indice != 0 {
		indice = decimalText(int64(f.Indice))
	}
	return append(b.agent(f), text(m.Etablissement(f.Etablissement)), text(m.Texte(f.Service)), text(m.Texte(f.Statut)), text(m.Texte(f.Emploi)), text(m.Texte(f.Grade)),
		text(m.Texte(f.Echelon)), text(indice), b.absent(), number(int64(f.Quotite)*10), number(int64(f.NBI)), number(int64(f.HeuresTotal)),
		b.units(int64(f.TauxHoraire), f.TauxHoraire != 0), text(m.Titre()))
}

func decimalText(n int64) string { return thousandths(n * 1000) }

// liquidatif is the état nominatif décompté: one row a line, or one an agent.
func (b *builder) liquidatif(wide bool) {
	b.title(lang.Text{FR: "État liquidatif", EN: "État liquidatif"})
	if wide {
		b.wide()
		return
	}
	t := &Table{Name: "liquidatif", Title: b.etat.Title, Columns: append(recordColumns(),
		column("nature", "nature", "kind", Text, 1.2),
		column("code", "code", "code", Text, 0.8),
		column("libelle", "libellé", "label", Text, 2.6),
		column("classe", "classe", "class", Text, 1.2),
		column("compte", "compte", "account", Text, 0.9),
		column("base", "base", "base", Number, 1.1),
		column("taux", "taux", "rate", Number, 0.9),
		column("unites", "unités", "units", Number, 0.9),
		column("montant", "montant", "amount", Money, 1.2))}
	t.Rows = func(yield func([]Cell) bool) {
		var last *etats.Fiche
		var record []Cell
		etats.Liquidatif(b.m, b.c, b.q, func(row *etats.LigneLiquidee) bool {
			if row.Fiche != last {
				last, record = row.Fiche, b.record(row.Fiche)
			}
			cells := append(record[:len(record):len(record)], text(row.Cle.Nature.String()), text(row.Cle.Code), text(row.Libelle), text(row.Classe.String()), text(row.Compte),
				decimal(row.Detail.Base), decimal(row.Detail.Taux), b.units(int64(row.Ligne.Unites), row.Ligne.UnitesConnues()), money(row.Montant))
			if row.Detail.Periode != "" {
				cells[len(record)-1] = text(row.Detail.Periode)
			}
			return yield(cells)
		})
	}
	t.Len = length(t.Rows)
	b.table(t)
}

// wide has one column a rubrique, and the totals of the bulletin.
func (b *builder) wide() {
	large := etats.NewLarge(b.m, b.q)
	columns := recordColumns()
	for _, c := range large.Colonnes {
		key := c.Cle.Code + " " + c.Cle.Nature.String()
		columns = append(columns, Column{key, lang.Text{FR: c.Cle.Code + " " + c.Libelle, EN: c.Cle.Code + " " + c.Libelle}, Money, 1.2})
	}
	columns = append(columns, column("mt_brut", "MtBrut (déclaré)", "MtBrut (declared)", Money, 1.2), column("mt_net", "MtNet (déclaré)", "MtNet (declared)", Money, 1.2), column("mt_net_a_payer", "MtNetAPayer (déclaré)", "MtNetAPayer (declared)", Money, 1.2))
	t := &Table{Name: "liquidatif", Title: b.etat.Title, Columns: columns}
	t.Rows = func(yield func([]Cell) bool) {
		large.Rows(func(f *etats.Fiche, sums []xhl.Montant) bool {
			cells := b.record(f)
			for _, mt := range sums {
				cells = append(cells, money(mt))
			}
			return yield(append(cells, money(f.Totaux.Brut), money(f.Totaux.Net), money(f.Totaux.NetAPayer)))
		})
	}
	t.Len = length(t.Rows)
	b.table(t)
}

func length(rows iter.Seq[[]Cell]) int {
	n := 0
	for range rows {
		n++
	}
	return n
}

// rowsOf makes the rows of a list.
func rowsOf[T any](list []T, cells func(*T) []Cell) iter.Seq[[]Cell] {
	return func(yield func([]Cell) bool) {
		for i := range list {
			if !yield(cells(&list[i])) {
				return
			}
		}
	}
}

// recapitulatif is the répartition by account.
func (b *builder) recapitulatif() {
	list, derived := etats.Recapitulatif(b.m, b.q)
	b.title(lang.Text{FR: "État récapitulatif par compte", EN: "Summary by account"})
	if derived {
		b.etat.Notes = append(b.etat.Notes, lang.Text{FR: "calculé des lignes : le journal n'a pas de répartition par nature", EN: "made of the lines: the journal has no répartition par nature"}.In(b.look.Language))
	}
	b.table(&Table{Name: "recapitulatif", Title: b.etat.Title, Len: len(list),
		Columns: []Column{column("compte", "compte", "account", Text, 1), column("libelle", "libellé", "label", Text, 3), column("fonction", "fonction", "function", Text, 1), column("budget", "budget", "budget", Text, 1), column("montant", "montant", "amount", Money, 1.5)},
		Rows: rowsOf(list, func(r *xhl.Repartition) []Cell {
			mt, ok := r.Mt.Montant()
			amount := money(mt)
			if !ok {
				amount = text(r.Mt.Reveal())
			}
			return []Cell{text(r.Code), text(r.Libelle.V), text(r.CodeFonction.V), text(r.CodeBudget.V), amount}
		})})
}
