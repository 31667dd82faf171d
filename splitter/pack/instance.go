package pack

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Instance is a packing problem. All sizes are bytes. Item i costs Private[i] plus, once per volume, the pieces
// Ref[Start[i]:Start[i+1]], which are indices into Piece in strictly ascending order.
// A nil Start means that no item references anything. An item takes 12 bytes, a reference 4.
type Instance struct {
	Limit int64 // most bytes a volume may hold, fixed parts included
	Fixed int64 // bytes of every volume before its first item
	First int64 // additional bytes of volume 0

	Private []int64
	Piece   []int64
	Start   []int32 // len(Private)+1 offsets into Ref, or nil
	Ref     []int32
}

// Items returns the number of items.
func (in *Instance) Items() int { return len(in.Private) }

// Refs returns the pieces that item i references. The slice belongs to the instance.
func (in *Instance) Refs(i int) []int32 {
	if in.Start == nil {
		return nil
	}
	return in.Ref[in.Start[i]:in.Start[i+1]]
}

// Add appends an item; refs may be in any order and repeat themselves.
func (in *Instance) Add(private int64, refs ...int32) {
	if in.Start == nil {
		in.Start = make([]int32, len(in.Private)+1, len(in.Private)+2)
	}
	at := len(in.Ref)
	in.Ref = append(in.Ref, refs...)
	slices.Sort(in.Ref[at:])
	in.Ref = in.Ref[:at+len(slices.Compact(in.Ref[at:]))]
	in.Private = append(in.Private, private)
	in.Start = append(in.Start, int32(len(in.Ref)))
}

// Room is what a volume other than the first has for items and pieces.
func (in *Instance) Room() int64 { return in.Limit - in.Fixed }

// Own returns the size of item i alone: its private bytes and all its pieces, without the fixed parts.
func (in *Instance) Own(i int) int64 {
	sum := in.Private[i]
	for _, j := range in.Refs(i) {
		sum += in.Piece[j]
	}
	return sum
}

// Errors of an instance that cannot be solved. A TooLargeError is the third.
var (
	ErrMalformed = errors.New("malformed instance")
	ErrLimit     = errors.New("the limit is below the fixed parts of a volume")
)

// TooLargeError says that an item exceeds the limit by itself, whatever the plan.
type TooLargeError struct {
	Item   int   // index of the item
	Size   int64 // bytes of a volume that holds this item only
	Pieces int64 // of which shared pieces
	Limit  int64
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("item %d alone makes a volume of %d bytes (%d of them pieces), above the limit of %d",
		e.Item, e.Size, e.Pieces, e.Limit)
}

// maxTotal bounds every sum the package forms, so that none can overflow.
const maxTotal = math.MaxInt64 / 4

// Validate returns an error that wraps ErrMalformed or ErrLimit, or a *TooLargeError for the first item that fits nowhere.
// Every other function of the package wants a valid instance; Solve checks it itself.
func (in *Instance) Validate() error {
	if err := in.validateShape(); err != nil {
		return err
	}
	if in.Fixed > in.Limit || in.First > in.Limit-in.Fixed {
		return fmt.Errorf("%w: limit %d, fixed %d, first %d", ErrLimit, in.Limit, in.Fixed, in.First)
	}
	for i := range in.Private {
		own := in.Private[i]
		for _, j := range in.Refs(i) {
			own += min(in.Piece[j], maxTotal-own) // saturates: no sum of sizes reaches maxTotal in a valid instance
		}
		if own > in.Room() {
			return &TooLargeError{Item: i, Size: in.Fixed + own, Pieces: own - in.Private[i], Limit: in.Limit}
		}
	}
	return nil
}

func (in *Instance) validateShape() error {
	n := len(in.Private)
	if n > math.MaxInt32-1 || len(in.Ref) > math.MaxInt32 || len(in.Piece) > math.MaxInt32 {
		return fmt.Errorf("%w: more than 2^31 items, pieces or references", ErrMalformed)
	}
	if in.Limit < 0 || in.Fixed < 0 || in.First < 0 {
		return fmt.Errorf("%w: negative limit or fixed part", ErrMalformed)
	}
	if in.Limit > maxTotal/int64(n+len(in.Ref)+2) {
		return fmt.Errorf("%w: %d items and %d references under a limit of %d bytes overflow", ErrMalformed, n, len(in.Ref), in.Limit)
	}
	for j, s := range in.Piece {
		if s < 0 || s > maxTotal/2 {
			return fmt.Errorf("%w: piece %d has size %d", ErrMalformed, j, s)
		}
	}
	for i, s := range in.Private {
		if s < 0 || s > maxTotal/2 {
			return fmt.Errorf("%w: item %d has size %d", ErrMalformed, i, s)
		}
	}
	if in.Start == nil && len(in.Ref) == 0 {
		return nil
	}
	if len(in.Start) != n+1 || in.Start[0] != 0 || int(in.Start[n]) != len(in.Ref) {
		return fmt.Errorf("%w: %d offsets for %d items and %d references", ErrMalformed, len(in.Start), n, len(in.Ref))
	}
	for i := range n {
		from, to := in.Start[i], in.Start[i+1]
		if from > to || int(to) > len(in.Ref) {
			return fmt.Errorf("%w: offsets of item %d are %d and %d", ErrMalformed, i, from, to)
		}
		last := int32(-1)
		for _, j := range in.Ref[from:to] {
			if j <= last || int(j) >= len(in.Piece) {
				return fmt.Errorf("%w: item %d references piece %d after piece %d, of %d", ErrMalformed, i, j, last, len(in.Piece))
			}
			last = j
		}
	}
	return nil
}

// Merge returns an instance in which the items of equal group (the bulletins of one agent) are one item, at the place of
// the first of them, and for every item of in the merged item that holds it. len(group) is in.Items().
func Merge(in *Instance, group []int32) (merged *Instance, into []int32) {
	order := make([]int32, len(group))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(group[a], group[b]), cmp.Compare(a, b)) })
	into = make([]int32, len(group)) // the first item of the group, to begin with
	for k, i := range order {
		into[i] = i
		if k > 0 && group[order[k-1]] == group[i] {
			into[i] = into[order[k-1]]
		}
	}
	items := int32(0)
	for i, first := range into {
		if int(first) < i {
			into[i] = into[first]
			continue
		}
		into[i] = items
		items++
	}
	merged = &Instance{Limit: in.Limit, Fixed: in.Fixed, First: in.First, Piece: in.Piece,
		Private: make([]int64, items), Start: make([]int32, items+1), Ref: make([]int32, len(in.Ref))}
	for i, m := range into {
		merged.Private[m] += min(in.Private[i], maxTotal-merged.Private[m])
		merged.Start[m+1] += int32(len(in.Refs(i)))
	}
	for m := range items {
		merged.Start[m+1] += merged.Start[m]
	}
	at := slices.Clone(merged.Start)
	for i, m := range into {
		at[m] += int32(copy(merged.Ref[at[m]:], in.Refs(i)))
	}
	used := int32(0)
	for m := range items {
		refs := merged.Ref[merged.Start[m]:merged.Start[m+1]]
		slices.Sort(refs)
		merged.Start[m] = used
		used += int32(copy(merged.Ref[used:], slices.Compact(refs)))
	}
	merged.Start[items], merged.Ref = used, merged.Ref[:used]
	return merged, into
}
