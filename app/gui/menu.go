package gui

import (
	"cmp"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// actions are what can be done on every screen.
func (w *Window) actions() []frame.Action {
	control := fyne.KeyModifierShortcutDefault
	return []frame.Action{
		{Label: w.Text("window.larger"), Key: fyne.KeyEqual, Modifier: control | fyne.KeyModifierShift, Do: func() { w.setTextSize(w.textSize() + textStep) }},
		{Label: w.Text("window.smaller"), Key: fyne.KeyMinus, Modifier: control | fyne.KeyModifierShift, Do: func() { w.setTextSize(w.textSize() - textStep) }},
		{Label: w.Text("menu.help-page"), Key: fyne.KeyF1, Do: func() { w.Help(w.screen.HelpPage()) }},
	}
}

// menu is the main menu: every command is in it, since keys with a modifier
// reach the window through it alone.
func (w *Window) menu() *fyne.MainMenu {
	control := fyne.KeyModifierShortcutDefault
	file := fyne.NewMenu(w.Text("menu.file"))
	for _, a := range w.screen.Actions() {
		file.Items = append(file.Items, w.item(a))
	}
	if len(file.Items) > 0 {
		file.Items = append(file.Items, fyne.NewMenuItemSeparator())
	}
	for _, k := range w.role().works {
		file.Items = append(file.Items, w.item(frame.Action{Label: w.Text(k.name), Do: func() { w.leave(func() { w.show(k.documents(w.Frame, nil)) }) }}))
	}
	quit := w.item(frame.Action{Label: w.Text("menu.quit"), Key: fyne.KeyQ, Modifier: control, Do: w.close})
	quit.IsQuit = true
	file.Items = append(
		file.Items,
		w.item(frame.Action{Label: w.Text("menu.home"), Key: fyne.KeyHome, Modifier: fyne.KeyModifierAlt, Do: func() { w.leave(w.home) }}),
		w.item(frame.Action{Label: w.Text("menu.settings"), Key: fyne.KeyComma, Modifier: control, Do: w.showSettings}),
		w.item(frame.Action{Label: w.Text("menu.tokens"), Do: w.showTokens}),
		quit,
	)
	larger, smaller, page, about := w.actions()[0], w.actions()[1], w.actions()[2], frame.Action{Label: w.Text("menu.about"), Do: w.about}
	help := fyne.NewMenu(w.Text("menu.help"), w.item(page), w.item(about))
	return fyne.NewMainMenu(
		file,
		fyne.NewMenu(w.Text("menu.role"), w.roleItems()...),
		fyne.NewMenu(w.Text("menu.view"), w.item(larger), w.item(smaller), fyne.NewMenuItemSeparator(), w.themeItem(), w.languageItem()),
		help,
	)
}

func (w *Window) roleItems() []*fyne.MenuItem {
	var items []*fyne.MenuItem
	for _, r := range roles {
		i := w.item(frame.Action{Label: w.Text(r.name), Do: func() { w.setRole(r.Role) }})
		i.Checked = r.Role == w.Settings.Role
		items = append(items, i)
	}
	return items
}

// themes and languages in their order in the menu and in the settings.
var (
	themes    = []struct{ kind, text string }{{look.System, "theme.system"}, {look.Light, "theme.light"}, {look.Dark, "theme.dark"}, {look.Contrast, "theme.contrast"}}
	languages = []struct {
		words.Language
		text string
	}{{words.Vietnamese, "language.vi"}, {words.English, "language.en"}}
)

func (w *Window) themeItem() *fyne.MenuItem {
	menu := fyne.NewMenu("")
	for _, t := range themes {
		i := w.item(frame.Action{Label: w.Text(t.text), Do: func() { w.setTheme(t.kind) }})
		i.Checked = t.kind == cmp.Or(w.Settings.Window.Theme, look.Light)
		menu.Items = append(menu.Items, i)
	}
	return &fyne.MenuItem{Label: w.Text("menu.theme"), ChildMenu: menu}
}

func (w *Window) languageItem() *fyne.MenuItem {
	menu := fyne.NewMenu("")
	for _, l := range languages {
		i := w.item(frame.Action{Label: w.Text(l.text), Do: func() { w.setLanguage(l.Language) }})
		i.Checked = l.Language == w.Words
		menu.Items = append(menu.Items, i)
	}
	return &fyne.MenuItem{Label: w.Text("menu.language"), ChildMenu: menu}
}

// setLanguage rebuilds the window in another language.
func (w *Window) setLanguage(l words.Language) {
	w.leave(func() {
		w.Settings.Language, w.Words = string(l), l
		w.keep()
		if err := speak(l); err != nil {
			w.Problem(err, nil)
		}
		w.build()
	})
}

// item is an action in the menu, with its key.
func (w *Window) item(a frame.Action) *fyne.MenuItem {
	i := fyne.NewMenuItem(a.Label, func() { w.do(a) })
	i.Disabled = a.Enabled != nil && !a.Enabled()
	if a.Key != "" {
		i.Shortcut = shortcut(a)
	}
	return i
}

// shortcut is the key of an action as Fyne hands it to the menu: the keys of
// editing come as types of their own.
func shortcut(a frame.Action) fyne.Shortcut {
	if a.Modifier == fyne.KeyModifierShortcutDefault {
		switch a.Key {
		case fyne.KeyZ:
			return &fyne.ShortcutUndo{}
		case fyne.KeyY:
			return &fyne.ShortcutRedo{}
		case fyne.KeyA:
			return &fyne.ShortcutSelectAll{}
		}
	}
	return &desktop.CustomShortcut{KeyName: a.Key, Modifier: a.Modifier}
}

// do carries out an action, unless a dialog is open: the menu hears its keys even
// then. A key of editing belongs to the text that is being typed.
func (w *Window) do(a frame.Action) {
	switch s := shortcut(a).(type) {
	case *fyne.ShortcutUndo, *fyne.ShortcutRedo, *fyne.ShortcutSelectAll:
		if e, ok := w.Window.Canvas().Focused().(typed); ok {
			e.TypedShortcut(s)
			return
		}
	}
	if w.modal() || a.Enabled != nil && !a.Enabled() {
		return
	}
	a.Do()
}

// typed is a text that is being typed: an entry of any kind.
type typed interface {
	fyne.Shortcutable
	SelectedText() string
}

var _ typed = (*widget.Entry)(nil)

// modal tells whether a dialog or a list of choices is open.
func (w *Window) modal() bool { return w.Window.Canvas().Overlays().Top() != nil }

// key carries out what a key without modifier stands for and tells whether it
// stands for anything. Escape leaves a line or button: after that keys are the
// screen's, such as the space bar, which agrees to a document. The help comes over
// dialogs too.
func (w *Window) key(k *fyne.KeyEvent) bool {
	switch {
	case w.help.IsOpen():
		return w.help.Key(k)
	case w.modal() && k.Name == fyne.KeyF1:
		w.Help(w.screen.HelpPage())
		return true
	case w.modal():
		return false
	}
	for _, a := range append(w.screen.Actions(), w.actions()...) {
		if a.Key == k.Name && a.Modifier == 0 {
			w.do(a)
			return true
		}
	}
	if k.Name == fyne.KeyEscape {
		w.Window.Canvas().Unfocus()
		return true
	}
	return false
}
