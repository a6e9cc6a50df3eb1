package desk

import (
	"fmt"
	"io"
	"log"
	"strings"
)

// ErrNoDisplay: there is no screen to show a window on, or its driver lacks
// OpenGL.
var ErrNoDisplay error = &problem{"KS-641", "desk: no window can be shown here"}

// Display tells, as far as the environment says, whether there is a screen: the
// error is [ErrNoDisplay].
func Display(getenv func(string) string) error { return display(getenv) }

// WatchToolkit calls failed when the toolkit finds that it cannot open a window:
// it says so to the standard log and ends the process or crashes next. What else
// it logs goes to w.
func WatchToolkit(w io.Writer, failed func(error)) {
	log.SetOutput(&toolkitLog{w: w, failed: failed})
}

type toolkitLog struct {
	w       io.Writer
	failed  func(error)
	trouble bool
}

// Write gets one message at a time; the cause comes after the message.
func (l *toolkitLog) Write(b []byte) (int, error) {
	text := string(b)
	if strings.Contains(text, "failed to initialise GLFW") || strings.Contains(text, "window creation error") {
		l.trouble = true
		return len(b), nil
	}
	if _, cause, ok := strings.Cut(text, "  Cause: "); ok && l.trouble {
		l.failed(fmt.Errorf("%w: %s", ErrNoDisplay, strings.TrimSpace(cause)))
	}
	return l.w.Write(b)
}
