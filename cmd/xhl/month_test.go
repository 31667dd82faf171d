//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"paye/app/send/sendtest"
	"paye/pespj"
	"paye/web/ui/uitest"
)

// The month of a payroll officer, whole, by hands and eyes only: an empty "xhl
// serve" opens on its one-time link; who was hired in the HR tool is declared;
// the journal and its justificatifs become volumes below the limit of the
// platform, are sent, come back with a refusal, leave again, and are closed.
func TestMonthOfAPayrollOfficer(t *testing.T) {
	m := newMonth(t)
	m.signUp()
	m.hire()
	files := m.prepare()
	m.send(files)
	m.sendAgain()
}

// month is a server on an empty machine, with what stands around it.
type month struct {
	*uitest.Browser
	dir  string
	link string // of the first administrator
}

const monthSiret = "21967564200017" // of testdata/exemple

func newMonth(t *testing.T) *month {
	t.Helper()
	m := &month{dir: t.TempDir()}
	for _, folder := range []string{"depots", "acquits", "rh"} {
		if err := os.Mkdir(filepath.Join(m.dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	m.write(t, "due.cfg", "raison_sociale=Commune de Castelbrume\nsiret="+monthSiret+"\nape=8411Z\ncode_urssaf=960\nadresse1=1 place de l'Hotel-de-Ville\ncode_postal=96100\nville=Castelbrume\ntelephone=0500000000\nservice_sante=MT348\n")
	m.write(t, "rh/mapping.yaml", "version: 1\nemployeur: \""+monthSiret+"\"\nsource: {type: folder, folder: .}\nchamps:\n  titre: {path: titre}\n  nom: {path: nom}\n  nom_naissance: {path: nom_naissance}\n  prenom: {path: prenom}\n  matricule: {path: matricule}\n  nir: {path: nir}\n  date_naissance: {path: naissance}\n  ville_naissance: {path: lieu}\n  debut_contrat: {path: debut}\n  fin_contrat: {path: fin}\n")
	start := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	m.write(t, "rh/agents.csv", "id;titre;nom;nom_naissance;prenom;matricule;nir;naissance;lieu;debut;fin\n"+
		"1;Madame;MARTIN;DURAND;Jeanne;A0001;255081416802538;1955-08-12;CAEN;"+start+";\n2;Monsieur;CHAUVIN;CHAUVIN;Jacques;23614;;1976-02-01;CAEN;2010-01-01;\n")
	url := m.serve(t)
	m.Browser = uitest.NewBrowser(t, strings.Replace(url, "127.0.0.1", "localhost", 1))
	return m
}

func (m *month) write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// serve starts the program and reads what it shows: where it listens and the
// address of the first account.
func (m *month) serve(t *testing.T) (url string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(m.dir, name) }
	cmd := exec.Command(self, "-test.run=^TestXHLMainProcess$", "--", "serve", "--json", "--listen", "127.0.0.1:0", "--state", at("etat"),
		"--tdt", "folder", "--tdt-url", at("depots"), "--tdt-acquit", at("acquits"), "--due-settings", at("due.cfg"), "--hr-mapping", at("rh/mapping.yaml"))
	cmd.Env = append(os.Environ(), mainProcess+"=1", raceExit, "LANG=fr_FR.UTF-8", "HOME="+m.dir)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		if err := cmd.Wait(); err != nil {
			t.Errorf("the server ended: %v", err)
		}
	})
	lines := bufio.NewScanner(out)
	for m.link == "" && lines.Scan() {
		var said struct{ Type, Adresse string }
		if json.Unmarshal(lines.Bytes(), &said) != nil {
			continue
		}
		switch said.Type {
		case "ecoute":
			url = said.Adresse
		case "premier":
			m.link = strings.TrimPrefix(said.Adresse, url)
		}
	}
	if m.link == "" {
		t.Fatalf("the server shows no first address: %v", lines.Err())
	}
	go io.Copy(io.Discard, out)
	return url
}

// signUp makes the first account and records the employer.
func (m *month) signUp() {
	const word = "une longue phrase de passe"
	m.Open("/")
	m.Wait("personne n’y a encore de compte")
	m.Open(m.link)
	m.Type("#f-compte", "claire")
	m.Type("#f-nom", "Claire Martin")
	m.Type("#f-passe", word)
	m.Type("#f-passe2", word)
	m.Submit("main form button")
	m.Wait("Votre compte est créé")
	m.Submit(".menu a[href='/gestion/employeurs']")
	m.Type("#f-siret", monthSiret)
	m.Type("#f-nom", "Commune de Castelbrume")
	m.Submit("main form button")
	m.Open("/gestion/employeurs")
	m.Wait("Commune de Castelbrume")
}

// hire takes the hires over from the HR tool and checks their declarations.
func (m *month) hire() {
	m.Submit(".menu a[href='/gestion/rh']")
	m.Submit("form[action='/gestion/rh/synchroniser'] button")
	m.Wait("Synchronisation faite")
	m.Submit(".menu a[href='/gestion/declarations']")
	m.Submit("main a[href='/gestion/declarations/rh']")
	m.Wait("Jeanne MARTIN")
	if strings.Contains(m.Text(), "CHAUVIN") {
		m.T.Error("an agent of long ago is offered as a hire")
	}
	m.Type("input[name^='heure-']", "08:30")
	m.Type("input[name^='essai-']", "60")
	m.Submit("main form button")
	m.Wait("Toutes les embauches peuvent être déclarées")
	m.Submit("form[action$='/envoyer'] button")
	m.Wait("préparé, pas envoyé")
}

// prepare makes volumes that the platform takes, and gives what it makes of them.
func (m *month) prepare() (fluxes string) {
	m.Submit(".menu a[href='/gestion/preparer']")
	m.Choose("#f-fichiers", monthFiles(m.T)...)
	m.Submit("main form button")
	m.Wait("Construire les volumes")
	at := uitest.Eval[string](m.Browser, "location.pathname")
	m.Click("input[name=format][value=pes]")
	for name, value := range map[string]string{"limit": "400ko", "packaging": "pieces", "idpost": "006111", "codcol": "123", "codbud": "00"} {
		m.Fill("#f-"+name, value)
	}
	m.Submit("form[action$='/plan'] button")
	m.Wait("Construire les volumes")
	m.Click("form[action$='/construire'] button")
	m.Wait("Les volumes sont prêts")
	files := uitest.Eval[[]string](m.Browser, "[...document.querySelectorAll('main a[href*=\"/volumes/\"]')].map(a => a.getAttribute('href'))")
	if len(files) < 2 {
		m.T.Fatalf("%s: %d volumes, want several", at, len(files))
	}
	size := uitest.Eval[int](m.Browser, "fetch('"+files[0]+"').then(r => r.blob()).then(b => b.size)")
	if size == 0 || size > 400_000 {
		m.T.Errorf("a volume of %d bytes", size)
	}
	m.Submit(".menu a[href='/gestion/flux']")
	m.Submit("main td a, main th a")
	return uitest.Eval[string](m.Browser, "location.pathname")
}

// monthFiles are the journal, its index and its justificatifs.
func monthFiles(t testing.TB) []string {
	t.Helper()
	const from = "../../testdata/exemple"
	list, err := filepath.Glob(from + "/justificatifs/*.pdf")
	if err != nil || len(list) == 0 {
		t.Fatalf("%d pieces, %v", len(list), err)
	}
	return append(list, from+"/journal.xhl", from+"/justificatifs.csv")
}

// send sends the fluxes and reads their acknowledgments: two pieces are refused.
func (m *month) send(fluxes string) {
	m.Click("form[action$='/envoyer'] button")
	m.Wait("Dernier envoi")
	refused := map[string]sendtest.Refusal{}
	for i, path := range m.deposited() {
		text, ids := m.flux(path)
		if len(ids) > 2 && len(refused) == 0 {
			refused[ids[1]] = sendtest.Refusal{NumAnoAck: "ERREUR_DOUBLON_PJ", Libelle: "1984 - doublon"}
			refused[ids[2]] = sendtest.Refusal{NumAnoAck: "ERREUR_TIMEOUT", Libelle: "délai"}
		}
		m.answer(i, text, refused)
	}
	m.Open(fluxes)
	m.Click("form[action$='/nouvelles'] button")
	m.Wait("acquitté en partie")
}

// sendAgain follows the first page to what was refused, decides, and sees the
// month to its end.
func (m *month) sendAgain() {
	m.Open("/gestion")
	m.Wait("2 pièces refusées")
	m.Submit(".notice a")
	before := m.deposited()
	fluxes := uitest.Eval[string](m.Browser, "location.pathname")
	refused := uitest.Eval[string](m.Browser, "[...document.querySelectorAll('main tr')].find(r => r.innerText.includes('acquitté en partie')).querySelector('a').getAttribute('href')")
	m.Open(refused)
	m.Submit("main a.button[href*='renvoyer']")
	m.Wait("délai")
	m.Click("input[value=deja]")
	m.Submit("main form button")
	m.Wait("Un nouveau flux porte les pièces refusées")
	m.Open(fluxes)
	m.Click("form[action$='/envoyer'] button")
	m.Wait("Demander des nouvelles")
	after := slices.DeleteFunc(m.deposited(), func(path string) bool { return slices.Contains(before, path) })
	if len(after) != 1 {
		m.T.Fatalf("%d fluxes left again, want one", len(after))
	}
	text, ids := m.flux(after[0])
	if len(ids) != 1 {
		m.T.Errorf("%d pieces left again, want the one that was late", len(ids))
	}
	m.answer(len(before), text, nil)
	m.Click("form[action$='/nouvelles'] button")
	m.Wait("1/1 0 ✓ clos")
	m.Open("/gestion/flux")
	m.Wait("16/16 0 ✓ clos")
	m.Open("/gestion")
	if strings.Contains(m.Text(), "pièces refusées") {
		m.T.Error("the first page still waits for somebody")
	}
}

// deposited are the fluxes that the platform has.
func (m *month) deposited() []string {
	list, err := filepath.Glob(filepath.Join(m.dir, "depots", "*.xml"))
	if err != nil || len(list) == 0 {
		m.T.Fatalf("the platform has %d fluxes, %v", len(list), err)
	}
	return list
}

// flux is the text of a flux and the identifiers of its pieces.
func (m *month) flux(path string) (text []byte, ids []string) {
	text, err := os.ReadFile(path)
	if err != nil {
		m.T.Fatal(err)
	}
	rd, err := pespj.NewReader(strings.NewReader(string(text)), pespj.ReaderOptions{})
	if err != nil {
		m.T.Fatal(err)
	}
	for pj, err := range rd.PJ() {
		if err == nil {
			_, err = io.Copy(io.Discard, pj)
		}
		if err == nil {
			err = pj.Finish()
		}
		if err != nil {
			m.T.Fatal(err)
		}
		ids = append(ids, pj.IdUnique)
	}
	return text, ids
}

// answer puts an acknowledgment where the platform leaves them.
func (m *month) answer(n int, flux []byte, refused map[string]sendtest.Refusal) {
	name := filepath.Join("acquits", "ACQ_"+string(rune('1'+n))+".xml")

	m.write(m.T, name, string(sendtest.Acquit(m.T, flux, time.Now().Format(time.DateOnly), refused)))
}
