package vault

import "context"

// Compte is the account of a user as he may see it himself, without its hash;
// nil for who has none. It asks for no right: rights over others' accounts are
// those of [Coffre.Utilisateurs].
func (c *Coffre) Compte(ctx context.Context, par Acteur) (*CompteUtilisateur, error) {
	if par.Role != RoleUtilisateur {
		return nil, nil
	}
	u, err := c.utilisateur(ctx, par.Nom)
	if err != nil || u == nil {
		return nil, err
	}
	u.Hash = ""
	return u, nil
}

// Fiche reads the last version of a fiche; its Version is 0 and its Valeur nil
// when there is none.
func (c *Coffre) Fiche(ctx context.Context, genre, cle string) (Fiche, error) {
	return c.book.Fiche(ctx, genre, cle)
}
