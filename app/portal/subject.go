package portal

import (
	"strings"

	"paye/vault"
)

// about is whom a record tells of: what it says of him is erased with his
// account. Records of the employer, such as how a membership gets its slips,
// tell of nobody: they are kept as proof and hold a matricule and dates.
func about(kind, key string, v any) vault.ID {
	owner := ""
	switch v := v.(type) {
	case *Account:
		owner = v.ID
	case *lead:
		if kind != kindShare && len(v.Accounts) == 1 {
			owner = v.Accounts[0]
		} else if kind == kindShare {
			_, owner, _ = strings.Cut(key, "/")
		}
	case *Share:
		owner = v.Account
	case *traceOf:
		owner, _, _ = strings.Cut(key, "/")
	}
	return Subject(owner)
}

// Subject is the subject that an account is in the vault, zero for none.
func Subject(account string) vault.ID {
	if !isID(account) {
		return vault.ID{}
	}
	id, err := vault.ParseID(account)
	if err != nil {
		return vault.ID{}
	}
	return id
}
