package build

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"paye/internal/anomalie"
	"paye/internal/identifiants"
	"paye/pespj"
)

// Mandat is a line of mandats.csv: a mandat that the payroll justifies, and of
// what part of it.
type Mandat struct {
	Exercice string // "" for the year of the payroll
	Type     string // of the bordereau: 01 ordinaire, 02 annulation; "" is 01
	Numero   string // of the mandat (IdPce)
	Ligne    string // "" for all of them

	// What it pays; a line that pays nothing of this journal is left out.
	Siret         string // of the budget
	Etablissement string // SIRET or code, as the journal writes it
	Nature        string // account of the répartition par nature
}

// mandatColumns are the columns of mandats.csv; the first must be there.
var mandatColumns = []string{"numero", "exercice", "type", "ligne", "siret", "etablissement", "nature"}

// readMandats reads a mandats.csv, and tells which sheet of a workbook it is.
func readMandats(file string, tell func(*anomalie.Anomalie)) ([]Mandat, error) {
	t, err := openTable(file, mandatColumns, 1, tableFaults{MandatsIllisibles, MandatLigne})
	if err != nil {
		return nil, err
	}
	t.tell(tell)
	t.codes = []codeColumn{{"numero", nil}, {"siret", nil}, {"ligne", nil}, {"type", []string{"01", "02"}}}
	var list []Mandat
	for {
		line, get, err := t.next()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, err
		}
		m := Mandat{Exercice: get("exercice"), Type: get("type"), Numero: get("numero"), Ligne: get("ligne"),
			Siret: strings.ReplaceAll(get("siret"), " ", ""), Etablissement: get("etablissement"), Nature: get("nature")}
		if m.Numero == "" && m.Siret+m.Etablissement+m.Nature == "" {
			continue
		}
		if what := m.fault(); what != "" {
			return nil, t.wrong(line, what)
		}
		list = append(list, m)
	}
}

// columns are those that the schema judges, by the element that they become.
var columns = map[string]string{"Identifiant": "numero", "ComplementIdentifiant": "ligne", "TypeObjet": "type", "Exercice": "exercice"}

// fault names the column that the schema refuses, "" for none.
func (m *Mandat) fault() string {
	if m.Siret != "" && identifiants.CheckSIRET(m.Siret) != nil {
		return "siret"
	}
	// A piece with nothing wrong but, perhaps, this reference.
	probe := pespj.PJ{IdUnique: "1", NomPJ: "a.pdf", Description: "-", MIMEType: "application/pdf", RefCompta: []pespj.RefCompta{m.ref(2026)},
		Gzip: 20, Contenu: func(io.Writer) error { return nil }}
	for _, a := range probe.Check() {
		if column, known := columns[path.Base(a.Chemin)]; known {
			return column
		}
	}
	return ""
}

// ref is the RefCompta of the mandat: domaine 01, dépense.
func (m *Mandat) ref(annee int) pespj.RefCompta {
	return pespj.RefCompta{Domaine: "01", Exercice: cmp.Or(m.Exercice, fmt.Sprintf("%04d", annee)), TypeObjet: cmp.Or(m.Type, "01"),
		Identifiant: m.Numero, ComplementIdentifiant: m.Ligne}
}

// mandats reads the file of the mandats, given or found beside the input, and
// keeps those of this budget.
func (d *Job) mandats(src *source) error {
	if d.dem.Format != FormatPES {
		return nil
	}
	file := cmp.Or(d.dem.FichierMandats, beside(src.dir, "mandats.csv"))
	if file == "" {
		return nil
	}
	d.dem.FichierMandats = file
	list, err := readMandats(file, d.dem.Anomalie)
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Siret == "" || m.Siret == d.Paye.Siret {
			d.lignesMandats = append(d.lignesMandats, m)
		}
	}
	d.refer(func(*Mandat) bool { return true })
	return nil
}

// refer gives the pieces the references of the mandats that keep holds for,
// beside those of the request.
func (d *Job) refer(keep func(*Mandat) bool) {
	f, pes := d.Format.(interface{ base() *fluxPES })
	if !pes {
		return
	}
	base := f.base()
	base.refs = base.refs[:len(d.dem.Mandats)]
	for i := range d.lignesMandats {
		if m := &d.lignesMandats[i]; keep(m) {
			base.refs = append(base.refs, m.ref(d.Paye.Annee))
		}
	}
}

// paid keeps the mandats that pay something of this journal.
func (d *Job) paid() {
	if len(d.lignesMandats) == 0 {
		return
	}
	d.refer(func(m *Mandat) bool {
		return (m.Etablissement == "" || d.Livre.Mentions(m.Etablissement)) && (m.Nature == "" || d.Livre.Mentions(m.Nature))
	})
	if f, pes := d.Format.(interface{ base() *fluxPES }); pes && len(f.base().refs) == 0 {
		d.dem.Anomalie(Codes.New(AucunMandat, d.dem.FichierMandats))
	}
}

// references counts the mandats that the pieces name.
func (d *Job) references() int {
	if f, pes := d.Format.(interface{ base() *fluxPES }); pes {
		return len(f.base().refs)
	}
	return 0
}
