// Package officer is the screen of the person who looks after the machines: what
// is plugged in and what drives it, in detail, what works on this machine, and
// the file for support.
//
// New makes the screen. Nothing here asks for a PIN or changes a token but the
// change of its PIN, which the token itself carries out.
package officer

import (
	"context"
	"os"
	"path/filepath"

	"antin/app/checkup"
	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Screen is tokens on the left, the checkup on the right.
type Screen struct {
	*frame.Frame
	devices frame.Devices
	title   string
	content fyne.CanvasObject
	tokens  *fyne.Container
	lines   *fyne.Container
	check   *frame.Button
	support *frame.Button
	stop    func()
	closed  bool
	cancel  func() // of a running checkup
	file    *checkup.File
}

var _ frame.Screen = (*Screen)(nil)

// New makes the screen. title is "" when it is the start page of its role.
func New(f *frame.Frame, devices frame.Devices, title string) *Screen {
	s := &Screen{Frame: f, devices: devices, title: title, tokens: container.NewVBox(), lines: container.NewVBox(), cancel: func() {}}
	again := f.NewButton(f.Text("officer.look"), devices.Look)
	s.check = f.NewMainButton(f.Text("officer.check"), s.run)
	s.support = f.NewButton(f.Text("officer.support"), s.writeFile)
	s.support.Disable() // nothing is known yet
	left := frame.Framed(headed(f.Text("officer.tokens"), again), nil, nil, nil, frame.NewPart(container.NewVScroll(s.tokens)))
	right := frame.Framed(headed(f.Text("officer.machine"), s.support, s.check), nil, nil, nil, frame.NewPart(container.NewVScroll(s.lines)))
	s.lines.Add(dim(f.Text("officer.check-hint")))
	s.content = container.New(layout.NewCustomPaddedLayout(8, 8, 16, 16), container.NewGridWithColumns(2, left, container.New(layout.NewCustomPaddedLayout(0, 0, 24, 0), right)))
	s.fill()
	s.stop = devices.Listen(s.fill)
	return s
}

func headed(title string, buttons ...fyne.CanvasObject) fyne.CanvasObject {
	l := widget.NewRichText(&widget.TextSegment{Text: title, Style: widget.RichTextStyleSubHeading})
	return container.NewBorder(nil, nil, l, container.NewHBox(buttons...))
}

func dim(text string) *widget.Label {
	l := plain(text)
	l.Importance = widget.LowImportance
	return l
}

func plain(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	l.Selectable = true
	return l
}

// fill shows drivers and tokens as they are now.
func (s *Screen) fill() {
	frame.Gone(s.tokens)
	s.tokens.RemoveAll()
	if s.devices.State().Looking {
		s.tokens.Add(plain(s.Text("token.looking") + "…"))
		return
	}
	if err := s.devices.State().Problem; err != nil {
		s.tokens.Add(frame.ProblemPanel(s.Words, s.Words.Explain(err)))
	}
	for _, m := range s.devices.Modules() {
		for _, t := range m.Tokens {
			s.tokens.Add(frame.NewPart(s.tokenCard(t)))
		}
	}
	drivers := container.NewVBox()
	for _, m := range s.devices.Modules() {
		drivers.Add(frame.NewPart(s.driver(m)))
	}
	item := widget.NewAccordionItem(s.Text("officer.drivers", len(s.devices.Modules())), drivers)
	s.tokens.Add(widget.NewAccordion(item))
}

// tokenCard is a token with its certificates.
func (s *Screen) tokenCard(t token.Token) fyne.CanvasObject {
	name := plain(t.Label)
	name.TextStyle.Bold = true
	box := container.NewVBox(name,
		dim(s.Text("officer.token", t.Serial, t.Model, t.Manufacturer)),
		frame.Tell(pinSign(t.PIN), s.Words.PIN(t.PIN)))
	for _, c := range t.Signers() {
		box.Add(plain(s.Text("officer.certificate", cms.DisplayName(c.X509), s.Words.Date(c.X509.NotBefore), s.Words.Date(c.X509.NotAfter))))
		box.Add(dim(s.Text("officer.certificate-more", c.X509.Issuer.CommonName, c.SHA256())))
	}
	if t.Problem != nil {
		box.Add(frame.ProblemPanel(s.Words, s.Words.Explain(t.Problem)))
	}
	return widget.NewCard("", "", box)
}

func pinSign(p token.PINState) string {
	switch {
	case p.Locked:
		return frame.SignBad
	case p.FinalTry, p.Low, p.MustChange, !p.Set:
		return frame.SignWarning
	}
	return frame.SignGood
}

// driver is one module in a few lines.
func (s *Screen) driver(m signer.ModuleState) fyne.CanvasObject {
	box := container.NewVBox(plain(m.Name), dim(m.Path))
	for _, w := range m.Warnings {
		box.Add(frame.Tell(frame.SignWarning, s.Text("doctor.module-warning", m.Name, w)))
	}
	if m.Problem != nil {
		p := s.Words.Explain(m.Problem)
		box.Add(frame.Tell(frame.SignBad, p.Code+" "+p.What))
	}
	return box
}

// run makes a checkup beside and shows its lines as they come.
func (s *Screen) run() {
	frame.Gone(s.lines)
	s.lines.RemoveAll()
	s.check.Disable()
	s.support.Disable()
	s.file = &checkup.File{}
	folder := s.Settings.Output
	if dir, err := os.UserHomeDir(); folder == "" && err == nil {
		folder = dir
	}
	set := *s.Settings // as they are now
	o := checkup.Options{
		Words: s.Words, Settings: &set, Version: s.Version, Modules: s.devices.Modules(), Folder: folder, File: s.file,
		Tell: func(l checkup.Line) { fyne.Do(func() { s.add(l) }) }, // in their order
	}
	s.cancel = s.Run(func(ctx context.Context) error {
		checkup.Run(ctx, o)
		return ctx.Err()
	}, func(err error) {
		if s.closed {
			return
		}
		s.cancel = func() {}
		s.check.Enable()
		if err == nil {
			s.support.Enable()
		}
	})
}

// add shows one line of the checkup.
func (s *Screen) add(l checkup.Line) {
	if s.closed {
		return
	}
	box := container.NewVBox(frame.Tell(l.State.Sign(), l.Text))
	if l.Hint != "" {
		box.Add(dim("→ " + l.Hint))
	}
	s.lines.Add(frame.NewPart(box))
}

// writeFile stores the checkup for the people who help.
func (s *Screen) writeFile() {
	s.ChooseFolder(s.Text("officer.support-folder"), func(folder string) {
		path := filepath.Join(folder, "antin-"+s.Now().Format("20060102-150405")+".txt")
		s.Run(func(context.Context) error { return s.file.Write(path) }, func(err error) {
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.Folder(path)
		})
	})
}

// Title implements frame.Screen.
func (s *Screen) Title() string { return s.title }

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Open implements frame.Screen; documents are no business of this one.
func (s *Screen) Open([]string) {}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	return []frame.Action{
		{Label: s.Text("officer.look"), Key: fyne.KeyF5, Do: s.devices.Look},
		{Label: s.Text("officer.check"), Key: fyne.KeyF9, Enabled: func() bool { return !s.check.Disabled() }, Do: s.run},
		{Label: s.Text("officer.support"), Enabled: func() bool { return !s.support.Disabled() }, Do: s.writeFile},
	}
}

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string { return "officer" }

// Busy implements frame.Screen: a checkup may be cut short.
func (s *Screen) Busy() bool { return false }

// Close implements frame.Screen.
func (s *Screen) Close() {
	s.closed = true
	s.stop()
	s.cancel()
}
