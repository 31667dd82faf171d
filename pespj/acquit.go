package pespj

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/beevik/etree"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/internal/xmlr"
)

// Acquit is the answer of Hélios to a flux, read leniently: many do not
// respect their schema and still count.
type Acquit struct {
	Racine   string // PES_ACQUIT, or one of the old roots PES_ACK and pes_nonacquit
	Flux     FluxLu // envelope and header; NomFic is that of the flux answered
	IdVer    string
	Elements []Element
	// RefusGlobal says that the whole flux is refused: a KO of domain 0, 1, 2
	// or 99 without IdUnique, or a pes_nonacquit [I].
	RefusGlobal bool
	// Refus are the errors of the global refusal.
	Refus []ErreurAck
	// Ecarts are the departures from the schema, as information, the first
	// ones only; NbEcarts counts them all.
	Ecarts    []*anomalie.Anomalie
	NbEcarts  int
	Anomalies []*anomalie.Anomalie // of the whole acquittal, but Ecarts
}

// Element is an ElementACQUIT.
type Element struct {
	DomaineAck   string // see DomainesAck
	Etat         Reponse
	NumBord      string
	ExerciceBord string
	IdMarche     string
	IdUnique     string
	Erreurs      []ErreurAck
	Pieces       []DetailPiece
}

// DetailPiece are the errors of one mandat or titre.
type DetailPiece struct {
	NumPiece string
	Erreurs  []ErreurAck
	Lignes   []DetailLigne
}

// DetailLigne are the errors of one line of a mandat or titre.
type DetailLigne struct {
	NumLigne string
	Erreurs  []ErreurAck
}

// ErreurAck is one reason of a refusal.
type ErreurAck struct {
	NumAnoAck string // ERREUR_DOUBLON_PJ, …; the list grows, any text stands
	Libelle   string // "1984 - L'identifiant …"
	Numero    string // the four digits that open Libelle, "" when they do not
}

// Doublon reports whether the piece was refused because its IdUnique is known.
func (e ErreurAck) Doublon() bool { return e.NumAnoAck == "ERREUR_DOUBLON_PJ" || e.Numero == "1984" }

// Reponse is what Hélios answers about a piece.
type Reponse uint8

const (
	SansReponse Reponse = iota // nothing, or nothing that can be read
	Accepte
	Rejete
)

func (r Reponse) String() string {
	switch r {
	case Accepte:
		return "accepted"
	case Rejete:
		return "rejected"
	}
	return "no-answer"
}

// Names of DomaineAck that matter here.
const (
	ackPJ          = "4"
	ackTechnique   = "0"
	ackSignTech    = "1"
	ackSignGlobale = "2"
	ackParametrage = "99"
)

// DomaineAck is what an ElementACQUIT speaks of.
type DomaineAck struct {
	Code    string
	Libelle lang.Text
}

// DomainesAck is the list of CommunAck.xsd.
var DomainesAck = []DomaineAck{
	{ackTechnique, lang.Text{FR: "technique", EN: "technical"}},
	{ackSignTech, lang.Text{FR: "signature technique", EN: "technical signature"}},
	{ackSignGlobale, lang.Text{FR: "signature globale", EN: "signature of the whole"}},
	{"3", lang.Text{FR: "signature du bordereau", EN: "signature of the bordereau"}},
	{ackPJ, lang.Text{FR: "pièce justificative", EN: "document"}},
	{"5", lang.Text{FR: "dépense", EN: "expenditure"}},
	{"6", lang.Text{FR: "recette", EN: "revenue"}},
	{"7", lang.Text{FR: "rôle", EN: "roll"}},
	{"8", lang.Text{FR: "budget", EN: "budget"}},
	{"9", lang.Text{FR: "état de l'actif", EN: "assets"}},
	{"10", lang.Text{FR: "état du passif", EN: "liabilities"}},
	{"11", lang.Text{FR: "marché", EN: "procurement"}},
	{"12", lang.Text{FR: "facture", EN: "invoice"}},
	{ackParametrage, lang.Text{FR: "paramétrage", EN: "settings"}},
}

func domaineAckCodes() []string {
	codes := make([]string, len(DomainesAck))
	for i := range DomainesAck {
		codes[i] = DomainesAck[i].Code
	}
	return codes
}

// numAnoAck is the list of CommunAck.xsd of the 5.3 set.
var numAnoAck = []string{
	"ERREUR_CONNECTION_IMPOSSIBLE_A_LA_BASE", "ERREUR_ENCODING", "ERREUR_FLUX_VIDE", "ERREUR_SCHEMA_INCOMPLET",
	"ERREUR_CODIFICATION", "ERREUR_CODIQUE", "ERREUR_SIRET", "ERREUR_CODE_COLLECTIVITE_BUDGET", "ERREUR_VERSION_PES",
	"ERREUR_VERSION_PJ", "ERREUR_SIGNATURE_INVALIDE", "ERREUR_SIGNATURE_ILLISIBLE", "ERREUR_SIGNATURE_INCOMPLETE",
	"ERREUR_DOUBLON_BORDEREAU", "ERREUR_DOUBLON_PIECE", "ERREUR_DOUBLON_LIGNE", "ERREUR_DOUBLON_PJ", "ERREUR_PES_PARAM",
	"ERREUR_PES_SIGNATURE", "ERREUR_PES_PARAM_SIGNATURE", "ERREUR_CERTIFICAT", "ERREUR_TIMEOUT",
	"ERREUR_TAILLE_BORDEREAUX", "ERREUR_TAILLE_PIECE", "ERREUR_TAILLE_LIGNE", "ERREUR_PJ_SIGNEE",
	"ERREUR_SIGNATURE_EXTERNE", "ERREUR_AUTRE", "ERREUR_SIGNATURE_BORDEREAU_INVALIDE", "ERREUR_MONTANT_TVA_ZERO_NEGATIF",
	"ERREUR_PJ", "ERREUR_CUMUL_MONTANTS", "ERREUR_SIGNATURE_BORDEREAU_ILLISIBLE", "ERREUR_SIGNATURE_BORDEREAU_INCOMPLETE",
}

// maxEcarts is how many departures from the schema are kept.
const maxEcarts = 20

// ReadAcquit reads an acquittal, wherever its elements are, in whatever order
// and namespace. The error is an anomaly of class Illisible when r is no
// acquittal, and else of the reader below.
func ReadAcquit(r io.Reader, o ReaderOptions) (*Acquit, error) {
	limites := o.Limites.defaults()
	var whole bytes.Buffer
	if known, ok := r.(interface{ Len() int }); ok {
		whole.Grow(int(min(int64(known.Len()), limites.Acquit)) + bytes.MinRead)
	}
	_, err := whole.ReadFrom(io.LimitReader(r, limites.Acquit+1))
	raw := whole.Bytes()
	if err != nil {
		return nil, fmt.Errorf("read acquittal %s: %w", o.Fichier, err)
	}
	if what := foreign(raw); what != nil {
		return nil, Codes.New(codeAckIllisible, what.With()).At(o.Fichier, 0, 1)
	}
	if int64(len(raw)) > limites.Acquit {
		if root := rootOf(raw); root != "" && !AnnouncesAcquit(raw) {
			return nil, Codes.New(codeAckIllisible, kindOf(root)).At(o.Fichier, 0, 1)
		}
		return nil, Codes.New(codeAckGeant, limites.Acquit).At(o.Fichier, limites.Acquit, 0)
	}
	a := &Acquit{}
	t, err := readTree(raw, o.Fichier, limites, a)
	if err != nil {
		return nil, err
	}
	if len(t) == 0 {
		return nil, Codes.New(codeAckIllisible, noXML.With()).At(o.Fichier, 0, 1)
	}
	a.Racine = t[0].name
	switch a.Racine {
	case racineAcquit.nom:
		a.ecarts(raw, o.Fichier, limites)
	case racineACK, racineNonAcquit:
		a.warn(Codes.New(codeAckAncien, a.Racine), o.Fichier)
	default:
		f := Codes.New(codeAckIllisible, kindOf(a.Racine)).At(o.Fichier, 0, 1)
		f.Trouve, f.Attendu = clip([]byte(a.Racine)), racineAcquit.nom
		return nil, f
	}
	w := acquitWalk{tree: t, first: make(map[string]int)}
	w.walk(0)
	a.enveloppe(&w)
	a.Elements = make([]Element, 0, len(w.elements))
	for _, e := range w.elements {
		a.element(t, e, o.Fichier)
	}
	if a.Racine == racineNonAcquit {
		a.RefusGlobal = true
		for i := range t {
			if t[i].name == "Erreur" {
				a.Refus = append(a.Refus, erreurDe(t, i))
			}
		}
	}
	if len(a.Elements) == 0 && a.Racine != racineNonAcquit {
		a.warn(Codes.New(codeAckVide), o.Fichier)
	}
	return a, nil
}

// newDoc is the one door to etree: it bounds depth and size, refuses DTDs, and
// reads the charsets of this package, also UTF-8 under a Latin-1 label.
func newDoc(raw []byte, fichier string, l Limites, a *Acquit) (*etree.Document, error) {
	e, err := openDocument(bytes.NewReader(raw), fichier, l)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(e.Rest())
	if err != nil {
		return nil, err
	}
	cs := e.Charset
	if cs == xmlr.Latin1 && xmlr.ClassOf(body)&xmlr.High != 0 && xmlr.UTF8.Invalid(body) < 0 {
		cs = xmlr.UTF8
		a.warn(Codes.New(codeAckUTF8, e.Declared), fichier)
	}
	if i := cs.Invalid(body); i >= 0 {
		offset := int64(len(raw) - len(body) + i)
		if e.recoded() {
			offset = -1
		}
		return nil, Codes.New(codeOctets, e.Encoding.String()).At(fichier, offset, 0)
	}
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{
		MaxDepth: maxAcquitDepth(l), PreserveDuplicateAttrs: true, // so that they are seen
		CharsetReader: func(charset string, _ io.Reader) (io.Reader, error) {
			return nil, fmt.Errorf("charset %s", charset) // body is UTF-8 and says nothing
		},
	}
	if err := doc.ReadFromBytes(cs.AppendUTF8(nil, body)); err != nil {
		return nil, Codes.New(codeAckIllisible, badXML.With()).At(fichier, -1, 0)
	}
	for _, child := range doc.Child {
		if _, dtd := child.(*etree.Directive); dtd {
			return nil, Codes.New(codeDTD).At(fichier, 0, 1)
		}
	}
	if twice(&doc.Element) {
		return nil, Codes.New(codeAckIllisible, badXML.With()).At(fichier, -1, 0)
	}
	return doc, nil
}

// twice reports whether an element below e has an attribute twice, which is not
// XML: etree would let the last one win, and with it a refusal or an acceptance.
func twice(e *etree.Element) bool {
	for i, a := range e.Attr {
		for _, b := range e.Attr[:i] {
			if a.Space == b.Space && a.Key == b.Key {
				return true
			}
		}
	}
	return slices.ContainsFunc(e.ChildElements(), twice)
}

func (a *Acquit) warn(f *anomalie.Anomalie, fichier string) {
	a.Anomalies = append(a.Anomalies, f.At(fichier, -1, 0))
}

// ecarts holds the acquittal against its schema, for information.
func (a *Acquit) ecarts(raw []byte, fichier string, l Limites) {
	note := func(f *anomalie.Anomalie) {
		if f.Code == codeUTF8SousLatin1 {
			return // newDoc has said it
		}
		if a.NbEcarts++; a.NbEcarts <= maxEcarts {
			f.Gravite = anomalie.Info
			a.Ecarts = append(a.Ecarts, f)
		}
	}
	s, err := openDocument(bytes.NewReader(raw), fichier, l)
	v := newValideur(s, racineAcquit, note)
	for err == nil {
		var ev evenement
		if ev, _, err = v.advance(); ev == evFin {
			break
		}
	}
	var f *anomalie.Anomalie
	if errors.As(err, &f) {
		note(f)
	}
	if a.NbEcarts > 0 {
		a.warn(Codes.New(codeAckSchema, a.NbEcarts), fichier)
	}
}

// acquitWalk finds the elements of an acquittal wherever they are, in one
// pass: of the envelope and the header the first of each name.
type acquitWalk struct {
	tree     tree
	first    map[string]int // by name, and by name under its parent's
	elements []int          // ElementACQUIT
}

func (w *acquitWalk) walk(i int) {
	for child := range w.tree.children(i, "") {
		nom := w.tree[child].name
		if nom == "ElementACQUIT" {
			w.elements = append(w.elements, child)
			continue
		}
		for _, key := range []string{nom, w.tree[i].name + "/" + nom} {
			if w.first[key] == 0 {
				w.first[key] = child
			}
		}
		w.walk(child)
	}
}

// value is the V of the first element of that name, or parent and name.
func (w *acquitWalk) value(key string) string {
	if i := w.first[key]; i > 0 {
		return w.tree[i].v
	}
	return ""
}

func (a *Acquit) enveloppe(w *acquitWalk) {
	f := &a.Flux
	f.Version, f.TypFic, f.NomFic = w.value("Version"), w.value("TypFic"), w.value("NomFic")
	f.EmetteurSigle, f.EmetteurAdresse = w.value("Emetteur/Sigle"), w.value("Emetteur/Adresse")
	f.RecepteurSigle, f.RecepteurAdresse = w.value("Recepteur/Sigle"), w.value("Recepteur/Adresse")
	f.DteStr, f.IdPost, f.LibellePoste = w.value("DteStr"), w.value("IdPost"), w.value("LibellePoste")
	f.IdColl, f.FinJur = w.value("IdColl"), w.value("FinJur")
	f.CodCol, f.CodBud, f.LibelleColBud = w.value("CodCol"), w.value("CodBud"), w.value("LibelleColBud")
	a.IdVer = w.value("EnTeteAcquit/IdVer")
}

func (a *Acquit) element(t tree, i int, fichier string) {
	el := Element{
		DomaineAck: t.value(i, "DomaineAck"), NumBord: t.value(i, "NumBord"), ExerciceBord: t.value(i, "ExerciceBord"),
		IdMarche: t.value(i, "IdMarche"), IdUnique: t.value(i, "IdUnique"), Erreurs: erreurs(t, i),
	}
	switch strings.ToLower(t.value(i, "EtatAck")) {
	case "1", "true":
		el.Etat = Accepte
	case "0", "false":
		el.Etat = Rejete
	default:
		a.warn(Codes.New(codeAckEtat), fichier)
	}
	for p := range t.children(i, "DetailPiece") {
		piece := DetailPiece{NumPiece: t.value(p, "NumPiece"), Erreurs: erreurs(t, p)}
		for l := range t.children(p, "DetailLigne") {
			piece.Lignes = append(piece.Lignes, DetailLigne{t.value(l, "NumLigne"), erreurs(t, l)})
		}
		el.Pieces = append(el.Pieces, piece)
	}
	if el.Etat == Rejete && el.IdUnique == "" {
		switch el.DomaineAck {
		case ackTechnique, ackSignTech, ackSignGlobale, ackParametrage:
			a.RefusGlobal = true
			a.Refus = append(a.Refus, el.Erreurs...)
		}
	}
	a.Elements = append(a.Elements, el)
}

func erreurs(t tree, i int) (list []ErreurAck) {
	for child := range t.children(i, "Erreur") {
		list = append(list, erreurDe(t, child))
	}
	return list
}

func erreurDe(t tree, i int) ErreurAck {
	err := ErreurAck{NumAnoAck: t.value(i, "NumAnoAck"), Libelle: t.value(i, "LibelleAnoAck")}
	if len(err.Libelle) >= 4 && allDigits(err.Libelle[:4]) {
		err.Numero = err.Libelle[:4]
	}
	return err
}
