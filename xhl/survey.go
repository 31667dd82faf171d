package xhl

import (
	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Survey is what cutting a journal into volumes needs to know of a bulletin,
// read at the speed of the tags: the other values are passed over, once it is
// known that every reader of XML can read them.
type Survey struct {
	Matricule string
	Service   string
	PJRef     []PJRef
	totals    *Totaux
}

// Survey reads the i-th part of seg, a bulletin, into s and adds its lines to
// totals. It verifies that the bulletin is well formed; rang is the bulletin's,
// for anomalies.
func (d *Decoder) Survey(seg *Segment, i, rang int, s *Survey, totals *Totaux) error {
	p := seg.Parts[i]
	raw := seg.Raw[p.Start:p.End]
	*s = Survey{PJRef: s.PJRef[:0], totals: totals}
	d.scan.Src, d.scan.Pos = raw, 0
	d.base, d.who, d.path, d.found = seg.Offset+int64(p.Start), "", d.path[:0], 0
	err := d.characters(raw)
	if err == nil {
		err = d.survey(s)
	}
	if err != nil {
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
	var from *trailLeaf // the last leaf, unless what follows it was not all seen
	var quote int       // where its value ends
	var mean trailMeaning
	depth := 0
	for {
		if err := d.scan.Next(&t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.Text:
			continue
		case xmlr.EndTag:
			if depth--; depth < 0 {
				return &malformed{"XHL-009", t.Start, []any{schema.Clip(string(t.Name)), "PayeIndivMensuel"}}
			}
			if err := ends(&t, open[depth]); err != nil {
				return err
			}
			if depth == surveyDepth-1 && line.open {
				s.totals.addRaw(line.nature, line.code, line.mt)
				line = surveyLine{}
				if mean.ends++; mean.begins > 0 {
					from = nil // a line without a leaf: a hop ends lines first
				}
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
			if d.trail == nil || !t.HasV || string(d.scan.Src[t.V1:t.End]) != emptyEnd {
				continue
			}
			leaf := d.trail.leaf(open[:depth], t.Name)
			if leaf == nil {
				from = nil
				continue
			}
			if from != nil {
				from.learn(d.scan.Src[quote:t.V0], leaf, mean)
			}
			from, quote = d.dash(s, leaf, t.V1, &line)
			mean = trailMeaning{}
			d.scan.Pos = quote + len(emptyEnd)
			depth = len(from.open)
			copy(open[:], from.open)
			continue
		}
		if depth == len(open) || depth == d.opts.MaxDepth {
			return &malformed{"XHL-004", t.Start, []any{min(len(open), d.opts.MaxDepth)}}
		}
		if depth == surveyDepth-1 && string(xmlr.LocalName(open[1])) == "Remuneration" {
			line.nature, line.open = NatureOf(t.Local)
			mean.begins++
			mean.line = line
		}
		if depth == 1 && string(t.Local) == "PJRef" {
			s.PJRef = append(s.PJRef, PJRef{})
			mean.refs++
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

// surveyAct is what a Survey does with the value of a leaf.
type surveyAct uint8

const (
	surveyNothing surveyAct = iota
	surveyService
	surveyMatricule
	surveySupport
	surveyIdUnique
	surveyNomPJ
	surveyCode
	surveyMt
)

// surveyActOf tells what is done with the leaf of that name in the open elements.
func surveyActOf(open [][]byte, local []byte) surveyAct {
	switch len(open) {
	case 1:
		if string(local) == "Service" {
			return surveyService
		}
	case 2:
		switch parent := string(xmlr.LocalName(open[1])); {
		case parent == "Agent" && string(local) == "Matricule":
			return surveyMatricule
		case parent != "PJRef":
		case string(local) == "Support":
			return surveySupport
		case string(local) == "IdUnique":
			return surveyIdUnique
		case string(local) == "NomPJ":
			return surveyNomPJ
		}
	case surveyDepth:
		switch string(local) {
		case "Code":
			return surveyCode
		case "Mt":
			return surveyMt
		}
	}
	return surveyNothing
}

// take keeps a value that stands for itself.
func (s *Survey) take(act surveyAct, value []byte, line *surveyLine) {
	switch act {
	case surveyService:
		s.Service = string(value)
	case surveyMatricule:
		s.Matricule = string(value)
	case surveySupport:
		s.PJRef[len(s.PJRef)-1].Support = string(value)
	case surveyIdUnique:
		s.PJRef[len(s.PJRef)-1].IdUnique = string(value)
	case surveyNomPJ:
		s.PJRef[len(s.PJRef)-1].NomPJ = Some(string(value))
	case surveyCode:
		line.code = value
	case surveyMt:
		line.mt = value
	}
}

func (d *Decoder) surveyLeaf(s *Survey, t *xmlr.Token, open [][]byte, line *surveyLine) error {
	act := surveyActOf(open, t.Local)
	if act == surveyNothing || act >= surveyCode && !line.open {
		return nil
	}
	value := d.scan.Src[t.V0:t.V1]
	if t.Special && act != surveyMt {
		text, err := d.decode(t)
		if err != nil {
			return err
		}
		value = []byte(text)
	}
	s.take(act, value, line)
	return nil
}

// surveyEnd refuses what follows the end tag of the bulletin.
func (d *Decoder) surveyEnd() error {
	if d.scan.Pos != len(d.scan.Src) {
		return &malformed{code: "XHL-002", pos: d.scan.Pos}
	}
	return nil
}
