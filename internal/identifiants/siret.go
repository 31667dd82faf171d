package identifiants

// IsSIRET reports whether s has the form of a SIRET, 14 digits. The key is not
// looked at: a test establishment may have a number of its own; [CheckSIRET]
// does.
func IsSIRET[T ~string | ~[]byte](s T) bool { return digits(string(s), 14) }

// CheckSIRET returns nil for a SIRET of 14 digits whose SIREN and whole both
// pass Luhn. La Poste (SIREN 356000000) has more establishments than Luhn can
// number: there a sum of digits that is a multiple of five is also valid.
func CheckSIRET(s string) error {
	if !digits(s, 14) {
		return ErrForme
	}
	if !luhn(s[:9]) {
		return ErrCle
	}
	if luhn(s) || s[:9] == sirenLaPoste && digitSum(s)%5 == 0 {
		return nil
	}
	return ErrCle
}

// CheckSIREN returns nil for a SIREN of 9 digits that passes Luhn.
func CheckSIREN(s string) error {
	if !digits(s, 9) {
		return ErrForme
	}
	if !luhn(s) {
		return ErrCle
	}
	return nil
}

const sirenLaPoste = "356000000"

// luhn doubles every second digit from the right; s holds digits only.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func digitSum(s string) int {
	sum := 0
	for i := range len(s) {
		sum += int(s[i] - '0')
	}
	return sum
}
