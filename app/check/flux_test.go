package check

import (
	"encoding/base64"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// pj is a piece of a flux to write.
type pj struct{ id, nom, typ, contenu string }

// flux is a PES_Aller of pieces, valid as far as they are.
func flux(t *testing.T, nomFic string, pieces ...pj) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `<?xml version="1.0" encoding="ISO-8859-1"?>
<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR1"/><NomFic V="%s"/></Parametres><Emetteur><Sigle V="X"/><Adresse V="X"/></Emetteur></Enveloppe>
<EnTetePES><DteStr V="2026-05-28"/><IdPost V="006111"/><IdColl V="21967564200017"/><CodCol V="123"/><CodBud V="00"/></EnTetePES><PES_PJ><EnTetePES_PJ><IdVer V="1"/></EnTetePES_PJ>`, nomFic)
	for _, p := range pieces {
		fmt.Fprintf(&b, `<PJ><Contenu><Fichier MIMEType="application/octet-stream">%s</Fichier></Contenu><IdUnique V="%s"/><NomPJ V="%s"/><TypePJ V="%s"/><Description V="PAYE"/><RefCompta><Domaine V="01"/><Exercice V="2026"/><TypeObjet V="01"/><Identifiant V="12"/></RefCompta></PJ>`,
			base64.StdEncoding.EncodeToString([]byte(gz(t, p.contenu))), p.id, p.nom, p.typ)
	}
	return b.String() + "</PES_PJ></n:PES_Aller>\n"
}

func TestFluxOfASet(t *testing.T) {
	un := paie{agents: []agent{{"A1", 1000, []string{"X1.pdf", "X2.pdf"}}}, repartition: "2000"}.String()
	deux := paie{agents: []agent{{"A2", 1000, []string{"X2.pdf"}}}, sansRepartition: true}.String()
	first := func(nomFic string, more ...pj) string {
		return flux(t, nomFic, append([]pj{{"P1", "p1.xhl", "004", un}}, more...)...)
	}
	second := func(nomFic string, more ...pj) string {
		return flux(t, nomFic, append([]pj{{"P2", "p2.xhl", "004", deux}}, more...)...)
	}
	x1, x2 := pj{"X1", "X1.pdf", "003", pdf("1")}, pj{"X2", "X2.pdf", "003", pdf("2")}
	for name, tc := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a shared piece travels once":     {map[string]string{"v1.xml": first("N1", x1), "v2.xml": second("N2", x2)}, nil},
		"a piece is in no flux":           {map[string]string{"v1.xml": first("N1", x1), "v2.xml": second("N2")}, []string{"XHL-242"}},
		"a piece that nothing references": {map[string]string{"v1.xml": first("N1", x1), "v2.xml": second("N2", x2, pj{"X3", "X3.pdf", "003", pdf("3")})}, []string{"XHL-243"}},
		"a piece in two flux":             {map[string]string{"v1.xml": first("N1", x1, x2), "v2.xml": second("N2", x2)}, []string{IdUniqueDouble}},
		"one NomFic":                      {map[string]string{"v1.xml": first("N1", x1), "v2.xml": second("N1", x2)}, []string{NomFicDouble}},
		"two codes of authority":          {map[string]string{"v1.xml": first("N1", x1), "v2.xml": strings.Replace(second("N2", x2), `CodCol V="123"`, `CodCol V="124"`, 1)}, []string{AutreEnteteFlux}},
		"pieces sent first":               {map[string]string{"v1.xml": flux(t, "N1", x1, x2), "v2.xml": first("N2"), "v3.xml": second("N3")}, nil},
		"pieces sent again by themselves": {map[string]string{"v1.xml": flux(t, "N1", x1)}, nil},
		"a text called PDF":               {map[string]string{"v1.xml": first("N1", pj{"X1", "X1.pdf", "003", "bonjour"}), "v2.xml": second("N2", x2)}, []string{"PJ-109"}},
		"an archive without a journal":    {map[string]string{"v1.xml": flux(t, "N1", pj{"Z1", "a.zip", "004", archive(t, map[string]string{dossier + "X1.pdf": pdf("1")})})}, []string{"CMP-401"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := check(t, write(t, tc.files), Options{})
			got := slices.DeleteFunc(graves(r), businessOfTheSample)
			if !slices.Equal(got, tc.want) {
				t.Errorf("codes %v, want %v:\n%s", got, tc.want, said(r))
			}
			for _, f := range r.Fichiers {
				if !f.SchemaValide {
					t.Errorf("%s is not valid", filepath.Base(f.Nom))
				}
			}
		})
	}
}

func TestNothingIsCalledAbsentWhereAFluxWasCut(t *testing.T) {
	un := paie{agents: []agent{{"A1", 1000, []string{"X1.pdf", "X2.pdf"}}}}.String()
	pieces := flux(t, "N2", pj{"X1", "X1.pdf", "003", pdf("1")})
	r := check(t, write(t, map[string]string{"v1.xml": flux(t, "N1", pj{"P1", "p1.xhl", "004", un}, pj{"X2", "X2.pdf", "003", pdf("2")}), "v2.xml": pieces[:len(pieces)-500]}), Options{})
	if n := r.Observe(1).N("XHL-242"); n != 0 || r.Fichiers[1].Erreurs == 0 {
		t.Errorf("XHL-242 %d times, %d errors in the flux that was cut; want none, some", n, r.Fichiers[1].Erreurs)
	}
}

func TestAFluxAloneDoesNotAnswerForTheOthers(t *testing.T) {
	journal := paie{agents: []agent{{"A1", 1000, []string{"X1.pdf", "X2.pdf"}}}}.String()
	dir := write(t, map[string]string{"v.xml": flux(t, "N1", pj{"P1", "p1.xhl", "004", journal}, pj{"X1", "X1.pdf", "003", pdf("1")})})
	f := check(t, filepath.Join(dir, "v.xml"), Options{}).Fichiers[0]
	if f.N(HorsDuFlux) != 1 || f.Erreurs != 0 {
		t.Errorf("%s %d times, %d errors; want once, none", HorsDuFlux, f.N(HorsDuFlux), f.Erreurs)
	}
}

func TestTolerantMakesAWarningOfAnArchiveWithoutAJournal(t *testing.T) {
	dir := write(t, map[string]string{"v.xml": flux(t, "N1", pj{"Z1", "a.zip", "004", archive(t, map[string]string{dossier + "X1.pdf": pdf("1")})})})
	for _, tolerant := range []bool{false, true} {
		f := check(t, filepath.Join(dir, "v.xml"), Options{Tolerant: tolerant}).Fichiers[0]
		if f.N("CMP-401") != 1 || (f.Erreurs == 0) != tolerant {
			t.Errorf("tolerant %v: CMP-401 %d times, %d errors", tolerant, f.N("CMP-401"), f.Erreurs)
		}
	}
}
