package splitter

import (
	"context"
	"io"
)

// In a browser every read is a message: a journal is read once.

// Original gives the bytes of a journal again.
type Original interface {
	io.ReaderAt
	Changed() error
}

type judgement struct{}

func newJudgement(l *Livre, _ *ReadOptions) *judgement {
	l.original = nil
	return nil
}

func (*judgement) grown()                                  {}
func (*judgement) next(context.Context, *job) error        { return nil }
func (*Livre) estimate()                                   {}
func (*Livre) compressed()                                 {}
func (*Livre) settle(context.Context) error                { return nil }
func (*Livre) again(*bloc, []byte) ([]byte, error)         { return nil, nil }
func (*planner) unread(context.Context) ([]*Volume, error) { return nil, nil }

func (r *recette) fromOriginal(ctx context.Context, list []*Volume) error {
	return r.volumes(ctx, list)
}

// gathering is what a block is read from: nothing is.
type gathering struct{}

func (*gathering) read(*Livre, []byte) ([]byte, error) { return nil, nil }
