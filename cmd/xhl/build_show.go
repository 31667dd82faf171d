package main

import (
	"fmt"
	"strings"

	"paye/app/build"
	"paye/internal/lang"
	"paye/internal/manifest"
	"paye/splitter"
)

// showOthers tells what other limits and fixed cuts would give.
func (p *program) showOthers(others []splitter.Alternative) {
	if len(others) == 0 {
		return
	}
	u := p.ui
	u.print("")
	u.print(u.text(lang.Text{FR: "Autrement (tailles estimées) :", EN: "Otherwise (estimated sizes):"}))
	for _, a := range others {
		switch {
		case a.Par == 0 && a.Volumes == a.Borne:
			u.print(u.text(lang.Text{FR: "  limite de %s : %s, minimum prouvé", EN: "  limit of %s: %s, proved minimum"}, u.octets(a.Limit), u.text(volumesCounted, a.Volumes)))
		case a.Par == 0:
			u.print(u.text(lang.Text{FR: "  limite de %s : %s (jamais moins de %d)", EN: "  limit of %s: %s (never fewer than %d)"}, u.octets(a.Limit), u.text(volumesCounted, a.Volumes), a.Borne))
		case a.Trop > 0:
			u.print(u.text(lang.Text{FR: "  coupe fixe de %d bulletin{s} : %s, dont %d au-delà de la limite", EN: "  fixed cut of %d bulletin{s}: %s, %d of them beyond the limit"}, a.Par, u.text(volumesCounted, a.Volumes), a.Trop))
		default:
			u.print(u.text(lang.Text{FR: "  coupe fixe de %d bulletin{s} : %s", EN: "  fixed cut of %d bulletin{s}: %s"}, a.Par, u.text(volumesCounted, a.Volumes)))
		}
	}
}

// result is the last JSON line of build and plan.
func (p *program) result(m *manifest.Manifest, more map[string]any) error {
	r := build.ResultLine(m, p.errors)
	for k, v := range more {
		r[k] = v
	}
	return p.ui.data(r)
}

// showPlan draws the volumes for people.
func (p *program) showPlan(d *build.Job, m *manifest.Manifest) {
	u := p.ui
	groupes := d.Livre.Groupes()
	u.print(u.text(lang.Text{FR: "%s, %s/%s, SIRET %s : %s, %s, %s", EN: "%s, %s/%s, SIRET %s: %s, %s, %s"},
		oneLine(d.Livre.Entete.Employeur.Nom), m.Mois, m.Annee, m.Siret,
		u.text(bulletinsCounted, m.Bulletins), u.text(lang.Text{FR: "%d établissement{s}", EN: "%d établissement{s}"}, groupes), u.text(piecesCounted, piecesOf(d))))
	rows := [][]string{{">n", u.text(lang.Text{FR: "fichier", EN: "file"}), ">bulletins", u.text(lang.Text{FR: ">pièces", EN: ">pieces"}), u.text(lang.Text{FR: ">taille", EN: ">size"}), u.text(lang.Text{FR: "remplissage", EN: "fill"}), ""}}
	for _, v := range m.Volumes {
		rows = append(rows, []string{fmt.Sprint(v.N), v.Fichier, u.number(int64(v.Bulletins)), u.number(int64(len(v.Pieces))), u.octets(v.Octets),
			bar(v.Octets, m.Limit, 24), u.pourcent(v.Octets, m.Limit)})
	}
	for _, line := range table(rows) {
		u.print(line)
	}
	line := u.text(lang.Text{FR: "%s de %s au plus", EN: "%s of %s at most"}, u.text(volumesCounted, len(m.Volumes)), u.octets(m.Limit))
	if m.MinimumProuve {
		line += u.text(lang.Text{FR: " : minimum prouvé.", EN: ": proved minimum."})
	} else {
		line += u.text(lang.Text{FR: " ; aucun découpage n'en aurait moins de %d.", EN: "; no cut would have fewer than %d."}, m.BorneInf)
	}
	if m.OctetsDupl > 0 {
		line += " " + u.text(lang.Text{FR: "Pièces partagées répétées : %s.", EN: "Shared pieces repeated: %s."}, u.octets(m.OctetsDupl))
	}
	u.print(line)
}

// piecesOf counts the documents that travel.
func piecesOf(d *build.Job) int {
	n := len(d.Pieces.Generales)
	for _, q := range d.Pieces.ParRef {
		if q != nil {
			n++
		}
	}
	return n
}

// oneLine makes a text of a file safe to print on a terminal.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7F && r < 0xA0 {
			return ' '
		}
		return r
	}, s)
}
