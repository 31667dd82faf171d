package main

// many is the arity of a command that takes as many arguments as one likes.
const many = -1

// arity is how many arguments each command takes at most; what is given beyond
// is a slip, and is refused before anything is read. A test holds the list
// against the commands.
var arity = map[string]int{
	"build": 1, "plan": 1, "index": 1, "check": many, "send": many, "acquit": many, "resend": many, "status": 1, "pjref": many,
	"ledger export": 0, "ledger import": 1, "ledger check": 0,
	"bulletins": 1, "variations": 2, "pdf inspect": many, "pdf optimise": many,
	"etat liquidatif": many, "etat heures": many, "etat charges": many, "etat astreintes": many, "etat sft": many, "etat elus": many,
	"etat recapitulatif": many, "etat controles": many, "etat rubriques": many,
	"vault init": 0, "vault deposit": 1, "vault track": 0, "vault list": 0, "vault get": 1, "vault destroy": many,
	"vault fsck": 0, "vault export": 0, "vault recover": 0, "vault rekey": 0,
	"vault user list": 0, "vault user add": 1, "vault user password": 1, "vault user token": 1, "vault user open": 1, "vault user close": 1,
	"vault user grant": 1, "vault user revoke": 1, "vault user employer": 1, "vault user paper": 0,
	"due init": 0, "due check": 0, "due export": 0, "due send": 0, "due receive": many, "due list": 1,
	"due setup": 0, "due setup status": 0, "due setup contact": 0, "due setup cle": 0, "due setup chemins": 0, "due setup cle-test": 0,
	"due setup conventions": 0, "due setup cle-definitive": 0, "due setup confirmer": 0,
	"hr discover": 0, "hr sync": 0, "hr recap": 0, "hr absences fetch": 0, "hr absences import": 1,
	"batch": 1, "watch": 1, "page": many, "batch init": 1, "batch cancel": many, "worker": 0, "serve": 0, "encode": 1, "decode": 1, "synth": 0,
	"completion bash": 0, "completion zsh": 0, "completion fish": 0, "completion powershell": 0, "man": 1,
	"help": many, "config": 0, "config init": 0, "version": 0,
}
