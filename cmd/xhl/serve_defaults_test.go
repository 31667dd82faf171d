package main

import (
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/urfave/cli/v2"

	"paye/web/gestion"
)

// formDefaultsOf reads a configuration file as serve does.
func formDefaultsOf(t *testing.T, text string) (func(siret, budget string) gestion.Defaults, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "xhl.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := newProgram(nil, strings.NewReader(""), io.Discard, io.Discard, func(name string) string { return map[string]string{"XHL_CONFIG": path}[name] })
	return p.formDefaults(cli.NewContext(cli.NewApp(), flag.NewFlagSet("", flag.ContinueOnError), nil))
}

func TestFormsOfTheConsoleHaveWhatTheConfigurationFileHas(t *testing.T) {
	const siret = "21967564200017"
	defaults, err := formDefaultsOf(t, "limit = s2low\ntypfic = PESALR2\n["+siret+"]\nidpost = 006111\ncodcol = 123\ncodbud = 00\n["+siret+" 02]\ncodbud = 02\nlimit = 50Mo\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		siret, budget string
		want          gestion.Defaults
	}{
		{"", "", gestion.Defaults{Limit: "s2low", TypFic: "PESALR2"}},
		{siret, "", gestion.Defaults{Limit: "s2low", TypFic: "PESALR2", IdPost: "006111", CodCol: "123", CodBud: "00"}},
		{siret, "02", gestion.Defaults{Limit: "50Mo", TypFic: "PESALR2", IdPost: "006111", CodCol: "123", CodBud: "02"}},
		{siret, "", gestion.Defaults{Limit: "s2low", TypFic: "PESALR2", IdPost: "006111", CodCol: "123", CodBud: "00"}},
	} {
		if d := cmp.Diff(tc.want, defaults(tc.siret, tc.budget)); d != "" {
			t.Errorf("%s %s: %s", tc.siret, tc.budget, d)
		}
	}
}

func TestLimitOfTheConfigurationFileIsReadBeforeTheConsoleOpens(t *testing.T) {
	for _, text := range []string{"limit = beaucoup\n", "[21967564200017]\nlimit = beaucoup\n"} {
		if _, err := formDefaultsOf(t, text); err == nil || !strings.Contains(err.Error(), "beaucoup") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
