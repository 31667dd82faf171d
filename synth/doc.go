// Package synth makes synthetic runs of the payroll of a French local
// authority: a run, a journal, and their justificatifs, as large as asked, of
// agents that do not exist. It is what tests, measurements and demonstrations
// work on where no real payroll may be shown.
//
// [Generate] makes a recipe, a [Run]; bulletin i is a pure function of the
// options and of i, so that any number of cores writes the same bytes.
//
// # Profiles
//
// They have the weights of two books of the note of DGFiP bureau CL2C of 30
// November 2018. Measured with gzip 1.12 -6, seed 1, nomenclatures included:
//
//	profile    bulletins  journal.xhl    a bulletin  compressed    a bulletin  the note
//	ordinaire  18,856     134,944,299 B  7,157 B     6,279,067 B   333 B       134 Mo, 5.1 Mo (270 B)
//	dense      60,603     420,917,099 B  6,945 B     67,222,734 B  1,109 B     414 Mo, 70 Mo (1,155 B)
//
// Ordinaire is a book in the order of services, grades and échelons: people
// differ, but neighbours on one step of one grid have the same lines, which is
// all that a window of 32 KiB lets gzip see. Dense is the book of an authority
// whose amounts are all individual: primes by decision, arrears by the day,
// counters at the foot of the slip. Its primes are dealt out without regard for
// the post; its HR package does not indent, and totals what the employer owes
// to each caisse.
//
// # What adds up
//
// The amounts follow the rules of the fonction publique territoriale as of
// 2026: see [Run.Bulletin] for the sums. The grids have the shape of those of
// 2024; rates are those of the time, CNRACL by year. It is not a payroll
// engine: absences take nothing off, ceilings are those of a full month.
//
// # Numbers of nobody
//
// NIR, SIRET, accounts and postal codes have valid keys in ranges where no one
// is: see identifiants.go. The commune, its services and its neighbours do not
// exist.
//
// # Glossary
//
//	Go name       gloss
//	Run           the recipe of a run
//	Groupe        a DonneesIndiv: the bulletins of one établissement
//	section       neighbours of the book who share a service and a post
//	emploi        a post: grade, grid, régime indemnitaire
//	regime        the rules of a pay: cnracl, general, vacations, mandat, aide
//	rubrique      a pay item, with its accounts (nomenclature M57)
//	prime         an indemnity that individual decisions give
//	assiettes     what contributions are computed on
//	Piece         a justificatif: arrêté or contrat, of one agent, shared or general
//	Progress         counters of what was done
package synth
