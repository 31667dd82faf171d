package vault

import (
	"bytes"
	"context"
	"crypto/hpke"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"paye/vault/internal/acts"
	"paye/vault/internal/book"
	"paye/vault/internal/catalogue"
	"paye/vault/internal/faults"
	"paye/vault/internal/journal"
	"paye/vault/internal/keys"
)

// keyList are the three keys that can be replaced.
var keyList = []string{CleEmployeur(siret), CleSecours, CleMaitre}

// keyed is a vault whose keys are about to be replaced.
type keyed struct {
	c         *Coffre
	o         Options
	recus     map[string]*Recu // by matricule
	destroyed ID
	former    map[string]hpke.PrivateKey // by name
}

// keyedVault holds seven documents in three batches, and one that was destroyed.
func keyedVault(t testing.TB) *keyed {
	t.Helper()
	o, _ := options()
	return keyedWith(t, o)
}

func keyedWith(t testing.TB, o Options) *keyed {
	t.Helper()
	v := &keyed{o: o, c: reopen(t, newVault(t, o), o), recus: map[string]*Recu{}, former: map[string]hpke.PrivateKey{}}
	for from := 0; from < 8; from += 3 {
		lot := bulletins(from, min(from+3, 8))
		for i, r := range deposit(t, v.c, lot...) {
			v.recus[lot[i].Matricule] = r
		}
	}
	gone := bulletin("A00004").Matricule
	v.destroyed = v.recus[gone].ID
	if err := erased(v.c, Systeme("essai"), v.destroyed, ToutesCopies, "erreur"); err != nil {
		t.Fatal(err)
	}
	delete(v.recus, gone)
	for _, name := range keyList {
		keys, err := v.c.book.PrivateKeys(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		v.former[name] = keys.Keys[0]
	}
	return v
}

func (v *keyed) rekey(t testing.TB, name string) *RapportRenouvellement {
	t.Helper()
	r, err := v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: name})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return r
}

func (v *keyed) readableByAgents(t testing.TB, c *Coffre) {
	t.Helper()
	for matricule, recu := range v.recus {
		agent, err := c.Registre().AgentDe(ctx, siret, matricule)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := read(t, c, Agent(agent), recu.ID), pdf("bulletin de "+matricule); !bytes.Equal(got, want) {
			t.Fatalf("the agent of matricule %s reads %q", matricule, got)
		}
	}
}

// eachRecord reads the journal as it is on the disk.
func eachRecord(t testing.TB, root string, f func(p journal.Place, r *journal.Record)) {
	t.Helper()
	desc, _, err := keys.ReadDescriptor(root)
	if err != nil {
		t.Fatal(err)
	}
	seg := &journal.Segments{Dir: filepath.Join(root, journal.Dir), Vault: desc.ID}
	file, size, err := seg.Open(1)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for at := int64(journal.SegmentHead); ; {
		fr, err := journal.ReadFrame(file, 1, at, size)
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range fr.Records {
			f(fr.Places[i], r)
		}
		at += fr.Size
	}
}

// opensNothing tries the former key of a name on every slot of the journal.
func (v *keyed) opensNothing(t testing.TB, root, name string) {
	t.Helper()
	eachRecord(t, root, func(_ journal.Place, r *journal.Record) {
		for i := range r.Parts {
			for _, use := range []string{"double", "secours", "maitre", "agent"} {
				if _, err := keys.UnsealWith(v.former[name], r.Parts[i].Data, keys.Context(use, r.Sujet)); err == nil {
					t.Errorf("the former key %s opens a slot (%s) of event %d", name, r.Parts[i].Kind, r.Index)
				}
			}
		}
	})
}

func keyFileOf(t testing.TB, root, name string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, keys.Dir, name+"*.cle"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no file of the key %s: %v", name, err)
	}
	for _, f := range files {
		if o, _ := options(); faults.Code(opens(root, f, o)) == "" {
			return f
		}
	}
	t.Fatalf("none of %v is the recovery key", files)
	return ""
}

// opens tells whether a file is a recovery key of the vault.
func opens(root, path string, o Options) error {
	c, err := Open(ctx, root, o)
	if err != nil {
		return err
	}
	defer c.release()
	_, err = c.book.SecoursKeys(ctx, path)
	return err
}

func TestEveryKeyIsReplacedAndNothingIsLost(t *testing.T) {
	v := keyedVault(t)
	for round := range 2 {
		for _, name := range keyList {
			want := int64(3) // envelopes
			if name == CleMaitre {
				want = 8 // agents
			}
			if r := v.rekey(t, name); r.Scelles != want || r.Effaces != want || r.Reprise || r.Illisible != 0 {
				t.Errorf("round %d: %+v, want %d sealed and erased", round, r, want)
			}
			if round == 0 {
				v.opensNothing(t, v.c.root, name)
			}
		}
	}
	check := func() {
		t.Helper()
		holds(t, v.c, v.recus)
		v.readableByAgents(t, v.c)
		_, err := v.c.Read(ctx, Systeme("essai"), v.destroyed, io.Discard)
		wantCode(t, err, "COF-223")
		for _, recu := range v.recus {
			verdict, err := v.c.Check(ctx, Systeme("essai"), recu.ID)
			if err != nil || len(verdict.Fautes) > 0 {
				t.Fatalf("check: %v %v", verdict.Fautes, err)
			}
		}
		var zip bytes.Buffer
		if r, err := v.c.Export(ctx, Systeme("essai"), Filtre{Employeur: siret}, &zip); err != nil || r.Documents != 7 {
			t.Errorf("export: %+v %v", r, err)
		}
	}
	check()
	v.c.Close(ctx)
	for _, secours := range []string{"", keyFileOf(t, v.c.root, CleSecours)} {
		r, err := Fsck(ctx, v.c.root, FsckOptions{Options: v.o, Secours: secours})
		if err != nil || len(r.Anomalies) > 0 || r.Dechiffres != 7 || r.Destroyed != 1 {
			t.Errorf("fsck with %q: %d decrypted, %v %v", secours, r.Dechiffres, r.Anomalies, err)
		}
	}
	if err := os.Remove(filepath.Join(v.c.root, catalogue.Name)); err != nil {
		t.Fatal(err)
	}
	if _, err := Recover(ctx, v.c.root, Systeme("essai"), v.o); err != nil {
		t.Fatal(err)
	}
	v.c = reopen(t, v.c.root, v.o)
	check()
	v.c.Close(ctx)
	wantHealthy(t, v.c.root, v.o)
}

func TestAgentSeesInHisJournalWhatBecameOfTheKeysOfHisDocument(t *testing.T) {
	v := keyedVault(t)
	for _, name := range keyList {
		v.rekey(t, name)
	}
	agent, err := v.c.Registre().AgentDe(ctx, siret, "A00001")
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	for e, err := range v.c.Journal(ctx, Agent(agent), FiltreJournal{Sujet: v.recus["A00001"].ID}) {
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, e.Genre.String()+" "+string(e.Corps))
	}
	got := strings.Join(seen, "\n")
	for _, name := range keyList {
		if n := strings.Count(got, `"cle":"`+name+`"`); n != 1 {
			t.Errorf("the key %s is in his journal %d times, want once:\n%s", name, n, got)
		}
	}
	if n := strings.Count(got, EvRenouvellement.String()+" "); n != 3 {
		t.Errorf("%d renewals, want 3:\n%s", n, got)
	}
}

func TestWrongFormerKeyChangesNothing(t *testing.T) {
	v := keyedVault(t)
	o := v.o
	o.Random = seeded(7)
	other := newVault(t, o)
	before, files := v.size(t), v.keyFiles(t)
	for _, name := range keyList {
		_, err := v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: name, Fichier: filepath.Join(other, keys.Dir, name+".cle")})
		wantCode(t, err, "COF-104")
		_, err = v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: name, Fichier: filepath.Join(other, "absent.cle")})
		wantCode(t, err, "COF-102")
	}
	for _, name := range []string{"", CleJournal, CleCatalogue} {
		_, err := v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: name})
		wantCode(t, err, "COF-201")
	}
	_, err := v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: CleEmployeur("21060022600018")})
	wantCode(t, err, "COF-301")
	if after := v.size(t); after != before {
		t.Errorf("%d events were written", after-before)
	}
	_, err = v.c.Upkeep().Rekey(ctx, Administrateur("a"), Renouvellement{Cle: CleMaitre})
	wantCode(t, err, "COF-306")
	if got := v.keyFiles(t); got != files {
		t.Errorf("key files are %s, want %s", got, files)
	}
}

func (v *keyed) size(t testing.TB) int64 {
	t.Helper()
	n, err := v.c.book.Size(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (v *keyed) keyFiles(t testing.TB) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(v.c.root, keys.Dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(files, "\n")
}

func TestDepositThatBeganBeforeARenewalIsSealedToTheNewKeys(t *testing.T) {
	v := keyedVault(t)
	late := bulletin("A00099")
	late.Contenu = func(ctx context.Context) (io.ReadCloser, error) {
		// Its envelope is sealed already, to the keys of before.
		for _, name := range keyList {
			v.rekey(t, name)
		}
		return content(pdf("bulletin de A00099"))(ctx)
	}
	v.recus["A00099"] = deposit(t, v.c, late)[0]
	for _, name := range keyList {
		v.opensNothing(t, v.c.root, name)
	}
	holds(t, v.c, v.recus)
	v.c.Close(ctx)
	wantHealthy(t, v.c.root, v.o)
}

func TestVaultIsUsedWhileItsKeysAreReplaced(t *testing.T) {
	t.Parallel()
	v := keyedVault(t)
	second := reopen(t, v.c.root, v.o)
	var wg sync.WaitGroup
	var mu sync.Mutex
	fresh := map[string]*Recu{}
	wg.Go(func() {
		for i := 200; i < 212; i += 2 {
			lot := bulletins(i, i+2)
			for n, r := range deposit(t, second, lot...) {
				mu.Lock()
				fresh[lot[n].Matricule] = r
				mu.Unlock()
			}
		}
	})
	wg.Go(func() {
		for m, r := range v.recus {
			if got := read(t, second, Systeme("essai"), r.ID); !bytes.Equal(got, pdf("bulletin de "+m)) {
				t.Errorf("matricule %s: read %q", m, got)
			}
		}
		v.readableByAgents(t, second)
	})
	for _, name := range keyList {
		v.rekey(t, name)
	}
	wg.Wait()
	for _, name := range keyList {
		v.opensNothing(t, v.c.root, name)
	}
	holds(t, v.c, fresh)
	holds(t, v.c, v.recus)
	v.readableByAgents(t, v.c)
	second.Close(ctx)
	v.c.Close(ctx)
	wantHealthy(t, v.c.root, v.o)
}

// slotOf finds where the newest, or the oldest, slot of a kind stands.
func slotOf(t testing.TB, root string, kind journal.SlotKind, genre Genre) (p journal.Place, offset int64, data []byte) {
	t.Helper()
	eachRecord(t, root, func(at journal.Place, r *journal.Record) {
		if data == nil && r.Genre == genre && r.Part(kind) != nil {
			p, offset, data = at, at.Offset+r.SlotOffset(kind), bytes.Clone(r.Part(kind).Data)
		}
	})
	if data == nil {
		t.Fatalf("no slot %s", kind)
	}
	return p, offset, data
}

func patch(t testing.TB, root string, offset int64, b []byte) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(root, journal.Dir, journal.SegmentName(1)), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt(b, offset); err != nil {
		t.Fatal(err)
	}
}

func TestFsckNamesAKeyWhoseReplacementIsMissing(t *testing.T) {
	v := keyedVault(t)
	v.rekey(t, CleSecours)
	v.c.Close(ctx)
	_, offset, data := slotOf(t, v.c.root, journal.SlotEnvSecours, EvRenouvellement)
	erased := copyVault(t, v.c.root)
	patch(t, erased, offset, make([]byte, len(data)))
	codes := codesOf(t, erased, FsckOptions{Options: v.o})
	if len(codes["COF-138"]) != 1 || len(codes) != 1 {
		t.Errorf("an erased replacement: %v, want one COF-138", codes)
	}
	damaged := copyVault(t, v.c.root)
	data[100] ^= 1
	patch(t, damaged, offset, data)
	codes = codesOf(t, damaged, FsckOptions{Options: v.o})
	if len(codes["COF-138"]) != 1 || len(codes["COF-122"]) != 1 {
		t.Errorf("a damaged replacement: %v, want COF-122, and COF-138 for what it replaces", codes)
	}
}

func TestKeyPutBackFromABackupAfterARenewalIsErasedAgainByRecover(t *testing.T) {
	v := keyedVault(t)
	_, offset, data := slotOf(t, v.c.root, journal.SlotEnvDouble, EvEnveloppe)
	v.rekey(t, CleEmployeur(siret))
	v.c.Close(ctx)
	patch(t, v.c.root, offset, data)
	if codes := codesOf(t, v.c.root, FsckOptions{Options: v.o}); len(codes["COF-128"]) != 1 {
		t.Errorf("fsck found %v, want COF-128", codes)
	}
	if _, err := Recover(ctx, v.c.root, Systeme("essai"), v.o); err != nil {
		t.Fatal(err)
	}
	v.opensNothing(t, v.c.root, CleEmployeur(siret))
	wantHealthy(t, v.c.root, v.o)
}

func TestDamagedKeyKeepsTheRenewalOpenUntilItIsRestored(t *testing.T) {
	v := keyedVault(t)
	_, offset, data := slotOf(t, v.c.root, journal.SlotEnvDouble, EvEnveloppe)
	wrong := bytes.Clone(data)
	wrong[200] ^= 1
	patch(t, v.c.root, offset, wrong)
	r, err := v.c.Upkeep().Rekey(ctx, Systeme("essai"), Renouvellement{Cle: CleEmployeur(siret)})
	wantCode(t, err, "COF-141")
	if r.Scelles != 2 || r.Effaces != 2 || r.Illisible != 1 {
		t.Errorf("%+v, want 2 sealed and 1 damaged", r)
	}
	// Each envelope of the others opens with the new key; the backup comes back.
	patch(t, v.c.root, offset, data)
	holds(t, v.c, v.recus)
	if r := v.rekey(t, CleEmployeur(siret)); !r.Reprise || r.Scelles != 1 || r.Effaces != 1 {
		t.Errorf("%+v, want the last one sealed", r)
	}
	v.opensNothing(t, v.c.root, CleEmployeur(siret))
	v.c.Close(ctx)
	wantHealthy(t, v.c.root, v.o)
}

func TestUnfinishedRenewalIsSaid(t *testing.T) {
	v := keyedVault(t)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	// It begins, whoever goes away, and seals nothing.
	if _, err := v.c.Upkeep().Rekey(stopped, Systeme("essai"), Renouvellement{Cle: CleMaitre}); err == nil {
		t.Fatal("a renewal that was stopped says that it is done")
	}
	pub := book.ClePublique{Cle: v.c.book.Desc.Maitre, Ancienne: nil}
	now, _, err := v.c.book.PublicKeys(ctx, v.c.book.Read, CleMaitre)
	if err != nil {
		t.Fatal(err)
	}
	if !same(now, pub) {
		t.Errorf("a stopped renewal changed the key")
	}
	j := &rekeying{c: v.c, par: Systeme("essai"), o: Renouvellement{Cle: CleMaitre}, kind: book.WrapMaitre, r: &RapportRenouvellement{}}
	if err := j.open(ctx); err != nil {
		t.Fatal(err)
	}
	v.c.Close(ctx)
	codes := codesOf(t, v.c.root, FsckOptions{Options: v.o})
	if len(codes) != 1 || len(codes["COF-139"]) != 1 || !strings.Contains(codes["COF-139"][0].Error(), CleMaitre) {
		t.Errorf("fsck found %v, want COF-139 alone", codes)
	}
	v.c = reopen(t, v.c.root, v.o)
	v.readableByAgents(t, v.c)
	if r := v.rekey(t, CleMaitre); !r.Reprise || r.Scelles != 8 {
		t.Errorf("%+v, want the renewal continued", r)
	}
}

func TestAlgorithmThatIsNotKnownIsNamed(t *testing.T) {
	v := keyedVault(t)
	recu := v.recus["A00001"]
	d, err := v.c.book.Find(ctx, recu.ID)
	if err != nil {
		t.Fatal(err)
	}
	env := ID(d.Rec.Intact(journal.SlotDouble)[:16])
	rec := &journal.Record{}
	rec.Add(journal.SlotEnvDouble, append([]byte{9}, make([]byte, 1200)...))
	future := &journal.Draft{Genre: EvRenouvellement, Sujet: env, Slots: rec.Parts, Corps: acts.Renouvellement{Par: "essai", Cle: CleEmployeur(siret), Empreinte: "0"}}
	if err := v.c.commit(ctx, &operation{prepare: func(*transaction) ([]*journal.Draft, error) { return []*journal.Draft{future}, nil }}); err != nil {
		t.Fatal(err)
	}
	_, err = v.c.Read(ctx, Systeme("essai"), recu.ID, io.Discard)
	wantCode(t, err, "COF-140")
	if !strings.Contains(err.Error(), "9") {
		t.Errorf("%v does not name algorithm 9", err)
	}
	_, err = keys.Unseal(make([]byte, keys.Size), []byte{7, 1, 2, 3}, nil)
	wantCode(t, err, "COF-140")
}
