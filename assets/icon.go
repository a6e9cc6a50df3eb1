package assets

import _ "embed"

// Icon is the program's icon, an SVG: a page with the signature across the seal.
//
//go:embed icons/antin.svg
var Icon []byte
