package gui

import (
	"cmp"
	"errors"
	"slices"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/signer/cms"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// header is the line above every screen: the way back, what is open, whose work
// it is, what is plugged in, the size of the texts, help.
type header struct {
	w     *Window
	box   fyne.CanvasObject
	line  *fyne.Container
	back  *frame.Button
	title *widget.Label
	roles *frame.Select
	token *frame.Button
	whose holder.Whose
	shown headline
	stop  func()
}

// headline is what the header shows; it is laid out anew only when that changes.
type headline struct {
	title       string
	back, roles bool
	role        settings.Role
	token       string // in words, which have their sign
	importance  widget.Importance
}

func newHeader(w *Window) *header {
	h := &header{w: w, title: widget.NewLabel(""), whose: holder.ReadWhose(w.Settings)}
	h.title.TextStyle.Bold = true
	h.title.Truncation = fyne.TextTruncateEllipsis
	h.back = w.NewButton(w.Text("window.back"), func() { w.leave(w.home) })
	h.roles = w.NewSelect(nil, nil)
	for _, r := range roles {
		h.roles.Options = append(h.roles.Options, w.Text(r.name))
	}
	h.token = w.NewButton("", w.showTokens)
	h.token.Importance = widget.LowImportance
	smaller := w.NewButton(w.Text("window.smaller-short"), func() { w.setTextSize(w.textSize() - textStep) })
	larger := w.NewButton(w.Text("window.larger-short"), func() { w.setTextSize(w.textSize() + textStep) })
	help := w.NewButton(w.Text("menu.help"), func() { w.Help(w.screen.HelpPage()) })
	for _, b := range []*frame.Button{smaller, larger, help} {
		b.Importance = widget.LowImportance
	}
	h.line = container.NewBorder(nil, nil, h.back,
		container.NewHBox(h.token, h.roles, smaller, larger, help),
		container.New(layout.NewCustomPaddedLayout(0, 0, 4, 4), h.title))
	h.box = frame.NewPart(container.NewPadded(h.line))
	h.stop = w.Tokens.Listen(h.update)
	return h
}

// update shows what is so now.
func (h *header) update() {
	title := ""
	if h.w.screen != nil {
		title = h.w.screen.Title()
	}
	_, atStart := h.w.screen.(*start)
	first := atStart || h.w.role().home != nil && h.w.screen != nil && title == ""
	line := tokenLine(h.w.Frame, h.whose)
	now := headline{cmp.Or(title, h.w.Text("window.name")), !first, !atStart, h.w.Settings.Role, line.text, line.importance}
	if now == h.shown {
		return
	}
	h.shown = now
	show(h.back, now.back)
	show(h.roles, now.roles)
	frame.Say(h.title, now.title)
	h.roles.OnChanged = nil // the choice is shown, not made
	if i := slices.IndexFunc(roles, func(r role) bool { return r.Role == h.w.Settings.Role }); i >= 0 {
		h.roles.SetSelectedIndex(i)
	}
	h.roles.OnChanged = func(string) {
		if i := h.roles.SelectedIndex(); i >= 0 && roles[i].Role != h.w.Settings.Role {
			h.w.setRole(roles[i].Role)
			h.shown = headline{} // when the person stayed with the work under way
			h.update()
		}
	}
	h.token.Text, h.token.Icon, h.token.Importance = line.text, line.sign(), line.importance
	h.token.Refresh()
	h.line.Refresh() // what is hidden leaves its room to the rest
}

func show(o fyne.CanvasObject, shown bool) {
	if shown {
		o.Show()
	} else {
		o.Hide()
	}
}

// soon is when the end of a certificate is worth a word, in days.
const soon = 30

// line is a state in words, with a sign and a colour.
type line struct {
	sign       func() fyne.Resource
	text       string
	importance widget.Importance
}

// tokenLine tells what is plugged in: of the certificates that the role signs with,
// or of all, the one that wants attention most.
func tokenLine(f *frame.Frame, whose holder.Whose) line {
	s := f.Tokens.State()
	signers := s.Signers()
	switch {
	case s.Looking:
		return line{theme.SearchIcon, f.Text("token.looking"), widget.LowImportance}
	case len(s.Tokens) == 0 && errors.Is(s.Problem, token.ErrNoModule):
		return line{theme.ErrorIcon, f.Text("token.no-driver"), widget.WarningImportance}
	case len(s.Tokens) == 0:
		return line{theme.RadioButtonIcon, f.Text("token.none"), widget.LowImportance}
	case len(signers) == 0:
		return line{theme.WarningIcon, f.Text("token.empty"), widget.WarningImportance}
	}
	if role := roleOf(f.Settings.Role).signs; role != "" {
		signers = whose.Fitting(signers, role)
	}
	for _, c := range signers {
		if l := signerLine(f, c); len(signers) == 1 || l.importance != widget.LowImportance {
			return l
		}
	}
	return line{theme.RadioButtonCheckedIcon, f.Text("token.several", len(signers)), widget.LowImportance}
}

// signerLine tells how one certificate is.
func signerLine(f *frame.Frame, c token.Candidate) line {
	cert := c.Certificate.X509
	name, days := cms.DisplayName(cert), int(cert.NotAfter.Sub(f.Now()).Hours()/24)
	switch {
	case c.Token.PIN.Locked:
		return line{theme.ErrorIcon, f.Text("token.is-locked", name), widget.DangerImportance}
	case f.Now().After(cert.NotAfter):
		return line{theme.ErrorIcon, f.Text("token.expired", name), widget.DangerImportance}
	case f.Now().Before(cert.NotBefore):
		return line{theme.WarningIcon, f.Text("token.not-yet", name), widget.WarningImportance}
	case days < soon:
		return line{theme.WarningIcon, f.Text("token.soon", name, days), widget.WarningImportance}
	}
	return line{theme.RadioButtonCheckedIcon, f.Text("token.one", name, days), widget.LowImportance}
}
