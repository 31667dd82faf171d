package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"paye/xhl"
)

// readJournal decodes every value of a journal, in a process of its own.
func readJournal(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := xhl.NewReader(f, xhl.Options{})
	if err != nil {
		return err
	}
	totals, n := xhl.NewTotaux(), 0
	for b, err := range r.Bulletins() {
		if err != nil {
			return err
		}
		totals.Add(b)
		n++
	}
	return say(n, totals)
}

// surveyJournal reads the matricules and adds the lines up, and verifies the
// tags of the rest.
func surveyJournal(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	cut, err := xhl.NewCutter(f, xhl.Options{})
	if err != nil {
		return err
	}
	dec := xhl.NewDecoder(cut.Encoding(), xhl.Options{})
	totals, n := xhl.NewTotaux(), 0
	var seg xhl.Segment
	var s xhl.Survey
	for {
		err := cut.Next(&seg)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		for i, p := range seg.Parts {
			if p.Kind != xhl.PartBulletin {
				continue
			}
			if err := dec.Survey(&seg, i, n, &s, totals); err != nil {
				return err
			}
			n++
		}
	}
	if _, err := cut.Queue(); err != nil {
		return err
	}
	return say(n, totals)
}

func say(bulletins int, totals *xhl.Totaux) error {
	if totals.Lignes() == 0 {
		return errors.New("the journal has no line with an amount")
	}
	_, err := fmt.Println(bulletins)
	return err
}
