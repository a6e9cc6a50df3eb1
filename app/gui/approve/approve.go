// Package approve is the leader's screen: a document opens at its signing block
// with the picture of the signature in place, and is signed with one key and a PIN.
// Several documents are looked through one after the other and signed under one
// PIN.
//
// New makes the screen. What it has done by others is in Use, so that tests can
// put something else there; the zero value is the program's. A document goes
// through these steps: it is shown, planned beside (package signer says where the
// signature goes), agreed to, signed beside, verified, and told about. Nothing that
// a person chose is lost when a step fails.
package approve

import (
	"context"
	"crypto/x509"
	"path/filepath"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/app/gui/pin"
	"antin/app/gui/reader"
	"antin/signer"
	"antin/signer/pagetext"
	"antin/signer/report"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Use is what the screen has done by others. Functions that are nil are those of
// the program.
type Use struct {
	Plan    func(context.Context, signer.ApproveJob) (*signer.Plan, error)
	Approve func(context.Context, signer.ApproveJob, signer.Progress) (*signer.Result, error)
	PIN     func(f *frame.Frame, r pin.Request, cancel func()) Asker
	Text    func(ctx context.Context, path, password string, page int) (*pagetext.Text, error)
	Log     func(ctx context.Context, c signer.Common, r *signer.Result, initials bool) error // enters what was signed
	Reader  reader.Options
}

// Asker asks a person for the PIN, see package pin.
type Asker interface {
	PIN(ctx context.Context, t token.Token, cert *x509.Certificate) (pin []byte, confirmed bool, err error)
	Close()
}

// Screen is the leader's work: documents that wait for a signature.
type Screen struct {
	*frame.Frame
	use Use

	documents []*document
	current   *document // nil: none is open
	planning  *document // which is planned now
	signer    *holder.Holder
	planned   string // the certificate that the documents are planned for
	picture   *picture
	run       *run // nil: nothing is being signed

	reader  *reader.Reader
	panel   *panel
	list    *list
	content fyne.CanvasObject
	told    news
}

// New makes the screen with documents; folders stand for the documents in them.
func New(f *frame.Frame, paths []string, use Use) *Screen {
	if use.Plan == nil {
		use.Plan = signer.PlanApprove
	}
	if use.Approve == nil {
		use.Approve = signer.Approve
	}
	if use.PIN == nil {
		use.PIN = func(f *frame.Frame, r pin.Request, cancel func()) Asker { return pin.New(f, r, cancel) }
	}
	if use.Text == nil {
		use.Text = readPage
	}
	if use.Log == nil {
		use.Log = enter
	}
	s := &Screen{Frame: f, use: use, reader: reader.New(f, use.Reader)}
	s.reader.OnOpened = s.shown
	s.reader.OnFailed = s.notShown
	s.reader.OnTapped = s.tapped
	s.reader.OnKey = s.key
	s.signer = holder.New(f, report.Person, func() {
		if s.panel != nil { // else it is asked below
			s.signerChanged()
		}
	})
	s.list = newList(s)
	s.panel = newPanel(s)
	side := frame.NewPart(container.NewBorder(nil, nil, widget.NewSeparator(), nil, s.panel.content))
	s.content = frame.Columns(s.list.content, s.reader, side)
	s.signerChanged()
	if len(paths) > 0 {
		s.Open(paths)
	}
	return s
}

// Title implements frame.Screen.
func (s *Screen) Title() string {
	if s.current == nil {
		return s.Text("approve.title")
	}
	return s.current.name()
}

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string {
	if len(s.documents) > 1 {
		return "sign-several"
	}
	return "approve"
}

// Busy implements frame.Screen.
func (s *Screen) Busy() bool { return s.run != nil && s.run.Working() }

// begun tells that there is a run, some of whose documents are still to be signed or
// given up.
func (s *Screen) begun() bool { return s.run != nil && s.run.Unsettled() }

// Close implements frame.Screen.
func (s *Screen) Close() {
	s.signer.Close()
	if s.run != nil {
		s.run.Close()
	}
	s.current = nil
	s.reader.Close()
}

// Open adds documents to those that are open and shows the first new one.
func (s *Screen) Open(paths []string) {
	var files []string
	s.Run(func(context.Context) error {
		files, _ = frame.Documents(paths, ".pdf")
		return nil
	}, func(error) {
		var first *document
		for _, path := range files {
			d := s.opened(path)
			if d == nil {
				d = &document{path: path}
				s.documents = append(s.documents, d)
				s.Recent(path, frame.Opened)
			}
			if first == nil {
				first = d
			}
		}
		if first != nil && !s.Busy() {
			s.show(first)
		}
		s.refresh()
	})
}

func (s *Screen) opened(path string) *document {
	for _, d := range s.documents {
		if d.path == path {
			return d
		}
	}
	return nil
}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	idle := func() bool { return s.current != nil && !s.Busy() }
	placed := func() bool { return idle() && s.current.placed() }
	several := func() bool { return idle() && len(s.documents) > 1 }
	undecided := func() bool { return several() && !s.begun() }
	control := fyne.KeyModifierShortcutDefault
	actions := []frame.Action{
		{Label: s.Text("approve.open"), Key: fyne.KeyO, Modifier: control, Enabled: func() bool { return !s.Busy() }, Do: s.choose},
		{Label: s.Text("approve.sign-key"), Key: fyne.KeyF9, Enabled: func() bool { return len(s.ready()) > 0 && !s.begun() }, Do: s.sign},
		{Label: s.Text("approve.undo"), Key: fyne.KeyZ, Modifier: control, Enabled: func() bool { return placed() && s.current.editor.Board.CanUndo() }, Do: func() { s.current.editor.Board.Undo() }},
		{Label: s.Text("approve.redo"), Key: fyne.KeyY, Modifier: control, Enabled: func() bool { return placed() && s.current.editor.Board.CanRedo() }, Do: func() { s.current.editor.Board.Redo() }},
		{Label: s.Text("approve.to-box"), Key: fyne.KeyF2, Enabled: placed, Do: s.toBox},
	}
	for i, key := range []fyne.KeyName{fyne.Key1, fyne.Key2, fyne.Key3} {
		offered := func() bool { return idle() && i < len(s.current.candidates()) }
		actions = append(actions, frame.Action{Label: s.Text("approve.candidate", i+1), Key: key, Enabled: offered, Do: func() { s.candidate(i) }})
	}
	if len(s.documents) > 1 {
		actions = append(
			actions,
			frame.Action{Label: s.Text("approve.agree"), Key: fyne.KeySpace, Enabled: undecided, Do: func() { s.agree(!s.current.agreed) }},
			frame.Action{Label: s.Text("approve.previous"), Key: fyne.KeyLeft, Enabled: several, Do: func() { s.step(-1) }},
			frame.Action{Label: s.Text("approve.next"), Key: fyne.KeyRight, Enabled: several, Do: func() { s.step(+1) }},
			frame.Action{Label: s.Text("approve.skip"), Key: fyne.KeyDelete, Enabled: undecided, Do: s.skip},
		)
	}
	return append(actions, s.reader.Actions()...)
}

// key does what an action with a key of its own does; see Reader.OnKey.
func (s *Screen) key(e *fyne.KeyEvent) bool { return frame.Press(s.Actions(), e) }

// choose asks for documents.
func (s *Screen) choose() {
	s.Choose(s.Text("approve.open"), []string{".pdf"}, true, func(paths []string) {
		if len(paths) > 0 {
			s.Open(paths)
		}
	})
}

// refresh shows everything as it is now.
func (s *Screen) refresh() {
	s.list.refresh()
	s.panel.refresh()
	s.tellWindow()
}

// news is what the window asks a screen for: title, and what can be done.
type news struct {
	title string
	able  string // of the actions, a letter each
	busy  bool
}

// tellWindow tells the window when something has changed for it: it makes its menu
// anew, which is not for every step of a drag.
func (s *Screen) tellWindow() {
	now := news{title: s.Title(), busy: s.Busy()}
	for _, a := range s.Actions() {
		if a.Enabled == nil || a.Enabled() {
			now.able += "y"
		} else {
			now.able += "n"
		}
	}
	if now != s.told {
		s.told = now
		s.Changed()
	}
}

func (d *document) name() string { return filepath.Base(d.path) }
