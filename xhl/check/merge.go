package check

import (
	"bytes"
	"strings"

	"paye/xhl"
	"paye/xhl/internal/schema"
)

// merge takes what a walker gathered from a window, in the order of the
// journal.
func (c *check) merge(w *walker) {
	h := w.res
	for i := range h.list {
		f := h.list[i]
		if int(c.quota[f.fault].Load()) >= c.all.most {
			continue
		}
		c.quota[f.fault].Add(1)
		for k := range f.path {
			s := &f.path[k]
			switch {
			case s.node == nil:
			case s.node.el == xhl.Table.DonneesIndiv:
				s.rep += w.baseGroupe
			case s.node.fin == finBulletin && s.rep > 0 && f.groupe == 0:
				s.rep += w.baseRang
			}
		}
		c.all.list = append(c.all.list, f)
	}
	for kind, n := range h.counts {
		c.all.counts[kind] += n
	}
	c.lies += h.lies
	c.high += h.high
	c.mixed = c.mixed || h.mixed
	c.allowed += h.allowed
	c.seen14 = c.seen14 || w.seen14
	c.mergeBulletins(w)
	c.mergePieces(w)
	mine := [...]*usage{&c.lignes, &c.caisses, &c.evenements, &c.budgets}
	for i, theirs := range h.usages() {
		mine[i].merge(theirs, func(e, first *used) {
			e.first = capture{off: first.first.off, ligne: w.lineOf(first.first)}
			e.groupe, e.rang = w.inJournal(first.groupe, first.rang)
			e.matricule = bytes.Clone(first.matricule)
		})
	}
	if w.build.entete != nil || w.build.queue.Nomenclatures != nil || w.build.queue.RepartitionParNature != nil {
		c.adopt(&w.build)
	}
	c.rang = 0
	if w.groupes == 0 {
		c.rang = w.baseRang
	}
	if len(w.frames) >= 2 && w.frames[1].node != nil && w.frames[1].node.el == xhl.Table.DonneesIndiv {
		c.rang += w.frames[1].rep
	}
	c.groupes = w.baseGroupe + w.groupes
}

// inJournal turns the place of a bulletin relative to its walker into its place in
// the journal.
func (w *walker) inJournal(groupe, rang int) (int, int) {
	if groupe == 0 {
		rang += w.baseRang
	}
	return w.baseGroupe + groupe, rang
}

// adopt keeps the parts of the journal that a walker built; the walker that
// builds the end may not be the one that built the head.
func (c *check) adopt(b *builder) {
	if c.build == nil {
		c.build = new(builder)
	}
	if b.entete != nil {
		c.build.entete = b.entete
	}
	if b.queue.Nomenclatures != nil {
		c.build.queue.Nomenclatures = b.queue.Nomenclatures
	}
	if b.queue.RepartitionParNature != nil {
		c.build.queue.RepartitionParNature = b.queue.RepartitionParNature
	}
	c.build.over = c.build.over || b.over
}

// maxMatricules bounds the bulletins whose matricules are compared.
const maxMatricules = 1 << 21

func (c *check) mergeBulletins(w *walker) {
	for i := range w.res.vus {
		v := &w.res.vus[i]
		groupe, rang := w.inJournal(v.groupe, v.rang)
		c.numbers.See(view(v.matricule), int64(c.bilan.Bulletins+i+1))
		if len(v.matricule) > 0 {
			key := hashBytes(v.matricule)
			_, twice := c.matricules[key]
			switch {
			case twice:
				if ex := c.example(faultDuplicate); ex != nil {
					ex.off, ex.ligne = v.start.off, w.lineOf(v.start)
					ex.path = cheminBulletin(groupe, rang)
					ex.matricule = schema.Clip(string(v.matricule))
					ex.args = []any{ex.matricule}
				}
			case len(c.matricules) < maxMatricules:
				c.matricules[key] = struct{}{}
			default:
				c.tooMany["Matricule"] = true
			}
		}
		if c.opts.Bulletin != nil {
			c.opts.Bulletin(&BulletinVu{Rang: c.bilan.Bulletins + i, Groupe: groupe - 1, Matricule: string(v.matricule), Offset: v.start.off,
				Empreinte: v.hash, MtBrut: v.brut, MtNetAPayer: v.net, Lignes: v.lines, PJRef: v.pieces})
		}
	}
	c.bilan.Bulletins += w.res.bulletins
	c.bilan.MtBrut = sum(c.bilan.MtBrut, w.res.brut)
	c.bilan.MtNetAPayer = sum(c.bilan.MtNetAPayer, w.res.net)
}

// maxPieces bounds the IdUnique whose names are compared.
const maxPieces = 1 << 20

func (c *check) mergePieces(w *walker) {
	for i := range w.res.pieces {
		p := &w.res.pieces[i]
		groupe, rang := w.inJournal(p.groupe, p.rang)
		if p.withNom && len(p.id) > 0 {
			key, nom := hashBytes(p.id), hashBytes(p.nom)
			before, known := c.noms[key]
			switch {
			case known && before != nom:
				if ex := c.example(faultTwoNames); ex != nil {
					ex.off, ex.ligne = p.at.off, w.lineOf(p.at)
					ex.path = append(cheminBulletin(groupe, rang), step{name: "PJRef"}, step{name: "IdUnique"})
					ex.matricule, ex.trouve = schema.Clip(string(p.matricule)), schema.Clip(string(p.id))
				}
			case known:
			case len(c.noms) < maxPieces:
				c.noms[key] = nom
			default:
				c.tooMany["IdUnique"] = true
			}
		}
		if c.opts.Reference == nil {
			continue
		}
		ref := &Reference{Matricule: strings.Clone(string(p.matricule)), Offset: p.at.off, Ligne: w.lineOf(p.at)}
		ref.Support, ref.IdUnique = string(p.support), string(p.id)
		if p.withNom {
			ref.NomPJ = xhl.Some(string(p.nom))
		}
		f := finding{path: cheminBulletin(groupe, rang)}
		ref.Chemin = f.chemin()
		c.opts.Reference(ref)
	}
}

// example counts a fault that is known after its window was judged.
func (c *check) example(kind fault) *finding {
	c.all.counts[kind]++
	if int(c.quota[kind].Load()) >= c.all.most {
		return nil
	}
	c.quota[kind].Add(1)
	c.all.list = append(c.all.list, finding{fault: kind, off: -1})
	return &c.all.list[len(c.all.list)-1]
}

// cheminBulletin is the path of a bulletin.
func cheminBulletin(groupe, rang int) []step {
	return []step{{name: xhl.Table.Document.Name}, {name: xhl.Table.DonneesIndiv.Name, rep: groupe}, {name: xhl.Table.Bulletin.Name, rep: rang}}
}
