package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"paye/app/send/sendtest"
	"paye/internal/manifest"
)

// town is an employer whose payrolls are built, sent and answered by the
// command.
type town struct {
	t   *testing.T
	dir string
	env map[string]string
}

// xhl runs the command and returns its output and exit code.
func (w *town) xhl(args ...string) (string, int) {
	w.t.Helper()
	var out bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(""), &out, &out, func(k string) string { return w.env[k] })
	return out.String(), code
}

// want runs the command and fails unless it exits with code and says what the
// patterns match.
func (w *town) want(code int, patterns []string, args ...string) string {
	w.t.Helper()
	out, got := w.xhl(args...)
	if got != code {
		w.t.Fatalf("xhl %s: exit %d, want %d\n%s", strings.Join(args, " "), got, code, out)
	}
	for _, p := range patterns {
		if !regexp.MustCompile(p).MatchString(out) {
			w.t.Errorf("xhl %s: does not say %q\n%s", strings.Join(args, " "), p, out)
		}
	}
	return out
}

func (w *town) path(name string) string { return filepath.Join(w.dir, name) }

func (w *town) write(name, content string) string {
	w.t.Helper()
	path := w.path(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
	return path
}

func (w *town) read(name string) []byte {
	w.t.Helper()
	text, err := os.ReadFile(w.path(name))
	if err != nil {
		w.t.Fatal(err)
	}
	return text
}

func newTown(t *testing.T) *town {
	dir := t.TempDir()
	return &town{t, dir, map[string]string{"HOME": dir, "XHL_STATE": filepath.Join(dir, "etat"), "LANG": "fr_FR.UTF-8", "USER": "paie"}}
}

// paye makes the run of a month of a budget: the synthetic one, its month and
// its SIRET changed, its justificatifs the same.
func (w *town) paye(name, siret, mois, seed string) string {
	w.t.Helper()
	dir := w.path(name)
	w.want(0, nil, "synth", "--bulletins", "40", "--pieces", "8", "--seed", seed, "-o", dir)
	text := string(w.read(name + "/run.jsonl"))
	text = strings.Replace(text, `"Mois":"05"`, `"Mois":"`+mois+`"`, 1)
	text = regexp.MustCompile(`"Siret":"[0-9]{14}"`).ReplaceAllString(text, `"Siret":"`+siret+`"`)
	w.write(name+"/run.jsonl", text)
	return dir
}

func (w *town) build(paye, out, siret, codbud string) *manifest.Manifest {
	w.t.Helper()
	w.want(0, nil, "build", "--limit", "2Mo", "--packaging", "pieces", "--idpost", "006111", "--codcol", "123", "--codbud", codbud, "--date", "2026-05-28", "-o", w.path(out), paye)
	m, err := manifest.Read(w.path(out))
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// piece is the file of an identifier in a run.
func (w *town) piece(paye, id string) string {
	w.t.Helper()
	line := regexp.MustCompile(`(?m)^[^;]*;` + id + `;([^;]+);`).FindStringSubmatch(string(w.read(paye + "/justificatifs.csv")))
	if line == nil {
		w.t.Fatal("no line of " + id)
	}
	return filepath.Join(paye, "justificatifs", filepath.Base(line[1]))
}

// TestThreeMonthsOfATownWithTwoBudgets plays the whole life of fluxes: the
// principal budget goes to a platform over TLS with a client certificate, the
// other one to a real OpenSSH server.
func TestThreeMonthsOfATownWithTwoBudgets(t *testing.T) {
	const principal, annexe = "21967564200017", "21967564200025"
	w, p := newTown(t), sendtest.NewS2low(t)
	sshd := sendtest.NewSSHD(t)
	s2low := []string{"send", "--tdt", "s2low", "--tdt-url", p.URL, "--tdt-certificate", w.write("client.pem", string(p.Certificate)), "--tdt-key", w.write("client.key", string(p.Key)), "--tdt-authority", w.write("ca.pem", string(p.Authority))}
	acquits := w.path("acquits")
	if err := os.Mkdir(acquits, 0o700); err != nil {
		t.Fatal(err)
	}
	sftp := []string{"send", "--tdt", "sftp", "--tdt-url", "sftp://" + sshd.User + "@127.0.0.1:" + sshd.Port + sshd.Dir, "--tdt-key", w.write("id_ed25519", string(sshd.Key)), "--tdt-known-hosts", sshd.KnownHosts, "--tdt-acquit", acquits}

	// Nothing leaves without a platform, and nothing is there yet.
	w.want(64, []string{"FLX-224"}, "send")
	w.want(0, []string{"ne contient aucun flux"}, "status")

	// May: built, sent, answered in part.
	may := w.build(w.paye("mai", principal, "05", "7"), "envoi-mai", principal, "00")
	other := w.build(w.paye("mai-annexe", annexe, "05", "8"), "envoi-mai-annexe", annexe, "01")
	w.want(0, []string{principal + ` +123/00 +2026-05/PAYE +1 .* produit`, annexe + ` +123/01 .* produit`}, "status")
	w.want(0, []string{"la plateforme répond"}, append(s2low, "--probe")...)
	w.want(0, []string{"la plateforme répond"}, append(sftp, "--probe")...)
	name := may.Volumes[0].NomFic
	w.want(0, []string{name + "  déposé  1", name + "  transmis"}, append(s2low, name)...)
	w.want(64, []string{"s2low, sftp, folder"}, "send", "--tdt", "nulle-part")
	w.want(0, []string{other.Volumes[0].NomFic + "  déposé"}, append(sftp, other.Volumes[0].NomFic)...)
	w.want(0, []string{principal + `.* transmis`, annexe + `.* déposé`}, "status")
	if !bytes.Equal(p.Bodies["1"], w.read("envoi-mai/volume-01.xml")) {
		t.Error("the platform has other bytes")
	}
	w.want(3, []string{"FLX-104"}, append(s2low, name)...) // never twice
	if len(p.Bodies) != 1 {
		t.Fatalf("%d deposits", len(p.Bodies))
	}

	pieces := may.Volumes[0].Pieces
	doublon, extension := pieces[0], pieces[1]
	ack := sendtest.Acquit(t, p.Bodies["1"], "2026-05-29", map[string]sendtest.Refusal{
		doublon:   {NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 - L'identifiant unique existe déjà"},
		extension: {NumAnoAck: "ERREUR_PJ", Libelle: "1990 - L'extension du fichier n'est pas acceptée"},
	})
	p.Answer("1", ack)
	w.want(3, []string{`acquitté en partie  7/9 acceptées, 2 refusées`}, append(s2low, "--quiet")...)
	w.want(3, []string{principal + `.* 2 +acquitté en partie +← à renvoyer`}, "status")
	w.want(3, []string{doublon + ` +refusée +ERREUR_DOUBLON_PJ`, extension + ` +refusée +ERREUR_PJ`}, "acquit", w.write("recu/ack.xml", string(ack)))
	w.want(3, []string{"LOT-342", extension + " : ERREUR_PJ"}, "check", w.write("envoi-mai/ack.xml", string(ack)), w.path("envoi-mai/volume-01.xml"), w.path("envoi-mai/manifest.json"))
	os.Remove(w.path("envoi-mai/ack.xml"))

	// What waits for a person is refused with how; then it leaves again.
	w.want(3, []string{"FLX-231.*" + doublon, "FLX-232.*" + extension, "0 flux refait"}, "resend")
	corrected := w.write("corrige/arrete.pdf", string(w.read(w.piece("mai", extension)))+"\n% corrected\n")
	w.want(0, []string{"1 flux refait, 1 pièce renvoyée"}, "resend", "--already-there", doublon, "--replace", extension+"="+corrected, "--date", "2026-05-30")
	w.want(0, []string{`déposé  2`}, s2low...)
	again := p.Bodies["2"]
	if n := bytes.Count(again, []byte("<IdUnique")); n != 1 || bytes.Contains(again, []byte(name)) {
		t.Errorf("the resend has %d pieces, or the former name", n)
	}
	p.Answer("2", sendtest.Acquit(t, again, "2026-05-31", nil))
	w.want(0, []string{`clos  1/1 acceptée`}, s2low...)
	w.want(0, []string{principal + `.* clos`}, "status")

	// The other budget's answer comes into its folder.
	deposited, err := os.ReadFile(filepath.Join(sshd.Dir, other.Volumes[0].NomFic))
	if err != nil || !bytes.Equal(deposited, w.read("envoi-mai-annexe/volume-01.xml")) {
		t.Fatalf("the server has other bytes, %v", err)
	}
	w.write("acquits/006111-ACK-1.xml", string(sendtest.Acquit(t, deposited, "2026-05-29", nil)))
	w.want(0, []string{`clos  9/9 acceptées`}, sftp...)

	// June shares its pieces with May: they do not travel again.
	folder := w.paye("juin", principal, "06", "7")
	w.write(w.piece("juin", extension), string(w.read("corrige/arrete.pdf"))) // as it was corrected in May
	june := w.build(folder, "envoi-juin", principal, "00")
	if len(june.Anterieures) != len(pieces) || len(june.Volumes[0].Pieces) != 0 {
		t.Errorf("June sends %d pieces again, %d are there", len(june.Volumes[0].Pieces), len(june.Anterieures))
	}
	w.want(0, []string{" 0 erreur"}, "check", w.path("envoi-juin"))
	p.Fail(sendtest.CutAfter) // the platform has it, and we do not know
	w.want(3, []string{"incertain", "FLX-215"}, s2low...)
	w.want(3, []string{principal + ` +123/00 +2026-06/PAYE .* incertain +← envoi à vérifier`}, "status")
	w.want(3, []string{"FLX-215"}, s2low...) // it does not leave again by itself
	w.want(3, []string{`déposé .*doublon`}, append(s2low, "--resume")...)
	w.want(0, []string{"déposé"}, "send", "--transaction", june.Volumes[0].NomFic+"=3")
	p.Answer("3", sendtest.Acquit(t, p.Bodies["3"], "2026-06-29", nil))
	w.want(0, []string{`clos  1/1`}, s2low...)
	if len(p.Bodies) != 3 {
		t.Errorf("%d deposits, want 3", len(p.Bodies))
	}

	// July: the same identifier for another document is refused.
	july := w.paye("juillet", principal, "07", "7")
	w.write(w.piece("juillet", extension), string(w.read("corrige/arrete.pdf")))
	shared := w.piece("juillet", pieces[2])
	w.write(shared, string(w.read(shared))+"\n% another one\n")
	w.want(64, []string{"FLX-105.*" + pieces[2] + ".*2026-05/PAYE, volume 1"}, "build", "--limit", "2Mo", "--packaging", "pieces", "--idpost", "006111", "--codcol", "123", "--codbud", "00", "-o", w.path("envoi-juillet"), july)
	if entries, _ := filepath.Glob(w.path("envoi-juillet/*.xml")); len(entries) != 0 {
		t.Errorf("a refused build left %v", entries)
	}

	w.want(0, []string{"4 flux contrôlés"}, "ledger", "check")
	w.ledgerTravels()
	var last map[string]any
	lines := strings.Split(strings.TrimSpace(w.want(0, nil, "status", "--json", "--detail")), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last["type"] != "result" || last["payes"] != float64(3) {
		t.Errorf("%v, %v", last, err)
	}
}

// ledgerTravels replays the book of the town on another machine.
func (w *town) ledgerTravels() {
	w.t.Helper()
	w.want(0, nil, "ledger", "export", "-o", w.path("registre.jsonl"))
	elsewhere := &town{w.t, w.dir, map[string]string{"HOME": w.dir, "XHL_STATE": w.path("autre"), "LANG": "fr_FR.UTF-8"}}
	elsewhere.want(0, nil, "ledger", "import", w.path("registre.jsonl"))
	elsewhere.want(0, []string{"4 flux contrôlés"}, "ledger", "check")
	elsewhere.want(0, nil, "ledger", "export", "-o", w.path("registre-2.jsonl"))
	if !bytes.Equal(w.read("registre.jsonl"), w.read("registre-2.jsonl")) {
		w.t.Error("the export of the import differs")
	}
	elsewhere.want(64, []string{"FLX-111"}, "ledger", "import", w.path("registre.jsonl"))
	w.write("etat-abime/ledger.db", strings.Repeat("this is no database\n", 300))
	broken := &town{w.t, w.dir, map[string]string{"HOME": w.dir, "XHL_STATE": w.path("etat-abime"), "LANG": "en"}}
	broken.want(11, []string{"LED-101"}, "status")
}
