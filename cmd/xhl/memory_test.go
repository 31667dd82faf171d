package main

import (
	"runtime/debug"
	"testing"
)

func TestTheSoftLimitOfMemoryYieldsToTheEnvironment(t *testing.T) {
	was := debug.SetMemoryLimit(-1)
	defer debug.SetMemoryLimit(was)
	for _, tc := range []struct {
		name, env string
		bound     func(*program)
		want      int64
	}{
		{"set", "1GiB", (*program).boundList, 1 << 30},
		{"not set", "", (*program).boundList, softMemory},
		{"not set, of books", "", (*program).boundBooks, softMemory},
		{"set, of a server", "1GiB", (*program).boundServer, 1 << 30},
		{"not set, of a server", "", (*program).boundServer, softServer},
	} {
		debug.SetMemoryLimit(1 << 30) // what the runtime made of the environment
		p := &program{getenv: func(name string) string { return map[string]string{"GOMEMLIMIT": tc.env}[name] }}
		tc.bound(p)
		if got := debug.SetMemoryLimit(-1); got != tc.want {
			t.Errorf("%s: the limit is %d, want %d", tc.name, got, tc.want)
		}
	}
}
