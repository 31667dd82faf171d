// Command xhl is the document engine for the payroll of French local
// authorities: see the README, or xhl --help.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"paye/internal/anomalie"
)

// The exit codes are a contract: scripts rely on them.
const (
	exitOK           = 0
	exitFailed       = 1
	exitAnomalies    = 3 // done or checked, with anomalies of gravity erreur
	exitNotFound     = 10
	exitUnreadable   = 11
	exitPiece        = 12
	exitTooLarge     = 13
	exitVerification = 14
	exitVault        = 15
	exitUsage        = 64
	exitInterrupted  = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Getenv))
}

// run is the program without its process: what it reads, writes and returns.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, getenv func(string) string) int {
	return newProgram(args, stdin, stdout, stderr, getenv).run(ctx, args)
}

func (p *program) run(ctx context.Context, args []string) int {
	err := p.app().RunContext(ctx, append([]string{"xhl"}, p.reorder(args)...))
	p.ui.endProgress()
	p.ui.endGathered()
	code := exitCode(err)
	if err == nil && p.errors > 0 {
		code = exitAnomalies
	}
	if err != nil && !errors.Is(err, errReported) {
		p.ui.fail(err, code)
	}
	return p.heard(err, code)
}

// heard is the exit code once standard output has its say: what was asked for
// and did not arrive is a failure, whatever the command found.
func (p *program) heard(err error, code int) int {
	cut := p.ui.out.failed()
	if cut == nil || code != exitOK && code != exitAnomalies && !errors.Is(err, errReported) {
		return code
	}
	p.ui.cutShort(cut)
	return exitFailed
}

// errReported is the error of a command that has said all there is to say;
// errUsage wraps what was asked wrongly.
var (
	errReported = errors.New("already reported")
	errUsage    = errors.New("usage")
)

// classes tells the exit code of the anomalies that stop a command.
var classes = map[anomalie.Classe]int{
	anomalie.Autre:          exitFailed,
	anomalie.Introuvable:    exitNotFound,
	anomalie.Illisible:      exitUnreadable,
	anomalie.PieceManquante: exitPiece,
	anomalie.TropGrand:      exitTooLarge,
	anomalie.Verification:   exitVerification,
	anomalie.Coffre:         exitVault,
	anomalie.Usage:          exitUsage,
}

func exitCode(err error) int {
	var a *anomalie.Anomalie
	var coded interface{ ExitCode() int }
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &a):
		return classes[a.Classe()]
	case errors.Is(err, errUsage):
		return exitUsage
	case errors.As(err, &coded):
		return coded.ExitCode()
	}
	return exitFailed
}
