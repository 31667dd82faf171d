package build

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paye/internal/manifest"
	"paye/splitter"
)

// Manifeste describes the plan; SHA256 are empty until the volumes are
// written.
func (d *Job) Manifeste() (*manifest.Manifest, error) {
	e := d.Livre.Entete
	m := &manifest.Manifest{
		Format: d.dem.Format, Siret: d.Paye.Siret, Annee: e.Annee, Mois: fmt.Sprintf("%02d", d.Paye.Mois), Train: d.Paye.Train,
		Limit: d.Plan.Limit, Mode: string(d.Plan.Mode), Bulletins: d.Livre.Bulletins(), BorneInf: d.Plan.Borne,
		MinimumProuve: d.Plan.Prouve, OctetsDupl: d.Plan.Dupliques, Repartition: string(d.Livre.RepartitionSource), Version: d.dem.Version,
	}
	if m.Format == FormatPES {
		m.Packaging = d.dem.Packaging
	}
	if hors := d.HorsLigne; hors != nil {
		m.HorsLigne = &manifest.Offline{Volumes: len(hors.Volumes)}
		for _, v := range hors.Volumes {
			m.HorsLigne.Octets += v.Octets
		}
	}
	for _, v := range d.Plan.Volumes {
		vm := manifest.Volume{
			N: v.N, Fichier: manifest.VolumeName(v.N, len(d.Plan.Volumes), d.Format.Extension()), Octets: v.Octets,
			Bulletins: v.Bulletins(), Premier: v.Premier(), Dernier: v.Dernier(), Pieces: []string{}, Repartition: v.Repartition, EnteteSeul: v.EnteteSeul,
		}
		for _, p := range v.Pieces {
			if d.souvenir.travels(p) {
				vm.Pieces = append(vm.Pieces, p.IdUnique)
			} else {
				m.Anterieures = append(m.Anterieures, p.IdUnique)
			}
		}
		if f, ok := d.Format.(interface {
			identity(*splitter.Volume) (nomFic, id string, err error)
		}); ok {
			var err error
			if vm.NomFic, vm.IdUnique, err = f.identity(v); err != nil {
				return nil, err
			}
		}
		m.Volumes = append(m.Volumes, vm)
	}
	m.Alleges = d.alleges(d.Plan.Volumes)
	return m, nil
}

// identity gives the names that the acquittal of a volume will bear.
func (f *fluxPES) identity(v *splitter.Volume) (string, string, error) {
	flux, id, err := f.header(v)
	return flux.NomFic, id, err
}

// volumesBeside lists the files of dir that look like volumes and are not
// named by keep.
func volumesBeside(dir string, keep map[string]bool) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var list []string
	for _, e := range entries {
		if name := e.Name(); strings.HasPrefix(name, "volume-") && !keep[name] && e.Type().IsRegular() {
			list = append(list, name)
		}
	}
	return list
}

// beside returns the path of a file of dir, "" when it is not there or there
// is no dir.
func beside(dir, name string) string {
	if dir == "" {
		return ""
	}
	p := filepath.Join(dir, name)
	if st, err := os.Stat(p); err == nil && st.Mode().IsRegular() {
		return p
	}
	return ""
}
