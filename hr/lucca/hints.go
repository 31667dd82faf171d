package lucca

import "paye/hr"

// Hints are the paths of the interface v3 that its documentation names. The
// other fields are the tenant's own, under codes that each tenant chooses.
var Hints = hr.Hints{
	hr.ChampSourceID:      {Path: hr.Paths{"id"}},
	hr.ChampTitre:         {Path: hr.Paths{"civilTitle"}},
	hr.ChampPrenom:        {Path: hr.Paths{"firstName"}},
	hr.ChampNom:           {Path: hr.Paths{"lastName"}},
	hr.ChampDateNaissance: {Path: hr.Paths{"birthDate"}},
	hr.ChampNationalite:   {Path: hr.Paths{"nationality.name"}},
	hr.ChampMatricule:     {Path: hr.Paths{"employeeNumber"}},
	hr.ChampAdresse:       {Path: hr.Paths{"address"}},
	hr.ChampTelPro:        {Path: hr.Paths{"professionalMobile"}, Else: hr.Paths{"directLine"}},
	hr.ChampTelPerso:      {Path: hr.Paths{"personalMobile"}},
	hr.ChampMailPerso:     {Path: hr.Paths{"personalEmail"}},
	hr.ChampMailPro:       {Path: hr.Paths{"mail"}},
	hr.ChampDebutContrat:  {Path: hr.Paths{startPath}},
	hr.ChampFinContrat:    {Path: hr.Paths{endPath}},
}
