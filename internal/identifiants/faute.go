package identifiants

import "paye/internal/lang"

// Faute is the rule of form that an identifier breaks. It never holds the
// identifier, and prints in the language of the message around it.
type Faute struct{ lang.Text }

func (f *Faute) Error() string { return f.EN }

func faute(fr, en string) *Faute { return &Faute{lang.Text{FR: fr, EN: en}} }
