// Package issue is the clerk's screen for outgoing documents: what a leader has
// signed gets number and date and the seal, one document or many under one PIN,
// each entered in the register.
//
// New makes the screen. A document goes through these steps: it is read (what it
// is about, which number it lacks), numbered from the register, planned (package
// signer says what would stand where, or what stands against it), agreed to by
// the clerk who sees it, stamped beside the user interface, and entered. What was
// chosen is kept when a step fails, and a run that was cut off goes on where it
// stopped.
package issue

import (
	"context"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/app/gui/place"
	"antin/app/gui/reader"
	"antin/assets"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/home"
	"antin/signer/register"
	"antin/signer/report"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// Use is what the screen has done by others. The zero value is the program's.
type Use struct {
	Register func(context.Context) (*register.Register, error) // opens the registers; nil: the user's
	PIN      func(names []string, cancel func()) (ask signer.PINFunc, done func())
	Reader   reader.Options
}

// Screen is the clerk's work: documents that wait for number, date and seal.
type Screen struct {
	*frame.Frame
	use    Use
	holder *holder.Holder

	sheet
	current *row
	start   map[register.Series]int // numbers to begin with, as typed

	register *register.Register // nil: not open yet, or in trouble
	trouble  error              // why it is not
	seal     *appearance.Picture
	profile  *assets.Profile // the layout in use
	noSeal   bool
	common   signer.Common // that all plans begin with
	working  bool          // rows are read, numbered or planned
	run      *run          // nil: nothing is being stamped
	left     int           // rows of an earlier run that was cut off

	reader  *reader.Reader
	editor  *place.Editor // of the current row; nil until it is planned
	table   *table
	panel   *panel
	empty   fyne.CanvasObject // where documents go while there is none
	content fyne.CanvasObject
	closed  bool
}

// New makes the screen with documents; folders stand for the documents in them.
func New(f *frame.Frame, paths []string, use Use) *Screen {
	if use.Register == nil {
		use.Register = home.Register
	}
	if use.PIN == nil {
		use.PIN = func(names []string, cancel func()) (signer.PINFunc, func()) { return askPIN(f, names, cancel) }
	}
	s := &Screen{Frame: f, use: use, reader: reader.New(f, use.Reader), start: map[register.Series]int{}, common: signer.Common{}.KeepPictures()}
	s.date, s.body, s.party = f.Now(), f.Settings.Symbol, isParty(f.Settings.Profile)
	s.profile = inUse(f.Settings.Profile)
	s.reader.OnOpened = s.show
	s.reader.OnFailed = func(err error) {
		if s.current != nil {
			s.current.trouble = err
			s.refresh()
		}
	}
	s.reader.OnKey = s.key
	s.reader.OnTapped = s.pointed
	s.holder = holder.New(f, report.Organisation, s.signerChanged)
	s.table, s.panel = newTable(s), newPanel(s)
	side := frame.NewPart(container.NewBorder(nil, nil, widget.NewSeparator(), nil, s.panel.content))
	s.empty = s.invitation()
	s.content = frame.Columns(s.table.content, container.NewStack(s.reader, s.empty), side)
	s.loadSeal()
	s.openRegister()
	if len(paths) > 0 {
		s.Open(paths)
	}
	s.refresh()
	return s
}

// inUse is the layout of that name. Of one that cannot be read the signer says why;
// until then the decree's is shown.
func inUse(name string) *assets.Profile {
	if p, err := settings.Profile(name); err == nil {
		return p
	}
	return assets.ProfileNamed(assets.ProfileND30)
}

// Title implements frame.Screen.
func (s *Screen) Title() string {
	if len(s.rows) == 0 {
		return s.Text("role.clerk-outgoing")
	}
	if s.current == nil || len(s.rows) > 1 {
		return s.Text("outgoing.title", len(s.rows))
	}
	return s.current.name()
}

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string {
	if len(s.rows) > 1 {
		return "issue-several"
	}
	return "issue"
}

// Busy implements frame.Screen: a pause is a part of the run.
func (s *Screen) Busy() bool { return s.run != nil && s.run.Open() }

// Close implements frame.Screen.
func (s *Screen) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.holder.Close()
	last := s.run
	if last == nil {
		last = &run{screen: s}
	} else {
		last.Run.Close()
	}
	s.reader.Close()
	if last.Run == nil || !last.Working() { // else that is done when the row in work is
		last.close(s.register)
	}
}

// Open adds documents to the list.
func (s *Screen) Open(paths []string) {
	var files []string
	s.Run(func(context.Context) error {
		files, _ = frame.Documents(paths, ".pdf")
		return nil
	}, func(error) {
		var first *row
		for _, path := range files {
			r, err := s.add(path)
			switch {
			case err == nil:
				s.Recent(path, frame.Opened)
			case r.trouble != nil || r.refused(): // it may have been mended
				s.lookAgain(r)
			}
			if first == nil {
				first = r
			}
		}
		if first != nil && s.current == nil {
			s.turn(first)
		}
		s.work()
	})
}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	idle := func() bool { return s.current != nil && !s.Busy() }
	several := func() bool { return idle() && len(s.rows) > 1 }
	undecided := func() bool { return several() && !s.begun() }
	control := fyne.KeyModifierShortcutDefault
	actions := []frame.Action{
		{Label: s.Text("outgoing.open"), Key: fyne.KeyO, Modifier: control, Enabled: func() bool { return !s.Busy() }, Do: s.choose},
		{Label: s.Text("outgoing.stamp"), Key: fyne.KeyF9, Enabled: func() bool { return len(s.ready()) > 0 && !s.begun() }, Do: s.stamp},
		{Label: s.Text("outgoing.edit-number"), Key: fyne.KeyF2, Enabled: func() bool { return idle() && s.run == nil }, Do: s.panel.editNumber},
		{Label: s.Text("outgoing.undo"), Key: fyne.KeyZ, Modifier: control, Enabled: func() bool { return idle() && s.editor != nil && s.editor.Board.CanUndo() }, Do: func() { s.editor.Board.Undo() }},
		{Label: s.Text("outgoing.redo"), Key: fyne.KeyY, Modifier: control, Enabled: func() bool { return idle() && s.editor != nil && s.editor.Board.CanRedo() }, Do: func() { s.editor.Board.Redo() }},
	}
	if len(s.rows) > 1 {
		actions = append(
			actions,
			frame.Action{Label: s.Text("outgoing.agree"), Key: fyne.KeySpace, Enabled: undecided, Do: func() { s.agree(!s.current.agreed) }},
			frame.Action{Label: s.Text("outgoing.previous"), Key: fyne.KeyLeft, Enabled: several, Do: func() { s.step(-1) }},
			frame.Action{Label: s.Text("outgoing.next"), Key: fyne.KeyRight, Enabled: several, Do: func() { s.step(+1) }},
			frame.Action{Label: s.Text("outgoing.skip"), Key: fyne.KeyDelete, Enabled: undecided, Do: s.skip},
		)
	}
	return append(actions, s.reader.Actions()...)
}

// key does what an action with a key of its own does; see reader.Reader.OnKey.
func (s *Screen) key(e *fyne.KeyEvent) bool { return frame.Press(s.Actions(), e) }

func (s *Screen) choose() {
	s.Choose(s.Text("outgoing.open"), []string{".pdf"}, true, func(paths []string) {
		if len(paths) > 0 {
			s.Open(paths)
		}
	})
}

// invitation is where documents go.
func (s *Screen) invitation() fyne.CanvasObject {
	words := widget.NewLabelWithStyle(s.Text("outgoing.invitation"), fyne.TextAlignCenter, fyne.TextStyle{})
	words.SizeName, words.Wrapping = theme.SizeNameSubHeadingText, fyne.TextWrapWord
	open := container.NewCenter(s.NewMainButton(s.Text("outgoing.open"), s.choose))
	return container.NewPadded(frame.NewZone(container.NewVBox(layout.NewSpacer(), words, open, layout.NewSpacer())))
}

// turn shows a row's document.
func (s *Screen) turn(r *row) {
	s.current, s.editor = r, nil
	s.reader.SetOverlay(nil)
	path := r.path
	if r.state == signer.RowDone && r.result != nil {
		path = r.result.Output // as it is now
	}
	s.reader.Open(path, []byte(r.password), 0)
	s.refresh()
}

// step goes to another row.
func (s *Screen) step(by int) {
	for i, r := range s.rows {
		if r == s.current && i+by >= 0 && i+by < len(s.rows) {
			s.turn(s.rows[i+by])
			return
		}
	}
}

// agree takes the current row into the run, or out of it, and goes on to the next
// that nothing was said about.
func (s *Screen) agree(yes bool) {
	r := s.current
	if yes && !r.signable() {
		return
	}
	r.agreed = yes
	if next := s.waiting(r); yes && next != nil {
		s.turn(next)
		return
	}
	s.refresh()
}

// skip leaves the current row out, or takes it back in. That is no failure.
func (s *Screen) skip() {
	r := s.current
	switch r.state {
	case signer.RowWaiting, signer.RowFailed:
		r.state, r.agreed = signer.RowSkipped, false
	case signer.RowSkipped:
		r.state = signer.RowWaiting
		r.again()
	case signer.RowWorking, signer.RowDone:
		return
	}
	s.work()
}

// refresh shows everything as it is now.
func (s *Screen) refresh() {
	frame.Show(s.reader, s.current != nil)
	frame.Show(s.empty, s.current == nil)
	s.table.refresh()
	s.panel.refresh()
	s.Changed()
}

var _ frame.Screen = (*Screen)(nil)
