package page

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"paye/web/ui/uitest"
)

// The file as it is written, and what its script makes of it, in both languages
// and at each step, are judged by the Nu HTML checker and by axe-core.
func TestPageIsGoodHTMLInBothLanguages(t *testing.T) {
	k := newKit(t)
	judged := t.TempDir()
	var written bytes.Buffer
	if err := Write(&written, &Artefact{Program: []byte("program"), Exec: []byte("// exec\n")}, k.version); err != nil {
		t.Fatal(err)
	}
	keep := func(name string, page []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(judged, name+".html"), page, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	keep("written", written.Bytes())
	dir := month(t)
	w := openPage(t, k)
	look := func(step string) {
		t.Helper()
		for _, lang := range []string{"fr", "en"} {
			uitest.Eval[bool](w.Browser, `(page.lang = "`+lang+`", render(), document.querySelectorAll("details").forEach(d => { d.open = true }), true)`)
			w.Judge(step + " " + lang)
			for _, look := range []struct {
				width  int
				scheme string
			}{{320, "light"}, {1280, "light"}, {320, "dark"}, {1280, "dark"}} {
				if lang == "en" && look.scheme == "dark" {
					continue
				}
				w.Look(look.width, look.scheme)
				if look.width == 320 {
					w.Judge(step + " " + lang + " on a phone")
				}
				w.Shot(step + "-" + lang + "-" + look.scheme + "-" + map[bool]string{true: "large", false: "small"}[look.width > 500])
			}
			html := uitest.Eval[string](w.Browser, `"<!doctype html>\n" + document.documentElement.outerHTML.replace(/<script[^>]*>[^]*?<\/script>/g, "")`)
			keep(step+"-"+lang, []byte(html))
		}
		uitest.Eval[bool](w.Browser, `(page.lang = "fr", render(), true)`)
	}
	look("empty")
	w.dropFolder(dir)
	w.done("state.plan")
	w.Click("#table")
	w.done("state.index")
	look("planned")
	w.Click("input[name=format][value=pes]")
	w.Click("#recalculer")
	w.done("state.wrong?.length === 3")
	look("codes")
	w.Click("input[name=format][value=zip]")
	w.set("limit", "500ko")
	w.Click("#recalculer")
	w.done("state.plan")
	w.Click("#construire")
	w.done("state.built?.files")
	look("built")
	uitest.JudgeHTML(t, judged)
}
