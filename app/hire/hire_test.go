package hire

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/internal/anomalie/anomalietest"

	"github.com/emersion/go-smtp"

	"paye/due"
	"paye/due/courrier"
)

const siret = "73282932000074"

const settings = `raison_sociale=Commune d'Exemple
siret=732 829 320 00074
ape=8411Z
code_urssaf=737
adresse1=1 place de la Mairie
code_postal=31000
ville=Toulouse
telephone=0500000000
service_sante=MT348
profil=Bureau
a=centre@exemple.org
sujet=Declarations
note=Ci-joint.
identite=paie@exemple.fr
expediteur=paie@exemple.fr
cles=cles
travail=travail
cle_destinataire=destinataire.asc
cle_propre=nous.asc
`

const hires = `matricule;nom_naissance;prenom;sexe;nir;cle_nir;date_naissance;ville_naissance;departement_naissance;contrat;date_debut;heure_debut;nature;date_fin;essai_jours
A001;DURAND;JEANNE;F;2550814168025;38;1955-08-12;CAEN;14;C1;JOUR;08:30;CDD;JOUR;0
`

// keys are made once: RSA takes its time.
var keys = sync.OnceValue(func() [4][]byte {
	ours, ourPublic, err1 := courrier.NewCle("Paie", "paie@exemple.fr", nil, time.Now())
	theirs, theirPublic, err2 := courrier.NewCle("Centre", "centre@exemple.org", nil, time.Now())
	if err := errors.Join(err1, err2); err != nil {
		panic(err)
	}
	return [4][]byte{ours, ourPublic, theirs, theirPublic}
})

// office is a folder with settings, keys and one hire in three days; more is
// added to the settings.
func office(t *testing.T, more string) *Bureau {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("due.cfg", []byte(settings+more))
	write("cles/nous.asc", keys()[0])
	write("cles/destinataire.asc", keys()[3])
	write("travail/AR/.keep", nil)
	write("embauches.csv", []byte(strings.ReplaceAll(hires, "JOUR", time.Now().AddDate(0, 0, 3).Format("2006-01-02"))))
	return reopen(t, dir, "alice")
}

func reopen(t *testing.T, dir, who string) *Bureau {
	t.Helper()
	b, err := Open(t.Context(), Options{Dossier: filepath.Join(dir, "due.cfg"), Ledger: filepath.Join(dir, "etat"), Qui: who, Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

// open does the whole set-up with the records that it needs.
func open(t *testing.T, b *Bureau) {
	t.Helper()
	print, err := b.Fingerprint()
	if err != nil {
		t.Fatal(err)
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(b.Contact(t.Context(), "centre"))
	_, err = b.Confirm(t.Context())
	must(err)
	must(b.Key(t.Context(), due.EvCleTest, print))
	step := func(n int, lot string) {
		t.Helper()
		must(b.Registre.Setup(t.Context(), due.Evenement{Nature: due.EvEnvoi, Etape: n, Lot: lot}))
		must(b.Registre.Setup(t.Context(), due.Evenement{Nature: due.EvAR, Etape: n, Lot: lot}))
	}
	step(4, "T4")
	step(5, "T5")
	must(b.Agreements(t.Context(), due.Date{Annee: 2026, Mois: 11, Jour: 20}, filepath.Join(b.base, "due.cfg")))
	must(b.Key(t.Context(), due.EvCleDefinitive, print))
	bob := reopen(t, b.base, "bob")
	must(bob.Key(t.Context(), due.EvConfirmation, print))
	step(6, "T6")
}

func checked(t *testing.T, b *Bureau, ind due.Indicateur) *due.Bilan {
	t.Helper()
	bilan, err := b.Check(t.Context(), Controle{Embauches: filepath.Join(b.base, "embauches.csv"), Indicateur: ind})
	if err != nil {
		t.Fatal(err)
	}
	return bilan
}

var reel = due.Ecriture{Format: due.FormatTexte, Confirmee: siret}

var wantCode = anomalietest.WantCode

func TestOutboxIsTheDefault(t *testing.T) {
	b := office(t, "")
	open(t, b)
	gone, err := b.Send(t.Context(), checked(t, b, due.Reel), Reel, reel)
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Join(b.base, "travail", "outbox", gone[0].Lot+".eml")
	text, err := os.ReadFile(want)
	if err != nil || gone[0].Ou != want || gone[0].Indicateur != due.Reel {
		t.Fatalf("%v, %s", err, gone[0].Ou)
	}
	for _, canary := range []string{"DURAND", "JEANNE", "2550814168025", siret} {
		if bytes.Contains(text, []byte(canary)) {
			t.Errorf("%s is in the message", canary)
		}
	}
	_, err = b.Resume(t.Context(), gone[0].Lot)
	wantCode(t, err, "DUE-E03")
}

func TestModeTestLeavesNothing(t *testing.T) {
	b := office(t, "")
	gone, err := b.Send(t.Context(), checked(t, b, due.Essai), Test, due.Ecriture{Format: due.FormatXML})
	if err != nil || len(gone) != 1 || gone[0].Ou != "" || gone[0].Nombre != 1 {
		t.Errorf("%+v, %v", gone, err)
	}
	if _, err := os.Stat(filepath.Join(b.base, "travail", "outbox")); err == nil {
		t.Error("there is an outbox")
	}
}

func TestRealModeIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, code string
		before     func(*testing.T, *Bureau)
	}{
		{"before the set-up", "DUE-B04", func(*testing.T, *Bureau) {}},
		{"paths confirmed only", "DUE-151", func(t *testing.T, b *Bureau) {
			if _, err := b.Confirm(t.Context()); err != nil {
				t.Fatal(err)
			}
		}},
		{"sender is not the identity", "DUE-C03", func(t *testing.T, b *Bureau) { open(t, b); b.Dossier.Expediteur = "autre@exemple.fr" }},
		{"no recipient", "DUE-C01", func(t *testing.T, b *Bureau) { open(t, b); b.Dossier.Courrier.A = "" }},
		{"keys that others can read", "DUE-C11", func(t *testing.T, b *Bureau) {
			open(t, b)
			if err := os.Chmod(filepath.Join(b.base, "cles"), 0o755); err != nil {
				t.Fatal(err)
			}
		}},
		{"another key of the recipient", "DUE-151", func(t *testing.T, b *Bureau) {
			open(t, b)
			if err := os.WriteFile(filepath.Join(b.base, "cles", "destinataire.asc"), keys()[1], 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"a key that cannot be read", "DUE-C20", func(t *testing.T, b *Bureau) {
			open(t, b)
			if err := os.WriteFile(filepath.Join(b.base, "cles", "destinataire.asc"), []byte("not a key"), 0o600); err != nil {
				t.Fatal(err)
			}
		}},
		{"other paths than those confirmed", "DUE-C12", func(t *testing.T, b *Bureau) { open(t, b); b.Dossier.Travail = "cles" }},
	} {
		b := office(t, "")
		c.before(t, b)
		_, err := b.Send(t.Context(), checked(t, b, due.Reel), Reel, reel)
		if err == nil {
			t.Errorf("%s: sent", c.name)
			continue
		}
		wantCode(t, err, c.code)
	}
}

// dropper takes the message and cuts the connection the first time.
type dropper struct {
	mu       sync.Mutex
	messages [][]byte
}

func (d *dropper) NewSession(c *smtp.Conn) (smtp.Session, error) { return &dropping{d, c}, nil }

type dropping struct {
	d *dropper
	c *smtp.Conn
}

func (*dropping) Mail(string, *smtp.MailOptions) error { return nil }
func (*dropping) Rcpt(string, *smtp.RcptOptions) error { return nil }
func (*dropping) Reset()                               {}
func (*dropping) Logout() error                        { return nil }
func (x *dropping) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	x.d.mu.Lock()
	defer x.d.mu.Unlock()
	x.d.messages = append(x.d.messages, text)
	if len(x.d.messages) == 1 {
		return x.c.Conn().Close()
	}
	return nil
}

func TestServerThatCutsAfterTheDataLeavesTheBatchUncertain(t *testing.T) {
	d := new(dropper)
	srv := smtp.NewServer(d)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go srv.Serve(l)
	t.Cleanup(func() { srv.Close() })

	b := office(t, "smtp="+l.Addr().String()+"\nsmtp_autorite=autorite.pem\n")
	if err := os.WriteFile(filepath.Join(b.base, "autorite.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, b)
	_, err = b.Send(t.Context(), checked(t, b, due.Reel), Reel, reel)
	wantCode(t, err, "DUE-C31")

	list, err := b.Registre.List(t.Context())
	if err != nil || len(list) != 1 || list[0].Etat != due.EcriteReel {
		t.Fatalf("%+v, %v", list, err)
	}
	if e, err := b.Registre.Envoi(t.Context(), list[0].Lot); err != nil || e.Etat != due.LotIncertain {
		t.Errorf("%v, %v", e.Etat, err)
	}
	if _, err := b.Resume(t.Context(), list[0].Lot); err != nil {
		t.Fatal(err)
	}
	if len(d.messages) != 2 || !bytes.Equal(d.messages[0], d.messages[1]) {
		t.Errorf("%d messages, not the same bytes", len(d.messages))
	}
	if list, _ = b.Registre.List(t.Context()); list[0].Etat != due.Emise {
		t.Errorf("state %s", list[0].Etat)
	}
}

func TestExportCarriesItsMode(t *testing.T) {
	b := office(t, "")
	out := filepath.Join(b.base, "sortie")
	_, paths, err := b.Export(t.Context(), checked(t, b, due.Essai), due.Ecriture{Format: due.FormatTexte}, out)
	if err != nil || len(paths) != 1 || filepath.Base(paths[0]) != "dpae.txt" {
		t.Fatalf("%v, %v", paths, err)
	}
	text, err := os.ReadFile(paths[0])
	if err != nil || !bytes.HasPrefix(text, []byte("01000001DUETXT01T")) {
		t.Errorf("%.20s, %v", text, err)
	}
	_, _, err = b.Export(t.Context(), checked(t, b, due.Reel), reel, out)
	wantCode(t, err, "DUE-151")
}

func TestAnswerIsWhatItsContentSays(t *testing.T) {
	b := office(t, "")
	dir := filepath.Join(b.base, "travail", "AR")
	for name, c := range map[string]struct{ text, code string }{
		"dpae.xml": {"51000001DUEAR001", "DUE-T02"},
		"dpae.txt": {"<?xml version=\"1.0\"?><a/>", "DUE-R01"},
		"vide":     {"", "DUE-T01"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := b.Receive(t.Context(), path, "", "")
		wantCode(t, err, c.code)
	}
	paths, err := b.Answers()
	if err != nil || len(paths) != 3 {
		t.Errorf("%v, %v", paths, err)
	}
	_, err = b.Receive(t.Context(), filepath.Join(dir, "missing"), "", "")
	wantCode(t, err, "DUE-B01")
}

func TestOurKeyIsNeverReplaced(t *testing.T) {
	b := office(t, "")
	_, err := b.NewKey()
	wantCode(t, err, "DUE-B05")
}

func TestKeysAreReadInTheirFolderOnly(t *testing.T) {
	b := office(t, "")
	b.Dossier.CleDestinataire = "../due.cfg"
	if _, err := b.Fingerprint(); err == nil {
		t.Error("a path out of the key folder is read")
	}
}

func TestCodesAreComplete(t *testing.T) {
	if err := Codes.Verify(); err != nil {
		t.Error(err)
	}
}

func TestSMIMEOnDemand(t *testing.T) {
	b := office(t, "chiffrement=smime\ncertificat_propre=nous.pem\ncle_privee_propre=nous.key\n")
	write := func(name string, kind string, der []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(b.base, "cles", name), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for who, name := range map[string]string{"nous": "nous.pem", "centre": "destinataire.asc"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: who}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
		cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
		if err != nil {
			t.Fatal(err)
		}
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		write(name, "CERTIFICATE", cert)
		write(who+".key", "PRIVATE KEY", private)
	}
	open(t, b)
	gone, err := b.Send(t.Context(), checked(t, b, due.Reel), Reel, reel)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(gone[0].Ou)
	if err != nil || !bytes.Contains(text, []byte("application/pkcs7-mime; smime-type=enveloped-data")) || bytes.Contains(text, []byte("DURAND")) {
		t.Errorf("%v\n%.400s", err, text)
	}
}
