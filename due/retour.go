package due

import (
	"encoding/xml"
	"io"
	"regexp"
	"slices"
	"strings"

	"paye/internal/identifiants"
)

// Retour is an XML answer of the deposit channel. Its three levels are never
// mixed: a receipt is not a conformity, and a conformity is not a
// registration.
type Retour struct {
	Niveau int // 1 receipt, 2 conformity, 3 business AR
	IdFlux string

	// Level 1.
	Accepte    bool       // AEE; false is ARE, avis de rejet
	Indicateur Indicateur // essai_reel; 0 when the answer does not say
	Date       string     // date_reception and heure_reception, as written
	Anomalies  []string   // codes and messages of a refusal

	// Level 2.
	Conforme   bool
	Certificat string
	Message    string

	// Level 3.
	Dossiers []DossierAR
}

// DossierAR is one answer of level 3, by the logical fields of a
// Correspondance.
type DossierAR struct {
	Cle, RefDossier, Code, Libelle, Date string
	NIR                                  identifiants.NIR
	Nom, Prenom                          string
	Naissance, Embauche                  string
}

// Correspondance says which elements hold the fields of a level 3 answer. No
// public document gives their names, so the zero Correspondance is the default
// and reads nothing.
type Correspondance struct {
	Racine         string // the root, which tells such an answer from the others
	Enregistrement string // one hire
	Cle            string
	RefDossier     string
	Code           string
	Libelle        string
	Date           string
	NIR            string
	Nom            string
	Prenom         string
	Naissance      string
	Embauche       string
}

// ReadCorrespondance reads the file of `field=element` lines of a
// Correspondance.
func ReadCorrespondance(r io.Reader, fichier string) (Correspondance, error) {
	var c Correspondance
	err := reglages{
		"racine": &c.Racine, "enregistrement": &c.Enregistrement, "cle": &c.Cle, "refdossier": &c.RefDossier,
		"code": &c.Code, "libelle": &c.Libelle, "date": &c.Date, "nir": &c.NIR, "nom": &c.Nom, "prenom": &c.Prenom,
		"naissance": &c.Naissance, "embauche": &c.Embauche,
	}.read(r, fichier)
	if err == nil && (c.Racine == "" || c.Enregistrement == "" || c.Code == "" || c.RefDossier == "") {
		err = Codes.New("DUE-R06").At(fichier, -1, 0)
	}
	return c, err
}

var formeIdFlux = regexp.MustCompile(`^[0-9A-Za-z._-]{1,50}$`)

// maxDossiers bounds the answers of one level 3 document.
const maxDossiers = 100_000

// ReadRetour reads an XML answer and finds its level: attribute type AEE or
// ARE, attribute profil DPAE, or the root of corr. What the specification says
// is unknown is read wherever it stands; what contradicts itself is refused.
func ReadRetour(r io.Reader, fichier string, corr Correspondance) (*Retour, error) {
	x := retourReader{corr: corr}
	x.v = visitor{fichier: fichier, open: x.open, close: x.close}
	if err := x.v.walk(r); err != nil {
		return nil, err
	}
	if err := x.coherent(); err != nil {
		return nil, err
	}
	return &x.r, nil
}

type retourReader struct {
	v    visitor
	corr Correspondance
	r    Retour

	etatEnvoi string // envoi_etat
	etatConf  string // etat_conformite
	code      string // of the refusal at hand
	within    int    // depth of the record of level 3 at hand, 0 outside
}

func (x *retourReader) level(n int) error {
	if x.r.Niveau != 0 && x.r.Niveau != n {
		return x.v.refuses("DUE-R02")
	}
	x.r.Niveau = n
	return nil
}

func (x *retourReader) open(path []string, attr []xml.Attr) error {
	name := path[len(path)-1]
	if len(path) == 1 && x.corr.Racine != "" && name == x.corr.Racine {
		if err := x.level(3); err != nil {
			return err
		}
	}
	if x.r.Niveau == 3 && name == x.corr.Enregistrement && x.within == 0 {
		if len(x.r.Dossiers) >= maxDossiers {
			return x.v.refuses("DUE-X02")
		}
		x.within = len(path)
		x.r.Dossiers = append(x.r.Dossiers, DossierAR{})
	}
	for _, a := range attr {
		switch {
		case a.Name.Local == "type" && (a.Value == "AEE" || a.Value == "ARE") && x.r.Niveau != 3:
			if err := x.level(1); err != nil {
				return err
			}
			x.r.Accepte = a.Value == "AEE"
		case a.Name.Local == "profil" && a.Value == "DPAE" && x.r.Niveau != 3:
			if err := x.level(2); err != nil {
				return err
			}
		}
	}
	return nil
}

func (x *retourReader) close(path []string, text string) error {
	name := path[len(path)-1]
	if x.r.Niveau == 3 {
		return x.dossier(path, name, text)
	}
	switch name {
	case "idflux":
		if !formeIdFlux.MatchString(text) || x.r.IdFlux != "" && x.r.IdFlux != text {
			return x.v.refuses("DUE-R03", "idflux")
		}
		x.r.IdFlux = text
	case "date_reception":
		x.r.Date = strings.TrimSpace(text + " " + x.r.Date)
	case "heure_reception":
		x.r.Date = strings.TrimSpace(x.r.Date + " " + text)
	case "essai_reel":
		switch text {
		case "01":
			x.r.Indicateur = Essai
		case "02":
			x.r.Indicateur = Reel
		default:
			return x.v.refuses("DUE-R03", "essai_reel")
		}
	case "envoi_etat":
		x.etatEnvoi = text
	case "etat_conformite":
		x.etatConf = text
	case "certificat_conformite":
		x.r.Certificat = text
	case "code":
		x.code = text
	case "message":
		x.message(path, text)
	}
	return nil
}

func (x *retourReader) message(path []string, text string) {
	if !slices.Contains(path, "envoi_anomalie") {
		x.r.Message = text
		return
	}
	x.r.Anomalies = append(x.r.Anomalies, strings.TrimSpace(x.code+" "+text))
	x.code = ""
}

// dossier takes a value of level 3.
func (x *retourReader) dossier(path []string, name, text string) error {
	if x.within == 0 {
		return nil
	}
	if len(path) == x.within {
		x.within = 0
		return nil
	}
	d := &x.r.Dossiers[len(x.r.Dossiers)-1]
	for _, f := range [...]struct {
		element string
		to      *string
	}{
		{x.corr.Cle, &d.Cle}, {x.corr.RefDossier, &d.RefDossier}, {x.corr.Code, &d.Code}, {x.corr.Libelle, &d.Libelle},
		{x.corr.Date, &d.Date}, {x.corr.NIR, (*string)(&d.NIR)}, {x.corr.Nom, &d.Nom}, {x.corr.Prenom, &d.Prenom},
		{x.corr.Naissance, &d.Naissance}, {x.corr.Embauche, &d.Embauche},
	} {
		if f.element != "" && f.element == name {
			*f.to = text
		}
	}
	return nil
}

// coherent refuses an answer that says two things, or nothing.
func (x *retourReader) coherent() error {
	r := &x.r
	switch r.Niveau {
	case 0:
		return x.v.refuses("DUE-R01")
	case 1:
		if x.etatEnvoi != "" && x.etatEnvoi != "OK" && x.etatEnvoi != "KO" {
			return x.v.refuses("DUE-R03", "envoi_etat")
		}
		if x.etatEnvoi == "KO" && r.Accepte || x.etatEnvoi == "OK" && !r.Accepte || r.Accepte && len(r.Anomalies) > 0 {
			return x.v.refuses("DUE-R02")
		}
		if r.Accepte && r.IdFlux == "" {
			return x.v.refuses("DUE-R04", "idflux")
		}
	case 2:
		if x.etatConf != "OK" && x.etatConf != "KO" {
			return x.v.refuses("DUE-R03", "etat_conformite")
		}
		r.Conforme = x.etatConf == "OK"
	}
	return nil
}
