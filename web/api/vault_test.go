package api

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"paye/app/send"
	"paye/app/send/sendtest"
	"paye/vault"
	"paye/web/gestion"
	"paye/web/token"
)

// siretExemple is the employer of the example.
const siretExemple = "21967564200017"

// employeur records the employer of the example, with its archive.
func (b *bench) employeur(double bool) {
	b.t.Helper()
	sys := vault.Systeme("console")
	if err := b.v.Registre().AddEmployeur(b.t.Context(), sys, siretExemple, "Commune", nil); err != nil {
		b.t.Fatal(err)
	}
	if err := b.v.Registre().SetEmployeur(b.t.Context(), sys, siretExemple, func(e *vault.Employeur) { e.Actif, e.DoubleValidation = true, double }); err != nil {
		b.t.Fatal(err)
	}
	if err := b.v.Fiches().Put(b.t.Context(), sys, vault.Fiche{Genre: "web.archive", Cle: siretExemple, Valeur: []byte(strconv.Quote(b.t.TempDir()))}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) grant(login, over string, rights ...vault.Droit) {
	b.t.Helper()
	if err := b.v.Comptes().Grant(b.t.Context(), vault.Systeme("essai"), login, over, rights...); err != nil {
		b.t.Fatal(err)
	}
}

func TestBulletinsAreDepositedAndDecidedByPrograms(t *testing.T) {
	b := newBench(t)
	b.employeur(true)
	b.grant("robot", siretExemple, vault.DroitDepot, vault.DroitSuivi, vault.DroitValidation)
	b.grant("autre", siretExemple, vault.DroitSuivi, vault.DroitValidation)
	robot, second := b.token("robot", token.Vault), b.token("autre", token.Vault)
	base := "/api/v1/vault/" + siretExemple
	if status, v, _ := b.ask("POST", base+"/depots?nom=paye.xhl", b.token("robot", token.Check), journal(t)); status != 403 || v["code"] != NoScope {
		t.Errorf("without the scope: %d %v", status, v)
	}
	if status, v, _ := b.ask("POST", base+"/depots?nom=paye.xhl", second, journal(t)); status != 404 {
		t.Errorf("without the right: %d %v", status, v)
	}
	if status, v, _ := b.ask("POST", "/api/v1/vault/13002526500013/depots", robot, journal(t)); status != 404 {
		t.Errorf("of another employer: %d %v", status, v)
	}
	status, d, h := b.ask("POST", base+"/depots?nom=paye.xhl", robot, journal(t), "Idempotency-Key", "mai")
	if status != 202 {
		t.Fatalf("%d %v", status, d)
	}
	done := b.settled(h.Get("Location"), robot)
	if done["etat"] != "fini" || done["versement"] == nil {
		t.Fatalf("%v", done)
	}
	if _, again, _ := b.ask("POST", base+"/depots?nom=paye.xhl", robot, journal(t), "Idempotency-Key", "mai"); again["id"] != d["id"] {
		t.Errorf("the same again is %v, was %v", again["id"], d["id"])
	}
	if status, v, _ := b.ask("GET", h.Get("Location"), second, nil); status != 404 {
		t.Errorf("a deposit of another: %d %v", status, v)
	}
	_, list, _ := b.ask("GET", base+"/versements", second, nil)
	rows, _ := list["versements"].([]any)
	if len(rows) != 1 {
		t.Fatalf("%v", list)
	}
	one := rows[0].(map[string]any)
	if one["bulletins"] != one["deposes"].(float64)+one["papier"].(float64)+one["refuses"].(float64)+one["en_attente"].(float64) || one["bulletins"] != 40.0 {
		t.Errorf("the count does not add up: %v", one)
	}
	at := base + "/versements/" + one["numero"].(string)
	decide := func(who, body string) (int, map[string]any) {
		status, v, _ := b.ask("POST", at+"/decision", who, []byte(body))
		return status, v
	}
	if status, v := decide(robot, `{"decision":"valider"}`); status != 422 {
		t.Errorf("who deposited validates: %d %v", status, v)
	}
	for _, body := range []string{`{"decision":"oui"}`, `{"decison":"valider"}`, `[]`, `{`} {
		if status, v := decide(second, body); status != 422 || v["code"] != BadBody {
			t.Errorf("%s: %d %v", body, status, v)
		}
	}
	if status, v := decide(second, `{"decision":"rejeter"}`); status != 422 {
		t.Errorf("a rejection without a reason: %d %v", status, v)
	}
	if status, v := decide(second, `{"decision":"valider"}`); status != 200 || v["valides"] != 40.0 || v["valide_par"] != "autre" {
		t.Errorf("%d %v", status, v)
	}
	if status, v, _ := b.ask("GET", at, robot, nil); status != 200 || v["valides"] != 40.0 {
		t.Errorf("%d %v", status, v)
	}
}

func TestFluxLeavesOnceAndComesBackPieceByPiece(t *testing.T) {
	deposits := t.TempDir()
	b := newBench(t, func(o *gestion.Options) {
		o.Tdt = &gestion.Platform{Name: "folder", Open: func(context.Context) (*send.Sender, error) {
			return &send.Sender{Tdt: send.NewFolder(deposits, ""), Sleep: func(context.Context, time.Duration) error { return nil }}, nil
		}}
	})
	b.grant("robot", "*", vault.DroitDepot)
	robot, autre := b.token("robot", token.Prepare, token.Flux, token.Send), b.token("autre", token.Flux, token.Send)
	_, _, h := b.ask("POST", "/api/v1/build?limit=128Mo&packaging=pieces&nom=paye.zip&idpost=006111&codcol=123&codbud=00", robot, zipped(t))
	if j := b.settled(h.Get("Location"), robot); j["etat"] != "fini" {
		t.Fatalf("%v", j)
	}
	_, list, _ := b.ask("GET", "/api/v1/fluxes", robot, nil)
	name := list["fluxes"].([]any)[0].(map[string]any)["nomfic"].(string)
	at := "/api/v1/fluxes/" + name
	for _, path := range []string{at + "/pieces"} {
		if status, v, _ := b.ask("GET", path, autre, nil); status != 404 {
			t.Errorf("%s for another: %d %v", path, status, v)
		}
	}
	for _, path := range []string{at + "/send", at + "/resend"} {
		if status, v, _ := b.ask("POST", path, autre, nil); status != 404 {
			t.Errorf("%s for another: %d %v", path, status, v)
		}
	}
	status, e, h := b.ask("POST", at+"/send", robot, nil)
	if status != 202 {
		t.Fatalf("%d %v", status, e)
	}
	if j := b.settled(h.Get("Location"), robot); j["etat"] != "fini" || j["resultat"].([]any)[0].(map[string]any)["issue"] != "depose" {
		t.Fatalf("%v", j)
	}
	if status, v, _ := b.ask("GET", h.Get("Location"), autre, nil); status != 404 {
		t.Errorf("the sending of another: %d %v", status, v)
	}
	if status, v, _ := b.ask("POST", at+"/send", robot, nil); status != 422 {
		t.Errorf("sent twice: %d %v", status, v)
	}
	text, err := os.ReadFile(filepath.Join(deposits, name))
	if err != nil {
		t.Fatal(err)
	}
	_, pieces, _ := b.ask("GET", at+"/pieces", robot, nil)
	id := pieces["pieces"].([]any)[1].(map[string]any)["id_unique"].(string)
	answer := sendtest.Acquit(t, text, time.Now().Format(time.DateOnly), map[string]sendtest.Refusal{id: {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 doublon"}})
	if status, v, _ := b.ask("POST", "/api/v1/acquit", robot, answer); status != 200 || v["refus"] != true {
		t.Fatalf("%d %v", status, v)
	}
	if status, v, _ := b.ask("POST", at+"/resend", robot, nil); status != 200 || v["nomfic"] != nil || v["pieces"].([]any)[0].(map[string]any)["attend"] != "FLX-231" {
		t.Errorf("a duplicate leaves by itself: %d %v", status, v)
	}
	body, err := json.Marshal(map[string]any{"already_there": []string{id}})
	if err != nil {
		t.Fatal(err)
	}
	if status, v, _ := b.ask("POST", at+"/resend", robot, body); status != 200 || v["pieces"].([]any)[0].(map[string]any)["deja_la"] != true {
		t.Errorf("%d %v", status, v)
	}
}

// The description is judged by a linter that nobody here wrote: its file in
// XHL_REDOCLY, which ./test.sh installs.
func TestDescriptionPassesALinter(t *testing.T) {
	cli := os.Getenv("XHL_REDOCLY")
	if cli == "" {
		t.Skip("XHL_REDOCLY does not name the linter")
	}
	out, err := exec.CommandContext(t.Context(), "node", cli, "lint", "openapi.json", "--extends=recommended", "--format=stylish").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
