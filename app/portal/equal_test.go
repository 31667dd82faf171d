package portal_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"paye/app/portal"
	"paye/app/portal/portaltest"
	"paye/internal/anomalie"
	"paye/internal/server"
	"paye/vault"
)

// slowHash is a hash that takes its time on a clock of its own: some 150 ms with
// the scatter that a machine has. Nothing waits, and nothing is measured with
// the clock on the wall.
type slowHash struct {
	portal.Hasher
	random *rand.Rand
	spent  time.Duration
}

func (h *slowHash) Hash(ctx context.Context, word string) (string, error) {
	h.wait()
	return h.Hasher.Hash(ctx, word)
}

func (h *slowHash) Verify(ctx context.Context, hash, word string) (bool, error) {
	h.wait()
	return h.Hasher.Verify(ctx, hash, word)
}

func (h *slowHash) wait() {
	h.spent += 150*time.Millisecond + time.Duration(h.random.NormFloat64()*float64(8*time.Millisecond))
}

// written is how many events the journal has.
func written(t *testing.T, b *portaltest.Bench) (n int64) {
	t.Helper()
	for e, err := range b.V.Journal(t.Context(), vault.Systeme("essai"), vault.FiltreJournal{Genre: vault.EvFiche}) {
		if err != nil {
			t.Fatal(err)
		}
		n = max(n, e.Index)
	}
	return n
}

// farthest is the greatest distance between two distributions (Kolmogorov and
// Smirnov).
func farthest(a, b []float64) (d float64) {
	slices.Sort(a)
	slices.Sort(b)
	for _, x := range append(slices.Clone(a), b...) {
		below := func(list []float64) float64 {
			n, _ := slices.BinarySearch(list, math.Nextafter(x, math.Inf(1)))
			return float64(n) / float64(len(list))
		}
		d = max(d, math.Abs(below(a)-below(b)))
	}
	return d
}

// At each door the time that an answer takes is of one distribution for what
// exists and for what does not: the passwords that are hashed, and the writes
// that are synced.
func TestAnswersTakeTheSameTimeForWhoExists(t *testing.T) {
	slow := &slowHash{random: rand.New(rand.NewPCG(4, 2))}
	b := portaltest.New(t, func(o *portal.Options) { slow.Hasher = o.Hash; o.Hash = slow })
	b.Deposit(t, "2026-10", "A1", "A2")
	letters := b.Letters(t)
	a := b.Opened(t, letters["A1"], "a@example.org")
	b.Opened(t, letters["A2"], "b@example.org")
	if _, err := b.Notice(t.Context(), "anne", siret, vault.Identite{Employeur: siret, Matricule: "N1", Nom: "Durand", Prenom: "Lou"}); err != nil {
		t.Fatal(err)
	}
	ignore := func(err error) { // refused or not; a fault of the machine is neither
		if err != nil && anomalie.As(err) == nil {
			t.Fatal(err)
		}
	}
	const samples = 30
	// D above this for two samples of 30 has a probability below 0.001.
	const limit = 0.5
	for name, door := range map[string][2]func(ctx context.Context){
		"sign-in": {func(ctx context.Context) {
			_, err := b.Authenticate(ctx, letters["A1"].Number, "faux faux faux faux")
			ignore(err)
		},
			func(ctx context.Context) {
				_, err := b.Authenticate(ctx, "100000000008", "faux faux faux faux")
				ignore(err)
			}},
		"sign-in by mail": {func(ctx context.Context) {
			_, err := b.Authenticate(ctx, "a@example.org", "faux faux faux faux")
			ignore(err)
		},
			func(ctx context.Context) {
				_, err := b.Authenticate(ctx, "x@example.org", "faux faux faux faux")
				ignore(err)
			}},
		"forgotten password": {func(ctx context.Context) { ignore(b.Forget(ctx, letters["A1"].Number, "a@example.org")) },
			func(ctx context.Context) { ignore(b.Forget(ctx, "100000000008", "a@example.org")) }},
		"lost identifier": {func(ctx context.Context) { ignore(b.LoseNumber(ctx, lostBy("NomA1"))) },
			func(ctx context.Context) { ignore(b.LoseNumber(ctx, lostBy("Personne"))) }},
		"refusal": {func(ctx context.Context) { _, err := b.ProveCode(ctx, siret, "N1", "AAAA-AAAA-AAAA-AAAA"); ignore(err) },
			func(ctx context.Context) { _, err := b.ProveCode(ctx, siret, "N9", "AAAA-AAAA-AAAA-AAAA"); ignore(err) }},
		"merge": {func(ctx context.Context) {
			_, err := b.ProveOther(ctx, a.ID, letters["A2"].Number, "faux faux faux faux", noCode)
			ignore(err)
		},
			func(ctx context.Context) {
				_, err := b.ProveOther(ctx, a.ID, "100000000008", "faux faux faux faux", noCode)
				ignore(err)
			}},
	} {
		var taken [2][]float64
		for i := range samples {
			for side, f := range door {
				if name == "lost identifier" { // three a day and name
					b.Clock.Add(25 * time.Hour)
				}
				before, slept := written(t, b), slow.spent
				f(server.WithSource(t.Context(), fmt.Sprintf("%s %d %d", name, i, side)))
				sync := time.Duration(written(t, b)-before) * 5 * time.Millisecond
				taken[side] = append(taken[side], float64(slow.spent-slept+sync))
			}
		}
		if d := farthest(taken[0], taken[1]); d > limit {
			t.Errorf("%s tells who exists by its time: distance %.2f, medians %s and %s", name, d, time.Duration(taken[0][samples/2]), time.Duration(taken[1][samples/2]))
		}
	}
}

func lostBy(nom string) portal.Lost {
	return portal.Lost{Nom: nom, Prenom: "Camille", Mail: "x@example.org", MailAgain: "x@example.org", Private: "000000", Policy: true}
}
