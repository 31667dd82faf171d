package sync

import (
	"context"

	"paye/hr"
	"paye/hr/lucca"
	"paye/internal/lang"
)

// Discovery is what a tenant can give, and the mapping that is proposed.
type Discovery struct {
	Description hr.Description
	Proposals   []hr.Proposal
	File        string // text of the proposed mapping.yaml
}

// Discover asks a source what it can give. The settings are those of a mapping
// file that is not there yet: o.Mapping is the path that it will have. No value
// of a person is asked for.
func Discover(ctx context.Context, o Options, s hr.SourceSettings, employeur string, l lang.Language) (*Discovery, error) {
	j, err := prepare(o, &hr.Mapping{Version: 1, Employeur: employeur, Source: s})
	if err != nil {
		return nil, err
	}
	if j.source, err = j.newSource(); err != nil {
		return nil, err
	}
	d, err := j.source.Describe(ctx)
	if err != nil {
		return nil, err
	}
	var hints hr.Hints
	if s.Type == "lucca" {
		hints = lucca.Hints
	}
	list := d.Propose(hints)
	return &Discovery{d, list, d.Mapping(s, employeur, list, l)}, nil
}
