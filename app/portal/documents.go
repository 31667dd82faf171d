package portal

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"

	"paye/vault"
)

// Document is a document of the vault, with who deposited it by name.
type Document struct {
	vault.Metadata
	Name string // of the employer
}

// Documents gives what an account may see, the newest month first: the
// documents of all its memberships, of one year when year is not 0.
func (p *Portal) Documents(ctx context.Context, a *Account, year int) (list []Document, err error) {
	if !a.Sees() {
		return nil, Codes.New(NotNow)
	}
	for _, m := range a.Member {
		name, err := p.EmployerName(ctx, m.Siret)
		if err != nil {
			return nil, err
		}
		for d, err := range p.o.Coffre.List(ctx, vault.Agent(m.Agent), vault.Filtre{Agent: m.Agent, Annee: year}) {
			if err != nil {
				return nil, err
			}
			if d.Copies&vault.CopieAgent != 0 {
				list = append(list, Document{d, name})
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Document) int {
		return cmp.Or(cmp.Compare(b.Periode.String(), a.Periode.String()), b.Date.Compare(a.Date), cmp.Compare(a.Titre, b.Titre))
	})
	return list, nil
}

// Years gives the years in which an account has documents, newest first.
func (p *Portal) Years(ctx context.Context, a *Account) (list []int, err error) {
	if !a.Sees() {
		return nil, Codes.New(NotNow)
	}
	for _, m := range a.Member {
		years, err := p.o.Coffre.Annees(ctx, vault.Agent(m.Agent))
		if err != nil {
			return nil, err
		}
		list = append(list, years...)
	}
	slices.Sort(list)
	slices.Reverse(list)
	return slices.Compact(list), nil
}

// Document gives one document of the account; what is another's does not exist
// (COF-204).
func (p *Portal) Document(ctx context.Context, a *Account, id vault.ID) (*Document, error) {
	if !a.Sees() {
		return nil, Codes.New(NotNow)
	}
	var last error = vault.Codes.New("COF-204")
	for _, m := range a.Member {
		d, err := p.o.Coffre.Metadata(ctx, vault.Agent(m.Agent), id)
		if err == nil {
			name, err := p.EmployerName(ctx, m.Siret)
			return &Document{d, name}, err
		}
		last = err
	}
	return nil, last
}

// Read writes a document of the account to w: the reading is in the journal,
// under the owner's name, before the first byte.
func (p *Portal) Read(ctx context.Context, a *Account, id vault.ID, w io.Writer) error {
	d, err := p.Document(ctx, a, id)
	if err != nil {
		return err
	}
	_, err = p.o.Coffre.Read(ctx, vault.Agent(d.Agent), id, w)
	return err
}

// Proof gives the receipt of a document and what is wrong with it, if anything
// is: the badge « déposé par l’employeur » is a receipt that was verified now.
func (p *Portal) Proof(ctx context.Context, a *Account, id vault.ID) (vault.Controle, error) {
	d, err := p.Document(ctx, a, id)
	if err != nil {
		return vault.Controle{}, err
	}
	return p.o.Coffre.Check(ctx, vault.Agent(d.Agent), id)
}

// Export writes everything that the account has as one zip: a BagIt bag with
// proofs for each employer, and the documents that its owner put there.
func (p *Portal) Export(ctx context.Context, a *Account, w io.Writer) error {
	if !a.Takes() {
		return Codes.New(NotNow)
	}
	z := zip.NewWriter(w)
	for _, m := range a.Member {
		part, err := z.CreateHeader(&zip.FileHeader{Name: "employeur-" + m.Siret + "-" + m.Matricule + ".zip", Method: zip.Store, Modified: p.clock()})
		if err != nil {
			return fmt.Errorf("write an export: %w", err)
		}
		if _, err := p.o.Coffre.Export(ctx, vault.Agent(m.Agent), vault.Filtre{Agent: m.Agent}, part); err != nil {
			return err
		}
	}
	for i, piece := range a.Pieces {
		part, err := z.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("mes-documents/%03d-%s", i+1, safeName(piece.Name)), Method: zip.Store, Modified: piece.Date})
		if err != nil {
			return fmt.Errorf("write an export: %w", err)
		}
		b, err := p.openPiece(&piece)
		if err != nil {
			return err
		}
		if _, err := part.Write(b); err != nil {
			return fmt.Errorf("write an export: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("write an export: %w", err)
	}
	return p.note(ctx, a.ID, Event{What: HapExport})
}
