package pespj

import (
	"io"
	"slices"
	"strings"
	"time"

	"paye/internal/anomalie"
	"paye/internal/identifiants"
	"paye/internal/lang"
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
	forme   any // what the value looks like, in words
}

var clesDuFlux = []cle{
	{"TypFic", "typfic", true, vTexte32, "PESALR1", (*Flux).typFic, atMost(32)},
	{"NomFic", "nomfic", true, vTexte100, "paye-2026-05.xml", func(f *Flux) string { return f.NomFic }, atMost(100)},
	{"Emetteur/Sigle", "emetteur", true, vTexte32, "MAIRIE", func(f *Flux) string { return f.EmetteurSigle }, atMost(32)},
	{"Emetteur/Adresse", "emetteur-adresse", true, vTexte38, "PAYE 1.0", func(f *Flux) string { return f.EmetteurAdresse }, atMost(38)},
	{"Recepteur/Sigle", "recepteur", true, vTexte32, "HELIOS", (*Flux).recepteur, atMost(32)},
	{"Recepteur/Adresse", "recepteur-adresse", false, vTexte38, "HELIOS", func(f *Flux) string { return f.RecepteurAdresse }, atMost(38)},
	{"DteStr", "date", true, vJour, "2026-05-28", func(f *Flux) string { return f.DteStr }, lang.Text{FR: "un jour AAAA-MM-JJ", EN: "a day AAAA-MM-JJ"}},
	{"IdPost", "idpost", true, vCodique, "006111", func(f *Flux) string { return f.IdPost }, lang.Text{FR: "six ou sept chiffres, ou 02A ou 02B suivi de trois ou quatre chiffres", EN: "six or seven digits, or 02A or 02B and three or four digits"}},
	{"LibellePoste", "libelleposte", false, vTexte38, "SGC", func(f *Flux) string { return f.LibellePoste }, atMost(38)},
	{"IdColl", "idcoll", true, vSIRET, "21967564200017", func(f *Flux) string { return f.IdColl }, lang.Text{FR: "quatorze chiffres", EN: "fourteen digits"}},
	{"FinJur", "finjur", false, vAlphanum20Light, "101", func(f *Flux) string { return f.FinJur }, lang.Text{FR: "20 chiffres ou lettres au plus", EN: "20 digits or letters at most"}},
	{"CodCol", "codcol", true, vCodeCol3, "123", func(f *Flux) string { return f.CodCol }, lang.Text{FR: "trois chiffres, pas 000", EN: "three digits, not 000"}},
	{"CodBud", "codbud", true, vCodeBud2, "00", func(f *Flux) string { return f.CodBud }, lang.Text{FR: "un chiffre ou une capitale, puis un chiffre", EN: "a digit or a capital, then a digit"}},
	{"LibelleColBud", "libellecolbud", false, vTexte38, "PRINCIPAL", func(f *Flux) string { return f.LibelleColBud }, atMost(38)},
}

// atMost is the form of a text.
func atMost(n int) lang.Phrase {
	return lang.Text{FR: "%d caractère{s} au plus, pas tous blancs", EN: "%d character{s} at most, not all blank"}.With(n)
}

var (
	byOption  = lang.Text{FR: "donnez-le par --%s ou la clé %s de la configuration", EN: "give it with --%s or key %s of the configuration"}
	sansZeros = lang.Text{FR: "vouliez-vous dire %s ? un tableur enlève les zéros du début", EN: "did you mean %s? a spreadsheet drops leading zeros"}
)

// meant is the code whose leading zeros a spreadsheet has dropped, "" when value
// is not one.
func (c *cle) meant(value string) string {
	if !allDigits(value) || value == "" || len(value) >= len(c.exemple) || len(c.exemple)-len(value) > 2 {
		return ""
	}
	full := strings.Repeat("0", len(c.exemple)-len(value)) + value
	if !slices.Contains([]string{"IdPost", "CodCol", "CodBud"}, c.element) || !c.lexique.valide([]byte(full)) {
		return ""
	}
	return full
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
				a := Codes.New(codeCleAbsente, c.element).AdviseTyping(byOption.With(c.flag, c.flag))
				a.Chemin, a.Attendu = c.element, c.lexique.attendu
				faults = append(faults, a)
			}
			continue
		}
		ascii := c.element != "NomFic" || isASCII(value)
		if !ascii || blank(value) || !writable(value) || !c.lexique.valide([]byte(value)) {
			a := Codes.New(codeCleFausse, c.element, c.forme, c.exemple).AdviseTyping(byOption.With(c.flag, c.flag))
			if meant := c.meant(value); meant != "" {
				a.Advise(sansZeros.With(meant)).AdviseTyping(sansZeros.With("--" + c.flag + " " + meant))
			}
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
