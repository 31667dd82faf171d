package gestion

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"paye/vault"
	"paye/web/ui/uitest"
)

// put sends a part of a file and gives the answer.
func put(t *testing.T, v *uitest.Visitor, id, name string, from, total int, part []byte) (status int, size int) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPut, v.URL+"/gestion/televersements/"+id+"?nom="+name, bytes.NewReader(part))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, from+len(part)-1, total))
	p := v.Do(r)
	var answer struct{ Recu int }
	if strings.HasPrefix(p.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal([]byte(p.Body), &answer); err != nil {
			t.Fatal(err)
		}
	}
	return p.Status, answer.Recu
}

func TestUploadGoesOnWhereItWasCut(t *testing.T) {
	b := newBench(t)
	v, eve := b.user(t, "claire", "*", vault.Droits...), b.user(t, "eve", "*", vault.Droits...)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(v.Post("/gestion/televersements").Body), &made); err != nil {
		t.Fatal(err)
	}
	text := []byte(`{"entete":{}}` + strings.Repeat(" ", 1000))
	if status, size := put(t, v, made.ID, "run.jsonl", 0, len(text), text[:400]); status != 200 || size != 400 {
		t.Errorf("first part: %d, %d", status, size)
	}
	for _, from := range []int{0, 300, 500} {
		if status, size := put(t, v, made.ID, "run.jsonl", from, len(text), text[from:]); status != 409 || size != 400 {
			t.Errorf("from %d: %d, %d", from, status, size)
		}
	}
	if status, _ := put(t, eve, made.ID, "run.jsonl", 400, len(text), text[400:]); status != 404 {
		t.Errorf("of another: %d", status)
	}
	if status, _ := put(t, v, made.ID, "..", 0, 3, []byte("abc")); status != 404 {
		t.Errorf("a name that leaves: %d", status)
	}
	if status, size := put(t, v, made.ID, "run.jsonl", 400, len(text), text[400:]); status != 200 || size != len(text) {
		t.Errorf("last part: %d, %d", status, size)
	}
	drop(t, eve, "/gestion/preparer", "televersement=="+made.ID).Want(t, 404, "n’existe pas")
	page := drop(t, v, "/gestion/preparer", "televersement=="+made.ID)
	if !strings.HasPrefix(page.Path, "/gestion/preparer/") || !page.Has("1 fichier") {
		t.Errorf("taken over: %s %s", page.Path, page.Text())
	}
}
