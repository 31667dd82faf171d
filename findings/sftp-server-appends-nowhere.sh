#!/usr/bin/env bash
# github.com/pkg/sftp v1.13.12: its client and its server do not agree on who finds the end of a file that is opened to
# append. The client leaves it to the server and counts from 0, the server overlooks the flag and trusts the count, so that
# a line appended to a journal is written over its beginning, Close nil. Its server in memory, which tests use, does the
# same. And the server's Rename puts a file in the place of one that is there, which the protocol calls an error and
# OpenSSH 9.2 refuses. What passed its tests against the one loses files, or stops, at the other.
set -euo pipefail
command -v go >/dev/null || { echo "go is not installed"; exit 1; }
[ -x /usr/lib/openssh/sftp-server ] || { echo "openssh-sftp-server is not installed"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat >go.mod <<'M'
module try
go 1.25
require github.com/pkg/sftp v1.13.12
M
cat >main.go <<'G'
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"

	"github.com/pkg/sftp"
)

func main() {
	for _, kind := range []string{"openssh", "pkg/sftp", "pkg/sftp in memory"} {
		c, dir := open(kind)
		write(c, dir+"/journal", os.O_CREATE|os.O_WRONLY, "monday tuesday ")
		write(c, dir+"/journal", os.O_APPEND|os.O_WRONLY, "wednesday")
		write(c, dir+"/there", os.O_CREATE|os.O_WRONLY, "old")
		write(c, dir+"/new", os.O_CREATE|os.O_WRONLY, "new")
		renamed := "refused"
		if c.Rename(dir+"/new", dir+"/there") == nil {
			renamed = "taken"
		}
		fmt.Printf("%s: appended %q, rename %s, there is %q\n", kind, read(c, dir+"/journal"), renamed, read(c, dir+"/there"))
	}
}

func open(kind string) (*sftp.Client, string) {
	near, far := net.Pipe()
	var dir string
	switch kind {
	case "openssh":
		s := exec.Command("/usr/lib/openssh/sftp-server")
		s.Stdin, s.Stdout = far, far
		must(s.Start())
	case "pkg/sftp":
		s, err := sftp.NewServer(far)
		must(err)
		go s.Serve()
	default:
		go sftp.NewRequestServer(far, sftp.InMemHandler()).Serve()
	}
	c, err := sftp.NewClientPipe(near, near)
	must(err)
	if kind != "pkg/sftp in memory" {
		dir, err = os.MkdirTemp(".", "")
		must(err)
		dir, err = c.RealPath(dir)
		must(err)
	}
	return c, dir
}

func write(c *sftp.Client, name string, flags int, text string) {
	f, err := c.OpenFile(name, flags)
	must(err)
	_, err = io.WriteString(f, text)
	must(err)
	must(f.Close())
}

func read(c *sftp.Client, name string) string {
	f, err := c.Open(name)
	must(err)
	defer f.Close()
	text, err := io.ReadAll(f)
	must(err)
	return string(text)
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
G
go mod tidy >/dev/null 2>&1
echo "pkg/sftp $(go list -m -f '{{.Version}}' github.com/pkg/sftp), $(dpkg-query -W -f '${Package} ${Version}' openssh-sftp-server)"
echo "expected, by draft-ietf-secsh-filexfer-02, 6.3 (all writes are put at the end) and 6.5 (an error when the new name is there):"
echo "monday tuesday wednesday, rename refused, there is old"
go run . | tee seen
cmp seen <<'X'
openssh: appended "monday tuesday wednesday", rename refused, there is "old"
pkg/sftp: appended "wednesdayesday ", rename taken, there is "new"
pkg/sftp in memory: appended "wednesdayesday ", rename refused, there is "old"
X
