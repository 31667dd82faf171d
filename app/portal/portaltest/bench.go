// Package portaltest is what tests of the portal share: a vault with one
// employer, a portal on it, a clock that is moved by hand, and a mailbox.
package portaltest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"paye/app/portal"
	"paye/internal/ledger"
	"paye/vault"
	"paye/vault/vaulttest"
)

// Siret is the employer of the bench.
const Siret = vaulttest.Siret

// Bench is a portal on a machine of its own.
type Bench struct {
	*portal.Portal
	V      *vault.Coffre
	Ledger *ledger.Ledger
	Dir    string
	Clock  *vaulttest.Clock
	Mail   *Mailbox
	Hash   *Hash

	shut sync.Once
}

// Hash is a fast hash that counts.
type Hash struct {
	mu    sync.Mutex
	Count int
}

// Hash implements portal.Hasher.
func (h *Hash) Hash(_ context.Context, password string) (string, error) {
	return "clair:" + password, nil
}

// Verify implements portal.Hasher.
func (h *Hash) Verify(_ context.Context, hash, password string) (bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.Count++
	return hash == "clair:"+password, nil
}

// Calls gives how many passwords were compared.
func (h *Hash) Calls() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.Count
}

// Mailbox keeps what is sent.
type Mailbox struct {
	mu   sync.Mutex
	list []portal.Message
	came chan struct{}
}

// Send implements portal.Mailer.
func (m *Mailbox) Send(_ context.Context, msg portal.Message) error {
	m.mu.Lock()
	m.list = append(m.list, msg)
	m.mu.Unlock()
	m.came <- struct{}{}
	return nil
}

// Next waits for a message to an address.
func (m *Mailbox) Next(t testing.TB, to string) portal.Message {
	t.Helper()
	for {
		m.mu.Lock()
		for i, msg := range m.list {
			if msg.To == to {
				m.list = append(m.list[:i], m.list[i+1:]...)
				m.mu.Unlock()
				return msg
			}
		}
		m.mu.Unlock()
		select {
		case <-m.came:
		case <-time.After(20 * time.Second):
			t.Fatalf("no mail came to %s", to)
		}
	}
}

// All gives what was sent and not taken.
func (m *Mailbox) All() []portal.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]portal.Message(nil), m.list...)
}

// Link is the first address in a message whose path has a word.
func Link(t testing.TB, m portal.Message, word string) string {
	t.Helper()
	for _, field := range strings.Fields(m.Text) {
		if i := strings.Index(field, Address); i >= 0 && strings.Contains(field, word) {
			return strings.TrimPrefix(field, Address)
		}
	}
	t.Fatalf("no link with %s in %q", word, m.Text)
	return ""
}

// Address is where the portal of the bench says it is.
const Address = "https://paie.example.org/coffre"

// New makes a bench; change may change the options of the portal.
func New(t testing.TB, change func(*portal.Options), more ...ledger.Schema) *Bench {
	t.Helper()
	dir := t.TempDir()
	vaulttest.Furnish(t, dir+"/coffre")
	return Open(t, dir, vaulttest.NewClock(vaulttest.Start), change, more...)
}

// Open opens the machine that a bench left in a folder.
func Open(t testing.TB, dir string, clock *vaulttest.Clock, change func(*portal.Options), more ...ledger.Schema) *Bench {
	t.Helper()
	b := &Bench{Dir: dir, Clock: clock, Mail: &Mailbox{came: make(chan struct{}, 10_000)}, Hash: &Hash{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	root := b.Dir + "/coffre"
	var err error
	b.V, err = vault.Open(t.Context(), root, vault.Options{Clock: b.Clock.Now, Workers: max(1, runtime.GOMAXPROCS(0)-1)}) // as xhl serve does
	must(err)
	schema, err := portal.Schema()
	must(err)
	b.Ledger, err = ledger.Open(t.Context(), b.Dir, b.Clock.Now, append(more, schema)...)
	must(err)
	o := portal.Options{Coffre: b.V, Ledger: b.Ledger, Hash: b.Hash, Mail: b.Mail, Address: Address, Files: b.Dir + "/portail"}
	if change != nil {
		change(&o)
	}
	b.Portal, err = portal.New(t.Context(), o)
	must(err)
	t.Cleanup(b.Shut)
	return b
}

// Shut closes what the bench has open, once.
func (b *Bench) Shut() {
	b.shut.Do(func() {
		b.Portal.Close()
		b.Ledger.Close()
		b.V.Close(context.Background())
	})
}

// Deposit deposits the slips of a month, one a matricule, in one session.
func (b *Bench) Deposit(t testing.TB, month string, matricules ...string) []vault.ID {
	t.Helper()
	p, err := vault.ParsePeriode(month)
	if err != nil {
		t.Fatal(err)
	}
	sys := vault.Systeme("essai")
	who := sha256.Sum256([]byte(strings.Join(matricules, ",")))
	v, err := b.V.OpenVersement(t.Context(), sys, vault.Versement{Employeur: Siret, Periode: p, Source: fmt.Sprintf("%s %x", month, who[:8]), Deposant: "essai", Auteur: "essai"})
	if err != nil {
		t.Fatal(err)
	}
	var lot []vault.Document
	for _, m := range matricules {
		d := vaulttest.Slip(m, p)
		d.Nom, d.Prenom, d.Versement, d.Titre = "Nom"+m, "Camille", v.ID, "Bulletin "+month+".pdf"
		lot = append(lot, d)
	}
	results, err := b.V.Deposit(t.Context(), sys, lot)
	if err != nil {
		t.Fatal(err)
	}
	var ids []vault.ID
	for _, r := range results {
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		ids = append(ids, r.Recu.ID)
	}
	v.Etape, v.Statut, v.Bilan = vault.Verification, vault.StatutBon, vault.Bilan{Bulletins: len(lot), Deposes: len(lot)}
	if _, err := b.V.SaveVersement(t.Context(), sys, v); err != nil {
		t.Fatal(err)
	}
	return ids
}

// Word is a password that is long enough.
const Word = "trois chats dorment au soleil"

// Letters makes the letters of who has none.
func (b *Bench) Letters(t testing.TB) map[string]portal.Letter {
	t.Helper()
	list, err := b.Enrol(t.Context(), "anne", Siret)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]portal.Letter{}
	for _, l := range list {
		out[l.Matricule] = l
	}
	return out
}

// Opened brings an account from its letter to a proved mail, and gives it.
func (b *Bench) Opened(t testing.TB, l portal.Letter, mail string) *portal.Account {
	t.Helper()
	id, err := b.Authenticate(t.Context(), l.Number, l.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Welcome(t.Context(), id, portal.Welcome{Password: Word, Again: Word, Mail: mail, MailAgain: mail, Policy: true, Lang: "fr"}); err != nil {
		t.Fatal(err)
	}
	if mail != "" {
		if err := b.ProveMail(t.Context(), strings.TrimPrefix(Link(t, b.Mail.Next(t, mail), "/mail/"), "/mail/")); err != nil {
			t.Fatal(err)
		}
	}
	return b.Stored(t, id)
}

// Stored reads an account.
func (b *Bench) Stored(t testing.TB, id string) *portal.Account {
	t.Helper()
	a, err := b.Account(t.Context(), id)
	if err != nil || a == nil {
		t.Fatalf("account %s: %v, %v", id, a, err)
	}
	return a
}
