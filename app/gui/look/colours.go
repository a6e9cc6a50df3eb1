package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

type palette map[fyne.ThemeColorName]color.Color

func rgb(hex uint32) color.Color {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), 0xff} //nolint:gosec // cut on purpose
}

// own are the program's colours where they differ from Fyne's. Words keep a
// contrast of 4.5 : 1 with what is behind them, edges of what is pressed or filled
// in one of 3 : 1 (WCAG 2.2, 1.4.3 and 1.4.11).
var own = map[fyne.ThemeVariant]palette{
	theme.VariantLight: {
		theme.ColorNameForeground:      rgb(0x1b1d1f),
		theme.ColorNameButton:          rgb(0xe6ebf1),
		theme.ColorNameDisabledButton:  rgb(0xf3f3f3),
		theme.ColorNameInputBackground: rgb(0xffffff),
		theme.ColorNameInputBorder:     rgb(0x7c8590),
		theme.ColorNameSeparator:       rgb(0xc9ced4),
		theme.ColorNamePrimary:         rgb(0x0b57a4),
		theme.ColorNameHyperlink:       rgb(0x0b57a4),
		theme.ColorNameSuccess:         rgb(0x1b7a36),
		theme.ColorNameWarning:         rgb(0x8a5600),
		theme.ColorNameError:           rgb(0xb3261e),
		// Fyne draws words of lesser weight in it, which are to be read.
		theme.ColorNameDisabled:    rgb(0x666666),
		theme.ColorNamePlaceHolder: rgb(0x6a6a6a),
		ColorNameDesk:              rgb(0xeceef0),
		ColorNameSignature:         rgb(0x0b57a4),
		ColorNameGuide:             rgb(0xc2185b),
	},
	theme.VariantDark: {
		theme.ColorNameButton:            rgb(0x34373d),
		theme.ColorNameDisabledButton:    rgb(0x26282c),
		theme.ColorNameInputBackground:   rgb(0x0e0f11), // apart from fields that cannot be written in
		theme.ColorNameOverlayBackground: rgb(0x1d1e21),
		theme.ColorNameMenuBackground:    rgb(0x1d1e21),
		theme.ColorNameInputBorder:       rgb(0x7d828a),
		theme.ColorNameSeparator:         rgb(0x46494f),
		theme.ColorNamePrimary:           rgb(0x1f6fd0),
		theme.ColorNameHyperlink:         rgb(0x7db4ff),
		theme.ColorNameError:             rgb(0xff6b5e),
		theme.ColorNameSuccess:           rgb(0x5fd06a),
		theme.ColorNameDisabled:          rgb(0xa3a3a3),
		theme.ColorNamePlaceHolder:       rgb(0xa3a3a3),
		ColorNameDesk:                    rgb(0x26272a),
		ColorNameSignature:               rgb(0x0b57a4), // on the page, which stays white
		ColorNameGuide:                   rgb(0xc2185b),
	},
}

// contrast is black on white with strong borders; words keep a contrast of 7 : 1
// (WCAG 2.2, 1.4.6).
var contrast = palette{
	theme.ColorNameBackground:          rgb(0xffffff),
	theme.ColorNameForeground:          rgb(0x000000),
	theme.ColorNameButton:              rgb(0xececec),
	theme.ColorNameDisabledButton:      rgb(0xececec), // without the line that others have
	theme.ColorNameInputBackground:     rgb(0xffffff),
	theme.ColorNameInputBorder:         rgb(0x000000),
	theme.ColorNameSeparator:           rgb(0x000000),
	theme.ColorNamePlaceHolder:         rgb(0x4a4a4a),
	theme.ColorNameDisabled:            rgb(0x4a4a4a),
	theme.ColorNamePrimary:             rgb(0x00308f),
	theme.ColorNameHyperlink:           rgb(0x00308f),
	theme.ColorNameFocus:               color.NRGBA{A: 0x30},
	theme.ColorNameHover:               color.NRGBA{A: 0x20},
	theme.ColorNameSelection:           rgb(0xffe08a),
	theme.ColorNameSuccess:             rgb(0x00591c),
	theme.ColorNameWarning:             rgb(0x5c3600),
	theme.ColorNameError:               rgb(0x8c0000),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	ColorNameDesk:                      rgb(0xffffff),
	ColorNameSignature:                 rgb(0x00308f),
	ColorNameGuide:                     rgb(0x8c0000),
}
