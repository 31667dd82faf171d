package s3store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"paye/internal/server"
)

// Connexion says where a bucket is, as a file may keep it. It holds no secret.
type Connexion struct {
	Adresse      string `json:"adresse"` // https://host or https://host:port
	Bucket       string `json:"bucket"`
	Prefixe      string `json:"prefixe,omitempty"`
	Region       string `json:"region,omitempty"`
	Autorite     string `json:"autorite,omitempty"`     // PEM of an authority that the system does not know
	Conservation int    `json:"conservation,omitempty"` // years for which a blob is locked; 5 when 0
}

// Verify returns what is wrong with a Connexion. Plain http is for loopback
// only: what travels is encrypted, the names of who may write it are not.
func (c Connexion) Verify() error {
	u, err := url.Parse(c.Adresse)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.Path != "" && u.Path != "/":
		return errors.New("address of the S3 server is not https://HOST")
	case u.Scheme != "https" && !(u.Scheme == "http" && server.Loopback(u.Hostname())):
		return errors.New("address of the S3 server is not https")
	case c.Bucket == "":
		return errors.New("bucket has no name")
	case c.Conservation < 0 || c.Conservation > 100:
		return errors.New("retention is not a number of years")
	case c.Autorite != "" && !x509.NewCertPool().AppendCertsFromPEM([]byte(c.Autorite)):
		return errors.New("authority of the S3 server is not PEM")
	}
	return nil
}

// year is one with its share of a leap day.
const year = 8766 * time.Hour

// Options are those of the bucket, for who has the access key and its secret.
func (c Connexion) Options(access, secret string) (Options, error) {
	if err := c.Verify(); err != nil {
		return Options{}, err
	}
	u, _ := url.Parse(c.Adresse) // verified
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if c.Autorite != "" {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM([]byte(c.Autorite))
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	client, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(access, secret, ""), Secure: u.Scheme == "https",
		Region: c.Region, Transport: transport, MaxRetries: 3})
	if err != nil {
		return Options{}, fmt.Errorf("reach the S3 server: %w", err)
	}
	return Options{Client: client, Bucket: c.Bucket, Prefix: c.Prefixe, Conservation: time.Duration(c.Conservation) * year}, nil
}

// Make makes the bucket, with object lock, unless it is there.
func Make(ctx context.Context, o Options) error {
	there, err := o.Client.BucketExists(ctx, o.Bucket)
	if err != nil {
		return fmt.Errorf("look for bucket %s: %w", o.Bucket, err)
	}
	if there {
		return nil
	}
	if err := o.Client.MakeBucket(ctx, o.Bucket, minio.MakeBucketOptions{ObjectLocking: true}); err != nil {
		return fmt.Errorf("make bucket %s: %w", o.Bucket, err)
	}
	return nil
}
