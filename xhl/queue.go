package xhl

import (
	"bytes"
	"errors"

	"paye/internal/repeats"
	"paye/internal/xmlr"
)

// Queue is what follows the last bulletin, in order: each part begins where
// the one before it ends.
type Queue struct {
	Nomenclatures        []byte // empty when absent
	RepartitionParNature []byte // empty when absent
	Fin                  []byte // the end tag of the root and what follows it
	Offset               int64  // of the first part in the journal
	Ligne                int64
}

// Queue reads what follows the last bulletin. Call it once Next has returned
// io.EOF.
func (c *Cutter) Queue() (*Queue, error) {
	if !c.done {
		return nil, errors.New("read the end of a journal: bulletins are left")
	}
	q := &Queue{Offset: c.base, Ligne: c.ligne}
	for !c.eof {
		if len(c.carry) > c.opts.MaxQueue {
			return nil, c.fault(&malformed{"XHL-004", 0, []any{c.opts.MaxQueue}}, c.carry)
		}
		if err := c.fill(len(c.carry) + (64 << 10)); err != nil {
			return nil, err
		}
	}
	if err := c.cutQueue(q); err != nil {
		if errors.Is(err, xmlr.ErrMore) {
			err = &malformed{"XHL-001", len(c.carry), []any{c.rang}}
		}
		return nil, c.fault(err, c.carry)
	}
	return q, nil
}

// wellFormed are the nomenclatures that were found to be, from the end of the last
// groupe on.
var wellFormed repeats.Of[terms, struct{}]

func (c *Cutter) cutQueue(q *Queue) error {
	s := &c.scan
	s.Src, s.Pos = c.carry, 0
	if c.vide {
		return c.epilogue(q, 0, 0)
	}
	var t xmlr.Token
	part := 0
	on := terms{charset: s.Charset, maxTag: s.MaxTag, maxDepth: c.opts.MaxDepth}
	if known, _ := wellFormed.Begins(on, c.carry); known != nil {
		q.Nomenclatures = known
		part, s.Pos = len(known), len(known)
	}
	for {
		if err := s.Next(&t); err != nil {
			return err
		}
		switch t.Kind {
		case xmlr.Text:
			continue
		case xmlr.EndTag:
			if err := ends(&t, []byte(c.racine)); err != nil {
				return err
			}
			return c.epilogue(q, part, s.Pos)
		}
		local := string(t.Local)
		if local == "DonneesIndiv" {
			return &malformed{code: "XHL-012", pos: t.Start}
		}
		if t.Kind == xmlr.StartTag {
			if err := s.passElement(&t, 0, c.opts.MaxDepth); err != nil {
				return err
			}
		}
		switch {
		case local == "Nomenclatures" && len(q.Nomenclatures) == 0 && len(q.RepartitionParNature) == 0:
			q.Nomenclatures = c.carry[part:s.Pos:s.Pos]
			wellFormed.Keep(on, q.Nomenclatures, struct{}{})
			part = s.Pos
		case local == "RepartitionParNature" && len(q.RepartitionParNature) == 0:
			q.RepartitionParNature = c.carry[part:s.Pos:s.Pos]
			part = s.Pos
		}
	}
}

// epilogue refuses anything but comments, instructions and white space after
// the root, which ends at pos, and keeps the last part. A null byte there ends
// the journal, as it does for libxml2 and for package check: it is told, and
// neither it nor what follows it is kept.
func (c *Cutter) epilogue(q *Queue, part, pos int) error {
	if rest := lastAside(c.carry[pos:]); len(rest) > 0 && rest[0] == 0 {
		end := len(c.carry) - len(rest)
		if c.opts.Anomalie != nil {
			var a *Anomalie
			if errors.As(c.fault(&malformed{code: "XHL-016", pos: end}, c.carry), &a) {
				c.opts.Anomalie(a)
			}
		}
		c.carry = c.carry[:end]
	}
	q.Fin = c.carry[part:]
	var t xmlr.Token
	s := &c.scan
	s.Src = c.carry
	s.Pos = pos
	switch err := s.Next(&t); {
	case err == nil:
		return &malformed{code: "XHL-011", pos: t.Start}
	case errors.Is(err, xmlr.ErrMore) && len(bytes.TrimSpace(lastAside(c.carry[pos:]))) > 0:
		return &malformed{code: "XHL-011", pos: pos}
	case !errors.Is(err, xmlr.ErrMore):
		return err
	}
	return nil
}

// lastAside returns what follows the comments and instructions of b.
func lastAside(b []byte) []byte {
	s := xmlr.Scanner{Src: b, MaxTag: len(b) + 1}
	for i := 0; ; {
		for i < len(b) && xmlr.IsBlank(b[i]) {
			i++
		}
		if i+1 >= len(b) || b[i] != '<' {
			return b[i:]
		}
		end, text, err := s.Aside(i)
		if err != nil || text {
			return b[i:]
		}
		i = end
	}
}
