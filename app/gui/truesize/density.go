// Package truesize is how large things are on the screen itself: how many dots an
// inch of it has, as a person has measured with a card or as the system tells, so
// that a millimetre of a document can be shown as one.
//
// UnitsPerMM is what views ask for. Ask shows the outline of an identity card, which
// the person makes as large as a real one. What is measured is kept for each screen
// in the settings.
package truesize

import (
	"math"

	"antin/app/gui/frame"
)

// Size of an identity or bank card, mm: ISO/IEC 7810, format ID-1.
const (
	CardWidth  = 85.60
	CardHeight = 53.98
	cardCorner = 3.18
)

const (
	mmPerInch = 25.4
	usualDPI  = 96 // what a unit of the toolkit is made for

	// Of a screen that people read documents on; a projector or a television that
	// tells its size truly is beyond.
	leastDPI, mostDPI = 50, 400
)

// Source is where a number of dots comes from.
type Source int

// Where it comes from.
const (
	Assumed  Source = iota // nothing is known
	Told                   // by the system
	Measured               // by a person
)

// Monitors are the screens of the machine, the one that is used first: that which
// the person has named, else the system's first.
func Monitors(f *frame.Frame) []frame.Monitor {
	if f.Monitors == nil {
		return nil
	}
	all := f.Monitors()
	for i, m := range all {
		if m.String() == f.Settings.Window.Screen {
			all[0], all[i] = m, all[0]
		}
	}
	return all
}

// used is the screen that the window is on, as far as is known.
func used(f *frame.Frame) frame.Monitor {
	if all := Monitors(f); len(all) > 0 {
		return all[0]
	}
	return frame.Monitor{}
}

// DPI is how many dots an inch of the screen has, and who says so; 0 when nobody
// does.
func DPI(f *frame.Frame) (dpi float64, by Source) { return dpiOf(f, used(f)) }

func dpiOf(f *frame.Frame, m frame.Monitor) (dpi float64, by Source) {
	if dpi := f.Settings.Window.Screens[m.String()]; dpi >= leastDPI && dpi <= mostDPI {
		return dpi, Measured
	}
	if dpi, ok := told(m); ok {
		return dpi, Told
	}
	return 0, Assumed
}

// told is what the system says of a screen, unless that cannot be: no size, another
// shape than the picture has, or too many dots or too few. Screens without a size of their
// own, such as those of virtual machines, projectors and televisions, are told as
// their proportion, or as if they had 96 dots.
func told(m frame.Monitor) (dpi float64, ok bool) {
	if m.MMW <= 0 || m.MMH <= 0 || m.Width <= 0 || m.Height <= 0 {
		return 0, false
	}
	x, y := float64(m.Width)/m.MMW*mmPerInch, float64(m.Height)/m.MMH*mmPerInch
	dpi = (x + y) / 2
	switch {
	case math.Abs(x-y) > 0.05*dpi,
		dpi < leastDPI, dpi > mostDPI,
		proportion(m.MMW, m.MMH),
		math.Abs(x-usualDPI) < 0.5 && math.Abs(y-usualDPI) < 0.5:
		return 0, false
	}
	return dpi, true
}

// proportion tells whether sides in mm are those of EDID (VESA E-EDID 1.4, 3.6.2)
// that say 16:9, 16:10, 4:3 or 5:4 and no length, in cm, mm, or ten times that.
func proportion(w, h float64) bool {
	for _, p := range [][2]float64{{16, 9}, {16, 10}, {4, 3}, {5, 4}} {
		for _, k := range []float64{1, 10, 100} {
			if w == k*p[0] && h == k*p[1] {
				return true
			}
		}
	}
	return false
}

// UnitsPerMM is how many of the toolkit's units a millimetre of the screen has;
// density is how many pixels a unit has.
func UnitsPerMM(f *frame.Frame, density float64) float64 {
	if dpi, by := DPI(f); by != Assumed && density > 0 {
		return dpi / mmPerInch / density
	}
	return usualDPI / mmPerInch
}

// density is how many pixels a unit of the window has.
func density(f *frame.Frame) float64 {
	if s := f.Window.Canvas().Scale(); s > 0 {
		return float64(s)
	}
	return 1
}

// atLeastAssumed is DPI with a number in any case.
func atLeastAssumed(f *frame.Frame, m frame.Monitor) (dpi float64, by Source) {
	if dpi, by = dpiOf(f, m); by == Assumed {
		dpi = usualDPI * density(f)
	}
	return dpi, by
}

// State is in words what counts on the screen now.
func State(f *frame.Frame) string {
	dpi, by := atLeastAssumed(f, used(f))
	return state(f, dpi, by)
}

func state(f *frame.Frame, dpi float64, by Source) string {
	word := map[Source]string{Assumed: "truesize.assumed", Told: "truesize.told", Measured: "truesize.measured"}[by]
	return f.Text("truesize.state", int(math.Round(dpi)), f.Text(word))
}
