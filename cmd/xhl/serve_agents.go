package main

import (
	"context"
	"crypto/x509"
	"errors"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/portal"
	"paye/due/courrier"
	"paye/internal/anomalie"
	"paye/internal/input"
	"paye/internal/ledger"
	"paye/internal/server"
	"paye/vault"
	"paye/web/coffre"
	"paye/web/gestion"
)

// fronts are the pages that one server has.
type fronts struct {
	*gestion.Console
	agents *coffre.Pages
	portal *portal.Portal
}

// at tells the letters and the mails where the portal is, when no address was
// given for it.
func (f *fronts) at(origin, served string) {
	if origin == "" {
		f.portal.MoveTo(served + coffre.Home)
	}
}

// Round does what comes with time.
func (f *fronts) Round(ctx context.Context) error {
	return errors.Join(f.Console.Round(ctx), f.agents.Round(ctx))
}

// pageSchemas are the tables of all pages.
func pageSchemas() ([]ledger.Schema, error) {
	schemas, err := gestion.Schemas()
	if err != nil {
		return nil, err
	}
	counts, err := portal.Schema()
	return append(schemas, counts), err
}

// portal opens the pages of the agents, and lets the console know them.
func (p *program) portal(c *cli.Context, v *vault.Coffre, mailer portal.Mailer, o *gestion.Options) (_ *coffre.Pages, err error) {
	o.Portal, err = portal.New(c.Context, portal.Options{Coffre: v, Ledger: o.Ledger, Mail: mailer, Address: o.Origin + coffre.Home, Files: filepath.Join(o.State, "portail"),
		ImmediateRecovery: c.Bool("immediate-recovery"), ReactivationBySupport: c.Bool("reactivation-by-support"), Log: o.Log})
	if err != nil {
		return nil, err
	}
	pages, err := coffre.New(coffre.Options{Portal: o.Portal, Coffre: v, Ledger: o.Ledger, State: o.State, Brake: o.Brake, Origin: o.Origin, Accent: o.Accent, Log: o.Log})
	if err != nil {
		o.Portal.Close()
	}
	return pages, err
}

// agentMail is the server that mails to agents go through; nil without --smtp.
func (p *program) agentMail(c *cli.Context) (portal.Mailer, error) {
	at, from := c.String("smtp"), c.String("smtp-from")
	if at == "" && c.Bool("immediate-recovery") {
		return nil, p.usage("--immediate-recovery demande --smtp : le nouvel accès part par messagerie", "--immediate-recovery asks for --smtp: the new access leaves by mail")
	}
	if at == "" {
		return nil, nil
	}
	if from == "" {
		return nil, p.usage("--smtp demande --smtp-from", "--smtp asks for --smtp-from")
	}
	s := &portal.SMTP{From: from, Now: time.Now, Server: courrier.Serveur{Adresse: at, Utilisateur: c.String("smtp-user"), MotDePasse: p.getenv("XHL_SMTP_PASSWORD")}}
	if file := c.String("smtp-ca"); file != "" {
		pem, err := input.ReadFile(file, 1<<20)
		if anomalie.Unreachable(err) {
			return nil, server.Codes.Opening(server.AuthorityAway, file, err)
		}
		if err != nil {
			return nil, err
		}
		if s.Server.Autorites = x509.NewCertPool(); !s.Server.Autorites.AppendCertsFromPEM(pem) {
			return nil, p.usage("%s ne contient aucun certificat", "%s holds no certificate", file)
		}
	}
	return s, nil
}
