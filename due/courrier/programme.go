package courrier

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"time"
)

// ScelleurProgramme hands the entity to an external OpenPGP program: the MIME
// entity on its standard input, nothing else, and the ASCII-armoured message
// on its standard output. It must sign with our key and encrypt for the
// recipient and for us; that it did is checked here.
type ScelleurProgramme struct {
	Programme    string
	Destinataire *ClePGP
	Propre       *ClePGP
}

// programTime is how long the program may take.
const programTime = time.Minute

// Empreinte is the fingerprint of the recipient's key.
func (s *ScelleurProgramme) Empreinte() string { return s.Destinataire.Empreinte() }

// Seal runs the program and opens what it made.
func (s *ScelleurProgramme) Seal(ctx context.Context, entity []byte) (Scelle, error) {
	ctx, cancel := context.WithTimeout(ctx, programTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.Programme)
	cmd.Stdin = bytes.NewReader(entity)
	out, err := cmd.Output()
	if err != nil {
		return Scelle{}, fmt.Errorf("run the encryption program: %w", err)
	}
	if err := s.Propre.proves(out, entity); err != nil {
		return Scelle{}, err
	}
	return Scelle{OpenPGP, out}, nil
}
