package main

import (
	"os/exec"
	"strings"
	"testing"
)

// What packages of the program must not reach, through others either. The rules
// about signer stand in signer/layers_test.go.
func TestReach(t *testing.T) {
	for pattern, banned := range map[string]map[string]string{
		"./cli/...":         {"fyne.io/": "commands work on machines without OpenGL"},
		"./gui/place/boxes": {"fyne.io/": "the model of boxes is plain values"},
		"./gui/...":         {"fyne.io/fyne/v2/app": "everything but main compiles, and is tested, without OpenGL", "github.com/go-gl/": "what the toolkit does not tell of the screens is asked in main alone"},
	} {
		out, err := exec.Command("go", "list", "-deps", pattern).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", pattern, err)
		}
		for dep := range strings.FieldsSeq(string(out)) {
			for prefix, why := range banned {
				if strings.HasPrefix(dep, prefix) {
					t.Errorf("%s reaches %s: %s; find the import with `go list -f '{{.ImportPath}} {{.Imports}}' -deps %s`", pattern, dep, why, pattern)
				}
			}
		}
	}
}
