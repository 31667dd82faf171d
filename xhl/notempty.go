package xhl

import "iter"

// NotEmpty gives the bulletins of the journal that is called fichier, and ends
// with the anomaly XHL-015 when there is none: what is made of such a journal
// would be empty, and look as if it were done.
func NotEmpty(fichier string, bulletins iter.Seq2[*Bulletin, error]) iter.Seq2[*Bulletin, error] {
	return func(yield func(*Bulletin, error) bool) {
		none := true
		for b, err := range bulletins {
			none = false
			if !yield(b, err) {
				return
			}
		}
		if none {
			yield(nil, Codes.New("XHL-015").At(fichier, -1, 0))
		}
	}
}
