package cli

import (
	"context"
	"fmt"
	"runtime"
)

// Version is that of FyneApp.toml; a test compares them.
const Version = "0.1.0"

func (c *command) version(_ context.Context, args []string) (int, error) {
	f := c.flags("version")
	if err := f.none(args); err != nil {
		return exitUsage, err
	}
	fmt.Fprintf(c.Stdout, "antin %s %s/%s %s\n", Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	return exitDone, nil
}
