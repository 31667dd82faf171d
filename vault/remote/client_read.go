package remote

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
	"paye/vault"
)

// Verificateur is the key that verifies receipts and checkpoints. The first
// that the server says is kept: later receipts are held against the same.
func (c *Client) Verificateur(ctx context.Context) (string, error) {
	c.mu.Lock()
	key := c.key
	c.mu.Unlock()
	if key != "" {
		return key, nil
	}
	if _, err := c.Point(ctx); err != nil {
		return "", err
	}
	return c.Verificateur(ctx)
}

// Point is the newest signed checkpoint of the vault, to be kept here: what it
// covers the server cannot change behind the back of who has it.
func (c *Client) Point(ctx context.Context) ([]byte, error) {
	a, err := c.ask(ctx, "point", question{})
	if err != nil || a.Point == nil || a.Point.Verificateur == "" {
		return nil, errors.Join(err, missing(err))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key == "" {
		c.key = a.Point.Verificateur
	}
	if c.key != a.Point.Verificateur {
		return nil, vault.Codes.New("COF-804")
	}
	return []byte(a.Point.Note), nil
}

// Coherence implements [vault.Guichet]. Whether it proves anything is for the
// caller to see.
func (c *Client) Coherence(ctx context.Context, from, to int64) ([]tlog.Hash, error) {
	a, err := c.ask(ctx, "coherence", question{De: from, A: to})
	return a.Coherence, err
}

// Read implements [vault.Store]: nothing is written before the whole document
// has come and is the one that its metadata say.
func (c *Client) Read(ctx context.Context, _ vault.Acteur, id vault.ID, w io.Writer) (m vault.Metadata, err error) {
	body, err := json.Marshal(question{ID: id})
	if err != nil {
		return m, fmt.Errorf("ask the vault's server: %w", err)
	}
	var pdf []byte
	err = c.try(ctx, func() error {
		r, err := c.exchange(ctx, "read", body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		var a answer
		if err := readLine(lines, &a); err != nil {
			return err
		}
		if a.Metadata == nil || a.Metadata.ID != id || a.Metadata.Taille < 0 || a.Metadata.Taille > c.o.MaxDocument {
			return errors.Join(a.Fault.err(), vault.Codes.New("COF-804"))
		}
		m = *a.Metadata
		if pdf, err = io.ReadAll(io.LimitReader(lines, m.Taille+1)); err != nil {
			return err
		}
		if int64(len(pdf)) < m.Taille {
			return errAgain{io.ErrUnexpectedEOF}
		}
		if sum := sha256.Sum256(pdf); hex.EncodeToString(sum[:]) != m.Empreinte {
			return vault.Codes.New("COF-804")
		}
		return nil
	})
	if err != nil {
		return vault.Metadata{}, err
	}
	if _, err := w.Write(pdf); err != nil {
		return vault.Metadata{}, fmt.Errorf("hand over a document: %w", err)
	}
	return m, nil
}

// Destroy implements [vault.Store]. What was erased is zero when the answer to
// a call that was done was lost.
func (c *Client) Destroy(ctx context.Context, _ vault.Acteur, id vault.ID, copies vault.Copie, motif string) (done vault.Effacement, err error) {
	sent := 0
	body, err := json.Marshal(question{ID: id, Copies: copies, Motif: motif})
	if err != nil {
		return done, fmt.Errorf("ask the vault's server: %w", err)
	}
	err = c.try(ctx, func() error {
		sent++
		r, err := c.exchange(ctx, "destroy", body)
		var a *anomalie.Anomalie
		if sent > 1 && errors.As(err, &a) && a.Code == "COF-223" {
			return nil // the first was done, its answer lost
		}
		if err != nil {
			return err
		}
		defer r.Close()
		var said answer
		if err := readLine(bufio.NewReader(r), &said); err != nil {
			return err
		}
		if said.Effacement != nil {
			done = *said.Effacement
		}
		return said.Fault.err()
	})
	return done, err
}

// Metadata implements [vault.Store].
func (c *Client) Metadata(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Metadata, error) {
	a, err := c.ask(ctx, "metadata", question{ID: id})
	if err != nil || a.Metadata == nil {
		return vault.Metadata{}, errors.Join(err, missing(err))
	}
	return *a.Metadata, nil
}

// missing is the fault of an answer without what was asked for.
func missing(err error) error {
	if err != nil {
		return nil
	}
	return vault.Codes.New("COF-804")
}

// Check implements [vault.Store].
func (c *Client) Check(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Controle, error) {
	a, err := c.ask(ctx, "check", question{ID: id})
	if err != nil || a.Controle == nil {
		return vault.Controle{}, errors.Join(err, missing(err))
	}
	out := vault.Controle{Recu: a.Controle.Recu, Depuis: time.UnixMilli(a.Controle.Depuis).UTC()}
	for _, f := range a.Controle.Fautes {
		out.Fautes = append(out.Fautes, f.err())
	}
	return out, nil
}

// Journal implements [vault.Store]. An answer that is cut is continued.
func (c *Client) Journal(ctx context.Context, _ vault.Acteur, f vault.FiltreJournal) iter.Seq2[vault.Evenement, error] {
	return func(yield func(vault.Evenement, error) bool) {
		err := c.stream(ctx, "journal", func() question { return question{Journal: f} }, func(a *answer) bool {
			if a.Evenement == nil {
				return true
			}
			f.Debut = a.Evenement.Index + 1
			return yield(*a.Evenement, nil)
		})
		if err != nil {
			yield(vault.Evenement{}, err)
		}
	}
}

// List implements [vault.Store]. An answer that is cut is continued.
func (c *Client) List(ctx context.Context, _ vault.Acteur, f vault.Filtre) iter.Seq2[vault.Metadata, error] {
	return func(yield func(vault.Metadata, error) bool) {
		limited := f.Limite > 0
		err := c.stream(ctx, "list", func() question { return question{Filtre: f} }, func(a *answer) bool {
			if a.Metadata == nil {
				return true
			}
			f.Apres = a.Metadata.ID
			if !yield(*a.Metadata, nil) {
				return false
			}
			if !limited {
				return true
			}
			f.Limite--
			return f.Limite > 0
		})
		if err != nil {
			yield(vault.Metadata{}, err)
		}
	}
}

// stream reads lines until the last, asking for the rest when it is cut.
func (c *Client) stream(ctx context.Context, verb string, q func() question, each func(*answer) bool) error {
	stopped := false
	return c.try(ctx, func() error {
		if stopped {
			return nil
		}
		body, err := json.Marshal(q())
		if err != nil {
			return fmt.Errorf("ask the vault's server: %w", err)
		}
		r, err := c.exchange(ctx, verb, body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		for {
			var a answer
			if err := readLine(lines, &a); err != nil {
				return err
			}
			if a.Fault != nil {
				return a.Fault.err()
			}
			if a.Fin {
				return nil
			}
			if !each(&a) {
				stopped = true
				return nil
			}
		}
	})
}

// Count implements [vault.Store].
func (c *Client) Count(ctx context.Context, _ vault.Acteur, f vault.Filtre) (int64, error) {
	a, err := c.ask(ctx, "count", question{Filtre: f})
	return a.Nombre, err
}
