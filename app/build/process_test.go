//go:build linux

package build

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/synth"
)

// child is set in a second process made of this test binary: it names what
// that process does with the folders that it is given.
const child = "DEPOT_TEST_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(child) {
	case "":
		os.Exit(m.Run())
	case "full disk":
		fullDisk(demande(os.Args[1], os.Args[2], 500_000), func(ctx context.Context, dem *demand) error {
			_, _, err := build(ctx, dem)
			return err
		})
	case "full disk on the way":
		fullDisk(demande(os.Args[1], os.Args[2], 500_000), func(ctx context.Context, dem *demand) error {
			_, err := online(ctx, dem)
			return err
		})
	case "wait to be killed":
		telling(os.Args[1], os.Args[2])
	}
}

const diskRoom = 300_000

// fullDisk builds under a limit on the size of files, which the kernel answers
// as it does a full disk: a short write, then an error.
func fullDisk(dem *demand, job func(context.Context, *demand) error) {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: diskRoom, Max: diskRoom}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		panic(err)
	}
	fmt.Print(job(context.Background(), dem))
}

// telling builds and prints a line a step: at each write of a volume, then at
// the end.
func telling(dir, out string) {
	dem := demande(dir, out, 500_000)
	d, err := Prepare(context.Background(), dem.Request, dem.Watch)
	if err != nil {
		panic(err)
	}
	fmt.Println("planned")
	d.Format = spied{d.Format.(named), func(n int, octets int64) error {
		_, err := fmt.Println("volume", n, octets)
		return err
	}}
	if _, err := d.Write(context.Background()); err != nil {
		panic(err)
	}
	fmt.Println("done")
}

func command(t *testing.T, doing, dir, out string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, dir, out)
	cmd.Env = append(os.Environ(), child+"="+doing)
	cmd.Stderr = os.Stderr
	return cmd
}

func TestFullDiskLeavesTheEarlierDelivery(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	out := filepath.Join(t.TempDir(), "out")
	small := demande(dir, out, 100_000)
	small.Format = FormatXHL
	if _, _, err := build(context.Background(), small); err != nil {
		t.Fatal(err)
	}
	before := files(t, out)
	for _, doing := range []string{"full disk", "full disk on the way"} {
		said, err := command(t, doing, dir, out).Output()
		if err != nil || !strings.Contains(string(said), "write volume ") || !strings.Contains(string(said), syscall.EFBIG.Error()) {
			t.Fatalf("%s: %v, %s", doing, err, said)
		}
		wantUntouched(t, demande(dir, out, 500_000), before)
	}
	dem := demande(dir, out, 500_000)
	wantNothingLeft(t, before, dem, untroubled(t, dem))
}

func TestKilledJobLeavesWholeFilesOnlyAndTheNextOneSucceeds(t *testing.T) {
	dir := paye(t, synth.Options{Bulletins: 20, Pieces: 5, Journal: true})
	calm := filepath.Join(t.TempDir(), "calm")
	if _, _, err := build(context.Background(), demande(dir, calm, 500_000)); err != nil {
		t.Fatal(err)
	}
	want := files(t, calm)
	said, err := command(t, "wait to be killed", dir, filepath.Join(t.TempDir(), "out")).Output()
	steps := strings.Count(string(said), "\n")
	if err != nil || steps < 10 {
		t.Fatalf("%v, %d steps", err, steps)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	killed := 0
	for range 4 {
		out := filepath.Join(t.TempDir(), "out")
		cmd := command(t, "wait to be killed", dir, out)
		stdout, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(stdout)
		for k := rng.IntN(steps); k >= 0 && lines.Scan(); k-- {
		}
		cmd.Process.Kill()
		if cmd.Wait() != nil {
			killed++
		}
		for name, sum := range files(t, out) {
			if sum != want[name] && !strings.HasPrefix(name, ".xhl-") {
				t.Errorf("%s is there and is not whole", name)
			}
		}
		if _, _, err := build(context.Background(), demande(dir, out, 500_000)); err != nil {
			t.Fatalf("the next run: %v", err)
		}
		if diff := cmp.Diff(want, files(t, out)); diff != "" {
			t.Errorf("the next run (-want +got):\n%s", diff)
		}
	}
	if killed == 0 {
		t.Error("no job was killed before its end")
	}
}
