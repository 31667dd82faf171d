package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"paye/internal/ledger"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is the tables of tokens, for [ledger.Open].
func Schema() (ledger.Schema, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return ledger.Schema{}, fmt.Errorf("read the migrations of the API: %w", err)
	}
	return ledger.Schema{Name: "api", Files: files}, nil
}

// Scope is what a token may do.
type Scope string

const (
	Check   Scope = "check"   // check files, compare months
	Prepare Scope = "prepare" // plan and build
	Flux    Scope = "flux"    // follow fluxes, give acknowledgments
	Send    Scope = "send"    // send fluxes, and send refused pieces again
	Vault   Scope = "vault"   // deposit bulletins, follow and decide deposits
)

// Scopes are all of them.
var Scopes = []Scope{Check, Prepare, Flux, Send, Vault}

// Token is a token as its owner's list shows it.
type Token struct {
	ID, Login, Name     string
	Scopes              []Scope
	Made, Expires, Used time.Time
}

// Tokens are the tokens of a ledger.
type Tokens struct{ l *ledger.Ledger }

// NewTokens gives the tokens of a ledger that was opened with [Schema].
func NewTokens(l *ledger.Ledger) *Tokens { return &Tokens{l} }

// prefix lets a token be recognised where it should not be.
const prefix = "xhl_"

// New makes a token. It is returned once: its digest alone is kept.
func (t *Tokens) New(ctx context.Context, login, name string, lasts time.Duration, scopes ...Scope) (string, error) {
	token := prefix + rand.Text() + rand.Text()
	words := make([]string, len(scopes))
	for i, s := range scopes {
		if !slices.Contains(Scopes, s) {
			return "", fmt.Errorf("make a token: no scope is called %q", s)
		}
		words[i] = string(s)
	}
	now := t.l.Now()
	err := t.exec(ctx, "insert into api_token (hash, id, login, name, scopes, made, expires, used) values ($1,$2,$3,$4,$5,$6,$7,'')",
		digest(token), rand.Text(), login, name, strings.Join(words, " "), ledger.Time(now), ledger.Time(now.Add(lasts)))
	return token, err
}

// Revoke ends a token of a login.
func (t *Tokens) Revoke(ctx context.Context, login, id string) error {
	return t.exec(ctx, "delete from api_token where login=$1 and id=$2", login, id)
}

// List gives the tokens of a login, newest first.
func (t *Tokens) List(ctx context.Context, login string) ([]Token, error) {
	rows, err := t.l.DB().QueryContext(ctx, "select id, login, name, scopes, made, expires, used from api_token where login=$1 order by made desc, id", login)
	if err != nil {
		return nil, fmt.Errorf("list tokens: %w", err)
	}
	defer rows.Close()
	var list []Token
	for rows.Next() {
		one, err := scanToken(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, *one)
	}
	return list, rows.Err()
}

// Find gives the token of a request, nil when there is none that is good.
func (t *Tokens) Find(ctx context.Context, token string) (*Token, error) {
	if !strings.HasPrefix(token, prefix) || len(token) > 100 {
		return nil, nil
	}
	one, err := scanToken(t.l.DB().QueryRowContext(ctx, "select id, login, name, scopes, made, expires, used from api_token where hash=$1", digest(token)))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	now := t.l.Now()
	if !now.Before(one.Expires) {
		return nil, nil
	}
	if now.Sub(one.Used) > time.Hour {
		err = t.exec(ctx, "update api_token set used=$1 where id=$2", ledger.Time(now), one.ID)
	}
	return one, err
}

func (t *Tokens) exec(ctx context.Context, query string, args ...any) error {
	err := t.l.Update(ctx, func(tx ledger.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("note a token: %w", err)
	}
	return nil
}

func scanToken(row interface{ Scan(...any) error }) (*Token, error) {
	var one Token
	var scopes, made, expires, used string
	if err := row.Scan(&one.ID, &one.Login, &one.Name, &scopes, &made, &expires, &used); err != nil {
		return nil, fmt.Errorf("read a token: %w", err)
	}
	for _, s := range strings.Fields(scopes) {
		one.Scopes = append(one.Scopes, Scope(s))
	}
	for _, at := range []struct {
		text string
		to   *time.Time
	}{{made, &one.Made}, {expires, &one.Expires}, {used, &one.Used}} {
		if at.text == "" {
			continue
		}
		var err error
		if *at.to, err = ledger.ParseTime(at.text); err != nil {
			return nil, err
		}
	}
	return &one, nil
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
