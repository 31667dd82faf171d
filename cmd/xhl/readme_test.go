package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"paye/internal/lang"
	"paye/pespj"
)

var updateDocs = flag.Bool("update-docs", false, "write what the commands say into the sessions of the documents")

// documents are the pages for people, by their language.
var documents = map[string]lang.Language{
	"README.md": lang.English, "docs/guide.md": lang.English,
	"README.fr.md": lang.French, "docs/guide.fr.md": lang.French,
	"docs/sending.md": lang.English, "docs/sending.fr.md": lang.French,
	"docs/install.md": lang.English, "docs/install.fr.md": lang.French,
	"docs/howto.md": lang.English, "docs/howto.fr.md": lang.French,
	"docs/etats.md": lang.English, "docs/etats.fr.md": lang.French,
	"docs/vault.md": lang.English, "docs/vault.fr.md": lang.French,
}

// block is a fenced block of a document.
type block struct {
	info   string // what follows the opening fence
	before string // shell command of the comment "before:" above it, not shown to readers
	text   string
	at, to int // where text stands in the document
}

var fence = regexp.MustCompile("(?ms)^(?:<!-- before: ([^\n]*?) -->\n+)?```([^\n]+)\n(.*?)^```$")

func blocks(doc string) []block {
	var list []block
	for _, m := range fence.FindAllStringSubmatchIndex(doc, -1) {
		b := block{info: doc[m[4]:m[5]], text: doc[m[6]:m[7]], at: m[6], to: m[7]}
		if m[2] >= 0 {
			b.before = doc[m[2]:m[3]]
		}
		list = append(list, b)
	}
	return list
}

// TestSessionsOfTheDocumentsAreReal plays every "console" block: a line "$ xhl …"
// or "$ go run ./cmd/xhl …" is run, what follows is all that it prints. A last
// line "…" leaves the rest out. The sessions of a document follow each other
// in one folder, which is the home folder too and holds a copy of the example;
// a block with a file name is written there. A command that ends with "&" is
// "xhl serve", and goes on until the end of the document. What is new at each
// run, such as the numbers of a vault, is replaced (see mask).
func TestSessionsOfTheDocumentsAreReal(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for name := range documents {
		t.Run(name, func(t *testing.T) {
			doc := readDocument(t, name)
			work := t.TempDir()
			example := filepath.Join("testdata", "exemple")
			if err := os.CopyFS(filepath.Join(work, example), os.DirFS(filepath.Join(root, example))); err != nil {
				t.Fatal(err)
			}
			t.Chdir(work)
			var updated strings.Builder
			m := &mask{home: work, lang: documents[name]}
			defer m.stop()
			sessions, end := 0, 0
			for _, b := range blocks(doc) {
				if b.before != "" {
					if out, err := exec.Command("sh", "-ec", b.before).CombinedOutput(); err != nil {
						t.Fatalf("%s: %v\n%s", b.before, err, out)
					}
				}
				kind, file, _ := strings.Cut(b.info, " ")
				if file != "" {
					writeUnder(t, filepath.Join(work, file), b.text)
				}
				if kind != "console" {
					continue
				}
				sessions++
				got := m.play(t, b.text)
				updated.WriteString(doc[end:b.at] + got)
				end = b.to
				if !*updateDocs {
					if diff := cmp.Diff(b.text, got); diff != "" {
						t.Errorf("the session is not what happens (-document +program):\n%s", diff)
					}
				}
			}
			if sessions == 0 {
				t.Error("no session found")
			}
			if *updateDocs {
				if err := os.WriteFile(filepath.Join(root, name), []byte(updated.String()+doc[end:]), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func readDocument(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func writeUnder(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// mask shows what varies from one run to another as a document has it: the home
// folder, the numbers that a vault draws, dates, its key, the server's port.
// Numbers keep who is who, so that a command may use one of an earlier answer.
type mask struct {
	home   string
	lang   lang.Language
	ids    [][2]string // as drawn, as shown
	listen string      // address of the server
	end    func()
}

var (
	drawn    = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	shownID  = regexp.MustCompile(`\b[0-9a-f]{8,32}\b`)
	seconds  = regexp.MustCompile(`\b\d\d/\d\d/20\d\d \d\d:\d\d:\d\d\b`)
	moments  = regexp.MustCompile(`\b(20\d\d-\d\d-\d\d|\d\d/\d\d/20\d\d) \d\d:\d\d:\d\d (?:[A-Z]{2,5}|[-+]\d\d)\b`) // with its zone
	days     = regexp.MustCompile(`\b\d\d/\d\d/20\d\d\b`)
	expiry   = regexp.MustCompile(`(complete on|complet le) \d\d/\d\d/20\d\d\b`) // of backups, a month later
	verifier = regexp.MustCompile(`xhl-coffre-[0-9a-f]{8}\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*`)
)

const documentPort = "127.0.0.1:8473"

// under is a command that the program is played with in place of its own code,
// such as "wine xhl.exe": what the documents show is so for Windows too.
var under = os.Getenv("XHL_UNDER")

// run is the program, of this process or under another.
func (m *mask) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if under == "" {
		return run(ctx, args, strings.NewReader(""), stdout, stderr, m.getenv)
	}
	words := append(strings.Fields(under), args...)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	// Wine does not hand over HOME. A thread that is stopped by force is now and
	// then one fault too many for it.
	cmd.Env = append(os.Environ(), "GODEBUG=asyncpreemptoff=1", "LANG="+m.getenv("LANG"), "LC_ALL="+m.getenv("LANG"), "USER=",
		"XHL_CONFIG="+filepath.Join(m.home, ".config", "xhl", "xhl.conf"), "XHL_STATE="+filepath.Join(m.home, ".local", "state", "xhl"))
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		fmt.Fprintln(stderr, err)
	}
	return cmd.ProcessState.ExitCode()
}

// onDrive is the drive that Wine shows the disk of this machine as.
var onDrive = regexp.MustCompile(`\b[Zz]:/`)

// show is what a command said, as a document has it.
func (m *mask) show(out string) string {
	if under != "" {
		out = onDrive.ReplaceAllString(strings.ReplaceAll(out, `\`, "/"), "/")
	}
	for _, id := range drawn.FindAllString(out, -1) {
		if !slices.ContainsFunc(m.ids, func(known [2]string) bool { return known[0] == id }) {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d", len(m.ids)))
			m.ids = append(m.ids, [2]string{id, hex.EncodeToString(sum[:16])})
		}
	}
	for _, id := range m.ids {
		out = strings.ReplaceAll(out, id[0], id[1])
		out = strings.ReplaceAll(out, id[0][:8], id[1][:8])
	}
	out = strings.ReplaceAll(out, m.home, "/home/camille")
	out = moments.ReplaceAllStringFunc(out, func(moment string) string {
		if moment[4] == '-' {
			return "2026-06-02 09:30:00 CEST"
		}
		return "02/06/2026 09:30:00 CEST"
	})
	out = seconds.ReplaceAllString(out, "02/06/2026 09:30:00")
	out = days.ReplaceAllString(out, "02/06/2026")
	out = expiry.ReplaceAllString(out, "$1 02/07/2026")
	out = verifier.ReplaceAllString(out, "xhl-coffre-5feceb66+ffc86f38+AWuDazO6Q7aZ0kDr1fVV2Bq7mYc3nX1oWl8Zt4uJr5eP")
	if m.listen != "" {
		out = strings.ReplaceAll(out, m.listen, documentPort)
	}
	return out
}

// command is what a document says to run, as it is run.
func (m *mask) command(line string) []string {
	line = shownID.ReplaceAllStringFunc(line, func(shown string) string {
		for _, id := range m.ids {
			if strings.HasPrefix(id[1], shown) {
				return id[0][:len(shown)]
			}
		}
		return shown
	})
	if m.listen != "" {
		line = strings.ReplaceAll(line, documentPort, m.listen)
	}
	return strings.Fields(line)
}

func (m *mask) getenv(name string) string {
	switch name {
	case "HOME":
		return m.home
	case "LANG":
		return map[lang.Language]string{lang.English: "en_GB.UTF-8", lang.French: "fr_FR.UTF-8"}[m.lang]
	}
	return ""
}

// shellWords are the commands of the system that a document may show.
var shellWords = []string{"tar", "rm", "cp", "mv", "mkdir"}

// play runs the commands of a session and returns it as it goes on a screen.
func (m *mask) play(t *testing.T, session string) string {
	t.Helper()
	var played strings.Builder
	for _, step := range strings.Split("\n"+session, "\n$ ")[1:] {
		command, shown, _ := strings.Cut(step, "\n")
		args, ours := strings.CutPrefix(command, "xhl ")
		if !ours {
			args, ours = strings.CutPrefix(command, "go run ./cmd/xhl ")
		}
		word, _, _ := strings.Cut(command, " ")
		var out string
		if !ours && slices.Contains(shellWords, word) {
			said, err := exec.Command("sh", "-c", command).CombinedOutput()
			if err != nil {
				t.Fatalf("%s: %v\n%s", command, err, said)
			}
			out = m.show(string(said))
		} else if !ours {
			t.Fatalf("%q is not a command of xhl", command)
		} else if background, is := strings.CutSuffix(args, " &"); is {
			out = m.show(m.serve(t, m.command(background)))
		} else {
			var screen bytes.Buffer
			m.run(context.Background(), m.command(args), &screen, &screen)
			out = m.show(screen.String())
		}
		if kept, cut := strings.CutSuffix(strings.TrimSpace(shown), "…"); cut {
			lines := strings.SplitAfter(out, "\n")
			out = strings.Join(lines[:min(len(lines), strings.Count(kept, "\n"))], "") + "…\n"
		}
		played.WriteString("$ " + command + "\n" + out)
	}
	return played.String()
}

// serve starts a server and returns the line that says where it listens.
func (m *mask) serve(t *testing.T, args []string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, w := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- m.run(ctx, append(args, "--listen", "127.0.0.1:0"), io.Discard, w)
		w.Close()
	}()
	lines := bufio.NewReader(r)
	first, err := lines.ReadString('\n')
	go io.Copy(io.Discard, lines) // the log, until the end
	m.end = func() {
		cancel()
		if code := <-ended; code != 0 && under == "" {
			t.Errorf("the server ended with %d", code)
		}
	}
	_, m.listen, _ = strings.Cut(strings.TrimSpace(first), "http://")
	if err != nil || m.listen == "" {
		t.Fatalf("the server does not listen: %q, %v", first, err)
	}
	return first
}

func (m *mask) stop() {
	if m.end != nil {
		m.end()
	}
}

// rows are the tables of a document: their cells, without back quotes.
func rows(doc string) [][]string {
	var list [][]string
	for line := range strings.Lines(doc) {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "|") {
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i, c := range cells {
				cells[i] = strings.Trim(strings.TrimSpace(c), "`")
			}
			list = append(list, cells)
		}
	}
	return list
}

// section is what stands below a heading that begins with title.
func section(t *testing.T, doc, title string) string {
	t.Helper()
	_, after, found := strings.Cut(doc, "\n## "+title)
	if !found {
		t.Fatalf("no section %q", title)
	}
	text, _, _ := strings.Cut(after, "\n## ")
	return text
}

// headings of the sections of the README, by language.
var headings = map[lang.Language]struct{ commands, exits, limits string }{
	lang.English: {"Commands", "Exit codes", "Limits"},
	lang.French:  {"Commandes", "Codes de retour", "Limites"},
}

func TestReadmeListsEachCommandOnce(t *testing.T) {
	for _, name := range []string{"README.md", "README.fr.md"} {
		p := newProgram(nil, nil, nil, nil, func(string) string { return "" })
		var want, got []string
		for _, c := range p.commands() {
			want = append(want, "xhl "+c.Name)
		}
		for _, r := range rows(section(t, readDocument(t, name), headings[documents[name]].commands)) {
			if strings.HasPrefix(r[0], "xhl ") {
				got = append(got, r[0])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-program +document):\n%s", name, diff)
		}
	}
}

func TestReadmeListsTheExitCodesOfTheProgram(t *testing.T) {
	want := exitConstants(t)
	for _, name := range []string{"README.md", "README.fr.md"} {
		var got []string
		for _, r := range rows(section(t, readDocument(t, name), headings[documents[name]].exits)) {
			if strings.Trim(r[0], "0123456789") == "" {
				got = append(got, r[0])
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-program +document):\n%s", name, diff)
		}
	}
}

// exitConstants are the values of the exit… constants of main.go.
func exitConstants(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "main.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.CONST {
			continue
		}
		for _, s := range g.Specs {
			v := s.(*ast.ValueSpec)
			if value, ok := v.Values[0].(*ast.BasicLit); ok && strings.HasPrefix(v.Names[0].Name, "exit") {
				list = append(list, value.Value)
			}
		}
	}
	return list
}

func TestReadmeListsTheLimitsOfThePlatforms(t *testing.T) {
	number := lang.Text{FR: "%d", EN: "%d"}
	sure := lang.Text{FR: "oui", EN: "yes"}
	notSure := lang.Text{FR: "non", EN: "no"}
	for _, name := range []string{"README.md", "README.fr.md"} {
		lang := documents[name]
		var want, got []string
		for _, p := range pespj.Plateformes {
			exact := notSure
			if p.Sure {
				exact = sure
			}
			want = append(want, fmt.Sprintf("%s %s %s", p.Nom, plainSpaces(number.In(lang, p.Octets)), exact.In(lang)))
		}
		for _, r := range rows(section(t, readDocument(t, name), headings[lang].limits)) {
			if size, err := pespj.ParseLimit(r[0]); err == nil && size > 0 && len(r) > 2 {
				exact, _, _ := strings.Cut(r[2], ",")
				got = append(got, fmt.Sprintf("%s %s %s", r[0], plainSpaces(r[1]), exact))
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-program +document):\n%s", name, diff)
		}
	}
}

func plainSpaces(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}

var link = regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)

func TestLinksOfTheDocumentsLeadSomewhere(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join("..", "..", "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Glob(filepath.Join("..", "..", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, page := range slices.Concat(top, pages) {
		data, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(data), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", filepath.Base(page), m[1], err)
			}
		}
	}
	if links == 0 {
		t.Error("no link found")
	}
}
