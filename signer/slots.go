package signer

import (
	"fmt"
	"regexp"
	"strconv"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// Names of the text fields that the first signature makes for the clerk: for
// number and date, whole or in parts, and for the mark of urgency. The clerk's
// signature fills and locks them.
const (
	NumberField  = "AnTin_So"
	OrdinalField = "AnTin_SoThuTu"
	DateField    = "AnTin_Ngay"
	DayField     = "AnTin_NgaySo"
	MonthField   = "AnTin_Thang"
	YearField    = "AnTin_Nam"
	UrgencyField = "AnTin_Khan"
)

// slotFields are the parts that slots take, with their fields.
var slotFields = []struct {
	part Part
	name string
}{
	{NumberPart, NumberField},
	{OrdinalPart, OrdinalField},
	{DatePart, DateField},
	{DayPart, DayField},
	{MonthPart, MonthField},
	{YearPart, YearField},
	{UrgencyPart, UrgencyField},
}

func fieldOf(part Part) string {
	for _, f := range slotFields {
		if f.part == part {
			return f.name
		}
	}
	return ""
}

const slotSize = 13.0 // pt, where a slot names none (NĐ 30/2020, Phụ lục I: 13, date 13–14)

// SlotAt is the slot of a text that starts at x on a baseline (mm from the top
// left corner of the page), with room for width mm at a size of pt points.
func SlotAt(part Part, page int, x, baseline, width, pt float64) (*Slot, error) {
	m, err := appearance.FontMetrics(appearance.Regular, pt)
	if err != nil {
		return nil, err
	}
	return &Slot{
		Place: Place{page, pdffile.Box{X: x, Y: baseline - m.Ascent, W: width, H: m.Ascent + m.Descent}},
		Size:  pt, Part: part,
	}, nil
}

func (s *Slot) size() float64 {
	if s.Size <= 0 {
		return slotSize
	}
	return s.Size
}

var fontSize = regexp.MustCompile(`([0-9.]+)\s+Tf`)

// slotOf reads the place of the existing, empty text field of a part.
func slotOf(f *pdffile.File, part Part) (*Slot, error) {
	name := fieldOf(part)
	fl, err := f.Field(name)
	if err != nil {
		return nil, err
	}
	if fl.Type != "Tx" || len(fl.Widgets) != 1 || fl.Widgets[0].Page == 0 {
		return nil, fmt.Errorf("field %q: %w", name, ErrNoSlots)
	}
	if v, err := f.Resolve(fl.Value); err != nil || f.Text(v) != "" {
		return nil, fmt.Errorf("field %q: %w", name, ErrSlotFilled)
	}
	w := fl.Widgets[0]
	page, err := f.Page(w.Page)
	if err != nil {
		return nil, err
	}
	s := &Slot{Place: Place{w.Page, f.Box(w)}, Size: slotSize, Part: part}
	if m := fontSize.FindStringSubmatch(f.Text(fl.DA)); m != nil {
		if units, err := strconv.ParseFloat(m[1], 64); err == nil && units > 0 {
			s.Size = page.MM(units) / 25.4 * 72
		}
	}
	return s, nil
}
