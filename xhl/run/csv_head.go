package run

import (
	"errors"
	"io"
	"io/fs"
	"strconv"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// csvHead is what a CSV run holds beside its bulletins: entete.csv and
// nomenclatures.csv.
type csvHead struct {
	entete  *xhl.Entete
	groupes []*xhl.Etablissement // by rank, from 1; nil for a DonneesIndiv without one
	queue   xhl.Fin
	lists   map[string]csvPlace // first line of each code list
	end     csvPlace            // last line of nomenclatures.csv
	sight   csvSight
}

// small reads every record of a file that is held whole, of
// Options.MaxQueue bytes at most.
func (r *csvReader) small(each func(cells []string, p csvPlace) error) error {
	var cells []string
	for {
		rec, err := r.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil && r.at > int64(r.opts.MaxQueue) {
			err = r.fault(schema.Codes.New("XHL-004", r.opts.MaxQueue), rec.csvPlace)
		}
		if err == nil {
			cells, err = r.split(string(rec.text), cells[:0], rec.csvPlace)
		}
		if err == nil {
			err = each(cells, rec.csvPlace)
		}
		if err != nil {
			return err
		}
	}
}

// refused places an anomaly of the encoder at a record and at its column.
func (r *csvReader) refused(err error, p csvPlace) error {
	var a *xhl.Anomalie
	if errors.As(err, &a) {
		a.Chemin = csvColumn(a.Chemin)
		return r.fault(a, p)
	}
	return err
}

func readCSVHead(dir fs.FS, o *EncodeOptions) (*csvHead, error) {
	h := &csvHead{lists: make(map[string]csvPlace)}
	if err := h.readEntete(dir, o); err != nil {
		return nil, err
	}
	return h, h.readLists(dir, o)
}

func (h *csvHead) readEntete(dir fs.FS, o *EncodeOptions) error {
	r, err := openCSV(dir, csvEnteteFile, &o.Run)
	if err != nil {
		return err
	}
	defer r.Close()
	watches := h.sight.watches(o.Past)
	head, etab := r.bind(csvEnteteFile, csvEnteteFile.kinds[0], watches), r.bind(csvEnteteFile, csvEnteteFile.kinds[1], watches)
	rank := r.column(csvEtablissement)
	enc := newEncoder(o.Writer)
	err = r.small(func(cells []string, p csvPlace) error {
		key := ""
		if rank >= 0 {
			key = cells[rank]
		}
		if h.entete == nil {
			if key != "" {
				return r.fault(csvFault(r.name, csvFirstLine), p)
			}
			h.entete = new(xhl.Entete)
			if _, err := r.fill(head, h.entete, cells, p); err != nil {
				return err
			}
			_, err := enc.Prologue(nil, xhl.Table.Entete, h.entete)
			return r.refused(err, p)
		}
		if next := strconv.Itoa(len(h.groupes) + 1); key != next {
			return r.fault(csvFault(r.name, csvNextRank, next), p)
		}
		var g xhl.Groupe
		if _, err := r.fill(etab, &g, cells, p); err != nil {
			return err
		}
		h.groupes = append(h.groupes, g.Etablissement)
		if g.Etablissement == nil {
			return nil
		}
		_, err := enc.Containers(nil, xhl.Table.Etablissement, &g, 0)
		var a *xhl.Anomalie
		if errors.As(err, &a) {
			a.Chemin = xhl.Table.DonneesIndiv.Name + "/" + a.Chemin
		}
		return r.refused(err, p)
	})
	if err == nil && h.entete == nil {
		err = r.fault(csvFault(r.name, csvEmpty), csvPlace{0, -1})
	}
	return err
}

func newEncoder(o xhl.WriterOptions) schema.Encoder {
	return schema.Encoder{Charset: o.Charset, Only12b: o.Version == xhl.V12b, Compact: o.Compact}
}

func (h *csvHead) readLists(dir fs.FS, o *EncodeOptions) error {
	r, err := openCSV(dir, csvNomenclaturesFile, &o.Run)
	if err != nil {
		return err
	}
	defer r.Close()
	name, err := r.key(csvNomenclature)
	if err != nil {
		return err
	}
	enc := newEncoder(o.Writer)
	bindings := make(map[string]*csvBinding)
	var names []string
	watches := h.sight.watches(o.Past)
	for _, k := range csvNomenclaturesFile.kinds {
		bindings[k.name] = r.bind(csvNomenclaturesFile, k, watches)
		names = append(names, k.name)
	}
	return r.small(func(cells []string, p csvPlace) error {
		b := bindings[cells[name]]
		if b == nil {
			return r.fault(csvNearest(r.name, cells[name], names), p)
		}
		h.end = p
		if _, met := h.lists[b.kind.name]; !met {
			h.lists[b.kind.name] = p
		}
		item, err := r.fill(b, &h.queue, cells, p)
		if err != nil || item == nil {
			return err
		}
		_, err = enc.Element(nil, b.kind.item, item, 0)
		return r.refused(err, p)
	})
}

// placed adds to an anomaly of the Writer, which is about a code list or the
// répartition, the line where that one begins.
func (h *csvHead) placed(err error, o *EncodeOptions) error {
	var a *xhl.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	at := h.end
	for name, p := range h.lists {
		if containsName(a.Chemin, name) {
			at = p
		}
	}
	return a.At(csvPath(o.Run.Fichier, CSVNomenclatures), at.offset, at.ligne)
}
