// Antin signs Vietnamese public documents (PDF) and verifies those that arrive.
// With a command it works on the command line (package cli); `antin worker …`
// is a helper process that the program starts for itself.
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
	"syscall"

	"antin/app/cli"
	"antin/app/gui"
	"antin/app/words"
	"antin/signer/render"
	"antin/signer/settings"
	"antin/signer/token"

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
	if len(args) == 0 {
		return window(args)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	return cli.Run(ctx, args, cli.System())
}

// window opens the window.
func window(files []string) int {
	return gui.Main(app.NewWithID("vn.antin.desktop"), words.Choose(os.Getenv), &settings.Settings{}, files)
}
