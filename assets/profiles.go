package assets

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed profiles/*.json
var profileFiles embed.FS

// Names of the layout profiles.
const (
	ProfileND30     = "nd30-2020"        // Nghị định 30/2020/NĐ-CP, Phụ lục I: the default
	ProfileParty    = "dang-2026"        // Party documents since 27/5/2026
	ProfileParty18  = "dang-2018"        // Party documents before
	ProfileArchive  = "luutru-tt05-2025" // Thông tư 05/2025/TT-BNV: digitised records
	ProfileOwn      = "tu-chon"          // the user's own, edited from nd30-2020
	profileFallback = ProfileND30
)

// Rule is one value of a profile with where it comes from. Value is nil where
// the norm fixes nothing and a user's setting counts.
type Rule[T any] struct {
	Value     *T     `json:"value"`
	Article   string `json:"article"`   // for the tooltip, Vietnamese
	Certainty string `json:"certainty"` // Q stated by a named source, I inferred, U uncertain
}

// Or is the value, or other where the norm fixes none.
func (r Rule[T]) Or(other T) T {
	if r.Value == nil {
		return other
	}
	return *r.Value
}

// Range is an interval, both ends included.
type Range [2]float64

// Contains tells whether v lies in the range, with a tolerance of tol.
func (r Range) Contains(v, tol float64) bool { return v >= r[0]-tol && v <= r[1]+tol }

// Profile is how a kind of document is laid out: Nghị định 30/2020/NĐ-CP, Phụ
// lục I, or what takes its place. Lengths are mm, sizes of type pt.
type Profile struct {
	Name     string `json:"name"`
	Title    string `json:"title"` // Vietnamese, for lists
	Base     string `json:"base"`  // the profile whose values stand where this one says nothing
	Norm     string `json:"norm"`
	Editable bool   `json:"editable"`

	Page struct { // Phụ lục I, phần I, mục I
		Width  Rule[float64] `json:"width"`
		Height Rule[float64] `json:"height"`
		Top    Rule[Range]   `json:"top"`
		Bottom Rule[Range]   `json:"bottom"`
		Left   Rule[Range]   `json:"left"`
		Right  Rule[Range]   `json:"right"`
		Font   Rule[string]  `json:"font"`
	} `json:"page"`

	Authority Rule[[]string] `json:"authority"` // quyền hạn, Điều 13: TM., KT. …
	TitlePt   Rule[Range]    `json:"title_pt"`  // quyền hạn and chức vụ
	NamePt    Rule[Range]    `json:"name_pt"`   // họ tên

	Leader struct { // ô 7c
		Box    Rule[string]  `json:"box"`
		Show   Rule[string]  `json:"show"`   // image
		Colour Rule[string]  `json:"colour"` // blue
		Format Rule[string]  `json:"format"`
		Width  Rule[float64] `json:"width"`
		Height Rule[float64] `json:"height"`
		Anchor Rule[string]  `json:"anchor"` // between-title-and-name
		Align  Rule[string]  `json:"align"`  // centre
	} `json:"leader"`

	Seal struct { // ô 8, Điều 33
		Box         Rule[string]  `json:"box"`
		Show        Rule[string]  `json:"show"`
		Colour      Rule[string]  `json:"colour"` // red
		Format      Rule[string]  `json:"format"`
		Diameter    Rule[float64] `json:"diameter"`     // always entered by the user
		OverlapLeft Rule[float64] `json:"overlap_left"` // share of the signature image's width
		RelativeTo  Rule[string]  `json:"relative_to"`
		Optional    Rule[bool]    `json:"optional"`
	} `json:"seal"`

	Number Fill `json:"number"` // ô 3, Điều 15
	Date   Fill `json:"date"`   // ô 4

	Urgency struct { // ô 10b, Điều 8
		Box    Rule[string]                `json:"box"`
		Pt     Rule[Range]                 `json:"pt"`
		Colour Rule[string]                `json:"colour"` // red, framed
		Frames Rule[map[string][2]float64] `json:"frames"` // width and height by word, mm
	} `json:"urgency"`

	Attachment TextBlock `json:"attachment"` // on every attachment file
	Copy       TextBlock `json:"copy"`       // ô 14, phần II

	Time struct {
		Zone    Rule[string]   `json:"zone"`
		Layout  Rule[string]   `json:"layout"` // as of package time
		Layouts Rule[[]string] `json:"layouts"`
	} `json:"time"`

	Scan struct { // phần II: what a scan must be before it is copied
		PDFMin         Rule[string]  `json:"pdf_min"`
		Colour         Rule[bool]    `json:"colour"`
		ColourBitsMin  Rule[int]     `json:"colour_bits_min"`
		DPIMin         Rule[float64] `json:"dpi_min"`
		DPIMinDrawings Rule[float64] `json:"dpi_min_drawings"`
		Scale          Rule[float64] `json:"scale"`
		PDFA           Rule[bool]    `json:"pdfa"`
		TextLayer      Rule[bool]    `json:"text_layer"`
		SizeTolerance  Rule[float64] `json:"size_tolerance"` // mm between a page and its paper size
		SkewMax        Rule[float64] `json:"skew_max"`       // degrees
		Copying        Rule[string]  `json:"copying"`        // which directions there are: Điều 25
	} `json:"scan"`

	FileName Rule[string] `json:"file_name"`
}

// Fill is a text that goes into a slot of the first page.
type Fill struct {
	Box            Rule[string] `json:"box"`
	Pt             Rule[Range]  `json:"pt"`
	Style          Rule[string] `json:"style"` // upright or italic
	Format         Rule[string] `json:"format"`
	TwoDigitsBelow Rule[int]    `json:"two_digits_below"`
}

// TextBlock is a block of lines in a corner of a page.
type TextBlock struct {
	Box    Rule[string]   `json:"box"`
	Show   Rule[string]   `json:"show"` // text
	Page   Rule[string]   `json:"page"` // first
	Font   Rule[string]   `json:"font"`
	Pt     Rule[Range]    `json:"pt"`
	Style  Rule[string]   `json:"style"`
	Colour Rule[string]   `json:"colour"`
	Lines  Rule[[]string] `json:"lines"` // of doc_number, copy_form, agency, time
}

var parseProfiles = sync.OnceValue(func() []*Profile {
	var out []*Profile
	for _, name := range []string{ProfileND30, ProfileParty, ProfileParty18, ProfileArchive, ProfileOwn} {
		b, err := profileFiles.ReadFile("profiles/" + name + ".json")
		if err != nil {
			panic(fmt.Sprintf("assets: profile %s: %v", name, err)) // our own file, see TestProfiles
		}
		p, err := parseProfile(b, out)
		if err != nil {
			panic(fmt.Sprintf("assets: %v", err))
		}
		out = append(out, p)
	}
	return out
})

// Profiles are the layout profiles that the program brings, the default first.
// They are shared: do not change them.
func Profiles() []*Profile { return parseProfiles() }

// ProfileNamed is the profile of that name, or the default for an unknown one.
func ProfileNamed(name string) *Profile {
	all := parseProfiles()
	for _, want := range []string{name, profileFallback} {
		for _, p := range all {
			if p.Name == want {
				return p
			}
		}
	}
	return all[0]
}

// ParseProfile reads a profile from JSON, for instance the user's own. Values
// that it leaves out are those of its base; a value that differs from the base's
// under the base's article is the office's own. It refuses what
// [Profile.Validate] finds wrong and fields that no profile has. Errors:
// [*ProfileError].
func ParseProfile(b []byte) (*Profile, error) {
	p, err := parseProfile(b, parseProfiles())
	if err != nil {
		return nil, err
	}
	p.ownArticles()
	return p, nil
}

func parseProfile(b []byte, known []*Profile) (*Profile, error) {
	var head struct{ Name, Base string }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, &ProfileError{Faults: []ProfileFault{{Kind: NotAProfile, Value: err.Error()}}}
	}
	p := &Profile{}
	if head.Base != "" {
		i := slices.IndexFunc(known, func(k *Profile) bool { return k.Name == head.Base })
		if i < 0 {
			return nil, &ProfileError{head.Name, []ProfileFault{{"base", UnknownBase, head.Base}}}
		}
		p = known[i].Clone()
		p.Editable = false
		var own struct {
			Urgency struct {
				Frames struct{ Value json.RawMessage }
			}
		}
		if json.Unmarshal(b, &own) == nil && own.Urgency.Frames.Value != nil { // an error is told below
			p.Urgency.Frames.Value = nil // the base's words would stay among the new ones
		}
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(p); err != nil {
		fault := ProfileFault{Kind: NotAProfile, Value: err.Error()}
		if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
			fault = ProfileFault{strings.TrimSuffix(wrong.Field, ".value"), WrongKind, wrong.Value}
		} else if name, unknown := strings.CutPrefix(err.Error(), "json: unknown field "); unknown {
			fault = ProfileFault{strings.Trim(name, `"`), UnknownValue, ""}
		}
		return nil, &ProfileError{head.Name, []ProfileFault{fault}}
	}
	return p, p.Validate()
}

// Clone is a copy that shares nothing with p.
func (p *Profile) Clone() *Profile {
	b, err := json.Marshal(p)
	c := &Profile{}
	if err == nil {
		err = json.Unmarshal(b, c)
	}
	if err != nil {
		panic(fmt.Sprintf("assets: profile %s: %v", p.Name, err)) // its fields are all plain data
	}
	return c
}
