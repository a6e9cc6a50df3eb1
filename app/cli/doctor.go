package cli

import (
	"context"
	"fmt"
	"os"

	"antin/app/checkup"
)

// doctor tells what works on this machine and what to do about the rest.
func (c *command) doctor(ctx context.Context, args []string) (int, error) {
	var modules []string
	var file checkup.File
	f := c.flags("doctor")
	f.list("module", &modules)
	asJSON := f.Bool("json", false, "")
	report := f.String("report", "", "")
	f.BoolVar(&file.Names, "names", false, "")
	if err := f.none(args); err != nil {
		return exitUsage, err
	}
	list, err := c.tokens(ctx, modules)
	if err != nil {
		return exitFor(err), err
	}
	defer list.Close() // the helpers end with this process anyway
	dir, err := os.Getwd()
	if err != nil {
		return exitFor(err), err
	}
	well := checkup.Run(ctx, checkup.Options{
		Words: c.words, Version: Version, Modules: list.Modules(), Folder: dir, Settings: c.settings(), File: &file,
		Tell: func(l checkup.Line) { c.tellCheck(l, *asJSON) },
	})
	if ctx.Err() != nil {
		return exitFailure, &problem{"KS-620", ctx.Err()}
	}
	if *report != "" {
		if err := file.Write(*report); err != nil {
			return exitFor(err), err
		}
	}
	if !well {
		return exitFailure, nil
	}
	return exitDone, nil
}

func (c *command) tellCheck(l checkup.Line, asJSON bool) {
	if asJSON {
		writeJSON(c.Stdout, checkRecord{"antin/doctor/1", l.Check, string(l.State), l.Full(), l.Hint})
		return
	}
	fmt.Fprintf(c.Stdout, "%s %s\n", l.State.Sign(), l.Full())
	if l.Hint != "" {
		fmt.Fprintf(c.Stdout, "  %s %s\n", c.words.Text("problem.hint"), l.Hint)
	}
}
