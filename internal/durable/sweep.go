package durable

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Interrupted reports whether a delivery was being put into dir and has not
// come to its end: what the folder holds is then no set.
func Interrupted(dir string) bool {
	return exists(filepath.Join(dir, stageName, journalName)) || exists(filepath.Join(dir, besideName))
}

// Sweep removes from dir what a process that died left of a delivery which had not
// begun to appear. Nothing is told: who writes there next does the same.
func Sweep(dir string) {
	sweepBeside(dir)
	if !exists(filepath.Join(dir, stageName)) || Interrupted(dir) {
		return
	}
	if d, err := Begin(dir, DeliveryOptions{}); err == nil {
		d.Abort()
	}
}

// sweep removes the folder of what is staged, which has no folders in it. The
// journal goes first: without what it names it would be a lie.
func sweep(stage string) error {
	entries, err := os.ReadDir(stage)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	journal := filepath.Join(stage, journalName)
	if err == nil && exists(journal) {
		err = Remove(journal)
	}
	for _, e := range entries {
		if err == nil && e.Name() != journalName {
			err = Remove(filepath.Join(stage, e.Name()))
		}
	}
	if err == nil {
		err = Remove(stage)
	}
	if err != nil {
		return fmt.Errorf("remove what a delivery left: %w", err)
	}
	return nil
}

// sweepBeside removes what a process that died left beside a folder.
func sweepBeside(dir string) {
	if !movesOpen {
		return
	}
	stage, ok := besideOf(dir)
	if !ok || !exists(stage) {
		return
	}
	if lock, err := lockIn(filepath.Join(stage, besideName), dir, true); err == nil {
		empty(stage, "") // what stays is hidden, and the next one tries again
		lock.leave()
	}
}

// empty removes what is in a stage but the file keep, and the stage itself when
// keep is "".
func empty(stage, keep string) error {
	entries, err := os.ReadDir(stage)
	for _, e := range entries {
		path := filepath.Join(stage, e.Name())
		switch {
		case err != nil:
		case e.IsDir():
			err = empty(path, "")
		case path != keep:
			err = Remove(path)
		}
	}
	if err == nil && keep == "" {
		err = Remove(stage)
	}
	return err
}
