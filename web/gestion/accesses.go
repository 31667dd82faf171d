package gestion

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"paye/internal/lang"
	"paye/vault"
	"paye/web/ui"
)

// pageOfAccesses is how many events of the journal a page shows.
const pageOfAccesses = 200

// accessPage shows the journal of the vault, newest first: what was done, by
// whom, and what was refused.
func (c *Console) accessPage(call *ui.Call) error {
	if err := c.administers(call); err != nil {
		return err
	}
	end, _ := strconv.ParseInt(call.Query("avant"), 10, 64)
	if end <= 0 {
		size, err := c.journalSize(call)
		if err != nil {
			return err
		}
		end = size
	}
	from := max(0, end-pageOfAccesses)
	t := ui.Table{Caption: call.T("Journal des accès", "Journal of accesses"), Empty: call.T("Le journal est vide.", "The journal is empty."), Columns: []ui.Column{{Title: call.T("Numéro", "Number"), Number: true}, {Title: call.T("Le", "On")}, {Title: call.T("Acte", "Act")}, {Title: call.T("Par", "By")}, {Title: call.T("Objet", "Subject")}}}
	var rows []ui.Row
	for e, err := range c.o.Coffre.Journal(call.Context(), par(call), vault.FiltreJournal{Debut: from, Fin: end}) {
		if err != nil {
			return err
		}
		rows = append(rows, accessRow(c, call, e))
	}
	for i := len(rows) - 1; i >= 0; i-- {
		t.Rows = append(t.Rows, rows[i])
	}
	if from > 0 {
		t.Next = "?avant=" + strconv.FormatInt(from, 10)
	}
	p := call.Page(call.T("Journal des accès", "Journal of accesses"))
	p.Crumbs = []ui.NavItem{{Title: call.T("Comptes et droits", "Accounts and rights"), Href: "/gestion/comptes"}}
	p.Data = struct{ Tables []ui.Table }{[]ui.Table{t}}
	return call.Render(http.StatusOK, "list", p)
}

func accessRow(c *Console, call *ui.Call, e vault.Evenement) ui.Row {
	var body struct {
		Par, Deposant, Objet, Cause, Genre, Cle string
	}
	_ = json.Unmarshal(e.Corps, &body) // an event of another shape shows its kind alone
	subject := body.Objet
	if body.Cause != "" {
		subject += " (" + body.Cause + ")"
	}
	if subject == "" {
		subject = body.Genre
	}
	return ui.Row{Cells: []ui.Cell{{Text: strconv.FormatInt(e.Index, 10), Number: true}, {Text: ui.Instant(e.Temps.In(c.o.Place))}, {Text: actName(call, e.Genre), Head: true}, {Text: cmp.Or(body.Par, body.Deposant)}, {Text: subject}}}
}

// actNames are the kinds of events in words.
var actNames = map[vault.Genre]lang.Text{
	vault.EvCreation: {FR: "création du coffre", EN: "vault made"}, vault.EvAgent: {FR: "clé d’un agent", EN: "key of an agent"}, vault.EvEnveloppe: {FR: "clés d’un lot", EN: "keys of a batch"},
	vault.EvDepot: {FR: "dépôt", EN: "deposit"}, vault.EvLecture: {FR: "lecture", EN: "reading"}, vault.EvRefusAcces: {FR: "accès refusé", EN: "access refused"}, vault.EvMetadata: {FR: "fiche d’un document", EN: "record of a document"},
	vault.EvControle: {FR: "vérification", EN: "verification"}, vault.EvRecherche: {FR: "liste de documents", EN: "list of documents"}, vault.EvJournal: {FR: "lecture du journal", EN: "reading of the journal"},
	vault.EvDestruction: {FR: "destruction", EN: "destruction"}, vault.EvFiche: {FR: "changement", EN: "change"}, vault.EvExport: {FR: "export", EN: "export"}, vault.EvHorloge: {FR: "horloge reculée", EN: "clock set back"},
	vault.EvMaintenance: {FR: "maintenance", EN: "maintenance"}, vault.EvSecours: {FR: "clé de secours", EN: "recovery key"}, vault.EvRenouvellement: {FR: "clé renouvelée", EN: "key renewed"}, vault.EvOubli: {FR: "oubli d’un agent", EN: "agent forgotten"},
}

func actName(call *ui.Call, g vault.Genre) string {
	if name, known := actNames[g]; known {
		return name.In(call.Lang)
	}
	return g.String()
}

// journalSize is how many events there are.
func (c *Console) journalSize(call *ui.Call) (int64, error) {
	point, err := c.o.Coffre.Point(call.Context())
	if err != nil {
		return 0, err
	}
	return sizeOf(point)
}

// sizeOf reads the size of a signed checkpoint: its second line.
func sizeOf(point []byte) (int64, error) {
	lines := strings.SplitN(string(point), "\n", 3)
	if len(lines) < 3 {
		return 0, errors.New("the checkpoint of the vault cannot be read")
	}
	return strconv.ParseInt(lines[1], 10, 64)
}
