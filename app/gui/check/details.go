package check

import (
	"context"
	"fmt"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/report"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// details is all that is known of one document.
type details struct {
	screen  *Screen
	content *container.Scroll
	box     *fyne.Container
	row     *row // that is shown, and how far it was
	state   state
	round   int
}

func newDetails(s *Screen) *details {
	d := &details{screen: s, box: container.NewVBox(), round: -1}
	d.content = container.NewVScroll(d.box)
	return d
}

// show shows a row, or that none is selected.
func (d *details) show(r *row) {
	if r != nil && r == d.row && r.state == d.state && r.round == d.round {
		return // what is unfolded stays so
	}
	d.row = r
	d.box.RemoveAll()
	if r == nil {
		d.round = -1
		d.box.Add(paragraph(d.screen.frame.Text("check.nothing-selected")))
		return
	}
	d.state, d.round = r.state, r.round
	d.head(r)
	switch {
	case r.state == failed:
		d.box.Add(frame.ProblemPanel(d.screen.frame.Words, d.screen.problem(r.err)))
	case r.found == nil:
	case r.locked():
		d.password(r)
	default:
		d.answers(r)
		d.signatures(r)
		d.technical(r)
	}
	d.box.Refresh()
	d.content.ScrollToTop()
}

// head: the verdict, what to do, and what can be done at once.
func (d *details) head(r *row) {
	s := d.screen
	sign := signs[r.light()]
	title := widget.NewRichText(&widget.TextSegment{Text: s.verdict(r), Style: widget.RichTextStyle{ColorName: sign.colour, SizeName: theme.SizeNameSubHeadingText, TextStyle: fyne.TextStyle{Bold: true}}})
	title.Wrapping = fyne.TextWrapWord
	d.box.Add(container.NewBorder(nil, nil, widget.NewIcon(sign.image()), nil, title))
	name := paragraph(r.name())
	name.TextStyle.Bold = true
	d.box.Add(name)
	if r.state == done {
		d.box.Add(paragraph(r.told.Next))
	}
	buttons := container.New(layout.NewRowWrapLayout())
	switch {
	case r.changed() && r.tampered():
		buttons.Add(s.frame.NewMainButton(s.frame.Text("check.see-changes"), s.seeChanges))
	case r.changed():
		buttons.Add(s.frame.NewButton(s.frame.Text("check.see-additions"), s.seeChanges))
	}
	buttons.Add(s.frame.NewButton(s.frame.Text("check.open-document"), func() { s.frame.Document(r.path) }))
	buttons.Add(s.frame.NewButton(s.frame.Text("check.open-folder"), func() { s.frame.Folder(r.path) }))
	if r.lacking() {
		buttons.Add(s.frame.NewButton(s.frame.Text("check.ask-for-this"), func() {
			r.request.Online = true
			s.again(r)
		}))
	}
	d.box.Add(buttons)
}

// password asks for the document's password, which is kept for as long as the
// document is in the list.
func (d *details) password(r *row) {
	s := d.screen
	text := s.frame.Text("check.password")
	if r.request.Password != "" {
		text = s.frame.Text("check.password-wrong")
	}
	d.box.Add(paragraph(text))
	d.box.Add(s.frame.NewPassword(s.frame.Text("check.unlock"), func(password string) {
		r.request.Password = password
		s.again(r)
	}))
}

// states show the answers: word, shape and colour.
var states = map[report.State]sign{
	report.Pass:    {"check.pass", theme.IconNameConfirm, theme.ColorNameSuccess},
	report.Note:    {"check.note", theme.IconNameInfo, theme.ColorNameForeground},
	report.None:    {"check.none", theme.IconNameContentRemove, theme.ColorNameForeground},
	report.Look:    {"check.look", theme.IconNameWarning, theme.ColorNameWarning},
	report.Unknown: {"check.unknown", theme.IconNameQuestion, theme.ColorNameHyperlink},
	report.Fail:    {"check.fail", theme.IconNameCancel, theme.ColorNameError},
}

// answers are the eight questions in the decree's order.
func (d *details) answers(r *row) {
	d.title("check.questions")
	for _, a := range r.told.Answers {
		sign := states[a.State]
		heading := &widget.TextSegment{Text: d.screen.frame.Text("check.answer", a.Title, d.screen.frame.Text(sign.word)), Style: widget.RichTextStyleParagraph}
		heading.Style.TextStyle.Bold, heading.Style.ColorName = true, sign.colour
		text := widget.NewRichText(heading)
		for _, line := range a.Lines {
			text.Segments = append(text.Segments, &widget.TextSegment{Text: line, Style: widget.RichTextStyleParagraph})
		}
		text.Wrapping = fyne.TextWrapWord
		d.box.Add(container.NewBorder(nil, nil, container.NewVBox(container.NewPadded(widget.NewIcon(sign.image()))), nil, text))
	}
}

// signatures are who signed, with what can be said and done about each.
func (d *details) signatures(r *row) {
	if len(r.told.Signatures) == 0 {
		return
	}
	s := d.screen
	d.title("check.signatures-title")
	for i, sig := range r.told.Signatures {
		d.box.Add(widget.NewSeparator())
		var text []string
		if r.found.Report != nil && i < len(r.found.Report.Signatures) {
			heading, lines := s.frame.Words.Signature(r.found.Report, &r.found.Report.Signatures[i])
			text = append([]string{fmt.Sprintf("%d. %s", sig.Number, heading)}, lines...)
		}
		body := widget.NewRichText(lines(text...)...)
		body.Wrapping = fyne.TextWrapWord
		d.box.Add(body)
		d.whose(r, sig)
		if r.found.Report != nil && r.found.Report.Signatures[i].End > 0 {
			b := s.frame.NewButton(s.frame.Text("check.extract"), func() { s.extract(r, sig.Number) })
			d.box.Add(container.NewHBox(b))
		}
	}
}

// whose asks once whether a certificate is a person's or an organisation's; what
// was said can be changed.
func (d *details) whose(r *row, sig report.Signature) {
	if sig.Fingerprint == "" || sig.Kind == verify.DocTimeStamp {
		return
	}
	s := d.screen
	text := s.frame.Text("check.whose")
	switch {
	case sig.Role == report.Person && !sig.Guessed:
		text = s.frame.Text("check.said-person")
	case sig.Role == report.Organisation && !sig.Guessed:
		text = s.frame.Text("check.said-organisation")
	case sig.Role == report.Person:
		text = s.frame.Text("check.guess-person")
	case sig.Role == report.Organisation:
		text = s.frame.Text("check.guess-organisation")
	}
	d.box.Add(paragraph(text))
	buttons := container.New(layout.NewRowWrapLayout())
	for _, role := range []report.Role{report.Person, report.Organisation} {
		if sig.Role != role || sig.Guessed {
			buttons.Add(s.frame.NewButton(s.frame.Text(sayTexts[role]), func() { s.say(role, sig.Fingerprint) }))
		}
	}
	d.box.Add(buttons)
}

var sayTexts = map[report.Role]string{report.Person: "check.say-person", report.Organisation: "check.say-organisation"}

// say remembers a role and checks the documents with that certificate anew.
func (s *Screen) say(role report.Role, fingerprint string) {
	s.frame.Run(s.beside(func() error { return s.office.Say(role, fingerprint) }), func(err error) {
		if err != nil {
			s.frame.Problem(err, nil)
			return
		}
		var concerned []*row
		s.rows.each(func(r *row) {
			if r.state != done {
				return
			}
			for _, sig := range r.told.Signatures {
				if sig.Fingerprint == fingerprint {
					concerned = append(concerned, r)
					return
				}
			}
		})
		s.again(concerned...)
	})
}

// extract writes the document as a signature covers it.
func (s *Screen) extract(r *row, signature int) {
	var path string
	q := r.request
	s.frame.Run(func(ctx context.Context) (err error) {
		path, err = s.office.Extract(ctx, q, signature)
		return err
	}, func(err error) {
		if err != nil {
			s.frame.Problem(err, nil)
			return
		}
		s.bar.tellSaved(path)
	})
}

// technical is for specialists, folded away, in English.
func (d *details) technical(r *row) {
	doc := r.told
	text := fmt.Sprintf("SHA-256 %s\n%d bytes\n", doc.SHA256, doc.Size)
	if r.found.Report != nil {
		for i := range r.found.Report.Signatures {
			heading, lines := words.Technical(r.found.Report, i+1)
			text += heading + "\n"
			if i < len(doc.Signatures) {
				sig := doc.Signatures[i]
				text += fmt.Sprintf("  certificate %s, serial %s\n", sig.Fingerprint, sig.Serial)
			}
			for _, l := range lines {
				text += "  " + l + "\n"
			}
		}
	}
	for _, a := range doc.Answers {
		for _, l := range a.Details {
			text += string(a.Question) + ": " + l + "\n"
		}
	}
	label := paragraph(text)
	label.Wrapping, label.Selectable = fyne.TextWrapBreak, true
	d.box.Add(widget.NewAccordion(widget.NewAccordionItem(d.screen.frame.Text("window.details"), label)))
}

func (d *details) title(name string) {
	t := widget.NewRichText(&widget.TextSegment{Text: d.screen.frame.Text(name), Style: widget.RichTextStyleSubHeading})
	t.Wrapping = fyne.TextWrapWord
	d.box.Add(t)
}

// beside makes work that ends by itself fit for Run.
func (s *Screen) beside(work func() error) func(context.Context) error {
	return func(context.Context) error { return work() }
}

func paragraph(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}
