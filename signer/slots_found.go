package signer

import (
	"antin/assets"
	"antin/signer/layout"
	"antin/signer/pagetext"
)

// sureSlots are the places for the clerk's texts that the first page leaves
// without doubt: for number and date, and below them for a mark of urgency.
func sureSlots(t *pagetext.Text, found *layout.Found, p *assets.Profile) []Slot {
	var out []Slot
	add := func(part Part, s *layout.Slot) {
		if at, err := SlotAt(part, s.Page, s.X, s.Baseline, s.W, s.Size); err == nil {
			out = append(out, *at)
		}
	}
	if n := &found.Number; n.Confidence >= layout.Sufficient {
		switch n.State {
		case layout.Open:
			add(NumberPart, &n.Slot)
		case layout.Gap:
			add(OrdinalPart, &n.Slot)
		}
		if s := urgencySlot(t, n, p); s != nil && len(out) > 0 {
			out = append(out, *s)
		}
	}
	if d := &found.Date; d.Confidence >= layout.Sufficient {
		if d.State == layout.Open {
			add(DatePart, &d.Whole)
		}
		for _, g := range []struct {
			part Part
			slot *layout.Slot
		}{{DayPart, d.Day}, {MonthPart, d.Month}, {YearPart, d.Year}} {
			if d.State == layout.Gap && g.slot != nil {
				add(g.part, g.slot)
			}
		}
	}
	return out
}

// urgencySlot is free paper under the number for the widest mark of urgency, nil
// when there is none (Phụ lục I, ô 10b).
func urgencySlot(t *pagetext.Text, n *layout.Number, p *assets.Profile) *Slot {
	w, h := urgencyRoom(p)
	b, ok := layout.UnderNumber(t, n, w, h)
	if !ok {
		return nil
	}
	return &Slot{Place: Place{t.Page, b}, Size: p.Urgency.Pt.Or(urgencyPt)[0], Part: UrgencyPart}
}

// What a profile without values has for the mark of urgency.
var urgencyPt = assets.Range{13, 13}

// urgencyRoom is the size of the largest frame, mm.
func urgencyRoom(p *assets.Profile) (w, h float64) {
	for _, size := range p.Urgency.Frames.Or(nil) {
		w, h = max(w, size[0]), max(h, size[1])
	}
	return w, h
}
