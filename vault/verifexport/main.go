// Command verifexport verifies an export of the coffre-fort without the
// coffre-fort: it shares no code with it and uses the standard library only,
// so that whoever receives an export can read what it does and believe it.
//
//	verifexport [-cle VERIFICATEUR] [-temoin POINT.note]... EXPORT.zip
//
// It verifies that the bag is whole (RFC 8493), that each document is the one
// that its index and its receipt name, that each receipt is a leaf of the
// journal (RFC 6962) under the signed checkpoint, and that older checkpoints
// are prefixes of that journal. With -cle the signature is held against a key
// that came another way; without, against the one in the export, which proves
// that nothing was damaged but not who signed. With -temoin a checkpoint that
// was kept elsewhere must be a prefix too.
//
// Exit codes: 0 verified, 14 something is wrong, 64 usage.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

type names []string

func (n *names) String() string     { return fmt.Sprint(*n) }
func (n *names) Set(s string) error { *n = append(*n, s); return nil }

func run(args []string, out, errs io.Writer) int {
	flags := flag.NewFlagSet("verifexport", flag.ContinueOnError)
	flags.SetOutput(errs)
	key := flags.String("cle", "", "verifier key of the vault, as it was handed out")
	var witnesses names
	flags.Var(&witnesses, "temoin", "checkpoint kept elsewhere; may be repeated")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		fmt.Fprintln(errs, "usage: verifexport [-cle KEY] [-temoin FILE]... EXPORT.zip")
		return 64
	}
	var outside [][]byte
	for _, name := range witnesses {
		b, err := os.ReadFile(name)
		if err != nil {
			fmt.Fprintln(errs, "error:", err)
			return 64
		}
		outside = append(outside, b)
	}
	r, err := verify(flags.Arg(0), *key, outside)
	if err != nil {
		for _, e := range flatten(err) {
			fmt.Fprintln(errs, "error:", e)
		}
		return 14
	}
	fmt.Fprintf(out, "ok: %d documents, %d bytes, journal of %d events signed by %s\n", r.documents, r.bytes, r.tree, r.signer)
	if *key == "" {
		fmt.Fprintln(out, "note: the key is the one in the export; give the vault's with -cle to know who signed")
	}
	return 0
}

// flatten lists the errors that were joined.
func flatten(err error) []error {
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		return many.Unwrap()
	}
	return []error{err}
}
