//go:build unix

package cli

import "os"

// openTerminal opens the terminal of the process even where its standard input
// is something else.
func openTerminal() (in, out *os.File, err error) {
	f, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	return f, f, err
}
