package engine

import (
	"bytes"
	"context"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"sync/atomic"

	"paye/app/build"
	"paye/app/slips"
	"paye/internal/progress"
	"paye/payslip"
)

// indexed is the view of the table of the pieces.
type indexed struct {
	Rows     []row  `json:"rows"`
	Proposed bool   `json:"proposed"` // made from the names of the files
	File     string `json:"file"`     // the justificatifs.csv that it replaces or becomes
}

// row is a line of justificatifs.csv.
type row struct {
	Matricule   string `json:"matricule"`
	IdUnique    string `json:"id_unique"`
	Fichier     string `json:"fichier"`
	Nom         string `json:"nom"`
	Description string `json:"description"`
	Support     string `json:"support"`
}

// index is the justificatifs.csv of the drop, else one that is proposed.
func (w *work) index(ctx context.Context) (any, error) {
	drop, err := sorted(ctx)
	if err != nil {
		return nil, err
	}
	v := indexed{Rows: []row{}, Proposed: drop.Index == "", File: drop.Index}
	var lines []build.IndexLigneLue
	if v.Proposed {
		dir := drop.PJ
		if dir == "" {
			dir = "."
		}
		v.File = path.Join(path.Dir(filepath.ToSlash(drop.Entree)), "justificatifs.csv")
		lines, err = build.Propose(ctx, drop.Entree, piecesBelow(dir, drop.Entree))
	} else {
		lines, err = build.ReadIndex(drop.Index)
	}
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		v.Rows = append(v.Rows, row{l.Matricule, l.IdUnique, l.Fichier, l.Nom, l.Description, l.Support})
	}
	return v, nil
}

// piecesBelow are the files below dir that are neither the payroll nor a table.
func piecesBelow(dir, entree string) (list []string) {
	filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(dir, p)
		if err != nil || relErr != nil || e.IsDir() || filepath.Clean(p) == filepath.Clean(entree) {
			return err
		}
		if ext := strings.ToLower(filepath.Ext(p)); ext != ".csv" && ext != ".zip" {
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	return list
}

// indexText is the justificatifs.csv of the rows of a wish.
func (w *work) indexText(context.Context) (any, error) {
	var lines []build.IndexLigneLue
	for _, r := range w.ask.Rows {
		lines = append(lines, build.IndexLigneLue{Matricule: r.Matricule, IdUnique: r.IdUnique, Fichier: r.Fichier, Nom: r.Nom, Description: r.Description, Support: r.Support})
	}
	var text bytes.Buffer
	if err := build.WriteIndex(&text, lines); err != nil {
		return nil, err
	}
	return text.String(), nil
}

// rendered is the view of the bulletins as PDF.
type rendered struct {
	Groups []group `json:"groups"`
	Count  int     `json:"count"`
	Octets int64   `json:"octets"`
}

// bulletins writes the bulletins as PDF.
func (w *work) bulletins(ctx context.Context) (any, error) {
	drop, err := sorted(ctx)
	if err != nil {
		return nil, err
	}
	classe, err := slips.Classes("", drop.Entree)
	if err != nil {
		return nil, err
	}
	r, err := payslip.New(payslip.Options{Couleur: payslip.CouleurDefaut, Classe: classe})
	if err != nil {
		return nil, err
	}
	q := slips.Request{Entree: drop.Entree, Sortie: path.Join(path.Dir(w.Out), "bulletins"), Matricules: w.ask.Matricules}
	watch := slips.Watch{Anomalie: w.anomaly, Begin: func(n *atomic.Int64) { w.counts.Begin(rendering, 0) }}
	if err := slips.Verify(ctx, q, watch); err != nil {
		return nil, err
	}
	res, err := slips.Write(ctx, r, q, watch)
	if err != nil {
		return nil, err
	}
	for _, f := range res.Written {
		if err := w.tell(map[string]any{"type": "bulletin", "matricule": f.Matricule, "fichier": f.Nom, "octets": f.Octets}); err != nil {
			return nil, err
		}
	}
	for _, a := range res.Missing {
		w.anomaly(a)
	}
	return rendered{groups(w.found), len(res.Written), res.Octets}, nil
}

// rendering is the step of the bulletins.
const rendering progress.Phase = "bulletins"
