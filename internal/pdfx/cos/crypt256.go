package cos

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"crypto/sha512"
)

// key256 is algorithm 2.A of ISO 32000-2 for the empty password: revision 6,
// and revision 5 that came before the standard.
func (h *handler) key256() []byte {
	if h.revision > 6 || len(h.u) < 48 || len(h.ue) < 32 {
		return nil
	}
	u := h.u[:48]
	if bytes.Equal(h.hash(u[32:40], nil), u[:32]) {
		return unwrapped(h.hash(u[40:48], nil), h.ue[:32])
	}
	if len(h.o) < 48 || len(h.oe) < 32 {
		return nil
	}
	o := h.o[:48]
	if bytes.Equal(h.hash(o[32:40], u), o[:32]) {
		return unwrapped(h.hash(o[40:48], u), h.oe[:32])
	}
	return nil
}

// unwrapped decrypts the key of the file.
func unwrapped(key, data []byte) []byte {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, make([]byte, aes.BlockSize)).CryptBlocks(out, data)
	return out
}

// hash is algorithm 2.B for the empty password.
func (h *handler) hash(salt, user []byte) []byte {
	first := sha256.Sum256(append(append([]byte(nil), salt...), user...))
	k := first[:]
	if h.revision < 6 {
		return k
	}
	for i := 0; ; i++ {
		k1 := bytes.Repeat(append(append([]byte(nil), k...), user...), 64)
		block, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(block, k[16:32]).CryptBlocks(k1, k1)
		sum := 0
		for _, b := range k1[:16] {
			sum += int(b)
		}
		switch sum % 3 {
		case 0:
			s := sha256.Sum256(k1)
			k = s[:]
		case 1:
			s := sha512.Sum384(k1)
			k = s[:]
		default:
			s := sha512.Sum512(k1)
			k = s[:]
		}
		if i >= 63 && int(k1[len(k1)-1]) <= i-32 {
			return k[:32]
		}
	}
}
