package sync

import (
	"context"
	"fmt"
	"strings"

	"paye/compress"
	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/identifiants"
	"paye/xhl"
)

// payroll reads what payroll has now of its agents in a journal. An agent with
// several bulletins is given once.
func (j *Job) payroll(ctx context.Context, path string) ([]*hr.Fiche, error) {
	in, err := compress.OpenJournal(path, compress.Limits{})
	if err != nil {
		return nil, err
	}
	defer in.Close()
	r, err := xhl.NewReader(in, xhl.Options{Fichier: path, Anomalie: func(*anomalie.Anomalie) {}})
	if err != nil {
		return nil, fmt.Errorf("read the agents of %s: %w", path, err)
	}
	var list []*hr.Fiche
	seen := make(map[string]bool)
	for b, err := range xhl.NotEmpty(path, r.Bulletins()) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, fmt.Errorf("read the agents of %s: %w", path, err)
		}
		etab := r.Entete().Employeur.Siret
		if e := b.Lieu.Etablissement; e != nil && e.Siret != "" {
			etab = e.Siret
		}
		key := etab + "\x00" + b.Agent.Matricule
		if seen[key] {
			continue
		}
		seen[key] = true
		list = append(list, ficheOf(&b.Agent, etab))
	}
	return list, nil
}

// ficheOf is what a journal says of an agent, written as a sheet is.
func ficheOf(a *xhl.Agent, etab string) *hr.Fiche {
	f := &hr.Fiche{ID: a.Matricule, Etab: strings.Clone(etab)}
	set := func(c hr.Champ, text string) {
		if text = strings.TrimSpace(text); text != "" {
			f.Values.Set(c, strings.Clone(text))
		}
	}
	set(hr.ChampMatricule, a.Matricule)
	set(hr.ChampNom, a.Nom.Reveal())
	set(hr.ChampPrenom, a.Prenom.V.Reveal())
	switch strings.ToUpper(strings.TrimSuffix(a.Civilite.V.Reveal(), ".")) {
	case "M", "MR", "MONSIEUR":
		set(hr.ChampTitre, "M")
	case "MME", "MLLE", "MADAME":
		set(hr.ChampTitre, "MME")
	}
	if nir, key, err := identifiants.SplitNIR(a.NIR.Reveal()); err == nil {
		if want, err := identifiants.CleNIR(nir); err == nil && (key == "" || key == want) {
			set(hr.ChampNIR, nir+want)
		}
	}
	set(hr.ChampAdresse, a.Adresse.Adr2.V.Reveal())
	set(hr.ChampComplement, strings.TrimSpace(a.Adresse.Adr1.V.Reveal()+" "+a.Adresse.Adr3.V.Reveal()))
	set(hr.ChampCodePostal, a.Adresse.CP.Reveal())
	set(hr.ChampVille, a.Adresse.Ville.V.Reveal())
	if strings.Trim(a.NbEnfants.Reveal(), "0123456789") == "" {
		set(hr.ChampEnfants, unpadded(a.NbEnfants.Reveal()))
	}
	if c := a.CptBancaire; c != nil {
		if iban := identifiants.CompactIBAN(c.IBAN.V.Reveal()); identifiants.CheckIBAN(iban) == nil {
			set(hr.ChampIBAN, iban)
			set(hr.ChampBIC, strings.ToUpper(c.BIC.V.Reveal()))
		}
	}
	return f
}

// unpadded is a number of two digits without its zero.
func unpadded(s string) string {
	if len(s) > 1 {
		return strings.TrimPrefix(s, "0")
	}
	return s
}
