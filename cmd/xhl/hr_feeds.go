package main

import (
	"github.com/urfave/cli/v2"

	"paye/app/sync"
	"paye/xhl"
)

// joinHR makes an encoding complete the agents of its lines with those of the
// HR synchronisation, when --hr names one. end tells of who has no line.
func (p *program) joinHR(c *cli.Context, w *xhl.WriterOptions) (end func(), err error) {
	if c.String("hr") == "" {
		return func() {}, nil
	}
	m, err := p.hrMonth(c)
	if err != nil {
		return nil, err
	}
	var join *sync.Join
	err = p.hrMemory(c, c.String("hr"), func(j *sync.Job) (err error) {
		join, err = j.Join(c.Context, m, p.report)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.Agent = join.Agent
	return join.End, nil
}
