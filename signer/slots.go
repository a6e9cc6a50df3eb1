package signer

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"antin/signer/appearance"
	"antin/signer/pades"
	"antin/signer/pdffile"
)

// Names of the text fields for number and date. The first signature makes them,
// the clerk's fills and locks them.
const (
	NumberField = "AnTin_So"
	DateField   = "AnTin_Ngay"
)

const slotSize = 13.0 // pt, where a slot names none (NĐ 30/2020, Phụ lục I: 13, date 13–14)

// DateText is a date as it stands on a document, with a leading zero for days
// below 10 and the months 1 and 2 (NĐ 30/2020, Phụ lục I, phần I, mục II.4).
func DateText(t time.Time) string {
	month := strconv.Itoa(int(t.Month()))
	if t.Month() < 3 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

// SlotAt is the slot of a text that starts at x on a baseline (mm from the top
// left corner of the page), with room for width mm at a size of pt points.
func SlotAt(page int, x, baseline, width, pt float64) (*Slot, error) {
	m, err := appearance.FontMetrics(appearance.Regular, pt)
	if err != nil {
		return nil, err
	}
	return &Slot{
		Place: Place{page, pdffile.Box{X: x, Y: baseline - m.Ascent, W: width, H: m.Ascent + m.Descent}},
		Size:  pt,
	}, nil
}

// textFields are the empty fields that a first signature leaves for the clerk.
func textFields(number, date *Slot) []pades.TextField {
	var out []pades.TextField
	for name, s := range map[string]*Slot{NumberField: number, DateField: date} {
		if s != nil {
			out = append(out, pades.TextField{Name: name, Page: s.Page, Box: s.Box, Size: s.size()})
		}
	}
	if len(out) == 2 && out[0].Name == DateField { // number first, whatever the map's order
		out[0], out[1] = out[1], out[0]
	}
	return out
}

func (s *Slot) size() float64 {
	if s.Size <= 0 {
		return slotSize
	}
	return s.Size
}

// slotText draws a value in its slot: number upright, date italic (Phụ lục I,
// phần I, mục II.3 and II.4).
func slotText(l *appearance.Look, face appearance.Face, text string, pt float64, b pdffile.Box) error {
	m, err := appearance.FontMetrics(face, pt)
	if err != nil {
		return err
	}
	width, err := appearance.Measure(text, face, pt)
	if err != nil {
		return err
	}
	if width > b.W {
		return fmt.Errorf("%q needs %.1f mm, the slot has %.1f: %w", text, width, b.W, appearance.ErrNoRoom)
	}
	return l.Text(text, face, pt, b.X, b.Y+b.H-m.Descent)
}

var fontSize = regexp.MustCompile(`([0-9.]+)\s+Tf`)

// slotOf reads the place of an existing, empty text field.
func slotOf(f *pdffile.File, name string) (*Slot, error) {
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
	s := &Slot{Place: Place{w.Page, f.Box(w)}, Size: slotSize}
	if m := fontSize.FindStringSubmatch(f.Text(fl.DA)); m != nil {
		if units, err := strconv.ParseFloat(m[1], 64); err == nil && units > 0 {
			s.Size = page.MM(units) / 25.4 * 72
		}
	}
	return s, nil
}

// slotValue is one value for a text field that exists.
func slotValue(name, text string, face appearance.Face, s *Slot) (pades.Value, error) {
	l := appearance.NewLook(s.W, s.H)
	if err := slotText(l, face, text, s.size(), pdffile.Box{W: s.W, H: s.H}); err != nil {
		return pades.Value{}, err
	}
	return pades.Value{Field: name, Text: text, Look: l, ReadOnly: true}, nil
}
