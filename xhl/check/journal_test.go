package check

import (
	"bufio"
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/refdata"
	"paye/xhl"
)

// judged is Check over bytes, with its anomalies.
func judged(t testing.TB, src []byte, o Options) (*Bilan, []*xhl.Anomalie) {
	t.Helper()
	var list []*xhl.Anomalie
	o.Anomalie = func(a *xhl.Anomalie) { list = append(list, a) }
	b, err := Journal(context.Background(), bytes.NewReader(src), o)
	if err != nil {
		t.Fatalf("check: %v", err)
	}
	return b, list
}

func TestVectorsHaveTheVerdictOfTheOracle(t *testing.T) {
	dir := refdata.Path(t, "vectors", "xhl")
	oracle, err := os.ReadFile(filepath.Join(dir, "ORACLE.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(bytes.NewReader(oracle))
	lines.Scan()
	n := 0
	for lines.Scan() {
		name, rest, _ := strings.Cut(lines.Text(), "\t")
		verdict, message, _ := strings.Cut(rest, "\t")
		src, err := os.ReadFile(filepath.Join(dir, name+".xhl"))
		if err != nil {
			t.Fatal(err)
		}
		b, list := judged(t, src, Options{Schema: Schema14})
		if got, want := b.SchemaValide, verdict == "VALID"; got != want {
			t.Errorf("%s: valid %v, want %v (%s)\n%v", name, got, want, message, list)
		}
		if !b.SchemaValide {
			for _, a := range list {
				if a.Code < "XHL-200" {
					t.Logf("%s: %s trouvé %q attendu %q", name, a.Error(), a.Trouve, a.Attendu)
				}
			}
		}
		n++
	}
	if n < 30 {
		t.Errorf("only %d vectors", n)
	}
}
