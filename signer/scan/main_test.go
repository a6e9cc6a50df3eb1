package scan_test

import (
	"os"
	"testing"

	"antin/signer/render"
)

// The tests are their own helper that draws pages.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}
