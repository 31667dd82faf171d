package xhl

// Annonce is what a run says before its first bulletin of what will follow the
// last one, byte for byte as a Writer will write it: what lets a journal be
// cut while it is being written.
type Annonce struct {
	Fermeture            []byte // that closes a DonneesIndiv
	Nomenclatures        []byte // nil when the run has not given them yet
	RepartitionParNature []byte // nil when the run has not given it yet
	Fin                  []byte // the end tag of the root

	// RepartitionMax bounds RepartitionParNature, in bytes, when it is derived
	// from the lines by the rubriques of Nomenclatures.
	RepartitionMax int
}

// newAnnonce tells what nom and rep, both optional, will be in a journal.
func newAnnonce(nom *Nomenclatures, rep *RepartitionParNature, o WriterOptions) (*Annonce, error) {
	enc := encoder{charset: o.Charset, version: o.Version, compact: o.Compact}
	s := &Annonce{Fermeture: enc.endGroupe(nil), Fin: []byte(endRoot)}
	var err error
	if rep != nil {
		if s.RepartitionParNature, err = enc.element(nil, repartitionElement, rep, 1); err != nil {
			return nil, err
		}
	}
	if nom != nil {
		if s.Nomenclatures, err = enc.element(nil, nomenclaturesElement, nom, 1); err != nil {
			return nil, err
		}
		all := new(RepartitionParNature)
		for _, line := range nom.comptes() {
			// A line that cannot be written never will be.
			if _, err := enc.element(nil, repartitionElement, &RepartitionParNature{Repartition: []Repartition{line}}, 1); err == nil {
				all.Repartition = append(all.Repartition, line)
			}
		}
		if len(all.Repartition) > 0 {
			block, err := enc.element(nil, repartitionElement, all, 1)
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
func (n *Nomenclatures) comptes() []Repartition {
	labels := make(map[string]string)
	if n.NomenclatureNature != nil {
		for _, c := range n.NomenclatureNature.Correspondance {
			labels[c.Code] = c.Libelle
		}
	}
	var list []Repartition
	seen := make(map[string]bool)
	for i := range n.NomenclatureRubriquePaye.Correspondance {
		r := &n.NomenclatureRubriquePaye.Correspondance[i]
		for _, code := range []string{r.CodeNatureEmp.V, r.CodeNatureSal.V} {
			if code == "" || seen[code] {
				continue
			}
			seen[code] = true
			line := Repartition{Code: code, Mt: montantMax}
			if label := labels[code]; label != "" {
				line.Libelle = Some(label)
			}
			list = append(list, line)
		}
	}
	return list
}
