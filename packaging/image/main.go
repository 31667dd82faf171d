// Command image writes the OCI image of xhl, for every processor that it is
// given a binary of: an OCI layout, without a daemon, the same bytes for the
// same binaries and the same date.
//
//	image -version 1.0.0 -commit abc -date 2026-11-20T10:00:00Z -o DIR linux/amd64=xhl-amd64 linux/arm64=xhl-arm64
//
// The image holds the program, the roots that Mozilla trusts, a user without
// rights, and two folders: /tmp, where the spool of a build goes, and
// /var/lib/xhl, the state. With a read-only root file system, both are mounted.
package main

import (
	"archive/tar"
	"bytes"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// user is who the program runs as; no account of a machine has this number.
const user = 65532

type options struct {
	version, commit string
	date            time.Time
	out             string
}

func main() {
	var o options
	var date string
	flag.StringVar(&o.version, "version", "", "version of the program")
	flag.StringVar(&o.commit, "commit", "", "commit of the program")
	flag.StringVar(&date, "date", "", "date of the commit, RFC 3339")
	flag.StringVar(&o.out, "o", "", "folder of the layout, which must not exist")
	flag.Parse()
	err := func() (err error) {
		if o.date, err = time.Parse(time.RFC3339, date); err != nil {
			return fmt.Errorf("-date: %w", err)
		}
		o.date = o.date.UTC()
		return write(o, flag.Args())
	}()
	if err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func write(o options, binaries []string) error {
	if o.out == "" || o.version == "" || len(binaries) == 0 {
		return fmt.Errorf("-o, -version and a binary are needed")
	}
	if _, err := os.Lstat(o.out); err == nil {
		return fmt.Errorf("%s is there already", o.out)
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, arg := range binaries {
		platform, path, found := strings.Cut(arg, "=")
		system, processor, of := strings.Cut(platform, "/")
		if !found || !of {
			return fmt.Errorf("%s: OS/ARCH=FILE is expected", arg)
		}
		program, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		p := v1.Platform{OS: system, Architecture: processor}
		image, err := build(o, p, program)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: image, Descriptor: v1.Descriptor{Platform: &p}})
	}
	dir, err := layout.Write(o.out, empty.Index)
	if err != nil {
		return err
	}
	return dir.AppendIndex(index, layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": o.version}))
}

func build(o options, p v1.Platform, program []byte) (v1.Image, error) {
	files, err := archive(o.date, program)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(files)), nil }, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	if image, err = mutate.Append(image, mutate.Addendum{Layer: layer, History: v1.History{Created: v1.Time{Time: o.date}, CreatedBy: "xhl " + o.version}}); err != nil {
		return nil, err
	}
	config, err := image.ConfigFile()
	if err != nil {
		return nil, err
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = p.OS, p.Architecture, v1.Time{Time: o.date}
	config.Config = v1.Config{
		User:         fmt.Sprintf("%d:%d", user, user),
		Entrypoint:   []string{"/usr/bin/xhl"},
		Env:          []string{"PATH=/usr/bin", "HOME=/var/lib/xhl", "XHL_STATE=/var/lib/xhl", "XHL_CONFIG=/etc/xhl/xhl.conf"},
		WorkingDir:   "/var/lib/xhl",
		Volumes:      map[string]struct{}{"/var/lib/xhl": {}},
		ExposedPorts: map[string]struct{}{"8473/tcp": {}},
		Labels: map[string]string{
			"org.opencontainers.image.title": "xhl", "org.opencontainers.image.version": o.version,
			"org.opencontainers.image.revision": o.commit, "org.opencontainers.image.licenses": "Apache-2.0",
		},
	}
	return mutate.ConfigFile(image, config)
}

// archive is the file system of the image.
func archive(date time.Time, program []byte) ([]byte, error) {
	var roots bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint != nil {
			continue // trusted for some certificates only, which a file cannot say
		}
		if err := pem.Encode(&roots, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for _, f := range []struct {
		name  string
		mode  int64
		owner int
		data  []byte // nil for a folder
	}{
		{"etc/", 0o755, 0, nil},
		{"etc/group", 0o644, 0, fmt.Appendf(nil, "root:x:0:\nxhl:x:%d:\n", user)},
		{"etc/passwd", 0o644, 0, fmt.Appendf(nil, "root:x:0:0:root:/:/sbin/nologin\nxhl:x:%d:%d:xhl:/var/lib/xhl:/sbin/nologin\n", user, user)},
		{"etc/ssl/", 0o755, 0, nil},
		{"etc/ssl/certs/", 0o755, 0, nil},
		{"etc/ssl/certs/ca-certificates.crt", 0o644, 0, roots.Bytes()},
		{"tmp/", 0o1777, 0, nil},
		{"usr/", 0o755, 0, nil},
		{"usr/bin/", 0o755, 0, nil},
		{"usr/bin/xhl", 0o755, 0, program},
		{"var/", 0o755, 0, nil},
		{"var/lib/", 0o755, 0, nil},
		{"var/lib/xhl/", 0o700, user, nil},
	} {
		head := &tar.Header{Name: f.name, Mode: f.mode, Uid: f.owner, Gid: f.owner, ModTime: date, Typeflag: tar.TypeReg, Size: int64(len(f.data)), Format: tar.FormatPAX}
		if f.data == nil {
			head.Typeflag = tar.TypeDir
		}
		if err := w.WriteHeader(head); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
