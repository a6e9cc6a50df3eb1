package machine_test

import (
	"strings"
	"testing"

	"antin/signer/practice/machine"
)

// ending notes how a test ended.
type ending struct{ skipped, failed []any }

func (e *ending) Helper()           {}
func (e *ending) Skip(args ...any)  { e.skipped = args }
func (e *ending) Fatal(args ...any) { e.failed = args }

func TestProgram(t *testing.T) {
	for name, c := range map[string]struct {
		ci, program     string
		skipped, failed bool
	}{
		"there":                 {"", "go", false, false},
		"there, in CI":          {"true", "go", false, false},
		"missing on a desk":     {"", "no-such-program", true, false},
		"missing in CI":         {"true", "no-such-program", false, true},
		"missing where CI is 1": {"1", "no-such-program", false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CI", c.ci)
			var e ending
			path := machine.Program(&e, c.program, "its-package")
			if (e.skipped != nil) != c.skipped || (e.failed != nil) != c.failed || (path == "") != (c.skipped || c.failed) {
				t.Errorf("skipped %q, failed %q, path %q", e.skipped, e.failed, path)
			}
			for _, text := range append(e.skipped, e.failed...) {
				if !strings.Contains(text.(string), "no-such-program of the Debian package its-package") {
					t.Errorf("it says %q", text)
				}
			}
		})
	}
}
