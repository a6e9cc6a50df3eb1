// Package pagetext reads the text of a PDF page with its places: which line
// stands where, how large, bold or slanted, which pictures are placed where, and
// which parts of the page carry ink. [Page] reads one page; a [Reader] reads many and keeps their fonts.
//
// All lengths are millimetres from the top left corner of the page as a person
// sees it, y downwards, whatever the page says about Rotate, CropBox and
// UserUnit; font sizes are points (1/72 inch) as seen. Texts are in Unicode
// normalisation form C. Text of the old Vietnamese fonts (TCVN3: .VnTime and
// its kin; VNI: VNI-Times and its kin) comes out as Unicode.
//
// The package interprets content streams itself (ISO 32000-1, 7.8, 8 and 9). It
// runs no foreign code, draws nothing and ignores clipping. What a hostile page
// can cost is bounded: operators, nesting, glyphs and ink have limits, and
// whatever was cut short or could not be read is told in [Text.Problems]. A
// page without text is no error; see [Text.Scanned].
package pagetext
