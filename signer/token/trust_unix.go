//go:build unix

package token

import (
	"fmt"
	"os"
	"syscall"
)

func whoCanChange(path string, _ bool) []Warning {
	info, err := os.Lstat(path)
	if err != nil {
		return []Warning{{path, ReasonUnreadable, err.Error()}}
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return []Warning{{path, ReasonUnreadable, "no owner"}}
	}
	var found []Warning
	switch uid := int(owner.Uid); {
	case uid == 0:
	case uid == os.Getuid():
		found = append(found, Warning{path, ReasonOwnFile, fmt.Sprintf("user %d, %v", uid, info.Mode())})
	default:
		found = append(found, Warning{path, ReasonOtherOwner, fmt.Sprintf("user %d, %v", uid, info.Mode())})
	}
	// The mode of a link means nothing. With an access control list the bits of
	// the group are its mask, so that rights of others show there as well.
	others := info.Mode()&os.ModeSymlink == 0 && info.Mode().Perm()&0o022 != 0
	if others && !(info.IsDir() && info.Mode()&os.ModeSticky != 0) {
		found = append(found, Warning{path, ReasonWritable, info.Mode().String()})
	}
	return found
}
