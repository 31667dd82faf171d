// Package identifiants checks the numbers that identify people, establishments and
// bank accounts in France: their form and their control key. It is made of
// pure functions over text; nothing is stored, and no error holds the number.
//
// Glossary:
//
//	NIR     NNI, numéro de sécurité sociale: 13 characters and a key of two digits
//	SIREN   a legal unit: 9 digits
//	SIRET   an establishment: the SIREN and 5 digits (NIC)
//	RIB     a French account: bank 5, branch 5, account 11, key 2
//	IBAN    an account in the world: country, key, national part (ISO 13616)
//
// Sources: NIR key 97 - (N mod 97) with 2A read as 19 and 2B as 18; Luhn for
// SIREN and SIRET, with the exception that INSEE makes for La Poste; RIB key
// 97 - ((89 bank + 15 branch + 3 account) mod 97); ISO 13616 and ISO 7064
// (mod 97-10) for IBAN.
//
// A number that passes is well made; that it was ever attributed is not known
// here.
package identifiants

import "errors"

// What the checks of this package return. Neither holds the number.
var (
	ErrForme = errors.New("not the form of this number") // length or characters
	ErrCle   = errors.New("control key does not match")  // well formed, wrong key
)

// digits reports whether s is n ASCII digits.
func digits(s string, n int) bool {
	if len(s) != n {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// mod97 is the number written in s, modulo 97. s holds digits only.
func mod97(s string) int {
	r := 0
	for i := range len(s) {
		r = (r*10 + int(s[i]-'0')) % 97
	}
	return r
}

// twoDigits writes n, from 0 to 99, with its leading zero.
func twoDigits(n int) string {
	return string([]byte{byte('0' + n/10), byte('0' + n%10)})
}
