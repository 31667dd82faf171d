package identifiants

import "fmt"

// NIR is a social security number of 13 characters, or of 15 with its key. It
// prints masked, whatever the verb, so that it cannot reach a log or an error;
// Reveal is the exception that can be searched for.
type NIR string

// Reveal is the number itself.
func (n NIR) Reveal() string { return string(n) }

func (n NIR) String() string             { return masked(string(n)) }
func (n NIR) Format(f fmt.State, _ rune) { fmt.Fprint(f, n.String()) }

// masked hides a value and that it is there or not only.
func masked(s string) string {
	if s == "" {
		return ""
	}
	return "*************"
}
