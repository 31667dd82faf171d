package consult

import (
	"context"
	"io"

	"paye/app/build"
	"paye/xhl/run"
)

// Encode writes the journal of a run.
func Encode(ctx context.Context, entree string, w io.Writer) error {
	return build.Encode(ctx, entree, w, run.EncodeOptions{})
}
