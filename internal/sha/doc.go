// Package sha is SHA-256: that of the standard library, and in a browser, where
// compiled Go has neither the instruction of the processor nor enough registers,
// the same with rounds that the script of the page brings. The digests are the
// same.
package sha
