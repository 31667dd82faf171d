package main

import (
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/internal/anomalie"
	"paye/internal/lang"
)

// supposed are codes of the right form and of the greatest length, for a plan
// that is made before the accountant has given his.
var supposed = struct{ idpost, codcol, codbud string }{"9999999", "999", "99"}

var codesSupposed = lang.Text{
	FR: "sans %s : les tailles sont celles d'un flux avec des codes de la plus grande longueur ; « xhl build » les demandera au comptable (--idpost 006111 --codcol 123 --codbud 00)",
	EN: "without %s: the sizes are those of a flux with codes of the greatest length; “xhl build” will want the accountant's (--idpost 006111 --codcol 123 --codbud 00)"}

// fluxHeader refuses a PES without what only the accountant's office gives, and
// tells all that is wrong with it at once. A plan does without: only the lengths
// of the codes weigh.
func (p *program) fluxHeader(c *cli.Context, d *build.Request) error {
	var missing []string
	for _, code := range []struct{ flag, value string }{{"--idpost", d.Flux.IdPost}, {"--codcol", d.Flux.CodCol}, {"--codbud", d.Flux.CodBud}} {
		if code.value == "" {
			missing = append(missing, code.flag)
		}
	}
	var last error
	if len(missing) > 0 && c.Command.Name == "plan" {
		p.supposed = true
		p.ui.say(codesSupposed, strings.Join(missing, ", "))
		for value, instead := range map[*string]string{&d.Flux.IdPost: supposed.idpost, &d.Flux.CodCol: supposed.codcol, &d.Flux.CodBud: supposed.codbud} {
			if *value == "" {
				*value = instead
			}
		}
	} else if len(missing) > 0 {
		last = p.hinted(p.usage("l'en-tête du PES est incomplet : il manque %s, que donne le comptable", "the PES header is incomplete: it lacks %s, which the accountant gives", strings.Join(missing, ", ")),
			"par exemple --idpost 006111 --codcol 123 --codbud 00, ou les mêmes clés dans le fichier de configuration ; --format zip n'en a pas besoin",
			"for instance --idpost 006111 --codcol 123 --codbud 00, or the same keys in the configuration file; --format zip needs none of them")
	}
	faults := headerFaults(d)
	for _, a := range faults {
		if last == nil && a == faults[len(faults)-1] {
			last = a
			break
		}
		p.report(a)
	}
	return last
}

// headerFaults are the values of the header that are there and wrong.
func headerFaults(d *build.Request) []*anomalie.Anomalie {
	probe := d.Flux
	probe.NomFic, probe.DteStr, probe.IdColl = "x.xml", d.Date.Format(time.DateOnly), strings.Repeat("0", 13)+"1"
	for value, instead := range map[*string]string{&probe.IdPost: supposed.idpost, &probe.CodCol: supposed.codcol, &probe.CodBud: supposed.codbud} {
		if *value == "" {
			*value = instead
		}
	}
	return probe.Check()
}
