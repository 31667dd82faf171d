package xhl

import (
	"bytes"
	"errors"
	"testing"
)

func TestWriterRefusesCallsOutOfOrder(t *testing.T) {
	entete, b, nom := new(Entete), new(Bulletin), new(Nomenclatures)
	for name, calls := range map[string]func(w *Writer) error{
		"bulletin first":           func(w *Writer) error { return w.WriteBulletin(b) },
		"groupe first":             func(w *Writer) error { return w.BeginGroupe(nil) },
		"nomenclatures first":      func(w *Writer) error { return w.WriteNomenclatures(nom) },
		"close first":              func(w *Writer) error { return w.Close() },
		"répartition first":        func(w *Writer) error { return w.WriteRepartition(new(RepartitionParNature)) },
		"after an error, the same": func(w *Writer) error { w.Close(); return w.WriteEntete(entete) },
	} {
		if err := calls(NewWriter(new(bytes.Buffer), WriterOptions{})); !errors.Is(err, ErrOrder) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPJRefIsInsertedInTheLayoutOfTheBulletin(t *testing.T) {
	ref := []PJRef{{Support: "01", IdUnique: "X", NomPJ: Some("é.pdf")}}
	for name, tc := range map[string]struct{ raw, want string }{
		"compact": {`<PayeIndivMensuel><A V=""/></PayeIndivMensuel>`,
			`<PayeIndivMensuel><A V=""/><PJRef><Support V="01"/><IdUnique V="X"/><NomPJ V="&#233;.pdf"/></PJRef></PayeIndivMensuel>`},
		"tabs": {"\n\t<PayeIndivMensuel>\n\t\t<A V=\"\"/>\n\t</PayeIndivMensuel>",
			"\n\t<PayeIndivMensuel>\n\t\t<A V=\"\"/>\n\t\t<PJRef>\n\t\t\t<Support V=\"01\"/>\n\t\t\t<IdUnique V=\"X\"/>\n\t\t\t<NomPJ V=\"&#233;.pdf\"/>\n\t\t</PJRef>\n\t</PayeIndivMensuel>"},
		"prefix": {`<p:PayeIndivMensuel><p:B></p:B></p:PayeIndivMensuel>`,
			`<p:PayeIndivMensuel><p:B></p:B><p:PJRef><p:Support V="01"/><p:IdUnique V="X"/><p:NomPJ V="&#233;.pdf"/></p:PJRef></p:PayeIndivMensuel>`},
	} {
		insert, at, err := AppendPJRef(nil, []byte(tc.raw), ref)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := tc.raw[:at] + string(insert) + tc.raw[at:]; got != tc.want {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, tc.want)
		}
	}
}
