package courrier

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"DUE-C31", "demandez au destinataire, puis reprenez l'envoi au besoin",
		"ask the recipient, then take the sending up again if needed"},
	{"DUE-C39", "regardez dans la boîte d'envoi, puis reprenez l'envoi",
		"look into the outbox, then take the sending up again"},
}
