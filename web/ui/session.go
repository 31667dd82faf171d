package ui

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"paye/internal/ledger"
)

// A session ends after so long without a request, and after so long at most.
const (
	idleTime   = 30 * time.Minute
	maxTime    = 12 * time.Hour
	factorTime = 5 * time.Minute // between password and second factor
	touchEvery = time.Minute     // a request does not write more often
	keepEnded  = 24 * time.Hour  // an ended session is remembered for kept forms
)

// Session is who is signed in.
type Session struct {
	ID      string // names it in the owner's list; not the cookie
	Login   string
	Means   string // how he proved who he is: "password", "password totp", "passkey", "oidc:ID"
	Device  string // what his browser says it is
	Lang    string // "fr", "en", or "" for what the browser asks
	Created time.Time
	Seen    time.Time
	Proved  time.Time

	step   string
	hash   []byte
	sealed []byte
}

const (
	stepFull   = "full"
	stepFactor = "factor"
)

// sessions keeps the sessions of a site.
type sessions struct {
	l    *ledger.Ledger
	site string
}

const sessionColumns = "id, login, means, device, lang, created, seen, proved, step, hash, sealed"

// begin makes a session and returns its cookie's word.
func (s *sessions) begin(ctx context.Context, n Session) (token string, err error) {
	token = rand.Text() + rand.Text()
	now, idle := s.l.Now(), idleTime
	if n.step == stepFactor {
		idle = factorTime
	}
	_, err = exec(ctx, s.l, `insert into web_session (hash, id, site, login, step, created, seen, idle_end, last_end, proved, means, device, lang, sealed)
		values ($1,$2,$3,$4,$5,$6,$6,$7,$8,$6,$9,$10,$11,$12)`,
		digest(token), rand.Text(), s.site, n.Login, n.step, ledger.Time(now), ledger.Time(now.Add(idle)), ledger.Time(now.Add(maxTime)),
		n.Means, n.Device, n.Lang, n.sealed)
	if err != nil {
		return "", fmt.Errorf("begin a session: %w", err)
	}
	return token, nil
}

// find returns the session of a cookie, nil when there is none or it ended;
// ended is then whose it was, for the form that he sends.
func (s *sessions) find(ctx context.Context, token string) (found *Session, ended string, err error) {
	if token == "" || len(token) > 100 {
		return nil, "", nil
	}
	now := ledger.Time(s.l.Now())
	var idle, last string
	row := s.l.DB().QueryRowContext(ctx, "select "+sessionColumns+", idle_end, last_end from web_session where hash=$1 and site=$2", digest(token), s.site)
	n, err := scanSession(row, &idle, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", fmt.Errorf("look up a session: %w", err)
	}
	if now >= idle || now >= last {
		return nil, n.Login, nil
	}
	return n, "", s.touch(ctx, n)
}

// touch moves the end of an idle session. It changes a row that is there and
// never makes one: a session that was revoked meanwhile stays revoked.
func (s *sessions) touch(ctx context.Context, n *Session) error {
	now := s.l.Now()
	if n.step != stepFull || now.Sub(n.Seen) < touchEvery {
		return nil
	}
	_, err := exec(ctx, s.l, "update web_session set seen=$1, idle_end=$2 where hash=$3", ledger.Time(now), ledger.Time(now.Add(idleTime)), n.hash)
	if err != nil {
		return fmt.Errorf("note that a session is used: %w", err)
	}
	return nil
}

// prove notes that the owner has just proved who he is.
func (s *sessions) prove(ctx context.Context, n *Session) error {
	_, err := exec(ctx, s.l, "update web_session set proved=$1 where hash=$2", ledger.Time(s.l.Now()), n.hash)
	if err != nil {
		return fmt.Errorf("note a proof of identity: %w", err)
	}
	return nil
}

// setLang changes the language of all sessions of a login.
func (s *sessions) setLang(ctx context.Context, login, wish string) error {
	_, err := exec(ctx, s.l, "update web_session set lang=$1 where site=$2 and login=$3", wish, s.site, login)
	if err != nil {
		return fmt.Errorf("change the language of a session: %w", err)
	}
	return nil
}

// end ends a session.
func (s *sessions) end(ctx context.Context, n *Session) error {
	return s.remove(ctx, "hash=$2", n.hash)
}

// Revoke ends a session of a login by the name it has in his list; one that is
// not his is left alone, without a word.
func (s *sessions) revoke(ctx context.Context, login, id string) error {
	return s.remove(ctx, "login=$2 and id=$3", login, id)
}

// revokeAll ends every session of a login but one, which may be nil.
func (s *sessions) revokeAll(ctx context.Context, login string, but *Session) error {
	keep := []byte{}
	if but != nil {
		keep = but.hash
	}
	return s.remove(ctx, "login=$2 and hash<>$3", login, keep)
}

func (s *sessions) remove(ctx context.Context, where string, args ...any) error {
	if _, err := exec(ctx, s.l, "delete from web_session where site=$1 and "+where, append([]any{s.site}, args...)...); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// list gives the sessions of a login that are open, last used first.
func (s *sessions) list(ctx context.Context, login string) ([]Session, error) {
	now := ledger.Time(s.l.Now())
	rows, err := s.l.DB().QueryContext(ctx, "select "+sessionColumns+" from web_session where site=$1 and login=$2 and step=$3 and idle_end>$4 and last_end>$4 order by seen desc",
		s.site, login, stepFull, now)
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	defer rows.Close()
	var list []Session
	for rows.Next() {
		n, err := scanSession(rows)
		if err != nil {
			return nil, fmt.Errorf("list sessions: %w", err)
		}
		list = append(list, *n)
	}
	return list, rows.Err()
}

// sweep forgets what ended long ago.
func (s *sessions) sweep(ctx context.Context) error {
	old := ledger.Time(s.l.Now().Add(-keepEnded))
	if err := s.remove(ctx, "(idle_end<$2 or last_end<$2)", old); err != nil {
		return err
	}
	for _, q := range []string{"delete from web_link where expires<$1", "delete from web_once where made<$1"} {
		if _, err := exec(ctx, s.l, q, old); err != nil {
			return fmt.Errorf("sweep the tables of the web: %w", err)
		}
	}
	return nil
}

func scanSession(row interface{ Scan(...any) error }, more ...any) (*Session, error) {
	var n Session
	var created, seen, proved string
	err := row.Scan(append([]any{&n.ID, &n.Login, &n.Means, &n.Device, &n.Lang, &created, &seen, &proved, &n.step, &n.hash, &n.sealed}, more...)...)
	if err != nil {
		return nil, err
	}
	for _, t := range []struct {
		text string
		to   *time.Time
	}{{created, &n.Created}, {seen, &n.Seen}, {proved, &n.Proved}} {
		if *t.to, err = ledger.ParseTime(t.text); err != nil {
			return nil, err
		}
	}
	return &n, nil
}

// cookie carries a word that belongs to this host alone. Its end is the
// browser's: how long the session lasts is written on the server.
func cookie(name, value string) *http.Cookie {
	c := &http.Cookie{Name: "__Host-" + name, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if value == "" {
		c.MaxAge = -1
	}
	return c
}

// readCookie is the word of a cookie, empty when there is none.
func readCookie(r *http.Request, name string) string {
	c, err := r.Cookie("__Host-" + name)
	if err != nil {
		return ""
	}
	return c.Value
}

// device is a short name for what asks, made of known words only: what a
// browser says of itself is not shown as it stands.
func device(userAgent string) string {
	var words []string
	for _, group := range [][]string{{"Edg", "Firefox", "Chrom", "Safari"}, {"Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"}} {
		for _, w := range group {
			if strings.Contains(userAgent, w) {
				words = append(words, map[string]string{"Edg": "Edge", "Chrom": "Chrome", "Mac OS": "macOS"}[w])
				if words[len(words)-1] == "" {
					words[len(words)-1] = w
				}
				break
			}
		}
	}
	return strings.Join(words, ", ")
}
