package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/internal/anomalie"
	"paye/internal/fluxbook"
	"paye/internal/lang"
)

func (p *program) sendCommand() *cli.Command {
	return &cli.Command{
		Name:      "send",
		Usage:     p.t("déposer les flux chez le tiers de télétransmission, et suivre les réponses", "deposit the fluxes at the platform, and follow the answers"),
		UsageText: "xhl send [--watch] [NOMFIC…]",
		Description: p.t(`Sans NOMFIC, dépose tout ce qui est produit, puis demande des nouvelles de ce qui est parti. Un flux ne part
qu'une fois, quoi qu'il arrive ; rien ne part sans plateforme réglée (tdt et tdt-url).`,
			`Without NOMFIC, deposits all that is produced, then asks for news of what has left. A flux leaves once,
whatever happens; nothing leaves without a platform that is set (tdt and tdt-url).`),
		Flags: append(append(p.ledgerFlags(), p.tdtFlags()...),
			&cli.BoolFlag{Name: "probe", Usage: p.t("essayer la plateforme, sans rien déposer", "try the platform, without depositing anything")},
			&cli.BoolFlag{Name: "watch", Usage: p.t("suivre jusqu'à ce que tout soit clos, ou attende une personne", "follow until all is closed, or waits for a person")},
			&cli.DurationFlag{Name: "interval", Value: 10 * time.Minute, Usage: p.t("`DURÉE` entre deux demandes, avec --watch", "`TIME` between two questions, with --watch")},
			&cli.BoolFlag{Name: "resume", Usage: p.t("remettre les mêmes octets d'un envoi dont le sort est inconnu : la plateforme les reconnaît", "hand over again the same bytes of a sending whose fate is unknown: the platform knows them again")},
			&cli.StringSliceFlag{Name: "transaction", Usage: p.t("`NOMFIC=NUMÉRO` trouvé sur la plateforme", "`NOMFIC=NUMBER` found on the platform")},
			&cli.StringSliceFlag{Name: "not-there", Usage: p.t("`NOMFIC` que la plateforme n'a pas : il pourra repartir", "`NOMFIC` that the platform does not have: it may leave again")},
			&cli.StringSliceFlag{Name: "abandon", Usage: p.t("`NOMFIC` dont plus rien n'est attendu", "`NOMFIC` of which nothing more is awaited")},
			&cli.StringFlag{Name: "motif", Usage: p.t("`TEXTE` de l'abandon", "`TEXT` of giving up")},
		),
		Action: func(c *cli.Context) error {
			if c.IsSet("transaction") || c.IsSet("not-there") || c.IsSet("abandon") {
				return p.withOldBook(c, func(b *fluxbook.Book) error { return p.settle(c, b) })
			}
			tdt, err := p.tdt(c)
			switch {
			case err != nil:
				return err
			case c.Bool("probe"):
				return p.probe(c, tdt)
			case p.nothingKnown(c):
				return p.noFlux(map[string]any{"tdt": tdt.Name()})
			}
			return p.withOldBook(c, func(b *fluxbook.Book) error { return p.send(c, b, tdt) })
		},
	}
}

// settle records what a person knows of fluxes.
func (p *program) settle(c *cli.Context, b *fluxbook.Book) error {
	one := func(name string, f func(*fluxbook.Flux) error) error {
		flux, err := b.Flux(c.Context, name, "")
		if err == nil {
			err = f(flux)
		}
		if err != nil {
			return err
		}
		p.ui.print(flux.NomFic + "  " + flux.Etat.Libelle(p.ui.lang))
		return p.ui.data(map[string]any{"type": "flux", "nomfic": flux.NomFic, "etat": flux.Etat, "transaction": flux.Transaction})
	}
	for _, pair := range c.StringSlice("transaction") {
		name, number, _ := strings.Cut(pair, "=")
		if number == "" {
			return p.usage("--transaction NOMFIC=NUMÉRO", "--transaction NOMFIC=NUMBER")
		}
		err := one(name, func(f *fluxbook.Flux) error { return b.Follow(c.Context, f, fluxbook.Depose, number, f.Message) })
		if err != nil {
			return err
		}
	}
	for _, name := range c.StringSlice("not-there") {
		err := one(name, func(f *fluxbook.Flux) error {
			return b.End(c.Context, f, fluxbook.IssueNonParti, "", p.t("absent de la plateforme", "not on the platform"))
		})
		if err != nil {
			return err
		}
	}
	for _, name := range c.StringSlice("abandon") {
		if err := one(name, func(f *fluxbook.Flux) error { return b.GiveUp(c.Context, f, c.String("motif")) }); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": true})
}

// probe tries the platform.
func (p *program) probe(c *cli.Context, tdt send.Tdt) error {
	if err := tdt.Probe(c.Context); err != nil {
		return err
	}
	p.ui.print(p.t("la plateforme répond : ", "the platform answers: ") + tdt.Name())
	return p.ui.data(map[string]any{"type": "result", "ok": true, "tdt": tdt.Name()})
}

func (p *program) send(c *cli.Context, b *fluxbook.Book, tdt send.Tdt) (err error) {
	s := &send.Sender{Book: b, Tdt: tdt}
	if s.Window, err = p.window(c); err != nil {
		return err
	}
	for {
		if err := p.sendOnce(c, s); err != nil {
			return err
		}
		if !c.Bool("watch") {
			break
		}
		open, err := p.open(c, b, tdt.Name())
		if err != nil {
			return err
		}
		if !open {
			break
		}
		if err := pause(c.Context, c.Duration("interval")); err != nil {
			return err
		}
	}
	return p.ui.data(map[string]any{"type": "result", "ok": p.errors == 0, "tdt": tdt.Name()})
}

// open reports whether there is anything left to follow that waits for no
// person.
func (p *program) open(c *cli.Context, b *fluxbook.Book, tdt string) (bool, error) {
	there, err := b.At(c.Context, tdt)
	if err != nil {
		return false, err
	}
	for _, f := range there {
		if f.Etat.Waiting() || f.Etat == fluxbook.Incertain && b.Now().Sub(f.Depot) < send.Settles {
			return true, nil
		}
	}
	ready, err := b.In(c.Context, fluxbook.Produit)
	return len(ready) > 0 && !c.Args().Present(), err
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sendOnce deposits what is ready and asks for news.
func (p *program) sendOnce(c *cli.Context, s *send.Sender) error {
	ready, again, err := p.ready(c, s.Book)
	if err != nil {
		return err
	}
	if err := s.Deposit(c.Context, ready, again, p.showDeparture); err != nil {
		return err
	}
	return s.Follow(c.Context, p.showFollowed)
}

// ready are the fluxes that are to leave.
func (p *program) ready(c *cli.Context, b *fluxbook.Book) ([]*fluxbook.Flux, fluxbook.Again, error) {
	again := fluxbook.Once
	if c.Bool("resume") {
		again = fluxbook.Resume
	}
	var list []*fluxbook.Flux
	for _, name := range c.Args().Slice() {
		f, err := b.Flux(c.Context, name, "")
		if err != nil {
			return nil, again, err
		}
		if f.Etat == fluxbook.Produit || again == fluxbook.Resume || !c.Bool("watch") {
			list = append(list, f)
		}
	}
	if c.Args().Present() {
		return list, again, nil
	}
	states := []fluxbook.Etat{fluxbook.Produit}
	if again == fluxbook.Resume {
		states = []fluxbook.Etat{fluxbook.EnEnvoi, fluxbook.Incertain}
	}
	list, err := b.In(c.Context, states...)
	return list, again, err
}

// showDeparture tells what became of a flux that was to leave.
func (p *program) showDeparture(d *send.Departure) error {
	f := d.Flux
	switch {
	case d.Faute != nil:
		return p.showFault(d.Faute)
	case !d.Waits.IsZero():
		p.ui.print(f.NomFic + "  " + p.ui.text(lang.Text{FR: "attend la fenêtre de %s", EN: "waits for the window of %s"}, p.moment(d.Waits)))
	default:
		p.ui.print(strings.TrimSpace(f.NomFic + "  " + f.Etat.Libelle(p.ui.lang) + "  " + f.Transaction + "  " + oneLine(d.Message)))
		if d.Issue != fluxbook.IssueDepose {
			p.errors++
		}
		if d.Issue == fluxbook.IssueIncertain && !d.Absent {
			p.report(send.Codes.New(send.NumeroInconnu, f.NomFic))
		}
	}
	return p.ui.data(map[string]any{"type": "depot", "nomfic": f.NomFic, "etat": f.Etat, "issue": d.Issue, "transaction": f.Transaction, "message": d.Message})
}

// showFollowed tells what was learnt of a flux.
func (p *program) showFollowed(d *send.Followed) error {
	if d.Faute != nil {
		if err := p.showFault(d.Faute); err != nil {
			return err
		}
	}
	if d.Answer != nil {
		for _, a := range d.Answer.Avis {
			p.report(a)
		}
		if f := d.Answer.Constat.Flux; f != nil {
			p.ui.print(p.ui.text(lang.Text{FR: "%s  %s  %d/%d acceptée{s}, %d refusée{s}", EN: "%s  %s  %d/%d accepted, %d refused"}, f.NomFic, f.Etat.Libelle(p.ui.lang), f.Acceptes, f.Pieces, f.Refuses))
			if d.Answer.Refus() {
				p.errors++
			}
			return p.ui.data(map[string]any{"type": "acquit", "fichier": d.Answer.Fichier, "nomfic": f.NomFic, "flux": f.Etat, "pieces": f.Pieces, "acceptees": f.Acceptes, "refusees": f.Refuses})
		}
	}
	if d.Flux == nil {
		return nil
	}
	if d.Flux.Etat == fluxbook.Refuse {
		p.errors++
	}
	p.ui.print(strings.TrimSpace(d.Flux.NomFic + "  " + d.Flux.Etat.Libelle(p.ui.lang) + "  " + oneLine(d.Message)))
	return p.ui.data(map[string]any{"type": "flux", "nomfic": d.Flux.NomFic, "etat": d.Flux.Etat, "message": d.Message, "transaction": d.Flux.Transaction})
}

// showFault tells a fault of one flux that does not stop the others.
func (p *program) showFault(err error) error {
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return err
	}
	p.report(a)
	return nil
}
