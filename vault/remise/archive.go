package remise

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"paye/internal/durable"
	"paye/vault"
)

// Archive is the folder where PDFs are kept beside the vault, in clear: the
// archive path of the payroll office.
type Archive struct {
	Dossier string
	// Nommage is the path of a file below Dossier, with {siret}, {annee},
	// {mois}, {matricule}, {nature}, {sequence} and {version}. Empty:
	// {siret}/{annee}-{mois}/{matricule}-{nature}-{sequence}.pdf, and a
	// rectificatif gets -r{version} before the extension.
	Nommage string

	mu    sync.Mutex // of swept
	swept map[string]bool
}

const defaultNommage = "{siret}/{annee}-{mois}/{matricule}-{nature}-{sequence}{version}.pdf"

// Check returns an anomaly when the folder is missing or cannot be written, or
// the naming scheme would give two documents one name.
func (a *Archive) Check() error {
	for _, need := range []string{"{matricule}", "{mois}", "{annee}", "{siret}", "{nature}", "{sequence}"} {
		if a.Nommage != "" && !strings.Contains(a.Nommage, need) {
			return vault.Codes.New("COF-603", need)
		}
	}
	info, err := os.Stat(a.Dossier)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return vault.Codes.New("COF-601", a.Dossier)
	}
	if err != nil {
		return fmt.Errorf("look at the archive folder: %w", err)
	}
	a.sweep(a.Dossier)
	probe, err := durable.Create(filepath.Join(a.Dossier, "essai"))
	if err != nil {
		return vault.Codes.New("COF-602", a.Dossier)
	}
	defer probe.Abort()
	if _, err := probe.Write(make([]byte, 1<<16)); err != nil {
		return vault.Codes.New("COF-602", a.Dossier)
	}
	return nil
}

// Path is where a document goes, relative to the folder. Characters that a
// file name may not have are written =xx, so that no two documents meet and no
// path leaves the folder. So are the small letters of a matricule: shares and
// systems do not all tell them from capitals, which matricules have.
func (a *Archive) Path(d *vault.Document) string {
	scheme, version := a.Nommage, ""
	if scheme == "" {
		scheme = defaultNommage
	}
	if d.Version > 0 {
		version = "-r" + strconv.Itoa(d.Version)
	}
	if !strings.Contains(scheme, "{version}") {
		ext := filepath.Ext(scheme)
		scheme = strings.TrimSuffix(scheme, ext) + "{version}" + ext
	}
	name := strings.NewReplacer("{siret}", safe(d.Employeur, true), "{annee}", strconv.Itoa(d.Periode.Annee), "{mois}", fmt.Sprintf("%02d", d.Periode.Mois),
		"{matricule}", safe(d.Matricule, false), "{nature}", safe(string(d.Nature), true), "{sequence}", strconv.Itoa(d.Sequence), "{version}", version).Replace(scheme)
	return filepath.FromSlash(name)
}

func safe(s string, small bool) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case small && c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-', c == '.' && i > 0 && i < len(s)-1:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02x", c)
		}
	}
	return b.String()
}
