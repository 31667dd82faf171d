package sync

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"paye/hr"
	"paye/internal/durable"
)

// holder is who has the lock, as the file beside it says.
type holder struct {
	Run   string    `json:"run"`
	PID   int       `json:"pid"`
	Host  string    `json:"host"`
	Start time.Time `json:"start"`
}

func (h holder) String() string {
	return fmt.Sprintf("%s, %s, PID %d", h.Run, h.Host, h.PID)
}

// tooLong is how long a run may take before it is told as stuck.
const tooLong = 24 * time.Hour

// newRun draws the identifier of a run: its time, then some random characters.
func (j *Job) newRun() (string, error) {
	var draw [4]byte
	if _, err := io.ReadFull(j.o.Random, draw[:]); err != nil {
		return "", fmt.Errorf("name the run: %w", err)
	}
	return j.o.Clock.Now().UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(draw[:]), nil
}

// lock takes the lock of the employer, which the end of the process frees
// however it ends. breakIt takes the place of a run that does not end any more.
func (j *Job) lock(dir, run string, breakIt bool) (release func(), err error) {
	path := filepath.Join(dir, "verrou")
	who := filepath.Join(dir, "verrou.json")
	if breakIt {
		// Whoever has the old file open keeps a lock that nobody meets again.
		if err := durable.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("break the lock: %w", err)
		}
	}
	l, err := durable.LockFile(path, durable.Exclusive)
	if errors.Is(err, durable.ErrLocked) {
		return nil, j.held(who)
	}
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(holder{run, os.Getpid(), j.o.Host, j.o.Clock.Now().UTC()})
	if err == nil {
		err = durable.WriteFile(who, text)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("sign the lock: %w", err), l.Close())
	}
	return func() { l.Close() }, nil
}

// held is the refusal of a lock that another run has.
func (j *Job) held(who string) error {
	var h holder
	if text, err := os.ReadFile(who); err == nil {
		_ = json.Unmarshal(text, &h) // of a damaged one, nothing is known
	}
	if !h.Start.IsZero() && j.o.Clock.Now().Sub(h.Start) > tooLong {
		return hr.Codes.New("RH-302", h.String())
	}
	return hr.Codes.New("RH-301", h.String())
}
