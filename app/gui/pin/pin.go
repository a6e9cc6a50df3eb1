// Package pin asks for the PIN of a token in the window: what is about to be
// signed and with whose name, what the token says about tries, Caps Lock and
// Vietnamese input methods, and an explicit confirmation before the last try.
//
//	ask := pin.New(f, pin.Request{Documents: names, Pages: 3}, cancel)
//	key, err := f.Tokens.Key(who, ask.PIN) // beside the user interface
//	…
//	ask.Close()                            // on its goroutine, when the work has ended
//
// Change asks for the PIN that holds and for a new one. One call asks once: a wrong
// PIN is an error of the job, shown by the screen, and tried again only when the
// person begins again. A PIN is never a string here, and what held it is wiped as
// soon as it is handed over or given up.
package pin

import (
	"context"
	"crypto/x509"
	"fmt"

	"antin/app/gui/frame"
	"antin/signer/cms"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"
)

// Request is what the PIN is for.
type Request struct {
	Documents []string // their names, at least one
	Pages     int      // of the document when it is one; 0: not told
}

// Asker asks for PINs for one piece of work.
type Asker struct {
	frame   *frame.Frame
	request Request
	cancel  func() // ends the work while a PIN is entered on the device
	do      func(func())

	open    dialog.Dialog // what is on the screen
	fields  []*field
	answers chan answer // of the call that waits
}

type answer struct {
	pin, next []byte // next: the new one, when it is changed
	confirmed bool
	err       error
}

// New makes an Asker. cancel ends the work: it is called when the person gives up
// while a PIN is entered on the device itself.
func New(f *frame.Frame, r Request, cancel func()) *Asker {
	return &Asker{frame: f, request: r, cancel: cancel, do: fyne.Do}
}

// PIN is a signer.PINFunc: it may be called beside the user interface, and not on
// its goroutine, since it waits for the person or the end of ctx. Errors to decide
// on are token.ErrCancelled, ErrPINLocked, ErrPINNotSet, ErrPINExpired, and that
// of ctx.
func (a *Asker) PIN(ctx context.Context, t token.Token, cert *x509.Certificate) (pin []byte, confirmed bool, err error) {
	err = refusal(t.PIN)
	if err == nil && t.PIN.MustChange {
		err = token.ErrPINExpired
	}
	if err != nil {
		return nil, false, fmt.Errorf("pin: not asked for %q: %w", t.Label, err)
	}
	got := a.wait(ctx, t.PIN, func(confirmed bool) { a.enter(t, cert, confirmed) })
	return got.pin, got.confirmed, got.err
}

// refusal is the reason why no PIN would help.
func refusal(s token.PINState) error {
	switch {
	case s.Locked:
		return token.ErrPINLocked
	case !s.Set:
		return token.ErrPINNotSet
	}
	return nil
}

// wait has the question shown, after the confirmation where one is needed, and
// waits for its answer.
func (a *Asker) wait(ctx context.Context, s token.PINState, question func(confirmed bool)) answer {
	answers := make(chan answer, 1)
	a.do(func() { a.begin(s, answers, question) })
	select {
	case got := <-answers:
		return got
	case <-ctx.Done():
		a.do(func() {
			a.Close()
			select {
			case late := <-answers:
				clear(late.pin)
				clear(late.next)
			default:
			}
		})
		return answer{err: ctx.Err()}
	}
}

func (a *Asker) begin(s token.PINState, answers chan answer, question func(confirmed bool)) {
	a.Close()
	a.answers = answers
	if !s.FinalTry {
		question(false)
		return
	}
	// The person must know that the next wrong PIN locks the token.
	stop := newButton(a.frame, a.frame.Text("pinbox.stop"), a.giveUp, a.giveUp)
	sure := newButton(a.frame, a.frame.Text("pinbox.sure"), func() { question(true) }, a.giveUp)
	sure.Importance = widget.DangerImportance
	a.show(a.frame.Text("pinbox.final-title"), stop, container.NewVBox(
		warning(a.frame.Text("pinbox.final")),
		buttons(stop, sure),
	))
}

// enter asks for the PIN itself.
func (a *Asker) enter(t token.Token, cert *x509.Certificate, confirmed bool) {
	what := a.told(t, cert)
	if t.PIN.Pad {
		a.onDevice(what, confirmed)
		return
	}
	e := newEntry(a.frame, t.PIN)
	a.form(a.frame.Text("pinbox.title"), a.frame.Text("pinbox.sign"), container.NewVBox(
		what, e.row(a.frame.Text("pinbox.pin")), e.warnings, a.tries(t.PIN),
	), func() {
		if e.enough() {
			a.reply(answer{pin: e.field.take(), confirmed: confirmed})
		}
	}, e)
}

// form shows content with its entries and two buttons: cancel, and what Enter does.
func (a *Asker) form(title, label string, content *fyne.Container, submit func(), entries ...*entry) {
	cancel := newButton(a.frame, a.frame.Text("pinbox.cancel"), a.giveUp, a.giveUp)
	do := newButton(a.frame, label, submit, a.giveUp)
	do.Importance = widget.HighImportance
	content.Add(buttons(cancel, do))
	for _, e := range entries {
		e.field.submitted, e.field.cancelled, e.eye.Escaped = submit, a.giveUp, a.giveUp
		e.grown = func() {
			content.Refresh()
			a.open.Resize(fyne.NewSize(width, 0))
		}
	}
	a.show(title, entries[0].field, content)
	for _, e := range entries {
		a.fields = append(a.fields, e.field)
	}
}

// onDevice says that the PIN is entered elsewhere, and lets the work go on.
func (a *Asker) onDevice(what fyne.CanvasObject, confirmed bool) {
	answers := a.answers
	cancel := newButton(a.frame, a.frame.Text("pinbox.cancel"), a.giveUp, a.giveUp)
	a.show(a.frame.Text("pinbox.title"), cancel, container.NewVBox(
		what, bold(a.frame.Text("pinbox.pad")),
		widget.NewProgressBarInfinite(),
		buttons(cancel),
	))
	a.answers = nil
	answers <- answer{confirmed: confirmed}
}

// tries warns when wrong PINs were entered before.
func (a *Asker) tries(s token.PINState) fyne.CanvasObject {
	switch {
	case s.FinalTry:
		return warning(a.frame.Text("pinbox.final"))
	case s.Wrong > 0:
		return warning(a.frame.Text("pinbox.wrong", s.Wrong))
	case s.Low:
		return warning(a.frame.Text("pinbox.low"))
	}
	return container.NewVBox()
}

// told says what is signed, by whom, with which token.
func (a *Asker) told(t token.Token, cert *x509.Certificate) fyne.CanvasObject {
	what := a.frame.Text("pinbox.document", a.request.Documents[0])
	switch n := len(a.request.Documents); {
	case n > 1:
		what = a.frame.Text("pinbox.documents", n, a.request.Documents[0], n-1)
	case a.request.Pages > 0:
		what = a.frame.Text("pinbox.document-pages", a.request.Documents[0], a.request.Pages)
	}
	return container.NewVBox(
		frame.Wrapped(what),
		bold(a.frame.Text("pinbox.name", cms.DisplayName(cert))),
		a.which(t),
	)
}

func (a *Asker) which(t token.Token) fyne.CanvasObject {
	return frame.Wrapped(a.frame.Text("pinbox.token", t.Label, t.Serial))
}

// show puts a question on the screen in place of the one before.
func (a *Asker) show(title string, focus fyne.Focusable, content fyne.CanvasObject) {
	a.hide()
	a.open = dialog.NewCustomWithoutButtons(title, content, a.frame.Window)
	a.open.Resize(fyne.NewSize(width, 0))
	a.open.Show()
	a.frame.Window.Canvas().Focus(focus)
}

const width = 520

func (a *Asker) hide() {
	for _, f := range a.fields {
		f.wipe()
	}
	a.fields = nil
	if a.open != nil {
		a.open.Hide()
		a.open = nil
	}
}

// giveUp is the person's no.
func (a *Asker) giveUp() {
	if a.answers == nil { // the device asks
		a.cancel()
		return
	}
	a.reply(answer{err: fmt.Errorf("pin: %w", token.ErrCancelled)})
}

// reply answers the call that waits.
func (a *Asker) reply(got answer) {
	if a.answers != nil {
		a.answers <- got
		a.answers = nil
	}
	a.hide()
}

// Close takes what is still asked off the screen, and wipes it. A call that waits
// gets token.ErrCancelled.
func (a *Asker) Close() {
	if a.answers != nil {
		a.reply(answer{err: fmt.Errorf("pin: closed: %w", token.ErrCancelled)})
		return
	}
	a.hide()
}

func bold(text string) *widget.Label {
	l := frame.Wrapped(text)
	l.TextStyle.Bold = true
	return l
}

func warning(text string) fyne.CanvasObject {
	w := frame.NewTold()
	w.Text.TextStyle.Bold, w.Text.Importance = true, widget.WarningImportance
	w.Set(frame.SignWarning, text)
	return w.Box
}
