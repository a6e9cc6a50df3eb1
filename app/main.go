// Antin signs Vietnamese public documents (PDF) and verifies those that arrive.
// Alone or with documents it opens its window (package gui), with a command it
// works on the command line (package cli); `antin worker …` is a helper process
// that the program starts for itself.
//
// Serial numbers of certificates must be positive (RFC 5280, 4.1.2.2), but
// certification authorities in use have issued others, and their holders' signatures
// must be read all the same.
//
//go:debug x509negativeserial=1
package main

import (
	"context"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"antin/app/cli"
	"antin/app/gui"
	_ "antin/app/quiet" // before Fyne starts
	"antin/signer/render"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
)

func main() { os.Exit(run(os.Args[1:])) }

// run is the program without its exit.
func run(args []string) int {
	if len(args) >= 2 && args[0] == "worker" {
		switch args[1] {
		case "token":
			return token.ServeModule(args[2:])
		case "render":
			return render.ServePages(args[2:])
		}
	}
	if files, ok := documents(args); ok {
		return gui.Main(func() fyne.App { return app.NewWithID("vn.antin.desktop") }, cli.Version, monitors, files, os.Stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	return cli.Run(ctx, args, cli.System())
}

// documents are those that the window is to open: all arguments when the first is
// no command and a file, a folder, or something that looks like a document; what
// follows "--" in any case.
func documents(args []string) (files []string, ok bool) {
	switch {
	case len(args) == 0:
		return nil, true
	case args[0] == "--":
		return args[1:], true
	case cli.Command(args[0]) || strings.HasPrefix(args[0], "-"):
		return nil, false
	}
	_, err := os.Stat(args[0])
	return args, err == nil || strings.EqualFold(filepath.Ext(args[0]), ".pdf")
}
