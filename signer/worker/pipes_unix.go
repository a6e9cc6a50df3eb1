//go:build unix

package worker

import (
	"os"

	"golang.org/x/sys/unix"
)

// takePipes moves the protocol away from descriptors 0 and 1. What a library
// prints goes to standard error; what it reads from standard input is empty.
func takePipes() (in, out *os.File, err error) {
	i, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, err
	}
	o, err := unix.FcntlInt(1, unix.F_DUPFD_CLOEXEC, 3)
	if err != nil {
		return nil, nil, err
	}
	null, err := unix.Open(os.DevNull, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	if err := redirect(null, 0); err != nil {
		return nil, nil, err
	}
	if err := redirect(2, 1); err != nil {
		return nil, nil, err
	}
	_ = unix.Close(null)
	return os.NewFile(uintptr(i), "requests"), os.NewFile(uintptr(o), "replies"), nil
}

func killSelf() {
	_ = unix.Kill(os.Getpid(), unix.SIGKILL)
	select {}
}
