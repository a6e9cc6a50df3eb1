package worker

import (
	"os"
	"os/exec"
	"syscall"

	"golang.org/x/sys/unix"
)

// prepare makes the kernel kill the helper when the thread that starts it ends.
func prepare(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

func allowForeground(int) {} // only Windows restrains windows of other programs

func tie(*os.Process) (untie func()) { return func() {} }

func redirect(from, to int) error { return unix.Dup3(from, to, 0) }

// harden keeps a PIN in memory from reaching a core dump or a debugger of the
// same user. Neither call can fail for an unprivileged process.
func harden() {
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}
