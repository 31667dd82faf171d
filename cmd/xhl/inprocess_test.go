package main

import (
	"bytes"
	"context"
	"strings"
)

// inProcess runs the program in this process and returns what it said.
func inProcess(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, err bytes.Buffer
	code = run(ctx, args, strings.NewReader(""), &out, &err, func(string) string { return "" })
	return code, out.String(), err.String()
}
