package desk

import (
	"context"
	"errors"
	"os/exec"
	"strings"
)

// chooser prints one POSIX path a line. Title and extensions are arguments of the
// script, never part of its text.
const chooser = `on run argv
set kinds to {}
repeat with i from 3 to count of argv
set end of kinds to item i of argv
end repeat
if item 1 of argv is "folder" then
set found to {choose folder with prompt (item 2 of argv)}
else if item 1 of argv is "several" then
set found to choose file of type kinds with prompt (item 2 of argv) with multiple selections allowed
else
set found to {choose file of type kinds with prompt (item 2 of argv)}
end if
set out to ""
repeat with f in found
set out to out & POSIX path of f & linefeed
end repeat
return out
end run`

func choose(ctx context.Context, c Choice) ([]string, error) {
	how := "one"
	switch {
	case c.Folder:
		how = "folder"
	case c.Several:
		how = "several"
	}
	args := []string{"-e", chooser, how, c.Title}
	for _, e := range c.Extensions {
		args = append(args, strings.TrimPrefix(e, "."))
	}
	out, err := exec.CommandContext(ctx, "osascript", args...).Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && strings.Contains(string(exit.Stderr), "-128") { // errAEEventUserCanceled
		return nil, nil
	}
	if err != nil {
		return nil, ErrNoDialog
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		if line = strings.TrimRight(line, "\n"); line != "" {
			all = append(all, line)
		}
	}
	return all, nil
}

func show(path string) error { return exec.Command("open", "-R", path).Run() }
func open(path string) error { return exec.Command("open", path).Run() }

func display(func(string) string) error { return nil }

// Alert shows a message without a window of ours; here standard error has it.
func Alert(_, _ string) {}
