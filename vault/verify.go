package vault

import (
	"context"

	"paye/vault/internal/fsck"
)

// FsckOptions say how deep a vault is verified.
type FsckOptions struct {
	Options
	// Secours opens every document: with the recovery key, whose file is
	// named here, each blob is decrypted and compared with its digest. Empty:
	// with the keys of the employers that are there.
	Secours string
	// Temoins are checkpoints that were kept outside.
	Temoins [][]byte
	// Progress is updated on the way.
	Progress *FsckProgress
}

// Fsck reads every byte of a vault, makes the catalogue again from the journal
// and compares, and names what is wrong. It changes nothing, opens a vault
// that [Open] refuses, and may run beside deposits: it verifies what was
// committed when it began. Beside a [Coffre.Rekey] it may take for damage what
// that one erases. An error is of the machine or means that nothing
// could be verified; what is wrong with the vault is in the report.
func Fsck(ctx context.Context, root string, o FsckOptions) (*RapportFsck, error) {
	o.Options = o.Options.withDefaults()
	return fsck.Run(ctx, root, fsck.Options{Clock: o.Clock, Log: o.Log, Blobs: o.Blobs, Phrase: o.Phrase, MaxDocument: o.MaxDocument,
		Workers: o.Workers, Secours: o.Secours, Temoins: o.Temoins, Progress: o.Progress})
}
