package s3store

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/minio/minio-go/v7"

	"paye/vault"
)

// canary puts an object under a lock of one day and tries to get rid of it in
// every way there is. It returns COF-701, naming the first way that worked,
// or an error of the network, which proves nothing.
func (b *Blobs) canary(ctx context.Context) error {
	c, bucket := b.o.Client, b.o.Canari
	draw := make([]byte, 48)
	if _, err := io.ReadFull(b.o.Random, draw); err != nil {
		return fmt.Errorf("draw a canary: %w", err)
	}
	key, data := "canari/"+hex.EncodeToString(draw[:16]), draw[16:]
	until := b.o.Clock().Add(24 * time.Hour).UTC().Truncate(time.Second)
	put, err := b.put(ctx, bucket, key, data, until)
	if err != nil {
		return fmt.Errorf("put the canary: %w", err)
	}
	if put.VersionID == "" {
		return vault.Codes.New("COF-701", "pas de versions")
	}
	version := put.VersionID
	governance, sooner := minio.Governance, until.Add(-12*time.Hour)
	compliance := minio.Compliance
	for _, attempt := range []struct {
		name string
		try  func() error
	}{
		{"supprimer la version", func() error {
			return c.RemoveObject(ctx, bucket, key, minio.RemoveObjectOptions{VersionID: version})
		}},
		{"raccourcir le verrou", func() error {
			return c.PutObjectRetention(ctx, bucket, key, minio.PutObjectRetentionOptions{Mode: &compliance, RetainUntilDate: &sooner, VersionID: version})
		}},
		{"passer en mode GOVERNANCE", func() error {
			return c.PutObjectRetention(ctx, bucket, key, minio.PutObjectRetentionOptions{Mode: &governance, RetainUntilDate: &until, VersionID: version, GovernanceBypass: true})
		}},
		{"contourner le verrou", func() error {
			return c.RemoveObject(ctx, bucket, key, minio.RemoveObjectOptions{VersionID: version, GovernanceBypass: true})
		}},
	} {
		if err := refused(attempt.try(), attempt.name); err != nil {
			return err
		}
		if err := b.alive(ctx, key, version, data, until); err != nil {
			return failed(err, attempt.name)
		}
	}
	// To write over it is allowed, and must leave the first version alone.
	second, err := b.put(ctx, bucket, key, []byte("another"), until)
	if err != nil {
		return fmt.Errorf("put over the canary: %w", err)
	}
	if second.VersionID == version {
		return vault.Codes.New("COF-701", "écraser l'objet")
	}
	// Some servers show no lock on a version that is not the last: whether it
	// holds is seen by trying again.
	if err := refused(c.RemoveObject(ctx, bucket, key, minio.RemoveObjectOptions{VersionID: version}), "écraser l'objet"); err != nil {
		return err
	}
	if err := b.whole(ctx, key, version, data); err != nil {
		return failed(err, "écraser l'objet")
	}
	const bucketGone = "supprimer le compartiment"
	if err := refused(c.RemoveBucket(ctx, bucket), bucketGone); err != nil {
		return err
	}
	if err := b.whole(ctx, key, version, data); err != nil {
		return failed(err, bucketGone)
	}
	return nil
}

// refused wants the server to have said no: yes is a lock that does not hold,
// and silence is neither.
func refused(err error, attempt string) error {
	if err == nil {
		return vault.Codes.New("COF-701", attempt)
	}
	answer := minio.ToErrorResponse(err)
	if answer.StatusCode >= 400 && answer.StatusCode < 500 {
		return nil
	}
	return fmt.Errorf("canary, %s: %w", attempt, err)
}

func failed(err error, attempt string) error {
	if errors.Is(err, errBytes) {
		return vault.Codes.New("COF-701", attempt)
	}
	return err
}

// whole wants the first version of the canary to be there as it was put.
func (b *Blobs) whole(ctx context.Context, key, version string, data []byte) error {
	got, err := b.get(ctx, b.o.Canari, key, version, int64(len(data)))
	if code := minio.ToErrorResponse(err).StatusCode; err != nil && (isGone(err) || code >= 400 && code < 500) || err == nil && !bytes.Equal(got, data) {
		return errBytes
	}
	if err != nil {
		return fmt.Errorf("look at the canary: %w", err)
	}
	return nil
}

// alive wants it whole and locked as it was.
func (b *Blobs) alive(ctx context.Context, key, version string, data []byte, until time.Time) error {
	if err := b.whole(ctx, key, version, data); err != nil {
		return err
	}
	held, err := b.held(ctx, b.o.Canari, key, version, until)
	if code := minio.ToErrorResponse(err).StatusCode; code >= 400 && code < 500 || err == nil && !held {
		return errBytes
	}
	if err != nil {
		return fmt.Errorf("look at the lock of the canary: %w", err)
	}
	return nil
}

func isGone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
