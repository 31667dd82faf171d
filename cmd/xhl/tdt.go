package main

import (
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"paye/app/send"
	"paye/pespj"
)

// Options of the platform; the keys of the configuration are the same.
const (
	tdtKind        = "tdt"
	tdtURL         = "tdt-url"
	tdtCertificate = "tdt-certificate"
	tdtKey         = "tdt-key"
	tdtAuthority   = "tdt-authority"
	tdtUser        = "tdt-user"
	tdtPassword    = "tdt-password-file"
	tdtKnownHosts  = "tdt-known-hosts"
	tdtAcquit      = "tdt-acquit"
	tdtHours       = "tdt-hours"
	tdtBudget      = "tdt-budget"
)

// tdtFlags say which platform, and how it is reached.
func (p *program) tdtFlags() []cli.Flag {
	platform := p.t("Plateforme (ou les mêmes clés dans la configuration)", "Platform (or the same keys in the configuration)")
	text := func(name, fr, en string) cli.Flag {
		return &cli.StringFlag{Name: name, Category: platform, Usage: p.t(fr, en)}
	}
	return []cli.Flag{
		text(tdtKind, "s2low | sftp | folder", "s2low | sftp | folder"),
		text(tdtURL, "`ADRESSE` : https://… , sftp://nom@hôte:port/dossier, ou un dossier", "`ADDRESS`: https://…, sftp://name@host:port/folder, or a folder"),
		text(tdtCertificate, "`FICHIER` PEM du certificat client (s2low)", "PEM `FILE` of the client certificate (s2low)"),
		text(tdtKey, "`FICHIER` de la clé privée (s2low, sftp)", "`FILE` of the private key (s2low, sftp)"),
		text(tdtAuthority, "`FICHIER` PEM de l'autorité du serveur, si ce n'est pas une du système", "PEM `FILE` of the server's authority, if it is none of the system's"),
		text(tdtUser, "`NOM` du compte, quand plusieurs partagent le certificat", "`NAME` of the account, when several share the certificate"),
		text(tdtPassword, "`FICHIER` du mot de passe du compte", "`FILE` of the account's password"),
		text(tdtKnownHosts, "`FICHIER` des clés de serveurs (sftp)", "`FILE` of host keys (sftp)"),
		text(tdtAcquit, "`DOSSIER` où arrivent les acquittements (sftp, folder)", "`FOLDER` where acknowledgments come (sftp, folder)"),
		text(tdtHours, "`HEURES` d'envoi, par exemple 8-20", "`HOURS` of sending, for instance 8-20"),
		text(tdtBudget, "`TAILLE` au plus par heure", "`SIZE` an hour at most"),
	}
}

// tdt makes the platform that the options name.
func (p *program) tdt(c *cli.Context) (send.Tdt, error) {
	get, err := p.settings(c)
	if err != nil {
		return nil, err
	}
	read := func(name string) (text []byte) {
		if err == nil && get(name) != "" {
			text, err = readSmall(get(name))
		}
		return text
	}
	password := ""
	if path := get(tdtPassword); path != "" {
		secret, err := p.secretOf(c.Context, path, tdtPassword)
		if err != nil {
			return nil, err
		}
		password = string(secret)
	}
	switch kind := get(tdtKind); kind {
	case "":
		return nil, send.Codes.New(send.SansTdt)
	case "s2low":
		o := send.S2lowOptions{Address: get(tdtURL), Certificate: read(tdtCertificate), Key: read(tdtKey), Authority: read(tdtAuthority), User: get(tdtUser), Password: password}
		if err != nil {
			return nil, err
		}
		return send.NewS2low(o)
	case "sftp":
		o := send.SFTPOptions{Address: get(tdtURL), Acquit: get(tdtAcquit), Key: read(tdtKey), Passphrase: []byte(p.getenv("XHL_TDT_PASSPHRASE")), Password: password, KnownHosts: get(tdtKnownHosts)}
		if err != nil {
			return nil, err
		}
		return send.NewSFTP(o)
	case "folder":
		if get(tdtURL) == "" {
			return nil, send.Codes.New(send.SansTdt)
		}
		return send.NewFolder(get(tdtURL), get(tdtAcquit)), nil
	default:
		return nil, p.usage("--tdt : %q n'est pas l'un de s2low, sftp, folder", "--tdt: %q is not one of s2low, sftp, folder", kind)
	}
}

// window is when the platform transmits.
func (p *program) window(c *cli.Context) (send.Window, error) {
	get, err := p.settings(c)
	if err != nil {
		return send.Window{}, err
	}
	w, err := send.ParseWindow(get(tdtHours))
	if err == nil && get(tdtBudget) != "" {
		w.Octets, err = pespj.ParseLimit(get(tdtBudget))
	}
	return w, err
}

// readSmall reads a file of keys.
func readSmall(path string) ([]byte, error) {
	in, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	defer in.Close()
	text, err := io.ReadAll(io.LimitReader(in, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return text, nil
}
