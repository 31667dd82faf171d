package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/vault"
	"paye/vault/s3store"
)

// s3Flags say, once and for all, that the documents of a vault go to a bucket.
func (p *program) s3Flags() []cli.Flag {
	s3 := p.t("Documents dans un compartiment S3", "Documents in an S3 bucket")
	return []cli.Flag{
		&cli.StringFlag{Name: "s3", Category: s3, Usage: p.t("`URL` du serveur S3, https://HÔTE", "`URL` of the S3 server, https://HOST")},
		&cli.StringFlag{Name: "s3-bucket", Category: s3, Usage: p.t("`NOM` du compartiment, verrouillage d'objets compris ; créé s'il n'existe pas", "`NAME` of the bucket, with object lock; made if there is none")},
		&cli.StringFlag{Name: "s3-prefixe", Category: s3, Usage: p.t("`PRÉFIXE` de chaque objet", "`PREFIX` of each object")},
		&cli.StringFlag{Name: "s3-region", Category: s3, Usage: p.t("`RÉGION`, si le serveur en a", "`REGION`, if the server has some")},
		&cli.StringFlag{Name: "s3-ca", Category: s3, Usage: p.t("`FICHIER` PEM de l'autorité du serveur, si le système ne la connaît pas", "PEM `FILE` of the server's authority, if the system does not know it")},
		&cli.IntFlag{Name: "s3-conservation", Category: s3, Value: vault.ConservationPaie, Usage: p.t("`ANNÉES` de verrou sur chaque document", "`YEARS` for which each document is locked")},
	}
}

// Where the credentials of the bucket are: in two variables, or in a file that
// a third one names, with the same two names.
const (
	s3Access      = "XHL_S3_ACCESS_KEY"
	s3Secret      = "XHL_S3_SECRET_KEY"
	s3Credentials = "XHL_S3_CREDENTIALS"
)

// s3Place is the file, beside the vault, that says where its documents are.
func s3Place(root string) string { return filepath.Join(filepath.Dir(root), "coffre-s3.json") }

// newS3 reads the options of s3Flags, makes the bucket, and notes where it is.
// Without them there is nothing to do.
func (p *program) newS3(c *cli.Context, root string) error {
	if c.String("s3") == "" && c.String("s3-bucket") == "" {
		return nil
	}
	place := s3store.Connexion{Adresse: c.String("s3"), Bucket: c.String("s3-bucket"), Prefixe: c.String("s3-prefixe"), Region: c.String("s3-region"), Conservation: c.Int("s3-conservation")}
	if path := c.String("s3-ca"); path != "" {
		pem, err := os.ReadFile(path)
		if err != nil {
			return p.usage("--s3-ca : %s ne peut pas être lu", "--s3-ca: %s cannot be read", path)
		}
		place.Autorite = string(pem)
	}
	if place.Verify() != nil {
		return p.usage("--s3 URL --s3-bucket NOM : une adresse https://HÔTE (http sur cette machine seulement), un compartiment, de 1 à 100 ans", "--s3 URL --s3-bucket NAME: an address https://HOST (http on this machine only), a bucket, from 1 to 100 years")
	}
	o, err := p.s3Options(place)
	if err != nil {
		return err
	}
	if err := s3store.Make(c.Context, o); err != nil {
		return unavailable(err)
	}
	text, err := json.MarshalIndent(place, "", "  ")
	if err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	if err := durable.MkdirAll(filepath.Dir(root)); err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	if err := durable.WriteFile(s3Place(root), append(text, '\n')); err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	return nil
}

func (p *program) s3Options(place s3store.Connexion) (s3store.Options, error) {
	access, secret := p.getenv(s3Access), p.getenv(s3Secret)
	if path := p.getenv(s3Credentials); path != "" && access == "" {
		f, err := os.Open(path)
		if err != nil {
			return s3store.Options{}, p.usage("%s : %s ne peut pas être lu", "%s: %s cannot be read", s3Credentials, path)
		}
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			switch name, value, _ := strings.Cut(lines.Text(), "="); strings.TrimSpace(name) {
			case s3Access:
				access = strings.TrimSpace(value)
			case s3Secret:
				secret = strings.TrimSpace(value)
			}
		}
	}
	if access == "" || secret == "" {
		return s3store.Options{}, p.usage("les documents sont dans un compartiment S3 : %s et %s, ou %s=FICHIER qui les donne", "the documents are in an S3 bucket: %s and %s, or %s=FILE that gives them", s3Access, s3Secret, s3Credentials)
	}
	return place.Options(access, secret)
}

// s3Proof is the file, beside the vault, that keeps when a canary last proved
// the lock of its bucket.
func s3Proof(root string) string { return filepath.Join(filepath.Dir(root), "coffre-s3-canari.json") }

type s3Word struct {
	Compartiment s3store.Connexion `json:"compartiment"` // a proof is of one bucket
	Prouve       time.Time         `json:"prouve"`
}

// believed is the time of the last proof; zero when there is none.
func believed(root string, place s3store.Connexion) time.Time {
	var word s3Word
	text, err := os.ReadFile(s3Proof(root))
	if err != nil || json.Unmarshal(text, &word) != nil || word.Compartiment != place {
		return time.Time{} // the canary is put
	}
	return word.Prouve
}

func keep(root string, place s3store.Connexion) func(time.Time) error {
	return func(when time.Time) error {
		text, err := json.MarshalIndent(s3Word{place, when}, "", "  ")
		if err != nil {
			return err
		}
		return durable.WriteFile(s3Proof(root), append(text, '\n'))
	}
}

// contents opens the bucket of the vault in root, if its documents are in one:
// o gets the store of blobs, and a witness that locks checkpoints there. A proof
// of today that its lock holds is believed.
func (p *program) contents(ctx context.Context, root string, o *vault.Options) (*s3store.Blobs, error) {
	return p.bucket(ctx, root, o, believed)
}

// provenContents is contents for who asks whether the lock holds now.
func (p *program) provenContents(ctx context.Context, root string, o *vault.Options) (*s3store.Blobs, error) {
	return p.bucket(ctx, root, o, func(string, s3store.Connexion) time.Time { return time.Time{} })
}

func (p *program) bucket(ctx context.Context, root string, o *vault.Options, proved func(root string, place s3store.Connexion) time.Time) (*s3store.Blobs, error) {
	text, err := os.ReadFile(s3Place(root))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read where the documents are: %w", err)
	}
	var place s3store.Connexion
	if err := json.Unmarshal(text, &place); err != nil || place.Verify() != nil {
		return nil, p.usage("%s ne dit pas où sont les documents", "%s does not say where the documents are", s3Place(root))
	}
	so, err := p.s3Options(place)
	if err != nil {
		return nil, err
	}
	so.Log, so.Prouve, so.Retains = o.Log, proved(root, place), keep(root, place)
	blobs, err := s3store.Open(ctx, so)
	var broken *anomalie.Anomalie
	if errors.As(err, &broken) && broken.Code == "COF-701" {
		p.report(broken) // what is there can still be read, and taken out; deposits are refused
		err = nil
	}
	if err != nil {
		return nil, unavailable(err)
	}
	file := o.Temoin
	o.Blobs = blobs
	o.Temoin = func(ctx context.Context, point []byte) error {
		err := blobs.Temoin(ctx, point)
		if file != nil {
			err = errors.Join(err, file(ctx, point))
		}
		return err
	}
	return blobs, nil
}

// unavailable makes an error of the network one of the vault.
func unavailable(err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w (%w)", vault.Codes.New("COF-801"), err)
}
