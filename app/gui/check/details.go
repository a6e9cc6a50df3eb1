package check

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/report"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// details is all that is known of one document. A record may be long: it is put
// together, and follows new colours and sizes, in pieces.
type details struct {
	screen *Screen
	page   *frame.Column
	stop   func() // leaves out the pieces that are still to come
	shown  shown
}

// shown is a row, nil for none, and how far it was.
type shown struct {
	*row
	state state
	round int
}

func newDetails(s *Screen) *details {
	return &details{screen: s, page: s.frame.NewColumn(theme.Padding()), stop: func() {}}
}

// show shows a row, or that none is selected.
func (d *details) show(r *row) {
	now := shown{row: r}
	if r != nil {
		now.state, now.round = r.state, r.round
	}
	if now == d.shown && d.page.Len() > 0 {
		return // what is unfolded stays so
	}
	d.stop()
	d.shown = now
	d.page.Truncate(0)
	if r == nil {
		d.add(frame.Wrapped(d.screen.frame.Text("check.nothing-selected")))
		return
	}
	pieces := []func(){func() { d.head(r) }}
	switch {
	case r.state == failed:
		pieces = append(pieces, func() { d.add(frame.ProblemPanel(d.screen.frame.Words, d.screen.problem(r.err))) })
	case r.found == nil:
	case r.locked():
		pieces = append(pieces, func() { d.password(r) })
	default:
		pieces = append(pieces, func() { d.title("check.questions") })
		for _, a := range r.told.Answers {
			pieces = append(pieces, d.answer(a)...)
		}
		if len(r.told.Signatures) > 0 {
			pieces = append(pieces, func() { d.title("check.signatures-title") })
		}
		for i := range r.told.Signatures {
			pieces = append(pieces, d.signature(r, i)...)
		}
		pieces = append(pieces, func() { d.technical(r) })
	}
	d.stop = d.screen.frame.Pieces(pieces...)
}

// add puts objects below what is there.
func (d *details) add(objects ...fyne.CanvasObject) {
	d.page.Add(frame.NewPart(container.NewVBox(objects...)))
}

// head: the verdict, what to do, and what can be done at once.
func (d *details) head(r *row) {
	s := d.screen
	sign := signs[r.light()]
	title := widget.NewRichText(&widget.TextSegment{Text: s.verdict(r), Style: widget.RichTextStyle{ColorName: sign.colour, SizeName: theme.SizeNameSubHeadingText, TextStyle: fyne.TextStyle{Bold: true}}})
	title.Wrapping = fyne.TextWrapWord
	name := frame.Wrapped(r.name())
	name.TextStyle.Bold = true
	d.add(container.NewBorder(nil, nil, widget.NewIcon(sign.image()), nil, title), name)
	if r.state == done {
		d.add(frame.Wrapped(r.told.Next))
	}
	buttons := frame.InRows()
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
	d.add(buttons)
}

// password asks for the document's password, which is kept for as long as the
// document is in the list.
func (d *details) password(r *row) {
	s := d.screen
	text := s.frame.Text("check.password")
	if r.request.Password != "" {
		text = s.frame.Text("check.password-wrong")
	}
	d.add(frame.Wrapped(text), s.frame.NewPassword(s.frame.Text("check.unlock"), func(password string) {
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

// most is how many letters of text are measured and set at once.
const most = 500

// portions are lines of text in groups of as many letters.
func portions[T any](all []T, text func(T) string) (out [][]T) {
	room := 0
	for _, l := range all {
		n := utf8.RuneCountInString(text(l))
		if n > room {
			out, room = append(out, nil), most
		}
		room -= n
		last := len(out) - 1
		out[last] = append(out[last], l)
	}
	return out
}

// lines are paragraphs: the first is bold.
func lines(texts ...string) []widget.RichTextSegment {
	var out []widget.RichTextSegment
	for i, t := range texts {
		style := widget.RichTextStyleParagraph
		style.TextStyle.Bold = i == 0
		out = append(out, &widget.TextSegment{Style: style, Text: t})
	}
	return out
}

// texts are paragraphs below each other.
func texts(paragraphs []widget.RichTextSegment) (out []fyne.CanvasObject) {
	for _, some := range portions(paragraphs, widget.RichTextSegment.Textual) {
		text := widget.NewRichText(some...)
		text.Wrapping = fyne.TextWrapWord
		out = append(out, text)
	}
	return out
}

// answer is the one to a question of the decree.
func (d *details) answer(a report.Answer) (pieces []func()) {
	sign := states[a.State]
	all := lines(append([]string{d.screen.frame.Text("check.answer", a.Title, d.screen.frame.Text(sign.word))}, a.Lines...)...)
	all[0].(*widget.TextSegment).Style.ColorName = sign.colour
	picture := sign.image() // beside the first
	for _, text := range texts(all) {
		beside := frame.AtFirstLine(widget.NewIcon(picture))
		pieces = append(pieces, func() { d.add(container.NewBorder(nil, nil, beside, nil, text)) })
		picture = nil
	}
	return pieces
}

// signature is one of those who signed, with what can be said and done about it.
func (d *details) signature(r *row, i int) (pieces []func()) {
	s, sig := d.screen, r.told.Signatures[i]
	line := []fyne.CanvasObject{widget.NewSeparator()} // over the first
	actions := d.whose(sig)
	if r.found.Report != nil && i < len(r.found.Report.Signatures) {
		of := &r.found.Report.Signatures[i]
		heading, more := s.frame.Words.Signature(r.found.Report, of)
		for _, text := range texts(lines(append([]string{fmt.Sprintf("%d. %s", sig.Number, heading)}, more...)...)) {
			above := append(line, text)
			pieces = append(pieces, func() { d.add(above...) })
			line = nil
		}
		if of.End > 0 {
			actions = append(actions, container.NewHBox(s.frame.NewButton(s.frame.Text("check.extract"), func() { s.extract(r, sig.Number) })))
		}
	}
	return append(pieces, func() { d.add(append(line, actions...)...) })
}

// whose asks once whether a certificate is a person's or an organisation's; what
// was said can be changed.
func (d *details) whose(sig report.Signature) []fyne.CanvasObject {
	if sig.Fingerprint == "" || sig.Kind == verify.DocTimeStamp {
		return nil
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
	buttons := frame.InRows()
	for _, role := range []report.Role{report.Person, report.Organisation} {
		if sig.Role != role || sig.Guessed {
			buttons.Add(s.frame.NewButton(s.frame.Text(sayTexts[role]), func() { s.say(role, sig.Fingerprint) }))
		}
	}
	return []fyne.CanvasObject{frame.Wrapped(text), buttons}
}

var sayTexts = map[report.Role]string{report.Person: "check.say-person", report.Organisation: "check.say-organisation"}

// say remembers a role and checks the documents with that certificate anew.
func (s *Screen) say(role report.Role, fingerprint string) {
	s.frame.Run(func(context.Context) error { return s.office.Say(role, fingerprint) }, func(err error) {
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
	fold := d.screen.frame.NewButton(d.screen.frame.Text("window.details"), nil)
	fold.Icon, fold.Alignment, fold.Importance = theme.MenuDropDownIcon(), widget.ButtonAlignLeading, widget.LowImportance
	d.add(fold)
	above := d.page.Len()
	fold.OnTapped = func() {
		d.stop()
		if d.page.Len() > above {
			fold.SetIcon(theme.MenuDropDownIcon())
			d.page.Truncate(above)
			return
		}
		fold.SetIcon(theme.MenuDropUpIcon())
		var pieces []func()
		for _, some := range portions(technical(r), func(line string) string { return line }) {
			pieces = append(pieces, func() {
				label := frame.Wrapped(strings.Join(some, "\n"))
				label.Wrapping, label.Selectable = fyne.TextWrapBreak, true
				d.page.Add(frame.NewPart(label))
			})
		}
		d.stop = d.screen.frame.Pieces(pieces...)
	}
}

// technical is what specialists want to know: of the document, of each signature, and
// of the answers.
func technical(r *row) []string {
	doc := r.told
	out := []string{"SHA-256 " + doc.SHA256, fmt.Sprintf("%d bytes", doc.Size)}
	if r.found.Report != nil {
		for i := range r.found.Report.Signatures {
			heading, lines := words.Technical(r.found.Report, i+1)
			out = append(out, heading)
			if i < len(doc.Signatures) {
				sig := doc.Signatures[i]
				out = append(out, fmt.Sprintf("  certificate %s, serial %s", sig.Fingerprint, sig.Serial))
			}
			for _, l := range lines {
				out = append(out, "  "+l)
			}
		}
	}
	for _, a := range doc.Answers {
		for _, l := range a.Details {
			out = append(out, string(a.Question)+": "+l)
		}
	}
	return out
}

// title stands over what follows.
func (d *details) title(name string) {
	t := widget.NewRichText(&widget.TextSegment{Text: d.screen.frame.Text(name), Style: widget.RichTextStyleSubHeading})
	t.Wrapping = fyne.TextWrapWord
	d.add(t)
}
