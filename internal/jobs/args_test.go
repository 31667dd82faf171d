package jobs

import (
	"reflect"
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
