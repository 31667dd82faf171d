package pespj

import "paye/internal/lang"

// In a browser what is no acquittal is told before it is read as one.

func kindOf(root string) lang.Phrase { return otherRoot.With(string(clip([]byte(root)))) }
func foreign([]byte) *lang.Text      { return nil }
func rootOf([]byte) string           { return "" }
