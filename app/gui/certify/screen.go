// Package certify is the clerk's and the archivist's screen for certified copies
// of scanned paper: sao y, sao lục, trích sao, and digitised records.
//
// New makes the screen. A scan goes through these steps: its pages are read and
// put in order, judged against the norm (package signer tells what is wrong with
// each), planned, agreed to by the person who sees where the text will stand,
// certified beside the user interface, and entered in the register of copies.
// Nothing is done to a page that the person has not asked for, and all of it can
// be undone.
package certify

import (
	"cmp"
	"context"
	"io"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/app/gui/place"
	"antin/app/gui/reader"
	"antin/signer"
	"antin/signer/home"
	"antin/signer/register"
	"antin/signer/report"
	"antin/signer/scan"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Extensions of the files that can be opened here.
var Extensions = []string{".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"}

// Use says for whom the screen is and what it has done by others. The zero value
// is the clerk's, as in the program.
type Use struct {
	Archive bool                                              // digitised records: Thông tư 05/2025/TT-BNV
	Check   func(paths []string)                              // takes documents that are signed already; nil: nobody does
	Scanner scan.Scanner                                      // nil: the system's
	OCR     func(context.Context) error                       // whether words can be read from pictures; nil: asks for the program
	Open    func(context.Context) (*register.Register, error) // opens the registers; nil: the user's
	PIN     func(names []string, cancel func()) (ask signer.PINFunc, done func())
	Reader  reader.Options
}

// Screen is scans that wait to be certified.
type Screen struct {
	*frame.Frame
	use    Use
	holder *holder.Holder

	rows    []*row
	current *row
	page    int // that is looked at, from 1

	form        scan.Form
	byOrderOf   string
	record      string // mã hồ sơ
	withoutText bool   // the archivist accepts copies that cannot be searched
	unreadable  error  // why words cannot be read from pictures

	register   *register.Register // nil: not open yet, or in trouble
	trouble    error              // why it is not
	unnumbered bool               // the register has still to be asked
	first      register.Number    // that is free; N is 0 while it is not known
	working    bool               // rows are read, numbered or planned
	run        *run               // nil: nothing is being certified
	earlier    int                // rows of an earlier run that was cut off
	bound      []io.Closer        // temporary files of what is put together to be shown

	devices  []scan.Device
	scanning *scanning // nil: the scanner rests

	reader   *reader.Reader
	editor   *place.Editor // what the copy will show on the current row
	list     *list
	pages    *pages
	panel    *panel
	empty    fyne.CanvasObject
	scanHere *frame.Button // seen when there is a scanner
	content  fyne.CanvasObject
	left     *fyne.Container // list and pages
	closed   bool
}

// New makes the screen with scans: PDFs, each a scan of its own, and pictures,
// those of a folder the pages of one. Folders stand for the files in them.
func New(f *frame.Frame, paths []string, use Use) *Screen {
	if use.Open == nil {
		use.Open = home.Register
	}
	if use.OCR == nil {
		use.OCR = findOCR
	}
	if use.PIN == nil {
		use.PIN = func(names []string, cancel func()) (signer.PINFunc, func()) { return askPIN(f, names, cancel) }
	}
	if use.Scanner == nil {
		use.Scanner = scan.NewScanner()
	}
	s := &Screen{Frame: f, use: use, reader: reader.New(f, use.Reader), form: scan.SaoY, page: 1, unnumbered: true}
	s.reader.OnOpened = s.opened
	s.reader.OnFailed = func(err error) {
		if s.current != nil && s.current.trouble == nil {
			s.current.trouble = err
			s.refresh()
		}
	}
	s.reader.OnPage = func(page int) { s.pages.follow(page) }
	s.reader.OnKey = s.key
	s.reader.ToggleThumbnails() // the list of pages stands beside
	s.holder = holder.New(f, report.Organisation, s.agencyChanged)
	s.list, s.pages, s.panel, s.empty = newList(s), newPages(s), newPanel(s), s.invitation()
	s.left = frame.Framed(s.list.content, nil, nil, widget.NewSeparator(), s.pages.content)
	side := frame.NewPart(container.NewBorder(nil, nil, widget.NewSeparator(), nil, s.panel.content))
	s.content = frame.Columns(s.left, container.NewStack(s.reader, s.empty), side)
	s.openRegister()
	s.findScanner()
	if use.Archive {
		s.tryOCR()
	}
	if len(paths) > 0 {
		s.Open(paths)
	}
	s.refresh()
	return s
}

// Title implements frame.Screen.
func (s *Screen) Title() string {
	switch len(s.rows) {
	case 0:
		return s.Text("certify.title-none")
	case 1:
		return s.rows[0].name()
	}
	return s.Text("certify.title", len(s.rows))
}

// Content implements frame.Screen.
func (s *Screen) Content() fyne.CanvasObject { return s.content }

// HelpPage implements frame.Screen.
func (s *Screen) HelpPage() string { return "copy" }

// Busy implements frame.Screen.
func (s *Screen) Busy() bool { return s.run != nil && s.run.Open() || s.scanning != nil }

// Close implements frame.Screen.
func (s *Screen) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.holder.Close()
	if s.scanning != nil {
		s.scanning.cancel()
	}
	last, bound := s.run, s.bound
	if last == nil {
		last = &run{screen: s}
	} else {
		last.Run.Close()
	}
	s.reader.Close()
	s.Worker(func() {
		for _, f := range bound {
			_ = f.Close() // copies of pages, for the eye
		}
	}, func() {})
	if last.Run == nil || !last.Working() { // else that is done when the row in work is
		last.close(s.register)
	}
}

// Actions implements frame.Screen.
func (s *Screen) Actions() []frame.Action {
	idle := func() bool { return s.current != nil && !s.Busy() }
	editable := func() bool {
		return idle() && s.run == nil && s.current.read && s.current.fixed == nil && s.current.open()
	}
	free := func() bool { return !s.Busy() }
	control := fyne.KeyModifierShortcutDefault
	actions := []frame.Action{
		{Label: s.Text("certify.open"), Key: fyne.KeyO, Modifier: control, Enabled: free, Do: s.choose},
		{Label: s.Text("certify.certify"), Key: fyne.KeyF9, Enabled: func() bool { return len(s.ready()) > 0 && s.run == nil && !s.Busy() }, Do: s.certify},
		{Label: s.Text("certify.add"), Enabled: editable, Do: s.addFiles},
		{Label: s.Text("certify.split"), Enabled: func() bool { return editable() && s.splittable() }, Do: s.split},
		{Label: s.Text("certify.earlier"), Key: fyne.KeyUp, Modifier: fyne.KeyModifierAlt, Enabled: editable, Do: func() { s.pages.move(-1) }},
		{Label: s.Text("certify.later"), Key: fyne.KeyDown, Modifier: fyne.KeyModifierAlt, Enabled: editable, Do: func() { s.pages.move(+1) }},
		{Label: s.Text("certify.turn"), Key: fyne.KeyR, Modifier: control, Enabled: editable, Do: s.pages.turn},
		{Label: s.Text("certify.drop"), Key: fyne.KeyDelete, Enabled: editable, Do: s.pages.drop},
		{Label: s.Text("certify.undo"), Key: fyne.KeyZ, Modifier: control, Enabled: func() bool { return editable() && s.canUndo() }, Do: s.undo},
		{Label: s.Text("certify.redo"), Key: fyne.KeyY, Modifier: control, Enabled: func() bool { return editable() && s.canRedo() }, Do: s.redo},
	}
	if len(s.devices) > 0 {
		actions = append(actions, frame.Action{Label: s.Text("certify.scan"), Enabled: free, Do: s.askScan})
	}
	if len(s.rows) > 1 {
		several := func() bool { return idle() && len(s.rows) > 1 }
		undecided := func() bool { return several() && s.run == nil }
		actions = append(
			actions,
			frame.Action{Label: s.Text("certify.agree"), Key: fyne.KeySpace, Enabled: undecided, Do: func() { s.agree(!s.current.agreed) }},
			frame.Action{Label: s.Text("certify.previous"), Key: fyne.KeyLeft, Enabled: several, Do: func() { s.step(-1) }},
			frame.Action{Label: s.Text("certify.next"), Key: fyne.KeyRight, Enabled: several, Do: func() { s.step(+1) }},
			frame.Action{Label: s.Text("certify.skip"), Enabled: undecided, Do: s.skip},
		)
	}
	return append(actions, s.reader.Actions()...)
}

// key does what an action with a key of its own does; see reader.Reader.OnKey.
func (s *Screen) key(e *fyne.KeyEvent) bool { return frame.Press(s.Actions(), e) }

// turn shows a row from its first page.
func (s *Screen) turn(r *row) {
	s.current, s.page = r, 1
	s.show()
}

// show opens the pages of the current row, where they were looked at.
func (s *Screen) show() {
	s.editor = nil
	s.reader.SetOverlay(nil)
	switch r := s.current; {
	case r == nil:
		s.reader.Close()
	case r.state == signer.RowDone && r.result != nil:
		s.reader.Open(r.result.Output, nil, 0) // as it is now
	case r.shown != "":
		s.reader.Open(r.shown, []byte(r.password), 0)
	default:
		s.reader.Close() // until it is known what to show
	}
	s.refresh()
}

// step goes to another row.
func (s *Screen) step(by int) {
	for i, r := range s.rows {
		if r == s.current && i+by >= 0 && i+by < len(s.rows) {
			s.turn(s.rows[i+by])
			s.work()
			return
		}
	}
}

// agree takes the current row into the run, or out of it, and goes on to the next
// that nothing was said about.
func (s *Screen) agree(yes bool) {
	r := s.current
	if yes && !s.signable(r) {
		return
	}
	r.agreed = yes
	if yes {
		for _, next := range s.rows {
			if next != r && next.open() && !next.hopeless() && !next.agreed {
				s.turn(next)
				return
			}
		}
	}
	s.refresh()
}

// skip leaves the current row out, or takes it back in. That is no failure.
func (s *Screen) skip() {
	switch r := s.current; r.state {
	case signer.RowWaiting, signer.RowFailed:
		r.state, r.agreed = signer.RowSkipped, false
	case signer.RowSkipped:
		r.state = signer.RowWaiting
	case signer.RowWorking, signer.RowDone:
		return
	}
	s.renumber()
}

// agency is who makes the copies: as set, or as the certificate names it.
func (s *Screen) agency() string { return cmp.Or(s.Settings.Agency, s.holder.Name()) }

// signable tells whether nothing stands against the row.
func (s *Screen) signable(r *row) bool { return r.passes() && s.missing(r) == "" }

// missing is what the person has still to give for a row, "" for nothing.
func (s *Screen) missing(r *row) string {
	switch {
	case s.agency() == "":
		return s.Text("certify.needs-agency")
	case s.use.Archive && s.record == "":
		return s.Text("certify.needs-record")
	case s.use.Archive && s.unreadable != nil && !s.withoutText:
		return s.Text("certify.needs-text")
	case s.form == scan.TrichSao && len(r.extract) == 0:
		return s.Text("certify.needs-pages")
	case !s.use.Archive && s.first.N == 0 && !r.typed:
		return s.Text("certify.needs-number")
	}
	return ""
}

// ready are the rows that are certified: those that were agreed to, or the only
// one.
func (s *Screen) ready() []*row {
	var out []*row
	for _, r := range s.rows {
		if s.signable(r) && s.holder.ID() != "" && s.register != nil && (r.agreed || len(s.rows) == 1) {
			out = append(out, r)
		}
	}
	return out
}

// refresh shows everything as it is now.
func (s *Screen) refresh() {
	if s.panel == nil {
		return // it is being made
	}
	s.assign()
	frame.Show(s.reader, s.current != nil)
	frame.Show(s.empty, s.current == nil)
	frame.Show(s.scanHere, len(s.devices) > 0)
	pages, list := s.pages.content.Visible(), s.list.content.Visible()
	s.list.refresh()
	s.pages.refresh()
	frame.Show(s.left, s.current != nil)
	if pages != s.pages.content.Visible() || list != s.list.content.Visible() {
		s.left.Refresh() // it gives them their room
		s.content.Refresh()
	}
	s.panel.refresh()
	s.Changed()
}

var _ frame.Screen = (*Screen)(nil)
