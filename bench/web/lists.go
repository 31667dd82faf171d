package main

import (
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

//go:embed lists.lua
var script []byte

// connections of wrk; each waits between its requests so that all of them
// together ask at the rate.
const connections = 20

// lists asks for list pages at a steady rate, without and with a build beside.
// The build is begun again while it is shorter than the asking.
func (o *options) lists(s *served, journal string) (string, error) {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		return "\n## List pages\n\nskipped: wrk is not installed.\n", nil
	}
	dir, err := os.MkdirTemp("", "xhl-wrk-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	lua := filepath.Join(dir, "lists.lua")
	if err := os.WriteFile(lua, script, 0o600); err != nil {
		return "", err
	}
	table := fmt.Sprintf("\n## List pages at %d requests a second, by wrk\n\n| beside | requests | a second | median | p99 | errors | builds |\n|---|---:|---:|---:|---:|---:|---:|\n", o.rate)
	ask := func(beside string, builds func() int) error {
		out, err := exec.Command(wrk, "-t2", "-c"+strconv.Itoa(connections), fmt.Sprintf("-d%ds", o.duration), "--latency", "-s", lua, s.url, "--", s.cookie, strconv.Itoa(1000*connections/o.rate)).CombinedOutput()
		if err != nil {
			return fmt.Errorf("wrk: %w: %s", err, out)
		}
		field := func(pattern string) string {
			m := regexp.MustCompile(pattern).FindSubmatch(out)
			if m == nil {
				return "0"
			}
			return string(m[1])
		}
		table += fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %d |\n", beside, field(`(\d+) requests in`), field(`Requests/sec:\s+(\S+)`), field(`(?m)^\s+50%\s+(\S+)`), field(`(?m)^\s+99%\s+(\S+)`), field(`Non-2xx or 3xx responses: (\d+)`), builds())
		return nil
	}
	if err := ask("nothing", func() int { return 0 }); err != nil {
		return "", err
	}
	stop, done := make(chan struct{}), make(chan error, 1)
	n := 0
	go func() { done <- o.keepBuilding(s, journal, stop, &n) }()
	err = ask(fmt.Sprintf("builds of %d bulletins", o.bulletins), func() int { close(stop); err := <-done; done <- err; return n })
	if err == nil {
		err = <-done
	}
	return table, err
}

// keepBuilding builds until it is told to stop, and counts what it began.
func (o *options) keepBuilding(s *served, journal string, stop <-chan struct{}, n *int) error {
	for {
		job, err := s.build(journal)
		if err != nil {
			return err
		}
		*n++
		for {
			state, err := s.running(job)
			if err != nil {
				return err
			}
			if state == "echec" {
				return fmt.Errorf("the build failed: %s", job)
			}
			if state != "attente" && state != "en_cours" {
				break
			}
			select {
			case <-stop:
				return nil
			case <-time.After(200 * time.Millisecond):
			}
		}
		select {
		case <-stop:
			return nil
		default:
		}
	}
}

func median(list []time.Duration) time.Duration {
	list = slices.Sorted(slices.Values(list))
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

func spread(list []time.Duration) string {
	return strings.TrimSpace(fmt.Sprintf("%.2f to %.2f s", slices.Min(list).Seconds(), slices.Max(list).Seconds()))
}
