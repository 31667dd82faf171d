package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"time"

	"github.com/urfave/cli/v2"

	"paye/internal/input"
	"paye/internal/lang"
	"paye/vault"
	"paye/vault/remote"
)

// remoteFlags say that the vault is on another machine, and who calls. The
// configuration file may hold all of them.
func (p *program) remoteFlags() []cli.Flag {
	far := p.t("Coffre d'une autre machine", "Vault of another machine")
	return []cli.Flag{
		&cli.StringFlag{Name: "remote", Category: far, Usage: p.t("`URL` de « xhl serve », avec le compte de --user ou le jeton de --token-file", "`URL` of “xhl serve”, with the account of --user or the token of --token-file")},
		&cli.StringFlag{Name: "remote-ca", Category: far, Usage: p.t("`FICHIER` PEM de l'autorité du serveur, si le système ne la connaît pas", "PEM `FILE` of the server's authority, if the system does not know it")},
		&cli.StringFlag{Name: tokenFile, Category: far, Usage: p.t("`FICHIER` du jeton d'un compte : xhl vault user token", "`FILE` with the token of an account: xhl vault user token")},
	}
}

// store opens the vault of the options, of this machine or of another, and
// gives it to f with who acts.
func (p *program) store(c *cli.Context, o vault.Options, f func(vault.Guichet, vault.Acteur) error) error {
	get, err := p.settings(c)
	if err != nil {
		return err
	}
	switch {
	case c.IsSet("remote") && c.IsSet("state"):
		return p.usage("--remote ou --state : le coffre d'une autre machine, ou celui d'ici", "--remote or --state: the vault of another machine, or the one here")
	case get("remote") == "" || c.IsSet("state"):
		return p.coffre(c, o, func(v *vault.Coffre, par vault.Acteur) error { return f(v, par) })
	}
	client, err := p.dial(c, get)
	if err != nil {
		return err
	}
	if o.Temoin == nil {
		return f(client, vault.Acteur{}) // the server knows who calls
	}
	if err := continues(c.Context, client, o); err != nil {
		return err
	}
	err = f(client, vault.Acteur{})
	// What came into the vault is proved by a checkpoint that its server does
	// not keep alone, after an interruption too.
	ctx := context.WithoutCancel(c.Context)
	point, errPoint := client.Point(ctx)
	if errPoint == nil {
		errPoint = continues(ctx, client, o)
	}
	if errPoint == nil {
		errPoint = o.Temoin(ctx, point)
	}
	return errors.Join(err, errPoint)
}

// continues holds a vault elsewhere against the witness that is here.
func continues(ctx context.Context, g vault.Guichet, o vault.Options) error {
	kept, err := o.Temoins(ctx)
	if err != nil {
		return err
	}
	for _, point := range kept {
		if err := vault.Continues(ctx, g, point); err != nil {
			return err
		}
	}
	return nil
}

// Attempts of a call to the vault's server. A deposit waits some 25 s, in which
// the server can be started again; who asks a question is told soon.
const (
	attemptsDeposit = 8
	attempts        = 4
)

func (p *program) dial(c *cli.Context, get func(string) string) (*remote.Client, error) {
	o := remote.Options{Attempts: attempts, Wait: p.waitForServer}
	if c.Command.Name == "deposit" {
		o.Attempts = attemptsDeposit
	}
	switch path, login := get(tokenFile), get("user"); {
	case path != "" && !c.IsSet("user"):
		token, err := p.secretOf(c.Context, path, tokenFile)
		if err != nil {
			return nil, err
		}
		o.Token = string(token)
	case login != "":
		password, err := p.secretIn(c.Context, get(passwordFile), passwordFile, p.t("mot de passe de ", "password of ")+login)
		if err != nil {
			return nil, err
		}
		o.Login, o.Password = login, string(password)
	default:
		return nil, p.usage("--remote : dites qui agit, par --user COMPTE ou --%s FICHIER", "--remote: say who acts, with --user ACCOUNT or --%s FILE", tokenFile)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	if path := get("remote-ca"); path != "" {
		pem, err := input.ReadAny(c.Context, path, maxAuthorities)
		roots := x509.NewCertPool()
		if err != nil || !roots.AppendCertsFromPEM(bytes.TrimSpace(pem)) {
			return nil, p.usage("--remote-ca : %s n'est pas un certificat PEM lisible", "--remote-ca: %s is not a PEM certificate that can be read", path)
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	}
	o.HTTP = &http.Client{Transport: transport}
	client, err := remote.NewClient(get("remote"), o)
	if err != nil {
		return nil, p.usage("--remote : %s n'est ni https://… ni une adresse de cette machine", "--remote: %s is neither https://… nor an address of this machine", get("remote"))
	}
	return client, nil
}

// waitForServer is a pause before a call is sent again.
func (p *program) waitForServer(ctx context.Context, d time.Duration) error {
	if d >= time.Second {
		p.ui.say(lang.Text{FR: "le serveur du coffre ne répond pas, nouvel essai dans %.0f s", EN: "the vault's server does not answer, trying again in %.0f s"}, d.Seconds())
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
