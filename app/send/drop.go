package send

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"paye/internal/fluxbook"
)

// files is a folder, here or on a server. Names have slashes. Its errors are
// those of io/fs where they can be.
type files interface {
	Stat(name string) (fs.FileInfo, error)
	Open(name string) (io.ReadCloser, error)
	// Put writes a file under a name that the other side ignores, and makes it
	// durable.
	Put(ctx context.Context, name string, r io.Reader) error
	// Rename gives a file its name; it fails when another has it.
	Rename(from, to string) error
	Remove(name string) error
	ReadDir(name string) ([]fs.FileInfo, error)
	Close() error
}

// Drop is a platform that empties a folder and puts its acknowledgments into
// another.
type Drop struct {
	name    string
	deposit string // folder of the fluxes
	acquit  string // folder of the acknowledgments; "" without one
	connect func(ctx context.Context) (files, error)
}

// Name is the kind of folder and where it is.
func (d *Drop) Name() string { return d.name }

// Probe writes, renames and removes a file of no content.
func (d *Drop) Probe(ctx context.Context) error {
	f, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	part, name := path.Join(d.deposit, ".xhl-essai.part"), path.Join(d.deposit, ".xhl-essai")
	if err := f.Put(ctx, part, bytes.NewReader(nil)); err != nil {
		return fmt.Errorf("try %s: %w", d.name, err)
	}
	if err := f.Rename(part, name); err != nil {
		return errors.Join(fmt.Errorf("try to rename in %s: %w", d.name, err), f.Remove(part))
	}
	if err := f.Remove(name); err != nil {
		return fmt.Errorf("try to remove in %s: %w", d.name, err)
	}
	if d.acquit != "" {
		if _, err := f.ReadDir(d.acquit); err != nil {
			return fmt.Errorf("read the acknowledgments of %s: %w", d.name, err)
		}
	}
	return nil
}

// Deposit writes the flux under a hidden name and renames it, so that the
// other side never sees a part of it. What is there already tells what an
// earlier try did.
func (d *Drop) Deposit(ctx context.Context, e *Envelope) Outcome {
	if e.NomFic != path.Base(e.NomFic) || strings.HasPrefix(e.NomFic, ".") {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: "NomFic"}
	}
	f, err := d.connect(ctx)
	if err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error(), Network: true}
	}
	defer f.Close()
	name := path.Join(d.deposit, e.NomFic)
	part := path.Join(d.deposit, "."+e.NomFic+".part")
	if done, ended := d.already(f, e, name, part); ended {
		return done
	}
	in, err := e.Open()
	if err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error()}
	}
	defer in.Close()
	if err := f.Put(ctx, part, in); err != nil {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: err.Error(), Network: ctx.Err() == nil}
	}
	if !same(f, part, e) {
		return Outcome{Issue: fluxbook.IssueNonParti, Message: "the copy differs", Network: true}
	}
	if err := f.Rename(part, name); err != nil {
		return d.renamed(ctx, e, name, part, err)
	}
	if info, err := f.Stat(name); err == nil && info.Size() != e.Octets {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: "the size differs"}
	}
	return Outcome{Issue: fluxbook.IssueDepose} // or it was taken at once
}

// already looks at what an earlier try left. When nothing of a resumed flux is
// there, the other side may have taken it: that is not known here.
func (d *Drop) already(f files, e *Envelope, name, part string) (Outcome, bool) {
	if _, err := f.Stat(name); err == nil {
		if same(f, name, e) {
			return Outcome{Issue: fluxbook.IssueDepose}, true
		}
		return Outcome{Issue: fluxbook.IssueNonParti, Message: Codes.New(NomPris, e.NomFic).Error()}, true
	}
	if !e.Resumed {
		return Outcome{}, false
	}
	if _, err := f.Stat(part); err == nil {
		return Outcome{}, false // it was never renamed
	}
	return Outcome{Issue: fluxbook.IssueIncertain, Message: Codes.New(RienNiPart, e.NomFic).Error()}, true
}

// renamed settles a rename that failed or whose connection broke: the two
// names tell.
func (d *Drop) renamed(ctx context.Context, e *Envelope, name, part string, cause error) Outcome {
	f, err := d.connect(context.WithoutCancel(ctx))
	if err != nil {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: cause.Error()}
	}
	defer f.Close()
	_, hasName := f.Stat(name)
	_, hasPart := f.Stat(part)
	switch {
	case hasName == nil && hasPart != nil:
		return Outcome{Issue: fluxbook.IssueDepose}
	case hasPart == nil:
		return Outcome{Issue: fluxbook.IssueNonParti, Message: cause.Error(), Network: ctx.Err() == nil}
	}
	return Outcome{Issue: fluxbook.IssueIncertain, Message: cause.Error()}
}

// same reports whether a file has the bytes of the flux; where reading is
// forbidden its size must do.
func same(f files, name string, e *Envelope) bool {
	info, err := f.Stat(name)
	if err != nil || info.Size() != e.Octets {
		return false
	}
	in, err := f.Open(name)
	if errors.Is(err, fs.ErrPermission) {
		return true
	}
	if err != nil {
		return false
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return false
	}
	return hex.EncodeToString(h.Sum(nil)) == e.SHA256
}

// Find looks for the flux in the folder. One that is not there may have been
// taken away, which a folder does not tell.
func (d *Drop) Find(ctx context.Context, e *Envelope) Outcome {
	f, err := d.connect(ctx)
	if err != nil {
		return Outcome{Issue: fluxbook.IssueIncertain, Message: err.Error()}
	}
	defer f.Close()
	if same(f, path.Join(d.deposit, e.NomFic), e) {
		return Outcome{Issue: fluxbook.IssueDepose}
	}
	return Outcome{Issue: fluxbook.IssueIncertain, Message: Codes.New(RienNiPart, e.NomFic).Error()}
}

// Follow fetches the acknowledgments that the book does not have.
func (d *Drop) Follow(ctx context.Context, _ []*Sent, known func(string, int64) bool, news func(*News) error) error {
	if d.acquit == "" {
		return nil
	}
	f, err := d.connect(ctx)
	if err != nil {
		return err
	}
	defer f.Close()
	entries, err := f.ReadDir(d.acquit)
	if err != nil {
		return fmt.Errorf("read the acknowledgments of %s: %w", d.name, err)
	}
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !e.Mode().IsRegular() || strings.HasPrefix(e.Name(), ".") || e.Size() > maxAcquit || known(e.Name(), e.Size()) {
			continue
		}
		text, err := fetch(f, path.Join(d.acquit, e.Name()))
		if err != nil {
			return err
		}
		if !isAcquit(text) {
			continue // a folder may hold anything, and a file may still be growing
		}
		if err := news(&News{Acquit: text, Fichier: e.Name()}); err != nil {
			return err
		}
	}
	return nil
}

func fetch(f files, name string) ([]byte, error) {
	in, err := f.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path.Base(name), err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, maxAcquit+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path.Base(name), err)
	}
	return text, nil
}
