package manifest

import (
	"encoding/json"
	"fmt"
	"path/filepath"

	"paye/internal/input"
)

// Name is the name of the manifest in the folder of the volumes.
const Name = "manifest.json"

// Manifest lists what was made. Its JSON form is a contract, documented in
// docs/formats.md.
type Manifest struct {
	Format        string   `json:"format"`
	Packaging     string   `json:"packaging,omitempty"`
	Siret         string   `json:"siret"`
	Annee         string   `json:"annee"`
	Mois          string   `json:"mois"`
	Train         string   `json:"train,omitempty"`
	Limit         int64    `json:"limit"`
	Mode          string   `json:"mode"`
	Bulletins     int      `json:"bulletins"`
	BorneInf      int      `json:"borne_inferieure"`
	MinimumProuve bool     `json:"minimum_prouve"`
	OctetsDupl    int64    `json:"octets_dupliques"`
	Repartition   string   `json:"repartition_par_nature"`       // source, lignes, absente
	HorsLigne     *Offline `json:"hors_ligne,omitempty"`         // of a set that was cut on the way
	Anterieures   []string `json:"pieces_anterieures,omitempty"` // referenced, with the accountant already: they do not travel
	Alleges       []Light  `json:"alleges,omitempty"`            // pieces that travel as a lighter twin
	Volumes       []Volume `json:"volumes"`
	Version       string   `json:"version"`
}

// Offline is what a plan of the whole book would have given.
type Offline struct {
	Volumes int   `json:"volumes"`
	Octets  int64 `json:"octets"`
}

// Light is a piece whose lighter twin travels; both digests are of contents.
type Light struct {
	IdUnique string `json:"id_unique"`
	SHA256   string `json:"sha256"`         // of the twin
	Origine  string `json:"sha256_origine"` // of the document that it is the twin of
	Epargne  int64  `json:"octets_epargnes"`
}

// Octets adds up the files.
func (m *Manifest) Octets() int64 {
	var total int64
	for _, v := range m.Volumes {
		total += v.Octets
	}
	return total
}

// Volume is a file of the set.
type Volume struct {
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

// VolumeName is the name of the file of volume n among total.
func VolumeName(n, total int, ext string) string {
	width := max(2, len(fmt.Sprint(total)))
	return fmt.Sprintf("volume-%0*d%s", width, n, ext)
}

// maxSize is the size, in bytes, of the largest manifest that is read: a hundred
// thousand pieces take some five million.
const maxSize = 64 << 20

// Read reads the manifest of a folder.
func Read(dir string) (*Manifest, error) {
	data, err := input.ReadFile(filepath.Join(dir, Name), maxSize)
	if err != nil {
		return nil, err
	}
	m := new(Manifest)
	if err := json.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("read %s: %w", Name, err)
	}
	return m, nil
}
