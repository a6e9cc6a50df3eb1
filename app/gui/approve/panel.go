package approve

import (
	"strconv"
	"strings"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/layout"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// panel is what stands beside the pages: where the signature goes, who signs, and
// the button; while signing how far it is, and afterwards what came of it.
type panel struct {
	screen  *Screen
	content fyne.CanvasObject
	side    *batch.Panel

	place   *frame.Told
	blocks  *frame.Kept
	size    *fyne.Container
	width   *frame.Entry
	height  *frame.Entry
	reset   *frame.Button
	undo    *frame.Button
	here    *frame.Button
	signer  *frame.Told
	notices *frame.Kept
	picture *frame.Button
	agree   *frame.Check
	skip    *frame.Button
	small   *frame.Check
	sign    *frame.Button
	why     *widget.Label
	next    *frame.Button // of the result
	other   *frame.Button
}

func newPanel(s *Screen) *panel {
	p := &panel{screen: s}
	p.place, p.signer = frame.NewTold(), frame.NewTold()
	p.blocks, p.notices = &frame.Kept{Box: container.NewGridWithColumns(3)}, frame.NewKept()
	p.width, p.height = p.millimetres(func(v float64) { s.current.editor.Board.SetSize(box, v, 0) }), p.millimetres(func(v float64) { s.current.editor.Board.SetSize(box, 0, v) })
	p.size = container.NewGridWithColumns(2,
		container.NewBorder(nil, nil, widget.NewLabel(s.Text("approve.width")), widget.NewLabel("mm"), p.width),
		container.NewBorder(nil, nil, widget.NewLabel(s.Text("approve.height")), widget.NewLabel("mm"), p.height))
	p.reset = s.NewButton(s.Text("approve.reset"), s.reset)
	p.undo = s.NewButton(s.Text("approve.undo"), func() { s.current.editor.Board.Undo() })
	p.here = s.NewButton(s.Text("approve.this-page"), s.onThisPage)
	p.picture = s.NewButton("", s.choosePicture)
	p.agree = s.NewCheck(s.Text("approve.agree-box"), func(yes bool) {
		if s.current != nil && yes != s.current.agreed {
			s.agree(yes)
		}
	})
	p.skip = s.NewButton("", s.skip)
	p.small = s.NewCheck(s.Text("approve.initials"), s.setInitials)
	p.sign = s.NewMainButton("", s.sign)
	p.why = frame.Wrapped("")
	choices := container.NewBorder(nil, frame.Foot(p.agree, p.skip, p.sign, p.why, p.small), nil, nil, frame.Panel(
		frame.Heading(s.Text("approve.step-place")), p.place.Box, p.blocks.Box, p.size, container.NewGridWithColumns(2, p.reset, p.undo), p.here,
		frame.Heading(s.Text("approve.step-signer")), s.signer.Box(), p.signer.Box, p.notices.Box, p.picture,
	))
	p.next, p.other = s.NewButton(s.Text("approve.next-document"), s.signNext), s.NewButton(s.Text("approve.open-another"), s.signOther)
	p.side = batch.NewPanel(s.Frame, batch.Words{
		Title: "approve.signing", Writing: "approve.writing", Again: "approve.retry", Back: "approve.back",
	}, choices, s.retry, s.leaveRun, p.next, p.other)
	p.content = frame.Wide(frame.PanelWidth, container.NewPadded(p.side.Box))
	return p
}

// refresh shows the state of now.
func (p *panel) refresh() {
	s := p.screen
	switch {
	case s.run != nil && s.run.Open():
		p.side.Progress(s.run.Run)
	case s.run != nil:
		p.tell(s.run)
	default:
		p.ask()
		p.side.Choices()
	}
}

// ask shows the choices.
func (p *panel) ask() {
	s, d := p.screen, p.screen.current
	p.askPlace(d)
	p.askSigner(d)
	several, ready := len(s.documents) > 1, s.ready()
	frame.Show(p.agree, several && d != nil)
	frame.Show(p.skip, several && d != nil && d.state != signer.RowDone)
	if d != nil {
		if d.state == signer.RowSkipped {
			p.skip.Say(s.Text("approve.take-back"))
		} else {
			p.skip.Say(s.Text("approve.skip-this"))
		}
		p.agree.SetChecked(d.agreed)
		p.small.SetChecked(d.initials)
	}
	frame.Enable(p.agree, d != nil && d.signable())
	frame.Show(p.small, d != nil && s.signer.ID() != "")
	switch {
	case several && len(ready) > 0:
		p.sign.Say(s.Text("approve.sign-several", len(ready)))
	case d != nil && d.initials:
		p.sign.Say(s.Text("approve.sign-initials"))
	default:
		p.sign.Say(s.Text("approve.sign"))
	}
	frame.Enable(p.sign, len(ready) > 0)
	why := p.waitsFor(d)
	frame.Say(p.why, why)
	frame.Show(p.why, why != "" && len(ready) == 0)
}

// waitsFor is what has to be done before the button can be pressed.
func (p *panel) waitsFor(d *document) string {
	s := p.screen
	switch {
	case d == nil:
		return s.Text("approve.waits-document")
	case s.signer.ID() == "", d.trouble != nil, d.refused():
		return "" // told above
	case !d.planned:
		return s.Text("approve.waits-plan")
	case s.picture == nil:
		return s.Text("approve.waits-picture")
	case !d.placed():
		return s.Text("approve.waits-place")
	case len(s.documents) > 1 && !d.agreed && d.state != signer.RowSkipped:
		return s.Text("approve.waits-agreed")
	}
	return ""
}

func (p *panel) askPlace(d *document) {
	s := p.screen
	placed := d != nil && d.placed() && !d.refused()
	for _, o := range []fyne.CanvasObject{p.size, p.reset, p.undo} {
		frame.Show(o, placed)
	}
	frame.Show(p.here, d != nil && d.editor != nil)
	p.offerBlocks(d)
	switch {
	case d == nil || s.signer.ID() == "" && !placed:
		p.place.Set("", s.Text("approve.place-none"))
		frame.Show(p.here, false)
		return
	case d.refused():
		p.place.Set("", s.Text("approve.place-none"))
		frame.Show(p.here, false)
		return
	case d.trouble != nil:
		p.place.Set(frame.SignBad, s.Words.Explain(d.trouble).What)
		return
	case !d.planned || d.pages == nil:
		p.place.Set(frame.SignWait, s.Text("approve.place-looking"))
		return
	}
	if !placed {
		problem, why := s.Words.Explain(signer.ErrNoPlace), ""
		if d.plan != nil && d.plan.Found != nil {
			why = p.doubts(d.plan.Found.Reasons)
		}
		p.place.Set(frame.SignWarning, problem.What+why+" "+s.Text("approve.place-click"))
		return
	}
	at, _ := d.place()
	switch b := d.block(); {
	case d.initials:
		p.place.Set(frame.SignGood, s.Text("approve.place-page", at.Page))
	case d.origin == last:
		p.place.Set(frame.SignWarning, s.Text("approve.place-last", at.Page))
	case b == nil:
		p.place.Set(frame.SignGood, s.Text("approve.place-own", at.Page))
	case d.origin == doubted:
		p.place.Set(frame.SignWarning, s.Text("approve.place-doubted", title(b.Position(), b.Name), b.Page)+p.doubts(b.Reasons))
	case d.origin == found:
		p.place.Set(frame.SignGood, s.Text("approve.place-found", title(b.Position(), b.Name), b.Page))
	default:
		p.place.Set(frame.SignGood, s.Text("approve.place-chosen", title(b.Position(), b.Name), b.Page))
	}
	b := d.editor.Board.Box(box)
	p.width.Put(s.Words.Number(b.W))
	p.height.Put(s.Words.Number(b.H))
	frame.Enable(p.undo, d.editor.Board.CanUndo())
}

// doubts tells why a person has to look, as a sentence to add; "" for nothing.
func (p *panel) doubts(reasons []layout.Reason) string {
	why := p.screen.Words.Doubts(reasons)
	if why == "" {
		return ""
	}
	return " " + p.screen.Text("sign.place-why", why)
}

// offerBlocks offers the signing blocks when there are several.
func (p *panel) offerBlocks(d *document) {
	s := p.screen
	var candidates []layout.Block
	if d != nil && s.signer.ID() != "" && d.trouble == nil && !d.refused() && d.planned && d.pages != nil {
		candidates = d.candidates()
	}
	if len(candidates) == 1 && d.placed() {
		candidates = nil
	}
	p.blocks.Show(candidates, func() (objects []fyne.CanvasObject) {
		for i, b := range candidates {
			objects = append(objects, s.NewButton(s.Text("approve.block", i+1, b.Page), func() { s.candidate(i) }))
		}
		return objects
	})
}

// title is what stands at a signing block: chức vụ and họ tên.
func title(position, name string) string {
	if name == "" {
		return position
	}
	return strings.TrimPrefix(position+" – "+name, " – ")
}

func (p *panel) askSigner(d *document) {
	s := p.screen
	frame.Show(p.picture, s.signer.ID() != "")
	p.tellNotices(d)
	if s.signer.ID() == "" {
		frame.Show(p.signer.Box, false)
		return
	}
	var b *layout.Block
	if d != nil {
		b = d.block()
	}
	frame.Show(p.signer.Box, b != nil && (d.otherName() || b.Match.Same()))
	switch {
	case b != nil && d.otherName():
		p.signer.Set(frame.SignWarning, s.Text("approve.signer-differs", b.Name))
	case b != nil && b.Match.Same():
		p.signer.Set(frame.SignGood, s.Text("approve.signer-matches"))
	}
	label, importance := s.Text("approve.other-picture"), widget.MediumImportance
	if s.picture == nil {
		label, importance = s.Text("approve.choose-picture"), widget.HighImportance
	}
	if p.picture.Text != label {
		p.picture.Importance = importance
		p.picture.SetText(label)
	}
}

// tellNotices shows what stands against signing.
func (p *panel) tellNotices(d *document) {
	s := p.screen
	var refusal error
	if d != nil && d.refused() && s.signer.ID() != "" {
		refusal = d.refusal
	}
	bare := s.signer.ID() != "" && s.picture == nil
	p.notices.Show([]any{d, refusal, bare}, func() (objects []fyne.CanvasObject) {
		if refusal != nil {
			for _, l := range p.notSigned(refusal) {
				objects = append(objects, p.side.Object(l))
			}
		}
		if signedBefore(refusal) {
			objects = append(objects, s.NewButton(s.Text("approve.sign-again"), func() {
				d.again = true
				s.replan(d)
				s.plan()
				s.refresh()
			}))
		}
		if bare {
			missing := frame.NewTold()
			missing.Set(frame.SignWarning, s.Text("approve.picture-missing"))
			objects = append(objects, missing.Box)
		}
		return objects
	})
}

// setInitials turns between a signature and ký nháy.
func (s *Screen) setInitials(yes bool) {
	d := s.current
	if d == nil || d.initials == yes {
		return
	}
	d.initials, d.origin = yes, nowhere
	s.replan(d)
	s.plan()
	s.refresh()
}

// millimetres is an entry for a length; what is no length is put right again.
func (p *panel) millimetres(set func(mm float64)) *frame.Entry {
	e := p.screen.NewEntry()
	e.Taken = func(text string) {
		d := p.screen.current
		if d == nil || !d.placed() || p.screen.Busy() {
			return
		}
		if v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64); err == nil && v > 0 {
			set(v)
		}
		p.refresh()
	}
	return e
}
