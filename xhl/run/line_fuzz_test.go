package run

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"paye/xhl"
)

// FuzzRunLine decodes any line of a run: what is accepted is JSON for others
// too, and a bulletin written again is the same bulletin.
func FuzzRunLine(f *testing.F) {
	for line := range strings.Lines(minimalRun()) {
		f.Add([]byte(line))
	}
	f.Add([]byte(`{"bulletin":{"Agent":{"Nom":"\ud834\udd1e\n"},"PJRef":[{"Support":"01","IdUnique":"A1"}]}}`))
	f.Add([]byte(`{"repartition":[{"Code":"6411","Mt":"-1.00"}]}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d := NewLineDecoder(xhl.Options{})
		var line RunLine
		var b xhl.Bulletin
		raw := RawLine{Bytes: src, Ligne: 1}
		if err := d.Decode(raw, &line, &b); err != nil {
			return
		}
		if !json.Valid(src) {
			t.Fatalf("accepted, and encoding/json refuses it: %q", src)
		}
		if line.Bulletin == nil {
			return
		}
		once := AppendBulletinJSON(nil, line.Bulletin)
		var again RunLine
		var c xhl.Bulletin
		if err := d.Decode(RawLine{Bytes: once, Ligne: 1}, &again, &c); err != nil {
			t.Fatalf("written again, refused: %v\n%q\n%q", err, src, once)
		}
		if twice := AppendBulletinJSON(nil, again.Bulletin); !bytes.Equal(once, twice) {
			t.Fatalf("got  %q\nwant %q", twice, once)
		}
	})
}
