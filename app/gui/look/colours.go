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

// own are the program's colours where they differ from Fyne's. Text on Primary,
// Success, Warning and Error keeps a contrast of 4.5 : 1 (WCAG 2.2, 1.4.3).
var own = map[fyne.ThemeVariant]palette{
	theme.VariantLight: {
		theme.ColorNamePrimary: rgb(0x0b57a4),
		theme.ColorNameSuccess: rgb(0x1b7a36),
		theme.ColorNameWarning: rgb(0x8f5a00),
		theme.ColorNameError:   rgb(0xb3261e),
		// Fyne draws words of lesser weight in it, which are to be read.
		theme.ColorNameDisabled:    rgb(0x666666),
		theme.ColorNamePlaceHolder: rgb(0x666666),
		ColorNameSignature:         rgb(0x0b57a4),
		ColorNameGuide:             rgb(0xc2185b),
	},
	theme.VariantDark: {
		theme.ColorNamePrimary:     rgb(0x1f6fd0),
		theme.ColorNameDisabled:    rgb(0xa3a3a3),
		theme.ColorNamePlaceHolder: rgb(0xa3a3a3),
		ColorNameSignature:         rgb(0x0b57a4), // on the page, which stays white
		ColorNameGuide:             rgb(0xc2185b),
	},
}

// contrast is black on white with strong borders.
var contrast = palette{
	theme.ColorNameBackground:          rgb(0xffffff),
	theme.ColorNameForeground:          rgb(0x000000),
	theme.ColorNameButton:              rgb(0xe0e0e0),
	theme.ColorNameInputBackground:     rgb(0xffffff),
	theme.ColorNameInputBorder:         rgb(0x000000),
	theme.ColorNameSeparator:           rgb(0x000000),
	theme.ColorNamePlaceHolder:         rgb(0x333333),
	theme.ColorNameDisabled:            rgb(0x595959),
	theme.ColorNamePrimary:             rgb(0x00308f),
	theme.ColorNameFocus:               rgb(0xffb000),
	theme.ColorNameHover:               rgb(0xdddddd),
	theme.ColorNameSelection:           rgb(0xffe08a),
	theme.ColorNameSuccess:             rgb(0x00591c),
	theme.ColorNameWarning:             rgb(0x6b3f00),
	theme.ColorNameError:               rgb(0x8c0000),
	theme.ColorNameOverlayBackground:   rgb(0xffffff),
	theme.ColorNameMenuBackground:      rgb(0xffffff),
	theme.ColorNameForegroundOnPrimary: rgb(0xffffff),
	ColorNameSignature:                 rgb(0x00308f),
	ColorNameGuide:                     rgb(0x8c0000),
}
