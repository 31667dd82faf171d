package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"paye/app/check"
)

// withStandard gives f the path of a copy of the standard input, if it is among
// the paths: what is judged is read more than once. The copy is this account's
// alone, and gone afterwards.
func (p *program) withStandard(paths []string, f func(path string) error) (err error) {
	if !slices.Contains(paths, check.Standard) {
		return f("")
	}
	dir, err := os.MkdirTemp("", "xhl-")
	if err != nil {
		return fmt.Errorf("keep the standard input: %w", err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "standard")
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the standard input: %w", err)
	}
	_, err = io.Copy(out, io.LimitReader(p.stdin, maxStandard+1))
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("keep the standard input: %w", err)
	}
	if info, err := os.Stat(path); err == nil && info.Size() > maxStandard {
		return p.usage("l'entrée standard dépasse %d octets", "the standard input has more than %d bytes", maxStandard)
	}
	return f(path)
}

// maxStandard bounds what is kept of the standard input, in bytes.
const maxStandard int64 = 8 << 30
