package gestion

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"paye/app/sync"
	"paye/hr/luccatest"
	"paye/vault"
)

// hrTool gives the console an HR tool.
func (b *bench) hrTool(t testing.TB) {
	t.Helper()
	b.hrToolOf(t, luccatest.Sample(), time.Date(2026, 9, 15, 8, 0, 0, 0, time.UTC), "21310555400017")
}

// hrToolOf gives the console the HR tool of an employer.
func (b *bench) hrToolOf(t testing.TB, tenant *luccatest.Tenant, now time.Time, employeur string) {
	t.Helper()
	dir := t.TempDir()
	t.Cleanup(tenant.Start())
	for name, text := range map[string]string{"ca.pem": string(tenant.CA()), "mapping.yaml": strings.ReplaceAll(tenant.Mapping("ca.pem", ""), "21310555400017", employeur)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	clock := luccatest.NewClock(now)
	options := func(who string) sync.Options {
		return sync.Options{Mapping: filepath.Join(dir, "mapping.yaml"), State: b.dir, Ledger: b.dir, User: who, Key: luccatest.Key, Clock: clock, Random: rand.Reader, Host: "banc"}
	}
	b.o.HR = func(ctx context.Context, who string) (*sync.Job, error) { return sync.OpenMemory(ctx, options(who)) }
	b.o.HRSource = func(ctx context.Context, who string) (*sync.Job, error) { return sync.Open(ctx, options(who)) }
}

func TestAgentsAreTakenOverFromThePage(t *testing.T) {
	b := newBench(t)
	b.hrTool(t)
	v := b.user(t, "claire", "*", vault.DroitDepot)
	start := v.Get("/gestion/rh").Want(t, 200, "Dernière synchronisation aucune encore")
	v.Post("/gestion/rh/synchroniser", "envoi", start.Field("envoi"), "essai", "oui")
	settled(t, v, "/gestion/rh").Want(t, 200, "Essai : rien n’est écrit")
	v.Get("/gestion/rh").Want(t, 200, "Dernière synchronisation aucune encore")
	v.Post("/gestion/rh/synchroniser", "envoi", v.Get("/gestion/rh").Field("envoi"))
	done := settled(t, v, "/gestion/rh").Want(t, 200, "Synchronisation faite")
	for _, says := range []string{"Profils complets", "Profils incomplets", "À confirmer", "En conflit", "Agents créés", "arrivée"} {
		if !done.Has(says) {
			t.Errorf("the page does not say %q: %s", says, done.Text())
		}
	}
	if done.Has("aucune encore") {
		t.Error("the last synchronisation is not told")
	}
	for _, ext := range []string{"pdf", "xlsx", "csv"} {
		if got := v.Get("/gestion/rh/recap." + ext); got.Status != 200 || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") || got.Body == "" {
			t.Errorf("%s: %d", ext, got.Status)
		}
	}
	v.Post("/gestion/rh/decider", "fiche", "101", "quoi", "link", "matricule", "").Want(t, 422, "le matricule de l’agent")
	v.Post("/gestion/rh/decider", "fiche", "101", "quoi", "link", "matricule", "personne")
	settled(t, v, "/gestion/rh").Want(t, 200, "Aucun agent ne répond au nom")
	b.user(t, "eve", "13002526500013", vault.Droits...).Post("/gestion/rh/synchroniser").Want(t, 404, "n’existe pas")
}
