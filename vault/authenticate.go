package vault

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"paye/internal/argon"

	"paye/vault/internal/acts"
	"paye/vault/internal/keys"
)

// Provenance is from where somebody says who he is: the network source, and a
// token that the device was given before, even one that died of age.
type Provenance struct {
	Source   string
	Appareil string
}

// Three failures within the window lock an account for the delay: for the
// device or the source that failed, and for nobody else. Another's failures
// keep no owner out, and an account that does not exist is locked just so.
const (
	maxEchecs     = 3
	fenetreEchecs = 15 * time.Minute
	delaiBlocage  = 120 * time.Minute
	minPassword   = 15
	maxPassword   = 128
)

// Authenticate answers whether the password is the user's. The answer for an
// unknown login takes the same time and is the same anomaly as for a wrong
// password; who failed too often is told until when he waits, whether or not
// the account exists. A new password lifts the wait.
func (a *Comptes) Authenticate(ctx context.Context, from Provenance, login, password string) (Acteur, error) {
	if len(password) > maxPassword*utf8.UTFMax {
		password = ""
	}
	u, err := a.c.utilisateur(ctx, login)
	if err != nil {
		return Acteur{}, err
	}
	hash, par := argon.Decoy, Utilisateur("?")
	if u != nil && u.Actif {
		hash, par = u.Hash, Utilisateur(login)
	}
	who := string(a.c.book.Keys.Tag("connexion", []byte(a.c.whence(from, login, hash)+"\x00"+login+"\x00"+hash)))
	now := a.c.now()
	wait, locks := a.c.failures.take(who, now)
	if wait > 0 {
		return Acteur{}, a.c.denied(ctx, par, "connexion", ID{}, Codes.New("COF-315", int64((wait+time.Minute-1)/time.Minute)))
	}
	if locks {
		a.c.keepLocks(now) // before the attempt: the process may die in it
	}
	ok, err := argon.Verify(ctx, hash, password)
	if err != nil {
		return Acteur{}, err
	}
	if !ok || u == nil || !u.Actif {
		return Acteur{}, a.c.denied(ctx, par, "connexion", ID{}, Codes.New("COF-314"))
	}
	a.c.failures.forget(who)
	if locks {
		a.c.keepLocks(now)
	}
	return par, nil
}

// keepLocks writes the locks down; they hold in this process even when that
// fails.
func (c *Coffre) keepLocks(now time.Time) {
	if err := c.failures.keep(now); err != nil {
		c.opts.Log.Error("locks of accounts cannot be kept", "err", err)
	}
}

// whence is what failures are counted by: a device that the account knows, else
// the source.
func (c *Coffre) whence(from Provenance, login, hash string) string {
	if name, b, mac, ok := parseToken(from.Appareil); ok && name == login && hmac.Equal(mac, c.tokenMAC(b, hash)) {
		return "appareil " + from.Appareil
	}
	return "source " + from.Source
}

// failures are the attempts that were not good yet, in memory; the locks that
// they led to are also in the file of Options.Locks.
type failures struct {
	path    string     // of the locks; empty keeps them in memory
	writing sync.Mutex // held while the file is written

	mu sync.Mutex
	m  map[string]*failure
}

type failure struct {
	n     int
	first time.Time
	until time.Time // locked
}

// maxFailures bounds what is remembered.
const maxFailures = 20_000

// take counts an attempt before it is made, so that many at once are no more
// than one after the other, or says how long to wait. locks reports that the
// account is locked unless this attempt is good.
func (f *failures) take(who string, now time.Time) (wait time.Duration, locks bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x := f.m[who]
	switch {
	case x == nil:
		f.room(now)
		x = &failure{}
		f.m[who] = x
	case now.Before(x.until):
		return x.until.Sub(now), false
	}
	if x.n == 0 || now.Sub(x.first) > fenetreEchecs {
		*x = failure{first: now}
	}
	if x.n++; x.n >= maxEchecs {
		x.n, x.until = 0, now.Add(delaiBlocage)
		return 0, true
	}
	return 0, false
}

func (f *failures) forget(who string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.m, who)
}

// room forgets what is over, and at the limit whoever came first.
func (f *failures) room(now time.Time) {
	if f.m == nil {
		f.m = map[string]*failure{}
	}
	if len(f.m) < maxFailures {
		return
	}
	oldest := ""
	for who, x := range f.m {
		if now.After(x.until) && now.Sub(x.first) > fenetreEchecs {
			delete(f.m, who)
		} else if oldest == "" || x.first.Before(f.m[oldest].first) {
			oldest = who
		}
	}
	if len(f.m) >= maxFailures {
		delete(f.m, oldest)
	}
}

func checkPassword(login, password string) error {
	n := utf8.RuneCountInString(password)
	if n < minPassword || n > maxPassword || !utf8.ValidString(password) {
		return Codes.New("COF-316", minPassword, maxPassword)
	}
	if strings.Contains(strings.ToLower(password), strings.ToLower(login)) || strings.Count(password, password[:1]) == len(password) {
		return Codes.New("COF-317")
	}
	return nil
}

// hashPassword judges and hashes the password that an account will have.
func (c *Coffre) hashPassword(ctx context.Context, login, password string) (string, error) {
	if err := checkPassword(login, password); err != nil {
		return "", err
	}
	salt, err := keys.Draw(c.opts.Random, argon.SaltSize)
	if err != nil {
		return "", err
	}
	return argon.Hash(ctx, salt, password)
}

// NewToken gives a user a bearer token until a time, to himself or to who
// manages all accounts. It dies before with the account, with its password, and
// with the catalogue key; rights are looked up at each call, not in the token.
// That it was given, to whom and until when is in the journal.
func (a *Comptes) NewToken(ctx context.Context, par Acteur, login string, until time.Time) (string, error) {
	if par.Role != RoleUtilisateur || par.Nom != login {
		if err := a.c.require(ctx, par, "", DroitComptes); err != nil {
			return "", a.c.denied(ctx, par, "jeton", ID{}, err)
		}
	}
	u, err := a.c.utilisateur(ctx, login)
	if err != nil {
		return "", err
	}
	if u == nil || !u.Actif {
		return "", Codes.New("COF-303")
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	b = append(b, login...)
	if err := a.c.log(ctx, EvMaintenance, nil, acts.Acte{Par: par.Nom, Objet: "jeton", Cause: login + ", " + until.UTC().Format(time.RFC3339)}); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(append(b, a.c.tokenMAC(b, u.Hash)...)), nil
}

// VerifyToken answers in whose name a token speaks.
func (a *Comptes) VerifyToken(ctx context.Context, token string) (Acteur, error) {
	refused := Codes.New("COF-802")
	login, b, mac, ok := parseToken(token)
	if !ok {
		return Acteur{}, refused
	}
	u, err := a.c.utilisateur(ctx, login)
	if err != nil {
		return Acteur{}, err
	}
	hash := argon.Decoy
	if u != nil {
		hash = u.Hash
	}
	if !hmac.Equal(mac, a.c.tokenMAC(b, hash)) || u == nil || !u.Actif || a.c.now().Unix() >= int64(binary.BigEndian.Uint64(b)) {
		return Acteur{}, refused
	}
	return Utilisateur(login), nil
}

// parseToken takes a token apart; nothing of it is verified.
func parseToken(token string) (login string, signed, mac []byte, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) <= 8+sha256.Size || len(b) > 1024 {
		return "", nil, nil, false
	}
	signed, mac = b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	return string(signed[8:]), signed, mac, true
}

func (c *Coffre) tokenMAC(b []byte, passwordHash string) []byte {
	m := hmac.New(sha256.New, c.book.Keys.Sessions)
	m.Write(b)
	m.Write([]byte(passwordHash))
	return m.Sum(nil)
}
