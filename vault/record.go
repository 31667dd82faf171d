package vault

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// A record of the journal is a fixed header, which is the leaf of the Merkle
// tree, and slots, which hold what is encrypted and may be erased.
//
//	header  130 bytes, hashed into the leaf, never changed
//	slots   type, length, SHA-256 of the bytes as first written, bytes
//
// An erased slot is all zeros; its hash stays, so the header that covers the
// hashes stays true and the tree says nothing of what was erased.

const (
	recordVersion = 1
	headerSize    = 1 + 1 + 8 + 8 + 16 + 32 + 32 + 32
	slotHead      = 1 + 4 + 32
	maxSlots      = 16
	maxRecord     = 4 << 20
)

// slotKind says what a slot holds.
type slotKind uint8

const (
	slotCorps      slotKind = iota + 1 // the body of the event, sealed
	slotCleSujet                       // the key of the subject's bodies, sealed under the catalogue key
	slotAgent                          // document key for the agent, HPKE
	slotDouble                         // document key for the employer's double, under the envelope
	slotSecours                        // document key for the recovery key, under the envelope
	slotPublique                       // public key of an agent
	slotPrivee                         // private key of an agent, HPKE to the master key
	slotEnvDouble                      // key of an envelope, HPKE to the employer
	slotEnvSecours                     // key of an envelope, HPKE to the recovery key
	slotLieu                           // where the blob is, in the words of its store
)

func (k slotKind) String() string {
	names := [...]string{slotCorps: "corps", slotCleSujet: "cle du sujet", slotAgent: "cle agent", slotDouble: "cle double",
		slotSecours: "cle secours", slotPublique: "cle publique", slotPrivee: "cle privee", slotEnvDouble: "enveloppe double", slotEnvSecours: "enveloppe secours", slotLieu: "lieu"}
	if int(k) < len(names) && names[k] != "" {
		return names[k]
	}
	return fmt.Sprintf("slot(%d)", uint8(k))
}

// header is the leaf. Blob is the name of the blob of a deposit, the SHA-256
// of the descriptor for the creation, else zero.
type header struct {
	Genre      Genre
	Temps      int64 // milliseconds since 1970, never less than the record before
	Index      int64
	Sujet      ID
	Blob       BlobName
	Engagement [32]byte // HMAC-SHA256(salt, body)
	Slots      [32]byte // SHA-256 over type, length and hash of each slot
}

func (h *header) append(b []byte) []byte {
	b = append(b, recordVersion, byte(h.Genre))
	b = binary.BigEndian.AppendUint64(b, uint64(h.Temps))
	b = binary.BigEndian.AppendUint64(b, uint64(h.Index))
	b = append(b, h.Sujet[:]...)
	b = append(b, h.Blob[:]...)
	b = append(b, h.Engagement[:]...)
	return append(b, h.Slots[:]...)
}

func (h *header) leaf() tlog.Hash { return tlog.RecordHash(h.append(nil)) }

func parseHeader(b []byte) (h header, err error) {
	if len(b) < headerSize {
		return h, fmt.Errorf("record header of %d bytes, want %d", len(b), headerSize)
	}
	if b[0] != recordVersion {
		return h, fmt.Errorf("record of version %d, want %d", b[0], recordVersion)
	}
	h.Genre = Genre(b[1])
	h.Temps = int64(binary.BigEndian.Uint64(b[2:]))
	h.Index = int64(binary.BigEndian.Uint64(b[10:]))
	copy(h.Sujet[:], b[18:])
	copy(h.Blob[:], b[34:])
	copy(h.Engagement[:], b[66:])
	copy(h.Slots[:], b[98:])
	return h, nil
}

type slot struct {
	kind slotKind
	hash [32]byte
	data []byte
}

// state compares the bytes of a slot with the hash they were written with.
func (s *slot) state() slotState {
	if sha256.Sum256(s.data) == s.hash {
		return slotIntact
	}
	for _, c := range s.data {
		if c != 0 {
			return slotDamaged
		}
	}
	return slotErased
}

type slotState uint8

const (
	slotIntact slotState = iota
	slotErased
	slotDamaged
)

type record struct {
	header
	slots []slot
}

// add puts a slot; the header covers it from seal on.
func (r *record) add(kind slotKind, data []byte) {
	r.slots = append(r.slots, slot{kind, sha256.Sum256(data), data})
}

func (r *record) slot(kind slotKind) *slot {
	for i := range r.slots {
		if r.slots[i].kind == kind {
			return &r.slots[i]
		}
	}
	return nil
}

// intact returns the bytes of a slot, nil when it is absent, erased or damaged.
func (r *record) intact(kind slotKind) []byte {
	if s := r.slot(kind); s != nil && s.state() == slotIntact {
		return s.data
	}
	return nil
}

func slotsHash(slots []slot) (sum [32]byte) {
	h := sha256.New()
	var head [5]byte
	for i := range slots {
		head[0] = byte(slots[i].kind)
		binary.BigEndian.PutUint32(head[1:], uint32(len(slots[i].data)))
		h.Write(head[:])
		h.Write(slots[i].hash[:])
	}
	h.Sum(sum[:0])
	return sum
}

// engagement binds a leaf to a body without showing it.
func engagement(salt, body []byte) (sum [32]byte) {
	m := hmac.New(sha256.New, salt)
	m.Write(body)
	m.Sum(sum[:0])
	return sum
}

// encode appends the record as it is on disk, after its 4 bytes of length.
func (r *record) encode(b []byte) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = r.header.append(b)
	b = append(b, byte(len(r.slots)))
	for i := range r.slots {
		s := &r.slots[i]
		b = append(b, byte(s.kind))
		b = binary.BigEndian.AppendUint32(b, uint32(len(s.data)))
		b = append(b, s.hash[:]...)
		b = append(b, s.data...)
	}
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

// slotOffset is where the bytes of a slot start, from the start of the record
// with its length; -1 when the record has no such slot.
func (r *record) slotOffset(kind slotKind) int64 {
	off := int64(4 + headerSize + 1)
	for i := range r.slots {
		off += slotHead
		if r.slots[i].kind == kind {
			return off
		}
		off += int64(len(r.slots[i].data))
	}
	return -1
}

// decodeRecord reads one record with its length from the start of b and says
// how many bytes it took. Slots alias b. The header may be false and slots
// damaged: that is for the caller to see.
func decodeRecord(b []byte) (*record, int, error) {
	if len(b) < 4 {
		return nil, 0, fmt.Errorf("record cut in its length")
	}
	n := int(binary.BigEndian.Uint32(b))
	if n > maxRecord || n < headerSize+1 {
		return nil, 0, fmt.Errorf("record of %d bytes", n)
	}
	if len(b)-4 < n {
		return nil, 0, fmt.Errorf("record of %d bytes cut after %d", n, len(b)-4)
	}
	body := b[4 : 4+n]
	h, err := parseHeader(body)
	if err != nil {
		return nil, 0, err
	}
	r := &record{header: h}
	count := int(body[headerSize])
	if count > maxSlots {
		return nil, 0, fmt.Errorf("record with %d slots", count)
	}
	rest := body[headerSize+1:]
	r.slots = make([]slot, 0, count)
	for range count {
		if len(rest) < slotHead {
			return nil, 0, fmt.Errorf("slot cut in its head")
		}
		size := int(binary.BigEndian.Uint32(rest[1:]))
		if size > len(rest)-slotHead {
			return nil, 0, fmt.Errorf("slot of %d bytes in %d", size, len(rest)-slotHead)
		}
		s := slot{kind: slotKind(rest[0]), data: rest[slotHead : slotHead+size : slotHead+size]}
		copy(s.hash[:], rest[5:])
		r.slots = append(r.slots, s)
		rest = rest[slotHead+size:]
	}
	if len(rest) != 0 {
		return nil, 0, fmt.Errorf("record followed by %d bytes that are no slot", len(rest))
	}
	return r, 4 + n, nil
}

// clone copies the slots out of the buffer they alias.
func (r *record) clone() *record {
	c := &record{header: r.header, slots: make([]slot, len(r.slots))}
	for i, s := range r.slots {
		c.slots[i] = slot{s.kind, s.hash, bytes.Clone(s.data)}
	}
	return c
}
