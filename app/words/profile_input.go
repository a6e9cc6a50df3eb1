package words

import (
	"encoding/json"
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"antin/assets"
)

// ProfileChoice is one of the few values that a value of a profile can have.
type ProfileChoice struct {
	Text string
	JSON string // for Profile.Set
}

// ProfileChoices are all that a value can be; none where it is typed.
func (l Language) ProfileChoices(p *assets.Profile, path string) []ProfileChoice {
	var values []string
	switch kind, _ := assets.KindOf(path); {
	case kind == assets.TruthValue:
		return []ProfileChoice{{l.Text("profile.yes"), "true"}, {l.Text("profile.no"), "false"}}
	case strings.HasSuffix(path, ".style"):
		values = []string{"upright", "italic"}
	case path == "time.layout":
		values = slices.Concat([]string{p.Time.Layout.Or("")}, assets.ProfileNamed(p.Base).Time.Layouts.Or(nil), []string{assets.ProfileNamed(p.Base).Time.Layout.Or("")})
	}
	var out []ProfileChoice
	_, property, _ := strings.Cut(path, ".")
	for _, v := range values {
		c := ProfileChoice{l.profileWord(path, property, v), quoted(v)}
		if v != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// ProfileText is a value as a person types it, without its unit; "" where nothing
// is fixed.
func (l Language) ProfileText(v assets.ProfileValue) string {
	if v.Value == "null" {
		return ""
	}
	text, unit := l.profileValue(v.Path, property(v.Path), v.Value), l.ProfileUnit(v.Path)
	switch kind, _ := assets.KindOf(v.Path); {
	case kind == assets.TextsValue:
		var words []string
		if json.Unmarshal([]byte(v.Value), &words) != nil {
			return text
		}
		for i, w := range words {
			words[i] = l.profileWord(v.Path, property(v.Path), w)
		}
		return strings.Join(words, "; ") // some have commas in them
	case kind == assets.FramesValue || unit == "":
		return text
	}
	return strings.TrimSpace(strings.TrimSuffix(text, unit))
}

// ProfileUnit is the unit of a value, "" for none.
func (l Language) ProfileUnit(path string) string {
	switch kind, _ := assets.KindOf(path); {
	case kind == assets.FramesValue:
		return "mm"
	case kind != assets.NumberValue && kind != assets.RangeValue:
		return ""
	case percent(property(path)):
		return "%"
	}
	return l.unit(property(path))
}

// property is the last part of a path.
func property(path string) string {
	_, last, grouped := strings.Cut(path, ".")
	if !grouped {
		return path
	}
	return last
}

// percent tells whether a share of one is shown in hundredths.
func percent(property string) bool { return property == "overlap_left" || property == "scale" }

// ProfileJSON is what a person has typed, for Profile.Set, which tells when it
// cannot be used; "" goes back to the base's value.
func (l Language) ProfileJSON(path, text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	switch kind, _ := assets.KindOf(path); kind {
	case assets.NumberValue:
		if n, ok := typedNumber(text, l.ProfileUnit(path)); ok {
			if percent(property(path)) {
				n = math.Round(n*1000) / 100000 // a thousandth of a percent is enough
			}
			return number(n)
		}
	case assets.RangeValue:
		parts := strings.FieldsFunc(text, func(c rune) bool { return c == '-' || c == '\u2013' })
		if len(parts) == 1 {
			parts = append(parts, parts[0])
		}
		least, ok := typedNumber(parts[0], l.ProfileUnit(path))
		most, ok2 := typedNumber(parts[len(parts)-1], l.ProfileUnit(path))
		if ok && ok2 && len(parts) == 2 {
			return "[" + number(least) + "," + number(most) + "]"
		}
	case assets.TextsValue:
		var words []string
		for w := range strings.SplitSeq(text, ";") {
			if w = strings.TrimSpace(w); w != "" {
				words = append(words, l.knownWord(path, w))
			}
		}
		return jsonOf(words)
	case assets.FramesValue:
		if frames, ok := typedFrames(text); ok {
			return jsonOf(frames)
		}
	}
	return quoted(text)
}

// knownWord is the word of the profiles that a person's word stands for.
func (l Language) knownWord(path, typed string) string {
	if strings.HasSuffix(path, ".lines") {
		for word, name := range wordTexts {
			if strings.EqualFold(l.Text(name), typed) {
				return word
			}
		}
	}
	return typed
}

func typedNumber(text, unit string) (float64, bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), unit))
	n, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return n, err == nil
}

// frame is a word with the size of its frame, as in "KHAN 20 x 8 mm".
var frame = regexp.MustCompile(`^(.*\S)\s+([\d.,]+)\s*[x\x{d7}]\s*([\d.,]+)\s*(?:mm)?$`)

func typedFrames(text string) (map[string][2]float64, bool) {
	out := map[string][2]float64{}
	for part := range strings.SplitSeq(text, ";") {
		m := frame.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil, false
		}
		w, ok := typedNumber(m[2], "")
		h, ok2 := typedNumber(m[3], "")
		if !ok || !ok2 {
			return nil, false
		}
		out[m[1]] = [2]float64{w, h}
	}
	return out, true
}

func number(n float64) string { return strconv.FormatFloat(n, 'g', -1, 64) }

func quoted(s string) string { return jsonOf(s) }

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return "" // texts and lists of texts and numbers have no such error
	}
	return string(b)
}

// ProfileFault tells what is wrong with a value that was just typed.
func (l Language) ProfileFault(err error) string {
	var wrong *assets.ProfileError
	if errors.As(err, &wrong) && len(wrong.Faults) > 0 {
		return l.Text(faultTexts[wrong.Faults[0].Kind], wrong.Faults[0].Value)
	}
	return l.Explain(err).What
}
