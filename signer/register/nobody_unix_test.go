//go:build unix

package register

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// asNobody makes cmd run without root's power to write everywhere; the user of
// the test needs no change otherwise. The folders above dir are opened for it.
func asNobody(cmd *exec.Cmd, dir string) error {
	if os.Getuid() != 0 {
		return nil
	}
	const nobody = 65534
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	for _, folder := range []string{filepath.Dir(dir), filepath.Dir(os.Args[0]), filepath.Dir(filepath.Dir(os.Args[0]))} {
		if err := os.Chmod(folder, 0o755); err != nil {
			return err
		}
	}
	return nil
}
