package engine

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"time"

	"paye/app/build"
	"paye/app/intake"
	"paye/compress"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/pespj"
	"paye/splitter"
)

// Settings are how a payroll becomes volumes, as its owner typed them.
type Settings struct {
	Limit     string `json:"limit"`
	Format    string `json:"format"`
	Packaging string `json:"packaging,omitempty"`
	Mode      string `json:"mode,omitempty"`
	Par       string `json:"par,omitempty"`
	Level     string `json:"level,omitempty"`
	Date      string `json:"date,omitempty"`
	IdPost    string `json:"idpost,omitempty"`
	CodCol    string `json:"codcol,omitempty"`
	CodBud    string `json:"codbud,omitempty"`
	FinJur    string `json:"finjur,omitempty"`
	Light     bool   `json:"light,omitempty"`
}

// request is what app/build is asked, as the command asks it.
func (s Settings) request(version string, now time.Time) (*build.Request, error) {
	q := &build.Request{Format: s.Format, Packaging: s.Packaging, Mode: splitter.Mode(s.Mode), Light: s.Light, Date: now,
		Flux: pespj.Flux{TypFic: pespj.TypFicDefaut, EmetteurSigle: "XHL", EmetteurAdresse: "xhl " + version,
			IdPost: s.IdPost, CodCol: s.CodCol, CodBud: s.CodBud, FinJur: s.FinJur}}
	var err error
	if q.Limit, err = pespj.ParseLimit(s.Limit); err != nil {
		return nil, err
	}
	if q.Mode == "" {
		q.Mode = splitter.Optimise
	}
	if q.Packaging == "" {
		q.Packaging = build.EnArchive
	}
	if q.Mode == splitter.Nombre {
		if q.Par, err = strconv.Atoi(s.Par); err != nil || q.Par < 1 {
			return nil, fmt.Errorf("bulletins a volume: %q is no number from 1", s.Par)
		}
	}
	if q.Niveau, err = compress.ParseNiveau(cmp.Or(s.Level, compress.Auto.String())); err != nil {
		return nil, fmt.Errorf("level of compression: %w", err)
	}
	if s.Date != "" {
		if q.Date, err = time.Parse(time.DateOnly, s.Date); err != nil {
			return nil, fmt.Errorf("date of the flux: %w", err)
		}
	}
	return q, nil
}

// sort tells what was dropped, and takes zips of justificatifs apart.
func (w *work) sort(ctx context.Context) (any, error) { return sorted(ctx) }

// sorted is what a drop is, by names below the working folder. Where the
// justificatifs are in the folder in which the command looks by itself, that is
// the folder.
func sorted(ctx context.Context) (*intake.Drop, error) {
	d, err := intake.Sort(ctx, ".")
	if err != nil || d.PJ != "." {
		return d, err
	}
	for _, name := range []string{"justificatifs", "PJ"} {
		dir := path.Join(path.Dir(filepath.ToSlash(d.Entree)), name)
		if n := filesBelow(dir); n > 0 && n == d.Pieces {
			d.PJ = dir
			break
		}
	}
	return d, nil
}

func filesBelow(dir string) (n int) {
	filepath.WalkDir(dir, func(_ string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			n++
		}
		return err
	})
	return n
}

// planned is the view of a plan, and of what was built.
type planned struct {
	Employer string             `json:"employer"`
	Manifest *manifest.Manifest `json:"manifest"`
	Groupes  int                `json:"groupes"`
	Pieces   int                `json:"pieces"`
	Octets   int64              `json:"octets"` // of the journal
	Errors   int                `json:"errors"`
	Groups   []group            `json:"groups"`
	Picture  *Text              `json:"picture,omitempty"`
	Need     int64              `json:"need"` // bytes of the volumes
	Index    string             `json:"index,omitempty"`
	Entree   string             `json:"entree"`
}

// prepare reads what was dropped and plans its volumes.
func (w *work) prepare(ctx context.Context, out string) (*build.Job, *intake.Drop, error) {
	drop, err := sorted(ctx)
	if err != nil {
		return nil, nil, err
	}
	q, err := w.ask.Settings.request(w.Version, w.Now())
	if err != nil {
		return nil, nil, err
	}
	q.Entree, q.PJ, q.Index, q.Sortie = drop.Entree, drop.PJ, drop.Index, out
	job, err := build.Prepare(ctx, *q, build.Watch{Version: w.Version, Progress: w.counts, Anomalie: w.anomaly})
	return job, drop, err
}

// plan shows what the volumes would be.
func (w *work) plan(ctx context.Context) (any, error) {
	job, drop, err := w.prepare(ctx, "")
	if err != nil {
		return nil, err
	}
	defer job.Close()
	others, err := job.Compare(ctx)
	if err != nil {
		return nil, err
	}
	m, err := job.Manifeste()
	if err != nil {
		return nil, err
	}
	if err := w.tell(append(job.PlannedLines(m, others), build.ResultLine(m, w.found.Erreurs))...); err != nil {
		return nil, err
	}
	v := w.planned(job, drop, m)
	v.Picture = new(Text)
	for l, to := range map[lang.Language]*string{lang.French: &v.Picture.FR, lang.English: &v.Picture.EN} {
		var picture bytes.Buffer
		if err := job.SVG(&picture, l); err != nil {
			return nil, fmt.Errorf("draw the plan: %w", err)
		}
		*to = picture.String()
	}
	return v, nil
}

// build makes the volumes.
func (w *work) build(ctx context.Context) (any, error) {
	if err := os.MkdirAll(w.Out, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of the volumes: %w", err)
	}
	job, drop, err := w.prepare(ctx, w.Out)
	if err != nil {
		return nil, err
	}
	defer job.Close()
	m, err := job.Write(ctx)
	if err != nil {
		return nil, err
	}
	if err := w.tell(append(build.WrittenLines(m), build.ResultLine(m, w.found.Erreurs))...); err != nil {
		return nil, err
	}
	return w.planned(job, drop, m), nil
}

func (w *work) planned(job *build.Job, drop *intake.Drop, m *manifest.Manifest) *planned {
	v := &planned{Employer: job.Livre.Entete.Employeur.Nom, Manifest: m, Groupes: job.Livre.Groupes(), Pieces: len(job.Pieces.Generales), Octets: job.Livre.Octets,
		Errors: w.found.Erreurs, Groups: groups(w.found), Need: m.Octets(), Index: drop.Index, Entree: drop.Entree}
	for _, piece := range job.Pieces.ParRef {
		if piece != nil {
			v.Pieces++
		}
	}
	return v
}
