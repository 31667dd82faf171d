package synth

import (
	"strconv"

	"paye/internal/identifiants"
)

// The ranges of numbers that belong to nobody. Keys are right, so that any
// control passes; what they are the keys of was never attributed:
//
//   - NIR: the births of a commune and month are numbered from 001, so that a
//     NIR whose order number is 000 is no one's;
//   - SIREN: those of the communes are 21, the code of the département and a
//     number; there is no département 96 in the SIRENE register, which began
//     after the Algerian départements and the protectorate of Tunisia, whose
//     code that was, had left the list;
//   - postal codes and communes: in that same département 96;
//   - accounts: the bank codes given by the ACPR do not begin with 99 (inferred
//     from the published list); a BIC whose eighth character is 0 is a test one
//     (ISO 9362).
const (
	departement = "96"
	sirenBase   = "2196" // then four digits and the key
	ordreNIR    = "000"
)

var departementsNaissance = []string{
	"35", "35", "35", "35", "35", "35", "22", "29", "56", "44", "50", "53", "49", "75", "59", "69", "13", "33", "31", "99",
}

// Years of birth, and how many different numbers of communes a NIR may hold
// for each entry of departementsNaissance.
const (
	premiereNaissance = 1962
	anneesNaissance   = 44
	communesNaissance = 49
)

// placesNIR is how many different NIR appendNIR can make.
const placesNIR = 2 * anneesNaissance * 12 * 20 * communesNaissance

// appendNIR makes the NIR number p, below placesNIR, of 15 characters.
func appendNIR(dst []byte, p int) []byte {
	take := func(n int) int {
		d := p % n
		p /= n
		return d
	}
	from := len(dst)
	dst = append(dst, byte('1'+take(2)))
	dst = appendPadded(dst, (premiereNaissance+take(anneesNaissance))%100, 2)
	dst = appendPadded(dst, 1+take(12), 2)
	place := take(len(departementsNaissance))
	dst = append(dst, departementsNaissance[place]...)
	// A département stands several times in the list: its communes are dealt
	// out among its entries, so that no number is made twice.
	dst = appendPadded(dst, 1+place+len(departementsNaissance)*take(communesNaissance), 3)
	dst = append(dst, ordreNIR...)
	return append(dst, must(identifiants.CleNIR(string(dst[from:])))...)
}

// compte is the account of an agent: its RIB, whose key makes FR76 the key of
// the IBAN.
type compte struct {
	banque               *banque
	guichet, numero, cle string
	iban                 string
}

type banque struct{ code, bic, nom string }

var banques = []banque{
	{"99101", "ZZBEFRP0XXX", "BANQUE DE L'ESTUAIRE"},
	{"99102", "ZZCMFRP0XXX", "CAISSE MUTUELLE D'ARVOR"},
	{"99103", "ZZPBFRP0XXX", "POPULAIRE DU BOCAGE"},
	{"99104", "ZZEPFRP0XXX", "ÉPARGNE DES DEUX RIVES"},
	{"99105", "ZZLGFRP0XXX", "LA LIGNE BANQUE"},
}

// guichets is how many branches a bank has.
const guichets = 12

// makeCompte makes the account number p, below 10^11, in the bank and branch
// that b picks.
func makeCompte(b *alea, p uint64) compte {
	c := compte{banque: &banques[min(b.below(7), len(banques)-1)]}
	c.guichet = string(appendPadded(nil, 100+b.below(guichets)*25, 5))
	c.numero = string(appendPadded(nil, int(p), 11))
	c.cle = must(identifiants.CleRIB(c.banque.code, c.guichet, c.numero))
	c.iban = "FR76" + c.banque.code + c.guichet + c.numero + c.cle
	return c
}

// makeSIREN makes the SIREN number p, below 10000.
func makeSIREN(p int) string {
	return luhn(string(appendPadded([]byte(sirenBase), p, 4)), identifiants.CheckSIREN)
}

// makeSIRET makes the SIRET of the établissement n of a SIREN, from 1.
func makeSIRET(siren string, n int) string {
	return luhn(string(appendPadded([]byte(siren), n, 4)), identifiants.CheckSIRET)
}

// luhn appends to s the key that the check wants.
func luhn(s string, check func(string) error) string {
	for d := '0'; d <= '9'; d++ {
		if check(s+string(d)) == nil {
			return s + string(d)
		}
	}
	panic("synth: no key fits")
}

// must returns the key of a number that is well formed by construction.
func must(key string, err error) string {
	if err != nil {
		panic("synth: " + err.Error())
	}
	return key
}

// appendPadded appends n with zeros before it, width digits in all.
func appendPadded(dst []byte, n, width int) []byte {
	var buf [20]byte
	digits := strconv.AppendInt(buf[:0], int64(n), 10)
	for range width - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}
