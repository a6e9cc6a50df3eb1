// Package pdffile reads a PDF as a structure and adds one incremental revision
// to it.
//
// Open gives a File: its revisions, its pages with their geometry in
// millimetres as a person sees them, its form fields and its signatures. At
// gives the same file as it was at an earlier end, which is what a signature
// covers. Sign-ready changes are collected in an Update, whose Render gives the
// bytes to append; the original bytes stay an untouched prefix, and the kind of
// cross-reference (table or stream) follows the input.
//
// Objects are read one at a time from where they lie, so a file of any size
// needs little memory; only streams that are asked for are decoded (filters and
// password keys are pdfcpu's). Reading is strict on purpose: a damaged
// cross-reference is an error, never silently rebuilt, because a signature must
// mean the same in every reader. Repair makes a rebuilt copy when the user asks
// for one.
//
// Lengths are user space units unless a name says mm. Syntax and semantics
// follow ISO 32000-1:2008; clause numbers in comments are its. A File is not
// safe for concurrent use, and the objects it returns are shared: Clone a Dict
// before changing it. The package draws nothing and knows no cryptography but
// the standard security handler's.
package pdffile
