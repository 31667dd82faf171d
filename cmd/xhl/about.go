package main

import (
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"paye/xhl"

	"github.com/urfave/cli/v2"

	"paye/app/batch"
	"paye/app/build"
	"paye/app/check"
	"paye/app/deposit"
	"paye/app/hire"
	"paye/app/index"
	"paye/app/intake"
	"paye/app/portal"
	"paye/app/send"
	"paye/compress"
	"paye/due"
	"paye/due/courrier"
	"paye/etats"
	"paye/hr"
	"paye/internal/anomalie"
	"paye/internal/durable"
	"paye/internal/fluxbook"
	"paye/internal/input"
	"paye/internal/ledger"
	"paye/internal/pdfx"
	"paye/internal/server"
	"paye/payslip"
	"paye/pespj"
	"paye/splitter"
	"paye/vault"
	"paye/web/api"
	"paye/web/gestion"
	webpage "paye/web/page"
	webui "paye/web/ui"
)

// provenance is what a binary knows of its making.
type provenance struct {
	Version  string `json:"version"`          // of the tag, else dev and the commit
	Commit   string `json:"commit,omitempty"` // twelve digits; empty outside a checkout
	Date     string `json:"date,omitempty"`   // of the commit, AAAA-MM-JJ
	Go       string `json:"go"`
	Platform string `json:"plateforme"`
}

// built reads what the toolchain writes into every binary.
func built() provenance {
	b := provenance{Version: "dev", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		b.read(info)
	}
	return b
}

func (b *provenance) read(info *debug.BuildInfo) {
	dirty := ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			b.Commit = s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.time":
			b.Date = s.Value[:min(len(s.Value), len(time.DateOnly))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+"
		}
	}
	tag, _, _ := strings.Cut(info.Main.Version, "+")
	switch {
	case b.Commit == "":
	case tag == "" || tag == "(devel)" || strings.HasSuffix(tag, "-"+b.Commit): // no tag: a version that the toolchain makes up
		b.Version = "dev-" + b.Commit + dirty
	default:
		b.Version = strings.TrimPrefix(tag, "v") + dirty
	}
}

func (b provenance) String() string {
	if b.Commit == "" {
		return b.Version
	}
	return b.Version + " (commit " + b.Commit + ", " + b.Date + ")"
}

// version is the version alone, as files carry it.
func version() string { return built().Version }

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: p.t("la version du programme", "the version of the program"), UsageText: "xhl version",
		Action: func(*cli.Context) error { return p.showVersion() },
	}
}

func (p *program) showVersion() error {
	p.ui.print("xhl " + built().String())
	return p.ui.data(struct {
		Type string `json:"type"`
		OK   bool   `json:"ok"`
		provenance
	}{"result", true, built()})
}

// registries are those of every package that finds anomalies.
func registries() []*anomalie.Registre {
	return []*anomalie.Registre{
		xhl.Codes,
		pespj.Codes,
		splitter.Codes,
		build.Codes,
		index.Codes,
		batch.Codes,
		compress.Codes,
		pdfx.Codes,
		check.Codes,
		payslip.Codes,
		deposit.Codes,
		ledger.Codes,
		fluxbook.Codes,
		send.Codes,
		durable.Codes, input.Codes, due.Codes,
		hire.Codes,
		courrier.Codes,
		vault.Codes,
		hr.Codes,
		server.Codes,
		intake.Codes,
		webui.Codes,
		gestion.Codes,
		api.Codes,
		portal.Codes,
		etats.Codes,
		webpage.Codes,
	}
}

func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: p.t("l'aide d'une commande ; « help codes » liste les anomalies", "the help of a command; “help codes” lists the anomalies"),
		UsageText: p.t("xhl help [COMMANDE… | codes [CODE…]]", "xhl help [COMMAND… | codes [CODE…]]"),
		Action: func(c *cli.Context) error {
			switch name := c.Args().First(); {
			case name == "":
				return cli.ShowAppHelp(c)
			case name == "codes":
				return p.helpCodes(c.Args().Tail())
			default:
				return p.helpCommandPage(c, c.Args().Slice())
			}
		},
	}
}
