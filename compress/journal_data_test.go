package compress

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// seeded returns the randomness of a test.
func seeded(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 20260901)) }

// bulletins returns at least n bytes that look like bulletins: repeated tags,
// amounts that vary.
func bulletins(r *rand.Rand, n int) []byte {
	rubriques := []string{"TRAITEMENT DE BASE", "INDEMNITE DE RESIDENCE", "COT. CNRACL", "TAXE TRANSPORT", "CSG DEDUCTIBLE"}
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "<PayeIndivMensuel><Agent><Matricule V=\"%06d\"/></Agent>", r.IntN(1e6))
		for range 20 {
			k := r.IntN(len(rubriques))
			fmt.Fprintf(&b, "<Cotisation><Libelle V=\"%s\"/><Code V=\"%03dC\"/><Base V=\"%d.%02d\"/><Mt V=\"%d.%02d\"/></Cotisation>",
				rubriques[k], 800+k, r.IntN(4000), r.IntN(100), r.IntN(900), r.IntN(100))
		}
		b.WriteString("</PayeIndivMensuel>\n")
	}
	return b.Bytes()
}

// noise returns n bytes that do not compress.
func noise(r *rand.Rand, n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}
