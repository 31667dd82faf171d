package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"

	"paye/internal/lang"
)

//go:embed templates/*.html
var ownTemplates embed.FS

// templates holds every page twice, once a language: a text is chosen when the
// page is made, not when it is parsed.
type templates struct {
	base  [2]*template.Template
	pages [2]map[string]*template.Template
}

var bothLanguages = [2]lang.Language{lang.French, lang.English}

func newTemplates() (*templates, error) {
	t := &templates{}
	for i, l := range bothLanguages {
		base, err := template.New("base").Funcs(functions(l)).ParseFS(ownTemplates, "templates/base_*.html")
		if err != nil {
			return nil, fmt.Errorf("read the templates of the layout: %w", err)
		}
		t.base[i], t.pages[i] = base, map[string]*template.Template{}
	}
	return t, t.add(ownTemplates, "templates/page_*.html")
}

// add parses the pages of a file system; a page is called after its file,
// without page_ and .html.
func (t *templates) add(files fs.FS, pattern string) error {
	names, err := fs.Glob(files, pattern)
	if err != nil || len(names) == 0 {
		return fmt.Errorf("no template matches %s: %w", pattern, err)
	}
	for _, file := range names {
		name := strings.TrimPrefix(strings.TrimSuffix(path.Base(file), ".html"), "page_")
		for i := range bothLanguages {
			clone, err := t.base[i].Clone()
			if err == nil {
				clone, err = clone.ParseFS(files, file)
			}
			if err != nil {
				return fmt.Errorf("read the template of the page %s: %w", name, err)
			}
			if t.pages[i][name] != nil {
				return fmt.Errorf("two pages are called %s", name)
			}
			t.pages[i][name] = clone
		}
	}
	return nil
}

// Templates adds the pages of a package: every *.html of a file system that
// matches pattern. A page is called after its file.
func (s *Site) Templates(files fs.FS, pattern string) error { return s.pages.add(files, pattern) }

func (t *templates) render(w io.Writer, l lang.Language, name, what string, p *Page) error {
	page := t.pages[l][name]
	if page == nil {
		return inLayout(name, fs.ErrNotExist)
	}
	if what == "live" && page.Lookup("live") == nil {
		what = "layout"
	}
	if err := page.ExecuteTemplate(w, what, p); err != nil {
		return inLayout(name, err)
	}
	return nil
}

// functions are what templates can call.
// blanks are where French has a space that no line may end at.
var blanks = strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»", " ?", "\u00a0?", " !", "\u00a0!", " ;", "\u00a0;", " :", "\u00a0:")

// text is a text of a page: the French one is set as it is printed.
func text(fr, en string) lang.Text { return lang.Text{FR: blanks.Replace(fr), EN: en} }

func functions(l lang.Language) template.FuncMap {
	return template.FuncMap{
		"t":       func(fr, en string, args ...any) string { return text(fr, en).In(l, args...) },
		"date":    Date,
		"instant": Instant,
		"number":  func(n any) string { return lang.Text{FR: "%d", EN: "%d"}.In(l, n) },
		"bytes":   func(n int64) string { return Bytes(l, n) },
		"amount":  func(centimes int64) string { return Amount(l, centimes) },
		"asset":   asset,
		"list":    func(items ...any) []any { return items },
		"add":     func(a, b int) int { return a + b },
		"sign":    func(k Kind) string { return k.sign() },
		"iso":     isoTime,
	}
}
