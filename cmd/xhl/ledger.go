package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"paye/app/build"
	"paye/app/send"
	"paye/internal/fluxbook"
	"paye/internal/lang"
	"paye/internal/ledger"
	"paye/internal/state"
)

// ledgerFlags say where the ledger is, and who acts.
func (p *program) ledgerFlags() []cli.Flag {
	memory := p.t("Registre", "Ledger")
	return []cli.Flag{
		&cli.StringFlag{Name: "state", Category: memory, Usage: p.t("`DOSSIER` d'état (sinon $XHL_STATE, $XDG_STATE_HOME/xhl)", "state `FOLDER` (else $XHL_STATE, $XDG_STATE_HOME/xhl)")},
		&cli.StringFlag{Name: "ledger", Category: memory, Usage: p.t("registre dans une base PostgreSQL, `URL` postgres://… (sinon $XHL_LEDGER, sinon un fichier du dossier d'état)", "ledger in a PostgreSQL database, `URL` postgres://… (else $XHL_LEDGER, else a file of the state folder)")},
		&cli.StringFlag{Name: "user", Category: memory, Usage: p.t("`NOM` de qui agit (sinon le compte du système)", "`NAME` of who acts (else the account of the system)")},
	}
}

// ledgerAt is where the ledger is, as the flags, the configuration and the
// environment say.
func (p *program) ledgerAt(c *cli.Context) (string, error) {
	get, err := p.settings(c)
	if err != nil {
		return "", err
	}
	dir, err := state.Dir(c.String("state"), p.getenv)
	if err != nil {
		return "", err
	}
	return state.Ledger(get("ledger"), dir, p.getenv), nil
}

// actor is who acts, for histories.
func (p *program) actor(c *cli.Context) string {
	if p.runBy == nil {
		p.runBy = systemAccount
	}
	return firstOf(c.String("user"), p.runBy())
}

// systemAccount is the account that the command runs under: the environment may say
// another one, or nothing, as under a scheduler.
func systemAccount() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "uid " + strconv.Itoa(os.Getuid()) // of a container, that no list of accounts has
}

// moment is a time as it is told to people: that of the machine, and its zone.
func (p *program) moment(t time.Time) string {
	return t.Local().Format(p.t("02/01/2006 15:04:05 MST", "2006-01-02 15:04:05 MST"))
}

// withBook opens the book of fluxes and gives it to f.
func (p *program) withBook(c *cli.Context, f func(*fluxbook.Book) error) error {
	return p.withLateBook(c, func(late *fluxbook.LateBook) error {
		b, err := late.Open()
		if err != nil {
			return err
		}
		return f(b)
	})
}

// withLateBook gives f the book of fluxes; one that is not there is made when f
// opens it, once its input is known to be good.
func (p *program) withLateBook(c *cli.Context, f func(*fluxbook.LateBook) error) error {
	at, err := p.ledgerAt(c)
	if err != nil {
		return err
	}
	open := func() (*fluxbook.Book, error) { return fluxbook.Open(c.Context, at, p.actor(c), time.Now) }
	late := &fluxbook.LateBook{Make: func() (*fluxbook.Book, error) {
		b, err := open()
		if err == nil {
			p.ui.say(lang.Text{FR: "le registre des flux est créé dans %s", EN: "the book of fluxes is made in %s"}, at)
		}
		return b, err
	}}
	if !isNew(at) {
		if late.Book, err = open(); err != nil {
			return err
		}
	}
	return errors.Join(f(late), late.Close())
}

// withOldBook is withBook for what only reads: a book that is not there is not
// made.
func (p *program) withOldBook(c *cli.Context, f func(*fluxbook.Book) error) error {
	at, err := p.ledgerAt(c)
	if err != nil {
		return err
	}
	if isNew(at) {
		return fluxbook.Codes.New(fluxbook.SansRegistre, at)
	}
	return p.withBook(c, f)
}

// recorded gives what makes PES files the book of fluxes, unless --no-ledger.
func (p *program) recorded(c *cli.Context, dem *build.Request, f func(*recorder) error) error {
	if dem.Format != build.FormatPES || c.Bool("no-ledger") {
		return f(nil)
	}
	return p.withLateBook(c, func(late *fluxbook.LateBook) error {
		return f(&recorder{late, dem.Flux.CodCol, dem.Flux.CodBud})
	})
}

// recorder writes deliveries into a book that may not be there yet.
type recorder struct {
	late           *fluxbook.LateBook
	codCol, codBud string
}

func (r *recorder) into(b *fluxbook.Book) *send.Recorder {
	return &send.Recorder{Book: b, CodCol: r.codCol, CodBud: r.codBud}
}

func (r *recorder) open() (*send.Recorder, error) {
	b, err := r.late.Open()
	return r.into(b), err
}

// memory is what is known of earlier deliveries, nil where no book is.
func (r *recorder) memory() build.Memory {
	if r.late.Book == nil {
		return nil
	}
	return r.into(r.late.Book)
}

// Prepare implements build.Recorder.
func (r *recorder) Prepare(ctx context.Context, a *build.Account) ([]byte, error) {
	to, err := r.open()
	if err != nil {
		return nil, err
	}
	return to.Prepare(ctx, a)
}

// Published implements build.Recorder.
func (r *recorder) Published(note []byte) error {
	to, err := r.open()
	if err != nil {
		return err
	}
	return to.Published(note)
}

func isNew(at string) bool {
	if ledger.Remote(at) {
		return false
	}
	_, err := os.Stat(filepath.Join(at, ledger.Name))
	return errors.Is(err, fs.ErrNotExist)
}

func (p *program) ledgerCommand() *cli.Command {
	return &cli.Command{
		Name: "ledger", Usage: p.t("le registre des flux : copie, reprise, contrôle", "the book of fluxes: copy, replay, check"), UsageText: "xhl ledger export|import|check",
		Description: p.t("L'export, en lignes JSON, passe d'une base à l'autre et d'une machine à l'autre.", "The export, JSON lines, goes from one database to another and from one machine to another."),
		Subcommands: []*cli.Command{
			{
				Name: "export", Usage: p.t("écrire tout le registre en lignes JSON", "write the whole book as JSON lines"), UsageText: "xhl ledger export -o FICHIER",
				Flags: append(p.ledgerFlags(), &cli.StringFlag{Name: "out", Aliases: []string{"o"}, Required: true, Usage: p.t("`FICHIER` à écrire", "`FILE` to write")}),
				Action: func(c *cli.Context) error {
					return p.withOldBook(c, func(b *fluxbook.Book) error {
						n := 0
						err := p.toFile(c.String("out"), func(w io.Writer) (err error) {
							n, err = b.Export(c.Context, w)
							return err
						})
						return p.ledgerDone(err, lang.Text{FR: "%d ligne{s} écrite{s}", EN: "%d line{s} written"}, n)
					})
				},
			},
			{
				Name: "import", Usage: p.t("relire un export dans un registre vide", "read an export into an empty book"), UsageText: "xhl ledger import FICHIER",
				Flags: p.ledgerFlags(),
				Action: func(c *cli.Context) error {
					if c.NArg() != 1 {
						return p.usage("donnez le fichier d'un export", "give the file of an export")
					}
					in, err := os.Open(c.Args().First())
					if errors.Is(err, fs.ErrNotExist) {
						return send.Codes.Opening(send.Introuvable, c.Args().First(), err)
					}
					if err != nil {
						return fmt.Errorf("open the export: %w", err)
					}
					defer in.Close()
					return p.withLateBook(c, func(late *fluxbook.LateBook) error {
						n, err := late.Import(c.Context, in)
						return p.ledgerDone(err, lang.Text{FR: "%d ligne{s} reprise{s}", EN: "%d line{s} replayed"}, n)
					})
				},
			},
			{
				Name: "check", Usage: p.t("tenir le registre contre lui-même et contre les fichiers", "hold the book against itself and against the files"), UsageText: "xhl ledger check",
				Flags: p.ledgerFlags(),
				Action: func(c *cli.Context) error {
					return p.withOldBook(c, func(b *fluxbook.Book) error {
						n, err := b.Check(c.Context, send.FileDigest, p.report)
						if err == nil && p.errors > 0 {
							return p.ui.data(map[string]any{"type": "result", "ok": false, "lignes": n})
						}
						return p.ledgerDone(err, lang.Text{FR: "%d flux contrôlé{s}, fichiers compris", EN: "%d flux{|es} checked, files included"}, n)
					})
				},
			},
		},
	}
}

// ledgerDone says how many there were.
func (p *program) ledgerDone(err error, what lang.Text, n int) error {
	if err != nil {
		return err
	}
	p.ui.say(what, n)
	return p.ui.data(map[string]any{"type": "result", "ok": true, "lignes": n})
}
