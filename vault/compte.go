package vault

import "context"

// Compte is the account of a user as he may see it himself, without its hash;
// nil for who has none. It asks for no right: rights over others' accounts are
// those of [Comptes.Utilisateurs].
func (a *Comptes) Compte(ctx context.Context, par Acteur) (*CompteUtilisateur, error) {
	if par.Role != RoleUtilisateur {
		return nil, nil
	}
	u, err := a.c.utilisateur(ctx, par.Nom)
	if err != nil || u == nil {
		return nil, err
	}
	u.Hash = ""
	return u, nil
}
