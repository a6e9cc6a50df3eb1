package gui

import (
	"cmp"
	"slices"

	"antin/app/gui/frame"
	"antin/app/gui/holder"
	"antin/signer/settings"

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
	tells line // what the token's button tells
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
	h.line = container.NewBorder(nil, nil, h.back, container.NewHBox(h.roles, smaller, larger, help),
		container.New(&sides{h}, container.New(layout.NewCustomPaddedLayout(0, 0, 4, 4), h.title), h.token))
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
	now := headline{cmp.Or(title, h.w.Text("window.name")), !first, !atStart, h.w.Settings.Role, line.text(line.name), line.importance}
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
	h.tells = line
	h.token.Text, h.token.Icon, h.token.Importance = now.token, line.sign(), line.importance
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

// sides is the layout of the title and what is plugged in, which leaves the title
// some room: a long name is cut then, not the window made wider.
type sides struct{ *header }

const leastTitle = 100

func (s *sides) MinSize(objects []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(leastTitle, max(objects[0].MinSize().Height, objects[1].MinSize().Height))
}

func (s *sides) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	title, button := objects[0], s.token
	if s.tells.text != nil {
		style, high := fyne.TextStyle{Bold: true}, theme.TextSize()
		wide := func(text string) float32 { return fyne.MeasureText(text, high, style).Width }
		room := size.Width - leastTitle - (button.MinSize().Width - wide(button.Text))
		name := frame.Fitted(s.tells.name, func(name string) bool { return wide(s.tells.text(name)) <= room })
		if text := s.tells.text(name); text != button.Text {
			button.SetText(text)
		}
	}
	right := min(button.MinSize().Width, size.Width)
	button.Resize(fyne.NewSize(right, size.Height))
	button.Move(fyne.NewPos(size.Width-right, 0))
	title.Resize(fyne.NewSize(size.Width-right, size.Height))
	title.Move(fyne.NewPos(0, 0))
}
