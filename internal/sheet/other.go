//go:build !js

package sheet

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"slices"
	"strings"
)

var errNoSheet = errors.New("no sheet")

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// other says what a ZIP of size bytes is that is no .xlsx, nil where that cannot be
// told. What begins an OpenDocument may stand anywhere: some programs write it last,
// or compressed.
func other(r io.ReaderAt, size int64) error {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil
	}
	has := func(name string) bool {
		return slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(f.Name, name) })
	}
	switch {
	case has("content.xml") && (has("mimetype") || has("META-INF/manifest.xml")):
		return Refusal{otherWorkbook.With("OpenDocument, .ods")}
	case has("xl/workbook.bin"):
		return Refusal{otherWorkbook.With(".xlsb")}
	case has("Index/Document.iwa"):
		return Refusal{otherWorkbook.With("Numbers")}
	case !slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.EqualFold(path.Dir(f.Name), "xl") }):
		return Refusal{otherZip.With()}
	}
	return nil
}
