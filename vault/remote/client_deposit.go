package remote

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"paye/vault"
)

// Deposit implements [vault.Store]. A large batch goes in several requests.
func (c *Client) Deposit(ctx context.Context, _ vault.Acteur, lot []vault.Document) ([]vault.Resultat, error) {
	out := make([]vault.Resultat, 0, len(lot))
	var body bytes.Buffer
	sums := make([]string, len(lot))
	first := 0
	flush := func(end int) error {
		if first == end {
			return nil
		}
		results, err := c.deposit(ctx, body.Bytes(), sums[first:end])
		out = append(out, results...)
		first = end
		body.Reset()
		return err
	}
	for i := range lot {
		before := body.Len()
		var err error
		if sums[i], err = c.encode(ctx, &body, &lot[i]); err != nil {
			return nil, err
		}
		if int64(body.Len()) > c.o.Batch && i > first {
			last := bytes.Clone(body.Bytes()[before:])
			body.Truncate(before)
			if err := flush(i); err != nil {
				return nil, err
			}
			body.Write(last)
		}
	}
	if err := flush(len(lot)); err != nil {
		return nil, err
	}
	return out, nil
}

// encode writes a document as its line and its bytes, and returns its SHA-256.
func (c *Client) encode(ctx context.Context, w *bytes.Buffer, d *vault.Document) (string, error) {
	if d.Contenu == nil {
		return "", vault.Codes.New("COF-201", "contenu")
	}
	r, err := d.Contenu(ctx)
	if err != nil {
		return "", fmt.Errorf("open the document of matricule %s: %w", d.Matricule, err)
	}
	pdf, err := io.ReadAll(io.LimitReader(r, c.o.MaxDocument+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return "", fmt.Errorf("read the document of matricule %s: %w", d.Matricule, err)
	}
	if int64(len(pdf)) > c.o.MaxDocument {
		a := vault.Codes.New("COF-203", c.o.MaxDocument)
		a.Matricule = d.Matricule
		return "", a
	}
	sum := sha256.Sum256(pdf)
	line, err := json.Marshal(document{Identite: d.Identite, Periode: d.Periode, Nature: d.Nature, Sequence: d.Sequence, Version: d.Version, Parent: d.Parent,
		Titre: d.Titre, Versement: d.Versement, Taille: int64(len(pdf)), SHA256: hex.EncodeToString(sum[:])})
	if err != nil {
		return "", fmt.Errorf("send the document of matricule %s: %w", d.Matricule, err)
	}
	w.Write(line)
	w.WriteByte('\n')
	w.Write(pdf)
	return hex.EncodeToString(sum[:]), nil
}

// deposit sends documents whose digests are sums. A receipt that does not prove
// one of them is no receipt.
func (c *Client) deposit(ctx context.Context, body []byte, sums []string) (out []vault.Resultat, err error) {
	key, err := c.Verificateur(ctx)
	if err != nil {
		return nil, err
	}
	err = c.try(ctx, func() error {
		r, err := c.exchange(ctx, "deposit", body)
		if err != nil {
			return err
		}
		defer r.Close()
		lines := bufio.NewReader(r)
		out = make([]vault.Resultat, 0, len(sums))
		for {
			var a answer
			if err := readLine(lines, &a); err != nil {
				return err
			}
			if a.Fin {
				break
			}
			out = append(out, vault.Resultat{Recu: a.Recu, Deja: a.Deja, Err: a.Fault.err()})
		}
		if len(out) != len(sums) {
			return fmt.Errorf("vault's server answered %d results for %d documents", len(out), len(sums))
		}
		for i, r := range out {
			if r.Err == nil && (r.Recu == nil || r.Recu.Verify(key, sums[i]) != nil) {
				return vault.Codes.New("COF-804")
			}
		}
		return nil
	})
	return out, err
}
