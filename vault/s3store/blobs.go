package s3store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"path"
	"slices"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"paye/internal/anomalie"
	"paye/vault"
)

// Options of a bucket. Client and Bucket MUST be set.
type Options struct {
	Client *minio.Client
	Bucket string // made with object lock
	Canari string // bucket of the canary; Bucket + "-canari", made when absent
	Prefix string // before every key, such as "coffre/"

	// Conservation is how long a blob is locked from its deposit; 5 years when
	// 0. A copy of an agent must be able to go: give the employer's double and
	// the agent's copies different buckets if the law asks for it.
	Conservation time.Duration

	// Prouve is when a canary last proved the lock, as Retains was told. A proof
	// less than a day old is believed, and Open asks the server nothing; when it
	// is zero, older, or of the future, the canary is put.
	Prouve time.Time
	// Retains keeps the time of a proof, and is given the zero time when the lock
	// does not hold. Nil keeps none.
	Retains func(time.Time) error

	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand when nil
	Log    *slog.Logger     // silent when nil
}

// fiveYears is the retention of the employer's double (Code du travail
// L.3243-4), leap days included.
const fiveYears = (5*365 + 2) * 24 * time.Hour

// canaryInterval is how long a canary is believed.
const canaryInterval = 24 * time.Hour

// Blobs is a bucket. It is safe for several goroutines.
type Blobs struct {
	o Options

	mu      sync.Mutex
	tried   time.Time // of the last canary
	verdict error     // what it found
	locked  bool      // a first blob was seen locked
}

var _ vault.Blobs = (*Blobs)(nil)

// Open checks that the bucket has object lock and lets the canary prove it,
// unless Options.Prouve says that it did today.
func Open(ctx context.Context, o Options) (*Blobs, error) {
	if o.Canari == "" {
		o.Canari = o.Bucket + "-canari"
	}
	if o.Conservation == 0 {
		o.Conservation = fiveYears
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Blobs{o: o, tried: o.Prouve}
	if b.fresh() {
		return b, nil
	}
	if err := b.hasLock(ctx, o.Bucket); err != nil {
		return nil, err
	}
	there, err := o.Client.BucketExists(ctx, o.Canari)
	if err != nil {
		return nil, fmt.Errorf("look for the bucket of the canary: %w", err)
	}
	if !there {
		if err := o.Client.MakeBucket(ctx, o.Canari, minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
			return nil, fmt.Errorf("make the bucket of the canary: %w", err)
		}
	}
	if err := b.hasLock(ctx, o.Canari); err != nil {
		return nil, err
	}
	return b, b.Guaranteed(ctx)
}

func (b *Blobs) hasLock(ctx context.Context, bucket string) error {
	state, _, _, _, err := b.o.Client.GetObjectLockConfig(ctx, bucket)
	switch code := minio.ToErrorResponse(err).Code; {
	case err == nil && state == "Enabled":
		return nil
	case err == nil || code == "ObjectLockConfigurationNotFoundError" || code == "NoSuchObjectLockConfiguration":
		return vault.Codes.New("COF-702", bucket)
	}
	return fmt.Errorf("read the object lock of bucket %s: %w", bucket, err)
}

// fresh reports whether the last word of the canary is of the last day.
func (b *Blobs) fresh() bool {
	age := b.o.Clock().Sub(b.tried)
	return !b.tried.IsZero() && age >= 0 && age < canaryInterval
}

// Guaranteed answers what the canary found: COF-701 when the lock does not
// hold. It is put again when its last word is a day old. A server that cannot
// be reached proves nothing either way: that error is not kept.
func (b *Blobs) Guaranteed(ctx context.Context) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fresh() {
		return b.verdict
	}
	now := b.o.Clock()
	err := b.canary(ctx)
	if err != nil && anomalie.As(err) == nil {
		return err
	}
	b.tried, b.verdict = now, err
	proof := now
	if err != nil {
		proof = time.Time{}
		b.o.Log.Error("object lock is not guaranteed: deposits are stopped", "err", err)
	}
	if b.o.Retains != nil {
		if err := b.o.Retains(proof); err != nil {
			b.o.Log.Warn("word of the canary was not kept, it is put again next time", "err", err)
		}
	}
	return err
}

func (b *Blobs) key(name vault.BlobName) string {
	s := name.String()
	return path.Join(b.o.Prefix, "blobs", s[:2], s)
}

// Put implements [vault.Blobs]: the server has the object, locked, when Put
// returns, and is found by its name. It refuses once the canary has shown that the lock does not hold.
func (b *Blobs) Put(ctx context.Context, name vault.BlobName, data []byte) ([]byte, error) {
	if err := b.Guaranteed(ctx); err != nil {
		return nil, err
	}
	until := b.o.Clock().Add(b.o.Conservation).UTC().Truncate(time.Second)
	info, err := b.put(ctx, b.o.Bucket, b.key(name), data, until)
	if err != nil {
		return nil, fmt.Errorf("put blob %s: %w", name, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.locked {
		return nil, nil
	}
	// The first blob of a process is looked at: is it locked as asked?
	held, err := b.held(ctx, b.o.Bucket, b.key(name), info.VersionID, until)
	if err != nil {
		return nil, fmt.Errorf("read the lock of blob %s: %w", name, err)
	}
	if !held {
		return nil, vault.Codes.New("COF-703", name.String())
	}
	b.locked = true
	return nil, nil
}

// put gives the client a copy: it may still read when it has answered.
func (b *Blobs) put(ctx context.Context, bucket, key string, data []byte, until time.Time) (minio.UploadInfo, error) {
	return b.o.Client.PutObject(ctx, bucket, key, bytes.NewReader(bytes.Clone(data)), int64(len(data)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", Mode: minio.Compliance, RetainUntilDate: until, SendContentMd5: true, DisableMultipart: true})
}

// held reports whether a version is locked in COMPLIANCE mode until a date. It
// reads the headers of the object: servers differ in the XML of the retention.
func (b *Blobs) held(ctx context.Context, bucket, key, version string, until time.Time) (bool, error) {
	o, err := b.o.Client.StatObject(ctx, bucket, key, minio.StatObjectOptions{VersionID: version})
	if err != nil {
		return false, err
	}
	date, err := time.Parse(time.RFC3339, o.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date"))
	return err == nil && o.Metadata.Get("X-Amz-Object-Lock-Mode") == string(minio.Compliance) && !date.Before(until), nil
}

// Sync implements [vault.Blobs]: there is nothing left to wait for.
func (b *Blobs) Sync(ctx context.Context, _ [][]byte) error { return ctx.Err() }

// Get implements [vault.Blobs].
func (b *Blobs) Get(ctx context.Context, name vault.BlobName, _ []byte, limit int64) ([]byte, error) {
	data, err := b.get(ctx, b.o.Bucket, b.key(name), "", limit)
	if err != nil {
		return nil, fmt.Errorf("get blob %s: %w", name, err)
	}
	return data, nil
}

func (b *Blobs) get(ctx context.Context, bucket, key, version string, limit int64) ([]byte, error) {
	o, err := b.o.Client.GetObject(ctx, bucket, key, minio.GetObjectOptions{VersionID: version})
	if err != nil {
		return nil, err
	}
	defer o.Close()
	data, err := io.ReadAll(io.LimitReader(o, limit))
	switch minio.ToErrorResponse(err).Code {
	case "NoSuchKey", "NoSuchVersion", "MethodNotAllowed": // the last: a delete marker
		return nil, fs.ErrNotExist
	}
	return data, err
}

// Delete implements [vault.Blobs]. Every version goes; a locked one stays, and
// the error says so.
func (b *Blobs) Delete(ctx context.Context, name vault.BlobName, _ []byte) error {
	key := b.key(name)
	for o := range b.o.Client.ListObjects(ctx, b.o.Bucket, minio.ListObjectsOptions{Prefix: key, WithVersions: true, Recursive: true}) {
		if o.Err != nil {
			return fmt.Errorf("list the versions of blob %s: %w", name, o.Err)
		}
		if o.Key != key {
			continue
		}
		if err := b.o.Client.RemoveObject(ctx, b.o.Bucket, key, minio.RemoveObjectOptions{VersionID: o.VersionID}); err != nil {
			return fmt.Errorf("delete blob %s: %w", name, err)
		}
	}
	return nil
}

// All implements [vault.Blobs]: keys come in the order of names.
func (b *Blobs) All(ctx context.Context) iter.Seq2[vault.BlobInfo, error] {
	return func(yield func(vault.BlobInfo, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for o := range b.o.Client.ListObjects(ctx, b.o.Bucket, minio.ListObjectsOptions{Prefix: path.Join(b.o.Prefix, "blobs") + "/", Recursive: true}) {
			if o.Err != nil {
				yield(vault.BlobInfo{}, fmt.Errorf("list blobs: %w", o.Err))
				return
			}
			name, err := vault.ParseBlobName(path.Base(o.Key))
			if err != nil || b.key(name) != o.Key {
				continue
			}
			if !yield(vault.BlobInfo{Name: name, Taille: o.Size, Date: o.LastModified}, nil) {
				return
			}
		}
	}
}

// Temoin keeps a checkpoint in the bucket, locked: it is for
// vault.Options.Temoin.
func (b *Blobs) Temoin(ctx context.Context, point []byte) error {
	sum := sha256.Sum256(point)
	key := path.Join(b.o.Prefix, "checkpoints", hex.EncodeToString(sum[:])+".note")
	if _, err := b.put(ctx, b.o.Bucket, key, point, b.o.Clock().Add(b.o.Conservation).UTC().Truncate(time.Second)); err != nil {
		return fmt.Errorf("put a checkpoint: %w", err)
	}
	return nil
}

// LastTemoins reads the checkpoints that were kept last, for
// vault.Options.Temoins: all of them would be read at each opening.
func (b *Blobs) LastTemoins(ctx context.Context) (points [][]byte, err error) {
	const last = 8
	var objects []minio.ObjectInfo
	listing, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.o.Client.ListObjects(listing, b.o.Bucket, minio.ListObjectsOptions{Prefix: path.Join(b.o.Prefix, "checkpoints") + "/", Recursive: true}) {
		if o.Err != nil {
			return nil, fmt.Errorf("list checkpoints: %w", o.Err)
		}
		objects = append(objects, o)
	}
	slices.SortFunc(objects, func(x, y minio.ObjectInfo) int { return y.LastModified.Compare(x.LastModified) })
	for _, o := range objects[:min(last, len(objects))] {
		msg, err := b.get(ctx, b.o.Bucket, o.Key, "", 1<<16)
		if err != nil {
			return nil, fmt.Errorf("get a checkpoint: %w", err)
		}
		points = append(points, msg)
	}
	return points, nil
}

// Temoins reads the checkpoints that were kept, for vault.FsckOptions.Temoins.
func (b *Blobs) Temoins(ctx context.Context) (points [][]byte, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for o := range b.o.Client.ListObjects(ctx, b.o.Bucket, minio.ListObjectsOptions{Prefix: path.Join(b.o.Prefix, "checkpoints") + "/", Recursive: true}) {
		if o.Err != nil {
			return nil, fmt.Errorf("list checkpoints: %w", o.Err)
		}
		msg, err := b.get(ctx, b.o.Bucket, o.Key, "", 1<<16)
		if err != nil {
			return nil, fmt.Errorf("get a checkpoint: %w", err)
		}
		points = append(points, msg)
	}
	return points, nil
}

var errBytes = errors.New("the object is not what was put")
