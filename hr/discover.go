package hr

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"paye/internal/lang"
)

// Origin says why a path is proposed for a field.
type Origin string

const (
	Documented Origin = "documented" // the vendor's documentation has it
	Named      Origin = "named"      // the name of the tenant's field looks like it: to be checked
	Nowhere    Origin = "nowhere"    // nothing looks like it
)

// Proposal is one row of a proposed mapping.
type Proposal struct {
	Champ  Champ
	Rule   Rule
	Origin Origin
}

// Hints are the paths of a kind of source that its documentation names.
type Hints map[Champ]Rule

// words are what the name of a tenant's field looks like, folded and without
// blanks; the first that fits is proposed, and a person has to check it.
var words = map[Champ][]string{
	ChampTitre: {"civilite", "titrecivil"}, ChampNomNaissance: {"nomdenaissance", "nomnaissance", "birthname", "nompatronymique", "nomdejeunefille"},
	ChampVilleNaissance: {"birthplace", "villedenaissance", "villenaissance", "lieudenaissance", "communedenaissance"},
	ChampPaysNaissance:  {"paysdenaissance", "paysnaissance", "birthcountry"}, ChampNIR: {"nir", "numerodesecuritesociale", "securitesociale", "numsecu", "ssn"},
	ChampComplement: {"complementadresse", "complementdadresse", "adressecomplement"}, ChampCodePostal: {"codepostal", "zipcode", "postalcode"},
	ChampVille: {"ville", "commune", "city"}, ChampPays: {"codepays", "pays", "country"}, ChampEtudiant: {"etudiant", "student"},
	ChampHandicap: {"boeth", "handicap", "rqth", "travailleurhandicape"}, ChampDebutBOETH: {"debutboeth", "debutreconnaissance", "datedebutrqth"},
	ChampEnfants: {"enfantsacharge", "nbenfants", "nombreenfants"}, ChampEnfantsHandicapes: {"enfantshandicapes"},
	ChampModePaiement: {"modepaiement", "modedepaiement", "modereglement"}, ChampIBAN: {"iban"}, ChampBIC: {"bic", "swift"},
	ChampPrenom: {"prenom"}, ChampNom: {"nom"}, ChampDateNaissance: {"datenaissance", "datedenaissance"}, ChampNationalite: {"nationalite"},
	ChampMatricule: {"matricule"}, ChampAdresse: {"adresse"}, ChampTelPro: {"telephonepro", "telephoneprofessionnel"},
	ChampTelPerso: {"telephoneperso", "telephonepersonnel"}, ChampMailPerso: {"emailperso", "emailpersonnel", "mailperso"},
	ChampMailPro: {"emailpro", "emailprofessionnel", "mailpro"}, ChampDebutContrat: {"debutcontrat", "datedebutcontrat"}, ChampFinContrat: {"fincontrat", "datefincontrat"},
}

// street are the names of the two parts of a street that some tenants keep
// apart.
var street = []string{"numerodevoie", "nomdelavoie"}

// Propose looks for each field: what the documentation names, else a field of
// the tenant whose name looks like it, else nothing.
func (d Description) Propose(hints Hints) []Proposal {
	byName := make(map[string]string, len(d.Paths))
	add := func(name, path string) {
		if key := plain(name); key != "" && byName[key] == "" {
			byName[key] = path
		}
	}
	for _, p := range d.Paths {
		name := p.Path[strings.LastIndexByte(p.Path, '.')+1:]
		add(strings.TrimPrefix(name, "e_"), p.Path)
		add(p.Label, p.Path)
	}
	list := make([]Proposal, 0, nbChamps)
	for i := range fields {
		c := fields[i].Champ
		p := Proposal{Champ: c, Origin: Nowhere}
		if rule, known := hints[c]; known {
			p.Rule, p.Origin = rule, Documented
		}
		if path := byName[plain(string(c))]; path != "" && p.Origin == Nowhere {
			p.Rule, p.Origin = Rule{Path: Paths{path}}, Named
		}
		for _, word := range words[c] {
			if path := byName[word]; path != "" && p.Origin == Nowhere {
				p.Rule, p.Origin = Rule{Path: Paths{path}}, Named
			}
		}
		if number, name := byName[street[0]], byName[street[1]]; c == ChampAdresse && number != "" && name != "" {
			p.Rule, p.Origin = Rule{Path: Paths{number, name}, Else: p.Rule.Path}, Named
		}
		list = append(list, p)
	}
	return list
}

func plain(s string) string { return strings.ReplaceAll(Fold(s), " ", "") }

// comments stand in the proposed file.
var comments = map[string]lang.Text{
	"head":          {FR: "Correspondance proposée par xhl hr discover : relisez chaque ligne avant la première synchronisation.", EN: "Mapping proposed by xhl hr discover: read every line before the first synchronisation."},
	"employeur":     {FR: "SIRET de l'employeur", EN: "SIRET of the employer"},
	"etab":          {FR: "établissement de la source : SIRET", EN: "establishment of the source: SIRET"},
	string(Named):   {FR: "à vérifier : proposé d'après le nom du champ", EN: "to check: proposed after the name of the field"},
	string(Nowhere): {FR: "aucun champ trouvé : non transmis tant que path est vide", EN: "no field found: not transmitted as long as path is empty"},
	"absence":       {FR: "à remplir : un des 14 types, ou exclude", EN: "to fill in: one of the 14 types, or exclude"},
	"stoppage":      {FR: "arrêt de travail : exclu, toujours", EN: "stoppage of work: excluded, always"},
}

// Mapping is a mapping file for a person to complete. It holds names of fields
// and settings, no value of a person.
func (d Description) Mapping(s SourceSettings, employeur string, list []Proposal, l lang.Language) string {
	var b strings.Builder
	say := func(key string) string { return "  # " + comments[key].In(l) }
	fmt.Fprintf(&b, "# %s\nversion: 1\nemployeur: %s%s\nsource:\n  type: %s\n", comments["head"].In(l), quoted(employeur), say("employeur"), s.Type)
	for _, line := range []struct{ key, value string }{{"url", s.URL}, {"key_file", s.KeyFile}, {"authority", s.Authority}, {"folder", s.Folder}} {
		if line.value != "" {
			fmt.Fprintf(&b, "  %s: %s\n", line.key, quoted(line.value))
		}
	}
	if len(s.Hosts) > 0 {
		fmt.Fprintf(&b, "  hosts: [%s]\n", strings.Join(s.Hosts, ", "))
	}
	if s.Private {
		b.WriteString("  private: true\n")
	}
	if len(d.Etabs) > 0 {
		fmt.Fprintf(&b, "etablissements:%s\n", say("etab"))
		for _, id := range slices.SortedFunc(maps.Keys(d.Etabs), compareIDs) {
			fmt.Fprintf(&b, "  %s: %s  # %s\n", quoted(id), quoted(employeur), strings.Join(strings.Fields(d.Etabs[id]), " "))
		}
	}
	b.WriteString("champs:\n")
	for _, p := range list[1:] {
		fmt.Fprintf(&b, "  %s:%s\n    path: %s\n", p.Champ, origin(p, say), flow(p.Rule.Path))
		if len(p.Rule.Else) > 0 {
			fmt.Fprintf(&b, "    else: %s\n", flow(p.Rule.Else))
		}
	}
	if len(d.Leaves) > 0 {
		b.WriteString("absences:\n  accounts:\n")
	}
	for _, t := range d.Leaves {
		note := say("absence")
		if isStoppage(t.Name) {
			note = say("stoppage")
		}
		fmt.Fprintf(&b, "    %s: {name: %s, type: %s}%s\n", quoted(t.ID), quoted(t.Name), exclude, note)
	}
	return b.String()
}

func origin(p Proposal, say func(string) string) string {
	if p.Origin == Documented {
		return ""
	}
	return say(string(p.Origin))
}

func quoted(s string) string { return strconv.Quote(s) }

func flow(paths Paths) string {
	switch len(paths) {
	case 0:
		return `""`
	case 1:
		return paths[0]
	}
	return "[" + strings.Join(paths, ", ") + "]"
}
