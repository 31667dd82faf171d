package api

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"paye/internal/ledger"
	"paye/web/gestion"
	"paye/web/task"
)

// newJob takes a payroll, the body, and begins a job of a kind. With an
// Idempotency-Key the same request again is the same job.
func (a *API) newJob(kind string) handler {
	return func(w http.ResponseWriter, r *http.Request, login string) error {
		q := r.URL.Query()
		wish := gestion.Wish{Limit: q.Get("limit"), Format: q.Get("format"), Packaging: q.Get("packaging"), Mode: q.Get("mode"), Par: q.Get("par"),
			IdPost: q.Get("idpost"), CodCol: q.Get("codcol"), CodBud: q.Get("codbud"), FinJur: q.Get("finjur")}
		return a.once(w, r, login, func() (string, error) {
			r.Body = http.MaxBytesReader(w, r.Body, maxCheck)
			return a.o.Console.NewJob(r.Context(), login, q.Get("nom"), r.Body, wish, kind)
		}, func(id string) error { return a.accepted(w, r, login, id) })
	}
}

// asked tells one request from another that has the same key: by what it asks
// and how long its body is.
func asked(r *http.Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %d", r.URL.Path, r.URL.Query().Encode(), r.ContentLength))
	return hex.EncodeToString(sum[:])
}

func (a *API) earlier(ctx context.Context, login, key, body string) (string, error) {
	var was, id string
	err := a.o.Ledger.DB().QueryRowContext(ctx, "select body, job from api_once where login=$1 and key=$2", login, key).Scan(&was, &id)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up an idempotency key: %w", err)
	}
	if was != body {
		return "", Codes.New(OtherBody)
	}
	return id, nil
}

func (a *API) remember(ctx context.Context, login, key, body, id string) error {
	err := a.o.Ledger.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, "insert into api_once (login, key, body, job, made) values ($1,$2,$3,$4,$5) on conflict do nothing", login, key, body, id, ledger.Time(a.o.Ledger.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("note an idempotency key: %w", err)
	}
	return nil
}

// accepted answers with where the job is to be asked for.
func (a *API) accepted(w http.ResponseWriter, r *http.Request, login, id string) error {
	j, err := a.o.Console.Job(r.Context(), login, id)
	if err != nil {
		return err
	}
	w.Header().Set("Location", Prefix+"jobs/"+id)
	w.Header().Set("Retry-After", "1")
	write(w, "application/json", http.StatusAccepted, j)
	return nil
}

func (a *API) job(w http.ResponseWriter, r *http.Request, login string) error {
	j, err := a.o.Console.Job(r.Context(), login, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !j.State.Over() {
		w.Header().Set("Retry-After", "1")
	}
	if j.State == task.Running {
		w.Header().Set("Retry-After", "2")
	}
	write(w, "application/json", http.StatusOK, j)
	return nil
}

func (a *API) cancelJob(w http.ResponseWriter, r *http.Request, login string) error {
	if err := a.o.Console.CancelJob(r.Context(), login, r.PathValue("id")); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (a *API) volume(w http.ResponseWriter, r *http.Request, login string) error {
	f, err := a.o.Console.OpenVolume(r.Context(), login, r.PathValue("id"), r.PathValue("fichier"))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("give a volume: %w", err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", r.PathValue("fichier")))
	http.ServeContent(w, r, "", info.ModTime(), f)
	return nil
}
