package depot

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

const upload = `<?xml version="1.0" encoding="ISO-8859-1"?><FR_DUE_Upload/>`

// fake is a service as it was observed.
func fake(t *testing.T) *Client {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /authentifier", func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(text), "<motdepasse>s&lt;cret</motdepasse><service>25</service>") {
			w.WriteHeader(http.StatusUnprocessableEntity)
			return
		}
		fmt.Fprintln(w, "JETON-1")
	})
	mux.HandleFunc("POST /deposer", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "DSNLogin jeton=JETON-1" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		zr, err := gzip.NewReader(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		text, _ := io.ReadAll(zr)
		if string(text) != upload {
			w.WriteHeader(http.StatusUnprocessableEntity)
			io.WriteString(w, `<rapport type="ARE"><envoi_etat>KO</envoi_etat><envoi_anomalie><description><code>1</code><message>vide</message></description></envoi_anomalie></rapport>`)
			return
		}
		io.WriteString(w, `<rapport type="AEE"><idflux>FLUX-1</idflux><envoi_etat>OK</envoi_etat></rapport>`)
	})
	mux.HandleFunc("GET /retours/{flux}", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "list of "+r.PathValue("flux")) })
	mux.HandleFunc("GET /retour/1", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "return") })
	mux.HandleFunc("GET /ailleurs", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/retour/1", http.StatusFound) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return &Client{Adresses{s.URL + "/authentifier", s.URL + "/deposer", s.URL + "/retours"}, s.Client()}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if a, ok := err.(*anomalie.Anomalie); !ok || a.Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}

var who = Declarant{SIRET: "73282932000074", Nom: "N", Prenom: "P", MotDePasse: "s<cret", Service: "25"}

func TestDepositAndReturns(t *testing.T) {
	c := fake(t)
	j, err := c.Authenticate(t.Context(), who)
	if err != nil || j != "JETON-1" {
		t.Fatalf("%v", err)
	}
	r, raw, err := c.Deposit(t.Context(), j, []byte(upload))
	if err != nil || !r.Accepte || r.IdFlux != "FLUX-1" || len(raw) == 0 {
		t.Errorf("%+v, %v", r, err)
	}
	if list, err := c.ListReturns(t.Context(), j, "FLUX-1"); err != nil || string(list) != "list of FLUX-1" {
		t.Errorf("%q, %v", list, err)
	}
	if text, err := c.Download(t.Context(), j, "/retour/1"); err != nil || string(text) != "return" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestRejectionIsAnAnswer(t *testing.T) {
	c := fake(t)
	r, _, err := c.Deposit(t.Context(), "JETON-1", []byte("other"))
	if err != nil || r.Accepte || len(r.Anomalies) != 1 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestRefusals(t *testing.T) {
	c := fake(t)
	wrong := who
	wrong.MotDePasse = "other"
	_, err := c.Authenticate(t.Context(), wrong)
	wantCode(t, err, "DUE-D03")
	_, _, err = c.Deposit(t.Context(), "OLD", []byte(upload))
	wantCode(t, err, "DUE-D03")
	_, err = c.Download(t.Context(), "JETON-1", "https://other.exemple.org/x")
	wantCode(t, err, "DUE-D02")
	_, err = c.Download(t.Context(), "JETON-1", "/ailleurs")
	wantCode(t, err, "DUE-D04") // a redirection is not followed
}

func TestClientIsOffByDefault(t *testing.T) {
	c := &Client{HTTP: http.DefaultClient}
	_, err := c.Authenticate(t.Context(), who)
	wantCode(t, err, "DUE-D01")
	_, _, err = c.Deposit(t.Context(), "J", nil)
	wantCode(t, err, "DUE-D01")
	_, err = c.ListReturns(t.Context(), "J", "F")
	wantCode(t, err, "DUE-D01")
	_, err = c.Download(t.Context(), "J", "/x")
	wantCode(t, err, "DUE-D01")
	c.Adresses.Depot = "http://depot.exemple.org/"
	_, _, err = c.Deposit(t.Context(), "J", nil)
	wantCode(t, err, "DUE-D02")
}

func TestTokenPrintsMasked(t *testing.T) {
	if s := fmt.Sprintf("%v %s %q %+v", Jeton("SECRET"), Jeton("SECRET"), Jeton("SECRET"), Jeton("SECRET")); strings.Contains(s, "SECRET") {
		t.Error(s)
	}
}

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}
