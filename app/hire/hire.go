package hire

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paye/due"
	"paye/due/courrier"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/input"
	"paye/internal/ledger"
)

// Options is what a Bureau is opened with. Every field is needed but the
// secrets.
type Options struct {
	Dossier    string // path of the settings file
	Ledger     string // the state folder, or the URL of the ledger; "" for none, which checks only
	Qui        string // who acts
	Now        func() time.Time
	Random     io.Reader
	Passphrase []byte // of our own key
	MotDePasse string // of the mail server
}

// Bureau is an open office.
type Bureau struct {
	Dossier  due.Dossier
	Registre *due.Registre // nil without a ledger

	o      Options
	base   string // folder of the settings file
	ledger *ledger.Ledger
}

// Open reads the settings and opens the memory. The caller calls Close.
func Open(ctx context.Context, o Options) (*Bureau, error) {
	b := &Bureau{o: o, base: filepath.Dir(o.Dossier)}
	err := b.read(o.Dossier, func(r io.Reader) (err error) {
		b.Dossier, err = due.ReadDossier(r, o.Dossier)
		return err
	})
	if err != nil {
		return nil, err
	}
	b.Dossier.Employeur.SIRET = strings.ReplaceAll(b.Dossier.Employeur.SIRET, " ", "")
	if o.Ledger == "" {
		return b, nil
	}
	schema, err := due.Schema()
	if err != nil {
		return nil, err
	}
	if b.ledger, err = ledger.Open(ctx, o.Ledger, o.Now, schema); err != nil {
		return nil, err
	}
	b.Registre, err = due.OpenRegistre(ctx, b.ledger, b.Dossier.Employeur.SIRET, o.Qui, o.Random)
	if err != nil {
		return nil, errors.Join(err, b.ledger.Close())
	}
	return b, nil
}

// Close closes the memory.
func (b *Bureau) Close() error {
	if b.ledger == nil {
		return nil
	}
	return b.ledger.Close()
}

// Reachable refuses a path of an input that leads to nothing, before an office
// is opened for it.
func Reachable(paths ...string) error {
	for _, path := range paths {
		if _, err := os.Stat(path); anomalie.Unreachable(err) {
			return Codes.Opening("DUE-B01", path, err)
		}
	}
	return nil
}

// read opens a file that the user named and gives it to f.
func (b *Bureau) read(path string, f func(io.Reader) error) error {
	r, err := input.Open(path)
	if errors.Is(err, fs.ErrNotExist) && path == b.o.Dossier {
		return Codes.New("DUE-B06", path)
	}
	if anomalie.Unreachable(err) {
		return Codes.Opening("DUE-B01", path, err)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer r.Close()
	return f(r)
}

// path is a path of the settings, relative to their file.
func (b *Bureau) path(p string) string {
	if p == "" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(b.base, p)
}

// Controle is what is asked of a check.
type Controle struct {
	Embauches  string     // CSV of the hires, or of their complement
	Journal    due.Source // new agents of a journal, completed by Embauches; nil for none
	Selection  due.Selection
	Indicateur due.Indicateur
}

// Check checks hires, and records what it found where there is a ledger.
func (b *Bureau) Check(ctx context.Context, what Controle) (*due.Bilan, error) {
	c := due.Controleur{
		Employeur: b.Dossier.Employeur, Exclus: b.Dossier.Exclus(), Indicateur: what.Indicateur,
		Maintenant: b.o.Now(),
	}
	if b.Registre != nil {
		c.Situation = b.Registre.Situation
	}
	var bilan *due.Bilan
	err := b.sources(ctx, what, func(src due.Source) (err error) {
		bilan, err = c.Check(ctx, src, what.Selection)
		return err
	})
	if err != nil || b.Registre == nil {
		return bilan, err
	}
	return bilan, b.Registre.Note(ctx, bilan)
}

func (b *Bureau) sources(ctx context.Context, what Controle, f func(due.Source) error) error {
	if what.Embauches == "" {
		return f(what.Journal)
	}
	return b.read(what.Embauches, func(r io.Reader) error {
		src := due.ReadCSV(ctx, r, what.Embauches)
		if what.Journal != nil {
			src = due.Complete(ctx, what.Journal, src)
		}
		return f(src)
	})
}

// Export writes the files of a check into the folder dir, and returns their
// paths: dpae.txt, or dpae-001.txt and so on when there are several.
func (b *Bureau) Export(ctx context.Context, bilan *due.Bilan, how due.Ecriture, dir string) ([]due.Fichier, []string, error) {
	if bilan.Indicateur == due.Reel {
		seal, err := b.scelleur()
		if err != nil {
			return nil, nil, err
		}
		how.Cle = seal.Empreinte()
	}
	files, err := b.Registre.Write(ctx, bilan, how)
	if err != nil {
		return nil, nil, err
	}
	out, err := durable.Begin(dir, durable.DeliveryOptions{})
	if err != nil {
		return nil, nil, fmt.Errorf("make the folder of the export: %w", err)
	}
	defer out.Abort()
	paths := make([]string, len(files))
	for i, f := range files {
		name := f.Nom
		if len(files) > 1 {
			ext := filepath.Ext(name)
			name = fmt.Sprintf("%s-%03d%s", name[:len(name)-len(ext)], i+1, ext)
		}
		paths[i] = filepath.Join(dir, name)
		if err := out.WriteFile(name, f.Octets); err != nil {
			return nil, nil, fmt.Errorf("export batch %s: %w", f.Lot, err)
		}
	}
	if err := out.Publish(); err != nil {
		return nil, nil, fmt.Errorf("export %d batches: %w", len(files), err)
	}
	return files, paths, nil
}

// Today is the civil date of now in Paris.
func (b *Bureau) Today() (due.Date, error) {
	paris, err := due.Paris()
	if err != nil {
		return due.Date{}, err
	}
	return due.DateIn(b.o.Now(), paris), nil
}

// chemins are the three paths of the settings.
func (b *Bureau) chemins() courrier.Chemins {
	return courrier.Chemins{Cles: b.path(b.Dossier.Cles), Travail: b.path(b.Dossier.Travail), Programme: b.path(b.Dossier.Programme)}
}

// missingKeys are the settings of the keys that are empty, all of them.
func missingKeys(d *due.Dossier) (missing []string) {
	type setting struct{ key, value string }
	wanted := []setting{{"cles", d.Cles}, {"cle_destinataire", d.CleDestinataire}, {"cle_propre", d.ClePropre}}
	if d.Chiffrement == "smime" {
		wanted = []setting{{"cles", d.Cles}, {"cle_destinataire", d.CleDestinataire}, {"certificat_propre", d.CertificatPropre}, {"cle_privee_propre", d.ClePriveePropre}}
	}
	for _, s := range wanted {
		if s.value == "" {
			missing = append(missing, s.key)
		}
	}
	return missing
}

// maxKey bounds a file of the key folder, in bytes.
const maxKey = 16 << 20

// key reads a file of the key folder.
func (b *Bureau) key(setting, name string) ([]byte, error) {
	if name == "" {
		return nil, courrier.Codes.New("DUE-C01", setting)
	}
	root, err := os.OpenRoot(b.chemins().Cles)
	if err != nil {
		return nil, fmt.Errorf("open the key folder: %w", err)
	}
	defer root.Close()
	text, err := input.ReadFileIn(root, name, maxKey)
	if anomalie.Unreachable(err) {
		return nil, courrier.Codes.Opening("DUE-C20", setting+" ("+name+")", err)
	}
	if err != nil {
		return nil, fmt.Errorf("read the key of %s: %w", setting, err)
	}
	return text, nil
}

// authorities are those of the mail server, nil for those of the system.
func (b *Bureau) authorities() (*x509.CertPool, error) {
	if b.Dossier.SMTPAutorite == "" {
		return nil, nil
	}
	pool := x509.NewCertPool()
	err := b.read(b.path(b.Dossier.SMTPAutorite), func(r io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(r, 1<<20))
		if err != nil {
			return fmt.Errorf("read the authority of the mail server: %w", err)
		}
		if !pool.AppendCertsFromPEM(text) {
			return courrier.Codes.New("DUE-C20", "smtp_autorite", courrier.PasUnCertificat)
		}
		return nil
	})
	return pool, err
}
