package render

import "image"

// What the two processes say to each other: a request is JSON, so is the
// answer, but for requests of pixels, which are answered with these bytes
// alone. Pixels and not a PNG, because the caller needs pixels and must not have
// to parse what a helper sends that a foreign file may have taken over.
type request struct {
	Do string // openFile, readSizes, drawPage or readPixels

	Path string `json:",omitempty"` // openFile; the secret is the password
	End  int64  `json:",omitempty"` // openFile: draw an earlier state, see Source

	Plain bool `json:",omitempty"` // leave annotations out: openFile of all pages, drawPage of this one

	Page   int     `json:",omitempty"` // drawPage: from 1
	DPI    float64 `json:",omitempty"`
	Pixels int     `json:",omitempty"` // drawPage: refuse to draw more

	Area *image.Rectangle `json:",omitempty"` // drawPage: only this part of the picture is wanted

	Offset int `json:",omitempty"` // readPixels: from this byte on, at most pieceSize
}

const (
	openFile   = "open"
	readSizes  = "sizes"
	drawPage   = "draw"
	readPixels = "pixels"
)

type answer struct {
	Fault  fault  `json:",omitempty"`
	Detail string `json:",omitempty"` // of the fault, for the error chain

	Pages            int  `json:",omitempty"` // openFile
	Annotated, Shown bool `json:",omitempty"` // Shown: drawPage too

	Sizes []Size `json:",omitempty"` // readSizes

	Width, Height int     `json:",omitempty"` // drawPage
	MaxDPI        float64 `json:",omitempty"` // with faultTooLarge
}

// fault names the sentinel that the caller gets.
type fault string

const (
	faultPassword    fault = "password"
	faultNotDrawable fault = "not drawable"
	faultTooLarge    fault = "too large"
	faultNothingOpen fault = "nothing open" // a new helper answers in place of one that died between two requests
)

// pieceSize is how many bytes of pixels travel in one frame.
const pieceSize = 2 << 20
