package etats

import (
	"hash/fnv"
	"math"
	"strconv"
	"strings"

	"paye/internal/identifiants"
	"paye/xhl"
)

// Releve turns bulletins into lots. One Releve serves one goroutine; those of a
// month share its Mois.
type Releve struct {
	lex     *Lexique
	decode  func(string) (string, bool) // of the labels; nil when they are read
	details bool
	debut   string // the first day of the month, AAAA-MM-01
	train   uint32
	budget  uint32
	siret   string // of the employer

	textes map[string]uint32
	rubs   map[string]*[nbNatures]rubConnue
	vus    []bool // rubriques whose label the current lot has

	lignes     []Ligne
	lesDetails []Detail
}

const nbNatures = int(xhl.Cotisation) + 1

type rubConnue struct {
	id  uint16
	set bool
}

// NewReleve returns a Releve for the bulletins of a journal of m with this
// head.
func (m *Mois) NewReleve(e *xhl.Entete) *Releve {
	r := &Releve{lex: m.lex, debut: m.debut(), siret: e.Employeur.Siret,
		textes: make(map[string]uint32), rubs: make(map[string]*[nbNatures]rubConnue)}
	r.train = r.texte(e.Train.V)
	if e.Budget != nil {
		r.budget = r.texte(strings.TrimSpace(e.Budget.Code))
	}
	return r
}

// Detailed has what états show of the lines kept too.
func (r *Releve) Detailed() { r.details = true }

func (r *Releve) texte(s string) uint32 {
	if id, known := r.textes[s]; known {
		return id
	}
	id := r.lex.texte(s)
	r.textes[strings.Clone(s)] = id
	return id
}

func (r *Releve) rubrique(code string, n xhl.Nature) (uint16, bool) {
	known := r.rubs[code]
	if known == nil {
		known = new([nbNatures]rubConnue)
		r.rubs[strings.Clone(code)] = known
	}
	if k := &known[n]; k.set {
		return k.id, true
	}
	id, ok := r.lex.rubrique(Cle{code, n})
	if ok {
		known[n] = rubConnue{id, true}
	}
	return id, ok
}

// Begin starts a lot of about n bulletins.
func (r *Releve) Begin(n int) *Lot {
	clear(r.vus)
	r.lignes, r.lesDetails = r.lignes[:0], r.lesDetails[:0]
	return &Lot{Fiches: make([]Fiche, 0, n)}
}

// End closes a lot: it holds no more than it needs.
func (r *Releve) End(lot *Lot) {
	lot.lignes = append(make([]Ligne, 0, len(r.lignes)), r.lignes...)
	if r.details {
		lot.details = append(make([]Detail, 0, len(r.lesDetails)), r.lesDetails...)
	}
	for i := range lot.Fiches {
		lot.Fiches[i].lot = lot
	}
}

// Add adds a bulletin to the lot. It returns an anomaly when the month has more
// rubriques than any payroll.
func (r *Releve) Add(lot *Lot, b *xhl.Bulletin, etab *xhl.Etablissement) error {
	a := &b.Agent
	f := Fiche{
		Matricule: strings.Clone(strings.TrimSpace(a.Matricule)),
		Nom:       xhl.Nominatif(strings.Clone(strings.TrimSpace(a.Nom.Reveal() + " " + a.Prenom.V.Reveal()))),
		Statut:    r.texte(a.Statut), Emploi: r.texte(a.EmploiMetier), Grade: r.texte(a.Grade), Echelon: r.texte(strings.TrimSpace(a.Echelon)),
		Service: r.texte(b.Service), Train: r.train, Budget: r.budget,
		Indice: entier(a.Indice), Enfants: entier(a.NbEnfants.Reveal()),
		Quotite: centiemes(b.QuotiteTrav), HeuresSup: milliemes(b.NbHeureSup), HeuresTotal: milliemes(b.NbHeureTotal),
		TauxHoraire: milliemes(b.TauxHor),
		Rang:        int32(b.Lieu.Rang), nir: nirOf(a.NIR.Reveal()), compte: compteOf(a.CptBancaire),
		off: uint32(len(r.lignes)),
	}
	for _, n := range b.NBI {
		f.NBI += milliemes(n)
	}
	siret := r.siret
	if etab != nil && etab.Siret != "" {
		siret = etab.Siret
	}
	f.Etablissement = r.texte(siret)
	if etab != nil && (len(lot.etabs) == 0 || lot.etabs[len(lot.etabs)-1].siret != f.Etablissement) {
		lot.etabs = append(lot.etabs, nomEtab{f.Etablissement, strings.Clone(etab.Nom)})
	}
	f.Totaux = totaux(b)
	for i := range b.Evenement {
		f.Evenements = append(f.Evenements, r.texte(strings.TrimSpace(b.Evenement[i].Code)))
	}
	for _, p := range b.PJRef {
		ref := xhl.PJRef{Support: strings.Clone(p.Support), IdUnique: strings.Clone(p.IdUnique)}
		if p.NomPJ.Set {
			ref.NomPJ = xhl.Some(strings.Clone(p.NomPJ.V))
		}
		f.Refs = append(f.Refs, ref)
	}
	for i := range b.Remuneration.Lignes {
		if err := r.ligne(lot, &b.Remuneration.Lignes[i]); err != nil {
			return err
		}
	}
	f.n = uint32(len(r.lignes)) - f.off
	lot.Fiches = append(lot.Fiches, f)
	return nil
}

func totaux(b *xhl.Bulletin) Totaux {
	var t Totaux
	for _, one := range []struct {
		from xhl.Decimal
		to   *xhl.Montant
		bit  uint8
	}{{b.MtBrut, &t.Brut, sansBrut}, {b.MtNet, &t.Net, sansNet}, {b.MtNetAPayer, &t.NetAPayer, sansNetAPayer}} {
		mt, ok := one.from.Montant()
		if !ok {
			t.absents |= one.bit
		}
		*one.to = mt
	}
	return t
}

func (r *Releve) ligne(lot *Lot, from *xhl.LigneP) error {
	rub, ok := r.rubrique(from.Code, from.Nature)
	if !ok {
		return Codes.New(TropDeRubriques, maxRubriques)
	}
	l := Ligne{Rub: rub, Unites: inconnues}
	mt, ok := from.Mt.Montant()
	switch {
	case !ok:
		l.flags |= ligneSansMt
	case mt > math.MaxInt32 || mt < math.MinInt32:
		l.flags |= ligneGrande
		l.mt = int32(len(lot.grands))
		lot.grands = append(lot.grands, mt)
	default:
		l.mt = int32(mt)
	}
	if from.Taux != "" {
		if taux, ok := from.Taux.Milliemes(); ok && taux == int64(int32(taux)) {
			l.Taux = int32(taux)
			l.flags |= ligneTaux
		}
	}
	l.Unites = unites(from, mt, int64(l.Taux))
	if p := from.PeriodeRef; p != nil && len(p.DateDebut) >= 10 && string(p.DateDebut) < r.debut {
		l.flags |= ligneAnciennes
	}
	for int(rub) >= len(r.vus) {
		r.vus = append(r.vus, false)
	}
	if !r.vus[rub] {
		r.vus[rub] = true
		lot.noms = append(lot.noms, premierNom{rub, r.libelle(from.Libelle)})
	}
	r.lignes = append(r.lignes, l)
	if r.details {
		d := Detail{Libelle: r.lex.Texte(r.texte(from.Libelle)), Base: xhl.Decimal(r.court(string(from.Base))), Taux: xhl.Decimal(r.court(string(from.Taux))), Caisse: r.lex.Texte(r.texte(from.CodeCaisse.V))}
		if from.PeriodeRef != nil && len(from.PeriodeRef.DateDebut) >= 7 {
			d.Periode = r.lex.Texte(r.texte(string(from.PeriodeRef.DateDebut[:7])))
		}
		r.lesDetails = append(r.lesDetails, d)
	}
	return nil
}

// libelle is the label of a line.
func (r *Releve) libelle(s string) string {
	if r.decode != nil {
		if plain, ok := r.decode(s); ok {
			return plain
		}
	}
	return strings.Clone(s)
}

// Decode has the labels of lines decoded by decode when one is needed, as
// [xhl.Decoder.Pay] leaves them to.
func (r *Releve) Decode(decode func(string) (string, bool)) { r.decode = decode }

// court is a copy of a number, shared when it is a usual one.
func (r *Releve) court(s string) string {
	if len(s) <= 4 {
		return r.lex.Texte(r.texte(s))
	}
	return strings.Clone(s)
}

// unites tells the hours or units of a line: NbUnite, or Base when it is they
// that were multiplied by the rate. Files have both.
func unites(l *xhl.LigneP, mt xhl.Montant, taux int64) int32 {
	if n, ok := l.NbUnite.Milliemes(); ok && n != 0 {
		return borne(n)
	}
	base, ok := l.Base.Montant()
	if !ok || base == 0 || taux == 0 {
		return inconnues
	}
	// base in hundredths, taux in thousandths, mt in centimes.
	if base > 1<<31 || base < -1<<31 {
		return inconnues
	}
	gap := int64(base)*taux - int64(mt)*1000
	if gap < 0 {
		gap = -gap
	}
	room := int64(base)
	if room < 0 {
		room = -room
	}
	if gap > 2000+room {
		return inconnues
	}
	return borne(int64(base) * 10)
}

func borne(n int64) int32 {
	if n != int64(int32(n)) || n == inconnues {
		return inconnues
	}
	return int32(n)
}

func entier(s string) int32 {
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	if err != nil {
		return 0
	}
	return int32(n)
}

func milliemes(d xhl.Decimal) int32 {
	n, ok := d.Milliemes()
	if !ok || n != int64(int32(n)) {
		return 0
	}
	return int32(n)
}

func centiemes(d xhl.Decimal) int32 {
	n, ok := d.Montant()
	if !ok || n != xhl.Montant(int32(n)) {
		return 0
	}
	return int32(n)
}

// nirOf is the digest of a NIR of 13 characters, with its key or without; 0 for
// anything else, masks among them.
func nirOf(s string) uint64 {
	nir, cle, err := identifiants.SplitNIR(s)
	if err != nil {
		return 0
	}
	want, err := identifiants.CleNIR(nir)
	if err != nil || cle != "" && cle != want {
		return 0
	}
	return digest(nir)
}

// compteOf is the digest of an account, so that two months can be compared and
// nothing else.
func compteOf(c *xhl.CptBancaire) uint64 {
	if c == nil {
		return 0
	}
	if c.ParIBAN() {
		return digest(c.IBAN.V.Reveal())
	}
	return digest(c.CodeEtab.Reveal(), c.CodeGuic.Reveal(), c.IdCpte.Reveal(), c.CleRib.Reveal())
}

func digest(parts ...string) uint64 {
	h := fnv.New64a()
	for _, p := range parts {
		h.Write([]byte(p))
		h.Write([]byte{0})
	}
	return h.Sum64() | 1
}
