package pespj

// onPages is what to do where there are fields and no options.
var onPages = [][3]string{
	{"PES-501", "votre comptable le donne",
		"your accountant gives it"},
	{"PES-502", "recopiez ce que donne votre comptable",
		"copy what your accountant gives"},
}
