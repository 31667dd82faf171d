// Package room lends blocks of memory: a program that makes volumes for a thousand
// employers, one after the other, wants the same few blocks a thousand times, and
// memory that was just used is in the caches of the processor.
//
// Glossary:
//
//	Block  some memory, with whatever its last user left in it
//	Lend   take one
//	Give   bring it back; it is somebody else's then
package room

import "sync"

// Size of a block, in bytes: a stored block of deflate with its header is 65,540.
const Size = 65 << 10

// Block is lent to one user at a time.
type Block [Size]byte

var blocks = sync.Pool{New: func() any { return new(Block) }}

// Lend returns a block, of any content.
func Lend() *Block { return blocks.Get().(*Block) }

// Give brings b back, which may be nil.
func (b *Block) Give() {
	if b != nil {
		blocks.Put(b)
	}
}
