package batch

import (
	"context"
	"fmt"

	"paye/app/build"
	"paye/internal/cores"
	"paye/internal/identifiants"
)

// payroll is what a task is about. The book knows a payroll by the same.
type payroll struct{ employeur, mois, train string }

// payrolls names what each task is about, several at a time, since each input is
// opened for it. A task that is the payroll of one before it gets the fault
// SamePayroll: the second would replace the first in the book. When ctx ends,
// the list is worth nothing.
func payrolls(ctx context.Context, tasks []*Task, faults []*Outcome, env *Env) []payroll {
	list := make([]payroll, len(tasks))
	cores.Each(ctx, 0, len(tasks), func(ctx context.Context, i int) error {
		if faults[i] == nil {
			list[i] = tasks[i].payroll(ctx)
		}
		return nil
	})
	first := make(map[payroll]string)
	for i, t := range tasks {
		if faults[i] != nil {
			continue
		}
		if other, twice := first[list[i]]; twice {
			faults[i] = same(t, env, other)
			continue
		}
		first[list[i]] = t.Dossier
	}
	return list
}

// payroll names what t is about: its employer with the codes of the accountant,
// the month and the train. One whose head cannot be read is known by its
// folder: its work says what is wrong.
func (t *Task) payroll(ctx context.Context) payroll {
	unknown := payroll{employeur: "dossier " + t.Sortie}
	if ctx.Err() != nil {
		return unknown
	}
	head, err := build.ReadHead(ctx, t.Build.Entree)
	if err != nil {
		return unknown
	}
	siret := head.Employeur.Siret
	override(&siret, t.Build.Siret)
	month, err := identifiants.NewPeriode(head.Annee, head.Mois)
	if err != nil || siret == "" {
		return unknown
	}
	budget := t.Build.Flux.CodBud
	if budget == "" && head.Budget != nil { // nothing of the accountant is asked for: the journal has its own
		budget = head.Budget.Code
	}
	return payroll{fmt.Sprintf("%s %s %s", siret, t.Build.Flux.CodCol, budget), month.String(), head.Train.Or("")}
}

func same(t *Task, env *Env, other string) *Outcome {
	return Fault(&Employeur{Dossier: t.Dossier, Faute: Codes.New(SamePayroll, other)}, env)
}
