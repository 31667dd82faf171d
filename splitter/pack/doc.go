// Package pack splits a list of items into the fewest volumes of limited size, when items share pieces that every volume
// carries once, and says how few is provably few enough. It is pure arithmetic over sizes: it knows neither XHL nor PES.
//
// Glossary:
//
//	Go name     domain                    gloss
//	item        bulletin (of one agent)   what goes whole into one volume
//	Private     octets propres            bytes that the item adds to whichever volume holds it
//	piece       justificatif partagé      bytes that a volume carries once if any of its items references the piece
//	volume      volume                    a set of items; costs Fixed, plus First for volume 0, plus its items and pieces
//	First       répartition par nature    bytes of volume 0 only
//	sand        bulletins sans pièce      items that reference no piece; order of the book is worth keeping for them
//	break       rupture                   two neighbours of the book, in different volumes
//	duplicated  octets dupliqués          bytes of the copies of a piece beyond its first
//
// The problem is bin packing with overlapping items, also called pagination: Grange, Kacem, Martin, "Algorithms for the
// bin packing problem with overlapping items", C&IE 115 (2018). Dual feasible functions follow Carlier, Clautiaux and
// Moukrim, C&OR 34 (2007); the first of them is the L2 bound of Martello and Toth (1990).
//
// The package starts no goroutine, reads no clock unless a time budget asks for it, and holds no global state. The same
// instance and options give the same plan on every machine as long as the budget is counted in work, not in time; only
// instances without private bytes, all of whose pieces have one byte, may be planned otherwise in a browser.
// It does not estimate sizes: what it is given is taken as exact and additive.
package pack
