package cos

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"slices"
)

// security is the standard security handler (7.6) of a document that opens
// without a password.
type security struct {
	key      []byte
	method   string // of streams: V2, AESV2, AESV3, None
	metadata bool   // metadata are encrypted as well
}

// handler is the encryption dictionary.
type handler struct {
	version, revision int
	permissions       uint32
	metadata          bool
	id                []byte
	o, u, oe, ue      []byte
	lengths           []int // of the key, in bytes: the likeliest first
}

// unlock finds the key of a document that opens without a password. False when
// there is none, or when the encryption is of a kind that viewers do not know.
func (d *Document) unlock() bool {
	enc := d.Get(d.Trailer, "Encrypt")
	if !enc.IsDict() || !d.Get(enc, "Filter").IsName("Standard") {
		return false
	}
	h := d.handler(enc)
	method, ok := d.method(enc, h)
	if !ok {
		return false
	}
	key := h.key()
	if key == nil {
		return false
	}
	d.crypt = &security{key: key, method: method, metadata: h.metadata}
	d.Encrypted = true
	d.streams = nil
	return true
}

func (d *Document) handler(enc Object) *handler {
	number := func(key string) int {
		n, _ := d.Get(enc, key).Int()
		return int(n)
	}
	h := &handler{version: number("V"), revision: number("R"), permissions: uint32(number("P")), metadata: true,
		o: d.Get(enc, "O").Bytes(), u: d.Get(enc, "U").Bytes(), oe: d.Get(enc, "OE").Bytes(), ue: d.Get(enc, "UE").Bytes()}
	if m := d.Get(enc, "EncryptMetadata"); m.kind == Bool && !m.Bool() {
		h.metadata = false
	}
	if ids := d.Get(d.Trailer, "ID").Items(); len(ids) > 0 {
		h.id = d.Resolve(ids[0]).Bytes()
	}
	bytesOf := func(n int) int {
		if n >= 40 {
			n /= 8 // some say it in bytes
		}
		return n
	}
	if h.version == 4 {
		h.lengths = append(h.lengths, 16)
	}
	if n := bytesOf(number("Length")); n >= 5 && n <= 16 {
		h.lengths = append(h.lengths, n)
	}
	for _, f := range d.Get(enc, "CF").Entries() {
		if n, ok := d.Get(d.Resolve(f), "Length").Int(); ok && bytesOf(int(n)) >= 5 && bytesOf(int(n)) <= 16 {
			h.lengths = append(h.lengths, bytesOf(int(n)))
		}
	}
	h.lengths = append(h.lengths, 5, 16)
	return h
}

// method returns how streams are encrypted (7.6.5).
func (d *Document) method(enc Object, h *handler) (string, bool) {
	switch h.version {
	case 1, 2, 3:
		return "V2", true
	case 4, 5:
	default:
		return "", false
	}
	name := d.Get(enc, "StmF").Name()
	if name == "" || name == "Identity" {
		return "None", true
	}
	filter := d.Get(d.Get(enc, "CF"), name)
	switch m := d.Get(filter, "CFM").Name(); m {
	case "V2", "AESV2", "AESV3":
		return m, true
	case "", "None":
		return "None", true
	}
	return "", false
}

var padding = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// key returns the key that the empty password gives, as the user's or as the
// owner's; nil when it is not the password.
func (h *handler) key() []byte {
	switch {
	case h.revision >= 5:
		return h.key256()
	case h.revision < 2 || len(h.o) < 32 || len(h.u) < 16:
		return nil
	}
	lengths := h.lengths
	if h.revision == 2 {
		lengths = append([]int{5}, lengths...)
	}
	for _, n := range lengths {
		for _, password := range [...][]byte{padding, h.userPassword(n)} {
			if key := h.fileKey(password, n); h.opens(key) {
				return key
			}
		}
	}
	return nil
}

// fileKey is algorithm 2.
func (h *handler) fileKey(password []byte, n int) []byte {
	sum := md5.New()
	sum.Write(password)
	sum.Write(h.o[:32])
	sum.Write(binary.LittleEndian.AppendUint32(nil, h.permissions))
	sum.Write(h.id)
	if h.revision >= 4 && !h.metadata {
		sum.Write([]byte{0xFF, 0xFF, 0xFF, 0xFF})
	}
	key := sum.Sum(nil)[:n]
	if h.revision >= 3 {
		for range 50 {
			s := md5.Sum(key)
			copy(key, s[:n])
		}
	}
	return key
}

// opens is algorithm 6: whether the key is that of the user's password.
func (h *handler) opens(key []byte) bool {
	if h.revision == 2 {
		return bytes.Equal(crypted(key, padding), h.u[:min(32, len(h.u))])
	}
	sum := md5.Sum(append(slices.Clone(padding), h.id...))
	return bytes.Equal(rounds(key, sum[:], 0, 19), h.u[:16])
}

// userPassword is algorithm 7 for an empty owner's password.
func (h *handler) userPassword(n int) []byte {
	sum := md5.Sum(padding)
	key := sum[:]
	if h.revision == 2 {
		return crypted(key[:n], h.o[:32])
	}
	for range 50 {
		s := md5.Sum(key)
		key = s[:]
	}
	return rounds(key[:n], h.o[:32], 19, 0)
}

// rounds applies RC4 under the key combined with each number from first to
// last.
func rounds(key, data []byte, first, last int) []byte {
	step := 1
	if last < first {
		step = -1
	}
	other := make([]byte, len(key))
	for i := first; ; i += step {
		for k := range key {
			other[k] = key[k] ^ byte(i)
		}
		data = crypted(other, data)
		if i == last {
			return data
		}
	}
}

// crypted applies RC4, which is what the format asks for.
func crypted(key, data []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, data)
	return out
}

// decrypted returns the bytes of a stream, decrypted when the document is
// encrypted and the stream as well.
func (d *Document) decrypted(o Object, filters []Filter) ([]byte, error) {
	c := d.crypt
	if c == nil || c.method == "None" || o.gen == noCrypt || o.Get("Type").IsName("XRef") || o.Get("Type").IsName("Metadata") && !c.metadata {
		return o.raw, nil
	}
	if len(filters) > 0 && filters[0].Name == "Crypt" {
		if name := d.Get(filters[0].Parms, "Name").Name(); name == "" || name == "Identity" {
			return o.raw, nil
		}
	}
	key := c.objectKey(int(o.n), int(o.gen))
	if c.method == "V2" {
		return crypted(key, o.raw), nil
	}
	return unchained(key, o.raw)
}

// noCrypt is the generation of the streams of no object.
const noCrypt = 0xFFFF

// objectKey is algorithm 1.
func (c *security) objectKey(number, gen int) []byte {
	if c.method == "AESV3" {
		return c.key
	}
	b := append(slices.Clone(c.key), byte(number), byte(number>>8), byte(number>>16), byte(gen), byte(gen>>8))
	if c.method == "AESV2" {
		b = append(b, "sAlT"...)
	}
	sum := md5.Sum(b)
	return sum[:min(len(c.key)+5, 16)]
}

// unchained undoes AES in CBC mode, with its first block and its padding; a
// last block that is not whole is left out, as viewers do.
func unchained(key, data []byte) ([]byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, ErrFilter
	}
	const size = aes.BlockSize
	if len(data) < 2*size {
		return nil, nil
	}
	iv, data := data[:size], data[size:len(data)-len(data)%size]
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(out, data)
	if n := int(out[len(out)-1]); n >= 1 && n <= size {
		out = out[:len(out)-n]
	}
	return out, nil
}
