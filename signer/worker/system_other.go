//go:build !linux && !windows

package worker

import (
	"os"
	"os/exec"

	"golang.org/x/sys/unix"
)

// prepare has nothing to set here: the end of the pipe alone tells the helper
// that its parent is gone.
func prepare(*exec.Cmd) {}

func allowForeground(int) {} // only Windows restrains windows of other programs

func tie(*os.Process) (untie func()) { return func() {} }

func redirect(from, to int) error { return unix.Dup2(from, to) }

// harden keeps a PIN in memory from reaching a core dump.
func harden() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
}
