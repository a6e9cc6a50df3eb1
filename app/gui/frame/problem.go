package frame

import (
	"antin/app/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// Problem shows an error: its code, what happened, why, and what to do next. The
// technical chain is folded away. then, which may be nil, is called when the
// person has read it.
func (f *Frame) Problem(err error, then func()) {
	p := f.Words.Explain(err)
	d := dialog.NewCustom(f.Text("window.problem", p.Code), f.Text("window.close"), ProblemPanel(f.Words, p), f.Window)
	if then != nil {
		d.SetOnClosed(then)
	}
	d.Resize(fyne.NewSize(520, 0))
	d.Show()
}

// ProblemPanel is a problem as text, to be shown in a dialog or in a screen.
func ProblemPanel(l words.Language, p words.Problem) fyne.CanvasObject {
	what := Wrapped(p.What)
	what.TextStyle.Bold = true
	box := container.NewVBox(what)
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
// yes is called for the first.
func (f *Frame) Question(title, text, yes, no string, answer func(yes bool)) {
	d := dialog.NewCustomConfirm(title, yes, no, Wrapped(text), answer, f.Window)
	d.Resize(fyne.NewSize(480, 0))
	d.Show()
}
