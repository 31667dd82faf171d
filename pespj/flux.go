package pespj

import (
	"io"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/identifiants"
	"paye/internal/xmlr"
)

// TypFicDefaut is the TypFic that the text of XSD PES 5.30 gives for a
// PES_Aller.
const TypFicDefaut = "PESALR1"

// Recepteur is the usual receiver of a flux.
const Recepteur = "HELIOS"

// Flux is the envelope and the header of a file. Fields are named as their
// elements; those that the schema leaves optional are left out when empty.
type Flux struct {
	TypFic           string // TypFicDefaut when empty
	NomFic           string // unique, ASCII; see NewNomFic
	EmetteurSigle    string // editor
	EmetteurAdresse  string // application and version
	RecepteurSigle   string // Recepteur when empty
	RecepteurAdresse string

	DteStr        string // AAAA-MM-JJ
	IdPost        string // codique
	LibellePoste  string
	IdColl        string // SIRET of the budget, 14 digits
	FinJur        string // hospitals and some care homes only
	CodCol        string
	CodBud        string
	LibelleColBud string
}

// PJ is a piece to write.
type PJ struct {
	IdUnique    string // [0-9a-zA-Z]{1,50}; see NewIdUnique
	NomPJ       string // see NomPJSur
	TypePJ      string // of TypesPJ; "" leaves the element out
	Description string // 1 to 250 characters
	MIMEType    string // see TypeMIME
	RefCompta   []RefCompta

	// Gzip is the exact length, in bytes, of what Contenu writes: the
	// original file compressed as one gzip stream.
	Gzip    int64
	Contenu func(w io.Writer) error
}

// RefCompta points at the mandat that a piece justifies.
type RefCompta struct {
	Domaine               string // 01 dépense for payroll
	Exercice              string // AAAA
	TypeObjet             string // 01 bordereau ordinaire, 02 annulation
	Identifiant           string // number of the mandat
	ComplementIdentifiant string // number of the line, "" for all
	IdTiers               string // procurement only
}

// cle is a value that the user of the writer gives.
type cle struct {
	element string
	flag    string // and key of the configuration
	requis  bool
	lexique *simple
	exemple string
	valeur  func(*Flux) string
}

var clesDuFlux = []cle{
	{"TypFic", "typfic", true, vTexte32, "PESALR1", (*Flux).typFic},
	{"NomFic", "nomfic", true, vTexte100, "paye-2026-05.xml", func(f *Flux) string { return f.NomFic }},
	{"Emetteur/Sigle", "emetteur", true, vTexte32, "MAIRIE", func(f *Flux) string { return f.EmetteurSigle }},
	{"Emetteur/Adresse", "emetteur-adresse", true, vTexte38, "PAYE 1.0", func(f *Flux) string { return f.EmetteurAdresse }},
	{"Recepteur/Sigle", "recepteur", true, vTexte32, "HELIOS", (*Flux).recepteur},
	{"Recepteur/Adresse", "recepteur-adresse", false, vTexte38, "HELIOS", func(f *Flux) string { return f.RecepteurAdresse }},
	{"DteStr", "date", true, vJour, "2026-05-28", func(f *Flux) string { return f.DteStr }},
	{"IdPost", "idpost", true, vCodique, "006111", func(f *Flux) string { return f.IdPost }},
	{"LibellePoste", "libelleposte", false, vTexte38, "SGC", func(f *Flux) string { return f.LibellePoste }},
	{"IdColl", "idcoll", true, vSIRET, "21967564200017", func(f *Flux) string { return f.IdColl }},
	{"FinJur", "finjur", false, vAlphanum20Light, "101", func(f *Flux) string { return f.FinJur }},
	{"CodCol", "codcol", true, vCodeCol3, "123", func(f *Flux) string { return f.CodCol }},
	{"CodBud", "codbud", true, vCodeBud2, "00", func(f *Flux) string { return f.CodBud }},
	{"LibelleColBud", "libellecolbud", false, vTexte38, "PRINCIPAL", func(f *Flux) string { return f.LibelleColBud }},
}

// What we write is narrower than the schema.
var (
	vJour = &simple{attendu: "AAAA-MM-JJ", valide: func(v []byte) bool {
		_, err := time.Parse(time.DateOnly, string(v))
		return err == nil && dateSchema(v)
	}}
	vSIRET = &simple{attendu: "[0-9]{14}", valide: identifiants.IsSIRET[[]byte]}
)

func (f *Flux) typFic() string {
	if f.TypFic == "" {
		return TypFicDefaut
	}
	return f.TypFic
}

func (f *Flux) recepteur() string {
	if f.RecepteurSigle == "" {
		return Recepteur
	}
	return f.RecepteurSigle
}

// Check returns what keeps the flux from being written: each anomaly is of
// class Usage and names the flag and the key of the configuration that are
// absent or wrong.
func (f *Flux) Check() []*anomalie.Anomalie {
	var faults []*anomalie.Anomalie
	for i := range clesDuFlux {
		c := &clesDuFlux[i]
		value := c.valeur(f)
		if value == "" || c.requis && blank(value) {
			if c.requis {
				a := Codes.New(codeCleAbsente, c.element, c.flag, c.flag)
				a.Chemin, a.Attendu = c.element, c.lexique.attendu
				faults = append(faults, a)
			}
			continue
		}
		ascii := c.element != "NomFic" || isASCII(value)
		if !ascii || blank(value) || !writable(value) || !c.lexique.valide([]byte(value)) {
			a := Codes.New(codeCleFausse, c.element, c.lexique.attendu, c.exemple, c.flag, c.flag)
			a.Chemin, a.Trouve, a.Attendu = c.element, clip([]byte(value)), c.lexique.attendu
			faults = append(faults, a)
		}
	}
	return faults
}

// Check returns what keeps the piece from being written, or from being taken
// by Hélios.
func (p *PJ) Check() []*anomalie.Anomalie {
	var faults []*anomalie.Anomalie
	refuse := func(element, value string, ok bool, attendu string) {
		if ok && writable(value) {
			return
		}
		a := Codes.New(codePJFausse, element, p.IdUnique, attendu)
		a.Chemin, a.Attendu = "PES_Aller/PES_PJ/PJ/"+element, attendu
		if element != "Description" && element != "NomPJ" && element != "RefCompta/IdTiers" { // may name a person
			a.Trouve = clip([]byte(value))
		}
		faults = append(faults, a)
	}
	match := func(element, value string, t *simple) { refuse(element, value, t.valide([]byte(value)), t.attendu) }

	match("IdUnique", p.IdUnique, vAlphanum50)
	refuse("NomPJ", p.NomPJ, NomPJValide(p.NomPJ), "[A-Za-z0-9._-]{1,96}.[A-Za-z0-9]{2,4}")
	if p.TypePJ != "" {
		match("TypePJ", p.TypePJ, vTypePJ)
	}
	refuse("Description", p.Description, vTexte250.valide([]byte(p.Description)) && !blank(p.Description), vTexte250.attendu)
	refuse("Fichier@MIMEType", p.MIMEType, !blank(p.MIMEType), "application/pdf")
	if p.Gzip < 18 || p.Contenu == nil {
		refuse("Fichier", "", false, "gzip")
	}
	kind := typePJ(p.TypePJ)
	if kind != nil && kind.RefComptaObligatoire && len(p.RefCompta) == 0 {
		faults = append(faults, Codes.New(codeSansRefCFU, p.TypePJ))
	}
	for i := range p.RefCompta {
		r := &p.RefCompta[i]
		match("RefCompta/Domaine", r.Domaine, vDomaine)
		refuse("RefCompta/Exercice", r.Exercice, exerciceValide(r.Exercice), "AAAA")
		match("RefCompta/TypeObjet", r.TypeObjet, vObjet)
		match("RefCompta/Identifiant", r.Identifiant, vTexte20)
		if r.ComplementIdentifiant != "" {
			match("RefCompta/ComplementIdentifiant", r.ComplementIdentifiant, vAlphanum20)
		}
		if r.IdTiers != "" {
			match("RefCompta/IdTiers", r.IdTiers, vTexte15)
		}
		if code, args := coherence(p.TypePJ, r.Domaine); code != "" {
			faults = append(faults, Codes.New(code, args...))
		}
	}
	return faults
}

// coherence returns the rule that a RefCompta of that Domaine breaks on a
// piece of that TypePJ, "" for none.
func coherence(typ, domaine string) (code string, args []any) {
	if !domaineConnu(domaine) {
		return codeDomaine, []any{domaine}
	}
	kind := typePJ(typ)
	if kind == nil {
		return "", nil
	}
	for _, d := range kind.Domaines {
		if d == domaine {
			return "", nil
		}
	}
	return codeTypeDomaine, []any{typ, domaine}
}

func exerciceValide(s string) bool { return len(s) == 4 && allDigits(s) && s != "0000" }

func blank(s string) bool { return strings.TrimSpace(s) == "" }

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x7F || s[i] < ' ' {
			return false
		}
	}
	return true
}

// writable reports whether XML can hold s.
func writable(s string) bool { return xmlr.UTF8.Invalid([]byte(s)) < 0 }
