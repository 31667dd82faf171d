package build

import (
	"io"
	"strings"

	"paye/internal/lang"
	"paye/splitter"
)

// SVG draws the plan, in a language: whose payroll it is, and each volume
// against the limit.
func (d *Job) SVG(w io.Writer, l lang.Language) error {
	t := func(fr, en string, args ...any) string { return lang.Text{FR: fr, EN: en}.In(l, args...) }
	e := d.Livre.Entete
	return d.Plan.SVG(w, d.Format, splitter.Legende{
		Titre:     strings.TrimSpace(e.Employeur.Nom),
		SousTitre: t("SIRET %s, %s : %d volume{s}", "SIRET %s, %s: %d volume{s}", d.Paye.Siret, lang.Month(l, d.Paye.Annee, d.Paye.Mois), len(d.Plan.Volumes)),
		XHL:       t("journal XHL", "XHL journal"), Propres: t("pièces d'un seul volume", "pieces of one volume"), Partagees: t("pièces répétées", "repeated pieces"),
		Limite: t("limite %v", "limit %v", lang.Octets(d.Plan.Limit)),
		Axe:    t("taille du fichier", "size of the file"),
		Volume: func(n int) string { return t("volume %d", "volume %d", n) },
		Octets: func(n int64) string { return lang.Octets(n).In(l) },
		Bulletins: func(n int) string {
			if n == 1 {
				return "1 bulletin"
			}
			return t("%d bulletin{s}", "%d bulletin{s}", n)
		},
	})
}
