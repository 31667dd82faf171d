package hr

import (
	"encoding/json"
	"strings"
	"testing"
)

func FuzzMappingNeverPanics(f *testing.F) {
	f.Add("version: 1\nemployeur: \"21310555400017\"\nsource: {type: folder, folder: x}\nchamps: {nom: {path: [a, b], else: c, values: {x: y}}}\n")
	f.Add("a: &a [*a, *a]\n")
	f.Add("version: 1\n---\nversion: 1\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ReadMapping(strings.NewReader(text), "mapping.yaml")
		if err == nil {
			m.Paths()
			if _, err := m.Digest(); err != nil {
				t.Error(err)
			}
		}
	})
}

func FuzzSheetNeverPanicsAndIsStable(f *testing.F) {
	f.Add(`{"id":1,"extendedData":{"e":{"value":{"f":{"value":" 2 92 09 75 116 142 74 "}}}}}`, "extendedData.e.f")
	f.Add(`{"A":{"id":1,"name":"x"}}`, "a")
	m := &Mapping{Employeur: town, Champs: make(map[Champ]Rule)}
	for i := range fields {
		m.Champs[fields[i].Champ] = Rule{Path: Paths{"p"}}
	}
	n := Normaliser{Mapping: m, Today: Date{2026, 9, 14}}
	f.Fuzz(func(t *testing.T, object, path string) {
		tree, err := ParseTree([]byte(object))
		if err != nil {
			return
		}
		value, found := tree.Resolve(path)
		if !found {
			return
		}
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		sheet := n.Fiche(&Record{ID: "1", Values: map[string]json.RawMessage{"p": raw}})
		// What was normalised once is left as it is.
		for i := 1; i < nbChamps; i++ {
			text, state := sheet.Values.at(i)
			if state != dit || fields[i].Kind == kindCountry {
				continue
			}
			again, code := n.value(&fields[i], text)
			if code != "" || again != text {
				t.Errorf("%s: %q becomes %q %s", fields[i].Champ, text, again, code)
			}
		}
	})
}
