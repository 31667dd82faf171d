// Package xhl measures paye/xhl against encoding/xml and etree on the same
// bulletins. It has benchmarks only, in two suites, Write and Read, whose names
// end in impl=NAME; table makes Markdown of what they print.
//
// Every implementation is first held to the content of the journal: what it
// wrote is read back tag by tag, what it read is compared with the others.
// Plain go test does that alone.
//
// The bulletins are those of a UTF-8 copy of the journal, so that the rivals
// have no charset to convert, and each rival is given its input ready: its own
// structs already filled, its tree already built.
package xhl
