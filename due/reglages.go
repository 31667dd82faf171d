package due

import (
	"fmt"
	"io"
	"maps"
	"strings"

	"paye/internal/input"
)

// maxReglages is the largest settings file that is read, in bytes.
const maxReglages = 64 << 10

// reglages are the values that a file of `key=value` lines sets, by key; every
// field of the destination is a text.
type reglages map[string]*string

// read fills the values from r: the first "=" splits, keys in any case, spaces
// around both sides dropped, UTF-8 or windows-1252, CRLF or LF. Blank lines and
// lines that start with # or ; are skipped. A key that is unknown or comes
// twice is an anomaly with its line.
func (known reglages) read(r io.Reader, fichier string) error {
	raw, err := io.ReadAll(io.LimitReader(r, maxReglages+1))
	if err != nil {
		return fmt.Errorf("read %s: %w", fichier, err)
	}
	if len(raw) > maxReglages {
		return Codes.New("DUE-130", maxReglages).At(fichier, -1, 0)
	}
	left := maps.Clone(known)
	for e := range input.Entries(utf8Text(string(raw))) {
		line := int64(e.Line)
		if !e.Pair {
			return Codes.New("DUE-131").At(fichier, -1, line)
		}
		key := strings.ToLower(e.Key)
		if known[key] == nil {
			return Codes.New("DUE-132", excerpt(key)).At(fichier, -1, line)
		}
		if left[key] == nil {
			return Codes.New("DUE-133", key).At(fichier, -1, line)
		}
		*left[key] = e.Value
		delete(left, key)
	}
	return nil
}

// Mapibox is the mail profile of mapibox.cfg: who it is sent as, to whom, and
// the two texts. Nothing has a default.
type Mapibox struct {
	Profil string // profil=  name of the transport profile
	A      string // a=       recipient
	Sujet  string // sujet=   subject
	Note   string // note=    text of the message
}

// ReadMapibox reads a mapibox.cfg.
func ReadMapibox(r io.Reader, fichier string) (Mapibox, error) {
	var m Mapibox
	err := reglages{"profil": &m.Profil, "a": &m.A, "sujet": &m.Sujet, "note": &m.Note}.read(r, fichier)
	return m, err
}

// Dossier is the settings of one payroll file: its employer, how its mail
// leaves, where its keys are. Paths are as written; relative ones are relative
// to the settings file, and resolving them is the caller's work.
type Dossier struct {
	Employeur         Employeur
	CategoriesExclues string // categories of contracts that are never proposed, comma-separated
	Mapibox           string // path of mapibox.cfg; empty: Courrier is in this file
	Courrier          Mapibox
	Identite          string // main identity of the mail profile
	Expediteur        string // From of the message; must be Identite

	Cles             string // the key folder
	Travail          string // the working folder: outbox/ and AR/ are in it
	Programme        string // optional external encryption program
	Chiffrement      string // openpgp (default) or smime
	CleDestinataire  string // file of Cles: OpenPGP public key, or certificate
	ClePropre        string // file of Cles: our OpenPGP secret key
	CertificatPropre string // file of Cles: our certificate (S/MIME)
	ClePriveePropre  string // file of Cles: the private key of the certificate

	SMTP            string // host:port; empty: the message stays in the outbox
	SMTPUtilisateur string
	SMTPAutorite    string // PEM of the authority of the server; empty: those of the system
}

// ReadDossier reads the settings of a payroll file.
func ReadDossier(r io.Reader, fichier string) (Dossier, error) {
	d := Dossier{CategoriesExclues: "titulaire"}
	if err := d.reglages().read(r, fichier); err != nil {
		return d, err
	}
	if d.Chiffrement != "" && d.Chiffrement != "openpgp" && d.Chiffrement != "smime" {
		return d, Codes.New("DUE-134", "chiffrement", "openpgp | smime").At(fichier, -1, 0)
	}
	return d, nil
}

func (d *Dossier) reglages() reglages {
	e := &d.Employeur
	return reglages{
		string(ChampRaisonSociale): &e.RaisonSociale,
		string(ChampSIRET):         &e.SIRET,
		string(ChampAPE):           &e.APE,
		string(ChampURSSAF):        &e.CodeURSSAF,
		string(ChampAdresse1):      &e.Adresse1,
		string(ChampAdresse2):      &e.Adresse2,
		string(ChampCodePostal):    &e.CodePostal,
		string(ChampVille):         &e.Ville,
		string(ChampTelephone):     &e.Telephone,
		string(ChampServiceSante):  &e.ServiceSante,
		string(ChampRegime):        &e.Regime,

		"categories_exclues": &d.CategoriesExclues,
		"mapibox":            &d.Mapibox,
		"profil":             &d.Courrier.Profil,
		"a":                  &d.Courrier.A,
		"sujet":              &d.Courrier.Sujet,
		"note":               &d.Courrier.Note,
		"identite":           &d.Identite,
		"expediteur":         &d.Expediteur,
		"cles":               &d.Cles,
		"travail":            &d.Travail,
		"programme":          &d.Programme,
		"chiffrement":        &d.Chiffrement,
		"cle_destinataire":   &d.CleDestinataire,
		"cle_propre":         &d.ClePropre,
		"certificat_propre":  &d.CertificatPropre,
		"cle_privee_propre":  &d.ClePriveePropre,
		"smtp":               &d.SMTP,
		"smtp_utilisateur":   &d.SMTPUtilisateur,
		"smtp_autorite":      &d.SMTPAutorite,
	}
}

// Exclus is the set of the categories that are never proposed.
func (d *Dossier) Exclus() map[string]bool {
	set := make(map[string]bool)
	for c := range strings.SplitSeq(d.CategoriesExclues, ",") {
		if c = strings.ToLower(strings.TrimSpace(c)); c != "" {
			set[c] = true
		}
	}
	return set
}
