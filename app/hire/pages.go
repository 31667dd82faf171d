package hire

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"DUE-B06", "demandez à l'exploitant du serveur de donner les réglages",
		"ask whoever runs the server to give the settings"},
	{"DUE-B07", "les premières déclarations le font",
		"the first declarations make it"},
}
