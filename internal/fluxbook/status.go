package fluxbook

import (
	"context"
	"fmt"
	"strings"
	"time"

	"paye/internal/ledger"
)

// Ligne is where one payroll is: its fluxes by state.
type Ligne struct {
	Key
	Edition  int
	Fluxes   int
	Pieces   int // each once, however often it left
	Acceptes int // pieces
	Refuses  int // pieces that nothing carries again yet
	Par      map[Etat]int
	Late     int       // fluxes whose answer is late
	Premier  time.Time // oldest deposit that waits for its answer
}

// Waits reports whether something of the payroll waits for a person.
func (l *Ligne) Waits() bool {
	return l.Late > 0 || l.Refuses > 0 || l.Par[Incertain] > 0 || l.Par[EnEnvoi] > 0 || l.Par[Refuse] > 0 || l.Par[Acquitte] > 0 && l.Refuses+l.Par[Depose]+l.Par[Transmis]+l.Par[Produit] == 0
}

// Filtre says which payrolls are looked at; the zero value is all of them.
type Filtre struct {
	Siret string
	Annee int
	Mois  int
}

func (w Filtre) where() (text string, args []any) {
	text = "where 1 = 1"
	add := func(column string, value any) {
		args = append(args, value)
		text += fmt.Sprintf(" and p.%s = $%d", column, len(args))
	}
	if w.Siret != "" {
		add("siret", w.Siret)
	}
	if w.Annee != 0 {
		add("annee", w.Annee)
	}
	if w.Mois != 0 {
		add("mois", w.Mois)
	}
	return text, args
}

// Status is where every payroll is, by employer and month.
func (b *Book) Status(ctx context.Context, which Filtre) ([]*Ligne, error) {
	where, args := which.where()
	late := ledger.Time(b.l.Now().Add(-Late))
	args = append(args, late)
	rows, err := b.l.DB().QueryContext(ctx, fmt.Sprintf(
		`select p.id, p.siret, p.codcol, p.codbud, p.annee, p.mois, p.train, p.edition, v.etat, count(*), sum(case when v.envoi = 0 then v.pieces else 0 end), sum(v.acceptees), sum(v.refusees),
			min(v.depot), sum(case when v.depot <> '' and v.depot < $%d then 1 else 0 end)
		 from flux_volume v join flux_paye p on p.id = v.paye %s
		 group by p.id, p.siret, p.codcol, p.codbud, p.annee, p.mois, p.train, p.edition, v.etat
		 order by p.siret, p.codcol, p.codbud, p.annee, p.mois, p.train, p.edition`, len(args), where), args...)
	if err != nil {
		return nil, fmt.Errorf("read where the fluxes are: %w", err)
	}
	defer rows.Close()
	var list []*Ligne
	last := int64(0)
	for rows.Next() {
		var l Ligne
		var id int64
		var etat Etat
		var n, pieces, accepted, refused, old int
		var depot string
		if err := rows.Scan(&id, &l.Siret, &l.CodCol, &l.CodBud, &l.Annee, &l.Mois, &l.Train, &l.Edition, &etat, &n, &pieces, &accepted, &refused, &depot, &old); err != nil {
			return nil, fmt.Errorf("read where the fluxes are: %w", err)
		}
		if id != last {
			l.Par = make(map[Etat]int)
			list = append(list, &l)
			last = id
		}
		if err := list[len(list)-1].add(etat, n, pieces, accepted, refused, depot, old); err != nil {
			return nil, err
		}
	}
	return list, rows.Err()
}

func (l *Ligne) add(etat Etat, n, pieces, accepted, refused int, depot string, old int) error {
	l.Fluxes += n
	l.Pieces += pieces
	l.Acceptes += accepted
	l.Par[etat] += n
	if etat != Abandonne && etat != Clos {
		l.Refuses += refused
	}
	if !etat.Waiting() || depot == "" {
		return nil
	}
	l.Late += old
	first, err := ledger.ParseTime(depot)
	if err == nil && (l.Premier.IsZero() || first.Before(l.Premier)) {
		l.Premier = first
	}
	return err
}

// List is every flux of the payrolls, in the order of Status.
func (b *Book) List(ctx context.Context, which Filtre) ([]*Flux, error) {
	where, args := which.where()
	return fluxes(ctx, b.l.DB(), where+` order by p.siret, p.codcol, p.codbud, p.annee, p.mois, p.train, p.edition, v.volume, v.envoi`, args...)
}

// Mouvement is one line of the history of a flux.
type Mouvement struct {
	Quand    time.Time
	Qui      string
	De, Vers Etat
	Motif    string
}

// Answered reports whether the reason is the digest of an acknowledgment, which
// says nothing to people.
func (m *Mouvement) Answered() bool {
	return len(m.Motif) == 64 && strings.Trim(m.Motif, "0123456789abcdef") == ""
}

// History is every move of a flux, oldest first.
func (b *Book) History(ctx context.Context, f *Flux) ([]Mouvement, error) {
	rows, err := b.l.DB().QueryContext(ctx, `select quand, qui, de, vers, motif from flux_historique where nomfic = $1 and codcol = $2 order by id`, f.NomFic, f.CodCol)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", f.NomFic, err)
	}
	defer rows.Close()
	var list []Mouvement
	for rows.Next() {
		var m Mouvement
		var quand string
		if err := rows.Scan(&quand, &m.Qui, &m.De, &m.Vers, &m.Motif); err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", f.NomFic, err)
		}
		if m.Quand, err = ledger.ParseTime(quand); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, rows.Err()
}
