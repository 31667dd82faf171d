package xhl

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
	d.scan.src, d.scan.pos = raw, 0
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
	var t token
	var open [64][]byte // names of the open elements
	var line surveyLine
	depth := 0
	for {
		if err := d.scan.next(&t); err != nil {
			return err
		}
		switch t.kind {
		case tokText:
			continue
		case tokEnd:
			depth--
			if depth < 0 || string(open[depth]) != string(t.name) {
				expected := "PayeIndivMensuel"
				if depth >= 0 {
					expected = string(open[depth])
				}
				return &malformed{"XHL-009", t.start, []any{clip(string(t.name)), clip(expected)}}
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
		if t.hasV && depth > 0 && depth <= surveyDepth {
			if err := d.surveyLeaf(s, &t, open[:depth], &line); err != nil {
				return err
			}
		}
		if t.kind == tokEmpty {
			if depth == 0 {
				return d.surveyEnd()
			}
			continue
		}
		if depth == len(open) || depth == d.opts.MaxDepth {
			return &malformed{"XHL-004", t.start, []any{min(len(open), d.opts.MaxDepth)}}
		}
		if depth == surveyDepth-1 && string(localName(open[1])) == "Remuneration" {
			line.nature, line.open = ligneNature(t.local)
		}
		if depth == 1 && string(t.local) == "PJRef" {
			s.PJRef = append(s.PJRef, PJRef{})
		}
		open[depth] = t.name
		depth++
	}
}

// surveyLine is the line of a bulletin that is being read.
type surveyLine struct {
	open     bool
	nature   Nature
	code, mt []byte
}

func (d *Decoder) surveyLeaf(s *Survey, t *token, open [][]byte, line *surveyLine) error {
	switch len(open) {
	case 1:
		if string(t.local) == "Service" {
			return d.surveyValue(t, &s.Service)
		}
	case 2:
		switch string(localName(open[1])) {
		case "Agent":
			if string(t.local) == "Matricule" {
				return d.surveyValue(t, &s.Matricule)
			}
		case "PJRef":
			ref := &s.PJRef[len(s.PJRef)-1]
			switch string(t.local) {
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
		value := d.scan.src[t.v0:t.v1]
		switch string(t.local) {
		case "Code":
			line.code = value
			if t.special {
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

func (d *Decoder) surveyValue(t *token, into *string) error {
	if !t.special {
		*into = string(d.scan.src[t.v0:t.v1])
		return nil
	}
	var err error
	*into, err = d.decode(t)
	return err
}

// surveyEnd refuses what follows the end tag of the bulletin.
func (d *Decoder) surveyEnd() error {
	if d.scan.pos != len(d.scan.src) {
		return &malformed{code: "XHL-002", pos: d.scan.pos}
	}
	return nil
}

// ligneNature tells the Nature that an element of Remuneration is.
func ligneNature(local []byte) (Nature, bool) {
	for n, name := range natureNames {
		if string(local) == name {
			return Nature(n), true
		}
	}
	return 0, false
}
