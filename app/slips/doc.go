// Package slips renders the bulletins of a journal as PDF files in a folder: it
// tells what agents would read wrong, writes each bulletin, and lets all of
// them appear at once. It prints nothing.
//
// Glossary:
//
//	Request  what is asked: a journal, a folder, and whose bulletins
//	Watch    how the work is watched
//	Result   what was written, and who was asked for in vain
package slips
