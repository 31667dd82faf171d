package remote

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/server"
	"paye/vault"
)

// Prefix is where the handler is to be mounted.
const Prefix = "/coffre/v1/"

// document is the line before the bytes of a document that is deposited.
type document struct {
	vault.Identite
	Periode   vault.Periode `json:"periode"`
	Nature    vault.Nature  `json:"nature"`
	Sequence  int           `json:"sequence"`
	Version   int           `json:"version"`
	Parent    vault.ID      `json:"parent,omitzero"`
	Titre     string        `json:"titre,omitempty"`
	Versement vault.ID      `json:"versement,omitzero"`
	Taille    int64         `json:"taille"`
	SHA256    string        `json:"sha256"`
}

// fault is an anomaly on the wire, or an error of the server's machine, whose
// words stay in its log.
type fault struct {
	Code      string `json:"code,omitempty"`
	Args      []any  `json:"args,omitempty"`
	Matricule string `json:"matricule,omitempty"`
	Trouve    string `json:"trouve,omitempty"`
	Attendu   string `json:"attendu,omitempty"`
	Machine   bool   `json:"machine,omitempty"`
	Message   string `json:"message,omitempty"` // for who reads the answer as it is
}

func toFault(err error) *fault {
	if err == nil {
		return nil
	}
	var a *anomalie.Anomalie
	if !errors.As(err, &a) {
		return &fault{Machine: true}
	}
	return &fault{Code: a.Code, Args: a.Args, Matricule: a.Matricule, Trouve: a.Trouve, Attendu: a.Attendu, Message: a.Message(lang.French)}
}

var errServer = errors.New("the vault's server failed; its log says why")

// err makes the anomaly again. A code that this version does not know is told
// as such.
func (f *fault) err() error {
	if f == nil {
		return nil
	}
	if f.Machine || f.Code == "" {
		return errServer
	}
	for _, codes := range []*anomalie.Registre{vault.Codes, server.Codes} {
		for _, r := range codes.Regles() {
			if r.Code != f.Code {
				continue
			}
			for i, v := range f.Args {
				if n, ok := v.(json.Number); ok {
					f.Args[i], _ = n.Int64()
				}
			}
			a := codes.New(f.Code, f.Args...)
			a.Matricule, a.Trouve, a.Attendu = f.Matricule, f.Trouve, f.Attendu
			return a
		}
	}
	return fmt.Errorf("server answered with the unknown code %q", f.Code)
}

// answer is a line of the server.
type answer struct {
	Fault      *fault            `json:"anomalie,omitempty"`
	Recu       *vault.Recu       `json:"recu,omitempty"`
	Deja       bool              `json:"deja,omitempty"`
	Metadata   *vault.Metadata   `json:"metadonnees,omitempty"`
	Evenement  *vault.Evenement  `json:"evenement,omitempty"`
	Controle   *controle         `json:"controle,omitempty"`
	Versement  *vault.Versement  `json:"versement,omitempty"`
	Versements []vault.Versement `json:"versements,omitempty"`
	Papier     []vault.Papier    `json:"papier,omitempty"`
	Nombre     int64             `json:"nombre,omitempty"`
	Jeton      string            `json:"jeton,omitempty"`
	Fin        bool              `json:"fin,omitempty"`
	Employeurs []vault.Employeur `json:"employeurs,omitempty"`
	Point      *point            `json:"point,omitempty"`
	Effacement *vault.Effacement `json:"effacement,omitempty"`
	Coherence  []tlog.Hash       `json:"coherence,omitempty"`
	Requete    string            `json:"requete,omitempty"` // of an error, as the server's log has it
}

type controle struct {
	Recu   *vault.Recu `json:"recu"`
	Depuis int64       `json:"depuis"` // milliseconds since 1970
	Fautes []*fault    `json:"fautes,omitempty"`
}

// point is the newest checkpoint, and the key that verifies it and receipts.
type point struct {
	Note         string `json:"note"`
	Verificateur string `json:"verificateur"`
}

// question is the body of the verbs that take JSON.
type question struct {
	ID        vault.ID            `json:"id,omitzero"`
	Copies    vault.Copie         `json:"copies,omitempty"`
	Motif     string              `json:"motif,omitempty"`
	Filtre    vault.Filtre        `json:"filtre,omitzero"`
	Journal   vault.FiltreJournal `json:"journal,omitzero"`
	Versement *vault.Versement    `json:"versement,omitempty"`
	Siret     string              `json:"siret,omitempty"`
	De        int64               `json:"de,omitempty"` // sizes of the journal
	A         int64               `json:"a,omitempty"`
	Login     string              `json:"login,omitempty"`
	Password  string              `json:"password,omitempty"`
	Appareil  string              `json:"appareil,omitempty"` // a token from before: this device is known
}

var errTrailing = errors.New("something follows the JSON value")

// decode reads one JSON value strictly, and nothing after it, numbers as they are written.
func decode(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errTrailing
	}
	return nil
}
