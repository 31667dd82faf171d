package sendtest

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Fault is how the platform misbehaves at the next deposit.
type Fault int

const (
	None         Fault = iota
	TextAfter          // takes the flux, answers the text KO
	EmptyAfter         // takes it, answers nothing
	ErrorAfter         // takes it, answers 500
	CutAfter           // takes it, cuts the connection
	CutDuring          // cuts the connection in the middle of the upload
	NoRights           // text KO, authentication
	Latin1             // answers OK in XML labelled ISO-8859-1 whose bytes are UTF-8
	Redirect           // 302 to a page
	Page               // HTML with 200
	RefusedFile        // XML KO
	ErrorBefore        // answers 503 without reading
	SilentAfter        // takes it, and says nothing until the client goes
	SilentBefore       // has all of it, and keeps nothing of it
)

// S2low is a fake platform. Its zero statuses are 3, and its acknowledgments
// are those that the test gives.
type S2low struct {
	URL                         string
	Certificate, Key, Authority []byte // PEM, of a client

	mu       sync.Mutex
	faults   []Fault
	sums     map[string]bool
	Bodies   map[string][]byte // files, by transaction number
	Names    map[string]string // NomFic of the form, by transaction number
	Status   map[string]string // "3" when absent
	Messages map[string]string
	Acquits  map[string][]byte
	Posts    int

	// Archivist lets the account see the list of its transactions; Hidden are
	// those whose file cannot be had.
	Archivist bool
	Hidden    map[string]bool
	Listings  int
}

// NewS2low starts a platform that ends with the test.
func NewS2low(t testing.TB) *S2low {
	t.Helper()
	s := &S2low{sums: make(map[string]bool), Bodies: make(map[string][]byte), Names: make(map[string]string),
		Status: make(map[string]string), Messages: make(map[string]string), Acquits: make(map[string][]byte), Hidden: make(map[string]bool)}
	authority, authorityKey := certificate(t, "authority", nil, nil)
	server, serverKey := certificate(t, "127.0.0.1", authority, authorityKey)
	client, clientKey := certificate(t, "client", authority, authorityKey)
	s.Authority = encode("CERTIFICATE", authority.Raw)
	s.Certificate = encode("CERTIFICATE", client.Raw)
	der, err := x509.MarshalPKCS8PrivateKey(clientKey)
	if err != nil {
		t.Fatal(err)
	}
	s.Key = encode("PRIVATE KEY", der)
	pool := x509.NewCertPool()
	pool.AddCert(authority)
	srv := httptest.NewUnstartedServer(s)
	srv.TLS = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{server.Raw}, PrivateKey: serverKey}},
		ClientCAs: pool, ClientAuth: tls.RequireAndVerifyClientCert}
	srv.StartTLS()
	t.Cleanup(srv.Close)
	s.URL = srv.URL
	return s
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func certificate(t testing.TB, name string, parent *x509.Certificate, parentKey *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth, x509.ExtKeyUsageServerAuth}, BasicConstraintsValid: true}
	if parent == nil {
		template.IsCA, template.KeyUsage = true, x509.KeyUsageCertSign
		parent, parentKey = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, parentKey)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c, key
}

// Fail makes the next deposits misbehave, one fault each.
func (s *S2low) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Answer gives the acknowledgment of a transaction, with status 8.
func (s *S2low) Answer(id string, acquit []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Status[id], s.Acquits[id] = "8", acquit
}

// Say gives the status of a transaction.
func (s *S2low) Say(id, status, message string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Status[id], s.Messages[id] = status, message
}

func (s *S2low) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/test-connexion.php":
		io.WriteString(w, "OK connexion")
	case "/modules/helios/api/helios_importer_fichier.php":
		s.deposit(w, r)
	case "/modules/helios/api/helios_transac_get_status.php":
		s.status(w, r.URL.Query().Get("transaction"))
	case "/modules/helios/helios_download_acquit.php":
		s.acquit(w, r, r.URL.Query().Get("id"))
	case "/modules/helios/api/list_pes_aller.php":
		s.list(w, r.URL.Query())
	case "/modules/helios/helios_download_file.php":
		s.file(w, r.URL.Query().Get("id"))
	default:
		http.NotFound(w, r)
	}
}

func (s *S2low) deposit(w http.ResponseWriter, r *http.Request) {
	if s.take(w, r) == SilentAfter {
		<-r.Context().Done()
	}
}

func (s *S2low) take(w http.ResponseWriter, r *http.Request) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Posts++
	fault := None
	if len(s.faults) > 0 {
		fault, s.faults = s.faults[0], s.faults[1:]
	}
	switch fault {
	case ErrorBefore:
		http.Error(w, "maintenance", http.StatusServiceUnavailable)
		return fault
	case CutDuring:
		io.CopyN(io.Discard, r.Body, 1000)
		cut(w)
		return fault
	case SilentBefore:
		io.Copy(io.Discard, r.Body)
		cut(w)
		return fault
	case NoRights:
		io.Copy(io.Discard, r.Body)
		io.WriteString(w, "KO\nEchec de l'authentification")
		return fault
	}
	file, header, err := r.FormFile("enveloppe")
	if err != nil {
		fmt.Fprint(w, "<import><id></id><resultat>KO</resultat><message>Aucune enveloppe trouvée</message></import>")
		return fault
	}
	defer file.Close()
	body, err := io.ReadAll(file)
	if err != nil {
		return fault
	}
	w.Header().Set("Content-Type", "text/xml")
	if fault == RefusedFile {
		fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><import><id></id><resultat>KO</resultat><message>Le fichier est vide</message></import>`)
		return fault
	}
	sum := sha1.Sum(body)
	if key := hex.EncodeToString(sum[:]); s.sums[key] {
		fmt.Fprint(w, `<?xml version="1.0" encoding="UTF-8"?><import><id></id><resultat>KO</resultat><message>Fichier non valide : doublon détecté</message></import>`)
		return fault
	} else {
		s.sums[key] = true
	}
	id := fmt.Sprint(len(s.Bodies) + 1)
	s.Bodies[id], s.Names[id] = body, header.Filename
	s.answer(w, fault, id)
	return fault
}

// answer tells of a transaction that exists.
func (s *S2low) answer(w http.ResponseWriter, fault Fault, id string) {
	switch fault {
	case TextAfter:
		io.WriteString(w, "KO\nimpossible d'envoyer le fichier XML")
	case EmptyAfter, SilentAfter:
	case ErrorAfter:
		http.Error(w, "oops", http.StatusInternalServerError)
	case CutAfter:
		cut(w)
	case Redirect:
		w.Header().Set("Location", "/index.php")
		w.WriteHeader(http.StatusFound)
	case Page:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html><body>Bienvenue</body></html>")
	case Latin1:
		fmt.Fprintf(w, `<?xml version="1.0" encoding="ISO-8859-1"?><import><id>%s</id><resultat>OK</resultat><message>déposé</message></import>`, id)
	default:
		fmt.Fprintf(w, `<?xml version="1.0" encoding="UTF-8"?><import><id>%s</id><resultat>OK</resultat><message>Import réussi</message></import>`, id)
	}
}

// list gives numbers only, of one status, the last first, and all as texts.
func (s *S2low) list(w http.ResponseWriter, q url.Values) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Listings++
	w.Header().Set("Content-Type", "application/json")
	if !s.Archivist {
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":"L'utilisateur n'est pas archiviste"}`)
		return
	}
	if _, err := time.Parse(time.DateOnly, q.Get("min_date")); err != nil {
		http.Error(w, "min_date", http.StatusInternalServerError)
		return
	}
	type transaction struct {
		ID string `json:"id"`
	}
	found := []transaction{}
	for n := len(s.Bodies); n > 0; n-- {
		if id := fmt.Sprint(n); cmp.Or(s.Status[id], "3") == q.Get("status_id") {
			found = append(found, transaction{id})
		}
	}
	json.NewEncoder(w).Encode(map[string]any{"status_id": q.Get("status_id"), "authority_id": "1", "offset": "0", "limit": q.Get("limit"), "transactions": found})
}

// file gives what was deposited.
func (s *S2low) file(w http.ResponseWriter, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, there := s.Bodies[id]
	if !there || s.Hidden[id] {
		w.Header().Set("Location", "/modules/helios/index.php")
		w.WriteHeader(http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Write(body)
}

// Keep puts a file onto the platform that came another way.
func (s *S2low) Keep(body []byte) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := sha1.Sum(body)
	s.sums[hex.EncodeToString(sum[:])] = true
	id = fmt.Sprint(len(s.Bodies) + 1)
	s.Bodies[id] = body
	return id
}

// cut closes the connection without an answer.
func cut(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

func (s *S2low) status(w http.ResponseWriter, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.Bodies[id]; !known {
		fmt.Fprintf(w, `<?xml version="1.0" encoding="ISO-8859-1"?><transaction ><id>%s</id><resultat>KO</resultat><message>transaction inconnue</message></transaction>`, id)
		return
	}
	status := s.Status[id]
	if status == "" {
		status = "3"
	}
	fmt.Fprintf(w, `<?xml version="1.0" encoding="ISO-8859-1"?><transaction ><id>%s</id><resultat>OK</resultat><message>%s é</message><status>%s</status></transaction>`, id, s.Messages[id], status)
}

func (s *S2low) acquit(w http.ResponseWriter, _ *http.Request, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, there := s.Acquits[id]
	if !there {
		w.Header().Set("Location", "/modules/helios/index.php")
		w.WriteHeader(http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Write(text)
}
