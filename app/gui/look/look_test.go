package look_test

import (
	"image/color"
	"math"
	"testing"

	"antin/app/gui/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// WCAG 2.2, 1.4.3: text has a contrast of at least 4.5 : 1 with what is behind it.
func TestContrast(t *testing.T) {
	test.NewTempApp(t) // Fyne asks it for the primary colour
	for _, kind := range []string{look.Light, look.Dark, look.Contrast} {
		th := look.New(kind, 100)
		for _, pair := range [][2]fyne.ThemeColorName{
			{theme.ColorNameForeground, theme.ColorNameBackground},
			{theme.ColorNameForeground, theme.ColorNameButton},
			{theme.ColorNameDisabled, theme.ColorNameBackground},
			{theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary},
		} {
			a, b := th.Color(pair[0], theme.VariantLight), th.Color(pair[1], theme.VariantLight)
			if c := ratio(a, b); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.1f : 1, want 4.5", kind, pair[0], pair[1], c)
			}
		}
	}
}

// ratio is the contrast ratio of WCAG 2.2.
func ratio(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
