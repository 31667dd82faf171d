package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"paye/splitter/pack"
)

// problem is a published instance: a tile is an item without private bytes, a symbol is a piece of one byte, a page is a
// volume. Best is the smallest number of pages that any published method found.
type problem struct {
	name string
	in   *pack.Instance
	best int
}

// readProblems reads every nth problem of a gzipped file of the benchmark.
func readProblems(path string, every int) ([]problem, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	gz, err := gzip.NewReader(file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	var problems []problem
	lines := bufio.NewReader(gz)
	for n := 0; ; n++ {
		head, err := lines.ReadString('\n')
		if err == io.EOF && head == "" {
			return problems, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		tiles, err := lines.ReadString('\n')
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("read %s: %w", path, err)
		}
		if n%every != 0 {
			continue
		}
		p, err := parseProblem(strings.Fields(head), strings.TrimSpace(tiles))
		if err != nil {
			return nil, fmt.Errorf("problem %d of %s: %w", n, path, err)
		}
		problems = append(problems, p)
	}
}

func parseProblem(head []string, tiles string) (problem, error) {
	if len(head) < 7 || head[0] != "P" {
		return problem{}, fmt.Errorf("unknown header %q", head)
	}
	var number [4]int // capacity, symbols, tiles, best
	for n := range number {
		v, err := strconv.Atoi(head[3+n])
		if err != nil {
			return problem{}, err
		}
		number[n] = v
	}
	in := &pack.Instance{Limit: int64(number[0]), Piece: make([]int64, number[1])}
	for j := range in.Piece {
		in.Piece[j] = 1
	}
	for tile := range strings.SplitSeq(tiles, ";") {
		var refs []int32
		for symbol := range strings.SplitSeq(tile, ",") {
			j, err := strconv.Atoi(symbol)
			if err != nil {
				return problem{}, err
			}
			refs = append(refs, int32(j))
		}
		in.Add(0, refs...)
	}
	if in.Items() != number[2] {
		return problem{}, fmt.Errorf("%d tiles announced, %d read", number[2], in.Items())
	}
	return problem{name: head[1] + "/" + head[2], in: in, best: number[3]}, in.Validate()
}
