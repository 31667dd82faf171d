// Package etatstest plays the scenarios that a comparison of two months is
// held to: a synthetic month, a second one with changes planted in it, and the
// score of what was found against what was planted. Tests and the bench use it.
//
//	Scenario   a pair of months to make, and how it is disguised
//	Score      recall, precision, coverage, and the rows that are wrong
//	Disguise   how the journal of another editor would look
package etatstest
