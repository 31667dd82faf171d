package page

// The program stands in the page as text: thirteen bits in two characters, which
// is 8 % less than base64, of characters that no charset of the web changes
// and that end no element.

// textBase is how many characters there are: 91 × 91 is just above 1 << 13.
const textBase = 91

// textSigns are the printable characters of ASCII but for space and those of
// markup.
var textSigns = func() (signs []byte) {
	for c := byte('!'); c <= '~'; c++ {
		if c != '<' && c != '&' && c != '-' {
			signs = append(signs, c)
		}
	}
	return signs
}()

// textOf writes bytes as text. The reader knows how many there are.
func textOf(b []byte) []byte {
	out := make([]byte, 0, len(b)*16/13+2)
	held, n := 0, 0
	for _, c := range b {
		held |= int(c) << n
		if n += 8; n >= 13 {
			v := held & (1<<13 - 1)
			out = append(out, textSigns[v%textBase], textSigns[v/textBase])
			held, n = held>>13, n-13
		}
	}
	if n > 0 {
		out = append(out, textSigns[held%textBase], textSigns[held/textBase])
	}
	return out
}
