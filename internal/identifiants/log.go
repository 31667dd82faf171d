//go:build !js

package identifiants

import "log/slog"

// LogValue is masked. The program of the page logs nothing, and does without the
// package.
func (n NIR) LogValue() slog.Value { return slog.StringValue(n.String()) }
