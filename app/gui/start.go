package gui

import (
	"path/filepath"
	"time"

	"antin/app/gui/frame"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// start is the start page: whose work it is, where documents go, what was worked
// on lately.
type start struct {
	w       *Window
	content fyne.CanvasObject
	choose  *frame.Button
	recent  *frame.List
	waiting *waiting
	closed  bool
}

func newStart(w *Window) *start {
	h := &start{w: w}
	if w.role().Role == settings.NoChoice {
		h.content = h.welcome()
		return h
	}
	h.waiting = newWaiting(w)
	h.content = container.NewBorder(h.roleRow(), container.NewBorder(nil, nil, h.waiting.row, newNetwork(w.Frame)), nil, nil,
		spaced(container.NewGridWithRows(2, h.dropZone(), h.recentPanel())))
	if w.role().signs != "" {
		h.count()
	}
	return h
}

// spaced keeps content off the window's edges.
func spaced(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(8, 8, 24, 24), o)
}

// welcome asks once who works here.
func (h *start) welcome() fyne.CanvasObject {
	rows := container.New(layout.NewCustomPaddedVBoxLayout(12))
	for _, r := range roles {
		b := h.w.NewButton(h.w.Text(r.name), func() { h.w.setRole(r.Role) })
		b.Importance = widget.HighImportance
		does := widget.NewLabel(h.w.Text(r.does))
		does.Wrapping = fyne.TextWrapWord
		middle := container.NewVBox(layout.NewSpacer(), does, layout.NewSpacer())
		rows.Add(container.NewBorder(nil, nil, frame.Wide(180, b), nil, middle))
	}
	question := widget.NewRichText(&widget.TextSegment{Text: h.w.Text("home.who"), Style: widget.RichTextStyleHeading})
	hint := widget.NewLabel(h.w.Text("home.who-hint"))
	hint.Wrapping = fyne.TextWrapWord
	return container.NewVScroll(container.New(layout.NewCustomPaddedLayout(64, 24, 160, 160), container.NewVBox(question, hint, widget.NewSeparator(), rows)))
}

// roleRow is the switch between roles.
func (h *start) roleRow() fyne.CanvasObject {
	row := container.NewHBox(widget.NewLabel(h.w.Text("home.role")))
	for _, r := range roles {
		b := h.w.NewButton(h.w.Text(r.name), func() { h.w.setRole(r.Role) })
		if r.Role == h.w.Settings.Role {
			b.Icon, b.Importance = theme.ConfirmIcon(), widget.HighImportance
		}
		row.Add(b)
	}
	return container.New(layout.NewCustomPaddedLayout(8, 0, 24, 24), row)
}

// dropZone takes documents.
func (h *start) dropZone() fyne.CanvasObject {
	r := h.w.role()
	invitation := widget.NewRichText(&widget.TextSegment{Text: h.w.Text(r.drop), Style: widget.RichTextStyleSubHeading})
	invitation.Wrapping = fyne.TextWrapWord
	invitation.Segments[0].(*widget.TextSegment).Style.Alignment = fyne.TextAlignCenter
	h.choose = h.w.NewMainButton(h.w.Text("home.choose"), h.chooseFiles)
	folder := h.w.NewButton(h.w.Text("home.choose-folder"), h.chooseFolder)
	buttons := container.NewHBox(layout.NewSpacer(), h.choose, folder, layout.NewSpacer())
	inside := container.NewVBox(layout.NewSpacer(), invitation, buttons, layout.NewSpacer())
	if len(r.works) > 0 {
		inside.Add(container.New(layout.NewCustomPaddedLayout(0, 12, 16, 16), container.NewCenter(container.NewGridWithColumns(len(r.works), h.works()...))))
	}
	return frame.NewZone(inside)
}

// works are the buttons of a role that has several kinds of work, for whoever has
// nothing to drop.
func (h *start) works() (buttons []fyne.CanvasObject) {
	for _, k := range h.w.role().works {
		b := h.w.NewButton(h.w.Text(k.name), func() { h.w.show(k.documents(h.w.Frame, nil)) })
		buttons = append(buttons, b)
	}
	return buttons
}

func (h *start) chooseFiles() {
	h.w.Choose(h.w.Text("home.choose-title"), h.w.role().extensions, true, h.w.open)
}

func (h *start) chooseFolder() {
	h.w.ChooseFolder(h.w.Text("home.choose-folder-title"), func(path string) { h.w.open([]string{path}) })
}

// recentPanel lists what was worked on, with how far it has come.
func (h *start) recentPanel() fyne.CanvasObject {
	all := h.w.Settings.Recent
	title := widget.NewLabel(h.w.Text("home.recent"))
	title.TextStyle.Bold = true
	if len(all) == 0 {
		nothing := widget.NewLabel(h.w.Text("home.nothing"))
		nothing.Importance = widget.LowImportance
		return container.NewBorder(title, nil, nil, nil, container.NewVBox(nothing))
	}
	h.recent = h.w.NewList(func() int { return len(all) }, func() fyne.CanvasObject { return frame.NewRow(1) }, func(i widget.ListItemID, o fyne.CanvasObject) {
		h.fillRow(all[i], o.(*frame.Row))
	})
	h.recent.OnSelected = func(i widget.ListItemID) {
		h.recent.Unselect(i)
		h.w.open([]string{all[i].Path})
	}
	forget := h.w.NewButton(h.w.Text("home.forget"), func() {
		h.w.Settings.Recent = nil
		h.w.keep()
		h.w.home()
	})
	return container.NewBorder(container.NewBorder(nil, nil, title, forget), nil, nil, nil, h.recent)
}

// recentSigns stand beside the words for a state.
var recentSigns = map[frame.RecentState]struct {
	sign func() fyne.Resource
	text string
}{
	frame.Opened:  {theme.FileIcon, "recent.opened"},
	frame.Signed:  {theme.ConfirmIcon, "recent.signed"},
	frame.Issued:  {theme.ConfirmIcon, "recent.issued"},
	frame.Copied:  {theme.ConfirmIcon, "recent.copied"},
	frame.Checked: {theme.ConfirmIcon, "recent.checked"},
	frame.Failed:  {theme.WarningIcon, "recent.failed"},

	frame.Timestamped: {theme.ConfirmIcon, "recent.timestamped"},
}

func (h *start) fillRow(r settings.Recent, row *frame.Row) {
	s, known := recentSigns[frame.RecentState(r.State)]
	if !known { // of a newer version
		s = recentSigns[frame.Opened]
	}
	state := h.w.Text(s.text)
	if at, err := time.Parse(time.RFC3339, r.At); err == nil {
		state += "  " + at.Local().Format(h.w.Text("home.when"))
	}
	row.Say(s.sign(), filepath.Base(r.Path), state, filepath.Dir(r.Path))
}

// Title implements frame.Screen; the start page has none.
func (h *start) Title() string { return "" }

// Content implements frame.Screen.
func (h *start) Content() fyne.CanvasObject { return h.content }

// Open implements frame.Screen.
func (h *start) Open(paths []string) { h.w.documents(paths) }

// Actions implements frame.Screen.
func (h *start) Actions() []frame.Action {
	if h.choose == nil {
		return nil
	}
	return []frame.Action{
		{Label: h.w.Text("home.choose"), Key: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault, Do: h.chooseFiles},
		{Label: h.w.Text("home.choose-folder"), Key: fyne.KeyO, Modifier: fyne.KeyModifierShortcutDefault | fyne.KeyModifierShift, Do: h.chooseFolder},
	}
}

// HelpPage implements frame.Screen.
func (h *start) HelpPage() string { return "home" }

// Busy implements frame.Screen.
func (h *start) Busy() bool { return false }

// Close implements frame.Screen.
func (h *start) Close() { h.closed = true }
