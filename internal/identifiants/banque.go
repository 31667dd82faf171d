package identifiants

// CheckRIB returns nil when cle is the key of the account: bank and branch of
// 5 digits, account of 11 characters (digits and capitals), key of 2 digits.
func CheckRIB(banque, guichet, compte, cle string) error {
	want, err := CleRIB(banque, guichet, compte)
	if err != nil {
		return err
	}
	if !digits(cle, 2) {
		return ErrForme
	}
	if cle != want {
		return ErrCle
	}
	return nil
}

// CleRIB returns the key of a French account, two digits from 01 to 97, or
// [ErrForme].
func CleRIB(banque, guichet, compte string) (string, error) {
	if !digits(banque, 5) || !digits(guichet, 5) || len(compte) != 11 {
		return "", ErrForme
	}
	var number [11]byte
	for i := range number {
		c := compte[i]
		switch {
		case c >= '0' && c <= '9':
		case c >= 'A' && c <= 'I':
			c = c - 'A' + '1'
		case c >= 'J' && c <= 'R':
			c = c - 'J' + '1'
		case c >= 'S' && c <= 'Z':
			c = c - 'S' + '2' // the third row starts at 2
		default:
			return "", ErrForme
		}
		number[i] = c
	}
	return twoDigits(97 - (89*mod97(banque)+15*mod97(guichet)+3*mod97(string(number[:])))%97), nil
}

// CheckIBAN returns nil for an IBAN without spaces, in capitals, of the length
// of its country, whose key is right; for France and Monaco the RIB key that
// it holds must be right too. A country that this package does not know is
// checked for its key alone.
func CheckIBAN(s string) error {
	if len(s) < 5 || len(s) > 34 || !isUpper(s[0]) || !isUpper(s[1]) || !digits(s[2:4], 2) {
		return ErrForme
	}
	if want, known := ibanLengths[s[:2]]; known && len(s) != want {
		return ErrForme
	}
	r := 0
	for _, part := range [2]string{s[4:], s[:4]} {
		for i := range len(part) {
			switch c := part[i]; {
			case c >= '0' && c <= '9':
				r = (r*10 + int(c-'0')) % 97
			case isUpper(c):
				r = (r*100 + int(c-'A') + 10) % 97
			default:
				return ErrForme
			}
		}
	}
	// 00, 01 and 99 can satisfy the sum but are never made by ISO 7064.
	if r != 1 || s[2:4] < "02" || s[2:4] > "98" {
		return ErrCle
	}
	if s[:2] == "FR" || s[:2] == "MC" {
		return CheckRIB(s[4:9], s[9:14], s[14:25], s[25:27])
	}
	return nil
}

// CompactIBAN takes spaces and dashes out of s and puts it in capitals, as
// [CheckIBAN] wants it.
func CompactIBAN(s string) string { return compact(s) }

// CheckBIC returns nil for a BIC of 8 or 11 characters (ISO 9362).
func CheckBIC(s string) error {
	if len(s) != 8 && len(s) != 11 {
		return ErrForme
	}
	for i := range len(s) {
		letter := isUpper(s[i])
		if !letter && (i == 4 || i == 5 || s[i] < '0' || s[i] > '9') {
			return ErrForme
		}
	}
	return nil
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// ibanLengths is the whole length of an IBAN in each country of the single
// euro payments area.
var ibanLengths = map[string]int{
	"AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
	"ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26,
	"IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28,
	"PT": 25, "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "VA": 22,
}
