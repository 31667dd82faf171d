package pespj

import (
	"strconv"
	"strings"
	"time"

	"paye/internal/identifiants"
)

const cheminDePJ = "PES_Aller/PES_PJ/PJ"

// nomDeChamp is the path of an element, for anomalies.
var nomDeChamp = [nombreDeChamps]string{
	champVersion:          "PES_Aller/Enveloppe/Parametres/Version",
	champTypFic:           "PES_Aller/Enveloppe/Parametres/TypFic",
	champNomFic:           "PES_Aller/Enveloppe/Parametres/NomFic",
	champEmetteurSigle:    "PES_Aller/Enveloppe/Emetteur/Sigle",
	champEmetteurAdresse:  "PES_Aller/Enveloppe/Emetteur/Adresse",
	champRecepteurSigle:   "PES_Aller/Enveloppe/Recepteur/Sigle",
	champRecepteurAdresse: "PES_Aller/Enveloppe/Recepteur/Adresse",
	champDteStr:           "PES_Aller/EnTetePES/DteStr",
	champIdPost:           "PES_Aller/EnTetePES/IdPost",
	champLibellePoste:     "PES_Aller/EnTetePES/LibellePoste",
	champIdColl:           "PES_Aller/EnTetePES/IdColl",
	champFinJur:           "PES_Aller/EnTetePES/FinJur",
	champCodCol:           "PES_Aller/EnTetePES/CodCol",
	champCodBud:           "PES_Aller/EnTetePES/CodBud",
	champLibelleColBud:    "PES_Aller/EnTetePES/LibelleColBud",
	champIdVer:            "PES_Aller/PES_PJ/EnTetePES_PJ/IdVer",
	champFichier:          cheminDePJ + "/Contenu/Fichier",
	champIdUnique:         cheminDePJ + "/IdUnique",
	champServeurId:        cheminDePJ + "/ServeurId",
	champNomPJ:            cheminDePJ + "/NomPJ",
	champTypePJ:           cheminDePJ + "/TypePJ",
	champDescription:      cheminDePJ + "/Description",
	champPJ:               cheminDePJ,
	champRefCompta:        cheminDePJ + "/RefCompta",
	champDomaine:          cheminDePJ + "/RefCompta/Domaine",
	champExercice:         cheminDePJ + "/RefCompta/Exercice",
	champTypeObjet:        cheminDePJ + "/RefCompta/TypeObjet",
	champIdentifiant:      cheminDePJ + "/RefCompta/Identifiant",
	champComplement:       cheminDePJ + "/RefCompta/ComplementIdentifiant",
	champIdTiers:          cheminDePJ + "/RefCompta/IdTiers",
	champPES_PJ:           "PES_Aller/PES_PJ",
	champSignature:        "PES_Aller/Signature",
}

func (p *walk) cheminPJ() string {
	return cheminDePJ + "[" + strconv.Itoa(p.pj.Rang) + "]"
}

// blancs warns of the texts among champs that hold nothing but blanks, which
// the schema lets through from two characters on.
func (c *controle) blancs(champs ...champ) {
	for _, champ := range champs {
		if v := &c.p.valeurs[champ]; blank(v.texte) && baseString([]byte(v.texte)) {
			nom := nomDeChamp[champ]
			c.report(c.lieu(codeBlancs, champ, nom[strings.LastIndexByte(nom, '/')+1:]))
		}
	}
}

// checkEntete applies the rules of the envelope and of the header that the
// schema does not know.
func (c *controle) checkEntete() {
	if c.entete {
		return
	}
	c.entete = true
	p := c.p
	if v := p.valeurs[champVersion]; v.seen && vNum2.valide([]byte(v.texte)) && !decimalIs(v.texte, '2') {
		a := c.lieu(codeVersion, champVersion)
		a.Trouve, a.Attendu = clip([]byte(v.texte)), "2"
		c.report(a)
	}
	if v := p.valeurs[champTypFic]; v.seen && v.texte != TypFicDefaut && v.texte != "PESALR2" {
		a := c.lieu(codeTypFic, champTypFic, clip([]byte(v.texte)))
		a.Attendu = TypFicDefaut
		c.report(a)
	}
	if v := p.valeurs[champNomFic]; v.seen && !isASCII(v.texte) {
		c.report(c.lieu(codeNomFicASCII, champNomFic))
	}
	c.blancs(champTypFic, champNomFic, champEmetteurSigle, champEmetteurAdresse, champRecepteurSigle,
		champRecepteurAdresse, champLibellePoste, champLibelleColBud)
	c.checkIdColl()
	c.checkDteStr()
}

// decimalIs reports whether s, an xs:decimal of one digit, has that value.
func decimalIs(s string, digit byte) bool {
	whole, _, _ := strings.Cut(strings.Trim(s, " \t\r\n+"), ".")
	whole = strings.TrimLeft(whole, "0")
	return len(whole) == 1 && whole[0] == digit
}

func (c *controle) checkIdColl() {
	v := c.p.valeurs[champIdColl]
	if !v.seen {
		return
	}
	if !identifiants.IsSIRET(v.texte) {
		a := c.lieu(codeIdColl, champIdColl)
		a.Trouve, a.Attendu = clip([]byte(v.texte)), "[0-9]{14}"
		c.report(a)
		return
	}
	if identifiants.CheckSIRET(v.texte) != nil {
		a := c.lieu(codeIdCollCle, champIdColl)
		a.Trouve = v.texte
		c.report(a)
	}
}

func (c *controle) checkDteStr() {
	v := c.p.valeurs[champDteStr]
	if !v.seen || !dateSchema([]byte(v.texte)) {
		return
	}
	jour := v.texte
	if len(jour) > len(time.DateOnly) && jour[0] != '-' {
		if i := strings.IndexAny(jour[len(time.DateOnly)-1:], "Z+-"); i >= 0 {
			a := c.lieu(codeDteStrZone, champDteStr)
			a.Trouve = clip([]byte(v.texte))
			c.report(a)
			jour = jour[:len(time.DateOnly)-1+i]
		}
	}
	date, err := time.Parse(time.DateOnly, jour)
	if !c.o.Jour.IsZero() && (err == nil && date.After(c.o.Jour) || err != nil && jour[0] != '-') {
		a := c.lieu(codeDteStrFutur, champDteStr)
		a.Trouve, a.Attendu = clip([]byte(v.texte)), "≤ "+c.o.Jour.Format(time.DateOnly)
		c.report(a)
	}
}

// checkRef applies the rules of a RefCompta, which comes after TypePJ.
func (c *controle) checkRef() {
	p, r := c.p, &c.p.ref
	c.bilan.RefCompta++
	if p.nbRefs == p.limites.RefCompta+1 {
		c.report(c.lieu(codeTropDeRefs, champRefCompta, p.limites.RefCompta))
	}
	if v := p.valeurs[champIdentifiant]; !v.seen {
		c.report(c.lieu(codeIdentifiant, champRefCompta))
	} else if (r.Domaine == "01" || r.Domaine == "02") && v.texte != "" && len(v.texte) <= 20 && !allDigits(v.texte) {
		a := c.lieu(codeMandat, champIdentifiant)
		a.Trouve = clip([]byte(v.texte))
		c.report(a)
	}
	if vDomaine.valide([]byte(r.Domaine)) {
		if code, args := coherence(p.texteDe(champTypePJ), r.Domaine); code != "" {
			c.report(c.lieu(code, champDomaine, args...))
		}
	}
	if v := p.valeurs[champExercice]; v.seen && anneeSchema([]byte(v.texte)) && !exerciceValide(v.texte) {
		a := c.lieu(codeExercice, champExercice)
		a.Trouve, a.Attendu = clip([]byte(v.texte)), "AAAA"
		c.report(a)
	}
	// For procurement the value is a SIRET.
	if v := p.valeurs[champComplement]; v.seen && (r.Domaine == "01" || r.Domaine == "02") && vAlphanum20.valide([]byte(v.texte)) &&
		(!allDigits(v.texte) || strings.Trim(v.texte, "0") == "") {
		a := c.lieu(codeComplement, champComplement)
		a.Trouve, a.Attendu = v.texte, "≥ 1"
		c.report(a)
	}
	if v := p.valeurs[champIdTiers]; v.seen && r.Domaine != "06" {
		c.report(c.lieu(codeIdTiers, champIdTiers))
	}
	c.blancs(champIdentifiant, champIdTiers)
}

// Kinds of content by their first bytes.
const (
	debutZip  = "PK\x03\x04"
	debutZip0 = "PK\x05\x06" // an archive without entries
)

// checkPJ applies the rules of a complete piece.
func (c *controle) checkPJ() {
	p, j := c.p, c.p.pj
	if id := p.valeurs[champIdUnique]; id.seen && id.texte != "" {
		switch {
		case c.seen(c.ids, id.texte):
			c.report(c.lieu(codeDoublon, champIdUnique, clip([]byte(id.texte))))
		case c.o.DejaEnvoye != nil && c.o.DejaEnvoye(id.texte):
			c.report(c.lieu(codeDejaEnvoye, champIdUnique, clip([]byte(id.texte))))
		}
	}
	if p.nbPJ == p.limites.PJ+1 {
		c.report(c.lieu(codeTropDePJ, champPJ, p.limites.PJ))
	}
	if nom := p.valeurs[champNomPJ]; nom.seen && nom.texte != "" {
		if vNomPJ.valide([]byte(nom.texte)) && !NomPJValide(nom.texte) {
			c.report(c.lieu(codeNomPJ, champNomPJ))
		}
		if c.seen(c.noms, nom.texte) {
			c.report(c.lieu(codeNomPJDouble, champNomPJ))
		}
	}
	if v := p.valeurs[champFichier]; v.given && blank(v.texte) {
		c.report(c.lieu(codeMIMEVide, champFichier))
	}
	c.blancs(champDescription)
	kind := typePJ(j.TypePJ)
	switch {
	case p.nbRefs > 0:
	case kind != nil && kind.RefComptaObligatoire:
		c.report(c.lieu(codeSansRefCFU, champTypePJ, j.TypePJ))
	case c.o.PJRefDeclaree == nil && p.flux.AutresDomaines == 0, c.o.PJRefDeclaree != nil && !c.o.PJRefDeclaree(j.IdUnique):
		c.report(c.lieu(codeSansRef, champPJ))
	}
	if j.TypePJ == TypeEtatPaye && j.Faute == nil && j.Octets > 0 && !looksPaye(j.Debut) {
		c.report(c.lieu(codePasPaye, champFichier))
	}
}

// looksPaye reports whether a content may be a journal or an archive: XML with
// or without a byte order mark, or a zip.
func looksPaye(debut string) bool {
	switch {
	case strings.HasPrefix(debut, debutZip), strings.HasPrefix(debut, debutZip0):
		return true
	case strings.HasPrefix(debut, "\xEF\xBB\xBF"), strings.HasPrefix(debut, "\xFF\xFE"), strings.HasPrefix(debut, "\xFE\xFF"):
		return true
	}
	return strings.HasPrefix(strings.TrimLeft(debut, " \t\r\n"), "<")
}

// checkFin applies the rules of the whole file.
func (c *controle) checkFin() {
	c.checkEntete()
	p := c.p
	if v := p.valeurs[champIdVer]; v.seen && vNum1.valide([]byte(v.texte)) && !decimalIs(v.texte, '1') {
		a := c.lieu(codeIdVer, champIdVer)
		a.Trouve, a.Attendu = clip([]byte(v.texte)), "1"
		c.report(a)
	}
	if p.flux.Signature {
		c.report(c.lieu(codeSignature, champSignature))
	}
	if p.nbPJ == 0 {
		code := codeAucunePJ
		if p.flux.AutresDomaines > 0 {
			code = codeComptableSeul
		}
		c.report(c.lieu(code, champPES_PJ))
	}
	c.checkTaille(p.compte.n)
}

func (c *controle) checkTaille(octets int64) {
	if limite := c.o.Limite; limite > 0 {
		if octets > limite {
			c.report(Codes.New(codeTropGrand, octets, limite).At(c.p.fichier, -1, 0))
		}
		return
	}
	for i := range Plateformes {
		if pf := &Plateformes[i]; octets > pf.Octets {
			c.report(Codes.New(codePlateforme, octets, pf.Nom, pf.Octets).At(c.p.fichier, -1, 0))
		}
	}
}
