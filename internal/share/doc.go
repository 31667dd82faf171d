// Package share hands parts of a work to another instance of the program, which
// has a processor and a memory of its own: in a browser that is how a second
// core is used.
//
// Glossary:
//
//	Peer     the other instance, as the one that asks sees it
//	Session  one work that parts are handed over of
//	Server   the other instance, as it sees itself
//	Task     what the server does with the parts of a session
//
// Whoever hands a part over can do it too, by the same function, and does when
// the peer did not: because it is gone, or because the part is none of those
// whose result can travel. So a work comes to the same with a peer and without.
package share
