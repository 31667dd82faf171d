package portal

import "slices"

// State is where an account is.
type State string

// The states of an account. Locked and Recovering are seen through time: see
// [Account.At].
const (
	Absent     State = ""   // A0
	Invited    State = "A1" // a letter is out
	Entered    State = "A2" // the secret was accepted; no document is seen
	Unverified State = "A3" // password chosen; the mail is not proved
	Active     State = "A4"
	Locked     State = "A5" // for one source, for a while
	Recovering State = "A6" // a link for a new password is out
	Suspended  State = "A7" // a takeover was reported
	Merged     State = "A8" // an alias of another
	Closed     State = "A9"
)

// States are all of them, in order.
var States = []State{Absent, Invited, Entered, Unverified, Active, Locked, Recovering, Suspended, Merged, Closed}

// Move is one numbered transition of the account machine.
type Move string

// The moves. A number with a letter is one road of it.
const (
	Invite       Move = "T1"
	Reinvite     Move = "T2"
	Enter        Move = "T3"
	Choose       Move = "T4"
	VerifyMail   Move = "T5"
	SignIn       Move = "T6"
	Lock         Move = "T7"
	Unlock       Move = "T8"
	AskReset     Move = "T9"
	Reset        Move = "T10"
	LoseNumber   Move = "T11"
	ChangeMail   Move = "T12"
	ChangeWord   Move = "T13"
	ChangeNumber Move = "T14"
	Suspend      Move = "T15"
	Release      Move = "T15b"
	Absorb       Move = "T16"
	BecomeAlias  Move = "T16b"
	Separate     Move = "T16c" // undo of a merge
	CloseByOwner Move = "T17"
	CloseService Move = "T18"
	TakeAway     Move = "T18b" // from an account that the service closed
	Leave        Move = "T19"
	Decease      Move = "T20"
)

// edge is a move from some states to one; an empty to stays.
type edge struct {
	from []State
	to   State
	stay bool
}

// opened are the states of somebody who may do what he likes with his account.
var opened = []State{Active}

// Moves is the machine: a move that is not here from a state is refused.
var moves = map[Move]edge{
	Invite: {from: []State{Absent}, to: Invited},
	// Who chose a password and proved no mail has no other road back than a
	// new letter.
	Reinvite:     {from: []State{Invited, Entered, Unverified}, to: Invited},
	Enter:        {from: []State{Invited}, to: Entered},
	Choose:       {from: []State{Entered}, to: Unverified},
	VerifyMail:   {from: []State{Unverified}, to: Active},
	SignIn:       {from: []State{Entered, Unverified, Active, Recovering}, stay: true},
	Lock:         {from: []State{Active, Unverified, Entered, Invited, Recovering}, to: Locked},
	Unlock:       {from: []State{Locked}, to: Active},
	AskReset:     {from: []State{Active, Locked, Recovering}, to: Recovering},
	Reset:        {from: []State{Recovering}, to: Active},
	LoseNumber:   {from: States, stay: true},
	ChangeMail:   {from: []State{Unverified, Active}, stay: true},
	ChangeWord:   {from: []State{Unverified, Active}, stay: true},
	ChangeNumber: {from: []State{Invited, Entered, Unverified, Active, Locked, Recovering}, stay: true},
	Suspend:      {from: []State{Unverified, Active, Locked, Recovering}, to: Suspended},
	Release:      {from: []State{Suspended}, to: Active},
	Absorb:       {from: opened, stay: true},
	BecomeAlias:  {from: opened, to: Merged},
	Separate:     {from: []State{Merged}, to: Active},
	CloseByOwner: {from: []State{Unverified, Active}, to: Closed},
	CloseService: {from: []State{Unverified, Active}, to: Closed},
	TakeAway:     {from: []State{Closed}, stay: true},
	Leave:        {from: States, stay: true},
	Decease:      {from: States, stay: true},
}

// Next is the state that a move leads to; false when the machine has no such
// edge.
func Next(from State, m Move) (State, bool) {
	e, known := moves[m]
	if !known || !slices.Contains(e.from, from) {
		return from, false
	}
	if e.stay {
		return from, true
	}
	return e.to, true
}

// Mode is how a membership gets its slips.
type Mode string

// The modes of a membership.
const (
	Noticed     Mode = "M0" // told, a month has not passed
	Electronic  Mode = "M1"
	Draft       Mode = "M2" // a refusal was typed and not confirmed
	Confirmed   Mode = "M3"
	Paper       Mode = "M4" // a run has passed since
	Reactivated Mode = "M5" // asked for electronic slips again, not confirmed
)

// Modes are all of them, in order.
var Modes = []Mode{Noticed, Electronic, Draft, Confirmed, Paper, Reactivated}

// Step is a transition of the refusal machine.
type Step string

// The steps.
const (
	BecomeElectronic Step = "month"    // the notice is a month old, or the person was hired
	DraftRefusal     Step = "draft"    // the form
	DropDraft        Step = "drop"     // it was not confirmed
	ConfirmRefusal   Step = "confirm"  // the second page
	UndoRefusal      Step = "undo"     // "it was not me"
	RunPassed        Step = "run"      // a deposit took it into account
	AskElectronic    Step = "ask"      // the form of reactivation
	DropAsk          Step = "keep"     // it was not confirmed, or support refused
	ConfirmAsk       Step = "reaccept" // the second page, or support
)

var steps = map[Step]map[Mode]Mode{
	BecomeElectronic: {Noticed: Electronic},
	DraftRefusal:     {Noticed: Draft, Electronic: Draft, Draft: Draft},
	DropDraft:        {Draft: Electronic},
	ConfirmRefusal:   {Draft: Confirmed},
	UndoRefusal:      {Confirmed: Electronic, Paper: Electronic},
	RunPassed:        {Confirmed: Paper},
	AskElectronic:    {Confirmed: Reactivated, Paper: Reactivated, Reactivated: Reactivated},
	DropAsk:          {Reactivated: Paper},
	ConfirmAsk:       {Reactivated: Electronic},
}

// NextMode is the mode that a step leads to; false when there is no such edge.
func NextMode(from Mode, s Step) (Mode, bool) {
	to, ok := steps[s][from]
	return to, ok
}
