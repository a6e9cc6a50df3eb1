package issue

import (
	"errors"

	"antin/signer"
)

// Room that a person's click gives to a text, mm, and its size, pt: what number and
// date usually take (NĐ 30/2020, Phụ lục I: 13, 13–14).
const (
	numberRoom, dateRoom = 45.0, 65.0
	slotSize             = 13.0
)

// pointing is what the person has to point at on the page: the place of the number,
// then that of the date; "" for nothing.
func (r *row) pointing() signer.Part {
	switch {
	case !errors.Is(r.refusal, signer.ErrNoSlots):
		return ""
	case len(r.slots) == 0:
		return signer.NumberPart
	}
	return signer.DatePart
}

// pointed takes a click on a page as the beginning of a line where a text goes.
func (s *Screen) pointed(page int, x, y float64) {
	r := s.current
	if r == nil || s.Busy() {
		return
	}
	part := r.pointing()
	if part == "" {
		return
	}
	room := numberRoom
	if part == signer.DatePart {
		room = dateRoom
	}
	room = min(room, s.reader.PageSize(page).W-x)
	slot, err := signer.SlotAt(part, page, x, y, room, slotSize)
	if err != nil {
		s.Problem(err, nil)
		return
	}
	r.slots = append(r.slots, *slot)
	if part == signer.NumberPart {
		s.refresh() // the date is still to come
		return
	}
	s.replan(r)
}
