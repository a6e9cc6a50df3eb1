package desk

import (
	"bytes"
	"errors"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// helper is the argument with which this test is started as another instance.
const helper = "another-instance"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == helper {
		_, first, err := Single(os.Args[2], os.Args[3:], func([]string) {})
		switch {
		case err != nil:
			os.Exit(9)
		case first && os.Getenv("STAY") != "":
			os.Stdout.WriteString("first\n")
			time.Sleep(time.Minute)
		case first:
			os.Exit(7)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func start(t *testing.T, folder string, files ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return exec.Command(exe, append([]string{helper, folder}, files...)...)
}

// The folder is missing at first; a second process hands its files over and ends
// with 0.
func TestSecondStartHandsOver(t *testing.T) {
	folder := filepath.Join(shortDir(t), "not", "made")
	got := make(chan []string, 1)
	i, first, err := Single(folder, nil, func(files []string) { got <- files })
	if err != nil || !first {
		t.Fatalf("first %v, %v", first, err)
	}
	files := []string{"/tmp/a.pdf", "/tmp/V\u0103n b\u1ea3n \u0111\u1ebfn.pdf"}
	if err := start(t, folder, files...).Run(); err != nil {
		t.Fatal("the second start: ", err)
	}
	select {
	case handed := <-got:
		if diff := cmp.Diff(files, handed); diff != "" {
			t.Error(diff)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was handed over")
	}
	if err := i.Close(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := start(t, folder).Run(); !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Errorf("after the first has ended the next is the first: %v", err)
	}
}

// A process that was killed leaves its socket; the next start takes its place.
func TestStaleSocket(t *testing.T) {
	folder := shortDir(t)
	first := start(t, folder)
	first.Env = append(os.Environ(), "STAY=1")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 6)); err != nil {
		t.Fatal(err)
	}
	if err := first.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = first.Wait() // killed
	if _, err := os.Lstat(filepath.Join(folder, "window.sock")); err != nil {
		t.Fatal("no socket was left: ", err)
	}
	i, is, err := Single(folder, nil, func([]string) {})
	if err != nil || !is {
		t.Fatalf("first %v, %v", is, err)
	}
	defer i.Close()
}

// A folder in which nothing can be made is no reason not to start.
func TestNoSocket(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, first, err := Single(file, nil, nil); err == nil || !first {
		t.Errorf("first %v, %v", first, err)
	}
}

// shortDir is a folder whose name fits into the address of a socket.
func shortDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "desk-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// The dialog programs get the title and the kinds of files, and what they print is
// taken over, blanks in names too.
func TestChoose(t *testing.T) {
	for name, c := range map[string]struct {
		program, script string
		choice          Choice
		want            []string
		err             error
	}{
		"zenity, several": {"zenity", `[ "$3" = --multiple ] && printf '/tmp/a b.pdf\n/tmp/c.pdf\n'`, Choice{Title: "T", Kinds: "PDF", Extensions: []string{".pdf"}, Several: true}, []string{"/tmp/a b.pdf", "/tmp/c.pdf"}, nil},
		"zenity, folder":  {"zenity", `[ "$3" = --directory ] && echo /tmp`, Choice{Title: "T", Folder: true}, []string{"/tmp"}, nil},
		"kdialog":         {"kdialog", `[ "$2" = T ] && echo /tmp/x.pdf`, Choice{Title: "T", Extensions: []string{".pdf"}}, []string{"/tmp/x.pdf"}, nil},
		"cancelled":       {"zenity", `exit 1`, Choice{Title: "T"}, nil, nil},
		"no display":      {"zenity", `exit 255`, Choice{Title: "T"}, nil, ErrNoDialog},
		"none installed":  {"other", `exit 0`, Choice{Title: "T"}, nil, ErrNoDialog},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, c.program), []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("PATH", dir)
			t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
			t.Setenv("XDG_RUNTIME_DIR", dir)
			got, err := Choose(t.Context(), c.choice)
			if !errors.Is(err, c.err) || !cmp.Equal(c.want, got) {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestDisplay(t *testing.T) {
	if err := Display(func(string) string { return "" }); !errors.Is(err, ErrNoDisplay) {
		t.Errorf("without a display: %v", err)
	}
	if err := Display(func(name string) string { return map[string]string{"DISPLAY": ":1"}[name] }); err != nil {
		t.Error(err)
	}
}

// What Fyne says before it gives up becomes an error; the rest is passed on.
func TestWatchToolkit(t *testing.T) {
	defer log.SetOutput(os.Stderr)
	var out bytes.Buffer
	var told error
	WatchToolkit(&out, func(err error) { told = err })
	log.Println("Fyne error: ", "something small")
	log.Println("  Cause:", "a reason")
	if told != nil || !strings.Contains(out.String(), "something small") {
		t.Fatalf("%v, %q", told, out.String())
	}
	log.Println("Fyne error: ", "window creation error")
	log.Println("  Cause:", "APIUnavailable: WGL")
	if !errors.Is(told, ErrNoDisplay) || !strings.Contains(told.Error(), "WGL") {
		t.Errorf("%v", told)
	}
}

func TestNotOpened(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := Open("/tmp/x.pdf"); !errors.Is(err, ErrNotOpened) {
		t.Errorf("%v", err)
	}
}
