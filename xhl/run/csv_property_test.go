package run

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// tree makes values of the schema at random, each valid, with the texts that a
// CSV file may trip over.
type tree struct{ *rand.Rand }

var awkward = []string{"", "(vide)", "((vide))", "(vide", `a"b`, `"`, "x;y", "x,y", " bord ", "deux\nlignes", "fin\r", "\r\n", "\t", "é€œ", "=1+1", "NULL", "0", "Élan"}

func (t tree) value(l *schema.Lexical) string {
	digits := func(n int) string {
		s := ""
		for range n {
			s += strconv.Itoa(t.IntN(10))
		}
		return s
	}
	switch l.Kind {
	case schema.KindTexte:
		if s := awkward[t.IntN(len(awkward))]; len([]rune(s)) <= l.Max {
			return s
		}
		return strings.Repeat("é", t.IntN(l.Max+1))
	case schema.KindAlphanum:
		return strings.Repeat("aZ9", 5)[:t.IntN(min(l.Max, 15)+1)]
	case schema.KindNum:
		return digits(t.IntN(l.Max + 1))
	case schema.KindDecimal:
		return []string{"0", "-12.5", "007.850", " 3 ", "+.5", "5."}[t.IntN(6)]
	case schema.KindDate:
		return "2026-11-" + strconv.Itoa(10+t.IntN(20))
	case schema.KindAnnee:
		return "2026"
	case schema.KindMois:
		return "08"
	case schema.KindBooleen:
		return []string{"0", "true"}[t.IntN(2)]
	}
	return l.Values[t.IntN(len(l.Values))]
}

// fill gives values to the children of e in v.
func (t tree) fill(e *schema.Element, v any) {
	alternative := 1 + t.IntN(2)
	for _, c := range e.Children {
		if c.Choice != 0 && c.Choice != alternative {
			continue
		}
		there := c.Min > 0 || t.IntN(2) == 0
		switch {
		case c.Text != nil && there:
			*c.Text(v) = t.value(c.Value)
		case c.Opt != nil && there:
			c.Opt(v).Put(t.value(c.Value))
		case c.Push != nil:
			for range 1 + t.IntN(3) {
				*c.Push(v) = t.value(c.Value)
			}
		case c.Value == nil && c.Many:
			for range c.Min + t.IntN(3) {
				t.fill(c, c.Add(v))
			}
		case c.Value == nil && there:
			t.fill(c, c.Add(v))
		}
	}
}

// journal writes a journal of a few DonneesIndiv.
func (t tree) journal(tb testing.TB) []byte {
	tb.Helper()
	var entete xhl.Entete
	t.fill(xhl.Table.Entete, &entete)
	run := AppendEnteteJSON(nil, &entete)
	for range 1 + t.IntN(4) {
		var etab *xhl.Etablissement
		if t.IntN(3) > 0 {
			etab = new(xhl.Etablissement)
			t.fill(xhl.Table.Etablissement, etab)
		}
		run = AppendEtablissementJSON(run, etab)
		for range 1 + t.IntN(3) {
			var b xhl.Bulletin
			t.fill(xhl.Table.Bulletin, &b)
			run = AppendBulletinJSON(run, &b)
		}
	}
	var nom xhl.Nomenclatures
	t.fill(xhl.Table.Nomenclatures, &nom)
	run = AppendNomenclaturesJSON(run, &nom)
	var rep xhl.RepartitionParNature
	t.fill(xhl.Table.RepartitionParNature, &rep)
	run = AppendRepartitionJSON(run, &rep)
	var out bytes.Buffer
	if err := EncodeJSON(context.Background(), bytes.NewReader(run), &out, EncodeOptions{}); err != nil {
		tb.Fatalf("%v in\n%s", err, run)
	}
	return out.Bytes()
}

func TestAnyJournalSurvivesCSV(t *testing.T) {
	for seed := range uint64(150) {
		doc := tree{rand.New(rand.NewPCG(seed, 7))}.journal(t)
		if sameRun(t, doc, xhl.WriterOptions{}); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
