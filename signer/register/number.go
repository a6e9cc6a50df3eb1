package register

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"antin/assets"

	"golang.org/x/text/unicode/norm"
)

// ErrNumber is a text that is no number and symbol of a document.
var ErrNumber = errors.New("register: not a document number")

// Number is the number and symbol of a document (số, ký hiệu): 121/QĐ-UBND,
// 12/2026/QĐ-UBND, 15/UBND-VX or, for the Party, 05-NQ/ĐU.
type Number struct {
	N      int    // from 1
	Suffix string // small letter behind the number, 12a; only ever typed by a person
	Year   int    // of a legal normative document; else 0
	Type   string // abbreviation such as QĐ; "" for an official letter (công văn)
	Body   string // who issues: UBND, or UBND-VX with the unit that drafted
	Party  bool   // in the Party's form
}

var (
	stateNumber = regexp.MustCompile(`^(\d{1,6})(\p{Ll}?)(?:/((?:19|20)\d\d))?/([\p{L}\d]+(?:-[\p{L}\d.]+)*)$`)
	partyNumber = regexp.MustCompile(`^(\d{1,6})(\p{Ll}?)-(\p{L}+)/([\p{L}\d]+(?:-[\p{L}\d.]+)*)$`)
)

// ParseNumber reads a number as people write it, with or without the word Số.
// The error is ErrNumber.
func ParseNumber(text string) (Number, error) {
	t := strings.ReplaceAll(norm.NFC.String(strings.TrimSpace(text)), "\u00D0", "\u0110") // Eth, which old keyboards give for Đ
	for _, word := range []string{"Số", "số"} {
		t = strings.TrimLeft(strings.TrimPrefix(t, word), ": ")
	}
	t = strings.ReplaceAll(t, " ", "")
	var n Number
	var digits string
	if m := partyNumber.FindStringSubmatch(t); m != nil {
		digits, n = m[1], Number{Suffix: m[2], Type: m[3], Body: m[4], Party: true}
	} else if m := stateNumber.FindStringSubmatch(t); m != nil {
		digits, n = m[1], Number{Suffix: m[2], Body: m[4]}
		if m[3] != "" {
			n.Year, _ = strconv.Atoi(m[3]) // four digits
		}
		if first, rest, ok := strings.Cut(m[4], "-"); ok && knownType(first) {
			n.Type, n.Body = first, rest
		}
	} else {
		return n, fmt.Errorf("%w: %q", ErrNumber, text)
	}
	n.N, _ = strconv.Atoi(digits) // six digits at most
	if n.N == 0 {
		return n, fmt.Errorf("%w: %q", ErrNumber, text)
	}
	return n, nil
}

func knownType(abbreviation string) bool {
	return assets.TypesOf("administrative").Types[abbreviation] != "" || assets.TypesOf("copies").Types[abbreviation] != ""
}

// String is the number as it stands on the document, without the word Số: below
// 10 with a leading zero (NĐ 30/2020, Phụ lục I, phần I, mục II.3).
func (n Number) String() string {
	profile := assets.ProfileND30
	if n.Party {
		profile = assets.ProfileParty
	}
	rules := assets.ProfileNamed(profile).Number
	form := rules.Format.Or("{n}/{type}-{body}")
	form = form[max(0, strings.Index(form, "{n}")):]
	count := strconv.Itoa(n.N)
	if n.N < rules.TwoDigitsBelow.Or(0) {
		count = "0" + count
	}
	count += n.Suffix
	if n.Year != 0 {
		count += "/" + strconv.Itoa(n.Year)
	}
	if n.Type == "" {
		form = strings.Replace(form, "{type}-", "", 1)
	}
	return strings.NewReplacer("{n}", count, "{type}", n.Type, "{body}", n.Body).Replace(form)
}

// MarshalText and UnmarshalText keep a number as its text, no number as none.
func (n Number) MarshalText() ([]byte, error) {
	if n == (Number{}) {
		return nil, nil
	}
	return []byte(n.String()), nil
}

// UnmarshalText is the inverse of MarshalText.
func (n *Number) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*n = Number{}
		return nil
	}
	*n, err = ParseNumber(string(text))
	return err
}

// TypeName is the type in words (tên loại): Quyết định. For an abbreviation
// that no list has it is the abbreviation.
func (n Number) TypeName() string {
	lists := []string{"administrative", "copies"}
	if n.Party {
		lists = []string{"party"}
	}
	for _, l := range lists {
		if name := assets.TypesOf(l).Types[n.Type]; name != "" {
			return name
		}
	}
	if n.Type == "" {
		return "Công văn"
	}
	return n.Type
}

// Series is what is numbered from 1 together: one type of one issuing body in
// one year or, for the Party, one term of office.
type Series struct {
	Kind   string // abbreviation of the type; "" for official letters
	Body   string // the issuing body: the first part of Number.Body
	Legal  bool   // legal normative documents count by themselves
	Period string // 2026, or the name of a Party term
	Party  bool
}

// Number is the number n of the series. Body is as in Number, where it says
// more than the series.
func (s Series) Number(n int, body string) Number {
	if body == "" {
		body = s.Body
	}
	out := Number{N: n, Type: s.Kind, Body: body, Party: s.Party}
	if s.Legal {
		out.Year, _ = strconv.Atoi(s.Period) // a year, or 0
	}
	return out
}

func seriesOf(n Number, period string) Series {
	body, _, _ := strings.Cut(n.Body, "-")
	return Series{Kind: n.Type, Body: body, Legal: n.Year != 0, Period: period, Party: n.Party}
}

// Term is a Party term of office (nhiệm kỳ), within which numbers run on.
type Term struct {
	Name  string    `json:"name"`  // such as 2025-2030
	Start time.Time `json:"start"` // the first day
	End   time.Time `json:"end"`   // the day after the last
}

var vietnam = time.FixedZone("+07", 7*3600)

// period is the year of date in Vietnam, or the Party term that holds it.
func period(n Number, date time.Time, terms []Term) (string, error) {
	if !n.Party {
		return strconv.Itoa(date.In(vietnam).Year()), nil
	}
	for i := len(terms) - 1; i >= 0; i-- { // a later entry corrects an earlier one
		if t := terms[i]; !date.Before(t.Start) && date.Before(t.End) {
			return t.Name, nil
		}
	}
	return "", fmt.Errorf("%w: %s of %s", ErrNoTerm, n, date.In(vietnam).Format(time.DateOnly))
}
