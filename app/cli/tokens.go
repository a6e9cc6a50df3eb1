package cli

import (
	"context"
	"fmt"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/token"
)

// listTokens shows modules, tokens, certificates and PIN states; no PIN is
// needed.
func (c *command) listTokens(ctx context.Context, args []string) (int, error) {
	var modules []string
	var asJSON, watch bool
	f := c.flags("tokens")
	f.list("module", &modules)
	f.BoolVar(&watch, "watch", false, "")
	f.BoolVar(&asJSON, "json", false, "")
	if err := f.none(args); err != nil {
		return exitUsage, err
	}
	list, err := c.tokens(ctx, modules)
	if err != nil {
		return exitFor(err), err
	}
	defer list.Close() // the helpers end with this process anyway
	show := func() {
		for _, m := range list.Modules() {
			if asJSON {
				writeJSON(c.Stdout, c.moduleRecord(m))
			} else {
				c.showModule(m)
			}
		}
	}
	show()
	if watch {
		return exitDone, c.watch(ctx, list, show)
	}
	if len(list.All()) == 0 {
		_, err := list.Key("", nil) // tells why there is none
		return exitFor(err), err
	}
	return exitDone, nil
}

// watch shows the list again whenever a token comes or goes, until Ctrl-C.
func (c *command) watch(ctx context.Context, list *signer.TokenList, show func()) error {
	err := list.Watch(ctx, func() {
		fmt.Fprintln(c.Stderr, c.words.Text("tokens.changed", c.words.Time(time.Now())))
		show()
	})
	if ctx.Err() != nil {
		return nil // that is how it ends
	}
	return err
}

func (c *command) showModule(m signer.ModuleState) {
	fmt.Fprintf(c.Stdout, "%s  %s\n", m.Name, m.Path)
	line := func(indent, name string, args ...any) { fmt.Fprintln(c.Stdout, indent+c.words.Text(name, args...)) }
	for _, w := range m.Warnings {
		line("  ", "tokens.module-warning", w)
	}
	if m.Problem != nil {
		p := c.words.Explain(m.Problem)
		fmt.Fprintf(c.Stdout, "  %s %s\n", p.Code, p.What)
		line("  ", "tokens.detail", p.Detail)
	} else if len(m.Tokens) == 0 {
		line("  ", "tokens.none")
	}
	for _, t := range m.Tokens {
		line("  ", "tokens.token", t.Label, t.Serial, t.Model)
		fmt.Fprintln(c.Stdout, "    "+c.words.PIN(t.PIN))
		if t.PIN.Pad {
			line("    ", "tokens.pin-pad")
		}
		for _, cert := range t.Signers() {
			h := holderOf(cert.X509)
			fmt.Fprintln(c.Stdout, "    "+h.Name)
			line("      ", "tokens.certificate", c.words.Date(h.NotBefore), c.words.Date(h.NotAfter), h.Issuer, h.SHA256[:12])
		}
		if len(t.Signers()) == 0 {
			line("    ", "tokens.no-certificate")
		}
		if t.Problem != nil {
			line("    ", "tokens.detail", t.Problem)
		}
	}
}

func (c *command) moduleRecord(m signer.ModuleState) moduleRecord {
	r := moduleRecord{Schema: "antin/tokens/1", Module: m.Path, Name: m.Name, Tokens: []tokenRecord{}}
	if m.Problem != nil {
		r.Error = recordOf(c.words.Explain(m.Problem))
	}
	for _, t := range m.Tokens {
		r.Tokens = append(r.Tokens, c.tokenRecord(t))
	}
	return r
}

func (c *command) tokenRecord(t token.Token) tokenRecord {
	r := tokenRecord{
		Label: t.Label, Serial: t.Serial, Model: t.Model, Manufacturer: t.Manufacturer, Reader: t.Reader,
		PIN: words.PINName(t.PIN), Pad: t.PIN.Pad, Certificates: []holderRecord{},
	}
	for _, cert := range t.Signers() {
		r.Certificates = append(r.Certificates, *holderOf(cert.X509))
	}
	if t.Problem != nil {
		r.Error = recordOf(c.words.Explain(t.Problem))
	}
	return r
}
