package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// served is a server of the binary, with an account, its session and a token.
type served struct {
	cmd    *exec.Cmd
	url    string
	cookie string
	token  string
	client *http.Client
}

// serve starts the server on an empty machine and makes its first account, as a
// person would.
func (o *options) serve(state string) (*served, error) {
	s := &served{cmd: exec.Command(o.xhl, "serve", "--listen", "127.0.0.1:0", "--state", state, "--json"),
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	s.cmd.Env = append(os.Environ(), "HOME="+filepath.Dir(state), "LANG=en_US.UTF-8")
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	first := ""
	for lines := bufio.NewScanner(out); first == "" && lines.Scan(); {
		var said struct{ Type, Adresse string }
		if json.Unmarshal(lines.Bytes(), &said) != nil {
			continue
		}
		switch said.Type {
		case "ecoute":
			s.url = said.Adresse
		case "premier":
			first = said.Adresse
		}
	}
	if first == "" {
		return nil, errors.Join(errors.New("the server shows no first address"), s.stop())
	}
	go io.Copy(io.Discard, out)
	const word = "une longue phrase de passe"
	if _, err := s.post(first, url.Values{"compte": {"banc"}, "nom": {"Banc"}, "passe": {word}, "passe2": {word}}); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	page, err := s.post(s.url+"/gestion/jetons", url.Values{"nom": {"banc"}, "portees": {"check", "prepare"}, "duree": {"30"}})
	if err != nil {
		return nil, errors.Join(err, s.stop())
	}
	if s.token = regexp.MustCompile(`xhl_[A-Z0-9]+`).FindString(page); s.token == "" {
		return nil, errors.Join(errors.New("no token on the page"), s.stop())
	}
	return s, nil
}

func (s *served) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// post sends a form as a browser does, keeps the session and gives the page.
func (s *served) post(address string, form url.Values) (string, error) {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Cookie", s.cookie)
	resp, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		if c.Value != "" {
			s.cookie = c.Name + "=" + c.Value
		}
	}
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode >= 400 {
		err = fmt.Errorf("%s answered %d", address, resp.StatusCode)
	}
	return string(text), err
}

// check sends a file to the API and gives how long the verdict took.
func (s *served) check(file string) (time.Duration, error) {
	f, err := os.Open(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/check?nom="+filepath.Base(file), f)
	if err != nil {
		return 0, err
	}
	r.ContentLength = info.Size()
	r.Header.Set("Authorization", "Bearer "+s.token)
	start := time.Now()
	resp, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	took := time.Since(start)
	if err != nil || resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("check answered %d: %.200s: %w", resp.StatusCode, text, err)
	}
	return took, nil
}

// memory is a figure of the server's process, in bytes; 0 where /proc has none.
func (s *served) memory(key string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, key+":"); ok {
			n, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				return n << 10
			}
		}
	}
	return 0
}

// firstScreen weighs the page that somebody sees first, with all that it asks
// for, as the server sends it.
func (s *served) firstScreen() (string, error) {
	table := "\n## First screen\n\n| what | bytes |\n|---|---:|\n"
	page, err := s.get("/connexion")
	if err != nil {
		return "", err
	}
	total := len(page)
	table += fmt.Sprintf("| `/connexion` | %d |\n", len(page))
	var seen []string
	for _, m := range regexp.MustCompile(`(?:href|src)="(/actifs/[^"]+)"`).FindAllSubmatch(page, -1) {
		path := string(m[1])
		if slices.Contains(seen, path) {
			continue
		}
		seen = append(seen, path)
		part, err := s.get(path)
		if err != nil {
			return "", err
		}
		total += len(part)
		table += fmt.Sprintf("| `%s` | %d |\n", path, len(part))
	}
	return table + fmt.Sprintf("| all | %d |\n", total), nil
}

// get asks for something as a browser that takes no compression.
func (s *served) get(path string) ([]byte, error) {
	resp, err := s.client.Get(s.url + path)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %d", path, resp.StatusCode)
	}
	return io.ReadAll(resp.Body)
}

// build begins a build through the API and gives where it is asked for.
func (s *served) build(journal string) (string, error) {
	text, err := os.ReadFile(journal)
	if err != nil {
		return "", err
	}
	r, err := http.NewRequest(http.MethodPost, s.url+"/api/v1/build?format=zip&limit=8Mo&nom=journal.xhl", bytes.NewReader(text))
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		return "", fmt.Errorf("build answered %d", resp.StatusCode)
	}
	return resp.Header.Get("Location"), nil
}

// running reports whether a job is under way.
func (s *served) running(job string) (state string, err error) {
	r, err := http.NewRequest(http.MethodGet, s.url+job, nil)
	if err != nil {
		return "", err
	}
	r.Header.Set("Authorization", "Bearer "+s.token)
	resp, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	var j struct{ Etat string }
	err = json.NewDecoder(resp.Body).Decode(&j)
	return j.Etat, err
}
