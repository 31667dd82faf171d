package gestion

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"paye/app/build"
	"paye/internal/fluxbook"
	"paye/internal/manifest"
	"paye/vault"
	"paye/web/task"
	"paye/web/ui"
)

// Wish is how a payroll becomes volumes, for who asks without a page.
type Wish struct {
	Limit, Format, Packaging, Mode, Par string
	IdPost, CodCol, CodBud, FinJur      string
}

// Job is a preparation as a program sees it.
type Job struct {
	ID        string             `json:"id"`
	State     task.State         `json:"etat"`
	Phase     string             `json:"phase,omitempty"`
	Done      int64              `json:"fait,omitempty"`
	Total     int64              `json:"total,omitempty"`
	Fault     *task.Fault        `json:"faute,omitempty"`
	Plan      *manifest.Manifest `json:"plan,omitempty"`
	Anomalies []Group            `json:"anomalies,omitempty"`
	Delivery  *manifest.Manifest `json:"livraison,omitempty"`
	Expires   string             `json:"efface_le"`
}

// Group is the anomalies of one code.
type Group = group

// NewJob takes a payroll that comes as one file, and begins to plan it, or to
// build it.
func (c *Console) NewJob(ctx context.Context, login, name string, body io.Reader, w Wish, kind string) (id string, err error) {
	if name = safeName(name); name == "" {
		name = "journal.xhl"
	}
	d, err := c.newDossier(ctx, kindPreparation, login, filepath.Base(name))
	if err != nil {
		return "", err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.erase(context.WithoutCancel(ctx), d))
		}
	}()
	n, err := spool(filepath.Join(c.dropped(d), filepath.Base(name)), body)
	if err != nil {
		return "", err
	}
	if w.Format == "" {
		w.Format = build.FormatPES
	}
	s := settings{Limit: w.Limit, Format: w.Format, Packaging: w.Packaging, Mode: w.Mode, Par: w.Par, header: header{w.IdPost, w.CodCol, w.CodBud, w.FinJur}}
	if _, err := s.request(c.o.Version); err != nil {
		return "", err
	}
	if err := c.save(ctx, d, preparation{Settings: s, Files: 1, Bytes: n}); err != nil {
		return "", err
	}
	_, err = c.tasks.Start(ctx, kind, login, d.ID, nil)
	return d.ID, err
}

// Kinds of jobs.
const (
	JobPlan  = taskPlan
	JobBuild = taskBuild
)

func spool(path string, body io.Reader) (int64, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, fmt.Errorf("write what came: %w", err)
	}
	n, err := io.Copy(f, body)
	return n, errors.Join(err, f.Close())
}

// own is a preparation of a login.
func (c *Console) own(ctx context.Context, login, id string) (*dossier, *preparation, error) {
	d, err := c.dossierOf(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	if d.Owner != login || d.Kind != kindPreparation {
		return nil, nil, ui.ErrNotFound
	}
	p := new(preparation)
	return d, p, json.Unmarshal(d.Data, p)
}

// Job tells where a job of a login is.
func (c *Console) Job(ctx context.Context, login, id string) (*Job, error) {
	if _, _, err := c.own(ctx, login, id); err != nil {
		return nil, err
	}
	t, err := c.tasks.Of(ctx, id, taskPlan, taskBuild)
	if err != nil {
		return nil, err
	}
	d, p, err := c.own(ctx, login, id) // after the task: one that is done has written it
	if err != nil {
		return nil, err
	}
	j := &Job{ID: d.ID, State: t.State, Fault: t.Fault, Expires: d.Expires.UTC().Format("2006-01-02T15:04:05Z"), Delivery: p.Delivery}
	if step, running := c.tasks.Step(t.ID); running {
		j.Phase, j.Done, j.Total = step.Label.FR, step.Done, step.Total
	}
	if p.Plan != nil {
		j.Plan, j.Anomalies = p.Plan.Manifest, p.Plan.Groups
	}
	return j, nil
}

// CancelJob stops a job of a login.
func (c *Console) CancelJob(ctx context.Context, login, id string) error {
	if _, _, err := c.own(ctx, login, id); err != nil {
		return err
	}
	t, err := c.tasks.Of(ctx, id, taskPlan, taskBuild)
	if err == nil {
		c.tasks.Cancel(t.ID)
	}
	return err
}

// OpenVolume opens a file of what a job of a login delivered.
func (c *Console) OpenVolume(ctx context.Context, login, id, name string) (*os.File, error) {
	_, p, err := c.own(ctx, login, id)
	if err != nil {
		return nil, err
	}
	if p.Delivery == nil || !slices.ContainsFunc(p.Delivery.Volumes, func(v manifest.Volume) bool { return v.Fichier == name }) {
		return nil, ui.ErrNotFound
	}
	f, err := os.Open(filepath.Join(p.Folder, name))
	if err != nil {
		return nil, ui.ErrNotFound
	}
	return f, nil
}

// Fluxes are those that a login follows.
func (c *Console) Fluxes(ctx context.Context, login string, which fluxbook.Filtre) ([]*fluxbook.Flux, error) {
	u, err := c.o.Coffre.Comptes().Compte(ctx, vault.Utilisateur(login))
	if err != nil {
		return nil, err
	}
	list, err := c.book.List(ctx, which)
	return slices.DeleteFunc(list, func(f *fluxbook.Flux) bool { return !follows(rights{u}, f.Siret) }), err
}

// Answers reports whether a login follows a flux that an acknowledgment names.
func (c *Console) Answers(ctx context.Context, login string, text []byte) (bool, error) {
	u, err := c.o.Coffre.Comptes().Compte(ctx, vault.Utilisateur(login))
	if err != nil {
		return false, err
	}
	return c.answersWithin(ctx, rights{u}, text)
}

// Book is the book of fluxes in the name of a login.
func (c *Console) Book(login string) *fluxbook.Book { return fluxbook.New(c.o.Ledger, login) }

// Now is the time of the caller's clock.
func (c *Console) Now() time.Time { return c.o.Ledger.Now() }
