package vault

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"paye/internal/durable"
	"paye/internal/input"
)

// keptLock is an account that waits, by a tag that only this vault can make.
type keptLock struct {
	Qui   string    `json:"qui"`
	Until time.Time `json:"until"`
}

// maxLocks bounds the file of locks, in bytes.
const maxLocks = 8 << 20

// recall reads the locks that an earlier process kept. A file that cannot be
// read locks nobody, and is told: it is no reason to keep everybody out.
func (f *failures) recall(path string, now time.Time) error {
	f.path = path
	if path == "" {
		return nil
	}
	text, err := input.ReadFile(path, maxLocks)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var list []keptLock
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil {
		return fmt.Errorf("read the locks of accounts: %w", err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.room(now)
	for _, l := range list[:min(len(list), maxFailures)] {
		who, err := base64.RawStdEncoding.DecodeString(l.Qui)
		if err == nil && now.Before(l.Until) && l.Until.Sub(now) <= delaiBlocage {
			f.m[string(who)] = &failure{until: l.Until}
		}
	}
	return nil
}

// keep writes the locks that hold, so that a process that starts again does not
// forget them. Failures that lock nothing yet stay in memory.
func (f *failures) keep(now time.Time) error {
	if f.path == "" {
		return nil
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	f.mu.Lock()
	list := []keptLock{}
	for who, x := range f.m {
		if now.Before(x.until) {
			list = append(list, keptLock{base64.RawStdEncoding.EncodeToString([]byte(who)), x.until})
		}
	}
	f.mu.Unlock()
	text, err := json.Marshal(list)
	if err == nil {
		err = durable.WriteFile(f.path, text)
	}
	if err != nil {
		return fmt.Errorf("keep the locks of accounts: %w", err)
	}
	return nil
}
