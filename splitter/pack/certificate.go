package pack

import (
	"errors"
	"fmt"
)

// ErrCertificate is wrapped by every error of Check.
var ErrCertificate = errors.New("invalid certificate")

// Check verifies the proof from first principles: each piece needs as many volumes as claimed, because fewer could not
// hold the items that reference it; then Volumes-1 volumes cannot hold the images of everything. It shares no code with
// Bound but the formula of Dual.
func (c Certificate) Check(in *Instance) error {
	room := in.Limit - in.Fixed
	if c.Volumes <= 1 {
		return nil
	}
	if len(c.Need) != len(in.Piece) || c.Dual.Kind > DualRound || c.Dual.Kind != DualSum && (c.Dual.At < 1 || c.Dual.At > room/2) {
		return fmt.Errorf("%w: wrong shape", ErrCertificate)
	}
	with := make([]map[int32]int64, len(in.Piece)) // what travels with a piece: other pieces, and private bytes under -1
	sum := c.Dual.Of(in.First, room)
	for i, private := range in.Private {
		sum += c.Dual.Of(private, room)
		for _, j := range in.Refs(i) {
			if with[j] == nil {
				with[j] = map[int32]int64{}
			}
			with[j][-1] += private
			if c.Need[j] < 2 {
				continue
			}
			for _, q := range in.Refs(i) {
				with[j][q] = in.Piece[q]
			}
		}
	}
	for j, n := range c.Need {
		if n > 1 {
			var all int64
			for _, bytes := range with[j] {
				all += bytes
			}
			if others := all - in.Piece[j]; others <= int64(n-1)*(room-in.Piece[j]) {
				return fmt.Errorf("%w: piece %d may do with fewer than %d volumes", ErrCertificate, j, n)
			}
		} else if n == 1 && with[j] == nil || n < 0 {
			return fmt.Errorf("%w: piece %d is claimed %d times", ErrCertificate, j, n)
		}
		if n > 0 {
			sum += int64(n) * c.Dual.Of(in.Piece[j], room)
		}
	}
	if sum <= int64(c.Volumes-1)*c.Dual.Of(room, room) {
		return fmt.Errorf("%w: %d volumes may be enough", ErrCertificate, c.Volumes-1)
	}
	return nil
}
