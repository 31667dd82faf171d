package xhl

import (
	"unsafe"

	"paye/internal/xmlr"
	"paye/xhl/internal/schema"
)

// Pay decodes of the i-th part of seg, a bulletin, what the pay of a month is
// compared by, into b: the agent but for the address, the record, the lines,
// the totals and the PJRef. It is Bulletin at the speed of the tags, on the
// same terms but for this:
//
//   - elements that it passes over are left empty;
//   - the texts of b are those of the segment: they end with its next use;
//   - Libelle of a line is its text as it is written in the journal, for Text to
//     decode: most labels are read once for thousands of lines.
func (d *Decoder) Pay(seg *Segment, i, rang int, b *Bulletin) error {
	return d.bulletin(seg, i, rang, b, payElement, d.beginShared)
}

// beginShared begins a part whose values are not copied out of raw, which the
// caller keeps as it is for as long as it uses them.
func (d *Decoder) beginShared(raw []byte, offset, ligne int64, place string) {
	d.beginText(unsafe.String(unsafe.SliceData(raw), len(raw)), raw, offset, ligne, place)
}

// Text decodes a value as Pay leaves it, and reports whether it can be.
func (d *Decoder) Text(raw string) (string, bool) {
	t := xmlr.Token{V1: len(raw)}
	d.scan.Src = []byte(raw)
	value, err := d.decode(&t)
	return value, err == nil
}

// payElement is the tree of a bulletin without what Pay passes over. A leaf
// that is passed over keeps its name and its place, and has no value.
var payElement = prune(bulletinElement, map[string]bool{
	"Civilite": true, "ComplNom": true, "Adresse": true, "RefNomenStatutaire": true, "IdPayInt": true, "IdBancInt": true, "LibBanc": true, "TitCpte": true, "DteBanc": true,
	"Periode": true, "Commentaire": true, "DatePaiement": true, "MtImposable": true, "CumulMtImposable": true, "CumulMtBrut": true, "CumulBaseSS": true,
	"RepartitionBudget": true, "CodeCaisse": true, "Ordre": true,
})

func prune(e *schema.Element, passed map[string]bool) *schema.Element {
	out := *e
	if e == matriculeElement {
		return e
	}
	out.Children = nil
	out.Raw = e.Name == "Libelle"
	for _, c := range e.Children {
		if passed[c.Name] {
			out.Children = append(out.Children, &schema.Element{Name: c.Name})
			continue
		}
		out.Children = append(out.Children, prune(c, passed))
	}
	return &out
}
