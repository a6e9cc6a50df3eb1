// Package quiet silences the standard log while the program starts: Fyne, which is
// linked in for the window, complains there about locales such as C before main
// is reached, and a command's standard error belongs to the person and to scripts.
//
// Importing it is all there is to do. Go initialises it before fyne.io/…, which
// needs more and comes later by name; the window takes the log over, see
// desk.WatchToolkit.
package quiet

import (
	"io"
	"log"
)

func init() { log.SetOutput(io.Discard) }
