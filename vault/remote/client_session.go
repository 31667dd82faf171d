package remote

import (
	"context"
	"errors"

	"paye/vault"
)

// MayDeposit implements [vault.Depositaire].
func (c *Client) MayDeposit(ctx context.Context, _ vault.Acteur, siret string) error {
	_, err := c.ask(ctx, "may-deposit", question{Siret: siret})
	return err
}

// Papier implements [vault.Depositaire].
func (c *Client) Papier(ctx context.Context, _ vault.Acteur, siret string) ([]vault.Papier, error) {
	a, err := c.ask(ctx, "papier", question{Siret: siret})
	return a.Papier, err
}

// OpenVersement implements [vault.Depositaire].
func (c *Client) OpenVersement(ctx context.Context, _ vault.Acteur, v vault.Versement) (vault.Versement, error) {
	return c.versement(ctx, "versement-open", v)
}

// SaveVersement implements [vault.Depositaire].
func (c *Client) SaveVersement(ctx context.Context, _ vault.Acteur, v vault.Versement) (vault.Versement, error) {
	return c.versement(ctx, "versement-save", v)
}

func (c *Client) versement(ctx context.Context, verb string, v vault.Versement) (vault.Versement, error) {
	a, err := c.ask(ctx, verb, question{Versement: &v})
	if err != nil || a.Versement == nil {
		return v, errors.Join(err, missing(err))
	}
	return *a.Versement, nil
}

// Versements implements [vault.Depositaire].
func (c *Client) Versements(ctx context.Context, _ vault.Acteur, siret string) ([]vault.Versement, error) {
	a, err := c.ask(ctx, "versements", question{Siret: siret})
	return a.Versements, err
}

// Validate implements [vault.Guichet].
func (c *Client) Validate(ctx context.Context, _ vault.Acteur, id vault.ID) (vault.Versement, error) {
	return c.decide(ctx, "versement-validate", question{ID: id})
}

// Reject implements [vault.Guichet].
func (c *Client) Reject(ctx context.Context, _ vault.Acteur, id vault.ID, motif string) (vault.Versement, error) {
	return c.decide(ctx, "versement-reject", question{ID: id, Motif: motif})
}

func (c *Client) decide(ctx context.Context, verb string, q question) (vault.Versement, error) {
	a, err := c.ask(ctx, verb, q)
	if err != nil || a.Versement == nil {
		return vault.Versement{}, errors.Join(err, missing(err))
	}
	return *a.Versement, nil
}

// Employeurs implements [vault.Guichet].
func (c *Client) Employeurs(ctx context.Context, _ vault.Acteur) ([]vault.Employeur, error) {
	a, err := c.ask(ctx, "employeurs", question{})
	return a.Employeurs, err
}
