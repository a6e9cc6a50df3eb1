package assets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrProfile is a layout profile that cannot be used; the error is a
// [*ProfileError].
var ErrProfile = errors.New("assets: a layout profile cannot be used")

// ProfileFault is one thing that is wrong with a profile.
type ProfileFault struct {
	Path  string // the value, such as seal.overlap_left; "" = the profile as a whole
	Kind  FaultKind
	Value string // as it was given
}

// FaultKind tells what is wrong with a value.
type FaultKind string

// The kinds of faults.
const (
	NotAProfile  FaultKind = "reading"                 // no JSON object
	UnknownBase  FaultKind = "no base"                 // base names no profile
	UnknownValue FaultKind = "unknown field"           // no profile has such a value
	WrongKind    FaultKind = "of another kind"         // a text for a number, and the like
	Unnamed      FaultKind = "is needed"               // name, title or norm is missing
	NoSource     FaultKind = "no article or certainty" // or no certainty Q, I, U
	OutOfRange   FaultKind = "outside its limits"      // mm, pt, dpi, shares
	UnknownWord  FaultKind = "not one of its words"    // such as a style that is neither upright nor italic
	ForReading   FaultKind = "for reading only"        // the program does not go by it
)

// ProfileError is a profile that cannot be used, with all of its faults.
type ProfileError struct {
	Name   string
	Faults []ProfileFault
}

func (e *ProfileError) Error() string {
	var all []string
	for _, f := range e.Faults {
		all = append(all, strings.Join(strings.Fields(fmt.Sprintf("%s: %s %s", f.Path, f.Kind, f.Value)), " "))
	}
	return fmt.Sprintf("%v: %q: %s", ErrProfile, e.Name, strings.Join(all, "; "))
}

// Unwrap makes it ErrProfile.
func (e *ProfileError) Unwrap() error { return ErrProfile }

// Validate tells whether the values of a profile can be used. Errors:
// [*ProfileError].
func (p *Profile) Validate() error {
	e := &ProfileError{Name: p.Name}
	wrong := func(path string, kind FaultKind, value any) {
		e.Faults = append(e.Faults, ProfileFault{path, kind, fmt.Sprint(value)})
	}
	for path, v := range map[string]string{"name": p.Name, "title": p.Title, "norm": p.Norm} {
		if v == "" {
			wrong(path, Unnamed, v)
		}
	}
	for _, v := range p.Values() {
		if !slices.Contains([]string{"Q", "I", "U"}, v.Certainty) || v.Article == "" {
			wrong(v.Path, NoSource, v.Certainty)
		}
	}
	p.checkLimits(wrong)
	p.checkWords(wrong)
	if len(e.Faults) == 0 {
		return nil
	}
	slices.SortFunc(e.Faults, func(a, b ProfileFault) int { return strings.Compare(a.Path, b.Path) })
	return e
}

// checkLimits looks at lengths, sizes of type and shares.
func (p *Profile) checkLimits(wrong func(string, FaultKind, any)) {
	for path, r := range map[string]Rule[Range]{
		"page.top": p.Page.Top, "page.bottom": p.Page.Bottom, "page.left": p.Page.Left, "page.right": p.Page.Right,
		"title_pt": p.TitlePt, "name_pt": p.NamePt, "number.pt": p.Number.Pt, "date.pt": p.Date.Pt, "urgency.pt": p.Urgency.Pt,
		"attachment.pt": p.Attachment.Pt, "copy.pt": p.Copy.Pt,
	} {
		if v := r.Or(Range{1, 1}); !(v[0] > 0 && v[0] <= v[1] && v[1] <= 100) {
			wrong(path, OutOfRange, v)
		}
	}
	for _, l := range []struct {
		path               string
		rule               Rule[float64]
		least, most, other float64 // other: where nothing is fixed
	}{
		{"page.width", p.Page.Width, 50, 2000, 0},
		{"page.height", p.Page.Height, 50, 2000, 0},
		{"leader.width", p.Leader.Width, 5, 200, 5},
		{"leader.height", p.Leader.Height, 5, 200, 5},
		{"seal.diameter", p.Seal.Diameter, 20, 60, 20},
		{"seal.overlap_left", p.Seal.OverlapLeft, 0.01, 0.99, 0},
		{"scan.dpi_min", p.Scan.DPIMin, 50, 2400, 50},
		{"scan.dpi_min_drawings", p.Scan.DPIMinDrawings, 50, 2400, 50},
		{"scan.scale", p.Scan.Scale, 0.1, 10, 1},
		{"scan.size_tolerance", p.Scan.SizeTolerance, 0, 50, 0},
		{"scan.skew_max", p.Scan.SkewMax, 0, 45, 0},
	} {
		if v := l.rule.Or(l.other); !(v >= l.least && v <= l.most) {
			wrong(l.path, OutOfRange, v)
		}
	}
	for word, size := range p.Urgency.Frames.Or(nil) {
		if !(size[0] >= 5 && size[0] <= 100 && size[1] >= 3 && size[1] <= 50) {
			wrong("urgency.frames", OutOfRange, fmt.Sprint(word, size))
		}
	}
}

// checkWords looks at values that are one of a few words.
func (p *Profile) checkWords(wrong func(string, FaultKind, any)) {
	if layout := p.Time.Layout.Or(time.RFC3339); !tellsTime(layout) {
		wrong("time.layout", UnknownWord, layout)
	}
	if len(p.Authority.Or(nil)) == 0 {
		wrong("authority", OutOfRange, "[]")
	}
	for path, f := range map[string]Fill{"number": p.Number, "date": p.Date} {
		if s := f.Style.Or("upright"); s != "upright" && s != "italic" {
			wrong(path+".style", UnknownWord, s)
		}
	}
	for path, b := range map[string]TextBlock{"attachment": p.Attachment, "copy": p.Copy} {
		for _, l := range b.Lines.Or(nil) {
			if !slices.Contains([]string{"doc_number", "copy_form", "agency", "time"}, l) {
				wrong(path+".lines", UnknownWord, l)
			}
		}
	}
}

// tellsTime tells whether a layout of package time says day, time and zone.
func tellsTime(layout string) bool {
	at := time.Date(2026, 11, 22, 16, 47, 3, 0, time.FixedZone("", 7*3600))
	read, err := time.Parse(layout, at.Format(layout))
	return err == nil && read.Equal(at)
}
