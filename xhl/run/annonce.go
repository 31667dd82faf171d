package run

import (
	"paye/xhl"
	"paye/xhl/internal/schema"
)

// newAnnonce tells what nom and rep, both optional, will be in a journal.
func newAnnonce(nom *xhl.Nomenclatures, rep *xhl.RepartitionParNature, o xhl.WriterOptions) (*xhl.Annonce, error) {
	enc := newEncoder(o)
	s := &xhl.Annonce{Fermeture: enc.EndGroupe(nil), Fin: []byte(schema.EndRoot)}
	var err error
	if rep != nil {
		if s.RepartitionParNature, err = enc.Element(nil, xhl.Table.RepartitionParNature, rep, 1); err != nil {
			return nil, err
		}
	}
	if nom != nil {
		if s.Nomenclatures, err = enc.Element(nil, xhl.Table.Nomenclatures, nom, 1); err != nil {
			return nil, err
		}
		all := new(xhl.RepartitionParNature)
		for _, line := range comptes(nom) {
			// A line that cannot be written never will be.
			if _, err := enc.Element(nil, xhl.Table.RepartitionParNature, &xhl.RepartitionParNature{Repartition: []xhl.Repartition{line}}, 1); err == nil {
				all.Repartition = append(all.Repartition, line)
			}
		}
		if len(all.Repartition) > 0 {
			block, err := enc.Element(nil, xhl.Table.RepartitionParNature, all, 1)
			if err != nil {
				return nil, err
			}
			s.RepartitionMax = len(block)
		}
	}
	return s, nil
}

// montantMax is a Mt as long as the schema allows: 14 digits, 2 of them
// decimals.
const montantMax = "-999999999999.99"

// comptes lists a line for every account that Totaux.Repartition may charge,
// each as long as it may become.
func comptes(n *xhl.Nomenclatures) []xhl.Repartition {
	labels := make(map[string]string)
	if n.NomenclatureNature != nil {
		for _, c := range n.NomenclatureNature.Correspondance {
			labels[c.Code] = c.Libelle
		}
	}
	var list []xhl.Repartition
	seen := make(map[string]bool)
	for i := range n.NomenclatureRubriquePaye.Correspondance {
		r := &n.NomenclatureRubriquePaye.Correspondance[i]
		for _, code := range []string{r.CodeNatureEmp.V, r.CodeNatureSal.V} {
			if code == "" || seen[code] {
				continue
			}
			seen[code] = true
			line := xhl.Repartition{Code: code, Mt: montantMax}
			if label := labels[code]; label != "" {
				line.Libelle = xhl.Some(label)
			}
			list = append(list, line)
		}
	}
	return list
}
