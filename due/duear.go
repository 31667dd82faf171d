package due

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// versionAR names the layout of the acknowledgment that goes with DUETXT01.
// It is this product's own.
const versionAR = "DUEAR001"

// GabaritAR is the layout DUEAR001, by type of record: 51 header, 60 answer,
// 79 control.
var GabaritAR = gabarit{
	"51": {
		{"version", 9, 16, 'A'},
		{"mode", 17, 17, 'A'},
		{"date", 18, 25, 'D'},
		{"heure", 26, 31, 'N'},
		{"lot", 32, 51, 'A'},
		{"niveau", 52, 52, 'A'},
		{"fichier", 53, 53, 'A'},
		{"code", 54, 61, 'A'},
		{"texte", 62, 157, 'A'},
	},
	"60": {
		{"numero", 9, 14, 'N'},
		{"cle", 15, 34, 'A'},
		{"etat", 35, 35, 'A'},
		{"code", 36, 43, 'A'},
		{"reference", 44, 63, 'A'},
		{"date", 64, 71, 'D'},
		{"heure", 72, 75, 'T'},
		{"champ", 76, 78, 'N'},
		{"texte", 79, 174, 'A'},
	},
	"79": {
		{"reponses", 9, 14, 'N'},
		{"enregistrees", 15, 20, 'N'},
		{"en_erreur", 21, 26, 'N'},
		{"en_attente", 27, 32, 'N'},
		{"enregistrements", 33, 38, 'N'},
		{"sha256", 39, 102, 'A'},
		{"mode", 103, 103, 'A'},
	},
}

// Statut is the answer about one hire.
type Statut byte

const (
	StatutEnregistree Statut = 'E'
	StatutErreur      Statut = 'R'
	StatutAttente     Statut = 'W'
)

// AR is an accusé de réception: what the receiver answered about one batch.
type AR struct {
	Lot        string
	Indicateur Indicateur
	Date       time.Time
	Niveau     int  // 1 receipt, 2 conformity, 3 business
	Accepte    bool // the file as a whole
	Code       string
	Texte      string
	Reponses   []Reponse
}

// Reponse is the answer about one hire, or about the whole file when Numero
// is 0 and Cle empty.
type Reponse struct {
	Numero    int // sequence of the record 20 that is answered
	Cle       string
	Statut    Statut
	Code      string // "00" or "98" when registered
	Reference string // référence de dossier
	Date      Date
	Heure     Heure
	Champ     int // number of the zone at fault, 0 when not given
	Texte     string
}

// registered reports whether the answer is a registration: code 00, or 98,
// whose meaning is not known, and a reference.
func (r *Reponse) registered() bool {
	return (r.Code == "00" || r.Code == "98") && r.Reference != ""
}

// NomChamp is the name of the zone at fault, empty when none is given.
func (r *Reponse) NomChamp() Champ {
	nom, _ := nomZone(r.Champ)
	return Champ(nom)
}

// WriteAR writes ar as DUEAR001. Its texts must be printable ASCII within
// their widths.
func WriteAR(w io.Writer, ar *AR) error {
	paris, err := Paris()
	if err != nil {
		return err
	}
	f := newFixeWriter(w, GabaritAR)
	mode := string(rune(ar.Indicateur))
	at := ar.Date.In(paris)
	verdict := "R"
	if ar.Accepte {
		verdict = "A"
	}
	if err := f.write("51", map[string]string{
		"version": versionAR, "mode": mode, "date": dateOf(at).jjmmaaaa(), "heure": at.Format("150405"),
		"lot": ar.Lot, "niveau": strconv.Itoa(ar.Niveau), "fichier": verdict, "code": ar.Code, "texte": ar.Texte,
	}); err != nil {
		return err
	}
	counts := make(map[Statut]int)
	for i := range ar.Reponses {
		r := &ar.Reponses[i]
		counts[r.Statut]++
		champ := ""
		if r.Champ > 0 {
			champ = strconv.Itoa(r.Champ)
		}
		if err := f.write("60", map[string]string{
			"numero": strconv.Itoa(r.Numero), "cle": r.Cle, "etat": string(rune(r.Statut)), "code": r.Code,
			"reference": r.Reference, "date": r.Date.jjmmaaaa(), "heure": r.Heure.hhmm(), "champ": champ, "texte": r.Texte,
		}); err != nil {
			return err
		}
	}
	return f.write("79", map[string]string{
		"reponses":        strconv.Itoa(len(ar.Reponses)),
		"enregistrees":    strconv.Itoa(counts[StatutEnregistree]),
		"en_erreur":       strconv.Itoa(counts[StatutErreur]),
		"en_attente":      strconv.Itoa(counts[StatutAttente]),
		"enregistrements": strconv.Itoa(f.records + 1),
		"sha256":          f.digest(),
		"mode":            mode,
	})
}

// ReadAR reads a DUEAR001 whole. It is strict about the layout, the counts
// and the digest; whether the batch and the keys are ours is judged by
// [Registre.Receive].
func ReadAR(r io.Reader, fichier string) (*AR, error) {
	paris, err := Paris()
	if err != nil {
		return nil, err
	}
	f := newFixeReader(r, GabaritAR, fichier)
	v, err := f.first("51", versionAR)
	if err != nil {
		return nil, err
	}
	ar, err := readARHeader(f, v, paris)
	if err != nil {
		return nil, err
	}
	answered := make(map[string]Reponse)
	counts := make(map[Statut]int)
	for {
		v, err := f.next()
		if err == io.EOF {
			return nil, f.refuses("DUE-T08", 0)
		}
		if err != nil {
			return nil, err
		}
		switch f.kind {
		case "60":
			rep, err := readReponse(f, v)
			if err != nil {
				return nil, err
			}
			if first, twice := answered[rep.Cle]; twice {
				if first != rep {
					return nil, f.refuses("DUE-R07", 15, f.records)
				}
			} else {
				answered[rep.Cle] = rep
				ar.Reponses = append(ar.Reponses, rep)
			}
			counts[rep.Statut]++
		case "79":
			return ar, f.control(v, map[string]int{
				"reponses":     counts[StatutEnregistree] + counts[StatutErreur] + counts[StatutAttente],
				"enregistrees": counts[StatutEnregistree],
				"en_erreur":    counts[StatutErreur],
				"en_attente":   counts[StatutAttente],
			}, byte(ar.Indicateur))
		default:
			return nil, f.refuses("DUE-T03", 1, f.records)
		}
	}
}

func readARHeader(f *fixeReader, v map[string]string, paris *time.Location) (*AR, error) {
	mode, err := readMode(f, v)
	if err != nil {
		return nil, err
	}
	at, err := readInstant(f, v, paris)
	if err != nil {
		return nil, err
	}
	if err := f.needs(v, "lot", "niveau", "fichier"); err != nil {
		return nil, err
	}
	if !strings.Contains("123", v["niveau"]) {
		return nil, f.refuses("DUE-T07", 52, f.records, 52, "niveau")
	}
	if !strings.Contains("AR", v["fichier"]) {
		return nil, f.refuses("DUE-T07", 53, f.records, 53, "fichier")
	}
	return &AR{
		Lot: v["lot"], Indicateur: mode, Date: at, Niveau: number(v["niveau"]),
		Accepte: v["fichier"] == "A", Code: v["code"], Texte: v["texte"],
	}, nil
}

func readReponse(f *fixeReader, v map[string]string) (Reponse, error) {
	if err := f.needs(v, "numero", "etat"); err != nil {
		return Reponse{}, err
	}
	r := Reponse{
		Numero: number(v["numero"]), Cle: v["cle"], Statut: Statut(v["etat"][0]),
		Code: v["code"], Reference: v["reference"], Champ: number(v["champ"]), Texte: v["texte"],
	}
	r.Date, _ = parseJJMMAAAA(v["date"]) // checked by the genre
	if h := v["heure"]; h != "" {
		r.Heure = Heure{number(h[:2]), number(h[2:]), true}
	}
	_, champ := nomZone(r.Champ)
	for _, bad := range [...]struct {
		wrong bool
		nom   string
		at    int
	}{
		{(r.Numero == 0) != (r.Cle == ""), "cle", 15},
		{!strings.Contains("ERW", v["etat"]), "etat", 35},
		{r.Statut == StatutEnregistree && !r.registered(), "reference", 44},
		{v["champ"] != "" && !champ, "champ", 76},
	} {
		if bad.wrong {
			return Reponse{}, f.refuses("DUE-T07", bad.at, f.records, bad.at, bad.nom)
		}
	}
	return r, nil
}
