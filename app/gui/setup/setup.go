// Package setup is the screen of the settings: pictures and sizes of each
// certificate, the office, time-stamps and network, trust, drivers, and how the
// window looks. Every field says what it is for; what is typed counts at once, and
// a value that cannot be used is marked and not kept.
//
// New makes the screen. The settings themselves are package signer/settings; trust
// is kept in the user's store, as `antin trust` does.
package setup

import (
	"antin/app/gui/frame"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// Window is what of the window can be set here.
type Window interface {
	Theme(kind string)
	TextSize(percent int)
	Language(code string)
}

// Screen is one section of the settings at a time.
type Screen struct {
	*frame.Frame
	window  Window
	content fyne.CanvasObject
	page    *fyne.Container
	buttons []*frame.Button
	now     int // section
	stop    func()
}

var _ frame.Screen = (*Screen)(nil)

// New makes the screen with its first section.
func New(f *frame.Frame, w Window) *Screen {
	s := &Screen{Frame: f, window: w, page: container.NewStack()}
	side := container.NewVBox()
	for i, section := range s.sections() {
		b := f.NewButton(section.title, func() { s.turn(i) })
		b.Alignment = widget.ButtonAlignLeading
		s.buttons = append(s.buttons, b)
		side.Add(b)
	}
	s.content = container.New(layout.NewCustomPaddedLayout(8, 8, 16, 16),
		container.NewBorder(nil, nil, container.NewHBox(side, widget.NewSeparator()), nil, s.page))
	fyne.Do(func() { s.turn(0) }) // when the screen is in the window: a section is long
	s.stop = f.Tokens.Listen(func() {
		if s.now == 0 {
			s.turn(0) // its certificates came or went
		}
	})
	return s
}

// pageWidth is the most that a section takes, in units.
const pageWidth = 960

type section struct {
	title string
	make  func() fyne.CanvasObject
}

func (s *Screen) sections() []section {
	return []section{
		{s.Text("settings.pictures"), s.pictures},
		{s.Text("settings.office"), s.office},
		{s.Text("settings.network"), s.network},
		{s.Text("settings.trust"), s.trust},
		{s.Text("settings.drivers"), s.drivers},
		{s.Text("settings.look"), s.looks},
	}
}

// turn shows a section.
func (s *Screen) turn(n int) {
	s.now = n
	for i, b := range s.buttons {
		b.Importance = widget.LowImportance
		if i == n {
			b.Importance = widget.HighImportance
		}
		b.Refresh()
	}
	frame.Gone(s.page)
	section := frame.Narrow(pageWidth, s.sections()[n].make())
	s.page.Objects = []fyne.CanvasObject{frame.NewPart(container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 8, 12, 20), section)))}
	s.page.Refresh()
}

// heading is the title of a part, with a sentence on what it is for.
func (s *Screen) heading(title, hint string) fyne.CanvasObject {
	return container.NewVBox(
		widget.NewRichText(&widget.TextSegment{Text: title, Style: widget.RichTextStyleSubHeading}),
		dim(hint),
	)
}

func dim(text string) *widget.Label {
	l := plain(text)
	l.Importance = widget.LowImportance
	return l
}

func plain(text string) *widget.Label {
	l := widget.NewLabel(text)
	l.Wrapping = fyne.TextWrapWord
	return l
}

// field is a labelled line of text whose value counts while it is typed. set
// changes the settings; a value that cannot be used is taken back and marked.
func (s *Screen) field(label, hint, value string, set func(string) error) fyne.CanvasObject {
	e := s.NewEntry()
	e.SetText(value)
	mark := newMark()
	good := value
	e.OnChanged = func(text string) {
		err := set(text)
		if err == nil {
			err = s.Save()
		}
		if err == nil {
			good = text
			mark.Box.Hide()
			return
		}
		_ = set(good) // it was usable before
		mark.Set(frame.SignWarning, s.Words.Explain(err).What)
		mark.Box.Show()
	}
	return frame.NewPart(container.NewVBox(bold(label), e, mark.Box, dim(hint)))
}

// newMark stands below a field, hidden until its value cannot be used.
func newMark() *frame.Told {
	m := frame.NewTold()
	m.Text.Importance = widget.DangerImportance
	m.Box.Hide()
	return m
}

func bold(text string) *widget.Label {
	l := plain(text)
	l.TextStyle.Bold = true
	return l
}

// text is a field for a string of the settings.
func (s *Screen) text(label, hint string, to *string) fyne.CanvasObject {
	return s.field(label, hint, *to, func(v string) error { *to = v; return nil })
}

// save stores a change made with a button.
func (s *Screen) save() {
	if err := s.Save(); err != nil {
		s.Problem(err, nil)
	}
}

// Title implements frame.Screen.
func (s *Screen) Title() string { return s.Text("settings.title") }

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// Open implements frame.Screen; documents are no business of this one.
func (s *Screen) Open([]string) {}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action { return nil }

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string { return "settings" }

// Busy implements frame.Screen.
func (s *Screen) Busy() bool { return false }

// Close implements frame.Screen.
func (s *Screen) Close() { s.stop() }

// certificate is what is set for a certificate, by its SHA-256.
func (s *Screen) certificate(sha string) settings.Certificate { return s.Settings.Certificates[sha] }

func (s *Screen) setCertificate(sha string, c settings.Certificate) {
	if s.Settings.Certificates == nil {
		s.Settings.Certificates = map[string]settings.Certificate{}
	}
	s.Settings.Certificates[sha] = c
}
