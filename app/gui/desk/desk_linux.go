package desk

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/rymdport/portal/filechooser"
)

// choose asks the desktop's portal (GNOME, KDE and others have one), then the
// dialog programs of both.
func choose(ctx context.Context, c Choice) ([]string, error) {
	if bus() {
		if uris, err := filechooser.OpenFile("", c.Title, c.portal()); err == nil {
			return fromURIs(uris), nil
		}
	}
	for _, p := range []struct {
		name string
		args []string
	}{{"zenity", c.zenity()}, {"kdialog", c.kdialog()}} {
		program, err := exec.LookPath(p.name)
		if err != nil {
			continue
		}
		out, err := exec.CommandContext(ctx, program, p.args...).Output()
		var exit *exec.ExitError
		switch {
		case err == nil:
			return lines(out), nil
		case errors.As(err, &exit) && exit.ExitCode() == 1: // cancelled
			return nil, nil
		}
	}
	return nil, ErrNoDialog
}

// bus tells whether there is a session bus; the library would start one that
// nobody ends.
func bus() bool {
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), "bus"))
	return err == nil && os.Getenv("XDG_RUNTIME_DIR") != ""
}

func (c Choice) patterns() []string {
	var all []string
	for _, e := range c.Extensions {
		all = append(all, "*"+e, "*"+strings.ToUpper(e)) // patterns mind the case
	}
	return all
}

func (c Choice) portal() *filechooser.OpenFileOptions {
	o := &filechooser.OpenFileOptions{Multiple: c.Several, Directory: c.Folder}
	if len(c.Extensions) > 0 && !c.Folder {
		filter := &filechooser.Filter{Name: c.Kinds}
		for _, p := range c.patterns() {
			filter.Rules = append(filter.Rules, filechooser.Rule{Type: filechooser.GlobPattern, Pattern: p})
		}
		o.Filters = []*filechooser.Filter{filter}
	}
	return o
}

func (c Choice) zenity() []string {
	args := []string{"--file-selection", "--title=" + c.Title}
	switch {
	case c.Folder:
		return append(args, "--directory")
	case c.Several:
		args = append(args, "--multiple", "--separator=\n")
	}
	if len(c.Extensions) > 0 {
		args = append(args, "--file-filter="+c.Kinds+" | "+strings.Join(c.patterns(), " "))
	}
	return args
}

func (c Choice) kdialog() []string {
	args := []string{"--title", c.Title}
	if c.Folder {
		return append(args, "--getexistingdirectory", ".")
	}
	if c.Several {
		args = append(args, "--multiple", "--separate-output")
	}
	args = append(args, "--getopenfilename", ".")
	if len(c.Extensions) > 0 {
		args = append(args, c.Kinds+" ("+strings.Join(c.patterns(), " ")+")")
	}
	return args
}

func lines(out []byte) []string {
	var all []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func fromURIs(uris []string) []string {
	var all []string
	for _, uri := range uris {
		if u, err := url.Parse(uri); err == nil && u.Scheme == "file" {
			all = append(all, u.Path)
		}
	}
	return all
}

// show asks the file manager to mark the file, or opens its folder.
func show(path string) error {
	if bus() {
		if c, err := dbus.SessionBus(); err == nil {
			uri := url.URL{Scheme: "file", Path: path}
			call := c.Object("org.freedesktop.FileManager1", "/org/freedesktop/FileManager1").
				Call("org.freedesktop.FileManager1.ShowItems", 0, []string{uri.String()}, "")
			if call.Err == nil {
				return nil
			}
		}
	}
	return open(filepath.Dir(path))
}

func open(path string) error { return exec.Command("xdg-open", path).Run() }

// display: Fyne draws with X11, which Wayland desktops have too.
func display(getenv func(string) string) error {
	if getenv("DISPLAY") == "" {
		return fmt.Errorf("%w: DISPLAY is not set", ErrNoDisplay)
	}
	return nil
}

// Alert shows a message without a window of ours; here standard error has it.
func Alert(_, _ string) {}
