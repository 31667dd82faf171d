// Package state says where the memory of the product lives: the state folder,
// which holds the ledger and the embedded vault, and the ledger itself, which
// may be in a PostgreSQL database instead.
//
// Glossary:
//
//	state folder  --state, else $XHL_STATE, else $XDG_STATE_HOME/xhl, else ~/.local/state/xhl; %LocalAppData%\xhl on Windows
//	ledger        --ledger, else $XHL_LEDGER, else a file of the state folder
//
// It makes no folder and opens nothing.
package state
