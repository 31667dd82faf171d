package engine

import (
	"bytes"
	"context"

	"paye/app/check"
	"paye/internal/lang"
	"paye/pespj"
)

// checked is the view of a check.
type checked struct {
	Exit     int     `json:"exit"`
	Groups   []group `json:"groups"`
	Report   Text    `json:"report"` // a page of its own
	Siret    string  `json:"siret,omitempty"`
	Annee    string  `json:"annee,omitempty"`
	Mois     string  `json:"mois,omitempty"`
	Employer string  `json:"employer,omitempty"`
	Set      bool    `json:"set"`
	Refused  int     `json:"refused"` // pieces
	Accepted int     `json:"accepted"`
}

// check judges files, or all that was dropped.
func (w *work) check(ctx context.Context) (any, error) {
	o := check.Options{Tolerant: w.ask.Tolerant, Max: maxExamples, Jour: w.Now(), Progress: w.counts}
	if w.ask.Limit != "" {
		var err error
		if o.Limite, err = pespj.ParseLimit(w.ask.Limit); err != nil {
			return nil, err
		}
	}
	w.counts.Begin("check", 0)
	r, err := check.Check(ctx, w.ask.Paths, o)
	if err != nil {
		return nil, err
	}
	found := r.Observe(maxExamples)
	v := checked{Exit: r.ExitCode(found, false), Groups: groups(found), Set: r.Lot != nil}
	if err := w.tell(r.Lines(found, v.Exit)...); err != nil {
		return nil, err
	}
	for l, to := range map[lang.Language]*string{lang.French: &v.Report.FR, lang.English: &v.Report.EN} {
		var page bytes.Buffer
		if err := r.WriteHTML(&page, l, "xhl "+w.Version); err != nil {
			return nil, err
		}
		*to = page.String()
	}
	for _, f := range r.Fichiers {
		if a := f.Reponses; a != nil {
			v.Accepted, v.Refused = v.Accepted+a.Acceptes, v.Refused+a.Refus
		}
		for _, j := range f.Journaux {
			if j.Bilan != nil && j.Bilan.Entete != nil && v.Siret == "" {
				e := j.Bilan.Entete
				v.Employer, v.Siret, v.Annee, v.Mois = e.Employeur.Nom, e.Employeur.Siret, e.Annee, e.Mois
			}
		}
	}
	return v, nil
}
