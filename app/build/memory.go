package build

import (
	"context"
	"encoding/hex"
	"sync"

	"paye/pespj"
	"paye/splitter"
)

// suffixe is what a NomFic grows by when the plain one was used: "_R01".
const suffixe = 4

// souvenir is what the memory says of the payroll under way.
type souvenir struct {
	names bool            // names of its month are taken
	la    map[string]bool // pieces that need not travel, by IdUnique

	mu     sync.Mutex
	envois map[[32]byte]int // by what a volume holds
}

// remember asks whether the payroll was sent before. Where names are taken,
// volumes may need longer ones: the plan leaves room for them.
func (d *Job) remember(ctx context.Context) error {
	f, pes := d.Format.(interface{ base() *fluxPES })
	if !pes || d.dem.Memory == nil {
		return nil
	}
	var err error
	f.base().souvenir = &d.souvenir
	var sent bool
	sent, d.souvenir.names, err = d.dem.Memory.Past(ctx, d.Paye)
	if err == nil && sent {
		d.dem.Anomalie(Codes.New(DejaEnvoyee, d.Paye.Periode))
	}
	return err
}

// margin is what a plan leaves free.
func (d *Job) margin() int64 {
	if d.souvenir.names {
		return d.dem.Marge + suffixe
	}
	return d.dem.Marge
}

// leaveOut finds the pieces that the accountant has: with one piece an element
// they do not travel again, since Hélios refuses an IdUnique that it has.
func (d *Job) leaveOut(ctx context.Context, list []*splitter.Justificatif) error {
	if d.dem.Memory == nil || d.dem.Format != FormatPES || d.dem.Packaging != EnPieces {
		return nil
	}
	contents := make(map[string]string)
	for _, p := range list {
		if p != nil {
			contents[p.IdUnique] = d.content(p)
		}
	}
	if len(contents) == 0 {
		return nil
	}
	known, err := d.dem.Memory.Known(ctx, d.Paye, contents)
	if err != nil {
		return err
	}
	if len(known) > 0 {
		d.dem.Anomalie(Codes.New(DejaChezLeComptable, len(known)))
	}
	d.souvenir.mu.Lock()
	defer d.souvenir.mu.Unlock()
	if d.souvenir.la == nil {
		d.souvenir.la = make(map[string]bool)
	}
	for id := range known {
		d.souvenir.la[id] = true
	}
	return nil
}

// travels reports whether a piece is in the volumes; nil remembers nothing.
func (s *souvenir) travels(p *splitter.Justificatif) bool {
	if s == nil {
		return true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.la[p.IdUnique]
}

// nomFic is the name of a volume, of which the memory says what is free.
func (f *fluxPES) nomFic(v *splitter.Volume, hash [32]byte) (string, error) {
	name := func(envoi int) (string, error) {
		return pespj.NewNomFic(f.paye.Siret, f.paye.Annee, f.paye.Mois, v.N, envoi, hash[:])
	}
	s := f.souvenir
	if s == nil || !s.names {
		return name(0)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	envoi, known := s.envois[hash]
	if !known {
		var err error
		if envoi, err = f.dem.Memory.Envoi(context.Background(), f.paye, name); err != nil {
			return "", err
		}
		if s.envois == nil {
			s.envois = make(map[[32]byte]int)
		}
		s.envois[hash] = envoi
	}
	return name(envoi)
}

func (f *fluxPES) base() *fluxPES { return f }

// contents are the PJ of each volume.
func (d *Job) contents() ([][]Content, error) {
	f, pes := d.Format.(interface {
		contents(*splitter.Volume, *Job) ([]Content, error)
	})
	if !pes {
		return nil, nil
	}
	all := make([][]Content, len(d.Plan.Volumes))
	for i, v := range d.Plan.Volumes {
		var err error
		if all[i], err = f.contents(v, d); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// payroll is the PJ that is the payroll itself.
func (f *fluxPES) payroll(v *splitter.Volume) (Content, error) {
	_, id, err := f.header(v)
	hash := v.Hash()
	return Content{IdUnique: id, Genre: pespj.GenrePaye, SHA256: hex.EncodeToString(hash[:]), Octets: v.XHL.Raw}, err
}

func (f *fluxArchive) contents(v *splitter.Volume, _ *Job) ([]Content, error) {
	c, err := f.payroll(v)
	return []Content{c}, err
}

func (f *fluxPieces) contents(v *splitter.Volume, d *Job) ([]Content, error) {
	var list []Content
	if !v.EnteteSeul {
		c, err := f.payroll(v)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	for _, p := range v.Pieces {
		if f.souvenir.travels(p) {
			list = append(list, Content{p.IdUnique, pespj.GenrePJ, d.content(p), p.Piece.Raw})
		}
	}
	return list, nil
}
