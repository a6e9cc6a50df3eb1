// Package content reads what page content is written in (ISO 32000-1:2008, 7.8
// and 8.3): the tokens of content streams and the matrices that place things.
//
// It knows no operators: whoever reads a page decides which of them matter.
// Nothing is drawn. Arrays and dictionaries are bounded; a token costs no more
// than its bytes.
package content
