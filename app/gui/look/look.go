// Package look is the appearance of the window: a theme with light, dark and
// high-contrast colours and a text size that a person chooses, and the measures
// that every screen keeps to.
//
// New makes the theme of the settings; set it with fyne.Settings.SetTheme. Nothing
// is told by colour alone: a state has its word and its sign beside the colour.
package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// Target is the least width and height of what is pressed, in Fyne's units at
// every text size (36 px, WCAG 2.2, 2.5.8 asks for 24).
const Target = 36

// Kinds of themes, as they stand in the settings.
const (
	System   = "system" // as the desktop has it
	Light    = "light"
	Dark     = "dark"
	Contrast = "contrast"
)

// Colours beside Fyne's own.
const (
	ColorNameDesk      fyne.ThemeColorName = "antinDesk"      // what pages lie on and documents are dropped on
	ColorNameSignature fyne.ThemeColorName = "antinSignature" // frame of the box on the page
	ColorNameGuide     fyne.ThemeColorName = "antinGuide"     // lines that a box snaps to
)

// Theme is the appearance of the window.
type Theme struct {
	kind  string
	scale float32
}

var _ fyne.Theme = (*Theme)(nil)

// New is the theme of this kind, Light for none, with texts at percent of their usual size; zero
// is 100.
func New(kind string, percent int) *Theme {
	if percent <= 0 {
		percent = 100
	}
	return &Theme{kind, float32(percent) / 100}
}

// Color implements fyne.Theme.
func (t *Theme) Color(name fyne.ThemeColorName, system fyne.ThemeVariant) color.Color {
	variant := system
	switch t.kind {
	case "", Light, Contrast:
		variant = theme.VariantLight
	case Dark:
		variant = theme.VariantDark
	}
	if t.kind == Contrast {
		if c, ok := contrast[name]; ok {
			return c
		}
	}
	if c, ok := own[variant][name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, variant)
}

// Font implements fyne.Theme. Fyne's monospaced face lacks Vietnamese letters,
// so the proportional one stands in for it.
func (t *Theme) Font(s fyne.TextStyle) fyne.Resource {
	s.Monospace = false
	return theme.DefaultTheme().Font(s)
}

// Icon implements fyne.Theme.
func (t *Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

// Size implements fyne.Theme.
func (t *Theme) Size(name fyne.ThemeSizeName) float32 {
	size := theme.DefaultTheme().Size(name)
	switch name {
	case theme.SizeNameText, theme.SizeNameHeadingText, theme.SizeNameSubHeadingText, theme.SizeNameCaptionText, theme.SizeNameInlineIcon:
		return size * t.scale
	case theme.SizeNameInnerPadding:
		return max(size, (Target-theme.DefaultTheme().Size(theme.SizeNameText)*1.4*t.scale)/2) // buttons reach Target
	case theme.SizeNameScrollBar:
		return 16
	}
	return size
}
