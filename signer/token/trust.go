package token

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Reason is why a module file deserves a second look before a PIN comes near it.
type Reason string

// The reasons. A module runs with the PIN in reach: whoever can replace its
// file, or a folder on the way to it, can have the PIN.
const (
	ReasonWritable   Reason = "writable"   // others than the administrator may change it
	ReasonOwnFile    Reason = "own-file"   // it belongs to the user who runs the program
	ReasonOtherOwner Reason = "owner"      // it belongs to another user
	ReasonChanged    Reason = "changed"    // it is not the file that the user agreed to
	ReasonUnreadable Reason = "unreadable" // who may change it could not be found out
)

// Warning is what a person should know about a module. It keeps nothing from
// working.
type Warning struct {
	Path   string // the file or folder that it is about
	Reason Reason
	Detail string // technical English: mode, user, or what went wrong
}

func (w Warning) String() string { return fmt.Sprintf("%q: %s (%s)", w.Path, w.Reason, w.Detail) }

// CheckTrust tells who besides the administrator could replace the file of a
// module: the file itself, every folder above it, and every link on the way with
// the folders above that. nil means nobody. The file is not opened.
//
// On Unix a file must belong to root and be writable for nobody else; a folder
// for all where each may only remove his own (the sticky bit) is passed over,
// as what lies in it is looked at too. On Windows the access control list must
// give the rights to change, remove or take over to nobody but the system, the
// administrators and the installer; the right to add files counts for the folder
// of the module alone, where a library that it loads could be put.
func CheckTrust(path string) []Warning {
	var found []Warning
	nearest := map[string]bool{filepath.Dir(path): true}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		nearest[filepath.Dir(real)] = true
	}
	seen := map[string]bool{}
	for _, p := range onTheWay(path, &found) {
		if !seen[p] {
			seen[p] = true
			found = append(found, whoCanChange(p, nearest[p])...)
		}
	}
	return found
}

// maxLinks is the limit of Linux for links in one path.
const maxLinks = 40

// onTheWay lists the file, every folder above and every link with its folders,
// the root first. What cannot be followed is a warning.
func onTheWay(path string, found *[]Warning) []string {
	volume := filepath.VolumeName(path)
	root := volume + string(filepath.Separator)
	way := []string{root}
	at := root
	rest := split(path[len(volume):])
	for links := 0; len(rest) > 0; {
		next := filepath.Join(at, rest[0])
		rest = rest[1:]
		info, err := os.Lstat(next)
		if err != nil {
			*found = append(*found, Warning{next, ReasonUnreadable, err.Error()})
			return way
		}
		way = append(way, next)
		if info.Mode()&os.ModeSymlink == 0 {
			at = next
			continue
		}
		target, err := os.Readlink(next)
		if links++; err != nil || links > maxLinks {
			*found = append(*found, Warning{next, ReasonUnreadable, "link cannot be followed"})
			return way
		}
		if filepath.IsAbs(target) {
			at = root
			target = target[len(filepath.VolumeName(target)):]
		}
		rest = append(split(target), rest...)
	}
	return way
}

func split(path string) []string {
	return strings.FieldsFunc(path, func(r rune) bool { return r < 0x80 && os.IsPathSeparator(uint8(r)) })
}

// Fingerprint is the SHA-256 of a module file in lower-case hexadecimal, by
// which a program remembers the file that its user agreed to.
func Fingerprint(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading module: %w", err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("reading module: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
