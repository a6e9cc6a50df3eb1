package signer

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"antin/signer/layout"

	"golang.org/x/text/unicode/norm"
)

// texts are number, date and mark of urgency, whole and in the parts that slots
// take. What the page prints already must agree with the job.
func (job *IssueJob) texts(found *layout.Found) (map[Part]string, error) {
	number, err := job.wholeNumber(&found.Number)
	if err != nil {
		return nil, err
	}
	if err := job.samePrintedDate(&found.Date); err != nil {
		return nil, err
	}
	day, month, year := dateFigures(job.Date, job.profile().Date.TwoDigitsBelow.Or(10))
	ordinal, _ := cutNumber(number)
	return map[Part]string{
		NumberPart: number, OrdinalPart: ordinal,
		DatePart: dateWords(day, month, year), DayPart: day, MonthPart: month, YearPart: year,
		UrgencyPart: string(job.Urgency),
	}, nil
}

// cutNumber separates the ordinal from the symbol: "121" and "/QĐ-UBND"; of the
// Party "05" and "-NQ/ĐU".
func cutNumber(number string) (ordinal, symbol string) {
	i := strings.IndexAny(number, "/-–")
	if i < 0 {
		return number, ""
	}
	return strings.TrimSpace(number[:i]), strings.TrimSpace(number[i:])
}

// wholeNumber is the number with its symbol, with a leading zero below 10 (Phụ
// lục I, phần I, mục II.3). A symbol that the page prints counts, and one that
// contradicts it is refused.
func (job *IssueJob) wholeNumber(n *layout.Number) (string, error) {
	ordinal, symbol := cutNumber(strings.Join(strings.Fields(norm.NFC.String(job.Number)), " "))
	if ordinal == "" {
		return "", ErrNumber
	}
	if v, err := strconv.Atoi(ordinal); err == nil && len(ordinal) == 1 && v < job.profile().Number.TwoDigitsBelow.Or(10) {
		ordinal = "0" + ordinal
	}
	switch {
	case n.State == layout.Gap && symbol == "":
		symbol = n.Text
	case n.State == layout.Gap && spaceless(symbol) != spaceless(n.Text):
		return "", fmt.Errorf("%w: %q, the number is %q", ErrSymbol, n.Text, job.Number)
	case n.State == layout.Filled && spaceless(ordinal+symbol) != spaceless(n.Text) && spaceless(job.Number) != spaceless(n.Text):
		return "", fmt.Errorf("%w: the page prints %q, the number is %q", ErrSlotFilled, n.Text, job.Number)
	}
	return ordinal + symbol, nil
}

// samePrintedDate compares the figures that the date line prints, if any.
func (job *IssueJob) samePrintedDate(d *layout.Date) error {
	if d.State != layout.Filled && d.State != layout.Gap {
		return nil
	}
	_, rest, _ := strings.Cut(strings.ToLower(d.Text), "ngày")
	day, rest, _ := strings.Cut(rest, "tháng")
	month, year, _ := strings.Cut(rest, "năm")
	for _, printed := range []struct {
		text string
		want int
		slot *layout.Slot
	}{{day, job.Date.Day(), d.Day}, {month, int(job.Date.Month()), d.Month}, {year, job.Date.Year(), d.Year}} {
		v, err := strconv.Atoi(strings.Trim(printed.text, " .…_"))
		if err == nil && v != printed.want && printed.slot == nil {
			return fmt.Errorf("%w: the page prints %q, the date is %s", ErrSlotFilled, d.Text, job.Date.Format(time.DateOnly))
		}
	}
	return nil
}

// DateText is a date as it stands on a document, with a leading zero for days
// below 10 and the months 1 and 2 (NĐ 30/2020, Phụ lục I, phần I, mục II.4).
func DateText(t time.Time) string { return dateWords(dateFigures(t, 10)) }

func dateWords(day, month, year string) string {
	return fmt.Sprintf("ngày %s tháng %s năm %s", day, month, year)
}

// dateFigures are day, month and year; days get two figures below twoBelow,
// months below 3.
func dateFigures(t time.Time, twoBelow int) (day, month, year string) {
	figures := func(v, below int) string {
		if v < below {
			return fmt.Sprintf("%02d", v)
		}
		return strconv.Itoa(v)
	}
	return figures(t.Day(), twoBelow), figures(int(t.Month()), 3), strconv.Itoa(t.Year())
}
