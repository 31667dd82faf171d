package compress

import (
	"context"
	"encoding/binary"

	"paye/internal/share"
)

// Blocks is the kind of the sessions in which another instance of the program
// makes blocks: Assist is what it does.
const Blocks = "blocs"

// Together opens a session for blocks of a Niveau; nil without another instance.
func Together(ctx context.Context, n Niveau) *share.Session {
	return share.Open(ctx, Blocks, []byte{byte(n)})
}

// Assist is the task of a session of Blocks.
func Assist(common []byte) share.Task {
	if len(common) != 1 || int(common[0]) >= len(niveaux) {
		return nil
	}
	e := newEncoder(Niveau(common[0]))
	return func(out, raw []byte) ([]byte, bool) {
		at := len(out)
		out, b := e.AppendBlock(append(out, make([]byte, 4)...), raw)
		binary.LittleEndian.PutUint32(out[at:], b.CRC)
		return out, true
	}
}

// AppendBlockIn is AppendBlock, which another instance does in a session that is
// not nil and has room for it.
func (e *Encoder) AppendBlockIn(ctx context.Context, s *share.Session, dst, raw []byte) ([]byte, Block) {
	if s.Take() {
		answer, ok := s.Do(ctx, raw)
		s.Give()
		if ok && len(answer) > 4 {
			dst = append(dst, answer[4:]...)
			return dst, Block{int64(len(raw)), int64(len(answer) - 4), binary.LittleEndian.Uint32(answer)}
		}
	}
	return e.AppendBlock(dst, raw)
}
