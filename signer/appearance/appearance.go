// Package appearance draws what a signature looks like on the page: pictures
// with soft edges (handwritten signature, seal) and lines of text, as one PDF
// form XObject (ISO 32000-1, 8.10) that the widget of a signature or text
// field shows.
//
// A caller makes a Look with SignatureLook, SealLook, LinesLook or TextLook, or
// puts one together with NewLook, and hands it to Form with the geometry of
// the page. All lengths are millimetres from the top left corner of the look,
// y downwards; font sizes are points (1/72 inch). A look stands upright for
// the reader and has its true size in print whatever the page says about
// Rotate, CropBox and UserUnit.
//
// Text is drawn as filled outlines of Liberation Serif, a face with the widths
// of Times New Roman: nothing is embedded or encoded, every Vietnamese letter
// is there, and each viewer shows the same. The same look gives the same bytes.
//
// The package writes form and image objects only. It knows no fields, no
// annotations and no rules of layout.
package appearance

import "errors"

// Pictures that cannot be used.
var (
	ErrPictureFormat   = errors.New("appearance: not a usable PNG or JPEG picture")
	ErrPictureTooLarge = errors.New("appearance: picture too large") // above 32 MiB or 64 million pixels
	ErrPictureEmpty    = errors.New("appearance: nothing to see in the picture")
)

// Text that cannot be drawn as it is.
var (
	ErrMissingGlyph = errors.New("appearance: missing glyph")     // see GlyphError for the rune
	ErrNoRoom       = errors.New("appearance: text does not fit") // the look would cut it off
)

// Constraints are rules of the document that the look must keep.
type Constraints struct {
	// PDFA is the part of PDF/A (ISO 19005-1, -2, -3) that the document
	// claims: 1, 2, 3 (4 counts as 3), or 0 for none.
	PDFA int
	// OutputIntentRGB tells that the document has a PDF/A output intent with
	// an RGB profile, which colours in DeviceRGB need.
	OutputIntentRGB bool
}

// Note is something about a look under Constraints that a person may want to
// know; it does not prevent drawing.
type Note int

const (
	// NoteBlendedOnWhite: PDF/A-1 knows no soft transparency, so half
	// transparent edges are mixed with white. On white paper nothing changes;
	// over other content pale edges can be seen.
	NoteBlendedOnWhite Note = iota + 1
	// NoteOutputIntent: the document claims PDF/A but is not known to have an
	// RGB output intent; a colour picture makes it miss that claim.
	NoteOutputIntent
)

// String names the note in English, for logs.
func (n Note) String() string {
	switch n {
	case NoteBlendedOnWhite:
		return "soft edges blended on white (PDF/A-1)"
	case NoteOutputIntent:
		return "colour picture without RGB output intent (PDF/A)"
	default:
		return "unknown note"
	}
}
