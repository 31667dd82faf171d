package portal

import "time"

// Request is what somebody asks of the support desk of an employer.
type Request struct {
	ID        string    `json:"id"`
	Kind      string    `json:"genre"`
	Siret     string    `json:"siret"`
	Matricule string    `json:"matricule"`
	Account   string    `json:"compte"`
	Date      time.Time `json:"date"`
	Done      time.Time `json:"faite,omitzero"`
	By        []string  `json:"par,omitempty"` // who of the desk acted
}
