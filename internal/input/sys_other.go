//go:build !unix

package input

const nonBlock = 0 // pipes have no names among files here
