package portal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"paye/vault"
)

// Share is a link to one document: it ends, asks for a code that travels by
// another way, counts, and can be taken back.
type Share struct {
	ID      string    `json:"id"`
	Account string    `json:"compte"`
	Agent   vault.ID  `json:"agent"`
	Doc     vault.ID  `json:"document"`
	Title   string    `json:"titre"`
	Made    time.Time `json:"cree"`
	Until   time.Time `json:"jusque"`
	Word    []byte    `json:"mot"`
	Code    []byte    `json:"code"`
	Opens   int       `json:"ouvertures"`
	Wrong   int       `json:"echecs,omitempty"`
	Ended   time.Time `json:"fini,omitzero"`
}

// Bounds of a link.
const (
	shareLasts    = 7 * 24 * time.Hour
	shareOpens    = 20
	shareFailures = 5 // wrong codes end the link
)

// sharedBy begins the name under which the journal has a reading through a link.
const sharedBy = "partage "

// Over reports whether a link can no longer be used.
func (s *Share) Over(now time.Time) bool {
	return !s.Ended.IsZero() || !now.Before(s.Until) || s.Opens >= shareOpens || s.Wrong >= shareFailures
}

// NewShare makes a link to a document of the account. The word goes into the
// link, the code to the reader by another way; neither is kept.
func (p *Portal) NewShare(ctx context.Context, a *Account, doc vault.ID) (word, code string, err error) {
	d, err := p.Document(ctx, a, doc)
	if err != nil {
		return "", "", err
	}
	id, err := p.newID()
	if err != nil {
		return "", "", err
	}
	word, t, err := p.newToken(id, shareLasts, "")
	if err != nil {
		return "", "", err
	}
	if code, err = newSecret(p.o.Random, 8); err != nil {
		return "", "", err
	}
	s := Share{ID: id, Account: a.ID, Agent: d.Agent, Doc: doc, Title: d.Titre, Made: p.clock(), Until: t.Until, Word: t.Digest, Code: digest(id + code)}
	err = change(ctx, p, "compte "+a.ID, kindShare, id, "", func(stored *Share, _ bool) error { *stored = s; return nil })
	if err != nil {
		return "", "", err
	}
	err = change(ctx, p, "compte "+a.ID, kindShare, "de/"+a.ID, "", func(l *lead, _ bool) error {
		l.Accounts = append(l.Accounts, id)
		if len(l.Accounts) > 200 {
			l.Accounts = l.Accounts[len(l.Accounts)-200:]
		}
		return nil
	})
	if err != nil {
		return "", "", err
	}
	return word, showSecret(code), p.note(ctx, a.ID, Event{What: HapShared, Note: d.Titre})
}

// Shares gives the links of an account and of those that went into it, newest
// first.
func (p *Portal) Shares(ctx context.Context, a *Account) (list []Share, err error) {
	for _, id := range a.spaces() {
		more, err := p.sharesOf(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	slices.SortStableFunc(list, func(a, b Share) int { return b.Made.Compare(a.Made) })
	return list, nil
}

func (p *Portal) sharesOf(ctx context.Context, id string) (list []Share, err error) {
	var l lead
	if _, err := p.read(ctx, kindShare, "de/"+id, &l); err != nil {
		return nil, err
	}
	for i := len(l.Accounts) - 1; i >= 0; i-- {
		var s Share
		version, err := p.read(ctx, kindShare, l.Accounts[i], &s)
		if err != nil {
			return nil, err
		}
		if version > 0 {
			list = append(list, s)
		}
	}
	return list, nil
}

// EndShare takes a link back.
func (p *Portal) EndShare(ctx context.Context, a *Account, id string) error {
	err := change(ctx, p, "compte "+a.ID, kindShare, id, "", func(s *Share, exists bool) error {
		if !exists || !slices.Contains(a.spaces(), s.Account) {
			return Codes.New(ShareOver)
		}
		if s.Ended.IsZero() {
			s.Ended = p.clock()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return p.note(ctx, a.ID, Event{What: HapShareEnd})
}

// share gives the link of a word that can still be used.
func (p *Portal) share(ctx context.Context, word string) (*Share, error) {
	id, ok := subject(word)
	if !ok {
		return nil, Codes.New(ShareOver)
	}
	var s Share
	version, err := p.read(ctx, kindShare, id, &s)
	if err != nil {
		return nil, err
	}
	if version == 0 || !same(s.Word, word) || s.Over(p.clock()) {
		return nil, Codes.New(ShareOver)
	}
	return &s, nil
}

// ShareOpen reports whether a link can still be used; it tells nothing of the
// document.
func (p *Portal) ShareOpen(ctx context.Context, word string) error {
	_, err := p.share(ctx, word)
	return err
}

// ReadShare writes the document of a link to w for who has its code. It is
// counted before the first byte, and the owner sees it.
func (p *Portal) ReadShare(ctx context.Context, word, code string, w io.Writer) (title string, err error) {
	s, err := p.share(ctx, word)
	if err != nil {
		return "", err
	}
	owner, err := p.follow(ctx, s.Account)
	if err != nil {
		return "", err
	}
	if owner == nil || !owner.Sees() || owner.of(s.Agent) == nil {
		return "", Codes.New(ShareOver)
	}
	right := same(s.Code, s.ID+cleanSecret(code))
	err = change(ctx, p, sharedBy+s.ID[:8], kindShare, s.ID, "", func(s *Share, _ bool) error {
		switch {
		case s.Over(p.clock()):
			return Codes.New(ShareOver)
		case right:
			s.Opens++
		default:
			s.Wrong++
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if !right {
		return "", Codes.New(WrongCode)
	}
	if err := p.note(ctx, owner.ID, Event{What: HapShareOpen, Par: sharedBy + s.ID[:8], Note: s.Title}); err != nil {
		return "", err
	}
	m, err := p.o.Coffre.Read(ctx, vault.Acteur{Role: vault.RoleAgent, Nom: sharedBy + s.ID[:8], Agent: s.Agent}, s.Doc, w)
	return m.Titre, err
}

// all gives every record of a kind, decoded.
func all[T any](ctx context.Context, p *Portal, kind, employeur string) (list []T, err error) {
	for f, err := range p.o.Coffre.Fiches().All(ctx, kind, employeur) {
		if err != nil {
			return nil, err
		}
		var v T
		if err := json.Unmarshal(f.Valeur, &v); err != nil {
			return nil, fmt.Errorf("read a record of kind %s: %w", kind, err)
		}
		list = append(list, v)
	}
	return list, nil
}
