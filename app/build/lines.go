package build

import (
	"paye/internal/manifest"
	"paye/splitter"
)

// The values of the JSON lines that build and plan print, the same in every
// language and in every front. Anomalies come before them, as they are.

// VolumeLine is a volume that was written.
type VolumeLine struct {
	Type string `json:"type"`
	manifest.Volume
}

// WrittenLines are the volumes of a delivery.
func WrittenLines(m *manifest.Manifest) []any {
	var lines []any
	for _, v := range m.Volumes {
		lines = append(lines, VolumeLine{"volume", v})
	}
	return lines
}

// PlannedLine is a volume of a plan, and what fills it.
type PlannedLine struct {
	Type string `json:"type"`
	manifest.Volume
	XHL       int64 `json:"octets_xhl"`
	Propres   int64 `json:"octets_pieces_propres"`
	Partagees int64 `json:"octets_pieces_partagees"`
}

// AlternativeLine is what another limit, or a fixed cut, would give.
type AlternativeLine struct {
	Type    string `json:"type"`
	Limit   int64  `json:"limit"`
	Par     int    `json:"par,omitempty"`
	Volumes int    `json:"volumes"`
	Borne   int    `json:"borne_inferieure,omitempty"`
	Trop    int    `json:"volumes_au_dela,omitempty"`
}

// PlannedLines are the volumes of a plan, then what else there could be.
func (d *Job) PlannedLines(m *manifest.Manifest, others []splitter.Alternative) []any {
	var lines []any
	for i, parts := range d.Plan.Parts(d.Format) {
		lines = append(lines, PlannedLine{"volume", m.Volumes[i], parts.XHL, parts.Propres, parts.Partagees})
	}
	for _, a := range others {
		lines = append(lines, AlternativeLine{"autrement", a.Limit, a.Par, a.Volumes, a.Borne, a.Trop})
	}
	return lines
}

// AdviceLine is what lighter twins of heavy scans would save.
type AdviceLine struct {
	Type     string       `json:"type"`
	Lourdes  int          `json:"numerisations_lourdes"`
	Essayees int          `json:"essayees"`
	Epargne  int64        `json:"octets_epargnes"`
	Sans     int          `json:"volumes"`        // 0: a piece is too large for any
	Avec     int          `json:"volumes_allege"` // 0: one still is
	Jumeaux  []AdviceTwin `json:"pieces"`
}

// AdviceLines are the line of the advice, if there is any.
func (d *Job) AdviceLines() []any {
	a := d.Advice
	if a == nil {
		return nil
	}
	return []any{AdviceLine{"allegement", a.Heavy, a.Tried, a.Saved, a.Without, a.Volumes, a.Twins}}
}

// ResultLine is the last line; errors are those that were told on the way.
func ResultLine(m *manifest.Manifest, errors int) map[string]any {
	return map[string]any{
		"type": "result", "ok": errors == 0, "bulletins": m.Bulletins, "volumes": len(m.Volumes), "limit": m.Limit, "mode": m.Mode,
		"borne_inferieure": m.BorneInf, "minimum_prouve": m.MinimumProuve, "octets_dupliques": m.OctetsDupl, "anomalies": errors,
	}
}
