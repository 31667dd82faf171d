package xhl

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// tree makes values of the schema at random, each valid, with the texts that a
// CSV file may trip over.
type tree struct{ *rand.Rand }

var awkward = []string{"", "(vide)", "((vide))", "(vide", `a"b`, `"`, "x;y", "x,y", " bord ", "deux\nlignes", "fin\r", "\r\n", "\t", "é€œ", "=1+1", "NULL", "0", "Élan"}

func (t tree) value(l *lexical) string {
	digits := func(n int) string {
		s := ""
		for range n {
			s += strconv.Itoa(t.IntN(10))
		}
		return s
	}
	switch l.kind {
	case lexTexte:
		if s := awkward[t.IntN(len(awkward))]; len([]rune(s)) <= l.max {
			return s
		}
		return strings.Repeat("é", t.IntN(l.max+1))
	case lexAlphanum:
		return strings.Repeat("aZ9", 5)[:t.IntN(min(l.max, 15)+1)]
	case lexNum:
		return digits(t.IntN(l.max + 1))
	case lexDecimal:
		return []string{"0", "-12.5", "007.850", " 3 ", "+.5", "5."}[t.IntN(6)]
	case lexDate:
		return "2026-11-" + strconv.Itoa(10+t.IntN(20))
	case lexAnnee:
		return "2026"
	case lexMois:
		return "08"
	case lexBooleen:
		return []string{"0", "true"}[t.IntN(2)]
	}
	return l.values[t.IntN(len(l.values))]
}

// fill gives values to the children of e in v.
func (t tree) fill(e *element, v any) {
	alternative := 1 + t.IntN(2)
	for _, c := range e.children {
		if c.choice != 0 && c.choice != alternative {
			continue
		}
		there := c.min > 0 || t.IntN(2) == 0
		switch {
		case c.text != nil && there:
			*c.text(v) = t.value(c.value)
		case c.opt != nil && there:
			c.opt(v).set(t.value(c.value))
		case c.push != nil:
			for range 1 + t.IntN(3) {
				*c.push(v) = t.value(c.value)
			}
		case c.value == nil && c.many:
			for range c.min + t.IntN(3) {
				t.fill(c, c.add(v))
			}
		case c.value == nil && there:
			t.fill(c, c.add(v))
		}
	}
}

// journal writes a journal of a few DonneesIndiv.
func (t tree) journal(tb testing.TB) []byte {
	tb.Helper()
	var entete Entete
	t.fill(enteteElement, &entete)
	run := AppendEnteteJSON(nil, &entete)
	for range 1 + t.IntN(4) {
		var etab *Etablissement
		if t.IntN(3) > 0 {
			etab = new(Etablissement)
			t.fill(etablissementElement, etab)
		}
		run = AppendEtablissementJSON(run, etab)
		for range 1 + t.IntN(3) {
			var b Bulletin
			t.fill(bulletinElement, &b)
			run = AppendBulletinJSON(run, &b)
		}
	}
	var nom Nomenclatures
	t.fill(nomenclaturesElement, &nom)
	run = AppendNomenclaturesJSON(run, &nom)
	var rep RepartitionParNature
	t.fill(repartitionElement, &rep)
	run = AppendRepartitionJSON(run, &rep)
	var out bytes.Buffer
	if err := EncodeRun(context.Background(), bytes.NewReader(run), &out, EncodeOptions{}); err != nil {
		tb.Fatalf("%v in\n%s", err, run)
	}
	return out.Bytes()
}

func TestAnyJournalSurvivesCSV(t *testing.T) {
	for seed := range uint64(150) {
		doc := tree{rand.New(rand.NewPCG(seed, 7))}.journal(t)
		if sameRun(t, doc, WriterOptions{}); t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
