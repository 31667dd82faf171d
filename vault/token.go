package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"

	"paye/vault/internal/acts"
)

// NewToken gives a user a bearer token until a time, to himself or to who
// manages all accounts. It dies before with the account, with its password, and
// with the catalogue key; rights are looked up at each call, not in the token.
// That it was given, to whom and until when is in the journal.
func (a *Comptes) NewToken(ctx context.Context, par Acteur, login string, until time.Time) (string, error) {
	if par.Role != RoleUtilisateur || par.Nom != login {
		if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
			return "", a.c.denied(ctx, par, "jeton", ID{}, err)
		}
	}
	u, err := a.c.utilisateur(ctx, login)
	if err != nil {
		return "", err
	}
	if u == nil || !u.Actif {
		return "", Codes.New("COF-303")
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	b = append(b, login...)
	if err := a.c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "jeton", Cause: login + ", " + until.UTC().Format(time.RFC3339)}); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(b, a.c.tokenMAC(b, u.Hash)...)), nil
}

// VerifyToken answers in whose name a token speaks.
func (a *Comptes) VerifyToken(ctx context.Context, token string) (Acteur, error) {
	refused := Codes.New("COF-802")
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) <= 8+sha256.Size || len(b) > 1024 {
		return Acteur{}, refused
	}
	b, mac := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	login := string(b[8:])
	u, err := a.c.utilisateur(ctx, login)
	if err != nil {
		return Acteur{}, err
	}
	hash := decoyHash
	if u != nil {
		hash = u.Hash
	}
	if !hmac.Equal(mac, a.c.tokenMAC(b, hash)) || u == nil || !u.Actif || a.c.now().Unix() >= int64(binary.BigEndian.Uint64(b)) {
		return Acteur{}, refused
	}
	return Utilisateur(login), nil
}

func (c *Coffre) tokenMAC(b []byte, passwordHash string) []byte {
	m := hmac.New(sha256.New, c.book.Keys.Sessions)
	m.Write(b)
	m.Write([]byte(passwordHash))
	return m.Sum(nil)
}
