package batch

import (
	_ "embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"paye/internal/durable"
	"paye/internal/lang"
	"paye/internal/sheet"
)

// ReportName is the name of the report of a night, before .html, .csv and .json.
const ReportName = "rapport"

// Write writes the report into a folder in its three forms.
func (s *Summary) Write(dir string, l lang.Language, version string) error {
	for ext, write := range map[string]func(io.Writer) error{
		".html": func(w io.Writer) error { return s.WriteHTML(w, l, version) },
		".csv":  s.WriteCSV,
		".json": s.WriteJSON,
	} {
		var text strings.Builder
		if err := write(&text); err != nil {
			return fmt.Errorf("make the report: %w", err)
		}
		if err := durable.WriteFile(filepath.Join(dir, ReportName+ext), []byte(text.String())); err != nil {
			return err
		}
	}
	return nil
}

// WriteJSON writes the report as one JSON object.
func (s *Summary) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(struct {
		Debut      time.Time    `json:"debut"`
		Fin        time.Time    `json:"fin"`
		Comptes    map[Etat]int `json:"comptes"`
		SansPaye   []string     `json:"sans_paye,omitempty"`
		Employeurs []Outcome    `json:"employeurs"`
	}{s.Debut, s.Fin, s.counts(), s.SansPaye, s.Outcomes})
}

func (s *Summary) counts() map[Etat]int {
	counts := make(map[Etat]int)
	for i := range s.Outcomes {
		counts[s.Outcomes[i].Etat]++
	}
	return counts
}

// Waiting are the outcomes that want a person,
// in the order of the employers.
func (s *Summary) Waiting() []Outcome {
	var list []Outcome
	for _, o := range s.Outcomes {
		if o.Waits() {
			list = append(list, o)
		}
	}
	return list
}

// sorted are all outcomes, those that want a person first.
func (s *Summary) sorted() []Outcome {
	list := s.Waiting()
	for _, o := range s.Outcomes {
		if !o.Waits() {
			list = append(list, o)
		}
	}
	return list
}

// WriteCSV writes a line an employer, with semicolons; those that want a person
// come first.
func (s *Summary) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.Comma = ';'
	rows := [][]string{{"dossier", "etat", "exit", "etape", "code", "message", "geste", "siret", "periode", "bulletins", "volumes", "octets", "avertissements", "duree_ms"}}
	for _, o := range s.sorted() {
		rows = append(rows, []string{sheet.Inert(o.Dossier), string(o.Etat), strconv.Itoa(o.Exit), string(o.Step), o.Code, sheet.Inert(o.Message), sheet.Inert(o.Geste), o.Siret, o.Periode,
			strconv.Itoa(o.Bulletins), strconv.Itoa(o.Volumes), strconv.FormatInt(o.Octets, 10), strconv.Itoa(o.Avis), strconv.FormatInt(o.Millis, 10)})
	}
	return out.WriteAll(rows)
}

//go:embed rapport.html
var pageHTML string

var pageTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("rapport").Parse(pageHTML)) })

// page is what the template shows.
type page struct {
	*Summary
	Language lang.Language
	Version  string
}

// WriteHTML writes the report as one page that stands alone. What a person must
// do comes first.
func (s *Summary) WriteHTML(w io.Writer, l lang.Language, version string) error {
	return pageTemplate().Execute(w, &page{s, l, version})
}

// T chooses the language of a text.
func (p *page) T(fr, en string) string { return lang.Text{FR: fr, EN: en}.In(p.Language) }

// N writes a number with its groups.
func (p *page) N(n any) string { return lang.Text{FR: "%d", EN: "%d"}.In(p.Language, n) }

// When writes a time.
func (p *page) When(t time.Time) string { return t.Format("2006-01-02 15:04:05") }

// Took is how long the night was.
func (p *page) Took() string { return p.Fin.Sub(p.Debut).Round(time.Second).String() }

// Night tells what became of the employers, after when.
func (p *page) Night() string {
	return lang.Text{FR: " : %d employeur{s}, %d bulletin{s} ; %d fait{s}, %d déjà fait{s}, %d à reprendre, %d interrompu{s}.",
		EN: ": %d employer{s}, %d bulletin{s}; %d done, %d done before, %d to take up again, %d interrupted."}.
		In(p.Language, len(p.Outcomes), p.Bulletins(), p.Count(Done), p.Count(Already), len(p.Waiting()), p.Count(Interrupted))
}

// Rest are the outcomes that want nobody.
func (p *page) Rest() []Outcome {
	var list []Outcome
	for _, o := range p.Outcomes {
		if !o.Waits() {
			list = append(list, o)
		}
	}
	return list
}

// Bulletins adds up those that were delivered.
func (p *page) Bulletins() int {
	n := 0
	for i := range p.Outcomes {
		n += p.Outcomes[i].Bulletins
	}
	return n
}

// Label is a state for people.
func (p *page) Label(e Etat) string { return labels[e].In(p.Language) }

var labels = map[Etat]lang.Text{
	Done:        {FR: "fait", EN: "done"},
	Already:     {FR: "déjà fait", EN: "done before"},
	Anomalies:   {FR: "à corriger", EN: "to mend"},
	Failed:      {FR: "arrêté", EN: "stopped"},
	Interrupted: {FR: "interrompu", EN: "interrupted"},
	Cancelled:   {FR: "annulé", EN: "cancelled"},
}

// Label is a state for people.
func (e Etat) Label(l lang.Language) string { return labels[e].In(l) }
