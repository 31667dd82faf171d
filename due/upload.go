package due

import (
	"io"
	"slices"
	"strings"

	"paye/internal/identifiants"
	"paye/internal/xmlw"
)

// espaces are the namespaces that the root declares; cct is unused there too.
var espaces = [...][2]string{
	{"xmlns:cct", "urn:oasis:names:tc:ubl:corecomponentTypes:1.0:0.70"},
	{"xmlns:rxdt", "http://www.repxml.org/DataTypes"},
	{"xmlns:rxorg", "http://www.repxml.org/Organization"},
	{"xmlns:rxpadr", "http://www.repxml.org/PostalAddress"},
	{"xmlns:rxpers", "http://www.repxml.org/Person_Identity"},
	{"xmlns:rxphadr", "http://www.repxml.org/PhoneAddress"},
	{"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
}

const (
	racineUpload   = "FR_DUE_Upload"
	nomIndicateur  = "FR_DUE_Upload.Test.Indicator"
	nomGroupe      = "FR_DuesGroup"
	nomEmployeur   = "FR_Employer"
	nomEmbaucheXML = "FR_EmployeeGroup"
)

// Feuille is an element that holds a value: where it stands below its
// employer or its hire, and what it holds. The order of the tables is the
// order of the document; both were observed, there is no public schema.
type Feuille struct {
	Dans    string // the elements above it, from below FR_Employer or FR_EmployeeGroup
	Nom     string // as written, with its prefix
	Largeur int    // characters at most

	employeur func(*EmployeurDeclare) *string
	de        func(*Declaration) string
	vers      func(*Declaration, string) bool // false: not a value of this element
}

// FeuillesEmployeur is the values of FR_Employer.
var FeuillesEmployeur = []Feuille{
	{Dans: "FR_EmployerIdentity", Nom: "rxorg:FR_Organization.SIRET.Identifier", Largeur: 14, employeur: func(e *EmployeurDeclare) *string { return &e.SIRET }},
	{Dans: "FR_EmployerIdentity", Nom: "rxorg:FR_Organization.Designation.Text", Largeur: 32, employeur: func(e *EmployeurDeclare) *string { return &e.Designation }},
	{Dans: "FR_EmployerIdentity", Nom: "rxorg:FR_Organization.SupplementaryDesignation.Text", Largeur: 32, employeur: func(e *EmployeurDeclare) *string { return &e.Complement }},
	{Dans: "FR_EmployerIdentity", Nom: "rxorg:FR_Organization.APE.Code", Largeur: 5, employeur: func(e *EmployeurDeclare) *string { return &e.APE }},
	{Dans: "", Nom: "FR_Employer.URSSAF.Code", Largeur: 3, employeur: func(e *EmployeurDeclare) *string { return &e.CodeURSSAF }},
	{Dans: "FR_EmployerAddress", Nom: "rxpadr:FR_PostalAddress.StreetDesignation.Text", Largeur: 32, employeur: func(e *EmployeurDeclare) *string { return &e.Adresse1 }},
	{Dans: "FR_EmployerAddress", Nom: "rxpadr:FR_PostalAddress.Additional.Text", Largeur: 32, employeur: func(e *EmployeurDeclare) *string { return &e.Adresse2 }},
	{Dans: "FR_EmployerAddress", Nom: "rxpadr:FR_PostalAddress.Town.Text", Largeur: 27, employeur: func(e *EmployeurDeclare) *string { return &e.Ville }},
	{Dans: "FR_EmployerAddress", Nom: "rxpadr:FR_PostalAddress.Postal.Code", Largeur: 5, employeur: func(e *EmployeurDeclare) *string { return &e.CodePostal }},
	{Dans: "FR_EmployerContact/FR_PhoneNumber", Nom: "rxphadr:FR_PhoneAddress.PhoneNumber.Text", Largeur: 11, employeur: func(e *EmployeurDeclare) *string { return &e.Telephone }},
}

const (
	dansIdentite = "FR_Employee/FR_EmployeeIdentity"
	dansNNI      = dansIdentite + "/rxpers:FR_NNI"
	dansBirth    = dansIdentite + "/rxpers:FR_Birth"
	dansContrat  = "FR_Contract"
)

// FeuillesEmbauche is the values of FR_EmployeeGroup.
var FeuillesEmbauche = []Feuille{
	{Dans: dansIdentite, Nom: "rxpers:FR_PersonIdentity.Surname.Text", Largeur: 32,
		de: func(d *Declaration) string { return d.NomNaissance }, vers: func(d *Declaration, v string) bool { d.NomNaissance = v; return true }},
	{Dans: dansIdentite, Nom: "rxpers:FR_PersonIdentity.UsualName.Text", Largeur: 32,
		de: func(d *Declaration) string { return d.NomUsage }, vers: func(d *Declaration, v string) bool { d.NomUsage = v; return true }},
	{Dans: dansIdentite, Nom: "rxpers:FR_PersonIdentity.ChristianName.Text", Largeur: 32,
		de: func(d *Declaration) string { return d.Prenom }, vers: func(d *Declaration, v string) bool { d.Prenom = v; return true }},
	{Dans: dansIdentite, Nom: "rxpers:FR_PersonIdentity.Sex.Code", Largeur: 1,
		de: func(d *Declaration) string { return string(rune(d.Sexe)) },
		vers: func(d *Declaration, v string) bool {
			d.Sexe = v[0]
			return v == "1" || v == "2"
		}},
	{Dans: dansNNI, Nom: "rxpers:FR_NNI.NIR.Identifier", Largeur: 13,
		de: func(d *Declaration) string { return d.NIR.Reveal() },
		vers: func(d *Declaration, v string) bool {
			d.NIR, d.EtatNIR = identifiants.NIR(v), NIRDonne
			if strings.Contains("3478", v[:1]) {
				d.EtatNIR = NIRProvisoire
			}
			return true
		}},
	{Dans: dansNNI, Nom: "rxpers:FR_NNI.NIRKey.Text", Largeur: 2,
		de: func(d *Declaration) string { return d.CleNIR }, vers: func(d *Declaration, v string) bool { d.CleNIR = v; return true }},
	{Dans: dansBirth, Nom: "rxpers:FR_Birth.Date", Largeur: 10,
		de: func(d *Declaration) string { return d.DateNaissance.String() }, vers: func(d *Declaration, v string) bool { return isoDate(v, &d.DateNaissance) }},
	{Dans: dansBirth, Nom: "rxpers:FR_Birth.Town.Text", Largeur: 24,
		de: func(d *Declaration) string { return d.VilleNaissance }, vers: func(d *Declaration, v string) bool { d.VilleNaissance = v; return true }},
	{Dans: "FR_Employee/FR_EmployeeComplement", Nom: "FR_EmployeeComplement.Birth_Department.Code", Largeur: 2,
		de: func(d *Declaration) string { return d.DepartementNaissance }, vers: func(d *Declaration, v string) bool { d.DepartementNaissance = v; return true }},
	{Dans: dansContrat, Nom: "FR_Contract.StartContract.Date", Largeur: 10,
		de: func(d *Declaration) string { return d.DateDebut.String() }, vers: func(d *Declaration, v string) bool { return isoDate(v, &d.DateDebut) }},
	{Dans: dansContrat, Nom: "FR_Contract.StartContract.Time", Largeur: 8,
		de: func(d *Declaration) string {
			if !d.HeureDebut.Connue {
				return ""
			}
			return d.HeureDebut.String() + ":00"
		},
		vers: func(d *Declaration, v string) (ok bool) {
			d.HeureDebut, ok = ParseHeure(v)
			return ok && len(v) == len("15:04:05")
		}},
	{Dans: dansContrat, Nom: "FR_Contract.EndContract.Date", Largeur: 10,
		de: func(d *Declaration) string { return d.DateFin.String() }, vers: func(d *Declaration, v string) bool { return isoDate(v, &d.DateFin) }},
	{Dans: dansContrat, Nom: "FR_Contract.Nature.Code", Largeur: 3,
		de: func(d *Declaration) string { return string(d.Nature) },
		vers: func(d *Declaration, v string) bool {
			d.Nature = Nature(v)
			return slices.Contains([]Nature{CDI, CDD, CTT}, d.Nature)
		}},
	{Dans: dansContrat, Nom: "FR_Contract.HealthService.Text", Largeur: 10,
		de: func(d *Declaration) string { return d.ServiceSante }, vers: func(d *Declaration, v string) bool { d.ServiceSante = v; return true }},
	{Dans: dansContrat, Nom: "FR_Contract.TrialTime.Text", Largeur: 3,
		de: func(d *Declaration) string { return d.essai() },
		vers: func(d *Declaration, v string) bool {
			d.Essai = number(v)
			return strings.Trim(v, "0123456789") == ""
		}},
}

func isoDate(v string, d *Date) (ok bool) {
	*d, ok = ParseDate(v)
	return ok && v == d.String()
}

// WriteUpload writes an employer and its hires as FR_DUE_Upload, in
// ISO-8859-1: the same input gives the same bytes. A value that is absent has
// no element.
func WriteUpload(w io.Writer, ind Indicateur, g *Groupe) error {
	var x xmlw.Writer
	x.Declaration()
	x.Blank("\n")
	x.Start(racineUpload)
	for _, ns := range espaces {
		x.Attr(ns[0], ns[1])
	}
	p := pile{x: &x, depth: 1}
	p.leaf(nomIndicateur, ind.Valeur())
	p.open(nomGroupe)
	p.open(nomEmployeur)
	p.leaves(FeuillesEmployeur, func(f *Feuille) string { return *f.employeur(&g.Employeur) })
	p.end()
	for i := range g.Hires {
		p.open(nomEmbaucheXML)
		p.leaves(FeuillesEmbauche, func(f *Feuille) string { return f.de(&g.Hires[i]) })
		p.end()
		if err := p.flush(w); err != nil {
			return err
		}
	}
	p.end()
	p.end()
	x.Blank("\n")
	if err := p.flush(w); err != nil {
		return err
	}
	_, err := x.Bytes()
	return err
}

// pile writes elements with their indentation.
type pile struct {
	x     *xmlw.Writer
	depth int
	buf   []byte
}

func (p *pile) open(name string) {
	p.x.Blank("\n" + strings.Repeat("  ", p.depth))
	p.x.Start(name)
	p.depth++
}

func (p *pile) end() {
	p.depth--
	p.x.Blank("\n" + strings.Repeat("  ", p.depth))
	p.x.End()
}

func (p *pile) leaf(name, value string) {
	p.x.Blank("\n" + strings.Repeat("  ", p.depth))
	p.x.Start(name)
	p.x.Text(value)
	p.x.End()
}

// leaves writes the values that are there, opening and closing the elements
// between them.
func (p *pile) leaves(table []Feuille, value func(*Feuille) string) {
	var above []string
	for i := range table {
		f := &table[i]
		v := value(f)
		if v == "" {
			continue
		}
		want := strings.FieldsFunc(f.Dans, func(r rune) bool { return r == '/' })
		same := 0
		for same < len(above) && same < len(want) && above[same] == want[same] {
			same++
		}
		for range above[same:] {
			p.end()
		}
		for _, name := range want[same:] {
			p.open(name)
		}
		above = want
		p.leaf(f.Nom, v)
	}
	for range above {
		p.end()
	}
}

func (p *pile) flush(w io.Writer) error {
	out, err := p.x.Pending(p.buf[:0])
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	p.buf = nil
	return err
}
