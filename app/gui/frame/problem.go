package frame

import (
	"antin/app/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Problem shows an error: its code, what happened, why, and what to do next. The
// technical chain is folded away. then, which may be nil, is called when the
// person has read it.
func (f *Frame) Problem(err error, then func()) {
	p := f.Words.Explain(err)
	f.Tell(f.Text("window.problem"), ProblemPanel(f.Words, p), then)
}

// Tell shows something to be read; then, which may be nil, is called afterwards.
func (f *Frame) Tell(title string, content fyne.CanvasObject, then func()) {
	shut := f.NewMainButton(f.Text("window.close"), nil)
	d := f.dialog(title, content, shut)
	shut.OnTapped, shut.Escaped = d.Hide, d.Hide
	if then != nil {
		d.SetOnClosed(then)
	}
	d.Resize(fyne.NewSize(dialogWidth, 0))
	d.Show()
	f.Window.Canvas().Focus(shut)
}

const dialogWidth = 560

// dialog is a dialog with these buttons below its content.
func (f *Frame) dialog(title string, content fyne.CanvasObject, buttons ...fyne.CanvasObject) *dialog.CustomDialog {
	row := container.NewHBox(append([]fyne.CanvasObject{layout.NewSpacer()}, buttons...)...)
	return dialog.NewCustomWithoutButtons(title, container.NewBorder(nil, row, nil, nil, content), f.Window)
}

// ProblemPanel is a problem as text with its code, to be shown in a dialog or in a screen.
func ProblemPanel(l words.Language, p words.Problem) fyne.CanvasObject {
	what := NewTold()
	what.Text.TextStyle.Bold = true
	what.Set(SignBad, p.Code+" · "+p.What)
	box := container.NewVBox(what.Box)
	if p.Why != "" {
		box.Add(Wrapped(p.Why))
	}
	for _, step := range p.Window {
		box.Add(Wrapped("→ " + step))
	}
	if p.Detail != "" {
		detail := Wrapped(p.Detail)
		detail.Selectable = true
		box.Add(widget.NewAccordion(widget.NewAccordionItem(l.Text("window.details"), detail)))
	}
	return box
}

// Question asks something that is answered with the word on one of two buttons;
// yes tells that it was the first. Escape and an unthinking Return are the other, which
// is therefore the one that stands out.
func (f *Frame) Question(title, text, yes, no string, answer func(yes bool)) {
	f.Ask(title, Wrapped(text), nil, yes, no, answer)
}

// Ask is Question about what a person fills in; the focus goes to first, nil for
// the second button.
func (f *Frame) Ask(title string, content fyne.CanvasObject, first fyne.Focusable, yes, no string, answer func(yes bool)) {
	do, leave := f.NewButton(yes, nil), f.NewButton(no, nil)
	main := do
	if first == nil {
		main, first = leave, leave
	}
	main.Importance = widget.HighImportance
	d := f.dialog(title, content, leave, do)
	say := func(yes bool) func() {
		return func() {
			d.Hide()
			answer(yes)
		}
	}
	do.OnTapped, leave.OnTapped = say(true), say(false)
	do.Escaped, leave.Escaped = leave.OnTapped, leave.OnTapped
	d.Resize(fyne.NewSize(dialogWidth, 0))
	d.Show()
	f.Window.Canvas().Focus(first)
}
