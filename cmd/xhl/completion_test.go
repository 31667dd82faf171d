package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// question is what somebody has typed when he asks for more, the last word being
// the one under way, and what he is to be shown.
type question struct {
	typed []string
	want  []string
}

// questions asks for what follows each command, for its options, and for the
// values of those that have a list.
func questions(top page) (list []question) {
	top.every(func(pg page) {
		list = append(list, question{typed: append(slices.Clone(pg.words), ""), want: pg.next()})
		all, _ := pg.flags()
		list = append(list, question{typed: append(slices.Clone(pg.words), "-"), want: all})
		for _, o := range pg.options {
			if len(o.values) > 0 && o.category != commonOptions {
				list = append(list, question{typed: append(slices.Clone(pg.words), o.names[0], ""), want: o.values})
			}
		}
	})
	return append(list,
		question{typed: []string{"xhl", "vault", "user", "gr"}, want: []string{"grant"}},
		question{typed: []string{"xhl", "--lang", "en", "vault", "re"}, want: []string{"recover", "rekey"}},
		// A value is not taken for a command.
		question{typed: []string{"xhl", "vault", "list", "--user", "add", "--na"}, want: []string{"--nature", "--names"}},
		question{typed: []string{"xhl", "help", "vari"}, want: []string{"variations"}},
	)
}

// asked plays the questions in one run of a shell: script is what it reads,
// line asks one question, and prints the answers and a line "==".
func asked(t *testing.T, shell []string, script string, list []question, line func(question) string) {
	t.Helper()
	if _, err := exec.LookPath(shell[0]); err != nil {
		t.Skipf("%s is not installed", shell[0])
	}
	var b strings.Builder
	b.WriteString(script)
	for _, q := range list {
		b.WriteString(line(q) + "\n")
	}
	cmd := exec.Command(shell[0], shell[1:]...)
	cmd.Dir, cmd.Stdin = t.TempDir(), strings.NewReader(b.String())
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "TERM=dumb", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%.2000s", shell[0], err, out)
	}
	answers := strings.Split(string(out), "==\n")
	if len(answers) != len(list)+1 {
		t.Fatalf("%s gives %d answers to %d questions:\n%.2000s", shell[0], len(answers)-1, len(list), out)
	}
	for i, q := range list {
		got := strings.Fields(answers[i])
		want := slices.Clone(q.want)
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(strings.Join(want, " "), strings.Join(got, " ")); diff != "" {
			t.Errorf("%s (-wanted +shown):\n%s", strings.Join(q.typed, " "), diff)
		}
	}
}

func completed(t *testing.T) (p *program, top page) {
	t.Helper()
	p = newProgram(nil, os.Stdin, io.Discard, io.Discard, func(string) string { return "" })
	top = p.reference()
	n := 0
	top.every(func(page) { n++ })
	if n < 50 {
		t.Fatalf("%d commands found only", n)
	}
	return p, top
}

func TestBashCompletesEveryCommand(t *testing.T) {
	_, top := completed(t)
	script := bashCompletion(top) + `
ask() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); _xhl; printf '%s\n' "${COMPREPLY[@]}"; echo ==; }
`
	list := append(questions(top),
		question{typed: []string{"xhl", "build", "--format", "=", "z"}, want: []string{"zip"}},
		question{typed: []string{"xhl", "build", "--format", "=", "zip", "--by", ""}, want: []string{"etablissement", "service"}})
	asked(t, []string{"bash", "--norc", "--noprofile"}, script, list, func(q question) string { return "ask " + words(q.typed) })
}

// words quotes each word for a shell.
func words(list []string) string {
	var b []string
	for _, w := range list {
		b = append(b, quoted(w))
	}
	return strings.Join(b, " ")
}

// In zsh the functions that show are replaced by some that print what they are
// given and that begins with the word under way.
func TestZshCompletesEveryCommand(t *testing.T) {
	_, top := completed(t)
	script := zshCompletion(top) + `
_files() { : }
show() { local w; for w; do [[ ${w%%:*} == "$PREFIX"* ]] && print -r -- "${w%%:*}"; done }
_describe() { [[ $1 != -o ]] || shift; show "${(@P)2}" }
compadd() { shift; show "$@" }
compset() { PREFIX=${PREFIX#*=} }
ask() { words=("$@") CURRENT=$# PREFIX=$@[-1]; _xhl; print '==' }
`
	list := append(questions(top), question{typed: []string{"xhl", "build", "--format=z"}, want: []string{"zip"}})
	asked(t, []string{"zsh", "-f"}, script, list, func(q question) string { return "ask " + words(q.typed) })
}

func TestFishCompletesEveryCommand(t *testing.T) {
	_, top := completed(t)
	script := fishCompletion(top) + `
function ask; complete -C "$argv" | string replace -r '\t.*' ''; echo '=='; end
`
	list := []question{{typed: []string{"xhl", "build", "--format=z"}, want: []string{"--format=zip"}}}
	for _, q := range questions(top) {
		// The script has one line an option: what options follow is asked of two commands.
		if last := q.typed[len(q.typed)-1]; last != "-" || slices.Contains(q.typed, "build") || slices.Contains(q.typed, "grant") {
			list = append(list, q)
		}
	}
	asked(t, []string{"fish", "--no-config"}, script, list, func(q question) string { return "ask " + quoted(q.typed...) })
}

// PowerShell is not there to judge: the table is held against the commands.
func TestPowershellKnowsEveryCommand(t *testing.T) {
	_, top := completed(t)
	script := powershellCompletion(top)
	top.every(func(pg page) {
		if !strings.Contains(script, fmt.Sprintf("  '%s' = @{ Subs", pg.name())) {
			t.Errorf("the script lacks %q", pg.name())
		}
	})
	for _, want := range []string{"'--format' = @('pes', 'zip', 'xhl');", "-CommandName xhl"} {
		if !strings.Contains(script, want) {
			t.Errorf("the script lacks %q", want)
		}
	}
}

func TestValuesAreThoseThatTheUsageTells(t *testing.T) {
	_, top := completed(t)
	seen := make(map[string]bool)
	top.every(func(pg page) {
		for _, o := range pg.options {
			if len(o.values) > 0 {
				seen[strings.TrimLeft(o.names[0], "-")] = true
			}
		}
	})
	for name := range named() {
		if !seen[name] {
			t.Errorf("the values of --%s belong to no option any more", name)
		}
	}
	for _, name := range []string{"format", "mode", "by", "schema", "charset", "indicateur", "tdt", "cause"} {
		if !seen[name] {
			t.Errorf("--%s has no values", name)
		}
	}
}

func TestManReadsEveryPageInBothLanguages(t *testing.T) {
	dir := t.TempDir()
	if code, _, stderr := inProcess(t.Context(), "man", "-o", dir); code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	_, top := completed(t)
	for below, heading := range map[string]string{"man1": "EXIT STATUS", "fr/man1": "CODES DE RETOUR"} {
		found, err := filepath.Glob(filepath.Join(dir, below, "*.1"))
		if err != nil || len(found) != len(top.subs)+1 {
			t.Errorf("%s: %d pages, %v, want %d", below, len(found), err, len(top.subs)+1)
		}
		text, err := os.ReadFile(filepath.Join(dir, below, "xhl.1"))
		if err != nil || !strings.Contains(string(text), heading) {
			t.Errorf("%s: xhl.1 lacks %q, %v", below, heading, err)
		}
	}
	if _, err := exec.LookPath("groff"); err != nil {
		t.Skip("groff is not installed: the pages are not read")
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	french, err := filepath.Glob(filepath.Join(dir, "fr", "*", "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("groff", append([]string{"-man", "-Kutf8", "-Tutf8", "-ww", "-z"}, append(found, french...)...)...).CombinedOutput()
	if err != nil || len(out) > 0 {
		t.Errorf("groff: %v\n%.2000s", err, out)
	}
}

func TestManualTellsExitCodesAndEnvironment(t *testing.T) {
	var got []string
	for _, e := range exits {
		got = append(got, fmt.Sprint(e.code))
	}
	if diff := cmp.Diff(exitConstants(t), got); diff != "" {
		t.Errorf("exit codes (-program +page):\n%s", diff)
	}
	var told []string
	for _, e := range environment {
		told = append(told, strings.Split(e.name, ", ")...)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range sources {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, call := range strings.Split(string(text), `p.getenv("`)[1:] {
			name, _, _ := strings.Cut(call, `"`)
			if strings.HasPrefix(name, "XHL_") && !slices.Contains(told, name) {
				t.Errorf("%s reads $%s, which the page of the program does not tell", path, name)
			}
		}
	}
}
