package xhl

import (
	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Survey is what cutting a journal into volumes needs to know of a bulletin,
// read at the speed of the tags: the other values are passed over.
type Survey struct {
	Matricule string
	Service   string
	PJRef     []PJRef
	totals    *Totaux
}

// Survey reads the i-th part of seg, a bulletin, into s and adds its lines to
// totals. It verifies that the tags of the bulletin match; rang is the
// bulletin's, for anomalies.
func (d *Decoder) Survey(seg *Segment, i, rang int, s *Survey, totals *Totaux) error {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	*s = Survey{PJRef: s.PJRef[:0], totals: totals}
	d.scan.Src, d.scan.Pos = raw, 0
	d.base, d.who, d.path, d.found = seg.Offset+int64(p.Start), "", d.path[:0], 0
	if err := d.survey(s); err != nil {
		d.text = string(raw)
		d.who = s.Matricule
		return d.segmentFault(err, seg, p.Start, rang)
	}
	return nil
}

// surveyDepth is how deep the elements of a bulletin go that a Survey looks
// into: PayeIndivMensuel, Remuneration, the line, its leaf.
const surveyDepth = 3

func (d *Decoder) survey(s *Survey) error {
	var t xmlr.Token
	var open [64][]byte // names of the open elements
	var line surveyLine
	depth := 0
	for {
		if err := d.scan.Next(&t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.Text:
			continue
		case xmlr.EndTag:
			depth--
			if depth < 0 || string(open[depth]) != string(t.Name) {
				expected := "PayeIndivMensuel"
				if depth >= 0 {
					expected = string(open[depth])
				}
				return &malformed{"XHL-009", t.Start, []any{schema.Clip(string(t.Name)), schema.Clip(expected)}}
			}
			if depth == surveyDepth-1 && line.open {
				s.totals.addRaw(line.nature, line.code, line.mt)
				line = surveyLine{}
			}
			if depth == 0 {
				return d.surveyEnd()
			}
			continue
		}
		if t.HasV && depth > 0 && depth <= surveyDepth {
			if err := d.surveyLeaf(s, &t, open[:depth], &line); err != nil {
				return err
			}
		}
		if t.Kind == xmlr.EmptyTag {
			if depth == 0 {
				return d.surveyEnd()
			}
			continue
		}
		if depth == len(open) || depth == d.opts.MaxDepth {
			return &malformed{"XHL-004", t.Start, []any{min(len(open), d.opts.MaxDepth)}}
		}
		if depth == surveyDepth-1 && string(xmlr.LocalName(open[1])) == "Remuneration" {
			line.nature, line.open = NatureOf(t.Local)
		}
		if depth == 1 && string(t.Local) == "PJRef" {
			s.PJRef = append(s.PJRef, PJRef{})
		}
		open[depth] = t.Name
		depth++
	}
}

// surveyLine is the line of a bulletin that is being read.
type surveyLine struct {
	open     bool
	nature   Nature
	code, mt []byte
}

func (d *Decoder) surveyLeaf(s *Survey, t *xmlr.Token, open [][]byte, line *surveyLine) error {
	switch len(open) {
	case 1:
		if string(t.Local) == "Service" {
			return d.surveyValue(t, &s.Service)
		}
	case 2:
		switch string(xmlr.LocalName(open[1])) {
		case "Agent":
			if string(t.Local) == "Matricule" {
				return d.surveyValue(t, &s.Matricule)
			}
		case "PJRef":
			ref := &s.PJRef[len(s.PJRef)-1]
			switch string(t.Local) {
			case "Support":
				return d.surveyValue(t, &ref.Support)
			case "IdUnique":
				return d.surveyValue(t, &ref.IdUnique)
			case "NomPJ":
				ref.NomPJ.Set = true
				return d.surveyValue(t, &ref.NomPJ.V)
			}
		}
	case surveyDepth:
		if !line.open {
			return nil
		}
		value := d.scan.Src[t.V0:t.V1]
		switch string(t.Local) {
		case "Code":
			line.code = value
			if t.Special {
				var code string
				if err := d.surveyValue(t, &code); err != nil {
					return err
				}
				line.code = []byte(code)
			}
		case "Mt":
			line.mt = value
		}
	}
	return nil
}

func (d *Decoder) surveyValue(t *xmlr.Token, into *string) error {
	if !t.Special {
		*into = string(d.scan.Src[t.V0:t.V1])
		return nil
	}
	var err error
	*into, err = d.decode(t)
	return err
}

// surveyEnd refuses what follows the end tag of the bulletin.
func (d *Decoder) surveyEnd() error {
	if d.scan.Pos != len(d.scan.Src) {
		return &malformed{code: "XHL-002", pos: d.scan.Pos}
	}
	return nil
}
