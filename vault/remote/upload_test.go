package remote

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"paye/internal/server"
	"paye/vault"
)

func TestBatchesInMemoryAreBoundedAndShared(t *testing.T) {
	p := newPlaces(4)
	gone, cancel := context.WithCancel(ctx)
	cancel()
	var leave []func()
	for range 2 {
		l, err := p.take(ctx, "anne")
		must(t, err)
		leave = append(leave, l)
	}
	_, err := p.take(gone, "anne")
	wantCode(t, err, server.ServeurOccupe) // half is hers, no more
	for range 2 {
		l, err := p.take(ctx, "carl")
		must(t, err)
		leave = append(leave, l)
	}
	_, err = p.take(gone, "bob")
	wantCode(t, err, server.ServeurOccupe)
	for _, l := range leave {
		l()
	}
	if l, err := p.take(ctx, "anne"); err != nil {
		t.Error(err)
	} else if l(); len(p.of) != 0 || len(p.all) != 0 {
		t.Errorf("%d accounts and %d places are remembered", len(p.of), len(p.all))
	}
}

// raw posts a body as an account.
func raw(t *testing.T, s *testServer, url, login, verb string, body io.Reader) (status int, text string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url+Prefix+verb, body)
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+tokenFor(t, s, login))
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, string(b)
}

const header = `{"employeur":"` + siret + `","matricule":"A1","nom":"N","periode":"2026-05","nature":"bulletin","sequence":0,"version":0,"titre":"x","taille":30000000,"sha256":""}`

// slowServer gives a batch an eighth of a second.
func slowServer(t *testing.T) (*testServer, string) {
	t.Helper()
	s := newServer(t)
	o := ForCoffre(s.c, s.clock.Now, server.NewBrake(1000, time.Minute, s.clock.Now))
	o.Patience, o.Pace, o.Batches = time.Second/8, 1<<30, 2
	h := httptest.NewServer(NewHandler(s.c, o))
	t.Cleanup(h.Close)
	return s, h.URL
}

// endless is a body that begins and then says nothing more.
func endless(t *testing.T, begins string) io.Reader {
	r, w := io.Pipe()
	t.Cleanup(func() { w.Close() })
	return io.MultiReader(strings.NewReader(begins), r)
}

func TestPlaceIsNotHeldByWhoMayNotDeposit(t *testing.T) {
	s, url := slowServer(t)
	must(t, s.c.Comptes().AddUtilisateur(ctx, vault.Systeme("essai"), "rien", "", password))
	status, text := raw(t, s, url, "rien", "deposit", endless(t, header+"\n"+strings.Repeat("x", 4500)))
	if status != http.StatusForbidden || !strings.Contains(text, "COF-304") {
		t.Errorf("answered %d %s, want that he has no right", status, text)
	}
}

func TestWhoSendsDropByDropLosesHisPlace(t *testing.T) {
	s, url := slowServer(t)
	status, text := raw(t, s, url, "anne", "deposit", endless(t, header+"\n"+strings.Repeat("x", 4500)))
	if status != http.StatusRequestTimeout || !strings.Contains(text, "COF-805") {
		t.Errorf("answered %d %s, want that the upload is too slow", status, text)
	}
	if r, err := at(t, s, s.url, Options{}).Deposit(ctx, none, slips(3)); err != nil || len(r) != 3 {
		t.Errorf("afterwards: %d receipts, %v", len(r), err)
	}
}

func TestNothingMayFollowAValue(t *testing.T) {
	s := newServer(t)
	for _, row := range []struct{ verb, body string }{
		{"count", `{"filtre":{}} {"filtre":{}}`},
		{"count", `{"filtre":{}}x`},
		{"deposit", strings.Replace(header, "30000000", "0", 1) + " trailing\n"},
	} {
		if status, text := raw(t, s, s.url, "anne", row.verb, strings.NewReader(row.body)); status != http.StatusBadRequest || !strings.Contains(text, "COF-803") {
			t.Errorf("%s %q: answered %d %s", row.verb, row.body, status, text)
		}
	}
}

func TestQuestionThatIsTooLargeIsSaidToBe(t *testing.T) {
	s := newServer(t)
	body := `{"motif":"` + strings.Repeat("x", maxQuestion) + `"}`
	if status, text := raw(t, s, s.url, "anne", "versement-save", strings.NewReader(body)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d %.80s", status, text)
	}
}
