package hr

import (
	"cmp"
	"slices"
	"strconv"
)

// person is the sheets of one person: one as a rule, several for who works in
// two établissements. The first is the main one: its values are the agent's.
type person struct {
	Fiches []*Fiche
}

// Main is the sheet whose values count.
func (p *person) Main() *Fiche { return p.Fiches[0] }

// compareIDs orders identifiers of the source: numbers by value, then texts.
func compareIDs(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	switch {
	case errX == nil && errY == nil && x != y:
		return cmp.Compare(x, y)
	case errX == nil && errY != nil:
		return -1
	case errX != nil && errY == nil:
		return 1
	}
	return cmp.Compare(a, b)
}

// group puts the sheets of one person together, in an order that does not
// depend on that of the sheets: by NIR, then by personal mail and date of
// birth. Sheets that share such a key without agreeing on who it is, or that
// the policy keeps apart, are returned as clashes: nothing is written of them.
func group(fiches []*Fiche, policy Duplicates, today Date) (people []*person, clashes [][]*Fiche) {
	sorted := slices.Clone(fiches)
	slices.SortFunc(sorted, func(a, b *Fiche) int { return compareIDs(a.ID, b.ID) })
	u := newUnion(len(sorted))
	first := make(map[string]int, 2*len(sorted))
	join := func(key string, i int) {
		if at, seen := first[key]; seen {
			u.join(at, i)
		} else {
			first[key] = i
		}
	}
	for i, f := range sorted {
		if nir := f.Values.Text(ChampNIR); usableNIR(nir) {
			join("nir:"+nir, i)
		}
		// Two people may share a number and an établissement by mistake only.
		if m := f.Values.Text(ChampMatricule); m != "" {
			join("mat:"+f.Etab+"\x00"+m, i)
		}
		if mail, birth := f.Values.Text(ChampMailPerso), f.Values.Text(ChampDateNaissance); mail != "" && birth != "" {
			join("mail:"+mail+"\x00"+birth, i)
		}
	}
	for _, members := range u.sets() {
		group := make([]*Fiche, len(members))
		for i, at := range members {
			group[i] = sorted[at]
		}
		if len(group) > 1 && (policy == AsConflict || !onePerson(group)) {
			clashes = append(clashes, group)
			continue
		}
		slices.SortStableFunc(group, func(a, b *Fiche) int { return cmp.Compare(ended(a, today), ended(b, today)) })
		people = append(people, &person{group})
	}
	return people, clashes
}

// ended is 1 for a sheet whose contract is over.
func ended(f *Fiche, today Date) int {
	if end := f.Values.Text(ChampFinContrat); end != "" && end < today.String() {
		return 1
	}
	return 0
}

// onePerson reports whether sheets that share a key agree on the person: same
// birth, same first or birth name, no two valid NIR, no matricule twice in an
// établissement.
func onePerson(group []*Fiche) bool {
	seen := make(map[string]bool)
	for i, f := range group {
		if i > 0 && !sameIdentity(&group[0].Values, &f.Values) {
			return false
		}
		key := f.Etab + "\x00" + f.Values.Text(ChampMatricule)
		if seen[key] {
			return false
		}
		seen[key] = true
	}
	return true
}

// sameIdentity is the agreement of two sheets beyond the key that brought them
// together.
func sameIdentity(a, b *Values) bool {
	return a.Text(ChampDateNaissance) == b.Text(ChampDateNaissance) && a.Text(ChampDateNaissance) != "" && (agree(a, b, ChampPrenom) || agree(a, b, ChampNomNaissance)) && !nirsDiffer(a, b)
}

func agree(a, b *Values, c Champ) bool {
	x := Fold(a.Text(c))
	return x != "" && x == Fold(b.Text(c))
}

// nirsDiffer reports whether both have a usable NIR, not the same.
func nirsDiffer(a, b *Values) bool {
	x, y := a.Text(ChampNIR), b.Text(ChampNIR)
	return usableNIR(x) && usableNIR(y) && x != y
}

// union is disjoint sets of small numbers.
type union struct{ parent []int }

func newUnion(n int) *union {
	u := &union{make([]int, n)}
	for i := range u.parent {
		u.parent[i] = i
	}
	return u
}

func (u *union) root(i int) int {
	for u.parent[i] != i {
		u.parent[i] = u.parent[u.parent[i]]
		i = u.parent[i]
	}
	return i
}

func (u *union) join(i, j int) {
	a, b := u.root(i), u.root(j)
	u.parent[max(a, b)] = min(a, b)
}

// sets lists the members of each set, sets in the order of their first member.
func (u *union) sets() [][]int {
	at := make(map[int]int)
	var list [][]int
	for i := range u.parent {
		root := u.root(i)
		n, seen := at[root]
		if !seen {
			n = len(list)
			at[root] = n
			list = append(list, nil)
		}
		list[n] = append(list[n], i)
	}
	return list
}
