package api

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"paye/app/send"
	"paye/web/token"
	"paye/web/ui"
)

// maxQuestion is how large a body of JSON may be.
const maxQuestion = 64 << 10

func (a *API) vaultRoutes() {
	a.handle("POST /api/v1/vault/{siret}/depots", token.Vault, a.newDepot)
	a.handle("GET /api/v1/vault/{siret}/depots/{id}", token.Vault, a.depot)
	a.handle("DELETE /api/v1/vault/{siret}/depots/{id}", token.Vault, a.cancelDepot)
	a.handle("GET /api/v1/vault/{siret}/versements", token.Vault, a.versements)
	a.handle("GET /api/v1/vault/{siret}/versements/{numero}", token.Vault, a.versement)
	a.handle("POST /api/v1/vault/{siret}/versements/{numero}/decision", token.Vault, a.decide)
	a.handle("GET /api/v1/fluxes/{nomfic}/pieces", token.Flux, a.pieces)
	a.handle("POST /api/v1/fluxes/{nomfic}/send", token.Send, a.newEnvoi)
	a.handle("POST /api/v1/fluxes/{nomfic}/resend", token.Send, a.resend)
	a.handle("GET /api/v1/sendings/{id}", token.Send, a.envoi)
}

// newDepot takes a journal, the body, and begins to deposit its bulletins.
func (a *API) newDepot(w http.ResponseWriter, r *http.Request, login string) error {
	q, siret := r.URL.Query(), r.PathValue("siret")
	return a.once(w, r, login, func() (string, error) {
		r.Body = http.MaxBytesReader(w, r.Body, maxCheck)
		return a.o.Console.NewDepot(r.Context(), login, siret, q.Get("nom"), r.Body, q.Get("mode") == "pdf")
	}, func(id string) error {
		d, err := a.o.Console.Depot(r.Context(), login, siret, id)
		if err != nil {
			return err
		}
		w.Header().Set("Location", Prefix+"vault/"+siret+"/depots/"+id)
		w.Header().Set("Retry-After", "1")
		write(w, "application/json", http.StatusAccepted, d)
		return nil
	})
}

// once begins something that a request with the same Idempotency-Key has not
// begun already, and shows it.
func (a *API) once(w http.ResponseWriter, r *http.Request, login string, begin func() (id string, err error), show func(id string) error) error {
	key := r.Header.Get("Idempotency-Key")
	if key != "" {
		id, err := a.earlier(r.Context(), login, key, asked(r))
		if err != nil {
			return err
		}
		if id != "" {
			return show(id)
		}
	}
	id, err := begin()
	if err != nil {
		return err
	}
	if key != "" {
		if err := a.remember(r.Context(), login, key, asked(r), id); err != nil {
			return err
		}
	}
	return show(id)
}

func (a *API) depot(w http.ResponseWriter, r *http.Request, login string) error {
	d, err := a.o.Console.Depot(r.Context(), login, r.PathValue("siret"), r.PathValue("id"))
	if err != nil {
		return err
	}
	if !d.State.Over() {
		w.Header().Set("Retry-After", "1")
	}
	write(w, "application/json", http.StatusOK, d)
	return nil
}

func (a *API) cancelDepot(w http.ResponseWriter, r *http.Request, login string) error {
	if err := a.o.Console.CancelDepot(r.Context(), login, r.PathValue("siret"), r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// versements lists the sessions of an employer, by pages.
func (a *API) versements(w http.ResponseWriter, r *http.Request, login string) error {
	list, err := a.o.Console.Versements(r.Context(), login, r.PathValue("siret"))
	if err != nil {
		return err
	}
	from := 0
	if after := r.URL.Query().Get("apres"); after != "" {
		for i, v := range list {
			if v.Numero == after {
				from = i + 1
			}
		}
	}
	to := min(from+page, len(list))
	answer := map[string]any{"versements": list[from:to]}
	if to < len(list) {
		answer["apres"] = list[to-1].Numero
	}
	write(w, "application/json", http.StatusOK, answer)
	return nil
}

func (a *API) versement(w http.ResponseWriter, r *http.Request, login string) error {
	list, err := a.o.Console.Versements(r.Context(), login, r.PathValue("siret"))
	if err != nil {
		return err
	}
	for _, v := range list {
		if v.Numero == r.PathValue("numero") {
			write(w, "application/json", http.StatusOK, v)
			return nil
		}
	}
	return ui.ErrNotFound
}

// question reads a body of JSON into v; an empty one is {}. Fields that are not
// known are refused: one that is mistyped would decide something else.
func question(w http.ResponseWriter, r *http.Request, v any) error {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxQuestion))
	if err != nil {
		return err
	}
	if len(text) == 0 {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(string(text)))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return Codes.New(BadBody, jsonFault(err))
	}
	return nil
}

// jsonFault names the field at fault and repeats no value.
func jsonFault(err error) string {
	if text, found := strings.CutPrefix(err.Error(), "json: unknown field "); found {
		return text
	}
	if e, ok := err.(*json.UnmarshalTypeError); ok {
		return fmt.Sprintf("%s: %s", e.Field, e.Type)
	}
	return "JSON"
}

// decide validates or rejects a session as the second person.
func (a *API) decide(w http.ResponseWriter, r *http.Request, login string) error {
	var q struct {
		Decision string `json:"decision"`
		Motif    string `json:"motif"`
	}
	if err := question(w, r, &q); err != nil {
		return err
	}
	if q.Decision != "valider" && q.Decision != "rejeter" {
		return Codes.New(BadBody, `"decision": valider | rejeter`)
	}
	v, err := a.o.Console.Decide(r.Context(), login, r.PathValue("siret"), r.PathValue("numero"), q.Decision == "valider", q.Motif)
	if err != nil {
		return err
	}
	write(w, "application/json", http.StatusOK, v)
	return nil
}

// piece is a piece of a flux as programs see it.
type piece struct {
	IdUnique string `json:"id_unique"`
	Nature   string `json:"nature"`
	Octets   int64  `json:"octets"`
	SHA256   string `json:"sha256"`
	Etat     string `json:"etat"`
	Code     string `json:"code,omitempty"`
	Libelle  string `json:"libelle,omitempty"`
	Suite    string `json:"repris_par,omitempty"`
}

func (a *API) pieces(w http.ResponseWriter, r *http.Request, login string) error {
	list, err := a.o.Console.FluxPieces(r.Context(), login, r.PathValue("nomfic"), r.URL.Query().Get("codcol"))
	if err != nil {
		return err
	}
	out := []piece{}
	for _, p := range list {
		out = append(out, piece{p.IdUnique, p.Genre, p.Octets, p.SHA256, string(p.Etat), p.Code, p.Libelle, p.Suite})
	}
	write(w, "application/json", http.StatusOK, map[string]any{"pieces": out})
	return nil
}

// newEnvoi begins to send a flux. One that has left is refused, with a key or
// without.
func (a *API) newEnvoi(w http.ResponseWriter, r *http.Request, login string) error {
	return a.once(w, r, login, func() (string, error) {
		return a.o.Console.NewEnvoi(r.Context(), login, r.PathValue("nomfic"), r.URL.Query().Get("codcol"))
	}, func(id string) error {
		e, err := a.o.Console.Envoi(r.Context(), login, id)
		if err != nil {
			return err
		}
		w.Header().Set("Location", Prefix+"sendings/"+id)
		w.Header().Set("Retry-After", "2")
		write(w, "application/json", http.StatusAccepted, e)
		return nil
	})
}

func (a *API) envoi(w http.ResponseWriter, r *http.Request, login string) error {
	e, err := a.o.Console.Envoi(r.Context(), login, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !e.State.Over() {
		w.Header().Set("Retry-After", "2")
	}
	write(w, "application/json", http.StatusOK, e)
	return nil
}

// resend makes a new flux of the refused pieces, as the body decides about them.
func (a *API) resend(w http.ResponseWriter, r *http.Request, login string) error {
	var q struct {
		AsNew        []string `json:"as_new"`
		AlreadyThere []string `json:"already_there"`
		AsIs         []string `json:"as_is"`
		IdPost       string   `json:"idpost"`
		CodBud       string   `json:"codbud"`
		FinJur       string   `json:"finjur"`
		TypFic       string   `json:"typfic"`
	}
	if err := question(w, r, &q); err != nil {
		return err
	}
	made, err := a.o.Console.Resend(r.Context(), login, r.PathValue("nomfic"), r.URL.Query().Get("codcol"),
		&send.Resend{AsNew: q.AsNew, AlreadyThere: q.AlreadyThere, AsIs: q.AsIs, IdPost: q.IdPost, CodBud: q.CodBud, FinJur: q.FinJur, TypFic: q.TypFic})
	if err != nil {
		return err
	}
	type decision struct {
		IdUnique string `json:"id_unique"`
		Code     string `json:"code"`
		Sent     bool   `json:"renvoyee"`
		There    bool   `json:"deja_la"`
		Waits    string `json:"attend,omitempty"` // code of why it waits for a person
	}
	answer := struct {
		NomFic string     `json:"nomfic,omitempty"` // of the new flux, when one is made
		CodCol string     `json:"codcol,omitempty"`
		Pieces []decision `json:"pieces"`
	}{Pieces: []decision{}}
	for _, d := range made.Pieces {
		answer.Pieces = append(answer.Pieces, decision{d.IdUnique, d.Code, d.Sent, d.There, d.Why})
	}
	if made.Made != nil {
		answer.NomFic, answer.CodCol = made.Made.NomFic, made.Made.CodCol
	}
	write(w, "application/json", http.StatusOK, answer)
	return nil
}
