package build

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"

	"paye/compress"
	"paye/internal/anomalie"
	"paye/internal/progress"
	"paye/internal/share"
	"paye/internal/share/sharetest"
	"paye/splitter"
	"paye/synth"
)

// TestAnotherInstanceChangesNoByte: the volumes are the same whoever measured the
// pieces and compressed the journal, and so is what is said, also where there is
// something to say of a piece, or where one cannot be sent.
func TestAnotherInstanceChangesNoByte(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 60, Pieces: 12, Journal: true})
	pieces, err := filepath.Glob(filepath.Join(dir, "justificatifs", "*.pdf"))
	if err != nil || len(pieces) < 3 {
		t.Fatal(err, pieces)
	}
	sound, err := os.ReadFile(pieces[1])
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what    string
		content []byte
		built   bool
		told    bool
	}{
		{"sound", sound, true, false},
		{"to be repaired", bytes.Replace(sound, []byte("startxref"), []byte("startxxxx"), 1), true, true},
		{"no PDF", []byte("\x89PNG\r\n\x1a\n"), false, true},
		{"empty", nil, false, true},
	} {
		if err := os.WriteFile(pieces[1], c.content, 0o600); err != nil {
			t.Fatal(err)
		}
		peer := sharetest.Inside(share.Kinds{Justificatifs: Assist, compress.Blocks: compress.Assist, Volumes: AssistVolume})
		made := func(ctx context.Context, format string) (map[string]string, []string) {
			var said []string
			dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 700_000)
			dem.PJ, dem.Format, dem.Workers = filepath.Join(dir, "justificatifs"), format, 1
			dem.Anomalie = func(a *anomalie.Anomalie) { said = append(said, a.Error()) }
			if _, _, err := build(ctx, dem); err != nil {
				said = append(said, err.Error())
			}
			return files(t, dem.Sortie), said
		}
		for _, format := range []string{FormatZip, FormatPES} {
			want, wantSaid := made(context.Background(), format)
			got, said := made(share.With(context.Background(), peer), format)
			if !maps.Equal(got, want) || (len(want) > 0) != c.built {
				t.Errorf("%s, %s: files %s, want %s", c.what, format, names(got), names(want))
			}
			if !slices.Equal(said, wantSaid) || format == FormatZip && (len(said) > 0) != c.told {
				t.Errorf("%s, %s: %q, want %q", c.what, format, said, wantSaid)
			}
		}
		if c.built && peer.Done() < 5 {
			t.Errorf("%s: the other instance did %d parts", c.what, peer.Done())
		}
	}
}

// TestAVolumeIsReadBackElsewhereAsHere: one that is right is right there, and one
// with a byte changed, cut off or added is wrong there too.
func TestAVolumeIsReadBackElsewhereAsHere(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 60, Pieces: 12, Journal: true})
	r := rand.New(rand.NewPCG(8, 1))
	for _, format := range []string{FormatZip, FormatXHL, FormatPES} {
		dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 900_000)
		dem.PJ, dem.Format = filepath.Join(dir, "justificatifs"), format
		d, err := Prepare(context.Background(), dem.Request, dem.Watch)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if _, err := d.Manifeste(); err != nil {
			t.Fatal(err)
		}
		v := d.Plan.Volumes[0]
		var file bytes.Buffer
		if err := d.Format.Write(context.Background(), v, &file); err != nil {
			t.Fatal(err)
		}
		ctx := share.With(context.Background(), sharetest.Inside(share.Kinds{Volumes: AssistVolume}))
		fresh := func() *reread {
			r := &reread{format: format, packaging: dem.Packaging, volume: v, bound: bound(v), ctx: ctx, wanted: make(map[string]compress.Piece)}
			for _, p := range v.Pieces {
				r.wanted[r.key(p.IdUnique, p.NomPJ)] = p.Piece
			}
			return r
		}
		if !fresh().elsewhere(bytes.NewReader(file.Bytes()), func() {}) {
			t.Errorf("%s: a volume that is right is not elsewhere", format)
		}
		if common := fresh().common(); rereadOf(common[:len(common)-1]) != nil {
			t.Errorf("%s: what is cut short is taken for all", format)
		}
		for i := range 60 {
			spoilt := bytes.Clone(file.Bytes())
			switch at := r.IntN(len(spoilt)); i % 6 {
			case 0:
				spoilt = spoilt[:at]
			case 1:
				spoilt = append(spoilt, 0)
			default:
				spoilt[at] ^= 1 << r.IntN(8)
			}
			in := &plainCount{r: bytes.NewReader(spoilt)}
			here := fresh().read(in, func() int64 { return in.n }) == nil && len(spoilt) == file.Len()
			if there := fresh().elsewhere(bytes.NewReader(spoilt), func() {}); there != here {
				t.Errorf("%s, change %d: right %v here, %v elsewhere", format, i, here, there)
			}
		}
	}
}

// TestAVolumeIsGivenBeforeTheNextIsWritten: what another instance reads back it has
// as early as can be.
func TestAVolumeIsGivenBeforeTheNextIsWritten(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 60, Pieces: 12, Journal: true})
	dem := demande(filepath.Join(dir, "journal.xhl"), filepath.Join(t.TempDir(), "out"), 400_000)
	dem.PJ, dem.Format, dem.Workers, dem.Progress = filepath.Join(dir, "justificatifs"), FormatZip, 1, new(progress.Progress)
	type moment struct {
		volume int
		done   int64 // bytes that were written or read back, of all volumes
	}
	var seen []moment
	volumes := 0
	watched := func(common []byte) share.Task {
		volumes++
		task := AssistVolume(common)
		return func(out, part []byte) ([]byte, bool) {
			for range 1000 { // who does not wait goes on
				runtime.Gosched()
			}
			if _, done, _ := dem.Progress.Status(); len(part) > 0 {
				seen = append(seen, moment{volumes, done})
			}
			return task(out, part)
		}
	}
	peer := sharetest.Inside(share.Kinds{Justificatifs: Assist, compress.Blocks: compress.Assist, Volumes: watched})
	_, m, err := build(share.With(context.Background(), peer), dem)
	if err != nil || len(m.Volumes) < 3 || volumes != len(m.Volumes)-1 {
		t.Fatalf("%d of the volumes %v were read back elsewhere: %v", volumes, m, err)
	}
	for _, s := range seen {
		most := int64(0)
		for _, v := range m.Volumes[:s.volume] {
			most += 2 * v.Octets
		}
		if s.done > most {
			t.Errorf("volume %d comes when %d bytes were written and read, want %d at most", s.volume, s.done, most)
		}
	}
}

// plainCount counts what is read.
type plainCount struct {
	r *bytes.Reader
	n int64
}

func (c *plainCount) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	return n, err
}

// A session that ends before its verdict, or after it, leaves nobody who reads.
func TestAVolumeThatIsGivenUpIsReadNoFurther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		common := (&reread{format: FormatZip, packaging: EnArchive, volume: new(splitter.Volume), ctx: t.Context()}).common()
		for _, parts := range [][][]byte{{nil}, {[]byte("PK"), nil}, {[]byte("PK"), {}, nil}} {
			task := AssistVolume(common)
			if task == nil {
				t.Fatal("there is no task")
			}
			for _, part := range parts {
				task(nil, part)
			}
			synctest.Wait()
		}
	})
}
