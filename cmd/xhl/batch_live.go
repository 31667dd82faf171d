package main

import (
	"slices"
	"strings"
	"sync"
	"time"

	"paye/app/batch"
	"paye/internal/lang"
)

// liveNight is the table below the bar of a batch: how many ended how, and who
// has been at work for the longest time.
type liveNight struct {
	ui  *ui
	now func() time.Time

	mu     sync.Mutex
	counts map[batch.Etat]int
	work   map[string]time.Time // since when, by folder
	octets int64
}

func newLiveNight(u *ui, now func() time.Time) *liveNight {
	return &liveNight{ui: u, now: now, counts: make(map[batch.Etat]int), work: make(map[string]time.Time)}
}

func (n *liveNight) begun(dossier string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.work[dossier] = n.now()
}

func (n *liveNight) ended(o *batch.Outcome) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.work, o.Dossier)
	n.counts[o.Etat]++
	n.octets += o.Octets
}

// liveRows is how many of those at work are shown.
const liveRows = 6

// lines is the table.
func (n *liveNight) lines() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	var counts []string
	for _, e := range []batch.Etat{batch.Done, batch.Already, batch.Anomalies, batch.Failed, batch.Cancelled} {
		if n.counts[e] > 0 {
			counts = append(counts, n.ui.text(lang.Text{FR: "%s %d", EN: "%s %d"}, e.Label(n.ui.lang), n.counts[e]))
		}
	}
	if n.octets > 0 {
		counts = append(counts, n.ui.text(lang.Text{FR: "%v de volumes", EN: "%v of volumes"}, lang.Octets(n.octets)))
	}
	list := make([]string, 0, len(n.work))
	for dossier := range n.work {
		list = append(list, dossier)
	}
	slices.SortFunc(list, func(a, b string) int {
		if c := n.work[a].Compare(n.work[b]); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	})
	rows := make([][]string, 0, liveRows)
	for _, dossier := range list[:min(len(list), liveRows)] {
		rows = append(rows, []string{"  " + oneLine(dossier), n.now().Sub(n.work[dossier]).Round(time.Second).String()})
	}
	lines := []string{"  " + strings.Join(counts, " · ")}
	if len(rows) > 0 {
		lines = append(lines, table(rows)...)
	}
	return lines
}
