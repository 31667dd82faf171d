package build

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"paye/splitter"
)

// NomManifeste is the name of the manifest in the folder of the volumes.
const NomManifeste = "manifest.json"

// Manifeste lists what was made. Its JSON form is a contract, documented in
// docs/formats.md.
type Manifeste struct {
	Format        string            `json:"format"`
	Packaging     string            `json:"packaging,omitempty"`
	Siret         string            `json:"siret"`
	Annee         string            `json:"annee"`
	Mois          string            `json:"mois"`
	Train         string            `json:"train,omitempty"`
	Limit         int64             `json:"limit"`
	Mode          string            `json:"mode"`
	Bulletins     int               `json:"bulletins"`
	BorneInf      int               `json:"borne_inferieure"`
	MinimumProuve bool              `json:"minimum_prouve"`
	OctetsDupl    int64             `json:"octets_dupliques"`
	Repartition   string            `json:"repartition_par_nature"` // source, lignes, absente
	HorsLigne     *HorsLigne        `json:"hors_ligne,omitempty"`   // of a set that was cut on the way
	Volumes       []VolumeManifeste `json:"volumes"`
	Version       string            `json:"version"`
}

// HorsLigne is what a plan of the whole book would have given.
type HorsLigne struct {
	Volumes int   `json:"volumes"`
	Octets  int64 `json:"octets"`
}

// Octets adds up the files.
func (m *Manifeste) Octets() int64 {
	var total int64
	for _, v := range m.Volumes {
		total += v.Octets
	}
	return total
}

// VolumeManifeste is a file of the set.
type VolumeManifeste struct {
	N           int      `json:"n"`
	Fichier     string   `json:"fichier"`
	Octets      int64    `json:"octets"`
	SHA256      string   `json:"sha256"`
	Bulletins   int      `json:"bulletins"`
	Premier     string   `json:"premier"` // matricule
	Dernier     string   `json:"dernier"`
	NomFic      string   `json:"nomfic,omitempty"`    // of a PES file
	IdUnique    string   `json:"id_unique,omitempty"` // of its payroll piece
	Pieces      []string `json:"pieces"`              // IdUnique
	Repartition bool     `json:"repartition"`
	EnteteSeul  bool     `json:"entete_seul,omitempty"` // carries pieces under an XHL head
}

// NomVolume is the name of the file of volume n among total.
func NomVolume(n, total int, ext string) string {
	width := max(2, len(fmt.Sprint(total)))
	return fmt.Sprintf("volume-%0*d%s", width, n, ext)
}

// Manifeste describes the plan; SHA256 are empty until the volumes are
// written.
func (d *Job) Manifeste() (*Manifeste, error) {
	e := d.Livre.Entete
	m := &Manifeste{
		Format: d.dem.Format, Siret: d.Periode.Siret, Annee: e.Annee, Mois: fmt.Sprintf("%02d", d.Periode.Mois), Train: d.Periode.Train,
		Limit: d.Plan.Limit, Mode: string(d.Plan.Mode), Bulletins: d.Livre.Bulletins(), BorneInf: d.Plan.Borne,
		MinimumProuve: d.Plan.Prouve, OctetsDupl: d.Plan.Dupliques, Repartition: string(d.Livre.RepartitionSource), Version: d.dem.Version,
	}
	if m.Format == FormatPES {
		m.Packaging = d.dem.Packaging
	}
	if hors := d.HorsLigne; hors != nil {
		m.HorsLigne = &HorsLigne{Volumes: len(hors.Volumes)}
		for _, v := range hors.Volumes {
			m.HorsLigne.Octets += v.Octets
		}
	}
	for _, v := range d.Plan.Volumes {
		vm := VolumeManifeste{
			N: v.N, Fichier: NomVolume(v.N, len(d.Plan.Volumes), d.Format.Extension()), Octets: v.Octets,
			Bulletins: v.Bulletins(), Premier: v.Premier(), Dernier: v.Dernier(), Pieces: []string{}, Repartition: v.Repartition, EnteteSeul: v.EnteteSeul,
		}
		for _, p := range v.Pieces {
			vm.Pieces = append(vm.Pieces, p.IdUnique)
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
	return m, nil
}

// identity gives the names that the acquittal of a volume will bear.
func (f *fluxPES) identity(v *splitter.Volume) (string, string, error) {
	flux, id, err := f.header(v)
	return flux.NomFic, id, err
}

// ReadManifeste reads the manifest of a folder.
func ReadManifeste(dir string) (*Manifeste, error) {
	data, err := os.ReadFile(filepath.Join(dir, NomManifeste))
	if err != nil {
		return nil, err
	}
	m := new(Manifeste)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", NomManifeste, err)
	}
	return m, nil
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
