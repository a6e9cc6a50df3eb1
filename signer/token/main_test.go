package token

import (
	"os"
	"testing"
)

// programs are other programs that this test binary can be: `BINARY NAME ARG…`.
var programs = map[string]func(args []string) int{}

// TestMain shows how a program embeds the helper of this package.
func TestMain(m *testing.M) {
	if len(os.Args) > 3 && os.Args[1] == "worker" && os.Args[2] == "token" {
		openForInspection()
		os.Exit(ServeModule(os.Args[3:]))
	}
	if len(os.Args) > 1 && programs[os.Args[1]] != nil {
		os.Exit(programs[os.Args[1]](os.Args[2:]))
	}
	// Helpers under the race detector would sleep a second before they end.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	code := m.Run()
	if officeDir != "" {
		os.RemoveAll(officeDir)
	}
	os.Exit(code)
}
