package durable

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// deliver puts files into dir, the manifest that names them last, in place of
// those of the former manifest.
func deliver(dir string, files map[string]string, o DeliveryOptions) error {
	o.Last = "manifest.json"
	d, err := Begin(dir, o)
	if err != nil {
		return err
	}
	defer d.Abort()
	if text, err := os.ReadFile(filepath.Join(dir, o.Last)); err == nil {
		former := map[string]string{}
		if err := json.Unmarshal(text, &former); err != nil {
			return err
		}
		for name := range former {
			d.Drop(name)
		}
	}
	for name, content := range files {
		if err := d.WriteFile(name, []byte(content)); err != nil {
			return err
		}
	}
	text, err := json.Marshal(files)
	if err != nil {
		return err
	}
	if err := d.WriteFile(o.Last, text); err != nil {
		return err
	}
	return d.Publish()
}

// reading says what a folder holds to who knows nothing of this package: the
// files that its manifest names and no other, or "" without a manifest.
func reading(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, os.ErrNotExist) {
		return ""
	}
	files := map[string]string{}
	if err := errors.Join(err, json.Unmarshal(text, &files)); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		wantContent(t, filepath.Join(dir, name), content)
	}
	found := 0
	filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if name := e.Name(); strings.HasPrefix(name, "volume-") || name == "piece.pdf" {
			found++
		}
		if e.Name() == stageName {
			return filepath.SkipDir
		}
		return err
	})
	if found != len(files) {
		t.Errorf("the folder holds %d files, its manifest names %d", found, len(files))
	}
	return string(text)
}

var (
	may  = map[string]string{"volume-1": "May 1", "volume-2": "May 2", "volume-3": "May 3", "pieces/piece.pdf": "of May"}
	june = map[string]string{"volume-1": "June 1", "volume-2": "June 2", "pieces/piece.pdf": "of June"}
)

func manifest(t *testing.T, files map[string]string) string {
	t.Helper()
	text, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// steps counts those of a work.
func steps(t *testing.T, work func() error) int {
	t.Helper()
	n := 0
	restore := Intercept(func(Step) error { n++; return nil })
	defer restore()
	if err := work(); err != nil {
		t.Fatal(err)
	}
	return n
}

// is reports whether an error is the anomaly of a code.
func is(err error, code string) bool {
	var a *anomalie.Anomalie
	return errors.As(err, &a) && a.Code == code
}

var errBroken = errors.New("broken")

// breakAt fails step n, and with it all that follow when forever is set, which
// leaves the disk as a process does that ends there.
func breakAt(n int, forever bool) (restore func()) {
	at := 0
	return Intercept(func(Step) error {
		if at++; at == n || forever && at > n {
			return errBroken
		}
		return nil
	})
}

// Every step of a delivery over a former one fails in turn, alone or with all
// that follow.
func TestDeliveryIsWholeWhateverStepFails(t *testing.T) { wholeWhateverStepFails(t) }

func wholeWhateverStepFails(t *testing.T) {
	former, fresh := manifest(t, may), manifest(t, june)
	template := t.TempDir()
	if err := deliver(template, may, DeliveryOptions{}); err != nil {
		t.Fatal(err)
	}
	scratch := filepath.Join(t.TempDir(), "scratch")
	if err := os.CopyFS(scratch, os.DirFS(template)); err != nil {
		t.Fatal(err)
	}
	total := steps(t, func() error { return deliver(scratch, june, DeliveryOptions{}) })
	if total < 30 {
		t.Fatalf("a delivery has %d steps only", total)
	}
	for n := 1; n <= total; n++ {
		for _, forever := range []bool{false, true} {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
				t.Fatal(err)
			}
			restore := breakAt(n, forever)
			err := deliver(dir, june, DeliveryOptions{})
			restore()
			switch found := reading(t, dir); {
			case found == former && err != nil && (forever || !Interrupted(dir)): // at most decided
			case found == fresh: // decided, though what is left may not have been removed
			case found == "" && forever && Interrupted(dir):
			default:
				t.Errorf("step %d, with all that follow %v: %v, and the folder reads %q", n, forever, err, found)
			}
			if err := deliver(dir, june, DeliveryOptions{}); err != nil {
				t.Errorf("step %d: the next run: %v", n, err)
			}
			if reading(t, dir) != fresh {
				t.Errorf("step %d: the next run did not deliver", n)
			}
			wantNames(t, dir, "manifest.json", "pieces", "volume-1", "volume-2")
		}
	}
	t.Logf("%d steps, each broken twice", total)
}

func TestInterruptedDeliveryIsCompletedByTheNextOneInTheFolder(t *testing.T) {
	fresh := manifest(t, june)
	template := t.TempDir()
	if err := deliver(template, may, DeliveryOptions{}); err != nil {
		t.Fatal(err)
	}
	completed := 0
	for n := 1; ; n++ {
		dir := filepath.Join(t.TempDir(), "out")
		if err := os.CopyFS(dir, os.DirFS(template)); err != nil {
			t.Fatal(err)
		}
		restore := breakAt(n, true)
		err := deliver(dir, june, DeliveryOptions{})
		restore()
		if err == nil {
			break
		}
		interrupted := Interrupted(dir)
		d, err := Begin(dir, DeliveryOptions{})
		if err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
		if d.Completed != interrupted {
			t.Errorf("step %d: interrupted %v, completed %v", n, interrupted, d.Completed)
		}
		d.Abort()
		found := reading(t, dir)
		if interrupted {
			completed++
		}
		if interrupted && found != fresh || found == "" {
			t.Errorf("step %d: interrupted %v, and then the folder reads %q", n, interrupted, found)
		}
	}
	if completed < 10 {
		t.Errorf("%d deliveries were interrupted only", completed)
	}
}

func TestSecondWriterIsToldWhoWrites(t *testing.T) {
	dir := t.TempDir()
	d, err := Begin(dir, DeliveryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Begin(dir, DeliveryOptions{})
	host, _ := os.Hostname()
	if who := fmt.Sprintf("%s, PID %d, 20", host, os.Getpid()); !is(err, FolderHeld) || !strings.Contains(err.Error(), who) {
		t.Errorf("got %v, want %s by %s", err, FolderHeld, who)
	}
	d.Abort()
	wantNames(t, dir)
	if d, err = Begin(dir, DeliveryOptions{}); err != nil {
		t.Errorf("after the first is over: %v", err)
	} else {
		d.Abort()
	}
}

func TestDeliveryIsRecordedOnceItIsInPlace(t *testing.T) {
	dir := t.TempDir()
	o := DeliveryOptions{}
	told := 0
	o.Published = func(note []byte) error {
		told++
		if string(note) != "flux 12" || reading(t, dir) != manifest(t, may) {
			t.Errorf("told of %q with %q in place", note, reading(t, dir))
		}
		return errBroken
	}
	d, err := Begin(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range may {
		err = errors.Join(err, d.WriteFile(name, []byte(content)))
	}
	d.Note([]byte("flux 12"))
	err = errors.Join(err, d.WriteFile("manifest.json", []byte(manifest(t, may))), d.Publish())
	d.Abort()
	if !errors.Is(err, errBroken) {
		t.Errorf("got %v", err)
	}
	if _, err := Begin(dir, DeliveryOptions{}); !is(err, Unrecorded) {
		t.Errorf("got %v, want %s", err, Unrecorded)
	}
	o.Published = func(note []byte) error { told++; return nil }
	d, err = Begin(dir, o)
	if err != nil || !d.Completed {
		t.Fatalf("%v", err)
	}
	d.Abort()
	if told != 2 {
		t.Errorf("told %d times", told)
	}
	wantNames(t, dir, "manifest.json", "pieces", "volume-1", "volume-2", "volume-3")
}

func TestDeliveryReplacesRegularFilesOnly(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Mkdir(outside, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(dir string) error{
		"a folder":                    func(dir string) error { return os.MkdirAll(filepath.Join(dir, "volume-1", "x"), 0o700) },
		"a link":                      func(dir string) error { return os.Symlink(outside, filepath.Join(dir, "volume-1")) },
		"a link that leads elsewhere": func(dir string) error { return os.Symlink(outside, filepath.Join(dir, "pieces")) },
		"a manifest that is a link": func(dir string) error {
			return os.Symlink(filepath.Join(outside, "m"), filepath.Join(dir, "manifest.json"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(name, "link") {
				withLinks(t)
			}
			dir := t.TempDir()
			if err := spoil(dir); err != nil {
				t.Fatal(err)
			}
			before := strings.Join(names(t, dir), " ")
			err := deliver(dir, may, DeliveryOptions{})
			if !is(err, NotRegular) {
				t.Errorf("got %v, want %s", err, NotRegular)
			}
			wantNames(t, dir, strings.Fields(before)...)
			wantNames(t, outside)
		})
	}
}

func TestDeliverySparesItsInputs(t *testing.T) {
	dir := t.TempDir()
	input := filepath.Join(dir, "volume-2")
	if err := os.WriteFile(input, []byte("the journal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Link(input, filepath.Join(dir, "other-name")); err != nil {
		t.Fatal(err)
	}
	if err := deliver(dir, may, DeliveryOptions{Inputs: InputsOf(filepath.Join(dir, "other-name"))}); !is(err, IsInput) {
		t.Errorf("got %v, want %s", err, IsInput)
	}
	wantNames(t, dir, "other-name", "volume-2")
	wantContent(t, input, "the journal")
}

func TestJournalOfAStrangerLeadsNowhere(t *testing.T) {
	for _, journal := range []string{
		`{"version":1,"put":[{"n":0,"name":"../outside"}]}`,
		`{"version":1,"put":[{"n":-1,"name":"volume-1"}]}`,
		`{"version":1,"drop":["../outside"]}`,
		`{"version":1,"drop":["/etc/hosts"]}`,
		`{"version":1,"drop":["a/../../outside"]}`,
		`{"version":1,"drop":[".xhl-lock"]}`,
		`{"version":1,"drop":["."]}`,
		`{"version":2}`,
		`not even JSON`,
	} {
		above := t.TempDir()
		dir := filepath.Join(above, "out")
		stage := filepath.Join(dir, stageName)
		if err := os.MkdirAll(stage, 0o700); err != nil {
			t.Fatal(err)
		}
		for path, text := range map[string]string{filepath.Join(stage, journalName): journal, filepath.Join(stage, "new-1"): "new", filepath.Join(above, "outside"): "mine"} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Begin(dir, DeliveryOptions{}); err == nil {
			t.Errorf("%s: it was carried out", journal)
		}
		wantContent(t, filepath.Join(above, "outside"), "mine")
	}
}

// withLinks skips a test where links cannot be made by everybody.
func withLinks(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("links need rights here, and Wine makes none")
	}
}

func TestOutputNeverTakesThePlaceOfWhatIsNoFile(t *testing.T) {
	withLinks(t)
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "target"), link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{link, dir} {
		if err := WriteFile(path, []byte("x")); !is(err, NotRegular) {
			t.Errorf("%s: got %v, want %s", path, err, NotRegular)
		}
	}
	f, err := Create(filepath.Join(dir, "later"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "target"), f.Name()); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(); !is(err, NotRegular) {
		t.Errorf("made meanwhile: got %v, want %s", err, NotRegular)
	}
	wantNames(t, dir, "later", "link")
}
