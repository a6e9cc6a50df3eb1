package cli

import (
	"context"
	"fmt"

	"antin/signer"
)

// repair rebuilds copies of damaged documents, because somebody asked for it.
func (c *command) repair(_ context.Context, args []string) (int, error) {
	var out, passwordFile string
	var asJSON bool
	f := c.flags("repair")
	f.StringVar(&out, "out", "", "")
	f.StringVar(&passwordFile, "password-file", "", "")
	f.BoolVar(&asJSON, "json", false, "")
	files, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	password, err := c.password(passwordFile)
	if err != nil {
		return exitFor(err), err
	}
	code := exitDone
	for _, file := range files {
		record := repairRecord{Schema: "antin/repair/1", Source: file, State: "done"}
		made, err := signer.Repair(file, password, out)
		if err != nil {
			code = worse(code, exitFor(err))
			p := c.words.Explain(err)
			fmt.Fprintf(c.Stderr, "%s:\n", file)
			c.words.Write(c.Stderr, p)
			record.State, record.Error = "failed", recordOf(p)
		}
		record.Output = made
		switch {
		case asJSON:
			writeJSON(c.Stdout, record)
		case err == nil:
			fmt.Fprintln(c.Stdout, c.words.Text("repair.done", file, made))
		}
	}
	return code, nil
}
