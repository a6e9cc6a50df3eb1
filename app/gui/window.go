package gui

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"antin/app/gui/certify"
	"antin/app/gui/desk"
	"antin/app/gui/frame"
	"antin/app/gui/help"
	"antin/app/gui/look"
	"antin/signer"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/storage"
	"fyne.io/fyne/v2/widget"
)

// Window is the window with one screen in it. All of it runs on the user
// interface's goroutine.
type Window struct {
	*frame.Frame
	app     fyne.App
	devices frame.Devices
	store   func(*settings.Settings) // writes the settings beside
	screen  frame.Screen
	head    *header
	help    *help.Viewer
	body    *fyne.Container
	pending []string // documents that came before a role was chosen
	told    string   // what the menu says now
}

const (
	firstWidth, firstHeight = 1180, 690 // fits 1366 × 768 with a task bar
	leastTextSize           = 80        // percent
	mostTextSize            = 200
	textStep                = 10
)

// newWindow makes the window around f, which needs Words, Settings, Tokens,
// Worker and Now, and puts the role's start page into it.
func newWindow(a fyne.App, f *frame.Frame, devices frame.Devices, store func(*settings.Settings)) *Window {
	w := &Window{Frame: f, app: a, devices: devices, store: store, body: container.NewStack()}
	f.Window = a.NewWindow(f.Text("window.name"))
	f.Window.SetMaster()
	f.Save, f.Show, f.Home, f.Recent = w.save, w.show, w.home, w.recent
	f.Folder, f.Document = w.outside(desk.Show), w.outside(desk.Open)
	f.Choose, f.ChooseFolder = w.choose, w.chooseFolder
	f.Key, f.Update = w.key, w.update
	w.help = help.New(f)
	f.Help = w.help.Open
	w.look()
	w.build()
	f.Window.SetPadded(false)
	size := fyne.NewSize(firstWidth, firstHeight)
	if s := f.Settings.Window; s.Width > 0 && s.Height > 0 {
		size = fyne.NewSize(float32(s.Width), float32(s.Height))
	}
	f.Window.Resize(size)
	f.Window.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) {
		w.whenFree(func() { w.open(pathsOf(uris)) })
	})
	f.Window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) { w.key(k) })
	f.Window.SetCloseIntercept(w.close)
	f.Window.SetOnClosed(frame.Closed)
	return w
}

// build makes what stands around the screen, in the language of now, and the
// start page.
func (w *Window) build() {
	if w.head != nil {
		w.head.stop()
	}
	w.help.Forget()
	w.head = newHeader(w)
	w.Window.SetContent(container.NewStack(frame.Warm(), container.NewBorder(container.NewVBox(w.head.box, widget.NewSeparator()), nil, nil, nil, w.body)))
	w.home()
}

// look puts the chosen theme and text size into effect. The toolkit makes all of the
// menu anew for that, entries that nobody sees included: for the moment there are
// none.
func (w *Window) look() {
	if menu := w.Window.MainMenu(); menu != nil {
		bare := fyne.NewMainMenu()
		for _, m := range menu.Items {
			bare.Items = append(bare.Items, fyne.NewMenu(m.Label))
		}
		w.Window.SetMainMenu(bare)
	}
	frame.Dress(fyne.Do, func() {
		w.app.Settings().SetTheme(look.New(w.Settings.Window.Theme, w.Settings.Window.TextSize))
	}, func() {
		w.told = ""
		w.update()
		if content := w.Window.Content(); content != nil {
			content.Refresh() // parts may want more room
		}
	})
}

func (w *Window) role() role { return roleOf(w.Settings.Role) }

// home shows the start page of the role.
func (w *Window) home() {
	if r := w.role(); r.home != nil {
		w.show(r.home(w))
		return
	}
	w.show(newStart(w))
}

// show puts a screen in place of the present one.
func (w *Window) show(s frame.Screen) {
	if w.screen != nil && w.screen != s {
		w.screen.Close()
	}
	w.screen = s
	w.body.Objects = []fyne.CanvasObject{s.Content()}
	w.body.Refresh()
	w.Window.Canvas().Unfocus()
	w.update()
}

// update asks the screen again what stands in title bar, header and menu.
func (w *Window) update() {
	if w.screen == nil {
		return
	}
	title := w.Text("window.name")
	if t := w.screen.Title(); t != "" {
		title = w.Text("window.title", t)
	}
	if w.Window.Title() != title {
		w.Window.SetTitle(title)
	}
	w.head.update()
	menu := w.menu()
	if now := told(menu.Items...); now != w.told { // a new menu lays out the whole window
		w.told = now
		w.Window.SetMainMenu(menu)
	}
}

// told is all that a person sees of menus.
func told(menus ...*fyne.Menu) string {
	var b strings.Builder
	for _, m := range menus {
		fmt.Fprintln(&b, m.Label)
		for _, i := range m.Items {
			key := ""
			if i.Shortcut != nil {
				key = i.Shortcut.ShortcutName()
			}
			fmt.Fprintln(&b, i.Label, key, i.Disabled, i.Checked, i.IsSeparator)
			if i.ChildMenu != nil {
				b.WriteString(told(i.ChildMenu))
			}
		}
	}
	return b.String()
}

// open takes documents, wherever they come from.
func (w *Window) open(paths []string) {
	if len(paths) == 0 {
		return
	}
	if w.role().Role == settings.NoChoice {
		w.pending = append(w.pending, paths...)
		return
	}
	if w.takes() {
		w.screen.Open(paths)
		return
	}
	w.documents(paths)
}

// takes tells whether the screen that is shown takes documents itself, so that
// nothing is left for them.
func (w *Window) takes() bool {
	_, atStart := w.screen.(*start)
	return w.screen != nil && !atStart && w.role().home == nil
}

// documents opens the role's screen for documents, or the first that there is.
func (w *Window) documents(paths []string) {
	r := w.role()
	if r.documents == nil {
		i := slices.IndexFunc(roles, func(r role) bool { return r.documents != nil })
		if i < 0 {
			return
		}
		r = roles[i]
	}
	if len(r.works) == 0 {
		w.show(r.documents(w.Frame, paths))
		return
	}
	var scanned bool
	w.Run(func(ctx context.Context) error {
		scanned = areScans(ctx, paths)
		return nil
	}, func(error) {
		if scanned {
			w.show(r.works[copies].documents(w.Frame, paths))
			return
		}
		w.show(r.works[outgoing].documents(w.Frame, paths))
	})
}

// areScans tells whether the first of these documents that can be read is a scan
// of paper; what is wrong with the others is told by the screen that gets them.
func areScans(ctx context.Context, paths []string) bool {
	files, _ := frame.Documents(paths, certify.Extensions...)
	for _, path := range files {
		if scanned, err := signer.IsScan(ctx, path); err == nil {
			return scanned
		}
	}
	return false
}

// choose asks for files with the system's dialog, or the toolkit's.
func (w *Window) choose(title string, extensions []string, several bool, chosen func([]string)) {
	w.ask(desk.Choice{Title: title, Kinds: w.Text("window.kinds"), Extensions: extensions, Several: several}, chosen)
}

func (w *Window) chooseFolder(title string, chosen func(string)) {
	w.ask(desk.Choice{Title: title, Folder: true}, func(paths []string) {
		if len(paths) > 0 {
			chosen(paths[0])
		}
	})
}

// outside makes a call to the desktop that is done beside and whose trouble is
// shown.
func (w *Window) outside(call func(string) error) func(string) {
	return func(path string) {
		var err error
		w.Worker(func() { err = call(path) }, func() {
			if err != nil {
				w.Problem(err, nil)
			}
		})
	}
}

// save checks the settings and stores them.
func (w *Window) save() error {
	if err := w.Settings.Check(); err != nil {
		return err
	}
	w.store(w.Settings)
	return nil
}

// setRole changes whose work the window shows.
func (w *Window) setRole(r settings.Role) {
	w.leave(func() {
		w.Settings.Role = r
		w.keep()
		pending := w.pending
		w.pending = nil
		w.home()
		help.Tour(w.Frame, r, func() { w.open(pending) })
	})
}

// keep stores what the window itself has changed, which is always right.
func (w *Window) keep() {
	if err := w.save(); err != nil {
		w.Problem(err, nil)
	}
}

// setTextSize changes the size of all texts, in percent.
func (w *Window) setTextSize(percent int) {
	w.Settings.Window.TextSize = min(max(percent, leastTextSize), mostTextSize)
	w.keep()
	w.look()
	w.update()
}

func (w *Window) textSize() int {
	if s := w.Settings.Window.TextSize; s > 0 {
		return s
	}
	return 100
}

// setTheme changes the colours.
func (w *Window) setTheme(kind string) {
	w.Settings.Window.Theme = kind
	w.keep()
	w.look()
	w.update()
}

// leave goes away from the screen, asking first when it is at work.
func (w *Window) leave(then func()) {
	if w.screen == nil || !w.screen.Busy() {
		then()
		return
	}
	w.Question(w.Text("window.busy"), w.Text("window.busy-text"), w.Text("window.busy-leave"), w.Text("window.busy-stay"), func(yes bool) {
		if yes {
			then()
		}
	})
}

// raise brings the window to the front with the documents of another start.
func (w *Window) raise(files []string) {
	w.Window.Show()
	w.Window.RequestFocus()
	if len(files) > 0 {
		w.whenFree(func() { w.leave(func() { w.open(files) }) })
	}
}

// whenFree does something when no dialog is open and a screen that takes documents
// itself is not at work; the help is closed for it.
func (w *Window) whenFree(do func()) {
	if !w.takes() || !w.screen.Busy() {
		w.help.Close()
		if !w.modal() {
			do()
			return
		}
	}
	w.Later(whenAsked, func() { w.whenFree(do) })
}

// whenAsked is how often is looked whether a dialog is answered.
const whenAsked = 200 * time.Millisecond

// settingsUnreadable tells that the file of settings is damaged, and starts a new
// one when the person wants that: the old one is kept beside.
func (w *Window) settingsUnreadable(trouble error, path string, s *saver) {
	w.Problem(trouble, func() {
		w.Question(w.Text("window.new-settings"), w.Text("window.new-settings-text", path), w.Text("window.new-settings-yes"), w.Text("window.new-settings-no"), func(yes bool) {
			if !yes {
				return
			}
			if _, err := settings.SetAside(path); err != nil {
				w.Problem(err, nil)
				return
			}
			s.path = path
			w.keep()
		})
	})
}

// close ends the program, asking first when work is under way.
func (w *Window) close() {
	w.leave(func() {
		size := w.Window.Canvas().Size()
		w.Settings.Window.Width, w.Settings.Window.Height = int(size.Width), int(size.Height)
		if w.Settings.Check() == nil {
			w.store(w.Settings)
		}
		w.screen.Close()
		w.head.stop()
		w.Window.Close()
	})
}

// maxRecent is how many documents the start page lists.
const maxRecent = 20

// recent notes a document for the start page.
func (w *Window) recent(path string, state frame.RecentState) {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	all := slices.DeleteFunc(w.Settings.Recent, func(r settings.Recent) bool { return r.Path == path })
	all = slices.Insert(all, 0, settings.Recent{Path: path, State: string(state), At: w.Now().Format(time.RFC3339)})
	w.Settings.Recent = all[:min(len(all), maxRecent)]
	w.keep()
}

// ask shows the system's dialog for files, or the toolkit's where the system has
// none.
func (w *Window) ask(c desk.Choice, chosen func([]string)) {
	var paths []string
	var err error
	w.Worker(func() { paths, err = desk.Choose(context.Background(), c) }, func() {
		switch {
		case err != nil:
			w.askToolkit(c, chosen)
		case len(paths) > 0:
			chosen(paths)
		}
	})
}

// askToolkit asks with Fyne's dialog, which knows one file at a time.
func (w *Window) askToolkit(c desk.Choice, chosen func([]string)) {
	if c.Folder {
		dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
			if err == nil && u != nil {
				chosen([]string{u.Path()})
			}
		}, w.Window)
		return
	}
	d := dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err == nil && r != nil {
			_ = r.Close() // only its name is wanted
			chosen([]string{r.URI().Path()})
		}
	}, w.Window)
	if len(c.Extensions) > 0 {
		d.SetFilter(storage.NewExtensionFileFilter(c.Extensions))
	}
	d.Resize(fyne.NewSize(900, 600))
	d.Show()
}

func pathsOf(uris []fyne.URI) []string {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, u.Path())
		}
	}
	return paths
}
