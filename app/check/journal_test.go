package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paye/internal/anomalie"
)

// paie is a small journal to write; the zero value is valid.
type paie struct {
	mois, train, siret string
	agents             []agent
	enteteSeule        bool
	sansRepartition    bool
	repartition        string // amount of account 6411; the sum of the lines when empty
	libelle            string // of the rubrique
}

type agent struct {
	matricule string
	brut      int
	pieces    []string // NomPJ, IdUnique being the name without its extension
}

func (p paie) String() string {
	if p.mois == "" {
		p.mois = "05"
	}
	if p.siret == "" {
		p.siret = "99999999900017"
	}
	if p.libelle == "" {
		p.libelle = "TRAITEMENT"
	}
	adresse := `<Adresse><TypAdr V="1"/><CP V="69000"/><CodRes V="1"/></Adresse>`
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="ISO-8859-1"?>
<n:DocumentPaye xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/paye_1_1"><IdVer V="1.1"/><Annee V="2026"/><Mois V="` + p.mois + `"/>`)
	if p.train != "" {
		b.WriteString(`<Train V="` + p.train + `"/>`)
	}
	fmt.Fprintf(&b, `<Employeur><Nom V="COMMUNE"/><APE V="8411Z"/>%s<NumUrssaf V="1"/><Siret V="%s"/></Employeur>`, adresse, p.siret)
	if p.enteteSeule {
		return b.String() + "</n:DocumentPaye>\n"
	}
	b.WriteString("<DonneesIndiv>")
	total := 0
	for _, a := range p.agents {
		total += a.brut
		fmt.Fprintf(&b, `<PayeIndivMensuel><Agent><Nom V="X"/><Matricule V="%s"/><NIR V=""/>%s<NbEnfants V="0"/><Statut V="TITULAIRE"/><EmploiMetier V=""/><Grade V=""/><Echelon V=""/><Indice V=""/></Agent>`, a.matricule, adresse)
		b.WriteString(`<Service V=""/><NBI V="0"/><QuotiteTrav V="100"/><Periode><DateDebut V="2026-05-01"/><DateFin V="2026-05-31"/></Periode>`)
		fmt.Fprintf(&b, `<Remuneration><TraitBrut><Libelle V="T"/><Code V="001"/><Mt V="%d"/><Ordre V="1"/></TraitBrut></Remuneration><NbHeureSup V="0"/><MtBrut V="%[1]d"/><MtNet V="%[1]d"/><MtNetAPayer V="%[1]d"/><DatePaiement V="2026-05-28"/><MtImposable V="0"/><CumulMtImposable V="0"/><CumulMtBrut V="0"/><CumulBaseSS V="0"/>`, a.brut)
		for _, nom := range a.pieces {
			fmt.Fprintf(&b, `<PJRef><Support V="01"/><IdUnique V="%s"/><NomPJ V="%s"/></PJRef>`, strings.TrimSuffix(nom, filepath.Ext(nom)), nom)
		}
		b.WriteString("</PayeIndivMensuel>\n")
	}
	liste := `<Description V="D"/><Correspondance><Libelle V="L"/><Code V="A"/></Correspondance>`
	fmt.Fprintf(&b, `</DonneesIndiv><Nomenclatures><NomenclatureEvtPaye>%s</NomenclatureEvtPaye><NomenclatureRubriquePaye><Description V="R"/><Correspondance><Libelle V="%s"/><Code V="001"/><CodeNatureSal V="6411"/></Correspondance></NomenclatureRubriquePaye><NomenclatureCaisse>%s</NomenclatureCaisse>`, liste, p.libelle, liste)
	if p.train != "" {
		fmt.Fprintf(&b, `<NomenclatureTrain><Description V="T"/><Correspondance><Libelle V="L"/><Code V="%s"/></Correspondance></NomenclatureTrain>`, p.train)
	}
	b.WriteString("</Nomenclatures>")
	if !p.sansRepartition {
		if p.repartition == "" {
			p.repartition = fmt.Sprint(total)
		}
		fmt.Fprintf(&b, `<RepartitionParNature><Repartition><Code V="6411"/><Mt V="%s"/></Repartition></RepartitionParNature>`, p.repartition)
	}
	return b.String() + "</n:DocumentPaye>\n"
}

// write makes a folder of files by name.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// check judges a folder or a file.
func check(t *testing.T, path string, o Options) *Rapport {
	t.Helper()
	r, err := Check(t.Context(), []string{path}, o)
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	return r
}

// graves lists the codes of gravity erreur and avertissement, sorted.
func graves(r *Rapport) []string {
	var list []string
	for _, c := range r.Observe(1).Comptes() {
		if c.Gravite != anomalie.Info {
			list = append(list, c.Code)
		}
	}
	slices.Sort(list)
	return list
}
