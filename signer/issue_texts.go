package signer

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"antin/signer/appearance"
	"antin/signer/layout"
	"antin/signer/pades"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// chosen is a slot with where it comes from.
type chosen struct {
	Slot
	origin Origin // OwnField: a field that the first signer left
}

// write decides where number, date and the mark of urgency go: into the fields
// that the first signer left, else into a band signature on the places that the
// job names or that the first page leaves without doubt.
func (job *IssueJob) write(ctx context.Context, src *source, a *issue) error {
	page, found, err := readPage(ctx, src.File, 1, job.options(a.Name.Holder))
	if err != nil {
		return err
	}
	if a.Found == nil {
		a.Found = found
	}
	fields, err := leftFields(src.File)
	if err != nil {
		return err
	}
	texts, err := job.texts(a.Found)
	if err != nil {
		return err
	}
	a.Number = texts[NumberPart]
	slots, err := job.choose(page, a, fields)
	if err != nil {
		return err
	}
	var band []Mark
	for _, s := range slots {
		m, err := job.mark(s, texts[s.Part])
		if err == nil && !job.OverInk {
			err = freePaper(ctx, src.File, page, &m)
		}
		if err != nil {
			return err
		}
		a.Marks = append(a.Marks, m)
		if s.origin != OwnField {
			band = append(band, m)
			continue
		}
		look := appearance.NewLook(s.W, s.H)
		if err := m.draw(look, s.Box); err != nil {
			return err
		}
		a.request.Fill = append(a.request.Fill, pades.Value{Field: m.Field, Text: m.Text, Look: look, ReadOnly: true})
	}
	if len(fields) > 0 { // those that stay empty too: nobody may fill them later
		a.request.Lock = &pdffile.FieldLock{Action: "Include"}
		for _, s := range fields {
			a.request.Lock.Fields = append(a.request.Lock.Fields, fieldOf(s.Part))
		}
	}
	return job.planBand(src, a, band)
}

// leftFields are the empty fields that the first signer left.
func leftFields(f *pdffile.File) ([]Slot, error) {
	var left []Slot
	for _, field := range slotFields {
		s, err := slotOf(f, field.part)
		if errors.Is(err, pdffile.ErrNoField) {
			continue
		}
		if err != nil {
			return nil, err
		}
		left = append(left, *s)
	}
	return left, nil
}

// choose picks the slots for what has to be written: the first signer's fields
// before the job's slots before those of the text. What is printed already needs
// none.
func (job *IssueJob) choose(page *pagetext.Text, a *issue, fields []Slot) ([]chosen, error) {
	var out []chosen
	for _, group := range []struct {
		parts           []Part
		needed, printed bool
		missing         error
	}{
		{[]Part{NumberPart, OrdinalPart}, true, a.Found.Number.State == layout.Filled, ErrNoSlots},
		{[]Part{DatePart, DayPart, MonthPart, YearPart}, true, a.Found.Date.State == layout.Filled, ErrNoSlots},
		{[]Part{UrgencyPart}, job.Urgency != "", false, ErrNoUrgencySlot},
	} {
		if !group.needed {
			continue
		}
		before := len(out)
		for _, from := range []struct {
			slots  []Slot
			origin Origin
		}{{fields, OwnField}, {job.Slots, Given}, {sureSlots(page, a.Found, job.profile()), FoundSlot}} {
			for _, s := range from.slots {
				if slices.Contains(group.parts, s.Part) {
					out = append(out, chosen{s, from.origin})
				}
			}
			if len(out) > before {
				break
			}
		}
		switch {
		case len(out) > before:
		case group.printed:
			a.Notes = append(a.Notes, NotePrinted)
		default:
			return nil, group.missing
		}
	}
	return out, nil
}

// mark sets a text in its slot as the profile wants it: number upright, date
// italic (Phụ lục I, phần I, mục II.3 and II.4), on the slot's baseline and in
// its size.
func (job *IssueJob) mark(s chosen, text string) (Mark, error) {
	m := Mark{Part: s.Part, Place: s.Place, Origin: s.origin, Text: text, Size: s.size()}
	if s.origin == OwnField {
		m.Field = fieldOf(s.Part)
	}
	p := job.profile()
	style := p.Date.Style.Or("italic")
	switch s.Part {
	case NumberPart, OrdinalPart:
		style = p.Number.Style.Or("upright")
	case UrgencyPart:
		m.Framed, m.Face = true, appearance.Bold
		frame := p.Urgency.Frames.Or(nil)[text]
		m.Box = pdffile.Box{X: s.X + (s.W-frame[0])/2, Y: s.Y + (s.H-frame[1])/2, W: frame[0], H: frame[1]}
	}
	if style == "italic" && !m.Framed {
		m.Face = appearance.Italic
	}
	metrics, err := appearance.FontMetrics(m.Face, m.Size)
	if err != nil {
		return m, err
	}
	width, err := appearance.Measure(text, m.Face, m.Size)
	if err != nil {
		return m, err
	}
	if width > m.W || m.W > s.W || m.H > s.H {
		return m, fmt.Errorf("%q needs %.1f mm, the slot has %.1f: %w", text, max(width, m.W), s.W, appearance.ErrNoRoom)
	}
	m.X, m.Baseline = m.Place.X, m.Y+m.H-metrics.Descent
	switch s.Part {
	case OrdinalPart:
		m.X += m.W - width
	case DayPart, MonthPart:
		m.X += (m.W - width) / 2
	case UrgencyPart:
		m.X += (m.W - width) / 2
		m.Baseline = m.Y + (m.H+metrics.CapHeight)/2
	}
	return m, nil
}

// draw puts a text into a look that lies at a box of the page.
func (m *Mark) draw(l *appearance.Look, at pdffile.Box) error {
	x, baseline := m.X-at.X, m.Baseline-at.Y
	if m.Framed {
		return l.Framed(m.Text, m.Face, m.Size, x, baseline, pdffile.Box{X: m.Place.X - at.X, Y: m.Y - at.Y, W: m.W, H: m.H})
	}
	return l.Text(m.Text, m.Face, m.Size, x, baseline)
}

// freePaper refuses a text that would stand on something printed.
func freePaper(ctx context.Context, f *pdffile.File, first *pagetext.Text, m *Mark) error {
	t := first
	if m.Page != first.Page {
		var err error
		if t, err = pagetext.Page(ctx, f, m.Page); err != nil {
			return err
		}
	}
	b := m.Box
	if !m.Framed {
		width, err := appearance.Measure(m.Text, m.Face, m.Size)
		if err != nil {
			return err
		}
		b = layout.TextBox(m.X, m.Baseline, width, m.Size)
	}
	if layout.Covers(t, b) {
		return fmt.Errorf("%w: %q at %.1f, %.1f mm on page %d", ErrInk, m.Text, m.X, m.Baseline, m.Page)
	}
	return nil
}

// planBand makes one signature of the texts that have no field.
func (job *IssueJob) planBand(src *source, a *issue, marks []Mark) error {
	if len(marks) == 0 {
		return nil
	}
	box := marks[0].Box
	for _, m := range marks {
		if m.Page != marks[0].Page {
			return fmt.Errorf("%w: they stand on different pages", ErrNoSlots)
		}
		box = union(box, m.Box)
	}
	look := appearance.NewLook(box.W, box.H)
	for i := range marks {
		if err := marks[i].draw(look, box); err != nil {
			return err
		}
	}
	q := a.request
	q.Page, q.Box, q.Look, q.Fill, q.Lock = marks[0].Page, box, look, nil, nil
	var err error
	if a.band, err = pades.NewPlan(src.File, q); err == nil {
		a.Notes = append(a.Notes, NoteBandSignature)
	}
	return err
}

func union(a, b pdffile.Box) pdffile.Box {
	x, y := min(a.X, b.X), min(a.Y, b.Y)
	return pdffile.Box{X: x, Y: y, W: max(a.X+a.W, b.X+b.W) - x, H: max(a.Y+a.H, b.Y+b.H) - y}
}

// spaceless is a text without its spaces, for comparing what programs break up.
func spaceless(s string) string { return strings.Join(strings.Fields(s), "") }
