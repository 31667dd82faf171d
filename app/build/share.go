package build

import (
	"bytes"
	"context"
	"encoding/binary"

	"paye/compress"
	"paye/internal/pdfx"
	"paye/internal/share"
)

// Justificatifs is the kind of the sessions in which another instance of the
// program measures pieces: Assist is what it does. What there is something to
// say of is measured again here.
const Justificatifs = "pieces"

// elsewhere has a piece measured in a session, and reports whether it was.
func (m *mesure) elsewhere(ctx context.Context, s *share.Session, p string, content []byte) bool {
	if !s.Take() {
		return false
	}
	defer s.Give()
	answer, ok := s.Do(ctx, binary.AppendUvarint(nil, uint64(len(p))), []byte(p), content)
	if !ok || len(answer) < measured {
		return false
	}
	m.size = compress.Piece{Raw: int64(len(content)), Size: int64(binary.LittleEndian.Uint32(answer[32:])), CRC: binary.LittleEndian.Uint32(answer[36:]), Method: compress.Method(answer[40])}
	m.sha, m.scan = [32]byte(answer), int(binary.LittleEndian.Uint32(answer[41:]))
	return true
}

// measured is how many bytes tell of a piece: its digest, what it travels as, the
// pages of a heavy scan.
const measured = 32 + 4 + 4 + 1 + 4

// Assist is the task of a session of Justificatifs.
func Assist([]byte) share.Task {
	return func(out, part []byte) ([]byte, bool) {
		n, k := binary.Uvarint(part)
		if k <= 0 || n > uint64(len(part)-k) {
			return out, false
		}
		p, content := string(part[k:k+int(n)]), part[k+int(n):]
		m := new(mesure)
		if err := m.read(bytes.NewReader(content), func(int) {}); err != nil || m.size.Raw == 0 {
			return out, false
		}
		found, err := pdfx.Examine(context.Background(), p, pdfx.Bytes(content), m.size.Raw)
		if err != nil || len(found.Anomalies) > 0 {
			return out, false
		}
		m.keep(found)
		out = append(out, m.sha[:]...)
		out = binary.LittleEndian.AppendUint32(out, uint32(m.size.Size))
		out = binary.LittleEndian.AppendUint32(out, m.size.CRC)
		out = append(out, byte(m.size.Method))
		return binary.LittleEndian.AppendUint32(out, uint32(m.scan)), true
	}
}
