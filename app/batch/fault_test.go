package batch

import (
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"paye/internal/lang"
)

// fullDatabase is the error of a database in a file whose disk is full.
type fullDatabase struct{}

func (fullDatabase) Error() string { return "database or disk is full (13)" }
func (fullDatabase) Code() int     { return 13 }

func TestReportSaysWhatToDoAboutAMachine(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "write", Path: "volume-01.xml", Err: syscall.ENOSPC}, "make room"},
		{fmt.Errorf("commit a ledger transaction: %w", fullDatabase{}), "make room"},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EROFS}, "can be written to"},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EACCES}, "ask for that right"},
		{&fs.PathError{Op: "open", Path: "out", Err: syscall.EMFILE}, "close other programs"},
		{&fs.PathError{Op: "mkdir", Path: "out", Err: syscall.ENOTDIR}, "rename it"},
		{fmt.Errorf("whatever"), "run again"},
	} {
		if got := machineFault(c.err).In(lang.English); !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
