package metrics

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"paye/internal/server"
)

func ask(h http.Handler, method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}

func TestRoutesAreCountedAndPathsAreNot(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /agents/{nom}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	m := New()
	h := m.Around(mux)
	ask(h, "GET", "/agents/durand")
	ask(h, "GET", "/agents/martin")
	ask(h, "INVENTED", "/nowhere")
	text := ask(m.Handler(), "GET", "/metrics").Body.String()
	if want := `xhl_http_requests_total{class="4xx",method="GET",route="GET /agents/{nom}"} 2`; !strings.Contains(text, want) {
		t.Errorf("no %s in\n%s", want, text)
	}
	for _, never := range []string{"durand", "nowhere", "INVENTED"} {
		if strings.Contains(text, never) {
			t.Errorf("%s is told", never)
		}
	}
}

func TestReadyAsksTheComponents(t *testing.T) {
	m := New()
	fail := server.Probe{Nom: "coffre", Etat: func(context.Context) error { return errors.New("no") }}
	if got := ask(m.Handler(fail), "GET", "/readyz"); got.Code != http.StatusServiceUnavailable {
		t.Errorf("answered %d", got.Code)
	}
	if got := ask(m.Handler(), "GET", "/readyz"); got.Code != http.StatusOK {
		t.Errorf("answered %d", got.Code)
	}
}
