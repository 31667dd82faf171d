package sync

import (
	"context"
	"strings"

	"paye/due"
	"paye/hr"
)

// Hires gives the contracts of agents of the source that begin on or after
// from, as drafts of declarations: a sheet knows neither the hour nor the
// nature of a contract, and nothing is sent. A contract that the sheet no
// longer shows, or that began earlier, is left out.
func (j *Job) Hires(ctx context.Context, from hr.Date) (due.Source, error) {
	reg, err := j.store.Register(ctx)
	if err != nil {
		return nil, err
	}
	return func(yield func(due.Embauche, error) bool) {
		for _, a := range reg.Agents {
			for _, l := range a.Liens {
				if l.Gone != "" || l.Debut == "" || l.Debut < from.String() {
					continue
				}
				if !yield(draft(a, l), ctx.Err()) || ctx.Err() != nil {
					return
				}
			}
		}
	}, nil
}

// draft is what a sheet knows of a hire. The department of birth is read in the
// NIR; the check of the declarations tells when it disagrees with the rest.
func draft(a *hr.Agent, l hr.Lien) due.Embauche {
	v := &a.Values
	e := due.Embauche{Fichier: "hr"}
	e.Matricule = l.Matricule
	e.NomNaissance, e.Prenom = v.Text(hr.ChampNomNaissance), v.Text(hr.ChampPrenom)
	if nom := v.Text(hr.ChampNom); nom != e.NomNaissance {
		e.NomUsage = nom
	}
	e.Sexe = map[string]string{"M": "M", "MME": "F"}[v.Text(hr.ChampTitre)]
	if nir := v.Text(hr.ChampNIR); len(nir) == 15 {
		e.NIR, e.CleNIR = nir[:13], nir[13:]
		if e.DepartementNaissance = nir[5:7]; e.DepartementNaissance == "97" || e.DepartementNaissance == "98" {
			e.DepartementNaissance = nir[5:8]
		}
	}
	e.DateNaissance, e.VilleNaissance = v.Text(hr.ChampDateNaissance), v.Text(hr.ChampVilleNaissance)
	if e.PaysNaissance = v.Text(hr.ChampPaysNaissance); e.PaysNaissance == "FR" {
		e.PaysNaissance = ""
	}
	e.Numero = strings.Join([]string{"hr", l.SourceID, l.Debut}, "-")
	e.Section, e.DateDebut, e.DateFin = l.Etab, l.Debut, l.Fin
	return e
}
