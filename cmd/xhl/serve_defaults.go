package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"paye/pespj"
	"paye/web/gestion"
)

// formDefaults gives the forms of the console what the configuration file has for a
// budget of an employer, as build would take it. The file is read once.
func (p *program) formDefaults(c *cli.Context) (func(siret, budget string) gestion.Defaults, error) {
	conf, err := p.readConfig(c.Context)
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{""}, conf.order...) {
		if limit, set := conf.section(name)["limit"]; set && limit.value != "" {
			if _, err := pespj.ParseLimit(limit.value); err != nil {
				return nil, p.usage("%s, ligne %d : limit = %s n'est pas une taille (128Mo, 80MB, 50MiB, gxml)", "%s, line %d: limit = %s is no size (128Mo, 80MB, 50MiB, gxml)", conf.path, limit.line, limit.value)
			}
		}
	}
	chosen := slices.Clone(conf.chosen) // by --preset
	return func(siret, budget string) gestion.Defaults {
		of := *conf
		if of.chosen = chosen; len(chosen) == 0 {
			of.chosen = conf.sectionsOf(siret, budget)
		}
		get := func(key string) string {
			s, _, _ := of.lookup(key)
			return s.value
		}
		return gestion.Defaults{Limit: get("limit"), Format: get("format"), Packaging: get("packaging"), Mode: get("mode"),
			IdPost: get("idpost"), CodCol: get("codcol"), CodBud: get("codbud"), FinJur: get("finjur"),
			TypFic: get("typfic"), LibelleColBud: get("libellecolbud"), LibellePoste: get("libelleposte")}
	}, nil
}
