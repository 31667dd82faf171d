package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paye/internal/lang"
)

// nightFigures are what bench/batch measured; see there.
type nightFigures struct {
	CPU, Memory, Load, Go, Commit, Command string
	Cores, Employers, Bulletins, Pieces    int
	Rounds                                 int
	Runs                                   []nightRun
	Sizes                                  []struct {
		Bulletins int
		CPU       float64 `json:"cpu_s"`
	}
	Curve []struct {
		Jobs           int
		Batch, Workers nightRun
	}
}

type nightRun struct {
	Name     string
	Wall     float64 `json:"wall_s"`
	CPU      float64 `json:"cpu_s"`
	Database float64 `json:"database_cpu_s"`
	RSS      int64
}

func (f *nightFigures) run(name string) nightRun {
	for _, r := range f.Runs {
		if r.Name == name {
			return r
		}
	}
	return nightRun{}
}

// nightModel is what bench/night played; see there.
type nightModel struct {
	Model struct {
		Source    string
		Employers int
		Seed      int
		Rate      float64 `json:"agents_per_1000"`
		Rescue    float64 `json:"rescue_s"`
		Failures  float64 `json:"failures_per_worker_night"`
		Faults    float64 `json:"employers_with_faults"`
		Opens     float64 `json:"platform_opens_h"`
		Files     float64 `json:"platform_files_s"`
		Commits   float64 `json:"database_commits_s"`
	}
	Bulletins int
	Median    int `json:"median_bulletins"`
	Largest   int `json:"largest_bulletins"`
	Nights    []struct {
		Workers, Cores, Deaths int
		Built                  float64 `json:"built_h"`
		Sent                   float64 `json:"sent_h"`
		Busy, Database         float64
		Bottleneck             string
	}
}

// The measured part of docs/scale.md stands between these lines.
const (
	scaleBegin = "<!-- measured: bench/run.sh batch writes this -->\n"
	scaleEnd   = "<!-- measured: end -->\n"
)

// TestScaleDocumentSaysWhatWasMeasured writes, with -update-docs, the measured
// part of the guides from bench/results, and holds them to it otherwise.
func TestScaleDocumentSaysWhatWasMeasured(t *testing.T) {
	root := filepath.Join("..", "..")
	var f nightFigures
	var m nightModel
	for name, into := range map[string]any{"batch.json": &f, "night.json": &m} {
		text, err := os.ReadFile(filepath.Join(root, "bench", "results", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	for name, l := range map[string]lang.Language{"scale.md": lang.English, "scale.fr.md": lang.French} {
		path := filepath.Join(root, "docs", name)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		before, rest, ok := strings.Cut(string(text), scaleBegin)
		got, after, ends := strings.Cut(rest, scaleEnd)
		if !ok || !ends {
			t.Fatalf("%s has no measured part", name)
		}
		want := scaleText(l, &f, &m)
		if got == want {
			continue
		}
		if !*updateDocs {
			t.Errorf("%s is not what bench/results says: got\n%s\nwant\n%s", name, got, want)
			continue
		}
		if err := os.WriteFile(path, []byte(before+scaleBegin+want+scaleEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// scaleText is the measured part.
func scaleText(l lang.Language, f *nightFigures, m *nightModel) string {
	var b strings.Builder
	say := func(fr, en string, args ...any) { b.WriteString(lang.Text{FR: fr, EN: en}.In(l, args...) + "\n") }
	say("%s, %d cœurs, charge %s au début, %s, commit %s ; `%s`. Une charge au-dessus du nombre de cœurs fausse les durées, moins le processeur.",
		"%s, %d cores, load %s when it began, %s, commit %s; `%s`. A load above the number of cores spoils the times, the processor less.", strings.TrimSpace(f.CPU), f.Cores, f.Load, f.Go, f.Commit, f.Command)
	say("", "")
	say("%d employeurs log-normaux, %d bulletins et %d PDF, étape build, la nuit médiane de %d :", "%d log-normal employers, %d bulletins and %d PDFs, step build, the median night of %d:", f.Employers, f.Bulletins, f.Pieces, f.Rounds)
	say("", "")
	say("| | durée | processeur | base | mémoire | bulletins/s |", "| | time | processor | database | memory | bulletins/s |")
	b.WriteString("|---|---:|---:|---:|---:|---:|\n")
	names := map[string]lang.Text{
		"build":   {FR: "un seul `build` de tous les bulletins", EN: "one `build` of all bulletins"},
		"batch":   {FR: "`batch`", EN: "`batch`"},
		"loop":    {FR: "une boucle du shell, un `build` par employeur", EN: "a shell loop, one `build` an employer"},
		"workers": {FR: "deux `worker` qui se partagent les cœurs, et PostgreSQL", EN: "two `worker`s that share the cores, and PostgreSQL"},
	}
	for _, r := range f.Runs {
		fmt.Fprintf(&b, "| %s | %.1f s | %.1f s | %.1f s | %d MiB | %.0f |\n", names[r.Name].In(l), r.Wall, r.CPU, r.Database, r.RSS>>20, float64(f.Bulletins)/max(r.Wall, 0.001))
	}
	one, batch, loop, workers := f.run("build"), f.run("batch"), f.run("loop"), f.run("workers")
	say("", "")
	say("`batch` : %.2f fois la durée d'un seul build, %.1f fois plus vite que la boucle ; les deux ouvriers : %.2f fois le débit de `batch`, %.1f ms de processeur de plus par travail, base comprise.",
		"`batch`: %.2f times the time of one build, %.1f times faster than the loop; the two workers: %.2f times the throughput of `batch`, %.1f ms of processor more a job, database included.",
		batch.Wall/one.Wall, loop.Wall/batch.Wall, batch.Wall/max(workers.Wall, 0.001), 1000*(workers.CPU+workers.Database-batch.CPU)/float64(f.Employers))
	say("", "")
	say("Un employeur selon sa taille, étapes check et build, sur un cœur :", "An employer by its size, steps check and build, on one core:")
	say("", "")
	say("| bulletins | processeur | employeurs/h et cœur |", "| bulletins | processor | employers/h and core |")
	b.WriteString("|---:|---:|---:|\n")
	for _, s := range f.Sizes {
		say("| %d | %.0f ms | %d |", "| %d | %.0f ms | %d |", s.Bulletins, 1000*s.CPU, int(3600/s.CPU))
	}
	say("", "")
	say("Des travaux d'un bulletin, par travail :", "Jobs of one bulletin, by job:")
	say("", "")
	say("| travaux | `batch`, durée | `batch`, processeur | ouvriers, durée | ouvriers et base, processeur |", "| jobs | `batch`, time | `batch`, processor | workers, time | workers and database, processor |")
	b.WriteString("|---:|---:|---:|---:|---:|\n")
	for _, p := range f.Curve {
		n := float64(p.Jobs) / 1000
		fmt.Fprintf(&b, "| %d | %.1f ms | %.1f ms | %.1f ms | %.1f ms |\n", p.Jobs, p.Batch.Wall/n, p.Batch.CPU/n, p.Workers.Wall/n, (p.Workers.CPU+p.Workers.Database)/n)
	}
	b.WriteString(nightText(l, m))
	return b.String()
}

// nightText is the part of the simulation.
func nightText(l lang.Language, m *nightModel) string {
	var b strings.Builder
	say := func(fr, en string, args ...any) { b.WriteString(lang.Text{FR: fr, EN: en}.In(l, args...) + "\n") }
	p := &m.Model
	say("", "")
	say("### Une nuit simulée", "### A simulated night")
	say("", "")
	say("`bench/night`, un modèle à graine %d, pas une mesure : %d employeurs dont les habitants suivent la [répartition des communes de l'Insee](%s), %.0f agents pour 1 000 habitants [I], soit %d bulletins (médiane %d, la plus grande %d) ; coût par employeur, bulletin et travail ci-dessus ; chaque ouvrier tombe avec une probabilité de %.1f, son travail est repris après %.0f s ; %.0f %% des employeurs sont fautifs ; la base valide %.0f transactions par seconde, une à la fois, puisque le registre n'a qu'un auteur ; la plateforme ouvre après %.0f h et prend %.0f fichiers par seconde.",
		"`bench/night`, a model with seed %d, no measurement: %d employers whose inhabitants follow the [distribution of communes by Insee](%s), %.0f agents a 1,000 inhabitants [I], that is %d bulletins (median %d, largest %d); costs of an employer, a bulletin and a job from above; each worker fails with a probability of %.1f, its job is taken up after %.0f s; %.0f%% of the employers are faulty; the database commits %.0f transactions a second, one at a time, since the book has one writer; the platform opens after %.0f h and takes %.0f files a second.",
		p.Seed, p.Employers, p.Source, p.Rate, m.Bulletins, m.Median, m.Largest, p.Failures, p.Rescue, 100*p.Faults, p.Commits, p.Opens, p.Files)
	say("", "")
	say("| ouvriers | cœurs | tout est fait | tout est parti | cœurs occupés | base occupée | ouvriers tombés au travail | goulot |", "| workers | cores | all is made | all has left | cores busy | database busy | workers that fell at work | bottleneck |")
	b.WriteString("|---:|---:|---:|---:|---:|---:|---:|---|\n")
	bounds := map[string]lang.Text{"workers": {FR: "les ouvriers", EN: "the workers"}, "database": {FR: "la base", EN: "the database"}, "platform": {FR: "la plateforme", EN: "the platform"}}
	for _, n := range m.Nights {
		fmt.Fprintf(&b, "| %d | %d | %.0f min | %.1f h | %.0f %% | %.0f %% | %d | %s |\n", n.Workers, n.Workers*n.Cores, 60*n.Built, n.Sent, 100*n.Busy, 100*n.Database, n.Deaths, bounds[n.Bottleneck].In(l))
	}
	say("", "")
	say("Ce que cela dit : la plateforme, qui prend fichier après fichier, décide de la fin bien avant la paye ; au-delà de quelques dizaines de cœurs, la base, où une livraison s'inscrit après l'autre, est le goulot suivant. Un ouvrier de plus sert tant que la base est loin de 100 %.",
		"What this says: the platform, which takes file after file, decides on the end long before the payroll does; past some tens of cores the database, where one delivery is entered after the other, is the next bottleneck. One more worker is of use while the database is far from 100%.")
	return b.String()
}
