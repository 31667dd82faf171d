package consult

import (
	"context"
	"io"
	"os"

	"paye/app/build"
	"paye/xhl/run"
)

// IsRun reports whether an input is a run, which is encoded before it is looked
// into.
func IsRun(entree string) bool {
	if build.IsRunFile(entree) {
		return true
	}
	info, err := os.Stat(entree)
	return err == nil && info.IsDir()
}

// Encode writes the journal of a run.
func Encode(ctx context.Context, entree string, w io.Writer) error {
	return build.Encode(ctx, entree, w, run.EncodeOptions{})
}
