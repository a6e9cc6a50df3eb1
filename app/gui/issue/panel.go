package issue

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// panel is what stands beside the pages: what holds for all documents, what holds
// for this one, and the button; while stamping how far it is, and afterwards what
// came of it.
type panel struct {
	screen  *Screen
	content fyne.CanvasObject
	side    *batch.Panel

	banner   *frame.Kept // an earlier run that was cut off, a register in trouble
	first    *frame.Entry
	symbol   *frame.Entry
	date     *frame.Entry
	seal     *frame.Button
	diameter *frame.Entry
	missing  *frame.Told // of the seal
	noSeal   *frame.Check

	told    *frame.Told
	notices *frame.Kept
	number  *frame.Entry
	summary *frame.Entry
	to      *frame.Entry
	urgency *frame.Select
	annexes *frame.Kept
	attach  *frame.Button

	agree  *frame.Check
	button *frame.Button
	why    *widget.Label
	export *frame.Button // of the result
}

func newPanel(s *Screen) *panel {
	p := &panel{
		screen: s, banner: frame.NewKept(), told: frame.NewTold(), missing: frame.NewTold(), annexes: frame.NewKept(), notices: frame.NewKept(), why: frame.Wrapped(""),
	}
	p.first, p.symbol, p.date = p.entry(s.setFirst), p.entry(s.setSymbol), p.entry(s.setDate)
	p.symbol.SetPlaceHolder(s.Text("outgoing.symbol-hint"))
	p.diameter, p.seal = p.entry(s.setDiameter), s.NewButton("", s.chooseSeal)
	p.noSeal = s.NewCheck(s.Text("outgoing.no-seal"), s.setNoSeal)
	frame.Show(p.noSeal, s.profile.Seal.Optional.Or(false))
	p.number = p.entry(s.setRowNumber)
	p.summary, p.to = s.NewLongEntry(3), s.NewLongEntry(3)
	p.summary.Taken = func(text string) {
		s.current.summary = text
		s.table.refresh()
	}
	p.to.Taken = func(text string) { s.current.recipients = text }
	p.urgency = s.NewSelect(append([]string{s.Text("outgoing.urgency-none")}, s.degrees()...), s.setUrgency)
	p.attach = s.NewButton(s.Text("outgoing.attach"), s.attach)
	p.agree = s.NewCheck(s.Text("outgoing.agree-box"), func(yes bool) {
		if s.current != nil && yes != s.current.agreed {
			s.agree(yes)
		}
	})
	p.button = s.NewMainButton("", s.stamp)
	mm := container.NewBorder(nil, nil, nil, widget.NewLabel("mm"), p.diameter)
	choices := container.NewBorder(nil, frame.Foot(p.agree, p.button, p.why), nil, nil, frame.Panel(
		p.banner.Box,
		frame.Heading(s.Text("outgoing.step-all")), s.holder.Box(),
		p.labelled("outgoing.first", p.first), p.labelled("outgoing.symbol", p.symbol), p.labelled("outgoing.date", p.date), p.labelled("outgoing.diameter", mm), p.missing.Box, p.seal, p.noSeal,
		frame.Heading(s.Text("outgoing.step-one")), p.told.Box, p.notices.Box,
		p.labelled("outgoing.number", p.number), p.labelled("outgoing.about", p.summary), p.labelled("outgoing.to", p.to), p.labelled("outgoing.urgency", p.urgency), p.annexes.Box, p.attach,
	))
	p.export = s.NewButton(s.Text("outgoing.export"), s.export)
	p.side = batch.NewPanel(s.Frame, batch.Words{
		Title: "outgoing.working", Writing: "outgoing.stage-write", Again: "outgoing.again", Back: "outgoing.back", Failed: "outgoing.failed",
	}, choices, s.again, s.leave, p.export)
	p.content = frame.Wide(frame.PanelWidth, container.NewPadded(p.side.Box))
	return p
}

// entry is a line whose text is taken when Return is pressed or the line is left.
func (p *panel) entry(take func(text string)) *frame.Entry {
	e := p.screen.NewEntry()
	e.Taken = take
	return e
}

func (p *panel) labelled(name string, o fyne.CanvasObject) fyne.CanvasObject {
	return frame.Labelled(p.screen.Text(name), o)
}

// editNumber puts the cursor into the number of the current document.
func (p *panel) editNumber() {
	p.screen.Window.Canvas().Focus(p.number)
	p.number.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// refresh shows the state of now.
func (p *panel) refresh() {
	s := p.screen
	switch {
	case s.run != nil && s.run.Open():
		p.side.Progress(s.run.Run)
	case s.run != nil:
		p.tellResult(s.run)
	default:
		p.tellBanner()
		p.tellAll()
		p.tellRow()
		p.tellButton()
		p.side.Choices()
	}
}

func (p *panel) tellBanner() {
	s, left := p.screen, p.screen.left
	if s.holder.ID() == "" {
		left = 0
	}
	p.banner.Show([]any{s.trouble, left}, func() (objects []fyne.CanvasObject) {
		if s.trouble != nil {
			objects = append(objects, frame.ProblemPanel(s.Words, s.Words.Explain(s.trouble)), s.NewButton(s.Text("outgoing.try-again"), s.openRegister))
		}
		if left > 0 {
			before := frame.NewTold()
			before.Set(frame.SignWarning, s.Text("outgoing.interrupted", left))
			objects = append(objects, before.Box, s.NewMainButton(s.Text("outgoing.resume"), s.resumeEarlier), s.NewButton(s.Text("outgoing.discard"), s.discardEarlier))
		}
		return objects
	})
}

// tellAll shows what holds for all documents.
func (p *panel) tellAll() {
	s := p.screen
	first := 0
	for _, r := range s.rows {
		if s.current != nil && r.series == s.current.series && r.number.N > 0 && (first == 0 || r.number.N < first) {
			first = r.number.N
		}
	}
	p.first.Put(whole(first))
	frame.Enable(p.first, first > 0)
	p.symbol.Put(s.body)
	p.date.Put(s.Words.Date(s.date))
	set := s.holder.Set()
	diameter := ""
	if set.Diameter > 0 {
		diameter = s.Words.Number(set.Diameter)
	}
	p.diameter.Put(diameter)
	known := s.holder.ID() != "" && !s.noSeal
	frame.Enable(p.diameter, known)
	frame.Show(p.seal, known)
	switch {
	case known && s.seal == nil:
		p.missing.Set(frame.SignWarning, s.Text("outgoing.seal-missing"))
	case known && set.Diameter == 0:
		p.missing.Set(frame.SignWarning, s.Text("outgoing.diameter-missing"))
	}
	frame.Show(p.missing.Box, known && (s.seal == nil || set.Diameter == 0))
	if s.seal == nil {
		p.seal.Say(s.Text("outgoing.choose-seal"))
	} else {
		p.seal.Say(s.Text("outgoing.other-seal"))
	}
}

// whole is a number from 1; none for 0.
func whole(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// tellRow shows what holds for the current document.
func (p *panel) tellRow() {
	s, r := p.screen, p.screen.current
	p.tellNotices(r)
	p.tellAnnexes(r)
	for _, w := range []fyne.Disableable{p.number, p.summary, p.to, p.urgency, p.attach} {
		frame.Enable(w, r != nil)
	}
	if r == nil {
		p.told.Set("", s.Text("outgoing.none"))
		frame.Show(p.told.Box, true)
		return
	}
	p.told.Set(s.told(r))
	frame.Show(p.told.Box, len(r.against()) == 0) // else that is told in full below
	number := ""
	if r.number.N > 0 {
		number = r.number.String()
	}
	p.number.Put(number)
	p.summary.Put(r.summary)
	p.to.Put(r.recipients)
	if i := slices.Index(s.degrees(), string(r.urgency)); p.urgency.SelectedIndex() != i+1 {
		p.urgency.Selected = p.urgency.Options[i+1]
		p.urgency.Refresh()
	}
}

// against are the errors that stand in the row's way.
func (r *row) against() []error {
	refusal := r.refusal
	if !r.planned || r.trouble != nil {
		refusal = nil
	}
	return slices.DeleteFunc([]error{r.trouble, refusal, r.taken}, func(err error) bool { return err == nil })
}

// tellNotices shows what stands against the current document.
func (p *panel) tellNotices(r *row) {
	s := p.screen
	if r == nil {
		p.notices.Show(nil, func() []fyne.CanvasObject { return nil })
		return
	}
	against := r.against()
	p.notices.Show([]any{r, against, r.pointing(), r.override}, func() (objects []fyne.CanvasObject) {
		for _, err := range against {
			objects = append(objects, frame.ProblemPanel(s.Words, s.Words.Explain(err)))
		}
		if errors.Is(errors.Join(against...), fs.ErrNotExist) {
			objects = append(objects, s.NewButton(s.Text("outgoing.try-again"), func() { s.lookAgain(r) }))
		}
		if slices.ContainsFunc(against, signer.Overridable) {
			objects = append(objects, s.NewButton(s.Text("outgoing.override"), func() { s.askOverride(r) }))
		}
		switch r.pointing() {
		case signer.NumberPart:
			objects = append(objects, frame.Wrapped(s.Text("outgoing.point-number")))
		case signer.DatePart:
			objects = append(objects, frame.Wrapped(s.Text("outgoing.point-date")))
		}
		if r.override != nil {
			over := frame.NewTold()
			over.Set(frame.SignWarning, s.Text("outgoing.overridden", r.override.Reason))
			objects = append(objects, over.Box)
		}
		return objects
	})
}

// tellAnnexes shows the files that get the number of the current document too.
func (p *panel) tellAnnexes(r *row) {
	s := p.screen
	var paths []string
	if r != nil {
		paths = slices.Clone(r.attachments)
	}
	p.annexes.Show([]any{r, paths}, func() (objects []fyne.CanvasObject) {
		for i, path := range paths {
			objects = append(objects, container.NewBorder(nil, nil, nil, s.NewButton(s.Text("outgoing.detach"), func() { s.detach(r, i) }), shortened(path)))
		}
		return objects
	})
}

// tellButton shows what F9 would do, or what it waits for.
func (p *panel) tellButton() {
	s, r := p.screen, p.screen.current
	several, ready := len(s.rows) > 1, s.ready()
	frame.Show(p.agree, several && r != nil)
	if r != nil {
		p.agree.SetChecked(r.agreed)
	}
	frame.Enable(p.agree, r != nil && r.signable())
	if several {
		p.button.Say(s.Text("outgoing.stamp-several", len(ready)))
	} else {
		p.button.Say(s.Text("outgoing.stamp"))
	}
	frame.Enable(p.button, len(ready) > 0 && s.register != nil)
	why := ""
	switch {
	case r == nil:
		why = s.Text("outgoing.waits-document")
	case len(ready) == 0 && s.body == "" && r.number.N == 0:
		why = s.Text("outgoing.waits-symbol")
	case several && len(ready) == 0 && r.signable():
		why = s.Text("outgoing.waits-agreed")
	}
	frame.Say(p.why, why)
	frame.Show(p.why, why != "")
}
