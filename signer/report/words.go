package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"antin/assets"
)

// speech is a language in which a Document is told, as two letters.
type speech string

// vietnamese is the language of the record and of letters; english is for whoever
// reads what a Document says in a window.
const (
	vietnamese speech = "vi"
	english    speech = "en"
)

var texts = map[speech]func() map[string]string{
	vietnamese: sync.OnceValue(func() map[string]string { return loaded("vi.json") }),
	english:    sync.OnceValue(func() map[string]string { return loaded("en.json") }),
}

func loaded(name string) (m map[string]string) {
	if err := json.Unmarshal(assets.Report(name), &m); err != nil {
		panic(fmt.Sprintf("report: %s: %v", name, err)) // our own file, see TestTexts
	}
	return m
}

// text is the Vietnamese text of that name, see speech.text.
func text(name string, args ...string) string { return vietnamese.text(name, args...) }

// known tells whether there is a text of that name.
func (l speech) known(name string) bool {
	_, ok := texts[l]()[name]
	return ok
}

// text is the text of that name with {places} filled from the pairs of arguments:
// a place's name and what goes there.
func (l speech) text(name string, args ...string) string {
	s, ok := texts[l]()[name]
	if !ok {
		return name // TestTexts finds it
	}
	if len(args) == 0 {
		return s
	}
	pairs := slices.Clone(args)
	for i := 0; i < len(pairs); i += 2 {
		pairs[i] = "{" + pairs[i] + "}"
	}
	// One pass: what is filled in is not looked at again.
	return strings.NewReplacer(pairs...).Replace(s)
}

// counted is the text of that name for n things; one of them may have its own.
func (l speech) counted(n int, name string, args ...string) string {
	if one := name + ".one"; n == 1 && l.known(one) {
		name = one
	}
	return l.text(name, args...)
}

// zone: Vietnam has been at UTC+7 without summer time since 1975; the
// computer's own zone may be wrong.
var zone = time.FixedZone("", 7*60*60)

func vietnam(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.In(zone).Truncate(time.Second)
}

func day(t time.Time) string    { return vietnamese.day(t) }
func clock(t time.Time) string  { return vietnam(t).Format("15:04:05") }
func moment(t time.Time) string { return vietnamese.moment(t) }

func (l speech) day(t time.Time) string    { return vietnam(t).Format(l.text("format.day")) }
func (l speech) moment(t time.Time) string { return vietnam(t).Format(l.text("format.moment")) }

func itoa(n int) string { return strconv.Itoa(n) }

func tenth(mm float64) float64 { return math.Round(mm*10) / 10 }

// grouped writes a number of bytes as Vietnamese offices do: 1.234.567.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "." + s[i:]
	}
	return s
}

// Bounds of foreign text, in characters.
const (
	maxLine   = 160 // a name, a field, a reason
	maxDetail = 400 // an error text
)

// line makes a foreign string harmless: one line of visible characters in NFC,
// of bounded length. The end is kept too, since that of a file's name counts.
func line(s string) string { return bounded(s, maxLine) }

func detail(s string) string { return bounded(s, maxDetail) }

func bounded(s string, limit int) string {
	// Far more than can be shown is not even looked at.
	if most := 64 * limit; len(s) > most {
		s = strings.ToValidUTF8(s[:most/2], "") + "…" + strings.ToValidUTF8(s[len(s)-most/2:], "")
	}
	var b strings.Builder
	space, marks := false, 0
	for _, r := range norm.NFC.String(strings.ToValidUTF8(s, "\ufffd")) {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r), unicode.Is(unicode.Zs, r):
			space = true
			continue
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), unicode.Is(unicode.Variation_Selector, r), !unicode.IsGraphic(r):
			// Bidirectional controls turn a name round, zero-width ones hide in it
			// (Unicode UTS #39, 5.4): shown as what they are, something foreign.
			r = utf8.RuneError
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > 2 { // towers of marks reach into other lines
				continue
			}
		} else {
			marks = 0
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteRune(r)
	}
	runes := []rune(b.String())
	if len(runes) <= limit {
		return string(runes)
	}
	head := limit * 3 / 4
	return string(runes[:head]) + "…" + string(runes[len(runes)-(limit-head-1):])
}
