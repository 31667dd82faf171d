// Package send is the life of a flux after it was made: handing it to a tiers
// de télétransmission, reading what comes back piece by piece, making a new
// flux of what was refused, and telling where everything is.
//
// Each wish is one call over a fluxbook.Book, with its request as a plain
// struct. Nothing is printed; clock, network and platforms come from outside,
// and no platform is a default.
//
// Glossary:
//
//	TDT      tiers de télétransmission: the platform that takes a flux to Hélios
//	Tdt      one platform, or a folder that somebody else empties
//	Depot    handing a flux over, which happens once whatever dies when
//	Acquit   reading acknowledgments: a refusal of one piece, of all, or none
//	Renvoi   a new flux of refused pieces
//	PJRef    the element by which a mandat names a piece
//
// Sources: pespj for the formats; the public code of S2LOW for its interface,
// which binds no deployment; RFC 4251 to 4254 and the SFTP draft for the rest.
package send
