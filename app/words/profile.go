package words

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"antin/assets"
)

// ProfileLine is one value of a layout profile as a person reads it.
type ProfileLine struct {
	Path      string // as ProfileValue's
	Group     string // what of the document it is about
	What      string
	Value     string
	Article   string // Vietnamese, as the profile says it
	Certainty string
	Own       bool // differs from the base's
}

// String is the whole line without its path and group.
func (v ProfileLine) String() string {
	return fmt.Sprintf("%s: %s (%s; %s)", v.What, v.Value, v.Article, v.Certainty)
}

// Profile lists every value of a layout profile in its order.
func (l Language) Profile(p *assets.Profile) []ProfileLine {
	var out []ProfileLine
	own := p.Own()
	for _, v := range p.Values() {
		group, property := "", property(v.Path)
		if property != v.Path {
			group = strings.TrimSuffix(v.Path, "."+property)
		}
		line := ProfileLine{Path: v.Path, Article: v.Article, Certainty: l.Text(certaintyTexts[v.Certainty]), Own: slices.Contains(own, v)}
		line.Group = l.Text(groupTexts[group])
		name, ok := pathTexts[v.Path]
		if !ok {
			name = propertyTexts[property]
		}
		line.What, line.Value = l.Text(name), l.profileValue(v.Path, property, v.Value)
		out = append(out, line)
	}
	return out
}

// profileValue is a value, which is JSON, in words and with its unit.
func (l Language) profileValue(path, property, value string) string {
	var v any
	if json.Unmarshal([]byte(value), &v) != nil || v == nil {
		return l.Text("profile.open")
	}
	switch v := v.(type) {
	case bool:
		if v {
			return l.Text("profile.yes")
		}
		return l.Text("profile.no")
	case float64:
		if percent(property) {
			return l.plain(100*v) + " %"
		}
		return strings.TrimSpace(l.plain(v) + " " + l.unit(property))
	case string:
		return l.profileWord(path, property, v)
	case []any:
		return l.profileList(path, property, v)
	}
	return l.frames(value)
}

// profileList is a range of numbers or several words.
func (l Language) profileList(path, property string, v []any) string {
	if len(v) == 2 {
		least, isNumber := v[0].(float64)
		most, _ := v[1].(float64)
		switch {
		case isNumber && least == most:
			return l.plain(least) + " " + l.unit(property)
		case isNumber:
			return l.plain(least) + "–" + l.plain(most) + " " + l.unit(property)
		}
	}
	var words []string
	for _, word := range v {
		words = append(words, l.profileWord(path, property, fmt.Sprint(word)))
	}
	return strings.Join(words, ", ")
}

// profileWord is one of the words that the program knows, or a text as it is.
func (l Language) profileWord(path, property, word string) string {
	if property == "layout" || property == "layouts" {
		return l.Text("profile.such-as", time.Date(2026, 11, 22, 16, 47, 3, 0, vietnam).Format(word))
	}
	if name, ok := wordTexts[word]; ok {
		return l.Text(name)
	}
	if property == "box" {
		return l.Text("profile.box-named", word)
	}
	return word
}

// frames are the sizes of the frames of marks of urgency.
func (l Language) frames(value string) string {
	var sizes map[string][2]float64
	if json.Unmarshal([]byte(value), &sizes) != nil {
		return value
	}
	var out []string
	for word, size := range sizes {
		out = append(out, word+" "+l.plain(size[0])+" × "+l.plain(size[1])+" mm")
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// plain is a number with the decimals that it needs, three at most.
func (l Language) plain(v float64) string {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
	return strings.Replace(s, ".", l.Text("format.decimal"), 1)
}

// unit of a number or range.
func (l Language) unit(property string) string {
	switch property {
	case "pt", "title_pt", "name_pt":
		return "pt"
	case "dpi_min", "dpi_min_drawings":
		return "dpi"
	case "colour_bits_min":
		return "bit"
	case "skew_max":
		return l.Text("profile.degrees")
	case "two_digits_below":
		return ""
	}
	return "mm"
}

var (
	certaintyTexts = map[string]string{"Q": "profile.stated", "I": "profile.inferred", "U": "profile.uncertain"}

	groupTexts = map[string]string{
		"page": "profile.group-page", "leader": "profile.group-leader", "seal": "profile.group-seal", "number": "profile.group-number",
		"date": "profile.group-date", "urgency": "profile.group-urgency", "attachment": "profile.group-attachment", "copy": "profile.group-copy",
		"time": "profile.group-time", "scan": "profile.group-scan", "": "profile.group-other",
	}

	pathTexts = map[string]string{ // where the last part alone does not tell
		"number.format": "profile.writing", "date.format": "profile.writing", "scan.colour": "profile.scanned-colour",
		"attachment.page": "profile.on-page", "copy.page": "profile.on-page",
	}

	propertyTexts = map[string]string{
		"width": "profile.width", "height": "profile.height", "top": "profile.top", "bottom": "profile.bottom", "left": "profile.left", "right": "profile.right",
		"font": "profile.font", "authority": "profile.authority", "title_pt": "profile.title-size", "name_pt": "profile.name-size",
		"box": "profile.box", "show": "profile.show", "colour": "profile.colour", "format": "profile.format", "anchor": "profile.anchor", "align": "profile.align",
		"diameter": "profile.diameter", "overlap_left": "profile.overlap", "relative_to": "profile.relative-to", "optional": "profile.optional",
		"pt": "profile.size", "style": "profile.style", "two_digits_below": "profile.two-digits-below", "frames": "profile.frames", "lines": "profile.lines",
		"zone": "profile.zone", "layout": "profile.layout", "layouts": "profile.layouts",
		"pdf_min": "profile.pdf-min", "colour_bits_min": "profile.colour-bits", "dpi_min": "profile.dpi", "dpi_min_drawings": "profile.dpi-drawings",
		"scale": "profile.scale", "pdfa": "profile.pdfa", "text_layer": "profile.text-layer", "size_tolerance": "profile.size-tolerance",
		"skew_max": "profile.skew", "copying": "profile.copying", "file_name": "profile.file-name",
	}

	wordTexts = map[string]string{
		"image": "profile.image", "text": "profile.text", "blue": "profile.blue", "red": "profile.red", "black": "profile.black",
		"png-alpha": "profile.png-alpha", "between-title-and-name": "profile.between-title-and-name", "centre": "profile.centre",
		"leader": "profile.leader", "upright": "profile.upright", "italic": "profile.italic", "first": "profile.first", "top-right": "profile.top-right",
		"doc_number": "profile.doc-number", "copy_form": "profile.copy-form", "agency": "profile.agency-name", "time": "profile.signing-time",
		"paper-to-electronic": "profile.paper-to-electronic",
	}

	faultTexts = map[assets.FaultKind]string{
		assets.NotAProfile: "profile.fault-reading", assets.UnknownBase: "profile.fault-base", assets.UnknownValue: "profile.fault-unknown",
		assets.WrongKind: "profile.fault-kind", assets.Unnamed: "profile.fault-unnamed", assets.NoSource: "profile.fault-source",
		assets.OutOfRange: "profile.fault-range", assets.UnknownWord: "profile.fault-word", assets.ForReading: "profile.fault-for-reading",
	}
)

// fault tells what is wrong with one value of a profile.
func (l Language) fault(f assets.ProfileFault) string {
	return strings.TrimSpace(strings.TrimPrefix(fmt.Sprintf("%s: %s", f.Path, l.Text(faultTexts[f.Kind], f.Value)), ": "))
}
