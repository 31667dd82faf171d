package packs

import (
	"encoding/binary"

	"paye/vault/internal/names"
)

// Lieu is where a blob is: pack, offset of its entry, length of the blob.
type Lieu struct {
	Pack, Offset, size int64
}

func (l Lieu) encode() []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, lieuSize), uint32(l.Pack))
	b = binary.BigEndian.AppendUint64(b, uint64(l.Offset))
	return binary.BigEndian.AppendUint32(b, uint32(l.size))
}

// ParseLieu reads what Encode wrote.
func ParseLieu(b []byte) (l Lieu, ok bool) {
	if len(b) != lieuSize {
		return l, false
	}
	l = Lieu{int64(binary.BigEndian.Uint32(b)), int64(binary.BigEndian.Uint64(b[4:])), int64(binary.BigEndian.Uint32(b[12:]))}
	return l, l.Pack > 0 && l.Offset >= int64(packHead) && l.size < maxBlob
}

// isOf reports whether a head is the one of a blob, or what is left of it when
// its deletion was cut.
func isOf(head []byte, name names.BlobName, size int64) bool {
	switch {
	case int64(binary.BigEndian.Uint32(head[4:])) != size:
		return false
	case string(head[:4]) != blobMark:
		return isVoid(head)
	}
	for i, c := range head[8:EntryHead] {
		if c != name[i] && c != 0 {
			return false
		}
	}
	return true
}

// isVoid reports whether the mark of a head is the one of a deleted blob, or
// half of it. The length is the same before and after.
func isVoid(head []byte) bool {
	void := false
	for i, c := range head[:4] {
		if c != voidMark[i] && c != blobMark[i] {
			return false
		}
		void = void || c != blobMark[i]
	}
	return void
}
