package journal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"paye/vault/internal/names"
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
	HeaderSize    = 1 + 1 + 8 + 8 + 16 + 32 + 32 + 32
	SlotHead      = 1 + 4 + 32
	maxSlots      = 16
	maxRecord     = 4 << 20
)

// SlotKind says what a slot holds.
type SlotKind uint8

const (
	SlotCorps      SlotKind = iota + 1 // the body of the event, sealed
	SlotCleSujet                       // the key of the subject's bodies, sealed under the catalogue key
	SlotAgent                          // document key for the agent, HPKE
	SlotDouble                         // document key for the employer's double, under the envelope
	SlotSecours                        // document key for the recovery key, under the envelope
	SlotPublique                       // public key of an agent
	SlotPrivee                         // private key of an agent, HPKE to the master key
	SlotEnvDouble                      // key of an envelope, HPKE to the employer
	SlotEnvSecours                     // key of an envelope, HPKE to the recovery key
	SlotLieu                           // where the blob is, in the words of its store
)

func (k SlotKind) String() string {
	names := [...]string{SlotCorps: "corps", SlotCleSujet: "cle du sujet", SlotAgent: "cle agent", SlotDouble: "cle double",
		SlotSecours: "cle secours", SlotPublique: "cle publique", SlotPrivee: "cle privee", SlotEnvDouble: "enveloppe double", SlotEnvSecours: "enveloppe secours", SlotLieu: "lieu"}
	if int(k) < len(names) && names[k] != "" {
		return names[k]
	}
	return fmt.Sprintf("slot(%d)", uint8(k))
}

// Header is the leaf. Blob is the name of the blob of a deposit, the SHA-256
// of the descriptor for the creation, else zero.
type Header struct {
	Genre      Genre
	Temps      int64 // milliseconds since 1970, never less than the record before
	Index      int64
	Sujet      names.ID
	Blob       names.BlobName
	Engagement [32]byte // HMAC-SHA256(salt, body)
	Slots      [32]byte // SHA-256 over type, length and hash of each slot
}

// Append writes the 130 bytes of a header.
func (h *Header) Append(b []byte) []byte {
	b = append(b, recordVersion, byte(h.Genre))
	b = binary.BigEndian.AppendUint64(b, uint64(h.Temps))
	b = binary.BigEndian.AppendUint64(b, uint64(h.Index))
	b = append(b, h.Sujet[:]...)
	b = append(b, h.Blob[:]...)
	b = append(b, h.Engagement[:]...)
	return append(b, h.Slots[:]...)
}

// Leaf is the hash of the leaf (RFC 6962, 2.1).
func (h *Header) Leaf() tlog.Hash { return tlog.RecordHash(h.Append(nil)) }

// ParseHeader reads what Append wrote.
func ParseHeader(b []byte) (h Header, err error) {
	if len(b) < HeaderSize {
		return h, fmt.Errorf("record header of %d bytes, want %d", len(b), HeaderSize)
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

// Slot is a part of a record that may be erased.
type Slot struct {
	Kind SlotKind
	hash [32]byte
	Data []byte
}

// State compares the bytes of a slot with the hash they were written with.
func (s *Slot) State() slotState {
	if sha256.Sum256(s.Data) == s.hash {
		return slotIntact
	}
	for _, c := range s.Data {
		if c != 0 {
			return SlotDamaged
		}
	}
	return SlotErased
}

type slotState uint8

const (
	slotIntact slotState = iota
	SlotErased
	SlotDamaged
)

// Record is an event as the journal has it.
type Record struct {
	Header
	Parts []Slot
}

// Add puts a slot; the header covers it from seal on.
func (r *Record) Add(kind SlotKind, data []byte) {
	r.Parts = append(r.Parts, Slot{kind, sha256.Sum256(data), data})
}

// Part returns a slot, nil when the record has none of the kind.
func (r *Record) Part(kind SlotKind) *Slot {
	for i := range r.Parts {
		if r.Parts[i].Kind == kind {
			return &r.Parts[i]
		}
	}
	return nil
}

// Intact returns the bytes of a slot, nil when it is absent, erased or damaged.
func (r *Record) Intact(kind SlotKind) []byte {
	if s := r.Part(kind); s != nil && s.State() == slotIntact {
		return s.Data
	}
	return nil
}

// SlotsHash is what a header says of the slots.
func SlotsHash(slots []Slot) (sum [32]byte) {
	h := sha256.New()
	var head [5]byte
	for i := range slots {
		head[0] = byte(slots[i].Kind)
		binary.BigEndian.PutUint32(head[1:], uint32(len(slots[i].Data)))
		h.Write(head[:])
		h.Write(slots[i].hash[:])
	}
	h.Sum(sum[:0])
	return sum
}

// Engagement binds a leaf to a body without showing it.
func Engagement(salt, body []byte) (sum [32]byte) {
	m := hmac.New(sha256.New, salt)
	m.Write(body)
	m.Sum(sum[:0])
	return sum
}

// encode appends the record as it is on disk, after its 4 bytes of length.
func (r *Record) encode(b []byte) []byte {
	start := len(b)
	b = append(b, 0, 0, 0, 0)
	b = r.Header.Append(b)
	b = append(b, byte(len(r.Parts)))
	for i := range r.Parts {
		s := &r.Parts[i]
		b = append(b, byte(s.Kind))
		b = binary.BigEndian.AppendUint32(b, uint32(len(s.Data)))
		b = append(b, s.hash[:]...)
		b = append(b, s.Data...)
	}
	binary.BigEndian.PutUint32(b[start:], uint32(len(b)-start-4))
	return b
}

// SlotOffset is where the bytes of a slot start, from the start of the record
// with its length; -1 when the record has no such slot.
func (r *Record) SlotOffset(kind SlotKind) int64 {
	off := int64(4 + HeaderSize + 1)
	for i := range r.Parts {
		off += SlotHead
		if r.Parts[i].Kind == kind {
			return off
		}
		off += int64(len(r.Parts[i].Data))
	}
	return -1
}

// decodeRecord reads one record with its length from the start of b and says
// how many bytes it took. Slots alias b. The header may be false and slots
// damaged: that is for the caller to see.
func decodeRecord(b []byte) (*Record, int, error) {
	if len(b) < 4 {
		return nil, 0, fmt.Errorf("record cut in its length")
	}
	n := int(binary.BigEndian.Uint32(b))
	if n > maxRecord || n < HeaderSize+1 {
		return nil, 0, fmt.Errorf("record of %d bytes", n)
	}
	if len(b)-4 < n {
		return nil, 0, fmt.Errorf("record of %d bytes cut after %d", n, len(b)-4)
	}
	body := b[4 : 4+n]
	h, err := ParseHeader(body)
	if err != nil {
		return nil, 0, err
	}
	r := &Record{Header: h}
	count := int(body[HeaderSize])
	if count > maxSlots {
		return nil, 0, fmt.Errorf("record with %d slots", count)
	}
	rest := body[HeaderSize+1:]
	r.Parts = make([]Slot, 0, count)
	for range count {
		if len(rest) < SlotHead {
			return nil, 0, fmt.Errorf("slot cut in its head")
		}
		size := int(binary.BigEndian.Uint32(rest[1:]))
		if size > len(rest)-SlotHead {
			return nil, 0, fmt.Errorf("slot of %d bytes in %d", size, len(rest)-SlotHead)
		}
		s := Slot{Kind: SlotKind(rest[0]), Data: rest[SlotHead : SlotHead+size : SlotHead+size]}
		copy(s.hash[:], rest[5:])
		r.Parts = append(r.Parts, s)
		rest = rest[SlotHead+size:]
	}
	if len(rest) != 0 {
		return nil, 0, fmt.Errorf("record followed by %d bytes that are no slot", len(rest))
	}
	return r, 4 + n, nil
}

// Clone copies the slots out of the buffer they alias.
func (r *Record) Clone() *Record {
	c := &Record{Header: r.Header, Parts: make([]Slot, len(r.Parts))}
	for i, s := range r.Parts {
		c.Parts[i] = Slot{s.Kind, s.hash, bytes.Clone(s.Data)}
	}
	return c
}
