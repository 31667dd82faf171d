package portal

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"paye/vault"
)

// Happening is a kind of line of the trace.
type Happening string

// What happens to an account.
const (
	HapInvited      Happening = "courrier"
	HapEntered      Happening = "premiere"
	HapWelcomed     Happening = "inscription"
	HapMailProved   Happening = "mail_verifie"
	HapSignedIn     Happening = "connexion"
	HapNewDevice    Happening = "appareil"
	HapFailed       Happening = "echec"
	HapLocked       Happening = "blocage"
	HapResetAsked   Happening = "oubli"
	HapReset        Happening = "nouveau_passe"
	HapWord         Happening = "passe"
	HapMailAsked    Happening = "mail_demande"
	HapMail         Happening = "mail"
	HapMailUndone   Happening = "mail_annule"
	HapNumber       Happening = "identifiant"
	HapRenewed      Happening = "identifiant_utilise"
	HapRefusal      Happening = "refus"
	HapUndone       Happening = "refus_annule"
	HapElectronic   Happening = "reactivation"
	HapAskedBack    Happening = "reactivation_demandee"
	HapKept         Happening = "papier_garde"
	HapShared       Happening = "partage"
	HapShareOpen    Happening = "partage_ouvert"
	HapShareEnd     Happening = "partage_fin"
	HapMergeAsked   Happening = "fusion_demande"
	HapMerged       Happening = "fusion"
	HapMergeEnd     Happening = "fusion_fin"
	HapLeft         Happening = "depart"
	HapReturned     Happening = "retour"
	HapDeath        Happening = "deces"
	HapService      Happening = "fin_service"
	HapPiece        Happening = "piece"
	HapPieceGone    Happening = "piece_supprimee"
	HapExport       Happening = "export"
	HapSupport      Happening = "support"
	HapSuspended    Happening = "suspension"
	HapReleased     Happening = "levee"
	HapHalfReleased Happening = "levee_commencee"
	HapClosed       Happening = "cloture"
	HapLost         Happening = "identifiant_perdu"
)

// Event is a line of the trace.
type Event struct {
	Date time.Time `json:"date"`
	What Happening `json:"quoi"`
	Par  string    `json:"par,omitempty"`    // who, when it was not the owner
	Note string    `json:"detail,omitempty"` // a device, an employer, a number; nothing personal of others
}

// traceOf is one month of an account.
type traceOf struct {
	Events []Event `json:"evenements"`
}

// maxEvents bounds a month: failures of somebody who tries for ever would fill
// the journal.
const maxEvents = 500

func traceKey(id string, at time.Time) string { return id + "/" + at.UTC().Format("2006-01") }

// note writes a line into the trace of an account.
func (p *Portal) note(ctx context.Context, id string, e Event) error {
	e.Date = p.clock().UTC()
	par := e.Par
	if par == "" {
		par = "compte " + id
	}
	return change(ctx, p, par, kindTrace, traceKey(id, e.Date), "", func(t *traceOf, _ bool) error {
		if len(t.Events) < maxEvents {
			t.Events = append(t.Events, e)
		}
		return nil
	})
}

// nobody writes for who is not known what is written for who is: how long an
// answer takes does not tell one from the other.
func (p *Portal) nobody(ctx context.Context, what Happening, times int) error {
	for range times {
		err := change(ctx, p, "portail", kindTrace, "inconnu", "", func(t *traceOf, _ bool) error {
			*t = traceOf{[]Event{{Date: p.clock(), What: what}}}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Trace gives what happened to an account and to those that went into it,
// newest first, over the last year.
func (p *Portal) Trace(ctx context.Context, a *Account) (list []Event, err error) {
	for _, id := range a.spaces() {
		month := p.clock().UTC()
		month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, time.UTC)
		for range 13 {
			var t traceOf
			if _, err := p.read(ctx, kindTrace, traceKey(id, month), &t); err != nil {
				return nil, err
			}
			slices.Reverse(t.Events)
			list = append(list, t.Events...)
			month = month.AddDate(0, -1, 0)
		}
	}
	slices.SortStableFunc(list, func(a, b Event) int { return b.Date.Compare(a.Date) })
	return list, nil
}

// Access is somebody who did something with a document.
type Access struct {
	Date  time.Time
	Genre vault.Genre
	Par   string // as the journal has it
	Own   bool   // the owner himself
	Share bool   // through a link that the owner made
}

// Accesses gives who did what with a document of the account, newest first:
// the answer to "who saw my documents".
func (p *Portal) Accesses(ctx context.Context, a *Account, doc vault.ID) (list []Access, err error) {
	m, err := p.Document(ctx, a, doc)
	if err != nil {
		return nil, err
	}
	for e, err := range p.o.Coffre.Journal(ctx, vault.Agent(m.Agent), vault.FiltreJournal{Sujet: doc}) {
		if err != nil {
			return nil, err
		}
		var said struct {
			Par string `json:"par"`
		}
		if e.Corps != nil {
			if err := json.Unmarshal(e.Corps, &said); err != nil {
				said.Par = ""
			}
		}
		list = append(list, Access{Date: e.Temps, Genre: e.Genre, Par: said.Par, Own: said.Par == vault.Agent(m.Agent).Nom, Share: len(said.Par) > len(sharedBy) && said.Par[:len(sharedBy)] == sharedBy})
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, nil
}
