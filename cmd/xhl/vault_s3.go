package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/urfave/cli/v2"

	"paye/app/keep"
	"paye/internal/input"
	"paye/vault"
	"paye/vault/s3store"
)

// s3Flags say, once and for all, that the documents of a vault go to a bucket.
func (p *program) s3Flags() []cli.Flag {
	s3 := p.t("Documents dans un compartiment S3", "Documents in an S3 bucket")
	return []cli.Flag{
		&cli.StringFlag{Name: "s3", Category: s3, Usage: p.t("`URL` du serveur S3, https://HÔTE", "`URL` of the S3 server, https://HOST")},
		&cli.StringFlag{Name: "s3-bucket", Category: s3, Usage: p.t("`NOM` du compartiment, verrouillage d'objets compris ; créé s'il n'existe pas", "`NAME` of the bucket, with object lock; made if there is none")},
		&cli.StringFlag{Name: "s3-prefix", Category: s3, Usage: p.t("`PRÉFIXE` de chaque objet", "`PREFIX` of each object")},
		&cli.StringFlag{Name: "s3-region", Category: s3, Usage: p.t("`RÉGION`, si le serveur en a", "`REGION`, if the server has some")},
		&cli.StringFlag{Name: "s3-ca", Category: s3, Usage: p.t("`FICHIER` PEM de l'autorité du serveur, si le système ne la connaît pas", "PEM `FILE` of the server's authority, if the system does not know it")},
		&cli.IntFlag{Name: "s3-retention", Category: s3, Value: vault.ConservationPaie, Usage: p.t("`ANNÉES` de verrou sur chaque document", "`YEARS` for which each document is locked")},
	}
}

// Where the credentials of the bucket are: in two variables, or in a file that
// a third one names, with the same two names.
const (
	s3Access      = "XHL_S3_ACCESS_KEY"
	s3Secret      = "XHL_S3_SECRET_KEY"
	s3Credentials = "XHL_S3_CREDENTIALS"
)

// maxAuthorities bounds a file of certificates or of credentials, in bytes.
const maxAuthorities = 1 << 20

// newS3 reads the options of s3Flags, makes the bucket, and notes where it is.
// Without them there is nothing to do.
func (p *program) newS3(c *cli.Context, root string) error {
	if c.String("s3") == "" && c.String("s3-bucket") == "" {
		return nil
	}
	place := s3store.Connexion{Adresse: c.String("s3"), Bucket: c.String("s3-bucket"), Prefixe: c.String("s3-prefix"), Region: c.String("s3-region"), Conservation: c.Int("s3-retention")}
	if path := c.String("s3-ca"); path != "" {
		pem, err := input.ReadAny(c.Context, path, maxAuthorities)
		if err != nil {
			return p.usage("--s3-ca : %s ne peut pas être lu", "--s3-ca: %s cannot be read", path)
		}
		place.Autorite = string(pem)
	}
	if place.Verify() != nil {
		return p.usage("--s3 URL --s3-bucket NOM : une adresse https://HÔTE (http sur cette machine seulement), un compartiment, de 1 à 100 ans", "--s3 URL --s3-bucket NAME: an address https://HOST (http on this machine only), a bucket, from 1 to 100 years")
	}
	return keep.Note(c.Context, root, place, p.s3Options)
}

func (p *program) s3Options(place s3store.Connexion) (s3store.Options, error) {
	access, secret := p.getenv(s3Access), p.getenv(s3Secret)
	if path := p.getenv(s3Credentials); path != "" && access == "" {
		text, err := input.ReadFile(path, maxAuthorities)
		if err != nil {
			return s3store.Options{}, p.usage("%s : %s ne peut pas être lu", "%s: %s cannot be read", s3Credentials, path)
		}
		for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
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

// contents opens the bucket of the vault in root, if its documents are in one.
func (p *program) contents(ctx context.Context, root string, o *vault.Options) (*s3store.Blobs, error) {
	blobs, err := keep.Contents(ctx, root, o, p.s3Options, p.report)
	return blobs, p.placed(root, err)
}

// provenContents is contents for who asks whether the lock holds now.
func (p *program) provenContents(ctx context.Context, root string, o *vault.Options) (*s3store.Blobs, error) {
	blobs, err := keep.ProvenContents(ctx, root, o, p.s3Options, p.report)
	return blobs, p.placed(root, err)
}

// placed tells of a note that is none.
func (p *program) placed(root string, err error) error {
	if errors.Is(err, keep.ErrPlace) {
		return p.usage("%s ne dit pas où sont les documents", "%s does not say where the documents are", keep.Place(root))
	}
	return err
}
