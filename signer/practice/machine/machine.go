// Package machine says what a test needs of the machine that it runs on: other
// people's programs, a small disk, software tokens.
//
// A developer's machine may lack some of it; a test that needs it says so and is
// skipped. Where the variable CI is set, packaging/setup-debian.sh has installed all
// of it, and a test without it fails, so that nothing is left out there unseen.
package machine

import (
	"fmt"
	"os"
	"os/exec"
)

// Test is a testing.TB, as far as it is needed.
type Test interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Lacks ends a test that cannot be made, with the reason: it fails where CI is set
// and is skipped elsewhere.
func Lacks(t Test, reason ...any) {
	t.Helper()
	end := t.Skip
	if os.Getenv("CI") != "" {
		end = t.Fatal
	}
	end(fmt.Sprint(reason...) + "; packaging/setup-debian.sh sets up what tests need")
}

// Program is the path of a program of a Debian package that a test needs.
func Program(t Test, name, debian string) (path string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		Lacks(t, name, " of the Debian package ", debian, " is missing")
	}
	return path
}
