package certify

import (
	"slices"
	"strconv"

	"antin/app/gui/batch"
	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/scan"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

const maxFindings = 8 // that are told in full; the list of pages has all

// panel is what stands beside the pages: what the gate found, the choices, and the
// button; while certifying how far it is, and afterwards what came of it.
type panel struct {
	screen  *Screen
	content fyne.CanvasObject
	side    *batch.Panel

	trouble  *frame.Kept // of the register
	verdict  *frame.Told
	findings *frame.Kept
	looked   *frame.Check
	mend     *frame.Kept // what can be done to many pages at once
	dpi      *frame.Entry

	forms   []*frame.Button
	extract *frame.Entry
	line    *fyne.Container // of extract
	agency  *frame.Entry
	record  *frame.Entry
	ordinal *frame.Entry
	without *frame.Check
	block   *frame.Told

	number   *frame.Entry
	original *frame.Entry
	order    *frame.Entry

	agree  *frame.Check
	button *frame.Button
	why    *widget.Label
	next   *frame.Button // of the result

	scanning *fyne.Container // the scanner at work
	scanned  *widget.Label
}

// forms of copies in their order on the panel.
var forms = []scan.Form{scan.SaoY, scan.SaoLuc, scan.TrichSao}

func newPanel(s *Screen) *panel {
	p := &panel{
		screen: s, trouble: frame.NewKept(), findings: frame.NewKept(), mend: frame.NewKept(),
		verdict: frame.NewTold(), block: frame.NewTold(), why: frame.Wrapped(""), scanned: frame.Wrapped(""),
	}
	p.looked = s.NewCheck(s.Text("certify.looked"), s.setLooked)
	p.dpi = p.entry(s.setDPI)
	grid := container.NewGridWithColumns(len(forms))
	for _, form := range forms {
		b := s.NewButton(signer.CopyForms[form], func() { s.setForm(form) })
		p.forms = append(p.forms, b)
		grid.Add(b)
	}
	p.extract, p.agency, p.record, p.ordinal = p.entry(s.setExtract), p.entry(s.setAgency), p.entry(s.setRecord), p.entry(s.setOrdinal)
	p.extract.SetPlaceHolder(s.Text("certify.extract-hint"))
	p.line = p.labelled("certify.extract", p.extract)
	p.number, p.original, p.order = p.entry(s.setNumber), s.NewLongEntry(2), p.entry(func(text string) { s.byOrderOf = text })
	p.original.Taken = s.setOriginal
	p.number.SetPlaceHolder(s.Text("certify.number-hint"))
	p.original.SetPlaceHolder(s.Text("certify.original-hint"))
	p.without = s.NewCheck(s.Text("certify.without-text"), func(yes bool) {
		s.withoutText = yes
		s.refresh()
	})
	p.agree = s.NewCheck(s.Text("certify.agree-box"), func(yes bool) {
		if s.current != nil && yes != s.current.agreed {
			s.agree(yes)
		}
	})
	p.button = s.NewMainButton("", s.certify)
	first := container.NewVBox(p.trouble.Box, frame.Heading(s.Text("certify.step-gate")), p.verdict.Box, p.findings.Box, p.mend.Box, p.looked)
	second := container.NewVBox(frame.Heading(s.Text("certify.step-copy")))
	third := container.NewVBox(frame.Heading(s.Text("certify.step-register")))
	if s.use.Archive {
		second.Add(p.labelled("certify.record", p.record))
		second.Add(p.labelled("certify.ordinal", p.ordinal))
		second.Add(p.labelled("certify.agency", p.agency))
		second.Add(p.without)
		third = container.NewVBox()
	} else {
		second.Add(grid)
		second.Add(p.line)
		second.Add(p.labelled("certify.agency", p.agency))
		third.Add(p.labelled("certify.number", p.number))
		third.Add(p.labelled("certify.original", p.original))
		third.Add(p.labelled("certify.order", p.order))
	}
	second.Add(p.block.Box)
	signs := container.NewVBox(frame.Heading(s.Text("certify.step-signer")), s.holder.Box())
	choices := container.NewBorder(nil, frame.Foot(p.agree, p.button, p.why), nil, nil, frame.Panel(first, second, third, signs))
	p.scanning = container.NewVBox(frame.Heading(s.Text("certify.scanning")), p.scanned, s.NewButton(s.Text("run.cancel"), func() { s.scanning.cancel() }))
	p.next = s.NewMainButton(s.Text("certify.next-scan"), s.nextScan)
	p.side = batch.NewPanel(s.Frame, batch.Words{
		Title: "certify.working", Writing: "certify.stage-write", Again: "certify.again", Back: "certify.back", Failed: "certify.failed",
	}, choices, s.again, s.leave, p.next)
	p.content = frame.Wide(frame.PanelWidth, container.NewPadded(p.side.Box))
	return p
}

// entry is a line whose text is taken when Return is pressed or the line is left.
func (p *panel) entry(take func(text string)) *frame.Entry {
	e := p.screen.NewEntry()
	e.Taken = take
	return e
}

func (p *panel) labelled(name string, o fyne.CanvasObject) *fyne.Container {
	return frame.Labelled(p.screen.Text(name), o)
}

// refresh shows the state of now.
func (p *panel) refresh() {
	s := p.screen
	switch {
	case s.scanning != nil:
		frame.Say(p.scanned, s.Text("certify.scanned", s.scanning.pages))
		p.side.Turn(p.scanning)
	case s.run != nil && s.run.Open():
		p.side.Progress(s.run.Run)
	case s.run != nil:
		p.tellResult(s.run)
	default:
		p.tellTrouble()
		p.tellGate()
		p.tellCopy()
		p.tellButton()
		p.side.Choices()
	}
}

func (p *panel) tellTrouble() {
	s, trouble, left := p.screen, p.screen.trouble, p.screen.earlier
	if s.holder.ID() == "" {
		left = 0
	}
	p.trouble.Show([]any{trouble, left}, func() (objects []fyne.CanvasObject) {
		if trouble != nil {
			objects = append(objects, frame.ProblemPanel(s.Words, s.Words.Explain(trouble)), s.NewButton(s.Text("certify.try-again"), s.openRegister))
		}
		if left > 0 {
			before := frame.NewTold()
			before.Set(frame.SignWarning, s.Text("certify.interrupted", left))
			objects = append(objects, before.Box, s.NewMainButton(s.Text("certify.resume"), s.resumeEarlier), s.NewButton(s.Text("certify.discard"), s.discardEarlier))
		}
		return objects
	})
}

// tellGate shows what the gate says of the current row.
func (p *panel) tellGate() {
	s, r := p.screen, p.screen.current
	if r == nil {
		p.verdict.Set("", s.Text("certify.none"))
		frame.Show(p.verdict.Box, true)
		frame.Show(p.looked, false)
		for _, k := range []*frame.Kept{p.findings, p.mend} {
			k.Show(nil, func() []fyne.CanvasObject { return nil })
		}
		return
	}
	p.verdict.Set(s.told(r))
	asks, trouble := r.asks(), r.trouble
	if trouble == nil && r.planned {
		trouble = r.refusal
	}
	var found []scan.Finding
	judged := len(asks) == 0 && trouble == nil && r.copy != nil && r.open()
	switch {
	case judged && r.electronic():
		trouble, judged = signer.ErrCopyElectronic, false
	case judged:
		found = slices.Concat(r.failing(), r.looking())
	}
	frame.Show(p.verdict.Box, trouble == nil || len(asks) > 0) // else it is told in full below
	p.findings.Show([]any{r, asks, trouble, found, r.fixed}, func() []fyne.CanvasObject {
		switch {
		case len(asks) > 0:
			return p.ask(r, asks)
		case trouble != nil:
			return p.refused(r, trouble)
		}
		return p.found(found)
	})
	p.offerMending(r, judged)
	looking := judged && len(r.looking()) > 0
	if looking {
		p.looked.SetChecked(r.acknowledged())
	}
	frame.Show(p.looked, looking)
}

// found are findings, the worst in full.
func (p *panel) found(all []scan.Finding) (objects []fyne.CanvasObject) {
	s := p.screen
	for i, f := range all {
		if i == maxFindings {
			return append(objects, frame.Wrapped(s.Text("certify.more-findings", len(all)-i)))
		}
		told := frame.NewTold()
		told.Set(frame.SignWarning, s.Words.Finding(f))
		if f.Verdict == scan.Fail {
			told.Set(frame.SignBad, s.Words.Finding(f))
		}
		objects = append(objects, told.Box)
	}
	return objects
}

// refused is why nothing can be made of a row, and where else it belongs.
func (p *panel) refused(r *row, err error) []fyne.CanvasObject {
	s := p.screen
	objects := []fyne.CanvasObject{frame.ProblemPanel(s.Words, s.Words.Explain(err))}
	if check := s.use.Check; check != nil && r.fixed != nil && r.trouble == nil {
		objects = append(objects, s.NewButton(s.Text("certify.check"), func() { check([]string{r.path}) }))
	}
	return objects
}

// ask asks for the resolution of pictures that do not tell it.
func (p *panel) ask(r *row, asks []scan.Leaf) []fyne.CanvasObject {
	s := p.screen
	objects := []fyne.CanvasObject{frame.Wrapped(s.Text("certify.asks", len(asks), asks[0].PixelsX, asks[0].PixelsY))}
	for _, f := range asks[0].Fits() {
		objects = append(objects, s.NewButton(s.Text("certify.fit", f.DPI, f.Paper), func() { s.answer(r, f.DPI) }))
	}
	return append(objects, p.labelled("certify.dpi", p.dpi))
}

// offerMending offers what brings several pages in order at once.
func (p *panel) offerMending(r *row, judged bool) {
	s := p.screen
	var blank []int
	turned := map[int][]int{} // by degrees
	if judged && r.fixed == nil {
		for _, g := range r.copy.Gate.Pages {
			if g.Blank {
				blank = append(blank, g.Number)
			}
			if g.Turn != 0 {
				turned[g.Turn] = append(turned[g.Turn], g.Number)
			}
		}
		if len(blank) == len(r.copy.Gate.Pages) {
			blank = nil
		}
	}
	p.mend.Show([]any{r, blank, turned}, func() (objects []fyne.CanvasObject) {
		if len(blank) > 0 {
			objects = append(objects, s.NewButton(s.Text("certify.drop-blank", len(blank)), func() { s.do(r, scan.Drop{Pages: blank}) }))
		}
		for _, degrees := range []int{90, 180, 270} {
			if pages := turned[degrees]; len(pages) > 0 {
				objects = append(objects, s.NewButton(s.Text("certify.turn-upright", len(pages), degrees), func() { s.do(r, scan.Turn{Pages: pages, Degrees: degrees}) }))
			}
		}
		return objects
	})
}

// tellCopy shows what was chosen.
func (p *panel) tellCopy() {
	s, r := p.screen, p.screen.current
	for i, b := range p.forms {
		if chosen := forms[i] == s.form; chosen != (b.Icon != nil) {
			b.Icon, b.Importance = nil, widget.MediumImportance
			if chosen {
				b.Icon, b.Importance = theme.ConfirmIcon(), widget.HighImportance
			}
			b.Refresh()
		}
	}
	frame.Show(p.line, s.form == scan.TrichSao)
	p.agency.Put(s.agency())
	p.record.Put(s.record)
	p.order.Put(s.byOrderOf)
	frame.Show(p.without, s.unreadable != nil)
	for _, w := range []fyne.Disableable{p.extract, p.number, p.original, p.ordinal} {
		frame.Enable(w, r != nil && r.open())
	}
	frame.Show(p.block.Box, false)
	if r == nil {
		for _, e := range []*frame.Entry{p.extract, p.number, p.original, p.ordinal} {
			e.Put("")
		}
		return
	}
	number := ""
	if r.number.N > 0 {
		number = r.number.String()
	}
	p.number.Put(number)
	p.original.Put(r.original)
	p.extract.Put(printPages(r.extract))
	p.ordinal.Put(strconv.Itoa(max(1, r.ordinal)))
	if s.use.Archive && s.unreadable != nil {
		p.block.Set(frame.SignWarning, s.Words.Explain(s.unreadable).What)
		frame.Show(p.block.Box, true)
		return
	}
	if r.copy == nil || r.copy.Block == nil || !r.open() {
		return
	}
	switch {
	case r.copy.Block.Covers:
		p.block.Set(frame.SignWarning, s.Text("certify.block-covers"))
	case r.copy.Block.Shifted:
		p.block.Set(frame.SignWarning, s.Text("certify.block-shifted"))
	default:
		p.block.Set(frame.SignGood, s.Text("certify.block"))
	}
	frame.Show(p.block.Box, true)
}

// tellButton shows what F9 would do, or what it waits for.
func (p *panel) tellButton() {
	s, r := p.screen, p.screen.current
	several, ready := len(s.rows) > 1, s.ready()
	frame.Show(p.agree, several && r != nil)
	if r != nil {
		p.agree.SetChecked(r.agreed)
	}
	frame.Enable(p.agree, r != nil && s.signable(r))
	if several {
		p.button.Say(s.Text("certify.certify-several", len(ready)))
	} else {
		p.button.Say(s.Text("certify.certify"))
	}
	frame.Enable(p.button, len(ready) > 0)
	why := ""
	switch {
	case r == nil:
		why = s.Text("certify.waits-scan")
	case len(ready) > 0:
	case s.form == scan.TrichSao && len(r.extract) == 0 && r.copy != nil && r.refusal == nil:
		why = s.Text("certify.needs-pages") // the others do not count
	case r.passes() && s.missing(r) != "":
		why = s.missing(r)
	case r.passes() && s.holder.ID() == "":
		why = s.Text("certify.waits-token")
	case several && s.signable(r):
		why = s.Text("certify.waits-agreed")
	case r.planned && len(r.failing()) > 0:
		why = s.Text("certify.waits-better")
	case r.planned && r.refusal == nil && !r.acknowledged():
		why = s.Text("certify.waits-looked")
	}
	frame.Say(p.why, why)
	frame.Show(p.why, why != "")
}

// told is how a row is doing, in a sign and a few words.
func (s *Screen) told(r *row) (sign, text string) {
	switch {
	case r.state == signer.RowDone:
		return frame.SignGood, s.Text("certify.row-done")
	case r.state == signer.RowWorking:
		return frame.SignWait, s.Text("certify.row-working")
	case r.state == signer.RowFailed && r.failure != nil:
		return frame.SignBad, s.Words.Explain(r.failure).What
	case r.state == signer.RowSkipped:
		return "", s.Text("certify.row-skipped")
	case r.trouble != nil:
		return frame.SignBad, s.Words.Explain(r.trouble).What
	case len(r.asks()) > 0:
		return frame.SignWarning, s.Text("certify.page-asks")
	case r.read && r.fixed == nil && len(r.plan.Sheets()) == 0:
		return frame.SignBad, s.Words.Explain(scan.ErrNoInput).What
	case !r.planned:
		return frame.SignWait, s.Text("certify.row-reading")
	case r.refusal != nil:
		return frame.SignBad, s.Words.Explain(r.refusal).What
	case r.electronic():
		return frame.SignBad, s.Words.Explain(signer.ErrCopyElectronic).What
	case len(r.failing()) > 0:
		return frame.SignBad, s.Text("certify.row-fails", r.copy.Gate.Count(scan.Fail), len(r.copy.Gate.Pages))
	case !r.acknowledged():
		return frame.SignWarning, s.Text("certify.row-looks")
	case r.agreed:
		return frame.SignGood, s.Text("certify.row-agreed")
	}
	return frame.SignGood, s.Text("certify.row-passes", len(r.copy.Pages))
}
