// Package frame is what the screens of the window share: the texts, the
// settings, what is plugged in, work beside the user interface, and the dialogs
// for questions and problems.
//
// A screen gets a *Frame when it is made and knows nothing of the window around
// it; the window (package gui) knows screens by the interface Screen. All methods
// are called on the user interface's goroutine and return within 50 ms: what may
// take longer goes through Frame.Run.
package frame

import (
	"context"
	"time"

	"antin/app/words"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
)

// Frame is the window as a screen sees it.
type Frame struct {
	Version  string // of the program
	Window   fyne.Window
	Words    words.Language
	Settings *settings.Settings // as they are now; changed through Frame.Save
	Tokens   Tokens
	Worker   Runner           // how work is done beside the user interface
	Now      func() time.Time // the clock; time.Now in the program
	Later    Timer            // how something is done after a while; nil: it is done at once, for tests
	Monitors func() []Monitor // the screens of the machine, the system's first one first; nil: not known

	// Save stores the settings after a change; the error tells what is wrong with
	// them. Trouble with the file is shown by itself: it is written beside the user
	// interface.
	Save func() error
	// Show puts a screen into the window, in place of the present one; Home goes
	// back to the role's start page.
	Show func(Screen)
	Home func()
	// Recent notes that a document was worked on, for the start page.
	Recent func(path string, state RecentState)
	// Folder shows a file in the system's file manager; Document opens it in the
	// system's viewer.
	Folder, Document func(path string)
	// Choose asks for files of these extensions (".pdf"); none means that the
	// person changed his mind.
	Choose func(title string, extensions []string, several bool, chosen func(paths []string))
	// ChooseFolder asks for one folder.
	ChooseFolder func(title string, chosen func(path string))
	// Help opens the help page with this name.
	Help func(page string)
	// Update tells the window that what it asks of a screen has changed: title,
	// actions, whether it is busy. Use Changed.
	Update func()
	// Key gives the window a key that a widget has no use for and tells whether
	// the window had one; the widgets of this package do so by themselves. May be
	// nil.
	Key func(*fyne.KeyEvent) bool
}

// Screen is one task that fills the window.
type Screen interface {
	// Title stands in the title bar, before the program's name.
	Title() string
	Content() fyne.CanvasObject
	// Open takes documents that were dropped, chosen, or handed over by a second
	// start of the program. Folders stand for the documents in them.
	Open(paths []string)
	// Actions are what can be done here, for the menu and the keys.
	Actions() []Action
	// HelpPage is the name of the page that F1 opens.
	HelpPage() string
	// Busy tells that work is under way that must not be cut short unasked.
	Busy() bool
	// Close ends what the screen holds: helpers, files. It is not shown again.
	Close()
}

// Action is something to be done, with its place in the menu and its key.
type Action struct {
	Label    string
	Key      fyne.KeyName // "" for none
	Modifier fyne.KeyModifier
	Enabled  func() bool // nil: always
	Do       func()
}

// RecentState is how far a document has come.
type RecentState string

// The states of recent documents.
const (
	Opened  RecentState = "opened"
	Signed  RecentState = "signed"
	Issued  RecentState = "issued"
	Copied  RecentState = "copied"
	Checked RecentState = "checked"
	Failed  RecentState = "failed"

	Timestamped RecentState = "timestamped" // later than signed
)

// Runner does work off the user interface's goroutine and then calls done on it.
// In tests it may do both at once.
type Runner func(work, done func())

// Beside is the Runner of the program.
func Beside(work, done func()) {
	go func() {
		work()
		fyne.Do(done)
	}()
}

// Timer does something on the user interface's goroutine after a while.
type Timer func(wait time.Duration, do func())

// Later is the Timer of the program.
func Later(wait time.Duration, do func()) {
	time.AfterFunc(wait, func() { fyne.Do(do) })
}

// After does something after a while, at once when that is over.
func (f *Frame) After(wait time.Duration, do func()) {
	if f.Later == nil || wait <= 0 {
		do()
		return
	}
	f.Later(wait, do)
}

// Text is the text with this name.
func (f *Frame) Text(name string, args ...any) string { return f.Words.Text(name, args...) }

// Changed tells the window that the title, the actions or the work of the screen
// that it shows have changed.
func (f *Frame) Changed() {
	if f.Update != nil {
		f.Update()
	}
}

// Run does work beside the user interface and hands its error to done, on the
// user interface's goroutine. After cancel the context of work ends; done is
// called all the same.
func (f *Frame) Run(work func(ctx context.Context) error, done func(error)) (cancel func()) {
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	f.Worker(func() { err = work(ctx) }, func() {
		cancel()
		done(err)
	})
	return cancel
}

// Pieces does one thing after the other on the user interface's goroutine, which
// answers between them; stop leaves out the rest.
func (f *Frame) Pieces(pieces ...func()) (stop func()) {
	stopped := false
	var do func(i int)
	do = func(i int) {
		if stopped {
			return
		}
		pieces[i]()
		if i+1 < len(pieces) {
			f.Worker(func() {}, func() { do(i + 1) })
		}
	}
	do(0)
	return func() { stopped = true }
}
