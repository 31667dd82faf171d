package pdfw

import "encoding/binary"

// profile is the ICC profile (ICC.1:2001-04) of the colours: the primaries of
// sRGB, adapted to D50, with a gamma of 2.2 for its curve.
func profile() []byte {
	text := func(s string) []byte { return append([]byte("text\x00\x00\x00\x00"), s+"\x00"...) }
	desc := func(s string) []byte {
		b := []byte("desc\x00\x00\x00\x00")
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)+1))
		b = append(b, s...)
		return append(b, make([]byte, 1+4+4+2+1+67)...) // no Unicode, no Macintosh name
	}
	xyz := func(x, y, z uint32) []byte {
		b := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range []uint32{x, y, z} {
			b = binary.BigEndian.AppendUint32(b, v) // s15Fixed16
		}
		return b
	}
	curve := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33") // u8Fixed8 2.2
	parts := []table{
		{"desc", desc("sRGB primaries, gamma 2.2")}, {"cprt", text("No copyright")}, {"wtpt", xyz(0xF6D6, 0x10000, 0xD32D)},
		{"rXYZ", xyz(0x6FA2, 0x38F5, 0x390)}, {"gXYZ", xyz(0x6299, 0xB785, 0x18DA)}, {"bXYZ", xyz(0x24A0, 0xF84, 0xB6CF)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	header := make([]byte, 128)
	copy(header[8:], "\x02\x10\x00\x00mntrRGB XYZ ")
	copy(header[24:], "\x07\xd0\x00\x01\x00\x01") // 1 January 2000
	copy(header[36:], "acsp")
	copy(header[68:], "\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d") // D50
	out := binary.BigEndian.AppendUint32(header, uint32(len(parts)))
	at := len(out) + 12*len(parts)
	var body []byte
	for _, t := range parts {
		out = append(out, t.tag...)
		out = binary.BigEndian.AppendUint32(out, uint32(at+len(body)))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		body = append(body, t.data...)
		for len(body)%4 != 0 {
			body = append(body, 0)
		}
	}
	out = append(out, body...)
	binary.BigEndian.PutUint32(out, uint32(len(out)))
	return out
}
