package hr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"paye/internal/identifiants"
)

// maxMapping is the largest mapping file that is read, in bytes.
const maxMapping = 1 << 20

// Mapping is the settings of a synchronisation: mapping.yaml.
type Mapping struct {
	Version        int               `yaml:"version"`
	Employeur      string            `yaml:"employeur"` // SIRET
	Source         SourceSettings    `yaml:"source"`
	Etablissements map[string]string `yaml:"etablissements,omitempty"` // the source's name → SIRET
	Duplicates     Duplicates        `yaml:"duplicates,omitempty"`
	Champs         map[Champ]Rule    `yaml:"champs"`
	Absences       AbsenceSettings   `yaml:"absences,omitempty"`
	Mail           MailSettings      `yaml:"mail,omitempty"`
}

// SourceSettings says where the sheets come from.
type SourceSettings struct {
	Type      string   `yaml:"type"` // lucca | folder
	URL       string   `yaml:"url,omitempty"`
	KeyFile   string   `yaml:"key_file,omitempty"`
	Hosts     []string `yaml:"hosts,omitempty"`     // host suffixes instead of the vendor's
	Private   bool     `yaml:"private,omitempty"`   // the host may have a private address, and a port
	Authority string   `yaml:"authority,omitempty"` // PEM of the authority of the host
	Contracts bool     `yaml:"contracts,omitempty"` // contracts are read too, for who has none in force
	Folder    string   `yaml:"folder,omitempty"`
}

// Duplicates says what becomes of several sheets of one person.
type Duplicates string

const (
	OneAgent   Duplicates = "one-agent" // several sheets, one agent with several contracts
	AsConflict Duplicates = "conflict"
)

// Rule says where a field comes from and how it is taken.
type Rule struct {
	Path   Paths             `yaml:"path"`             // several are joined by a blank
	Else   Paths             `yaml:"else,omitempty"`   // when Path gives nothing
	Values map[string]string `yaml:"values,omitempty"` // the source's word → ours
	Policy `yaml:",inline"`
}

// Paths is one path or a list of them.
type Paths []string

// UnmarshalYAML reads one path or a list.
func (p *Paths) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		if n.Tag == "!!null" || n.Value == "" {
			*p = nil
			return nil
		}
		*p = Paths{n.Value}
		return nil
	}
	var list []string
	if err := n.Decode(&list); err != nil {
		return err
	}
	*p = list
	return nil
}

// MarshalYAML writes one path as a text.
func (p Paths) MarshalYAML() (any, error) {
	switch len(p) {
	case 0:
		return "", nil
	case 1:
		return p[0], nil
	}
	return []string(p), nil
}

// AbsenceSettings says what absences become.
type AbsenceSettings struct {
	Lookback int                    `yaml:"lookback,omitempty"` // months before the payroll month; 12 when 0
	Accounts map[string]LeaveAccess `yaml:"accounts,omitempty"`
}

// LeaveAccess is what one account of absences is for payroll.
type LeaveAccess struct {
	Name string `yaml:"name,omitempty"` // in the source, for people
	Type string `yaml:"type"`
}

// MailSettings says who is told when a run ends. Nothing is sent without them.
type MailSettings struct {
	Dossier string `yaml:"dossier,omitempty"` // settings file of the declarations: its sender and its server
	To      string `yaml:"to,omitempty"`
}

// ReadMapping reads and checks a mapping file.
func ReadMapping(r io.Reader, fichier string) (*Mapping, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxMapping+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", fichier, err)
	}
	if len(raw) > maxMapping {
		return nil, Codes.New("RH-102", "> 1 Mio").At(fichier, -1, 0)
	}
	var m Mapping
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(&m); err != nil {
		return nil, Codes.New("RH-102", yamlFault(err)).At(fichier, -1, 0)
	}
	if err := dec.Decode(new(any)); !errors.Is(err, io.EOF) {
		return nil, Codes.New("RH-102", "---").At(fichier, -1, 0)
	}
	if what, allowed := m.fault(); what != "" {
		return nil, Codes.New("RH-103", what, allowed).At(fichier, -1, 0)
	}
	if account, name := m.Absences.forbidden(); account != "" {
		return nil, Codes.New("RH-104", account, name).At(fichier, -1, 0)
	}
	return &m, nil
}

// yamlFault is what the library says, on one line.
func yamlFault(err error) string {
	s := strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")
	return s[:min(len(s), 200)]
}

// fault names the first setting that is wrong, and what it may be.
func (m *Mapping) fault() (what, allowed string) {
	if m.Version != 1 {
		return "version", "1"
	}
	if identifiants.CheckSIRET(m.Employeur) != nil {
		return "employeur", "SIRET"
	}
	if m.Source.Type != "lucca" && m.Source.Type != "folder" {
		return "source.type", "lucca | folder"
	}
	if m.Duplicates != "" && m.Duplicates != OneAgent && m.Duplicates != AsConflict {
		return "duplicates", string(OneAgent) + " | " + string(AsConflict)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Etablissements)) {
		if identifiants.CheckSIRET(m.Etablissements[id]) != nil {
			return "etablissements." + id, "SIRET"
		}
	}
	for _, c := range slices.Sorted(maps.Keys(m.Champs)) {
		if what, allowed := m.Champs[c].fault(c); allowed != "" {
			return "champs." + string(c) + what, allowed
		}
	}
	if m.Absences.Lookback < 0 || m.Absences.Lookback > 36 {
		return "absences.lookback", "0..36"
	}
	for _, id := range slices.Sorted(maps.Keys(m.Absences.Accounts)) {
		if t := m.Absences.Accounts[id].Type; t != exclude && !slices.Contains(absenceTypes, t) {
			return "absences.accounts." + id + ".type", strings.Join(absenceTypes, " | ") + " | " + exclude
		}
	}
	return "", ""
}

func (r Rule) fault(c Champ) (what, allowed string) {
	if _, known := position[c]; !known {
		return "", "docs/hr.md"
	}
	if r.Empty != "" && r.Empty != Clear && r.Empty != Keep {
		return ".empty", string(Clear) + " | " + string(Keep)
	}
	if r.Conflict != "" && r.Conflict != SourceWins && r.Conflict != PayrollWins {
		return ".conflict", string(SourceWins) + " | " + string(PayrollWins)
	}
	return "", ""
}

// Paths lists every path that the mapping reads, sorted, each once.
func (m *Mapping) Paths() []string {
	var list []string
	for _, r := range m.Champs {
		list = append(append(list, r.Path...), r.Else...)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// policy is what the mapping says of a field: by default an empty value of the
// source clears ours and the source wins.
func (m *Mapping) policy(c Champ) Policy {
	p := m.Champs[c].Policy
	if p.Empty == "" {
		p.Empty = Clear
	}
	if p.Conflict == "" {
		p.Conflict = SourceWins
	}
	return p
}

// SIRET is the établissement of a source's name: the one of the mapping, the
// employer's own when the mapping names none, else the source's name behind
// "#", which is no établissement of the journal.
func (m *Mapping) SIRET(etab string) string {
	if s, known := m.Etablissements[etab]; known {
		return s
	}
	if len(m.Etablissements) == 0 {
		return m.Employeur
	}
	return "#" + etab
}

// Digest names what the mapping reads, so that pages staged under another
// mapping are not taken for its own.
func (m *Mapping) Digest() (string, error) {
	text, err := yaml.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("digest the mapping: %w", err)
	}
	return digest(text), nil
}

// Write writes the mapping as a file for people.
func (m *Mapping) Write(w io.Writer) error {
	enc := yaml.NewEncoder(w)
	enc.SetIndent(2)
	if err := enc.Encode(m); err != nil {
		return fmt.Errorf("write the mapping: %w", err)
	}
	return enc.Close()
}
