package check

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"paye/internal/anomalie"
	"paye/internal/lang"
	"paye/pespj"
	"paye/xhl"
)

//go:embed rapport.html
var gabaritHTML string

// modele is parsed when a report is written, not when the program starts.
var modele = sync.OnceValue(func() *template.Template { return template.Must(template.New("rapport").Parse(gabaritHTML)) })

// WriteHTML writes the report as one page that stands alone: no other file, no
// network, readable without scripts, printable. The only personal data in it is
// matricules: the names of pieces, which may name an agent, are left out.
func (r *Rapport) WriteHTML(w io.Writer, l lang.Language, programme string) error {
	p := &page{Langue: l, Rapport: r, Programme: programme}
	p.build()
	if err := modele().Execute(w, p); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// page is what the template shows.
type page struct {
	Langue    lang.Language
	Rapport   *Rapport
	Programme string
	Constats  *Constats
	Totaux    []*total
	Dabord    []groupe // what to mend first
	Groupes   []groupe
	Tailles   []taille
	Canaux    []canal
}

// groupe is the anomalies of one code.
type groupe struct {
	Code, Gravite, Libelle, Titre, Aide string
	N, Reste                            int
	Exemples                            []exemple
	Lieux, Matricules, Constats         bool // whether a column has anything
}

type exemple struct{ Fichier, Lieu, Matricule, Message, Valeurs string }

// taille is a file beside the limit that it is shown against.
type taille struct {
	Nom     string
	Octets  int64
	Part    float64 // percent of the limit
	Largeur float64 // percent of the chart
}

// canal is a limit and what it says of the files.
type canal struct {
	Nom, Note, Source string
	Octets            int64
	Exact             bool
	Part              float64 // percent of it that the largest file takes
	Trop              int     // files beyond it
}

// T chooses the language of a text.
func (p *page) T(fr, en string) string { return lang.Text{FR: fr, EN: en}.In(p.Langue) }

// Nombre writes a number with its groups.
func (p *page) Nombre(n any) string { return lang.Text{FR: "%d", EN: "%d"}.In(p.Langue, n) }

// Pourcent writes a percentage with one decimal.
func (p *page) Pourcent(part float64) string {
	return lang.Text{FR: "%.1f %%", EN: "%.1f%%"}.In(p.Langue, part)
}

// Jour is the date of the check, empty when it was not given.
func (p *page) Jour() string {
	if p.Rapport.Jour.IsZero() {
		return ""
	}
	if p.Langue == lang.French {
		return p.Rapport.Jour.Format("02/01/2006")
	}
	return p.Rapport.Jour.Format(time.DateOnly)
}

var libelles = map[anomalie.Gravite]lang.Text{
	anomalie.Erreur:        {FR: "erreur", EN: "error"},
	anomalie.Avertissement: {FR: "avertissement", EN: "warning"},
	anomalie.Info:          {FR: "information", EN: "note"},
}

var libellesGenres = map[Genre]lang.Text{
	Inconnu: {FR: "inconnu", EN: "unknown"},
	XHL:     {FR: "journal XHL", EN: "XHL journal"},
	PES:     {FR: "flux PES", EN: "PES flux"},
	Acquit:  {FR: "acquittement", EN: "acquittal"},
	Archive: {FR: "archive zip", EN: "zip archive"},
}

// Genre names the kind of a file.
func (p *page) Genre(f *Fichier) string { return libellesGenres[f.Genre].In(p.Langue) }

// Schema says what the schema makes of a file.
func (p *page) Schema(f *Fichier) string {
	switch {
	case f.Genre == Inconnu:
		return "–"
	case f.RefuseParJava():
		return p.T("valide, mais refusé par les lecteurs en Java", "valid, but refused by readers in Java")
	case f.SchemaValide:
		return p.T("valide", "valid")
	case p.Rapport.Lot != nil && f.Conforme:
		return p.T("valide comme suite du lot", "valid as part of the set")
	}
	return p.T("invalide", "invalid")
}

// Bulletins counts those of a file.
func (p *page) Bulletins(f *Fichier) int {
	n := 0
	for _, j := range f.Journaux {
		n += j.Bilan.Bulletins
	}
	return n
}

// Montant writes an amount.
func (p *page) Montant(m xhl.Montant) string {
	return lang.Text{FR: "%.2f €", EN: "€%.2f"}.In(p.Langue, float64(m)/100)
}

// Verdict is the first thing to read.
func (p *page) Verdict() string {
	switch {
	case p.Constats.N(PieceRefusee)+p.Constats.N(FluxRefuse) > 0:
		return p.T("Refusé par le comptable, en tout ou en partie", "Refused by the accountant, in whole or in part")
	case p.Constats.Erreurs > 0:
		return p.T("À corriger avant l’envoi", "To be corrected before sending")
	case slices.ContainsFunc(p.Rapport.Fichiers, func(f *Fichier) bool { return f.Genre == Acquit }):
		return p.T("Lu sans erreur", "Read without an error")
	}
	return p.T("Rien n’empêche l’envoi", "Nothing prevents sending")
}

// Etat is the class of the banner.
func (p *page) Etat() string {
	switch {
	case p.Constats.Erreurs > 0:
		return "erreur"
	case p.Constats.Avertissements > 0:
		return "avertissement"
	}
	return "bon"
}

func (p *page) build() {
	r := p.Rapport
	p.Constats = r.Observe(maxExemplesPage)
	for _, c := range p.Constats.Comptes() {
		p.Groupes = append(p.Groupes, p.groupe(c))
	}
	p.Totaux = r.totaux()
	for _, g := range p.Groupes {
		if g.Gravite == anomalie.Erreur.String() && len(p.Dabord) < maxDabord {
			p.Dabord = append(p.Dabord, g)
		}
	}
	scale := r.Limite
	var largest int64
	for _, f := range r.Fichiers {
		if sent(f) {
			largest = max(largest, f.Octets)
		}
	}
	if scale == 0 {
		for _, pf := range pespj.Plateformes {
			scale = max(scale, pf.Octets)
		}
	}
	chart := max(scale, largest)
	for _, f := range r.Fichiers {
		if sent(f) {
			p.Tailles = append(p.Tailles, taille{path.Base(f.Nom), f.Octets, percent(f.Octets, scale), percent(f.Octets, chart)})
		}
	}
	if r.Limite > 0 {
		p.Canaux = append(p.Canaux, p.canal(canal{Nom: "--limit", Note: p.T("limite demandée pour ce contrôle", "limit asked for this check"), Octets: r.Limite, Exact: true}, largest))
	}
	for _, pf := range pespj.Plateformes {
		source := pf.Source
		if p.Langue != lang.French {
			source = "" // sources are in French
		}
		p.Canaux = append(p.Canaux, p.canal(canal{Nom: pf.Nom, Note: pf.Note.In(p.Langue), Source: source, Octets: pf.Octets, Exact: pf.Sure}, largest))
	}
	if len(p.Tailles) == 0 {
		p.Canaux = nil
	}
}

// maxDabord is how many codes are named first.
const maxDabord = 3

// maxExemplesPage keeps the page of a size that mail carries.
const maxExemplesPage = 200

// sent reports whether a file is one that a platform carries.
func sent(f *Fichier) bool { return f.Genre == PES && !f.Gzip || f.Genre == Archive }

func (p *page) canal(c canal, largest int64) canal {
	c.Part = percent(largest, c.Octets)
	for _, f := range p.Rapport.Fichiers {
		if sent(f) && f.Octets > c.Octets {
			c.Trop++
		}
	}
	return c
}

func percent(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return 100 * float64(part) / float64(whole)
}

// Largeur is a share as the width of a bar.
func (p *page) Largeur(part float64) float64 { return min(100, part) }

func (p *page) groupe(c *Compte) groupe {
	titre, same := c.Titre(p.Langue)
	g := groupe{Code: c.Code, Gravite: c.Gravite.String(), Libelle: libelles[c.Gravite].In(p.Langue), Titre: titre, N: c.N, Reste: c.N - len(c.Exemples)}
	for _, a := range c.Exemples {
		e := exemple{Fichier: sansNom(a.Fichier, a.Code == LaisseDeCote), Matricule: a.Matricule}
		if g.Aide == "" {
			g.Aide = a.OnPage(p.Langue)
		}
		place := anomalie.Anomalie{Ligne: a.Ligne, Offset: a.Offset, Chemin: sansNom(a.Chemin, true)}
		e.Lieu = place.Lieu(p.Langue)
		if !same {
			e.Message = a.Message(p.Langue)
		}
		if !slices.Contains(namePieces, a.Code) {
			e.Valeurs = p.valeurs(a)
		}
		if e == (exemple{}) {
			continue
		}
		g.Lieux, g.Matricules = g.Lieux || e.Lieu != "", g.Matricules || e.Matricule != ""
		g.Constats = g.Constats || e.Message != "" || e.Valeurs != ""
		g.Exemples = append(g.Exemples, e)
	}
	return g
}

func (p *page) valeurs(a *anomalie.Anomalie) string {
	var parts []string
	if a.Trouve != "" {
		parts = append(parts, lang.Text{FR: "trouvé « %s »", EN: "found “%s”"}.In(p.Langue, a.Trouve))
	}
	if a.Attendu != "" {
		parts = append(parts, lang.Text{FR: "attendu « %s »", EN: "expected “%s”"}.In(p.Langue, a.Attendu))
	}
	return strings.Join(parts, ", ")
}

// nommentPieces are the codes whose values are names of pieces.
var namePieces = []string{"XHL-241", "XHL-242", "XHL-243", "XHL-244", NomPieceDouble, "PES-312", "PES-313"}

// sansNom takes the name of a piece out of a place: out of the path of a file
// beside a journal, or of an entry of an archive, which is no path of XML.
func sansNom(s string, entree bool) string {
	piece := entree && s != ""
	for _, r := range racines {
		piece = piece && !strings.HasPrefix(s, r.nom)
	}
	for _, dir := range voisins {
		piece = piece || !entree && strings.Contains("/"+filepath.ToSlash(s), "/"+dir+"/") && !strings.Contains(s, separateur)
	}
	if !piece {
		return s
	}
	return strings.TrimSuffix(s, path.Base(s)) + "…" + path.Ext(s)
}
