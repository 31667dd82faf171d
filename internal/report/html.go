package report

import (
	"fmt"
	"html/template"
	"io"
)

var page = template.Must(template.New("rapport").Parse(`<!DOCTYPE html>
<html lang="{{.Langue}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Titre}}</title>
<style>
body { font: 14px/1.45 system-ui, sans-serif; color: #1a1a1a; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem } p.sous { color: #555; margin: .25rem 0 1rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0 } dt { color: #555 } dd { margin: 0; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% } th { text-align: left; border-bottom: 2px solid #1a1a1a } td { border-bottom: 1px solid #ccc }
th, td { padding: .3rem .5rem .3rem 0; vertical-align: top; overflow-wrap: anywhere } p.vide { color: #555 }
@page { size: A4 landscape; margin: 12mm }
@media print { body { margin: 0; max-width: none; font-size: 10px } thead { display: table-header-group } tr { break-inside: avoid } }
</style>
</head>
<body>
<h1>{{.Titre}}</h1>
{{with .SousTitre}}<p class="sous">{{.}}</p>
{{end}}<dl>
{{range .Faits}}<dt>{{.Nom}}</dt><dd>{{.Valeur}}</dd>
{{end}}</dl>
{{range .Tables}}<h2>{{.Titre}}</h2>
{{if .Lignes}}<table>
<thead><tr>{{range .Colonnes}}<th scope="col">{{.Titre}}</th>{{end}}</tr></thead>
<tbody>
{{range .Lignes}}<tr>{{range .}}<td>{{.}}</td>{{end}}</tr>
{{end}}</tbody>
</table>
{{else}}<p class="vide">{{.Vide}}</p>
{{end}}{{end}}{{range .Notes}}<p>{{.}}</p>
{{end}}</body>
</html>
`))

// WriteHTML writes the report as one page, which also prints.
func (d *Document) WriteHTML(w io.Writer) error {
	if err := page.Execute(w, d); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
