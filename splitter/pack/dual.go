package pack

// A Dual is a dual feasible function f on 0..room: whenever sizes of total at most room are given, the sum of their images
// is at most f(room). Volumes of an instance therefore number at least the images of all sizes over f(room).
// Sharing changes nothing to that: a volume holds private parts and copies of pieces, side by side.
type Dual struct {
	Kind DualKind
	At   int64 // parameter, 1 to room/2; none for DualSum
}

// DualKind names a family of dual feasible functions.
type DualKind uint8

const (
	DualSum   DualKind = iota // f(x) = x
	DualCut                   // sizes below At vanish, sizes that leave less than At count as a whole volume (L2)
	DualRound                 // sizes counted in multiples of At, rounded up above half a volume, down below
)

func (k DualKind) String() string { return [...]string{"sum", "cut", "round"}[k] }

// Of returns the image of a size between 0 and room.
func (d Dual) Of(x, room int64) int64 {
	switch d.Kind {
	case DualCut:
		if x < d.At {
			return 0
		}
		if x > room-d.At {
			return room
		}
	case DualRound:
		switch all := room / d.At; {
		case 2*x < room:
			return 2 * (x / d.At)
		case 2*x == room:
			return all
		default:
			return 2 * (all - (room-x)/d.At)
		}
	}
	return x
}
