// Package machine says on what a measurement ran, and what a process took.
package machine

import (
	"os"
	"strings"
)

// CPU is the model of the processors.
func CPU() string { return field("/proc/cpuinfo", "model name") }

// Memory is all the memory there is, with its unit.
func Memory() string { return field("/proc/meminfo", "MemTotal") }

// Load is the average of the last minute.
func Load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// field is the value of the first line of a file of /proc that begins with key.
func field(path, key string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return "unknown"
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, key); ok {
			return strings.TrimSpace(strings.TrimLeft(rest, "\t :"))
		}
	}
	return "unknown"
}
