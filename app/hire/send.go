package hire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"paye/due"
	"paye/due/courrier"
	"paye/internal/anomalie"
	"paye/internal/durable"
)

// Mode says whether anything leaves. It is not the indicator of the file.
type Mode uint8

const (
	Test Mode = iota // prepare, read back, report: nothing leaves
	Reel
)

// Depart is a file that has left, or that would have.
type Depart struct {
	due.Fichier
	Ou string // path in the outbox, or the server; empty in mode Test
}

// Send writes the declarations of a check and sends their files, encrypted, by
// the mail of the settings. In mode Test nothing is recorded and nothing
// leaves. A batch that the server may or may not have is left uncertain, with
// DUE-C31, or DUE-C39 of the outbox; the batches before it have left and are returned.
func (b *Bureau) Send(ctx context.Context, bilan *due.Bilan, mode Mode, how due.Ecriture) ([]Depart, error) {
	if mode == Test {
		how.Provisoire = true
		if bilan.Indicateur == due.Reel {
			seal, err := b.scelleur()
			if err != nil {
				return nil, err
			}
			how.Cle = seal.Empreinte()
		}
		files, err := b.Registre.Write(ctx, bilan, how)
		return departs(files), err
	}
	post, err := b.post(ctx, how.Etape)
	if err != nil {
		return nil, err
	}
	how.Cle = post.seal.Empreinte()
	files, err := b.Registre.Write(ctx, bilan, how)
	if err != nil {
		return nil, err
	}
	var gone []Depart
	for _, f := range files {
		where, err := b.sendOne(ctx, post, f)
		if err != nil {
			return gone, err
		}
		gone = append(gone, Depart{f, where})
	}
	return gone, nil
}

func departs(files []due.Fichier) []Depart {
	list := make([]Depart, len(files))
	for i, f := range files {
		list[i] = Depart{Fichier: f}
	}
	return list
}

// Resume sends again a batch whose fate is unknown: the same bytes, under the
// same Message-ID.
func (b *Bureau) Resume(ctx context.Context, lot string) (*Depart, error) {
	e, err := b.Registre.Envoi(ctx, lot)
	if err != nil {
		return nil, err
	}
	post, err := b.post(ctx, e.Etape)
	if err != nil && !(e.Etape != 0 && anomalie.Is(err, "DUE-S02")) { // this batch is the one that is awaited
		return nil, err
	}
	if e, err = b.Registre.Begin(ctx, lot, "", nil, due.Reprendre); err != nil {
		return nil, err
	}
	where, err := b.deliver(ctx, post, lot, e.Message)
	if err != nil {
		return nil, err
	}
	return &Depart{e.Fichier, where}, nil
}

// poste is what a message is made and sent with, once it is all checked.
type poste struct {
	profil courrier.Profil
	seal   courrier.Scelleur
	server *courrier.Serveur // nil: the outbox
}

// post checks the settings of the mail, the three paths, the keys, and that
// the set-up is far enough: for the file of a step, that this step is open;
// for any other, that it is finished.
func (b *Bureau) post(ctx context.Context, etape int) (*poste, error) {
	profil, err := b.profil()
	if err != nil {
		return nil, err
	}
	if err := profil.Check(); err != nil {
		return nil, err
	}
	p, err := b.Registre.Progression(ctx)
	if err != nil {
		return nil, err
	}
	if p.Chemins == "" {
		return nil, Codes.New("DUE-B04")
	}
	if err := b.chemins().Check(p.Chemins); err != nil {
		return nil, err
	}
	seal, err := b.scelleur()
	if err != nil {
		return nil, err
	}
	ready := &poste{profil: profil, seal: seal}
	if ready.server, err = b.server(); err != nil {
		return nil, err
	}
	if etape == 0 {
		if !p.Ouvert(seal.Empreinte()) {
			return nil, due.Codes.New("DUE-151")
		}
		return ready, nil
	}
	if p.Etape(etape) != nil && seal.Empreinte() != p.Cle(etape) && p.Cle(etape) != "" {
		return nil, Codes.New("DUE-B03")
	}
	return ready, b.Registre.MaySend(ctx, etape)
}

// profil is the mail profile: that of mapibox.cfg when the settings name one,
// else that of the settings.
func (b *Bureau) profil() (courrier.Profil, error) {
	m := b.Dossier.Courrier
	if path := b.path(b.Dossier.Mapibox); path != "" {
		err := b.read(path, func(r io.Reader) (err error) {
			m, err = due.ReadMapibox(r, path)
			return err
		})
		if err != nil {
			return courrier.Profil{}, err
		}
	}
	return courrier.Profil{
		Nom: m.Profil, NomRegle: b.Dossier.Courrier.Profil, Identite: b.Dossier.Identite, Expediteur: b.Dossier.Expediteur,
		A: m.A, Sujet: m.Sujet, Note: m.Note,
	}, nil
}

func (b *Bureau) server() (*courrier.Serveur, error) {
	if b.Dossier.SMTP == "" {
		return nil, nil
	}
	pool, err := b.authorities()
	if err != nil {
		return nil, err
	}
	return &courrier.Serveur{Adresse: b.Dossier.SMTP, Utilisateur: b.Dossier.SMTPUtilisateur, MotDePasse: b.o.MotDePasse, Autorites: pool}, nil
}

// scelleur reads the keys that the settings name.
func (b *Bureau) scelleur() (courrier.Scelleur, error) {
	d := &b.Dossier
	if missing := missingKeys(d); len(missing) > 0 {
		return nil, courrier.Codes.New("DUE-C01", strings.Join(missing, ", "))
	}
	recipient, err := b.key("cle_destinataire", d.CleDestinataire)
	if err != nil {
		return nil, err
	}
	if d.Chiffrement == "smime" {
		cert, err := b.key("certificat_propre", d.CertificatPropre)
		if err != nil {
			return nil, err
		}
		key, err := b.key("cle_privee_propre", d.ClePriveePropre)
		if err != nil {
			return nil, err
		}
		return courrier.NewScelleurSMIME(recipient, cert, key, b.o.Now())
	}
	own, err := b.key("cle_propre", d.ClePropre)
	if err != nil {
		return nil, err
	}
	to, err := courrier.ReadPublique(reader(recipient), d.CleDestinataire, b.o.Now())
	if err != nil {
		return nil, err
	}
	ours, err := courrier.ReadSecrete(reader(own), d.ClePropre, b.o.Passphrase, b.o.Now())
	if err != nil {
		return nil, err
	}
	if program := b.chemins().Programme; program != "" {
		return &courrier.ScelleurProgramme{Programme: program, Destinataire: to, Propre: ours}, nil
	}
	return &courrier.ScelleurPGP{Destinataire: to, Propre: ours}, nil
}

// sendOne seals the file of a batch and delivers it.
func (b *Bureau) sendOne(ctx context.Context, post *poste, f due.Fichier) (string, error) {
	m := courrier.Message{
		De: post.profil.Expediteur, A: post.profil.A, Sujet: post.profil.Sujet, Note: post.profil.Note,
		Date: b.o.Now(), Lot: f.Lot, Nom: f.Nom, Type: mediaTypes[f.Format], Piece: f.Octets,
	}
	entity, err := m.Entity()
	if err != nil {
		return "", err
	}
	scelle, err := post.seal.Seal(ctx, entity)
	if err != nil {
		return "", fmt.Errorf("seal batch %s: %w", f.Lot, err)
	}
	eml, err := m.Build(scelle)
	if err != nil {
		return "", err
	}
	e, err := b.Registre.Begin(ctx, f.Lot, m.ID(), eml, due.UneFois)
	if err != nil {
		return "", err
	}
	return b.deliver(ctx, post, f.Lot, e.Message)
}

var mediaTypes = map[due.Format]string{due.FormatTexte: "text/plain", due.FormatXML: "application/xml"}

// deliver hands over a batch that was begun, and records how it ended.
func (b *Bureau) deliver(ctx context.Context, post *poste, lot string, eml []byte) (string, error) {
	var where string
	var err error
	if post.server == nil {
		where, err = courrier.Boite{Dossier: b.outbox()}.Put(lot, eml)
	} else {
		where = post.server.Adresse
		err = post.server.Send(ctx, post.profil.Expediteur, post.profil.A, eml)
	}
	etat := due.LotEmis
	switch {
	case anomalie.Is(err, "DUE-C31"), anomalie.Is(err, "DUE-C39"):
		etat = due.LotIncertain
	case err != nil:
		etat = due.LotEcrit
	}
	// What happened is recorded even when the user has just interrupted.
	if end := b.Registre.End(context.WithoutCancel(ctx), lot, etat); end != nil {
		return "", errors.Join(err, end)
	}
	if err != nil {
		return "", fmt.Errorf("send batch %s: %w", lot, err)
	}
	return where, nil
}

func (b *Bureau) outbox() string { return filepath.Join(b.chemins().Travail, "outbox") }

// NewKey makes our own OpenPGP key in the key folder, under the name of the
// settings, and its public half beside it, and returns the path of the public
// half, to be given to the recipient.
func (b *Bureau) NewKey() (string, error) {
	name := b.Dossier.ClePropre
	if name == "" || filepath.Base(name) != name {
		return "", courrier.Codes.New("DUE-C01", "cle_propre")
	}
	folder := b.chemins().Cles
	if err := durable.MkdirAll(folder); err != nil {
		return "", fmt.Errorf("make the key folder: %w", err)
	}
	if _, err := b.key("cle_propre", name); err == nil {
		return "", Codes.New("DUE-B05").At(filepath.Join(folder, name), -1, 0)
	}
	secret, public, err := courrier.NewCle(b.Dossier.Employeur.RaisonSociale, b.Dossier.Expediteur, b.o.Passphrase, b.o.Now())
	if err != nil {
		return "", err
	}
	if err := durable.WriteFile(filepath.Join(folder, name), secret); err != nil {
		return "", fmt.Errorf("write our key: %w", err)
	}
	path := filepath.Join(folder, "publique-"+name)
	if err := durable.WriteFile(path, public); err != nil {
		return "", fmt.Errorf("write our public key: %w", err)
	}
	return path, nil
}
