package jobs

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// TestWhatMakesAJobUniqueIsPlain keeps the marks on texts of the arguments
// themselves: of two fields of one struct type River looks at the first only,
// and it does not find those of an embedded struct that has a name in JSON.
func TestWhatMakesAJobUniqueIsPlain(t *testing.T) {
	var unique []string
	for f := range reflect.TypeFor[Args]().Fields() {
		if f.Type.Kind() == reflect.Struct || f.Anonymous {
			t.Errorf("%s is a struct", f.Name)
		}
		if f.Tag.Get("river") == "unique" {
			unique = append(unique, f.Name)
			if f.Type.Kind() != reflect.String {
				t.Errorf("%s is no text", f.Name)
			}
		}
	}
	if want := []string{"Employeur", "Mois", "Train", "Step"}; !reflect.DeepEqual(unique, want) {
		t.Errorf("%v make a job unique, want %v", unique, want)
	}
}

// TestTaskIsATextInTheRow: objects of jobs that wait since a version before are read.
func TestTaskIsATextInTheRow(t *testing.T) {
	const task = `{"travail":{"dossier":"a \"b\""}}`
	row, err := json.Marshal(Args{Task: Task(task)})
	if err != nil || !strings.Contains(string(row), `"tache":"{`) {
		t.Fatalf("got %s, %v", row, err)
	}
	for _, row := range []string{string(row), `{"tache":` + task + `}`} {
		var a Args
		if err := json.Unmarshal([]byte(row), &a); err != nil || string(a.Task) != task {
			t.Errorf("of %s: got %s, %v", row, a.Task, err)
		}
	}
}
