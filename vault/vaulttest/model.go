package vaulttest

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"paye/internal/anomalie"
	"paye/vault"
)

// oracle is what the vault of a bench should be, said as plainly as it can be:
// who may do what, the sessions, the documents and who sees them.
type oracle struct {
	t      *testing.T
	b      *Banc
	rng    *rand.Rand
	rights map[string]map[vault.Droit]bool
	// sessions and slips are in the order of their making.
	sessions []*played
	slips    []*slipped
}

// played is a session as the oracle knows it.
type played struct {
	id     vault.ID
	author string
	etape  vault.Etape
	filed  int // slips that were deposited into it
}

// slipped is a slip; by itself, it waits in a session of its own.
type slipped struct {
	id        vault.ID
	matricule string
	by        string
	session   *played
	gone      bool
}

const modelYear = 2011

// model lets several accounts do anything, in any order, and rights come and
// go: each call must be allowed or refused as the oracle says, and agents must
// see what it says. The numbers are drawn, from a fixed seed.
func model(t *testing.T, b *Banc) {
	must(t, b.Coffre.Registre().SetEmployeur(ctx, vault.Systeme("essai"), Siret, func(e *vault.Employeur) { e.DoubleValidation = true }))
	o := &oracle{t: t, b: b, rng: rand.New(rand.NewPCG(2026, 11)), rights: map[string]map[vault.Droit]bool{
		"anne": {vault.DroitDepot: true, vault.DroitSuivi: true, vault.DroitLecture: true, vault.DroitDestruction: true, vault.DroitValidation: true},
		"bob":  {vault.DroitSuivi: true, vault.DroitValidation: true},
		"carl": {vault.DroitDepot: true, vault.DroitSuivi: true, vault.DroitValidation: true},
		"eve":  {},
	}}
	before := o.rightsNow()
	calls := []func(string){o.open, o.deposit, o.deposit, o.deposit, o.close, o.close, o.decide, o.decide, o.read, o.destroy, o.grant}
	tried := make(map[string]int)
	for range 160 {
		who := []string{"anne", "bob", "carl", "eve"}[o.rng.IntN(4)]
		n := o.rng.IntN(len(calls))
		calls[n](who)
		tried[who]++
		o.seen()
		if t.Failed() {
			return
		}
	}
	for login, droits := range before { // as the other rules want them
		must(t, b.Coffre.Comptes().Revoke(ctx, vault.Systeme("essai"), login, Siret, vault.Droits...))
		if len(droits) > 0 {
			must(t, b.Coffre.Comptes().Grant(ctx, vault.Systeme("essai"), login, Siret, droits...))
		}
	}
	t.Logf("%d sessions, %d slips, calls of %v", len(o.sessions), len(o.slips), tried)
}

func (o *oracle) rightsNow() map[string][]vault.Droit {
	m := make(map[string][]vault.Droit)
	for login, set := range o.rights {
		m[login] = slices.Sorted(maps.Keys(set))
	}
	return m
}

// judge holds what the vault answered against what the oracle says.
func (o *oracle) judge(what, who string, may bool, err error) bool {
	o.t.Helper()
	switch {
	case err != nil && anomalie.As(err) == nil:
		o.t.Errorf("%s by %s: %v", what, who, err)
	case may && err != nil:
		o.t.Errorf("%s by %s is refused: %v", what, who, err)
	case !may && err == nil:
		o.t.Errorf("%s by %s, who may not, is done", what, who)
	}
	return err == nil
}

func (o *oracle) can(who string, d vault.Droit) bool { return o.rights[who][d] }

func (o *oracle) session() *played {
	if len(o.sessions) == 0 {
		return nil
	}
	return o.sessions[o.rng.IntN(len(o.sessions))]
}

func (o *oracle) slip() *slipped {
	if len(o.slips) == 0 {
		return nil
	}
	return o.slips[o.rng.IntN(len(o.slips))]
}

func (o *oracle) open(who string) {
	g, par := o.b.Poste(who)
	n := len(o.sessions)
	v, err := g.OpenVersement(ctx, par, vault.Versement{Employeur: Siret, Periode: vault.Periode{Annee: modelYear, Mois: 1 + n%12}, Source: fmt.Sprint("modele-", n), Deposant: "xhl"})
	if o.judge("open", who, o.can(who, vault.DroitDepot), err) {
		o.sessions = append(o.sessions, &played{id: v.ID, author: who, etape: vault.Preparation})
	}
}

func (o *oracle) deposit(who string) {
	n := len(o.slips)
	matricule := fmt.Sprintf("M%03d", n)
	d := Slip(matricule, vault.Periode{Annee: modelYear, Mois: 1})
	s := o.session()
	may := o.can(who, vault.DroitDepot)
	if s != nil && o.rng.IntN(4) > 0 {
		d.Versement = s.id
		may = may && s.author == who && s.etape == vault.Preparation
	} else {
		s = nil
	}
	g, par := o.b.Poste(who)
	results, err := g.Deposit(ctx, par, []vault.Document{d})
	if err == nil && len(results) == 1 {
		err = results[0].Err
	}
	if !o.judge("deposit", who, may, err) {
		return
	}
	if s == nil {
		s = &played{author: who, etape: vault.Verification}
	}
	s.filed++
	o.slips = append(o.slips, &slipped{id: results[0].Recu.ID, matricule: matricule, by: who, session: s})
}

func (o *oracle) close(who string) {
	s := o.session()
	if s == nil {
		return
	}
	there := 0
	for _, d := range o.slips {
		if d.session == s && !d.gone {
			there++
		}
	}
	g, par := o.b.Poste(who)
	v := vault.Versement{ID: s.id, Etape: vault.Verification, Statut: vault.StatutBon, Fichiers: 1, Bilan: vault.Bilan{Bulletins: there, Deposes: there}}
	saved, err := g.SaveVersement(ctx, par, v)
	again := err == nil && s.etape != vault.Preparation // said twice
	may := o.can(who, vault.DroitDepot) && s.author == who && (s.etape == vault.Preparation || again)
	if o.judge("close", who, may, err) && !again {
		s.etape = vault.Verification
		if saved.Documents != there {
			o.t.Errorf("the session counts %d documents, want %d", saved.Documents, there)
		}
	}
}

func (o *oracle) decide(who string) {
	s := o.session()
	if s == nil {
		return
	}
	may := o.can(who, vault.DroitValidation) && s.etape == vault.Verification && s.author != who
	for _, d := range o.slips {
		may = may && !(d.session == s && !d.gone && d.by == who)
	}
	g, par := o.b.Poste(who)
	if o.rng.IntN(3) == 0 {
		if _, err := g.Reject(ctx, par, s.id, "mauvais mois"); o.judge("reject", who, may, err) {
			s.etape = vault.Rejete
		}
		return
	}
	if _, err := g.Validate(ctx, par, s.id); o.judge("validate", who, may, err) {
		s.etape = vault.Termine
	}
}

func (o *oracle) read(who string) {
	d := o.slip()
	if d == nil {
		return
	}
	g, par := o.b.Poste(who)
	m, err := g.Read(ctx, par, d.id, io.Discard)
	if o.judge("read", who, o.can(who, vault.DroitLecture) && !d.gone, err) && m.Matricule != d.matricule {
		o.t.Errorf("the document read is of %s, want %s", m.Matricule, d.matricule)
	}
}

func (o *oracle) destroy(who string) {
	d := o.slip()
	if d == nil || o.rng.IntN(3) > 0 {
		return
	}
	g, par := o.b.Poste(who)
	_, err := g.Destroy(ctx, par, d.id, vault.ToutesCopies, "erreur")
	may := o.can(who, vault.DroitDestruction)
	if d.gone {
		may = err == nil && may // said again, it is done or refused
	}
	if o.judge("destroy", who, may, err) {
		d.gone = true
	}
}

// grant gives an account other rights.
func (o *oracle) grant(string) {
	who := []string{"anne", "carl", "eve"}[o.rng.IntN(3)]
	all := []vault.Droit{vault.DroitDepot, vault.DroitSuivi, vault.DroitLecture, vault.DroitDestruction, vault.DroitValidation}
	set := make(map[vault.Droit]bool)
	var list []vault.Droit
	for _, d := range all {
		if o.rng.IntN(3) > 0 {
			set[d] = true
			list = append(list, d)
		}
	}
	must(o.t, o.b.Coffre.Comptes().Revoke(ctx, vault.Systeme("essai"), who, Siret, all...))
	if len(list) > 0 {
		must(o.t, o.b.Coffre.Comptes().Grant(ctx, vault.Systeme("essai"), who, Siret, list...))
	}
	o.rights[who] = set
}

// seen compares what the agent of some slip sees with the oracle.
func (o *oracle) seen() {
	d := o.slip()
	if d == nil {
		return
	}
	agent, err := o.b.Coffre.Registre().AgentDe(ctx, Siret, d.matricule)
	must(o.t, err)
	n, err := o.b.Coffre.Count(ctx, vault.Agent(agent), vault.Filtre{Annee: modelYear})
	must(o.t, err)
	want := int64(0)
	if d.session.etape == vault.Termine && !d.gone {
		want = 1
	}
	if n != want {
		o.t.Errorf("the agent of a slip of a session that is %s, destroyed %v, sees %d documents, want %d", d.session.etape, d.gone, n, want)
	}
}
