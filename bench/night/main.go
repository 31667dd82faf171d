// Command night plays the last night of a month: employers of the sizes of
// French communes, a number of workers, machines that fail, and a platform that
// takes files in its hours only. It is a model: what it takes for a step comes
// from results/batch.json, everything else is an assumption that it prints.
//
//	go run ./night -measured results/batch.json -o results/night.json
package main

import (
	"container/heap"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
)

// Communes is a class of communes by inhabitants, 1 January 2013, metropolitan
// France: Insee Focus, "Plus d'une commune métropolitaine sur deux compte moins
// de 500 habitants", figure 1, https://www.insee.fr/fr/statistiques/1908488.
type Communes struct {
	From       float64 `json:"from"` // inhabitants
	N          float64 `json:"communes"`
	Population float64 `json:"inhabitants"`
}

var communes = []Communes{{1, 3485, 226_572}, {100, 5860, 864_798}, {200, 10_408, 3_392_206}, {500, 16_776, 59_214_289}}

// Model is what the night is played with.
type Model struct {
	Source    string     `json:"source"`
	Communes  []Communes `json:"communes"`
	Employers int        `json:"employers"`
	Seed      uint64     `json:"seed"`
	// Agents a thousand inhabitants: an assumption, of the size of what a
	// commune employs by itself.
	Rate     float64 `json:"agents_per_1000"`
	Fixed    float64 `json:"cpu_s_employer"` // measured: check and build
	Bulletin float64 `json:"cpu_s_bulletin"` // measured
	Overhead float64 `json:"cpu_s_job"`      // measured: queue and database
	Rescue   float64 `json:"rescue_s"`       // until the job of a dead worker is taken up
	Failures float64 `json:"failures_per_worker_night"`
	Restart  float64 `json:"restart_s"`
	Faults   float64 `json:"employers_with_faults"` // a share; they end without a flux
	Opens    float64 `json:"platform_opens_h"`      // hours after the begin
	Rate2    float64 `json:"platform_files_s"`
	Commits  float64 `json:"database_commits_s"` // one after the other, since the book has one writer
}

// Night is what became of one.
type Night struct {
	Workers  int     `json:"workers"`
	Cores    int     `json:"cores"`
	Built    float64 `json:"built_h"`    // all volumes made
	Sent     float64 `json:"sent_h"`     // all taken by the platform
	Busy     float64 `json:"busy"`       // of the cores, until all is built
	Database float64 `json:"database"`   // of what it can commit, until all is built
	Deaths   int     `json:"deaths"`     // of workers with work in hand
	Bound    string  `json:"bottleneck"` // what the end waited for
}

// Result is the file.
type Result struct {
	Model     Model   `json:"model"`
	Bulletins int     `json:"bulletins"`
	Median    int     `json:"median_bulletins"`
	Largest   int     `json:"largest_bulletins"`
	Nights    []Night `json:"nights"`
}

func main() {
	measured := flag.String("measured", "results/batch.json", "figures of the machine")
	out := flag.String("o", "results/night.json", "file to write")
	employers := flag.Int("employers", 10_000, "employers")
	seed := flag.Uint64("seed", 1, "of the draw")
	flag.Parse()
	m := Model{Source: "https://www.insee.fr/fr/statistiques/1908488", Communes: communes, Employers: *employers, Seed: *seed,
		Rate: 15, Rescue: 180, Failures: 0.2, Restart: 60, Faults: 0.02, Opens: 6, Rate2: 2, Commits: 200}
	if err := m.measure(*measured); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	text, err := json.MarshalIndent(m.play(), "", "  ")
	if err == nil {
		err = os.WriteFile(*out, append(text, '\n'), 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// measure takes the costs from the figures of a machine: a line through the
// smallest and the largest size, and the queue from its largest curve.
func (m *Model) measure(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var f struct {
		Sizes []struct {
			Bulletins int
			CPU       float64 `json:"cpu_s"`
		}
		Curve []struct {
			Jobs           int
			Batch, Workers struct {
				CPU      float64 `json:"cpu_s"`
				Database float64 `json:"database_cpu_s"`
			}
		}
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return err
	}
	if len(f.Sizes) < 2 || len(f.Curve) == 0 {
		return fmt.Errorf("%s has no sizes or no curve", path)
	}
	small, large := f.Sizes[0], f.Sizes[len(f.Sizes)-1]
	m.Bulletin = (large.CPU - small.CPU) / float64(large.Bulletins-small.Bulletins)
	m.Fixed = max(0, small.CPU-m.Bulletin*float64(small.Bulletins))
	last := f.Curve[len(f.Curve)-1]
	m.Overhead = max(0, last.Workers.CPU+last.Workers.Database-last.Batch.CPU) / float64(last.Jobs)
	return nil
}

// sizes draws the bulletins of the employers. Within a class inhabitants are
// log-normal around the mean of the class, no smaller than its lower end.
func (m *Model) sizes(random *rand.Rand) []int {
	total := 0.0
	for _, c := range m.Communes {
		total += c.N
	}
	list := make([]int, m.Employers)
	for i := range list {
		at := random.Float64() * total
		c := m.Communes[0]
		for _, c = range m.Communes {
			if at -= c.N; at < 0 {
				break
			}
		}
		sigma := 0.3
		if c.From == 500 {
			sigma = 1.4 // the class without an upper end
		}
		mean := c.Population / c.N
		people := max(c.From, mean*math.Exp(sigma*random.NormFloat64()-sigma*sigma/2))
		list[i] = max(1, int(math.Round(people*m.Rate/1000)))
	}
	return list
}

func (m *Model) play() *Result {
	random := rand.New(rand.NewPCG(m.Seed, m.Seed))
	sizes := m.sizes(random)
	r := &Result{Model: *m, Largest: slices.Max(sizes)}
	for _, n := range sizes {
		r.Bulletins += n
	}
	sorted := slices.Sorted(slices.Values(sizes))
	r.Median = sorted[len(sorted)/2]
	for _, workers := range []int{1, 10, 100} {
		r.Nights = append(r.Nights, m.night(rand.New(rand.NewPCG(m.Seed, uint64(workers))), sizes, workers, 2))
	}
	return r
}

// slots are the times at which the cores of the workers are free.
type slots []slot

type slot struct {
	free   float64
	worker int
}

func (s slots) Len() int           { return len(s) }
func (s slots) Less(i, j int) bool { return s[i].free < s[j].free }
func (s slots) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *slots) Push(x any)        { *s = append(*s, x.(slot)) }
func (s *slots) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

// job is a step's work that waits.
type job struct {
	ready float64 // not before
	work  float64
	tried bool
}

// night plays the work of a number of workers: two jobs an employer, check and
// build, taken as counted together; commits one after the other.
func (m *Model) night(random *rand.Rand, sizes []int, workers, cores int) Night {
	n := Night{Workers: workers, Cores: cores}
	var queue []job
	for _, size := range sizes {
		queue = append(queue, job{work: m.Fixed + m.Bulletin*float64(size) + 2*m.Overhead})
	}
	expected := 0.0
	for _, j := range queue {
		expected += j.work / float64(workers*cores)
	}
	dies := make([]float64, workers) // when each fails, while there is work
	for w := range dies {
		dies[w] = math.Inf(1)
		if random.Float64() < m.Failures {
			dies[w] = random.Float64() * expected
		}
	}
	var free slots
	for w := range workers {
		for range cores {
			free = append(free, slot{0, w})
		}
	}
	heap.Init(&free)
	var busy, commit float64 // seconds of cores; when the database is free
	var built []float64
	for len(queue) > 0 {
		s := heap.Pop(&free).(slot)
		j := queue[0]
		queue = queue[1:]
		begin := max(s.free, j.ready)
		end := begin + j.work
		if dies[s.worker] >= begin && dies[s.worker] < end && !j.tried {
			n.Deaths++
			queue = append(queue, job{ready: dies[s.worker] + m.Rescue, work: j.work, tried: true})
			heap.Push(&free, slot{dies[s.worker] + m.Restart, s.worker})
			busy += dies[s.worker] - begin
			continue
		}
		busy += j.work
		// Two transactions, each alone in the book.
		commit = max(commit, end) + 2/m.Commits
		if random.Float64() >= m.Faults {
			built = append(built, commit)
		}
		heap.Push(&free, slot{max(end, commit), s.worker})
	}
	last := slices.Max(built)
	n.Built = last / 3600
	n.Busy = busy / (last * float64(workers*cores))
	n.Database = 2 * float64(len(sizes)) / m.Commits / last
	slices.Sort(built)
	sent := m.Opens * 3600
	for _, at := range built {
		sent = max(sent, at) + 1/m.Rate2
	}
	n.Sent = sent / 3600
	switch {
	case n.Built > m.Opens:
		n.Bound = "workers"
	case n.Database > 0.8:
		n.Bound = "database"
	default:
		n.Bound = "platform"
	}
	return n
}
