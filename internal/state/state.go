package state

import (
	"fmt"
	"path/filepath"
)

// Dir returns the state folder, absolute: flag (the value of --state) when it
// is not empty, else $XHL_STATE, else $XDG_STATE_HOME/xhl, else
// $HOME/.local/state/xhl, or %LocalAppData%\xhl where there is no HOME, as on
// Windows. getenv is os.Getenv. The folder is not made.
func Dir(flag string, getenv func(string) string) (string, error) {
	dir := flag
	if dir == "" {
		dir = getenv("XHL_STATE")
	}
	if dir == "" {
		// The XDG base directory specification has relative paths ignored.
		if xdg := getenv("XDG_STATE_HOME"); filepath.IsAbs(xdg) {
			dir = filepath.Join(xdg, "xhl")
		}
	}
	if dir == "" {
		if local := getenv("LocalAppData"); filepath.IsAbs(local) && getenv("HOME") == "" {
			dir = filepath.Join(local, "xhl")
		}
	}
	if dir == "" {
		home := getenv("HOME")
		if home == "" {
			return "", fmt.Errorf("find the state folder: none of XHL_STATE, XDG_STATE_HOME, HOME and LocalAppData is set")
		}
		dir = filepath.Join(home, ".local", "state", "xhl")
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("find the state folder: %w", err)
	}
	return abs, nil
}

// Ledger returns where the ledger is, as ledger.Open takes it: url (the value
// of --ledger) when it is not empty, else $XHL_LEDGER, else dir, the state
// folder.
func Ledger(url, dir string, getenv func(string) string) string {
	if url == "" {
		url = getenv("XHL_LEDGER")
	}
	if url == "" {
		return dir
	}
	return url
}
