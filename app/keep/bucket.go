package keep

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/vault"
	"paye/vault/s3store"
)

// Place is the file, beside the vault in root, that says where its documents
// are.
func Place(root string) string { return filepath.Join(filepath.Dir(root), "coffre-s3.json") }

// Proof is the file, beside the vault, that keeps when a canary last proved
// the lock of its bucket.
func Proof(root string) string { return filepath.Join(filepath.Dir(root), "coffre-s3-canari.json") }

type word struct {
	Compartiment s3store.Connexion `json:"compartiment"` // a proof is of one bucket
	Prouve       time.Time         `json:"prouve"`
}

// believed is the time of the last proof; zero when there is none.
func believed(root string, place s3store.Connexion) time.Time {
	var w word
	text, err := os.ReadFile(Proof(root))
	if err != nil || json.Unmarshal(text, &w) != nil || w.Compartiment != place {
		return time.Time{} // the canary is put
	}
	return w.Prouve
}

func keep(root string, place s3store.Connexion) func(time.Time) error {
	return func(when time.Time) error {
		text, err := json.MarshalIndent(word{place, when}, "", "  ")
		if err != nil {
			return err
		}
		return durable.WriteFile(Proof(root), append(text, '\n'))
	}
}

// ErrPlace is a note that does not say where the documents are.
var ErrPlace = errors.New("the note does not say where the documents are")

// Credentials gives what opens a bucket.
type Credentials func(s3store.Connexion) (s3store.Options, error)

// Note makes the bucket, and writes down beside the vault in root that its
// documents are there.
func Note(ctx context.Context, root string, place s3store.Connexion, with Credentials) error {
	o, err := with(place)
	if err != nil {
		return err
	}
	if err := s3store.Make(ctx, o); err != nil {
		return Unavailable(err)
	}
	text, err := json.MarshalIndent(place, "", "  ")
	if err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	if err := durable.MkdirAll(filepath.Dir(root)); err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	if err := durable.WriteFile(Place(root), append(text, '\n')); err != nil {
		return fmt.Errorf("note where the bucket is: %w", err)
	}
	return nil
}

// Contents opens the bucket of the vault in root, if its documents are in one:
// o gets the store of blobs, and a witness that locks checkpoints there. A proof
// of today that its lock holds is believed. What report gets does not stop the
// vault from being read.
func Contents(ctx context.Context, root string, o *vault.Options, with Credentials, report func(*anomalie.Anomalie)) (*s3store.Blobs, error) {
	return open(ctx, root, o, with, report, believed)
}

// ProvenContents is Contents for who asks whether the lock holds now.
func ProvenContents(ctx context.Context, root string, o *vault.Options, with Credentials, report func(*anomalie.Anomalie)) (*s3store.Blobs, error) {
	return open(ctx, root, o, with, report, func(string, s3store.Connexion) time.Time { return time.Time{} })
}

func open(ctx context.Context, root string, o *vault.Options, with Credentials, report func(*anomalie.Anomalie), proved func(root string, place s3store.Connexion) time.Time) (*s3store.Blobs, error) {
	text, err := os.ReadFile(Place(root))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read where the documents are: %w", err)
	}
	var place s3store.Connexion
	if err := json.Unmarshal(text, &place); err != nil || place.Verify() != nil {
		return nil, ErrPlace
	}
	so, err := with(place)
	if err != nil {
		return nil, err
	}
	so.Log, so.Prouve, so.Retains = o.Log, proved(root, place), keep(root, place)
	blobs, err := s3store.Open(ctx, so)
	var broken *anomalie.Anomalie
	if errors.As(err, &broken) && broken.Code == "COF-701" {
		report(broken) // what is there can still be read, and taken out; deposits are refused
		err = nil
	}
	if err != nil {
		return nil, Unavailable(err)
	}
	file, files := o.Temoin, o.Temoins
	o.Blobs = blobs
	o.Temoins = func(ctx context.Context) ([][]byte, error) {
		points, err := blobs.LastTemoins(ctx)
		if err != nil || files == nil {
			return points, err
		}
		more, err := files(ctx)
		return append(points, more...), err
	}
	o.Temoin = func(ctx context.Context, point []byte) error {
		err := blobs.Temoin(ctx, point)
		if file != nil {
			err = errors.Join(err, file(ctx, point))
		}
		return err
	}
	return blobs, nil
}

// Unavailable makes an error of the network one of the vault.
func Unavailable(err error) error {
	var a *anomalie.Anomalie
	if errors.As(err, &a) || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("%w (%w)", vault.Codes.New("COF-801"), err)
}
