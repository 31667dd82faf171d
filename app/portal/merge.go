package portal

import (
	"context"
	"slices"
	"time"

	"paye/internal/lang"
	"paye/internal/server"
)

// Two spaces of one person become one: both are proved, both owners are told,
// and three days pass in which either may stop it; for thirty days more it can
// be undone. What moves is the memberships and the own documents. The keys of a
// document are sealed to the agent of the vault that a membership leads to, so
// that moving the membership moves the access and no key is touched.

// How long the parts of a merge last.
const (
	provedLasts = 15 * time.Minute
	mergeWaits  = 72 * time.Hour
	mergeUndo   = 30 * 24 * time.Hour
)

// MergeStep is how far a merge is.
type MergeStep string

// The steps. Moving and Separating are decided: whoever comes next carries them
// to their end.
const (
	MergeProved     MergeStep = "prouvee"  // both were proved, the preview is shown
	MergeByOne      MergeStep = "assistee" // a first person of the desk has asked
	MergeAsked      MergeStep = "demandee" // both owners are told
	MergeMoving     MergeStep = "en_cours"
	MergeDone       MergeStep = "faite"
	MergeSeparating MergeStep = "retour"
	MergeOver       MergeStep = "finie" // stopped, undone, or never to be undone
)

// Merge is one space on its way into another. Its key is that of the space that
// becomes an alias: it has one way at a time.
type Merge struct {
	From     string    `json:"de"`
	Into     string    `json:"vers"`
	Step     MergeStep `json:"etape"`
	Proved   time.Time `json:"prouvee,omitzero"`
	After    time.Time `json:"apres,omitzero"` // it is done then
	Done     time.Time `json:"faite,omitzero"`
	Member   []Member  `json:"employeurs,omitempty"` // that moved
	Pieces   []string  `json:"pieces,omitempty"`     // that moved
	StopFrom *Token    `json:"arret_de,omitempty"`
	StopInto *Token    `json:"arret_vers,omitempty"`
	Evidence string    `json:"preuve,omitempty"` // what the desk has seen
	By       []string  `json:"par,omitempty"`    // the two persons of the desk
}

// Absorbed is a space that became an alias of this one.
type Absorbed struct {
	ID     string    `json:"id"`
	Since  time.Time `json:"depuis"`
	Member []Member  `json:"employeurs"`
}

// open reports whether a merge is under way or can still be undone.
func (m *Merge) open(now time.Time) bool {
	switch m.Step {
	case MergeProved:
		return now.Sub(m.Proved) < provedLasts
	case MergeByOne, MergeAsked, MergeMoving, MergeSeparating:
		return true
	case MergeDone:
		return now.Sub(m.Done) < mergeUndo
	}
	return false
}

func (p *Portal) merge(ctx context.Context, from string) (*Merge, error) {
	var m Merge
	version, err := p.read(ctx, kindMerge, from, &m)
	if err != nil || version == 0 {
		return nil, err
	}
	return &m, nil
}

func (p *Portal) changeMerge(ctx context.Context, par, from string, f func(m *Merge) error) error {
	return change(ctx, p, par, kindMerge, from, "", func(m *Merge, _ bool) error { return f(m) })
}

// Merges are those that a space takes part in, and that can still be stopped or
// undone.
func (p *Portal) Merges(ctx context.Context, id string) ([]Merge, error) {
	list, err := all[Merge](ctx, p, kindMerge, "")
	now := p.clock()
	return slices.DeleteFunc(list, func(m Merge) bool {
		return m.From != id && m.Into != id || !m.open(now) || m.Step == MergeProved || m.Step == MergeByOne
	}), err
}

// ProveOther answers the space of who is signed in to one and gives the
// identifier and the password of another. code proves its second step and is
// asked when the password was right. The proof counts for a quarter of an hour.
func (p *Portal) ProveOther(ctx context.Context, into, identifier, password string, code func(id string) error) (from string, err error) {
	if err := p.throttle(ctx, recoveryRule, "merge", server.Source(ctx)); err != nil {
		return "", err
	}
	from, err = p.Authenticate(ctx, identifier, password)
	if err != nil {
		return "", err
	}
	if from == into {
		return "", Codes.New(SameVault)
	}
	if err := code(from); err != nil {
		return "", err
	}
	if err := p.mayMerge(ctx, into, from); err != nil {
		return "", err
	}
	now := p.clock()
	return from, p.changeMerge(ctx, "compte "+into, from, func(m *Merge) error {
		if m.open(now) && m.Step != MergeProved {
			return Codes.New(NotNow)
		}
		*m = Merge{From: from, Into: into, Step: MergeProved, Proved: now}
		return nil
	})
}

// mayMerge refuses spaces that are not both open.
func (p *Portal) mayMerge(ctx context.Context, into, from string) error {
	now := p.clock()
	for id, m := range map[string]Move{into: Absorb, from: BecomeAlias} {
		a, err := p.Account(ctx, id)
		if err != nil {
			return err
		}
		if a == nil {
			return Codes.New(NotNow)
		}
		if err := a.may(now, m); err != nil {
			return err
		}
	}
	return nil
}

// Preview is what a merge would move.
type Preview struct {
	Merge
	Employers []string
	Documents int
	Pieces    int
	Number    string // of the space that becomes an alias, its last four digits
	Mail      string // a hint of its address
}

// Preview shows a merge whose spaces were proved lately.
func (p *Portal) Preview(ctx context.Context, into, from string) (*Preview, error) {
	m, err := p.merge(ctx, from)
	if err != nil {
		return nil, err
	}
	if m == nil || m.Into != into || m.Step != MergeProved || !m.open(p.clock()) {
		return nil, Codes.New(NotNow)
	}
	b, err := p.Account(ctx, from)
	if err != nil || b == nil {
		return nil, err
	}
	v := &Preview{Merge: *m, Pieces: len(b.Pieces), Number: "…" + b.Number[len(b.Number)-4:], Mail: hint(b.Mail)}
	for _, member := range b.Member {
		name, err := p.EmployerName(ctx, member.Siret)
		if err != nil {
			return nil, err
		}
		v.Employers = append(v.Employers, name+", matricule "+member.Matricule)
	}
	list, err := p.Documents(ctx, b, 0)
	v.Documents = len(list)
	return v, err
}

// AskMerge begins a merge that was proved: both owners are told, and may stop
// it for three days.
func (p *Portal) AskMerge(ctx context.Context, into, from string) error {
	if _, err := p.Preview(ctx, into, from); err != nil {
		return err
	}
	return p.askMerge(ctx, "compte "+into, into, from, func(m *Merge) error {
		if m.Step != MergeProved || m.Into != into || !m.open(p.clock()) {
			return Codes.New(NotNow)
		}
		return nil
	})
}

func (p *Portal) askMerge(ctx context.Context, par, into, from string, guard func(m *Merge) error) error {
	if err := p.mayMerge(ctx, into, from); err != nil {
		return err
	}
	wordFrom, stopFrom, err := p.newToken(from, mergeWaits+mergeUndo, "")
	if err != nil {
		return err
	}
	wordInto, stopInto, err := p.newToken(from, mergeWaits+mergeUndo, "")
	if err != nil {
		return err
	}
	after := p.clock().Add(mergeWaits)
	err = p.changeMerge(ctx, par, from, func(m *Merge) error {
		if err := guard(m); err != nil {
			return err
		}
		m.Step, m.After, m.StopFrom, m.StopInto = MergeAsked, after, stopFrom, stopInto
		return nil
	})
	if err != nil {
		return err
	}
	for id, word := range map[string]string{from: wordFrom, into: wordInto} {
		a, err := p.Account(ctx, id)
		if err != nil || a == nil {
			return err
		}
		p.post(a, a.Mail, lang.Text{FR: "Deux espaces vont devenir un seul", EN: "Two spaces are about to become one"},
			lang.Text{FR: "Votre espace …%s prend part à une fusion, faite dans trois jours, le %s. Si ce n’était pas vous, ce lien l’arrête et suspend votre espace ; il la défait encore trente jours après :\n\n%s/fusion/arret/%s", EN: "Your space …%s takes part in a merge, done in three days, on %s. If it was not you, this link stops it and suspends your space; it undoes it for thirty days after, too:\n\n%s/fusion/arret/%s"},
			a.Number[len(a.Number)-4:], after.Format("02/01/2006 15:04"), p.o.Address, word)
		desk := ""
		if par != "compte "+into {
			desk = par
		}
		if err := p.note(ctx, id, Event{What: HapMergeAsked, Par: desk}); err != nil {
			return err
		}
	}
	return nil
}

// StopMerge stops a merge, or undoes it, for the owner of either space.
func (p *Portal) StopMerge(ctx context.Context, id, from string) error {
	m, err := p.merge(ctx, from)
	if err != nil {
		return err
	}
	if m == nil || m.From != id && m.Into != id {
		return Codes.New(NotNow)
	}
	return p.stop(ctx, "compte "+id, from)
}

// MergeLink reports whether the link of a notice can still be used.
func (p *Portal) MergeLink(ctx context.Context, word string) error {
	_, _, err := p.mergeOf(ctx, word)
	return err
}

// mergeOf gives the merge of a link, and the space whose owner has it.
func (p *Portal) mergeOf(ctx context.Context, word string) (m *Merge, owner string, err error) {
	from, ok := subject(word)
	if !ok {
		return nil, "", Codes.New(LinkDead)
	}
	if m, err = p.merge(ctx, from); err != nil {
		return nil, "", err
	}
	now := p.clock()
	switch {
	case m == nil || !m.open(now):
	case m.StopFrom.good(now, word):
		return m, m.From, nil
	case m.StopInto.good(now, word):
		return m, m.Into, nil
	}
	return nil, "", Codes.New(LinkDead)
}

// StopMergeByLink is "it was not me": it stops or undoes the merge and suspends
// the space whose owner says so, since somebody proved it in his place. The
// caller ends the sessions of both spaces.
func (p *Portal) StopMergeByLink(ctx context.Context, word string) (spaces []string, err error) {
	m, owner, err := p.mergeOf(ctx, word)
	if err != nil {
		return nil, err
	}
	if err := p.stop(ctx, "compte "+owner, m.From); err != nil {
		return nil, err
	}
	return []string{m.From, m.Into}, p.Suspend(ctx, owner)
}

func (p *Portal) stop(ctx context.Context, par, from string) error {
	now := p.clock()
	if err := p.maySeparate(ctx, from); err != nil {
		return err
	}
	var step MergeStep
	err := p.changeMerge(ctx, par, from, func(m *Merge) error {
		switch {
		case m.Step == MergeAsked || m.Step == MergeByOne || m.Step == MergeProved:
			m.Step = MergeOver
		case m.Step == MergeDone && m.open(now):
			m.Step = MergeSeparating
		default:
			return Codes.New(NotNow)
		}
		step = m.Step
		return nil
	})
	if err != nil {
		return err
	}
	if step == MergeSeparating {
		return p.separate(ctx, from)
	}
	m, err := p.merge(ctx, from)
	if err != nil {
		return err
	}
	return p.noteBoth(ctx, m, HapMergeEnd)
}

// maySeparate refuses to undo a merge into a space that went into a third one:
// that merge is undone first.
func (p *Portal) maySeparate(ctx context.Context, from string) error {
	m, err := p.merge(ctx, from)
	if err != nil || m == nil || m.Step != MergeDone {
		return err
	}
	a, err := p.Account(ctx, m.Into)
	if err == nil && (a == nil || a.State == Merged || a.State == Closed) {
		err = Codes.New(NotNow)
	}
	return err
}

func (p *Portal) noteBoth(ctx context.Context, m *Merge, what Happening) error {
	for _, id := range []string{m.From, m.Into} {
		if err := p.note(ctx, id, Event{What: what}); err != nil {
			return err
		}
	}
	return nil
}
