package ledger

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"LED-104", "demandez à l'exploitant du serveur de vérifier sa base PostgreSQL",
		"ask whoever runs the server to check its PostgreSQL database"},
}
