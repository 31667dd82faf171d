package gestion

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
)

// sendRaw sends the body of a form with files as it stands.
func sendRaw(t *testing.T, v *uitest.Visitor, body string) uitest.Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, v.URL+"/gestion/preparer", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=limite")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return v.Do(r)
}

// aPart is a file of a form.
func aPart(name string) string {
	return fmt.Sprintf("--limite\r\nContent-Disposition: form-data; name=\"dossier\"; filename=\"%s\"\r\n\r\nbonjour\r\n", name)
}

func TestStrangeUploadIsNoFaultOfTheMachine(t *testing.T) {
	b := newBench(t)
	v := b.user(t, "claire", "*", vault.Droits...)
	const end = "--limite--\r\n"
	for name, c := range map[string]struct {
		body   string
		status int
		says   string
	}{
		"a name that no disk takes":        {aPart(strings.Repeat("é", 300)+".pdf") + end, 200, "aucun n'est un journal"},
		"a file that is a folder too":      {aPart("a") + aPart("a/b") + end, 422, "Deux fichiers"},
		"a folder that is a file too":      {aPart("a/b") + aPart("a") + end, 422, "Deux fichiers"},
		"a header that is none":            {aPart("a\r\nb") + end, 422, ""},
		"a form that stops before it ends": {aPart("journal.xhl"), 422, ""},
	} {
		got := sendRaw(t, v, c.body)
		if got.Status == 200 {
			got = settled(t, v, got.Path)
		}
		if got.Status != c.status || !got.Has(c.says) {
			t.Errorf("%s: %d, want %d and %q: %s", name, got.Status, c.status, c.says, got.Text())
		}
	}
	if log := b.log.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("the log has errors: %s", log)
	}
}
