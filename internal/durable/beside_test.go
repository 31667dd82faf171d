package durable

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// toCome is a folder that is not there yet, alone in another one.
func toCome(t *testing.T) string {
	t.Helper()
	if !movesOpen {
		t.Skip("no folder is renamed while files in it are open on " + runtime.GOOS)
	}
	return filepath.Join(t.TempDir(), "out")
}

// Every step of the first delivery into a folder fails in turn, alone or with all
// that follow.
func TestFirstDeliveryIsWholeWhateverStepFails(t *testing.T) {
	for _, grouped := range []bool{false, true} {
		t.Run(fmt.Sprint(grouped), func(t *testing.T) {
			if grouped {
				defer Group()()
			}
			first := toCome(t)
			total := steps(t, func() error { return deliver(first, may, DeliveryOptions{}) })
			whole := manifest(t, may)
			completed := 0
			for n := 1; n <= total; n++ {
				for _, forever := range []bool{false, true} {
					dir := toCome(t)
					restore := breakAt(n, forever)
					err := deliver(dir, may, DeliveryOptions{})
					restore()
					switch found := reading(t, dir); {
					case found == "" && err != nil && !exists(dir):
					case found == "" && err != nil && Interrupted(dir): // came in the folder itself, when it could not get its name
					case found == whole:
						if err != nil && n < total && !Interrupted(dir) { // the last step makes sure that it stays ended
							t.Errorf("step %d, with all that follow %v: %v, and nothing tells of it", n, forever, err)
						}
						completed++
					default:
						t.Errorf("step %d, with all that follow %v: %v, and the folder reads %q", n, forever, err, found)
					}
					if err := deliver(dir, june, DeliveryOptions{}); err != nil {
						t.Errorf("step %d: the next run: %v", n, err)
					}
					if reading(t, dir) != manifest(t, june) {
						t.Errorf("step %d: the next run did not deliver", n)
					}
					wantNames(t, dir, "manifest.json", "pieces", "volume-1", "volume-2")
					wantNames(t, filepath.Dir(dir), "out")
				}
			}
			if completed < 4 {
				t.Errorf("the folder came %d times only", completed)
			}
			t.Logf("%d steps, each broken twice", total)
		})
	}
}

func TestFirstDeliveryLeavesTheFolderThatCameMeanwhile(t *testing.T) {
	for name, come := range map[string]func(dir string) error{
		"empty": func(dir string) error { return os.Mkdir(dir, 0o700) },
		"with a file in it": func(dir string) error {
			return errors.Join(os.Mkdir(dir, 0o700), os.WriteFile(filepath.Join(dir, "mine"), []byte("mine"), 0o600))
		},
		"with a delivery in it": func(dir string) error { return deliver(dir, june, DeliveryOptions{}) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := toCome(t)
			d, err := Begin(dir, DeliveryOptions{Last: "manifest.json"})
			if err != nil {
				t.Fatal(err)
			}
			defer d.Abort()
			for name, content := range may {
				err = errors.Join(err, d.WriteFile(name, []byte(content)))
			}
			err = errors.Join(err, d.WriteFile("manifest.json", []byte(manifest(t, may))))
			if name == "with a delivery in it" { // by who does not know of the other way
				other := filepath.Join(t.TempDir(), "other")
				err = errors.Join(err, come(other), os.Rename(other, dir))
			} else {
				err = errors.Join(err, come(dir))
			}
			before := names(t, dir)
			if err = errors.Join(err, d.Publish()); err != nil {
				t.Fatal(err)
			}
			d.Abort()
			for name, content := range may {
				wantContent(t, filepath.Join(dir, name), content)
			}
			if len(before) == 1 {
				wantContent(t, filepath.Join(dir, "mine"), "mine")
			}
			wantNames(t, filepath.Dir(dir), "out")
			for _, left := range names(t, dir) {
				if strings.HasPrefix(left, prefix) {
					t.Errorf("%s is left", left)
				}
			}
		})
	}
}

func TestSecondWriterOfAFolderToComeIsToldWhoWrites(t *testing.T) {
	dir := toCome(t)
	d, err := Begin(dir, DeliveryOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Begin(dir, DeliveryOptions{})
	if who := fmt.Sprintf("PID %d, 20", os.Getpid()); !is(err, FolderHeld) || !strings.Contains(err.Error(), who) || strings.Contains(err.Error(), besidePrefix) {
		t.Errorf("got %v, want %s by %s", err, FolderHeld, who)
	}
	d.Abort()
	wantNames(t, filepath.Dir(dir))
}

// What is in place and not recorded holds the folder while its process lives,
// and is recorded by the next one.
func TestFirstDeliveryIsRecordedOnceItIsInPlace(t *testing.T) {
	dir := toCome(t)
	told := 0
	err := deliver(dir, may, DeliveryOptions{Published: func([]byte) error {
		if told++; reading(t, dir) != manifest(t, may) {
			t.Errorf("told with %q in place", reading(t, dir))
		}
		if _, err := Begin(dir, DeliveryOptions{}); !is(err, FolderHeld) {
			t.Errorf("got %v, want %s", err, FolderHeld)
		}
		return errBroken
	}})
	if !errors.Is(err, errBroken) || !Interrupted(dir) {
		t.Errorf("got %v, interrupted %v", err, Interrupted(dir))
	}
	d, err := Begin(dir, DeliveryOptions{Published: func([]byte) error { told++; return nil }})
	if err != nil || !d.Completed || told != 2 {
		t.Fatalf("told %d times: %v", told, err)
	}
	d.Abort()
	wantNames(t, dir, "manifest.json", "pieces", "volume-1", "volume-2", "volume-3")
	wantNames(t, filepath.Dir(dir), "out")
}

func TestFirstDeliveryThatIsRefusedLeavesNoFolder(t *testing.T) {
	dir := toCome(t)
	if err := deliver(dir, june, refusing()); !errors.Is(err, errForGood) {
		t.Errorf("got %v", err)
	}
	wantNames(t, filepath.Dir(dir))
}

func TestFirstDeliveryThatIsRefusedAfterItsProcessEndedIsSetAside(t *testing.T) {
	left := func() string {
		dir := toCome(t)
		if err := deliver(dir, june, DeliveryOptions{Published: func([]byte) error { return errBroken }}); !errors.Is(err, errBroken) {
			t.Fatal(err)
		}
		return dir
	}
	total := steps(t, func() error {
		d, err := Begin(left(), refusing())
		if err == nil {
			d.Abort()
		}
		return err
	})
	for n := 1; n <= total; n++ {
		dir := left()
		restore := breakAt(n, true)
		d, err := Begin(dir, refusing())
		if err == nil {
			d.Abort()
		}
		restore()
		if d, err = Begin(dir, refusing()); err != nil {
			t.Fatalf("step %d: the next run: %v", n, err)
		}
		d.Abort()
		if found := contents(t, filepath.Join(dir, "aside-1")); found != len(june)+1 {
			t.Errorf("step %d: %d files of June are kept, want %d", n, found, len(june)+1)
		}
	}
}

func TestSweepTakesWhatAKilledProcessStagedBeside(t *testing.T) {
	dir := toCome(t)
	restore := breakAt(6, true)
	err := deliver(dir, may, DeliveryOptions{})
	restore()
	if stage, _ := besideOf(dir); !errors.Is(err, errBroken) || !exists(stage) {
		t.Fatalf("%v: nothing is left to be swept", err)
	}
	Sweep(dir)
	wantNames(t, filepath.Dir(dir))
}

// Names change until the delivery appears, and may be those of others before.
func TestFirstDeliveryTakesTheNamesThatItsFilesHaveInTheEnd(t *testing.T) {
	for _, come := range []bool{false, true} { // the folder, meanwhile
		dir := toCome(t)
		d, err := Begin(dir, DeliveryOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Abort()
		want := map[string]string{"b": "a", "c": "b", "a": "c", "new-2": "new-1", "new-1": "new-2", "deep/er": "deep/er", "same": "same"}
		for name, was := range want {
			f, err := d.Create(was)
			if err == nil {
				_, err = f.Write([]byte("of " + name))
			}
			if err != nil {
				t.Fatal(err)
			}
			f.Rename(filepath.Base(name))
			if err := f.Commit(); err != nil {
				t.Fatal(err)
			}
		}
		if come {
			err = os.Mkdir(dir, 0o700)
		}
		if err = errors.Join(err, d.Publish()); err != nil {
			t.Fatal(err)
		}
		d.Abort()
		for name := range want {
			wantContent(t, filepath.Join(dir, name), "of "+name)
		}
		wantNames(t, dir, "a", "b", "c", "deep", "new-1", "new-2", "same")
	}
}

// A file system that gives a file another number each time has deliveries made in the
// folder itself.
func TestFirstDeliveryNeedsNoLastingNumbersOfFiles(t *testing.T) {
	dir := toCome(t)
	defer func(former func(a, b os.FileInfo) bool) { sameFile = former }(sameFile)
	sameFile = func(_, _ os.FileInfo) bool { return false }
	for _, files := range []map[string]string{may, june} {
		if err := deliver(dir, files, DeliveryOptions{}); err != nil {
			t.Fatal(err)
		}
		if reading(t, dir) != manifest(t, files) {
			t.Errorf("the folder reads %q", reading(t, dir))
		}
	}
	wantNames(t, dir, "manifest.json", "pieces", "volume-1", "volume-2")
	wantNames(t, filepath.Dir(dir), "out")
}
