// Package gui is the window of Ấn Tín: it knows the roles and their screens, puts
// one screen at a time into the window, and keeps what stays around it: menu,
// role, tokens, text size.
//
// Main runs it. Screens are packages of their own below this one, and roles.go
// says which role has which; what they share with the window is package frame.
package gui

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"antin/app/gui/desk"
	"antin/app/gui/frame"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/signer"
	"antin/signer/home"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
)

// Main opens the window with documents and returns the exit code when it is
// closed. When a window of this user is open already, that one gets the documents
// instead. newApp makes the toolkit's application; it is called when nothing else
// stands in the way. version is the program's. monitors are the machine's screens, asked for on the user
// interface's goroutine.
func Main(newApp func() fyne.App, version string, monitors func() []frame.Monitor, files []string, stderr io.Writer) int {
	path, trouble := settings.File()
	s := &settings.Settings{}
	if trouble == nil {
		var read *settings.Settings
		if read, trouble = settings.Load(path); trouble == nil {
			s = read
		}
	}
	l := Language(s, os.Getenv)
	fail := func(err error) int {
		l.Write(stderr, l.Explain(err))
		desk.Alert(l.Text("window.name"), l.Explain(err).What)
		return 1
	}
	if err := desk.Display(os.Getenv); err != nil {
		return fail(err)
	}
	files = absolute(files)
	handed := make(chan []string, 16)
	instance, first, err := desk.Single(cache(), files, func(files []string) { handed <- files })
	if !first {
		return 0
	}
	if err == nil {
		defer instance.Close() // the socket goes with the process anyway
	} else {
		fmt.Fprintln(stderr, err) // this start works; a second one will have a window of its own
	}
	if err := desk.Crashes(filepath.Join(cache(), "crash.txt")); err != nil {
		fmt.Fprintln(stderr, err)
	}
	desk.WatchToolkit(stderr, func(err error) { os.Exit(fail(err)) })
	if err := speak(l); err != nil {
		fmt.Fprintln(stderr, err)
	}

	a := newApp()
	devices := watch(signer.TokenOptions{Modules: s.Modules, Folder: tokenFolder()}, fyne.Do)
	writable := path
	if trouble != nil {
		writable = ""
	}
	saver := newSaver(writable)
	f := &frame.Frame{Version: version, Words: l, Settings: s, Tokens: devices, Worker: frame.Beside, Now: time.Now, Later: frame.Later, Monitors: monitors}
	w := newWindow(a, f, devices, saver.save)
	told := false // every document changes the settings, and all have the same trouble
	saver.failed = func(err error) {
		fyne.Do(func() {
			if !told {
				told = true
				w.Problem(err, func() { told = false })
			}
		})
	}
	w.open(files)
	a.Lifecycle().SetOnStarted(func() {
		if trouble != nil {
			w.settingsUnreadable(trouble, path, saver)
		}
		go func() {
			for files := range handed {
				fyne.Do(func() { w.raise(files) })
			}
		}()
	})
	stop, err := watchdog.ToFile(os.Getenv, fyne.Do)
	if err != nil {
		fmt.Fprintln(stderr, err)
	}
	w.Window.ShowAndRun()
	stop()
	saver.close()
	_ = devices.close() // the helpers end with this process anyway
	return 0
}

// Language is the one that the user has chosen, or that of the environment.
func Language(s *settings.Settings, getenv func(string) string) words.Language {
	switch l := words.Language(s.Language); l {
	case words.Vietnamese, words.English:
		return l
	}
	return words.Choose(getenv)
}

// cache is the folder for the socket and the report of a crash.
func cache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "antin")
}

// tokenFolder is where wrong PINs are counted, "" when there is no such place:
// then they are counted for this run.
func tokenFolder() string {
	dir, err := home.Path("")
	if err != nil || os.MkdirAll(dir, 0o700) != nil {
		return ""
	}
	return dir
}

// absolute are the files for a process that may stand in another folder.
func absolute(files []string) []string {
	all := make([]string, 0, len(files))
	for _, f := range files {
		if abs, err := filepath.Abs(f); err == nil {
			f = abs
		}
		all = append(all, f)
	}
	return all
}
