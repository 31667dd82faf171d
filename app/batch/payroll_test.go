package batch

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/app/build"
)

const headOfARun = `{"entete":{"IdVer":"1.4","Annee":"2026","Mois":"05","Train":"PAYE","Budget":{"Libelle":"Eau","Code":"01"},"Employeur":{"Nom":"Ville","Siret":"12345678200010"}}}` + "\n"

// Two tasks are one payroll when nothing that the book knows a payroll by tells
// them apart: the budget is that of the accountant, or else that of the journal.
func TestPayrollsAreToldApart(t *testing.T) {
	run := func(old, new string) *Task {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "run.jsonl"), []byte(strings.Replace(headOfARun, old, new, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		return &Task{Sortie: dir, Build: build.Request{Entree: dir}}
	}
	coded := func(task *Task, budget string) *Task {
		task.Build.Flux.CodCol, task.Build.Flux.CodBud = "123", budget
		return task
	}
	for _, c := range []struct {
		name string
		a, b *Task
		same bool
	}{
		{"twice", run("", ""), run("", ""), true},
		{"another budget of the journal", run("", ""), run(`"01"`, `"00"`), false},
		{"no budget", run("", ""), run(`"Budget":{"Libelle":"Eau","Code":"01"},`, ""), false},
		{"one budget of the accountant", coded(run("", ""), "00"), coded(run(`"01"`, `"00"`), "00"), true},
		{"two budgets of the accountant", coded(run("", ""), "00"), coded(run("", ""), "01"), false},
		{"another month", run("", ""), run(`"05"`, `"06"`), false},
		{"another train", run("", ""), run("PAYE", "RAPPEL"), false},
		{"no month, in two folders", run(`"05"`, `"13"`), run(`"05"`, `"13"`), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := c.a.payroll(context.Background()), c.b.payroll(context.Background())
			if (a == b) != c.same {
				t.Errorf("%+v and %+v", a, b)
			}
		})
	}
}
