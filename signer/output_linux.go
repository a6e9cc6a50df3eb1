package signer

import (
	"io/fs"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// createNameless opens a new file in dir that has no name. File systems without
// such files say so; a named temporary file is used there.
func createNameless(dir string) (*os.File, error) {
	fd, err := unix.Open(dir, unix.O_TMPFILE|unix.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), dir), nil
}

// namelessPath is a path of such a file, for this process and its helpers, while
// it is open.
func namelessPath(f *os.File) string {
	return "/proc/" + strconv.Itoa(os.Getpid()) + "/fd/" + strconv.Itoa(int(f.Fd()))
}

// linkNameless gives such a file its name; fs.ErrExist when that is taken.
func linkNameless(f *os.File, path string) error {
	if err := unix.Linkat(unix.AT_FDCWD, namelessPath(f), unix.AT_FDCWD, path, unix.AT_SYMLINK_FOLLOW); err != nil {
		return &fs.PathError{Op: "link", Path: path, Err: err}
	}
	return nil
}
