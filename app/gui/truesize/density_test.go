package truesize_test

import (
	"math"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/truesize"
	"antin/signer/settings"
)

// What a system tells of a screen is believed when it can be.
func TestWhatTheSystemTells(t *testing.T) {
	for name, c := range map[string]struct {
		frame.Monitor
		want float64 // 0: not believed
	}{
		"laptop of 14 inches":           {frame.Monitor{Width: 1366, Height: 768, MMW: 309, MMH: 174}, 112.2},
		"desk of 24 inches":             {frame.Monitor{Width: 1920, Height: 1080, MMW: 531, MMH: 299}, 91.8},
		"turned":                        {frame.Monitor{Width: 1080, Height: 1920, MMW: 299, MMH: 531}, 91.8},
		"fine":                          {frame.Monitor{Width: 3840, Height: 2160, MMW: 344, MMH: 194}, 283.2},
		"no size":                       {frame.Monitor{Width: 1920, Height: 1080}, 0},
		"nothing at all":                {frame.Monitor{}, 0},
		"television that says 16:9":     {frame.Monitor{Width: 1920, Height: 1080, MMW: 160, MMH: 90}, 0},
		"the same in tens":              {frame.Monitor{Width: 1920, Height: 1080, MMW: 1600, MMH: 900}, 0},
		"virtual machine with 96 dots":  {frame.Monitor{Width: 1366, Height: 768, MMW: 361, MMH: 203}, 0},
		"size of another shape":         {frame.Monitor{Width: 1920, Height: 1080, MMW: 400, MMH: 300}, 0},
		"wall of a projector":           {frame.Monitor{Width: 1024, Height: 768, MMW: 2000, MMH: 1500}, 0},
		"size of a telephone, nonsense": {frame.Monitor{Width: 1920, Height: 1080, MMW: 71, MMH: 40}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			c.Name = "HDMI-1"
			f := &frame.Frame{Settings: &settings.Settings{}, Monitors: func() []frame.Monitor { return []frame.Monitor{c.Monitor} }}
			dpi, by := truesize.DPI(f)
			if math.Abs(dpi-c.want) > 0.1 || (by == truesize.Told) != (c.want > 0) {
				t.Errorf("%.1f dots by %v, want %.1f", dpi, by, c.want)
			}
			units := truesize.UnitsPerMM(f, 1.5)
			if want := c.want / 25.4 / 1.5; c.want > 0 && math.Abs(units-want) > 0.01 || c.want == 0 && units != 96/25.4 {
				t.Errorf("%.3f units a millimetre", units)
			}
		})
	}
}

// What a person has measured counts before, for the screen it was measured on.
func TestWhatIsMeasured(t *testing.T) {
	laptop := frame.Monitor{Name: "eDP-1", Width: 1366, Height: 768, MMW: 309, MMH: 174}
	desk := frame.Monitor{Name: "HDMI-1", Width: 1920, Height: 1080}
	f := &frame.Frame{Settings: &settings.Settings{}, Monitors: func() []frame.Monitor { return []frame.Monitor{laptop, desk} }}
	f.Settings.Window.Screens = map[string]float64{"HDMI-1 1920×1080": 90, "eDP-1 1920×1080": 150, "eDP-1 1366×768": 9000}
	for _, c := range []struct {
		screen string
		want   float64
		by     truesize.Source
	}{
		{"", 112.2, truesize.Told}, // 9000 dots are a slip of the hand in the file
		{"HDMI-1 1920×1080", 90, truesize.Measured},
		{"VGA-1 800×600", 112.2, truesize.Told}, // unplugged
	} {
		f.Settings.Window.Screen = c.screen
		if dpi, by := truesize.DPI(f); math.Abs(dpi-c.want) > 0.1 || by != c.by {
			t.Errorf("%q: %.1f dots by %v, want %.1f by %v", c.screen, dpi, by, c.want, c.by)
		}
	}
	if dpi, by := truesize.DPI(&frame.Frame{Settings: &settings.Settings{}}); dpi != 0 || by != truesize.Assumed {
		t.Errorf("without a word of the system: %v by %v", dpi, by)
	}
}
