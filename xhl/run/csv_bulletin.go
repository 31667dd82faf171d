package run

import (
	"errors"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// csvDecoder turns batches into bulletins as they stand in a journal. One
// serves one goroutine.
type csvDecoder struct {
	in       *csvBulletins
	opts     xhl.WriterOptions
	enc      *xhl.BulletinEncoder
	watches  *csvWatches
	agent    *csvBinding
	kinds    map[string]*csvBinding
	names    []string
	bulletin xhl.Bulletin
	cells    []string
}

func (in *csvBulletins) decoder(o xhl.WriterOptions) *csvDecoder {
	d := &csvDecoder{in: in, opts: o, enc: xhl.NewBulletinEncoder(o), kinds: make(map[string]*csvBinding),
		watches: in.head.sight.watches(in.opts.Past)}
	d.agent = in.agents.bind(csvAgentsFile, csvAgentsFile.kinds[0], d.watches)
	for _, k := range csvLignesFile.kinds {
		d.kinds[k.name] = in.lignes.bind(csvLignesFile, k, d.watches)
		d.names = append(d.names, k.name)
	}
	return d
}

func (d *csvDecoder) encode(b *csvBatch) error {
	b.totals = xhl.NewTotaux()
	b.raw = make([]byte, 0, 2*len(b.text))
	text := string(b.text)
	first := 0
	for _, bulletin := range b.bulletins {
		lignes := b.lignes[first:bulletin.lignes]
		first = bulletin.lignes
		d.bulletin.Reset()
		err := d.decode(text, bulletin.csvSpan, lignes)
		if err == nil {
			if b.raw, err = d.enc.Append(b.raw, &d.bulletin); err != nil {
				err = d.refused(err, text, bulletin.csvSpan, lignes)
			}
		}
		if err != nil {
			return named(err, d.bulletin.Agent.Matricule)
		}
		b.totals.Add(&d.bulletin)
		b.notes = append(b.notes, d.enc.Notes()...)
	}
	return nil
}

func named(err error, matricule string) error {
	var a *xhl.Anomalie
	if errors.As(err, &a) {
		a.Matricule = schema.Clip(matricule)
	}
	return err
}

// decode reads one bulletin.
func (d *csvDecoder) decode(text string, agent csvSpan, lignes []csvSpan) error {
	var err error
	if d.cells, err = d.in.agents.split(text[agent.from:agent.to], d.cells[:0], agent.csvPlace); err != nil {
		return err
	}
	if _, err = d.in.agents.fill(d.agent, &d.bulletin, d.cells, agent.csvPlace); err != nil {
		return err
	}
	for _, l := range lignes {
		if _, _, err := d.ligne(text, l); err != nil {
			return err
		}
	}
	return nil
}

// ligne reads one line of lignes.csv into the bulletin.
func (d *csvDecoder) ligne(text string, l csvSpan) (*csvBinding, any, error) {
	var err error
	if d.cells, err = d.in.lignes.split(text[l.from:l.to], d.cells[:0], l.csvPlace); err != nil {
		return nil, nil, err
	}
	b := d.kinds[d.cells[d.in.elementLigne]]
	if b == nil {
		return nil, nil, d.in.lignes.fault(csvNearest(CSVLignes, d.cells[d.in.elementLigne], d.names), l.csvPlace)
	}
	item, err := d.in.lignes.fill(b, &d.bulletin, d.cells, l.csvPlace)
	return b, item, err
}

// refused finds the record that holds what the encoder refuses in a bulletin:
// each line is encoded alone, and what remains is in agents.csv.
func (d *csvDecoder) refused(err error, text string, agent csvSpan, lignes []csvSpan) error {
	matricule := d.bulletin.Agent.Matricule
	defer func() { d.bulletin.Agent.Matricule = matricule }()
	enc := newEncoder(d.opts)
	enc.Begin(matricule)
	for _, l := range lignes {
		d.bulletin.Reset()
		b, item, again := d.ligne(text, l)
		if again != nil {
			return again
		}
		var fault error
		if leaf := b.kind.item; leaf.Value != nil {
			_, fault = enc.Leaf(nil, leaf, *leaf.Item(item, 0), 0)
			var a *xhl.Anomalie
			if errors.As(fault, &a) {
				a.Chemin += "/" + csvValeur
			}
		} else {
			_, fault = enc.Element(nil, leaf, item, 0)
		}
		if fault != nil {
			return d.in.lignes.refused(fault, l.csvPlace)
		}
	}
	var a *xhl.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	if lacking := csvLignesFile.kind(csvColumn(a.Chemin)); lacking != nil { // an element that has to come once at least
		at := csvPlace{0, -1}
		if len(lignes) > 0 {
			at = lignes[0].csvPlace
		}
		a.Chemin = lacking.name
		return d.in.lignes.fault(a, at)
	}
	return d.in.agents.refused(a, agent.csvPlace)
}
