package state

import (
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestDirFollowsItsOrder(t *testing.T) {
	root := "/"
	if runtime.GOOS == "windows" {
		root = `C:\`
	}
	at := func(path string) string { // where path, below the root, is on this system
		if !strings.HasPrefix(path, "/") {
			return path
		}
		return root + filepath.FromSlash(path[1:])
	}
	for _, c := range []struct {
		name, flag string
		env        map[string]string
		want       string
	}{
		{"flag first", "/s", map[string]string{"XHL_STATE": "/x", "HOME": "/h"}, "/s"},
		{"then XHL_STATE", "", map[string]string{"XHL_STATE": "/x", "XDG_STATE_HOME": "/d", "HOME": "/h"}, "/x"},
		{"then XDG", "", map[string]string{"XDG_STATE_HOME": "/d", "HOME": "/h"}, "/d/xhl"},
		{"relative XDG is ignored", "", map[string]string{"XDG_STATE_HOME": "d", "HOME": "/h"}, "/h/.local/state/xhl"},
		{"then LocalAppData, without a home", "", map[string]string{"LocalAppData": "/local"}, "/local/xhl"},
		{"home before LocalAppData", "", map[string]string{"LocalAppData": "/local", "HOME": "/h"}, "/h/.local/state/xhl"},
		{"then home", "", map[string]string{"HOME": "/h"}, "/h/.local/state/xhl"},
	} {
		got, err := Dir(at(c.flag), func(k string) string { return at(c.env[k]) })
		if err != nil || got != at(c.want) {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, at(c.want))
		}
	}
	if _, err := Dir("", func(string) string { return "" }); err == nil {
		t.Error("no home: no error")
	}
}

func TestLedgerIsInTheStateFolderUnlessAnURLSaysElse(t *testing.T) {
	for _, c := range []struct{ name, flag, env, want string }{
		{"flag first", "postgres://a/b", "postgres://c/d", "postgres://a/b"},
		{"then XHL_LEDGER", "", "postgres://c/d", "postgres://c/d"},
		{"else the folder", "", "", "/s"},
	} {
		if got := Ledger(c.flag, "/s", func(string) string { return c.env }); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
