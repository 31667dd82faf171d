// Package hr takes the sheets of agents and their absences from an HR tool
// into the payroll side: one way, read only, and nothing is ever guessed. It
// holds what does not depend on the tool, from the mapping of its fields to the
// memory of what was taken over.
//
// Adapters stand behind [Source]: paye/hr/lucca speaks to Lucca (interface
// v3), paye/hr/folder reads a folder of CSV or XLSX files.
//
// Glossary:
//
//	Source         where sheets come from; it is never written to
//	Record         one sheet as the source gives it, of which the mapped paths are kept
//	Champ          one of the thirty fields that travel
//	Mapping        mapping.yaml: which path of the source is which Champ, and what to do with it
//	Fiche          one sheet, normalised: a value, nothing, or "said nothing" for each Champ
//	Agent          a person who is paid, as the payroll side knows them
//	Matricule      the number of an agent, unique in one établissement only
//	link           source record → Agent, remembered from one run to the next
//	strong key     NIR, matricule: one that disagrees forbids a match
//	weak key       mail, telephone: needs a second agreement
//	run            one synchronisation, from the first page to the recap
//	Absence        one half-day of one agent, with its type
//	Lot            absences that were fetched and wait to be imported
//
// Sources of the rules: the integration guide that the product follows (what
// travels, what does not, the four outcomes of the absences), the vendor's
// public documentation. A rule of our own says so in its comment.
//
// What it does not do: write to the HR tool, send a hiring declaration, close a
// contract, delete an agent, touch working time or pay.
package hr
