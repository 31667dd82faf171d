package compress

import (
	stdzip "archive/zip"
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// withEnd64 gives an archive the zip64 records at its end that only a large
// one needs, and makes the short record refer to them.
func withEnd64(data []byte) (out []byte, end64 int) {
	le := binary.LittleEndian
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	short := bytes.Clone(data[end:])
	out = append(out, data[:end]...)
	out = le.AppendUint32(out, sigEnd64)
	out = le.AppendUint64(out, lenEnd64-12)
	out = append(out, 45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	for range 2 {
		out = le.AppendUint64(out, uint64(le.Uint16(short[10:])))
	}
	out = le.AppendUint64(out, uint64(le.Uint32(short[12:])))
	out = le.AppendUint64(out, uint64(le.Uint32(short[16:])))
	out = le.AppendUint32(out, sigEnd64Locator)
	out = le.AppendUint32(out, 0)
	out = le.AppendUint64(out, uint64(end))
	out = le.AppendUint32(out, 1)
	for i := 4; i < 20; i++ {
		short[i] = 0xff
	}
	return append(out, short...), end
}

func TestZip64EndIsReadAndMustAgree(t *testing.T) {
	plain, _, _, _ := twoEntries(t)
	good, end64 := withEnd64(plain)
	if _, err := stdzip.NewReader(bytes.NewReader(good), int64(len(good))); err != nil {
		t.Fatalf("the archive of the test: %v", err)
	}
	for _, c := range []struct {
		name   string
		change func([]byte)
		code   string
	}{
		{"as it is", func([]byte) {}, ""},
		{"record too short", func(d []byte) { d[end64+4] = 43 }, ZipRepertoire},
		{"record too long", func(d []byte) { d[end64+8] = 1 }, ZipRepertoire},
		{"disk", func(d []byte) { d[end64+16] = 1 }, ZipDisques},
		{"disk of the directory", func(d []byte) { d[end64+20] = 1 }, ZipDisques},
		{"count here", func(d []byte) { d[end64+24]++ }, ZipRepertoire},
		{"count", func(d []byte) { d[end64+32]++ }, ZipRepertoire},
		{"size", func(d []byte) { d[end64+40]++ }, ZipRepertoire},
		{"start", func(d []byte) { d[end64+48]++ }, ZipRepertoire},
		{"negative start", func(d []byte) { d[end64+55] = 0x80 }, ZipRepertoire},
		{"locator elsewhere", func(d []byte) { d[end64+lenEnd64+8]++ }, ZipRepertoire},
		{"locator beyond the end", func(d []byte) { d[end64+lenEnd64+15] = 0x7f }, ZipRepertoire},
		{"no short record", func(d []byte) { d[end64+lenEnd64+lenEnd64Locator] = 'p' }, ZipInconnu},
		{"short record that says otherwise", func(d []byte) { d[len(d)-10], d[len(d)-9], d[len(d)-8], d[len(d)-7] = 1, 0, 0, 0 }, ZipRepertoire},
	} {
		data := bytes.Clone(good)
		c.change(data)
		_, err := streamed(bytes.NewReader(data), Limits{})
		if codeOf(err) != c.code {
			t.Errorf("%s, stream: %v, want %q", c.name, err, c.code)
		}
		// Going from the end, a fault may show as another one, but shows.
		_, err = readDirectory(bytes.NewReader(data), int64(len(data)), Limits{}.withDefaults())
		if (codeOf(err) == "") != (c.code == "") {
			t.Errorf("%s, directory: %v, want %q", c.name, err, c.code)
		}
	}
	for n := end64; n < len(good); n++ {
		if _, err := streamed(bytes.NewReader(good[:n]), Limits{}); codeOf(err) != ZipTronque {
			t.Errorf("cut at %d of %d: %v, want %s", n, len(good), err, ZipTronque)
		}
	}
}

// withExtra is an archive of one stored entry whose local header has the extra
// field given and says that both sizes are in it.
func withExtra(extra []byte) []byte {
	le := binary.LittleEndian
	content := []byte("content")
	out := le.AppendUint32(nil, sigLocal)
	out = append(out, 45, 0, 0, 0, 0, 0, 0, 0, 0x21, 0)
	out = le.AppendUint32(out, crc32.ChecksumIEEE(content))
	out = append(out, "\xff\xff\xff\xff\xff\xff\xff\xff"...)
	out = le.AppendUint16(out, 1)
	out = le.AppendUint16(out, uint16(len(extra)))
	out = append(append(append(out, 'a'), extra...), content...)
	start := len(out)
	entry := stored("a", content)
	z := ZipWriter{offset: int64(start)}
	out = z.appendCentral(out, placed{entry.ZipEntry, 0})
	z.entries, z.offset = []placed{{entry.ZipEntry, 0}}, int64(len(out))
	return z.appendEnd(out, int64(start))
}

func TestZip64FieldOfAnEntryIsReadAndMustBeWhole(t *testing.T) {
	const seven = "\x07\x00\x00\x00\x00\x00\x00\x00"
	for _, c := range []struct{ name, extra, code string }{
		{"both lengths", "\x01\x00\x10\x00" + seven + seven, ""},
		{"after another field", "\x99\x99\x02\x00xx\x01\x00\x10\x00" + seven + seven, ""},
		{"before odd bytes", "\x01\x00\x10\x00" + seven + seven + "xxx", ""},
		{"none: four gigabytes announced", "", ZipTronque},
		{"one length", "\x01\x00\x08\x00" + seven, ZipInconnu},
		{"cut", "\x01\x00\x10\x00" + seven, ZipInconnu},
		{"twice", strings.Repeat("\x01\x00\x10\x00"+seven+seven, 2), ZipInconnu},
		{"negative", "\x01\x00\x10\x00" + strings.Repeat("\xff", 16), ZipInconnu},
	} {
		if _, err := streamed(bytes.NewReader(withExtra([]byte(c.extra))), Limits{}); codeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
	}
}
