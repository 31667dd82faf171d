package hr

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteVariables writes absences of its agents for the payroll program: UTF-8
// with its mark, ";", CRLF; a line is consecutive half-days of one agent and
// type.
//
//	matricule;etablissement;type;debut;debut_demi;fin;fin_demi;demi_journees;a_faire
//
// a_faire is empty for what is to be added, else supprimer, or regularisation
// when the month (before closed) is paid already.
func (r *Register) WriteVariables(w io.Writer, list []LotAbsence, what Action, closed Mois) error {
	var b strings.Builder
	b.WriteString("\ufeffmatricule;etablissement;type;debut;debut_demi;fin;fin_demi;demi_journees;a_faire\r\n")
	plain := make([]Absence, len(list))
	known := make(map[Absence]*LotAbsence, len(list))
	for i := range list {
		plain[i] = list[i].Absence
		known[plain[i]] = &list[i]
	}
	half := map[bool]string{true: "matin", false: "apres-midi"}
	for _, x := range spans(plain, func(a, b Absence) bool { return known[a].Period != "" && known[a].Period == known[b].Period }) {
		start := Absence{x.Agent, x.From, !x.Afternoon, x.Type}
		matricule, etab := r.post(x.Agent, known[start].Owner)
		action := ""
		if what == ToDelete {
			action = "supprimer"
			if x.From.Mois().Before(closed) {
				action = "regularisation"
			}
		}
		cells := []string{matricule, etab, x.Type, x.From.String(), half[!x.Afternoon], x.To.String(), half[x.Morning], strconv.Itoa(x.HalfDays), action}
		for i := range cells {
			cells[i] = csvCell(inert(cells[i]))
		}
		b.WriteString(strings.Join(cells, ";") + "\r\n")
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the absences: %w", err)
	}
	return nil
}

// Action is what payroll has to do with a list of absences.
type Action uint8

const (
	ToAdd Action = iota
	ToDelete
)

// post is the matricule and the établissement of a sheet of an agent.
func (r *Register) post(agent int64, owner string) (matricule, etab string) {
	a := r.Find(agent)
	if a == nil {
		return "", ""
	}
	for _, l := range a.Liens {
		if l.SourceID == owner && l.Matricule != "" {
			return l.Matricule, l.Etab
		}
	}
	return a.Name(), a.Etab
}

// WritePresences writes who is there, for who looks for agents without
// bulletin: UTF-8, ";", LF, no names.
//
//	etablissement;matricule;debut;fin;disparu
//
// fin is empty without an end; disparu is the day since when the source no
// longer shows the agent.
func (r *Register) WritePresences(w io.Writer) error {
	var b strings.Builder
	b.WriteString("etablissement;matricule;debut;fin;disparu\n")
	for _, a := range r.Agents {
		for _, l := range a.Liens {
			if l.Matricule == "" {
				continue
			}
			cells := []string{l.Etab, l.Matricule, l.Debut, l.Fin, l.Gone}
			for i := range cells {
				cells[i] = csvCell(inert(cells[i]))
			}
			b.WriteString(strings.Join(cells, ";") + "\n")
		}
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("write the presences: %w", err)
	}
	return nil
}
