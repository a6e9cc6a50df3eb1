// Package words turns what the program knows into what people read: texts by
// name in Vietnamese or English, and errors as problems with a code (KS-110),
// what happened, why, and what to do next. The texts themselves are in
// assets/messages; there is none in the code.
//
// [Choose] finds the language of the environment, [Language.Text] gives a text,
// [Language.Explain] a problem. The codes are stable: 1xx token and PIN, 2xx
// certificate and role, 3xx document and place, 4xx time-stamp and network, 5xx
// scan, 6xx machine and output, 7xx the program itself.
package words

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"antin/assets"
)

// Language is the language of the texts.
type Language string

// The languages that there are texts in.
const (
	Vietnamese Language = "vi"
	English    Language = "en"
)

// Choose takes the language from LC_ALL, LC_MESSAGES or LANG, the first that is
// set, and else from the system: Vietnamese for vi…, English for anything else.
func Choose(getenv func(string) string) Language {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := getenv(name); v != "" {
			return of(v)
		}
	}
	return of(systemLanguage())
}

func of(locale string) Language {
	if l := strings.ToLower(locale); l == "vi" || strings.HasPrefix(l, "vi_") || strings.HasPrefix(l, "vi-") || strings.HasPrefix(l, "vi.") {
		return Vietnamese
	}
	return English
}

// Text is the text with this name, its verbs filled in. A name that does not
// exist is returned as it is; a test finds those.
func (l Language) Text(name string, args ...any) string {
	t, ok := l.messages().Texts[name]
	if !ok {
		return name
	}
	if len(args) == 0 {
		return string(t)
	}
	return fmt.Sprintf(string(t), args...)
}

var vietnam = time.FixedZone("+07", 7*3600)

// Time is a moment as people of the language write it, always in the zone of
// Vietnam: what is on a document must not depend on the computer's zone.
func (l Language) Time(t time.Time) string { return t.In(vietnam).Format(l.Text("format.time")) }

// Date is the day of a moment in Vietnam.
func (l Language) Date(t time.Time) string { return t.In(vietnam).Format(l.Text("format.date")) }

// ErrDate is a text that is no date.
var ErrDate = errors.New("words: not a date")

// Day reads a day as people of the language write it. Error: ErrDate.
func (l Language) Day(text string) (time.Time, error) {
	t, err := time.ParseInLocation(l.Text("format.date"), strings.TrimSpace(text), vietnam)
	if err != nil {
		return t, fmt.Errorf("%w: %w", ErrDate, err)
	}
	return t, nil
}

// Number is v with one decimal, as people of the language write it.
func (l Language) Number(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), ".", l.Text("format.decimal"), 1)
}

var loaded = map[Language]func() assets.Messages{
	Vietnamese: sync.OnceValue(func() assets.Messages { return assets.MessagesIn("vi") }),
	English:    sync.OnceValue(func() assets.Messages { return assets.MessagesIn("en") }),
}

func (l Language) messages() assets.Messages {
	if load, ok := loaded[l]; ok {
		return load()
	}
	return loaded[English]()
}
