package identifiants

import "strings"

// CheckNIR returns nil when cle is the key of nir, [ErrForme] when either is
// not the form of one, and [ErrCle] otherwise. nir is 13 characters, Corsica
// as 2A or 2B; cle is two digits, from 01 to 97.
func CheckNIR(nir, cle string) error {
	want, err := CleNIR(nir)
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

// CleNIR returns the key of a NIR of 13 characters, two digits from 01 to 97,
// or [ErrForme].
func CleNIR(nir string) (string, error) {
	if len(nir) != 13 {
		return "", ErrForme
	}
	switch nir[5:7] {
	case "2A":
		nir = nir[:5] + "19" + nir[7:]
	case "2B":
		nir = nir[:5] + "18" + nir[7:]
	}
	if !digits(nir, 13) || nir[0] == '0' {
		return "", ErrForme
	}
	return twoDigits(97 - mod97(nir)), nil
}

// SplitNIR takes the spaces, dots and dashes out of s, puts its letters in
// upper case, and cuts what is left into a NIR of 13 characters and its key;
// cle is empty when s holds the 13 characters only. Neither part is checked.
// It returns [ErrForme] for any other length.
func SplitNIR(s string) (nir, cle string, err error) {
	s = compact(s)
	switch len(s) {
	case 13:
		return s, "", nil
	case 15:
		return s[:13], s[13:], nil
	}
	return "", "", ErrForme
}

// LectureNIR is what the first seven characters of a NIR say of a person.
type LectureNIR struct {
	Sexe        byte   // '1' man, '2' woman, 0 when the first digit does not say it
	Annee       string // two digits of the year of birth
	Mois        int    // 1 to 12, or 0: unknown months have other codes
	Departement string // "31", "2A", "99" abroad; overseas "97" or "98"
	Provisoire  bool   // first digit 3, 4, 7 or 8: a number given while waiting
}

// ReadNIR reads a NIR of 13 characters; its key is not needed. It returns
// [ErrForme] like [CleNIR].
func ReadNIR(nir string) (LectureNIR, error) {
	if _, err := CleNIR(nir); err != nil {
		return LectureNIR{}, err
	}
	l := LectureNIR{Annee: nir[1:3], Departement: nir[5:7]}
	switch nir[0] {
	case '1', '3', '7':
		l.Sexe = '1'
	case '2', '4', '8':
		l.Sexe = '2'
	}
	l.Provisoire = strings.IndexByte("3478", nir[0]) >= 0
	if m := int(nir[3]-'0')*10 + int(nir[4]-'0'); m >= 1 && m <= 12 {
		l.Mois = m
	}
	return l, nil
}

// compact drops spaces, no-break spaces, dots and dashes, and puts ASCII
// letters in upper case.
func compact(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\t', '.', '-', '\u00a0', '\u202f':
			return -1
		}
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
