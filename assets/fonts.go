// Package assets holds what the program carries inside itself: fonts, icons,
// texts, profiles. It holds data only; whoever uses a piece knows what it
// means.
//
// The fonts are Liberation Serif 2.1.5, unchanged, under the SIL Open Font
// License 1.1 (fonts/LICENSE-LiberationSerif.txt). Their advance widths are
// those of Times New Roman, the typeface that Nghị định 30/2020/NĐ-CP, Phụ lục
// I prescribes, and they contain every Vietnamese letter.
package assets

import _ "embed"

//go:embed fonts/LiberationSerif-Regular.ttf
var serifRegular []byte

//go:embed fonts/LiberationSerif-Bold.ttf
var serifBold []byte

//go:embed fonts/LiberationSerif-Italic.ttf
var serifItalic []byte

//go:embed fonts/LiberationSerif-BoldItalic.ttf
var serifBoldItalic []byte

//go:embed fonts/LICENSE-LiberationSerif.txt
var serifLicence string

// SerifRegular is Liberation Serif Regular as a TrueType file. The bytes are
// shared: do not change them.
func SerifRegular() []byte { return serifRegular }

// SerifBold is Liberation Serif Bold as a TrueType file. The bytes are shared:
// do not change them.
func SerifBold() []byte { return serifBold }

// SerifItalic is Liberation Serif Italic as a TrueType file. The bytes are
// shared: do not change them.
func SerifItalic() []byte { return serifItalic }

// SerifBoldItalic is Liberation Serif Bold Italic as a TrueType file. The
// bytes are shared: do not change them.
func SerifBoldItalic() []byte { return serifBoldItalic }

// SerifLicence is the text of the SIL Open Font License 1.1 with the copyright
// lines of Liberation Serif, for the window that names the licences.
func SerifLicence() string { return serifLicence }
