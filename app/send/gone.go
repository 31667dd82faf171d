package send

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/manifest"
)

// Gone tells which fluxes of which were produced, have not left, and are not
// in their folder any more: moved, removed, or replaced by those of another
// delivery. Only manifests are read. When the book is shared by machines, a
// folder that is not there is another's.
func Gone(ctx context.Context, b *fluxbook.Book, which fluxbook.Filtre) ([]*anomalie.Anomalie, error) {
	list, err := b.List(ctx, which)
	if err != nil {
		return nil, err
	}
	var gone []*anomalie.Anomalie
	manifests := map[string]*manifest.Manifest{}
	for _, f := range list {
		if f.Etat != fluxbook.Produit {
			continue
		}
		dir := filepath.Dir(f.Fichier)
		m, read := manifests[dir]
		if !read {
			m, _ = manifest.Read(dir) // one that cannot be read says nothing
			manifests[dir] = m
		}
		_, err := os.Stat(f.Fichier)
		switch {
		case errors.Is(err, fs.ErrNotExist) && b.Shared() && !there(dir):
		case errors.Is(err, fs.ErrNotExist), replaced(m, f):
			gone = append(gone, f.Absent())
		}
	}
	return gone, nil
}

func there(dir string) bool {
	_, err := os.Stat(dir)
	return err == nil
}

// replaced reports whether m gives the name of a flux to another content.
func replaced(m *manifest.Manifest, f *fluxbook.Flux) bool {
	if m == nil {
		return false
	}
	for _, v := range m.Volumes {
		if v.Fichier == filepath.Base(f.Fichier) && v.SHA256 != f.SHA256 {
			return true
		}
	}
	return false
}
