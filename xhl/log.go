//go:build !js

package xhl

import "log/slog"

// What a log shows of personal values. The program of the page logs nothing, and
// does without the package.

func (Nominatif) LogValue() slog.Value { return slog.StringValue(Masked) }
func (Decimal) LogValue() slog.Value   { return slog.StringValue(Masked) }
func (Montant) LogValue() slog.Value   { return slog.StringValue(Masked) }

// LogValue is masked.
func (c *CptBancaire) LogValue() slog.Value { return slog.StringValue(Masked) }

// LogValue gives the matricule only.
func (a *Agent) LogValue() slog.Value { return slog.StringValue(a.Matricule) }

// LogValue says which bulletin it is, and nothing more.
func (b *Bulletin) LogValue() slog.Value {
	return slog.GroupValue(slog.String("matricule", b.Agent.Matricule), slog.Int("rang", b.Lieu.Rang))
}
