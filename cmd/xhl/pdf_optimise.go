package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/input"
	"paye/internal/lang"
	"paye/internal/pdfx"
)

// lightening is a file to lighten and where its twin goes.
type lightening struct{ name, out string }

// twinsOf lists the files below paths, with their twins at the same place
// below dir. Two files that would have one twin are refused.
func (p *program) twinsOf(paths []string, dir string) ([]lightening, error) {
	var list []lightening
	from := make(map[string]string)
	for _, root := range paths {
		files, err := filesBelow([]string{root})
		if err != nil {
			return nil, err
		}
		for _, name := range files {
			rel, err := filepath.Rel(root, name)
			if err != nil || rel == "." {
				rel = filepath.Base(name)
			}
			out := filepath.Join(dir, rel)
			if other, taken := from[out]; taken && other != name {
				return nil, p.usage("%s et %s auraient le même jumeau : allégez-les dans deux dossiers", "%s and %s would have the same twin: lighten them into two folders", other, name)
			}
			if sameFile(name, out) {
				return nil, p.usage("%s serait écrasé : donnez un autre dossier", "%s would be overwritten: give another folder", name)
			}
			from[out] = name
			list = append(list, lightening{name, out})
		}
	}
	return list, nil
}

func sameFile(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}

func (p *program) pdfOptimise(ctx context.Context, paths []string, dir string, keepPictures bool) error {
	if dir == "" {
		return p.usage("il manque le dossier des jumeaux : -o DOSSIER", "the folder of the twins is missing: -o FOLDER")
	}
	list, err := p.twinsOf(paths, dir)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return p.usage("il manque les fichiers à alléger", "the files to lighten are missing")
	}
	o := pdfx.OptimiseOptions{Scans: !keepPictures, Judge: pdfx.NewPoppler()}
	var gained int64
	written := 0
	for _, l := range list {
		before, out, err := p.pdfTwin(ctx, l, o)
		if err != nil {
			return err
		}
		if out.Size > 0 {
			gained += before - out.Size
			written++
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "fichiers": len(list), "ecrits": written, "gain": gained,
		"anomalies": p.errors, "compare": o.Judge != nil})
}

// pdfTwin lightens a file and says what came of it. What is wrong with the
// file is an anomaly that is told, not an error.
func (p *program) pdfTwin(ctx context.Context, l lightening, o pdfx.OptimiseOptions) (int64, pdfx.Outcome, error) {
	before, out, err := writeTwin(ctx, l, o)
	line := map[string]any{"type": "piece", "fichier": l.name, "octets": before, "allege": out.Size}
	var a *anomalie.Anomalie
	switch {
	case errors.As(err, &a):
		a.Fichier = l.name
		p.report(a)
		line["code"] = a.Code
	case err != nil:
		return 0, out, err
	case out.Size > 0:
		p.ui.print(p.ui.text(lang.Text{FR: "%s : %s au lieu de %s", EN: "%s: %s instead of %s"}, oneLine(l.name), p.ui.octets(out.Size), p.ui.octets(before)))
		line["numerisations"] = out.Scans
	default:
		p.ui.print(p.ui.text(lang.Text{FR: "%s : pas de jumeau, %s", EN: "%s: no twin, %s"}, oneLine(l.name), p.ui.text(keptTexts[out.Kept])))
		line["motif"] = out.Kept
	}
	return before, out, p.ui.data(line)
}

// keptTexts say why a document has no twin.
var keptTexts = map[pdfx.Kept]lang.Text{
	pdfx.KeptSigned:    {FR: "il est signé électroniquement", EN: "it is signed electronically"},
	pdfx.KeptEncrypted: {FR: "il est protégé", EN: "it is protected"},
	pdfx.KeptPDFA:      {FR: "c'est un PDF/A", EN: "it is a PDF/A"},
	pdfx.KeptDoubt:     {FR: "il est abîmé ou écrit hors de la norme", EN: "it is damaged or departs from the standard"},
	pdfx.KeptDiffers:   {FR: "il ne montrerait pas la même chose", EN: "it would not show the same"},
	pdfx.KeptLight:     {FR: "il n'y a rien à gagner", EN: "there is nothing to gain"},
	pdfx.KeptNotPDF:    {FR: "ce n'est pas un PDF", EN: "it is no PDF"},
}

// writeTwin writes the twin of a file, if there is one.
func writeTwin(ctx context.Context, l lightening, o pdfx.OptimiseOptions) (before int64, out pdfx.Outcome, err error) {
	f, err := input.Open(l.name)
	if err != nil {
		return 0, out, fmt.Errorf("open piece: %w", err)
	}
	defer f.Close()
	before = f.Info().Size()
	content, err := pdfx.ContentOf(ctx, f, before)
	if err != nil {
		return before, out, err
	}
	for _, a := range content.Verdict(filepath.Base(l.name)) {
		if a.Gravite == anomalie.Erreur {
			return before, out, a
		}
	}
	if content.Type != pdfx.PDF {
		return before, pdfx.Outcome{Kept: pdfx.KeptNotPDF}, nil
	}
	if err := durable.MkdirAll(filepath.Dir(l.out)); err != nil {
		return before, out, fmt.Errorf("make the folder of %s: %w", l.out, err)
	}
	w, err := durable.Create(l.out)
	if err != nil {
		return before, out, fmt.Errorf("make %s: %w", l.out, err)
	}
	defer w.Abort()
	if out, err = pdfx.Optimise(ctx, f, before, w, o); err != nil || out.Size == 0 {
		return before, out, err
	}
	return before, out, w.Commit()
}
