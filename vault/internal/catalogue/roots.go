package catalogue

import (
	"fmt"
	"strconv"

	"golang.org/x/mod/sumdb/tlog"

	"paye/internal/anomalie"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
)

// leaves chooses between the leaf hashes that were written and those of the
// headers: those that lead to the signed root. It returns the time of the
// checkpoint, and an anomaly for a checkpoint that proves nothing.
func (b *Builder) leaves(f *opened) (leaves []tlog.Hash, temps int64, wrong *anomalie.Anomalie, err error) {
	computed, differ := f.computed, false
	for i, r := range f.Records {
		differ = differ || computed[i] != f.Hashes[i]
		if r != nil {
			temps = max(temps, r.Temps)
		}
	}
	p, parseErr := journal.ParsePoint(f.Note, b.Keys.Verifiers)
	if parseErr != nil || p.Taille != b.Size+int64(len(f.Hashes)) || p.Origine != b.Keys.Desc.Origin() {
		return f.Hashes, temps, b.at(faults.Codes.New("COF-115"), f.Segment, f.Offset), nil
	}
	for _, candidate := range [][]tlog.Hash{f.Hashes, computed} {
		root, err := b.root(candidate)
		if err != nil {
			return nil, 0, nil, err
		}
		if root == p.Racine {
			return candidate, p.Temps, nil, nil
		}
		if !differ {
			break
		}
	}
	// Both may be damaged in different places: mix them one by one.
	mixed := append([]tlog.Hash(nil), f.Hashes...)
	for i := range mixed {
		if mixed[i] == computed[i] {
			continue
		}
		mixed[i] = computed[i]
		root, err := b.root(mixed)
		if err != nil {
			return nil, 0, nil, err
		}
		if root == p.Racine {
			return mixed, p.Temps, nil, nil
		}
		mixed[i] = f.Hashes[i]
	}
	return f.Hashes, p.Temps, b.at(faults.Codes.New("COF-116", strconv.FormatInt(p.Taille, 10)), f.Segment, f.Offset), nil
}

// root is the root of the tree with leaves added after those there are.
func (b *Builder) root(leaves []tlog.Hash) (tlog.Hash, error) {
	overlay := map[int64]tlog.Hash{}
	reader := &HashReader{Ctx: b.Ctx, Q: b.querier(), Fresh: overlay, Cache: &b.cache}
	for i, leaf := range leaves {
		hashes, err := tlog.StoredHashesForRecordHash(b.Size+int64(i), leaf, reader)
		if err != nil {
			return tlog.Hash{}, fmt.Errorf("extend the tree: %w", err)
		}
		at := tlog.StoredHashIndex(0, b.Size+int64(i))
		for j, h := range hashes {
			overlay[at+int64(j)] = h
		}
	}
	root, err := tlog.TreeHash(b.Size+int64(len(leaves)), reader)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("compute a root: %w", err)
	}
	return root, nil
}
