package synthpdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"sync"
	"time"
)

// Arrete is what an arrêté says, or a délibération. The strings are printed as
// they are given; lines that are too long are cut.
type Arrete struct {
	Collectivite string    // COMMUNE DE VILLENEUVE
	Numero       string    // 2026-0147
	Objet        string    // Progress d'échelon de Mme Élodie Lefèvre
	Agents       []string  // those concerned; none for an act of general scope
	Lieu         string    // Villeneuve
	Signataire   string    // Le Maire
	Date         time.Time // of the act, and of the file
}

// The weight of an arrêté: that of a document of four pages generated as PDF,
// in the DGFiP note of 30 November 2018. It comes within 5 %.
const (
	PoidsArrete = 60_000 // bytes
	PagesArrete = 4
)

// The page of an arrêté, in points.
const (
	pageLargeur, pageHauteur = 595.0, 842.0
	margeArrete              = 64.0
	corpsArrete              = 10.5
	interligneArrete         = 15.0
	lignesParPage            = 44
	signesParLigne           = 88
)

// AppendArrete appends an arrêté, a PDF file of selectable text of about
// PoidsArrete bytes, to dst. The same press, seed and act give the same bytes.
func (p *Presse) AppendArrete(dst []byte, seed uint64, ac Arrete) []byte {
	a := newAlea(seed, 4)
	f := newFichier(dst)
	police := f.objet("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	grasse := f.objet("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>")
	armes, sceau := p.images.armes.objet(f), p.images.sceau.objet(f)
	pages := ac.pages(a)
	parent := f.prochain(2 * len(pages))
	var kids []int
	for i, lines := range pages {
		content := f.flux(deflate(p.page(ac, lines, i, len(pages))), "/Filter /FlateDecode")
		kids = append(kids, f.objet("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << /ProcSet [/PDF /Text /ImageB] /Font << /F1 %d 0 R /F2 %d 0 R >> /XObject << /Im1 %d 0 R /Im2 %d 0 R >> >> >>",
			parent, pageLargeur, pageHauteur, content, police, grasse, armes, sceau))
	}
	f.objet("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), references(kids))
	root := f.objet("<< /Type /Catalog /Pages %d 0 R /Lang (fr-FR) >>", parent)
	info := f.info("Arrêté "+ac.Numero, ac.Collectivite, "Traitement de texte", ac.Date)
	return f.fin(root, info)
}

func (im image) objet(f *fichier) int {
	return f.flux(im.data, "/Type /XObject /Subtype /Image /Width %d /Height %[1]d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", im.cote)
}

// compresseurs are kept, since one weighs a megabyte.
var compresseurs = sync.Pool{New: func() any { return zlib.NewWriter(nil) }}

func deflate(b []byte) []byte {
	var out bytes.Buffer
	z := compresseurs.Get().(*zlib.Writer)
	defer compresseurs.Put(z)
	z.Reset(&out) // a bytes.Buffer does not fail
	z.Write(b)
	z.Close()
	return out.Bytes()
}

// pages cuts the act into lines and pages. A common text of considerations
// and articles, dealt by the seed, fills the four pages.
func (ac Arrete) pages(a *alea) [PagesArrete][]string {
	var lines []string
	add := func(texte string) { lines = append(lines, lignes(texte)...) }
	add("Vu le code général de la fonction publique ;")
	add("Vu le code général des collectivités territoriales ;")
	if len(ac.Agents) == 0 {
		add("Considérant que la présente décision est de portée générale ;")
	}
	for _, agent := range ac.Agents[:min(len(ac.Agents), 40)] {
		add("Considérant la situation de " + agent + " ;")
	}
	for n := 1; len(lines) < PagesArrete*lignesParPage-12; n++ {
		add("")
		add(fmt.Sprintf("Article %d", n))
		for range 3 {
			add(clausesArrete[a.below(len(clausesArrete))])
		}
	}
	var out [PagesArrete][]string
	for i := range out {
		at := min(i*lignesParPage, len(lines))
		out[i] = lines[at:min(at+lignesParPage, len(lines))]
	}
	return out
}

// lignes cuts a text at the words.
func lignes(texte string) []string {
	var out []string
	runes := []rune(texte)
	for len(runes) > signesParLigne {
		cut := signesParLigne
		for cut > 0 && runes[cut] != ' ' {
			cut--
		}
		if cut == 0 {
			cut = signesParLigne
		}
		out = append(out, string(runes[:cut]))
		runes = bytes.Runes(bytes.TrimLeft([]byte(string(runes[cut:])), " "))
	}
	return append(out, string(runes))
}

// page draws one page: the head on the first, the signature on the last.
func (p *Presse) page(ac Arrete, lines []string, n, total int) []byte {
	var b []byte
	text := func(font string, size, x, y float64, s string) {
		b = fmt.Appendf(b, "BT /%s %g Tf %g %g Td ", font, size, x, y)
		b = append(appendLitteral(b, s), " Tj ET\n"...)
	}
	y := pageHauteur - margeArrete
	if n == 0 {
		b = fmt.Appendf(b, "q 62 0 0 62 %g %g cm /Im1 Do Q\n", margeArrete, y-50)
		text("F2", 13, margeArrete+80, y-8, ac.Collectivite)
		text("F1", 10, margeArrete+80, y-24, "Direction des ressources humaines")
		text("F2", 14, margeArrete, y-84, "ARRÊTÉ n° "+ac.Numero)
		text("F2", 11, margeArrete, y-104, "Objet : "+ac.Objet)
		y -= 130
	}
	size, step := corpsArrete, interligneArrete
	if n == 0 || n == total-1 { // the head and the signature take their room
		size, step = 9.5, 12.5
	}
	for _, line := range lines {
		if line != "" {
			text("F1", size, margeArrete, y, line)
		}
		y -= step
	}
	if n == total-1 {
		text("F1", 10, margeArrete, 150, "Fait à "+ac.Lieu+", le "+dateLongue(ac.Date))
		text("F2", 10, 380, 150, ac.Signataire)
		b = append(b, "q 70 0 0 70 400 70 cm /Im2 Do Q\n"...)
	}
	text("F1", 8, pageLargeur-margeArrete-30, 36, fmt.Sprintf("%d / %d", n+1, total))
	return b
}

// clausesArrete are sentences in the manner of such acts, without legal force.
var clausesArrete = []string{
	"La présente décision prend effet à la date indiquée ci-dessus et sera inscrite au registre des actes de la collectivité.",
	"L'intéressé percevra la rémunération correspondant à l'indice majoré de l'échelon détenu, à laquelle s'ajoutent les éléments accessoires prévus par délibération.",
	"Le régime indemnitaire est attribué au prorata du temps de travail et suit le sort du traitement pendant les congés pour raison de santé.",
	"L'ancienneté acquise dans l'échelon précédent est conservée dans la limite de la durée exigée pour l'accès à l'échelon supérieur.",
	"Les cotisations de retraite sont versées à la caisse dont relève l'agent à compter de la date d'effet.",
	"Le montant individuel est arrêté au vu des fonctions exercées, de l'expérience professionnelle et de l'engagement constaté lors de l'entretien annuel.",
	"La dépense correspondante est imputée sur les crédits ouverts au chapitre des charges de personnel du budget de l'exercice en cours.",
	"Le directeur général des services est chargé de l'exécution du présent arrêté, dont ampliation sera adressée au comptable et au président du centre de gestion.",
	"La nouvelle bonification indiciaire est versée mensuellement et cesse de l'être lorsque l'agent n'exerce plus les fonctions y ouvrant droit.",
	"Le présent acte peut faire l'objet d'un recours pour excès de pouvoir devant le tribunal administratif dans un délai de deux mois à compter de sa notification.",
	"L'agent est informé que les données qui le concernent sont traitées pour la gestion de sa carrière et de sa paye et conservées pendant la durée réglementaire.",
	"Les dispositions antérieures contraires à la présente décision sont abrogées à compter de sa date d'effet.",
}
