package reader

import "image/color"

// Colours on the page, which is white whatever the theme.
var (
	colourPaper    = color.White
	colourMark     = color.NRGBA{0xff, 0xd5, 0x4f, 0x70}
	colourChosen   = color.NRGBA{0xff, 0x8f, 0x00, 0x90}
	colourMarkEdge = color.NRGBA{0x8f, 0x5a, 0x00, 0xff}
)
