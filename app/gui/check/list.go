package check

import (
	"slices"
	"strings"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/report"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// sign is how a light looks: its word, its shape and its colour, so that none of
// them has to be seen.
type sign struct {
	word   string // name of the text
	icon   fyne.ThemeIconName
	colour fyne.ThemeColorName
}

var signs = map[light]sign{
	red:    {"check.invalid", theme.IconNameCancel, theme.ColorNameError},
	broken: {"check.not-checked", theme.IconNameError, theme.ColorNameError},
	locked: {"check.locked", theme.IconNameLogin, theme.ColorNameWarning},
	grey:   {"check.undecided", theme.IconNameQuestion, theme.ColorNameHyperlink},
	yellow: {"check.attention", theme.IconNameWarning, theme.ColorNameWarning},
	green:  {"check.valid", theme.IconNameConfirm, theme.ColorNameSuccess},
	busy:   {"check.checking", theme.IconNameViewRefresh, theme.ColorNameForeground},
	idle:   {"check.waiting", theme.IconNameMoreHorizontal, theme.ColorNameForeground},
}

// image is the sign as a picture in its colour.
func (s sign) image() fyne.Resource {
	r := theme.Current().Icon(s.icon)
	switch s.colour {
	case theme.ColorNameError:
		return theme.NewErrorThemedResource(r)
	case theme.ColorNameWarning:
		return theme.NewWarningThemedResource(r)
	case theme.ColorNameSuccess:
		return theme.NewSuccessThemedResource(r)
	case theme.ColorNameHyperlink:
		return theme.NewColoredResource(r, theme.ColorNameHyperlink)
	}
	return theme.NewThemedResource(r)
}

// verdict is the word for a row.
func (s *Screen) verdict(r *row) string {
	l := r.light()
	switch {
	case l == grey && !r.request.Online:
		return s.frame.Text("check.undecided-offline")
	case r.state == stopped:
		return s.frame.Text("check.stopped")
	}
	return s.frame.Text(signs[l].word)
}

// list is the rows with filter and order above them.
type list struct {
	screen  *Screen
	content fyne.CanvasObject
	rows    *frame.List
	empty   fyne.CanvasObject
	filter  *frame.Select
	order   *frame.Select
	silent  bool // a selection by the program
}

func newList(s *Screen) *list {
	l := &list{screen: s}
	l.rows = s.frame.NewList(func() int { return len(s.rows.shown) }, func() fyne.CanvasObject { return frame.NewRow(3) }, l.update)
	l.rows.OnSelected = l.selected
	l.filter = s.frame.NewSelect(nil, func(string) {
		if !l.silent {
			s.rows.show(filters[l.filter.SelectedIndex()])
			s.refresh()
		}
	})
	l.order = s.frame.NewSelect([]string{s.frame.Text("check.worst-first"), s.frame.Text("check.by-name"), s.frame.Text("check.as-dropped")}, nil)
	l.order.SetSelectedIndex(int(s.rows.order))
	l.order.OnChanged = func(string) {
		s.rows.sort(order(l.order.SelectedIndex()))
		s.refresh()
	}
	hint := widget.NewLabel(s.frame.Text("check.drop"))
	hint.Wrapping, hint.Alignment = fyne.TextWrapWord, fyne.TextAlignCenter
	hint.SizeName = theme.SizeNameSubHeadingText
	l.empty = container.NewPadded(frame.NewZone(container.NewVBox(layout.NewSpacer(), hint, container.NewCenter(s.frame.NewMainButton(s.frame.Text("check.choose"), s.choose)), layout.NewSpacer())))
	head := frame.Framed(nil, nil, s.frame.NewButton(s.frame.Text("check.add"), s.choose), nil, container.NewGridWithColumns(2, l.filter, l.order))
	l.content = frame.Framed(container.NewPadded(head), nil, nil, nil, container.NewStack(l.rows, l.empty))
	return l
}

// filters are the entries of the filter.
var filters = []light{everyLight, red, broken, locked, grey, yellow, green}

// update shows row i in one that the list uses again and again: the verdict, the
// reason that counts most, and who signed.
func (l *list) update(i widget.ListItemID, o fyne.CanvasObject) {
	s := l.screen
	if i >= len(s.rows.shown) {
		return
	}
	r, row := s.rows.shown[i], o.(*frame.Row)
	sign := signs[r.light()]
	row.Colour(sign.colour)
	row.Say(sign.image(), s.verdict(r)+" – "+r.name(), "", s.reason(r)+"\n"+s.who(r))
}

func (l *list) selected(i widget.ListItemID) {
	if l.silent || i >= len(l.screen.rows.shown) {
		return
	}
	l.screen.rows.current = l.screen.rows.shown[i]
	l.screen.details.show(l.screen.rows.current)
	l.screen.bar.refresh()
}

// refresh shows the rows as they are now; the selection stays with its document.
func (l *list) refresh() {
	s := l.screen
	s.rows.arrange()
	l.silent = true
	defer func() { l.silent = false }()
	options := []string{s.frame.Text("check.all", len(s.rows.all))}
	for _, only := range filters[1:] {
		options = append(options, s.frame.Text("check.filter", s.frame.Text(signs[only].word), s.rows.lighted(only)))
	}
	l.filter.Options = options
	if at := slices.Index(filters, s.rows.only); l.filter.Selected != options[at] {
		l.filter.SetSelectedIndex(at)
	}
	frame.Show(l.empty, len(s.rows.all) == 0)
	l.rows.Renew()
	if i := s.rows.index(s.rows.current); i >= 0 {
		l.rows.Select(i)
	} else {
		l.rows.UnselectAll()
	}
}

// who tells who signed and when.
func (s *Screen) who(r *row) string {
	if r.found == nil || len(r.told.Signatures) == 0 {
		return ""
	}
	var parts []string
	n := 0
	for _, sig := range r.told.Signatures {
		if sig.Kind == verify.DocTimeStamp {
			text := s.frame.Text("check.no-whole-stamp")
			if !sig.Claimed.IsZero() {
				text = s.frame.Text("check.whole-stamp", s.frame.Words.Date(sig.Claimed))
			}
			parts = append(parts, text)
			continue
		}
		n++
		parts = append(parts, s.signer(sig))
	}
	return s.frame.Text("check.signatures", n, strings.Join(parts, " · "))
}

// signer is one signer with role and time.
func (s *Screen) signer(sig report.Signature) string {
	who := sig.Holder
	if name, known := roleTexts[sig.Role]; known {
		who = s.frame.Text("check.with-role", who, s.frame.Text(name))
	}
	switch {
	case !sig.Proven.IsZero():
		return s.frame.Text("check.stamped", who, s.frame.Words.Date(sig.Proven))
	case !sig.Claimed.IsZero():
		return s.frame.Text("check.claimed", who, s.frame.Words.Date(sig.Claimed))
	}
	return who
}

var roleTexts = map[report.Role]string{report.Person: "check.person", report.Organisation: "check.organisation"}

// reason is the sentence that counts most.
func (s *Screen) reason(r *row) string {
	switch {
	case r.state == failed:
		return s.problem(r.err).What
	case r.state != done:
		return ""
	case len(r.told.Reasons) > 0:
		return r.told.Reasons[0].Text
	}
	return r.told.Next
}

func (s *Screen) problem(err error) words.Problem { return s.frame.Words.Explain(err) }
