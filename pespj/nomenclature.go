package pespj

import (
	"path"
	"strings"

	"paye/internal/lang"
)

// TypePJ is a kind of piece of the DGFiP's list.
type TypePJ struct {
	Code     string
	Libelle  lang.Text
	Domaines []string // the Domaine values that a RefCompta of such a piece may have
	// RefCompta is compulsory for this kind.
	RefComptaObligatoire bool
}

// The kinds that payroll uses.
const (
	TypeDepense  = "003"
	TypeEtatPaye = "004"
)

// TypesPJ is the list of XSD PES 5.30 (TPJ), with the coherence of TypePJ and
// Domaine that its rule texts state.
var TypesPJ = []TypePJ{
	{Code: "001", Libelle: lang.Text{FR: "document budgétaire", EN: "budget document"}, Domaines: []string{"04"}},
	{Code: "002", Libelle: lang.Text{FR: "recette", EN: "revenue"}, Domaines: []string{"02"}},
	{Code: "003", Libelle: lang.Text{FR: "dépense", EN: "expenditure"}, Domaines: []string{"01"}},
	{Code: "004", Libelle: lang.Text{FR: "état de paye", EN: "payroll"}, Domaines: []string{"01"}},
	{Code: "005", Libelle: lang.Text{FR: "état d'aide sociale", EN: "social assistance"}, Domaines: []string{"01"}},
	{Code: "006", Libelle: lang.Text{FR: "PES Facture", EN: "PES Facture (invoices)"}, Domaines: []string{"01", "02"}},
	{Code: "007", Libelle: lang.Text{FR: "facture ORMC CPP", EN: "ORMC CPP invoice"}, Domaines: []string{"02"}},
	{Code: "008", Libelle: lang.Text{FR: "complément d'ASAP CPP", EN: "ASAP CPP attachment"}, Domaines: []string{"02"}},
	{Code: "009", Libelle: lang.Text{FR: "pièce contractuelle de marché", EN: "procurement contract"}, Domaines: []string{"06"}},
	{Code: "010", Libelle: lang.Text{FR: "facture ASAP ORMC ENSU à éditer", EN: "ASAP ORMC ENSU invoice to print"}, Domaines: []string{"02"}},
	{Code: "011", Libelle: lang.Text{FR: "complément d'ASAP ENSU à éditer", EN: "ASAP ENSU attachment to print"}, Domaines: []string{"02"}},
	{Code: "012", Libelle: lang.Text{FR: "CFU, état de l'ordonnateur", EN: "single financial account, authorising officer"}, Domaines: []string{"04"}, RefComptaObligatoire: true},
	{Code: "013", Libelle: lang.Text{FR: "CFU, états annexes", EN: "single financial account, annexes"}, Domaines: []string{"04"}, RefComptaObligatoire: true},
	{Code: "014", Libelle: lang.Text{FR: "complément d'ASAP FE", EN: "ASAP FE attachment"}, Domaines: []string{"02"}},
}

// typePJ returns the kind of that code, nil when the list does not have it.
func typePJ(code string) *TypePJ {
	for i := range TypesPJ {
		if TypesPJ[i].Code == code {
			return &TypesPJ[i]
		}
	}
	return nil
}

// Domaine is what a RefCompta points into.
type Domaine struct {
	Code    string
	Libelle lang.Text
}

// Domaines are the values that Hélios takes; the XSD lets 01 to 09 through
// and says in words that any other leads to the refusal of the piece.
var Domaines = []Domaine{
	{"01", lang.Text{FR: "dépense", EN: "expenditure"}},
	{"02", lang.Text{FR: "recette", EN: "revenue"}},
	{"04", lang.Text{FR: "budget", EN: "budget"}},
	{"06", lang.Text{FR: "marché", EN: "procurement"}},
}

func domaineConnu(code string) bool {
	for _, d := range Domaines {
		if d.Code == code {
			return true
		}
	}
	return false
}

// TypesMIME gives the MIMEType written for an extension. application/pdf is
// what public platforms write; the values for the journal and for the archive
// are a choice of this product [I], since no public sample shows them.
var TypesMIME = map[string]string{
	"pdf":  "application/pdf",
	"xhl":  "application/xml",
	"xml":  "application/xml",
	"zip":  "application/zip",
	"odt":  "application/vnd.oasis.opendocument.text",
	"ods":  "application/vnd.oasis.opendocument.spreadsheet",
	"doc":  "application/msword",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xls":  "application/vnd.ms-excel",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"rtf":  "application/rtf",
	"txt":  "text/plain",
	"csv":  "text/csv",
	"png":  "image/png",
	"jpg":  "image/jpeg",
	"jpeg": "image/jpeg",
	"tif":  "image/tiff",
	"tiff": "image/tiff",
}

// TypeMIME returns the MIMEType for the file name nom, and
// application/octet-stream for an extension that TypesMIME does not have.
func TypeMIME(nom string) string {
	if mime, ok := TypesMIME[strings.ToLower(strings.TrimPrefix(path.Ext(nom), "."))]; ok {
		return mime
	}
	return "application/octet-stream"
}
