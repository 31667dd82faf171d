package ui

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"

	"paye/internal/ledger"
)

// WithOnce gives the form a word that lets it be sent once.
func (f *Form) WithOnce() *Form {
	f.Once = rand.Text()
	return f
}

// Once does what a form asks for, once: do returns the address that shows the
// result. When the same form is sent again, as two clicks do, the address of
// the first sending is the answer. A failure leaves the form to be sent again.
func (c *Call) Once(f *Form, do func() (address string, err error)) error {
	if f.Once == "" || len(f.Once) > 64 {
		f.Once = rand.Text()
	}
	l := c.Site.o.Ledger
	made, err := exec(c.Context(), l, `insert into web_once (token, site, login, made, address) values ($1,$2,$3,$4,'') on conflict do nothing`,
		f.Once, c.Site.o.Name, c.Session.Login, ledger.Time(c.Site.now()))
	if err != nil {
		return fmt.Errorf("note that a form was sent: %w", err)
	}
	if made == 0 {
		return c.again(f)
	}
	address, err := do()
	if err != nil || f.Failed() {
		_, forget := exec(c.Context(), l, "delete from web_once where token=$1", f.Once)
		return errors.Join(err, forget)
	}
	if _, err := exec(c.Context(), l, "update web_once set address=$1 where token=$2", address, f.Once); err != nil {
		return fmt.Errorf("note what a form led to: %w", err)
	}
	return c.Redirect(address)
}

// again answers the second sending of a form with where the first one led.
func (c *Call) again(f *Form) error {
	var address string
	err := c.Site.o.Ledger.DB().QueryRowContext(c.Context(), "select address from web_once where token=$1 and site=$2 and login=$3",
		f.Once, c.Site.o.Name, c.Session.Login).Scan(&address)
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("look up what a form led to: %w", err)
	}
	if address == "" { // the first one is still at work
		address = c.back()
	}
	return c.Redirect(address)
}
