package due

import (
	"io"
	"strconv"
	"time"

	"paye/internal/identifiants"
)

// versionTexte names the layout of dpae.txt. It is this product's own: the
// record layout of the historical channel is not known.
const versionTexte = "DUETXT01"

// GabaritTexte is the layout DUETXT01, by type of record: 01 header, 10
// employer, 20 hire, 99 control.
var GabaritTexte = gabarit{
	"01": {
		{"version", 9, 16, 'A'},
		{"mode", 17, 17, 'A'},
		{"date", 18, 25, 'D'},
		{"heure", 26, 31, 'N'},
		{"lot", 32, 51, 'A'},
		{"selection", 52, 52, 'A'},
		{"debut", 53, 60, 'D'},
		{"fin", 61, 68, 'D'},
		{"section", 69, 78, 'A'},
	},
	"10": {
		{"raison_sociale", 9, 72, 'A'},
		{"siret", 73, 86, 'N'},
		{"code_urssaf", 87, 89, 'A'},
		{"ape", 90, 94, 'A'},
		{"adresse1", 95, 126, 'A'},
		{"adresse2", 127, 158, 'A'},
		{"code_postal", 159, 163, 'A'},
		{"ville", 164, 190, 'A'},
		{"telephone", 191, 201, 'A'},
		{"nombre", 202, 207, 'N'},
	},
	"20": {
		{"cle", 9, 28, 'A'},
		{"nom_naissance", 29, 60, 'A'},
		{"nom_usage", 61, 92, 'A'},
		{"prenom", 93, 124, 'A'},
		{"sexe", 125, 125, 'A'},
		{"nir", 126, 138, 'A'},
		{"cle_nir", 139, 140, 'A'},
		{"date_naissance", 141, 148, 'D'},
		{"ville_naissance", 149, 172, 'A'},
		{"departement_naissance", 173, 174, 'A'},
		{"date_debut", 175, 182, 'D'},
		{"heure_debut", 183, 186, 'T'},
		{"nature", 187, 187, 'A'},
		{"date_fin", 188, 195, 'D'},
		{"essai_jours", 196, 198, 'N'},
		{"service_sante", 199, 208, 'A'},
		{"tardive", 209, 209, 'A'},
		{"etat_nir", 210, 210, 'A'},
	},
	"99": {
		{"employeurs", 9, 14, 'N'},
		{"embauches", 15, 20, 'N'},
		{"enregistrements", 21, 26, 'N'},
		{"sha256", 27, 90, 'A'},
		{"mode", 91, 91, 'A'},
	},
}

var (
	natureTexte = map[Nature]string{CDD: "1", CDI: "2", CTT: "3"}
	texteNature = map[string]Nature{"1": CDD, "2": CDI, "3": CTT}
	sexeTexte   = map[byte]string{'1': "M", '2': "F"}
	texteSexe   = map[string]byte{"M": '1', "F": '2'}
)

// WriteTexte writes lot as DUETXT01: the same lot gives the same bytes.
func WriteTexte(w io.Writer, lot *Lot) error {
	paris, err := Paris()
	if err != nil {
		return err
	}
	f := newFixeWriter(w, GabaritTexte)
	if err := f.write("01", headerValues(lot, paris)); err != nil {
		return err
	}
	for i := range lot.Groupes {
		g := &lot.Groupes[i]
		if err := f.write("10", employeurValues(g)); err != nil {
			return err
		}
		for j := range g.Hires {
			if err := f.write("20", hireValues(&g.Hires[j])); err != nil {
				return err
			}
		}
	}
	return f.write("99", map[string]string{
		"employeurs":      strconv.Itoa(len(lot.Groupes)),
		"embauches":       strconv.Itoa(lot.Nombre()),
		"enregistrements": strconv.Itoa(f.records + 1),
		"sha256":          f.digest(),
		"mode":            string(rune(lot.Indicateur)),
	})
}

func headerValues(lot *Lot, paris *time.Location) map[string]string {
	at := lot.Cree.In(paris)
	v := map[string]string{
		"version":   versionTexte,
		"mode":      string(rune(lot.Indicateur)),
		"date":      dateOf(at).jjmmaaaa(),
		"heure":     at.Format("150405"),
		"lot":       lot.ID,
		"selection": "P",
	}
	if lot.Selection.Section != "" {
		v["selection"] = "S"
		v["section"] = Fold(lot.Selection.Section, JeuEmployeur, 10).Texte
		return v
	}
	first, last := lot.Selection.Debut, lot.Selection.Fin
	if first.IsZero() {
		first, last = lot.days()
	}
	v["debut"], v["fin"] = first.jjmmaaaa(), last.jjmmaaaa()
	return v
}

// days are the first and the last day of hire.
func (l *Lot) days() (first, last Date) {
	for _, g := range l.Groupes {
		for i := range g.Hires {
			d := g.Hires[i].DateDebut
			if first.IsZero() || d.Compare(first) < 0 {
				first = d
			}
			if last.IsZero() || d.Compare(last) > 0 {
				last = d
			}
		}
	}
	return first, last
}

func employeurValues(g *Groupe) map[string]string {
	e := &g.Employeur
	return map[string]string{
		"raison_sociale": e.RaisonSociale(),
		"siret":          e.SIRET,
		"code_urssaf":    e.CodeURSSAF,
		"ape":            e.APE,
		"adresse1":       e.Adresse1,
		"adresse2":       e.Adresse2,
		"code_postal":    e.CodePostal,
		"ville":          e.Ville,
		"telephone":      e.Telephone,
		"nombre":         strconv.Itoa(len(g.Hires)),
	}
}

func hireValues(d *Declaration) map[string]string {
	v := map[string]string{
		"cle":                   d.Cle,
		"nom_naissance":         d.NomNaissance,
		"nom_usage":             d.NomUsage,
		"prenom":                d.Prenom,
		"sexe":                  sexeTexte[d.Sexe],
		"nir":                   d.NIR.Reveal(),
		"cle_nir":               d.CleNIR,
		"date_naissance":        d.DateNaissance.jjmmaaaa(),
		"ville_naissance":       d.VilleNaissance,
		"departement_naissance": d.DepartementNaissance,
		"date_debut":            d.DateDebut.jjmmaaaa(),
		"heure_debut":           d.HeureDebut.hhmm(),
		"nature":                natureTexte[d.Nature],
		"date_fin":              d.DateFin.jjmmaaaa(),
		"essai_jours":           d.essai(),
		"service_sante":         d.ServiceSante,
		"etat_nir":              string(rune(d.EtatNIR)),
	}
	if d.Tardive {
		v["tardive"] = "L"
	}
	return v
}

// ReadTexte reads a DUETXT01 whole and checks everything that the layout
// promises: widths, genres, order, numbers, counts, digest. What it returns is
// in the file, and Matricule and Contrat, which are not, are empty.
func ReadTexte(r io.Reader, fichier string) (*Lot, error) {
	paris, err := Paris()
	if err != nil {
		return nil, err
	}
	f := newFixeReader(r, GabaritTexte, fichier)
	v, err := f.first("01", versionTexte)
	if err != nil {
		return nil, err
	}
	lot, err := readHeader(f, v, paris)
	if err != nil {
		return nil, err
	}
	left := 0 // hires that the last employer still owes
	for {
		v, err := f.next()
		if err == io.EOF {
			return nil, f.refuses("DUE-T08", 0)
		}
		if err != nil {
			return nil, err
		}
		switch {
		case f.kind == "10" && left == 0:
			g, n, err := readEmployeur(f, v)
			if err != nil {
				return nil, err
			}
			lot.Groupes, left = append(lot.Groupes, g), n
		case f.kind == "20" && left > 0:
			d, err := readHire(f, v)
			if err != nil {
				return nil, err
			}
			g := &lot.Groupes[len(lot.Groupes)-1]
			g.Hires = append(g.Hires, d)
			left--
		case f.kind == "99" && left == 0 && len(lot.Groupes) > 0:
			return lot, f.control(v, map[string]int{"employeurs": len(lot.Groupes), "embauches": lot.Nombre()}, byte(lot.Indicateur))
		default:
			return nil, f.refuses("DUE-T03", 1, f.records)
		}
	}
}

// first reads the header of a layout, of which version is the name.
func (f *fixeReader) first(kind, version string) (map[string]string, error) {
	v, err := f.next()
	if err == io.EOF {
		return nil, f.refuses("DUE-T01", 0, version)
	}
	if err != nil {
		return nil, err
	}
	if f.kind != kind || v["version"] != version {
		return nil, f.refuses("DUE-T01", 0, version)
	}
	return v, nil
}

// control checks the last record against what was read, and that it is last.
func (f *fixeReader) control(v map[string]string, counts map[string]int, mode byte) error {
	counts["enregistrements"] = f.records
	for _, z := range f.layout[f.kind] {
		if want, counted := counts[z.Nom]; counted && (v[z.Nom] == "" || number(v[z.Nom]) != want) {
			return f.refuses("DUE-T09", z.Debut, z.Nom, want)
		}
	}
	if v["sha256"] != f.before {
		return f.refuses("DUE-T10", 0)
	}
	if v["mode"] != string(rune(mode)) {
		return f.refuses("DUE-T11", 0)
	}
	if _, err := f.next(); err != io.EOF {
		return f.refuses("DUE-T12", 0)
	}
	return nil
}

func readMode(f *fixeReader, v map[string]string) (Indicateur, error) {
	switch v["mode"] {
	case "T":
		return Essai, nil
	case "R":
		return Reel, nil
	}
	return 0, f.refuses("DUE-T07", 17, f.records, 17, "mode")
}

// readInstant reads the zones date and heure of a header.
func readInstant(f *fixeReader, v map[string]string, paris *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation("02012006150405", v["date"]+v["heure"], paris)
	if err != nil {
		return time.Time{}, f.refuses("DUE-T07", 18, f.records, 18, "date")
	}
	return t, nil
}

func readHeader(f *fixeReader, v map[string]string, paris *time.Location) (*Lot, error) {
	mode, err := readMode(f, v)
	if err != nil {
		return nil, err
	}
	at, err := readInstant(f, v, paris)
	if err != nil {
		return nil, err
	}
	if err := f.needs(v, "lot"); err != nil {
		return nil, err
	}
	lot := &Lot{ID: v["lot"], Cree: at, Indicateur: mode}
	switch v["selection"] {
	case "P":
		if err := f.needs(v, "debut", "fin"); err != nil {
			return nil, err
		}
		lot.Selection.Debut, _ = parseJJMMAAAA(v["debut"]) // checked by the genre
		lot.Selection.Fin, _ = parseJJMMAAAA(v["fin"])
	case "S":
		if err := f.needs(v, "section"); err != nil {
			return nil, err
		}
		lot.Selection.Section = v["section"]
	default:
		return nil, f.refuses("DUE-T07", 52, f.records, 52, "selection")
	}
	return lot, nil
}

func readEmployeur(f *fixeReader, v map[string]string) (Groupe, int, error) {
	if err := f.needs(v, "raison_sociale", "siret", "nombre"); err != nil {
		return Groupe{}, 0, err
	}
	e := EmployeurDeclare{
		SIRET: v["siret"], APE: v["ape"], CodeURSSAF: v["code_urssaf"],
		Adresse1: v["adresse1"], Adresse2: v["adresse2"], CodePostal: v["code_postal"], Ville: v["ville"],
		Telephone: v["telephone"],
	}
	var lost bool
	if e.Designation, e.Complement, lost = splitName(v["raison_sociale"], largeurDesignation); lost {
		e.Designation, e.Complement = v["raison_sociale"], ""
	}
	n := number(v["nombre"])
	if n == 0 {
		return Groupe{}, 0, f.refuses("DUE-T07", 202, f.records, 202, "nombre")
	}
	return Groupe{Employeur: e}, n, nil
}

func readHire(f *fixeReader, v map[string]string) (Declaration, error) {
	if err := f.needs(v, "cle", "nom_naissance", "prenom", "sexe", "date_naissance", "ville_naissance",
		"departement_naissance", "date_debut", "heure_debut", "nature"); err != nil {
		return Declaration{}, err
	}
	d := Declaration{
		Cle:                  v["cle"],
		NomNaissance:         v["nom_naissance"],
		NomUsage:             v["nom_usage"],
		Prenom:               v["prenom"],
		Sexe:                 texteSexe[v["sexe"]],
		NIR:                  identifiants.NIR(v["nir"]),
		CleNIR:               v["cle_nir"],
		EtatNIR:              NIRDonne,
		VilleNaissance:       v["ville_naissance"],
		DepartementNaissance: v["departement_naissance"],
		Nature:               texteNature[v["nature"]],
		Essai:                -1,
		ServiceSante:         v["service_sante"],
		Tardive:              v["tardive"] == "L",
	}
	// The genres have checked the dates and the time.
	d.DateNaissance, _ = parseJJMMAAAA(v["date_naissance"])
	d.DateDebut, _ = parseJJMMAAAA(v["date_debut"])
	d.DateFin, _ = parseJJMMAAAA(v["date_fin"])
	d.HeureDebut = Heure{number(v["heure_debut"][:2]), number(v["heure_debut"][2:]), true}
	if v["essai_jours"] != "" {
		d.Essai = number(v["essai_jours"])
	}
	if v["etat_nir"] != "" {
		d.EtatNIR = EtatNIR(v["etat_nir"][0])
	}
	for _, bad := range [...]struct {
		wrong bool
		nom   string
		at    int
	}{
		{d.Sexe == 0, "sexe", 125},
		{d.Nature == "", "nature", 187},
		{v["tardive"] != "" && v["tardive"] != "L", "tardive", 209},
		{d.EtatNIR != NIRDonne && d.EtatNIR != NIRAbsent && d.EtatNIR != NIRProvisoire, "etat_nir", 210},
		{(d.NIR == "") != (d.EtatNIR == NIRAbsent) || (d.NIR == "") != (d.CleNIR == ""), "nir", 126},
	} {
		if bad.wrong {
			return Declaration{}, f.refuses("DUE-T07", bad.at, f.records, bad.at, bad.nom)
		}
	}
	return d, nil
}

// nomZone is the zone of the record 20 that an AR means by number, from 1; ok
// is false when there is none.
func nomZone(number int) (nom string, ok bool) {
	zones := GabaritTexte["20"]
	if number < 1 || number > len(zones) {
		return "", false
	}
	return zones[number-1].Nom, true
}
