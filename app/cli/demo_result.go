package cli

import (
	"context"
	"fmt"
	"os"
	"strings"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
)

// drawPages makes a picture of every page of the issued document.
func (d *demo) drawPages(ctx context.Context) error {
	if err := os.MkdirAll(d.path(demoPages), 0o700); err != nil {
		return err
	}
	var r render.Renderer
	defer r.Close() // ends the helper
	doc, err := r.Open(ctx, d.path(demoIssued))
	if err != nil {
		return err
	}
	if !doc.SignaturesShown {
		d.failed = append(d.failed, d.c.words.Text("demo.signatures-not-shown"))
	}
	for n := 1; n <= doc.Pages; n++ {
		if err := r.WritePNG(ctx, n, 144, d.path(demoPages, fmt.Sprintf("%d.png", n))); err != nil {
			return err
		}
	}
	return nil
}

// opinion is what another program says about one thing.
type opinion struct {
	about string
	practice.Opinion
}

// askOthers asks every other program that is installed here.
func (d *demo) askOthers(context.Context) error {
	for _, name := range []string{demoIssued, demoCopy} {
		if err := d.askAbout(name); err != nil {
			return err
		}
	}
	for _, o := range d.others {
		if !o.Missing && !o.Accepts {
			d.failed = append(d.failed, fmt.Sprintf("%s: %s: %s", o.Judge, o.about, o.Says))
		}
	}
	return nil
}

// askAbout asks about one document: its structure, its signatures, their
// time-stamps.
func (d *demo) askAbout(name string) error {
	path := d.path(name)
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		return err
	}
	defer f.Close() // only read
	signatures, err := f.Signatures()
	if err != nil {
		return err
	}
	d.others = append(d.others,
		opinion{name, practice.QPDF(path, "")},
		opinion{name, practice.PDFSig(path, "", len(signatures))},
		opinion{name, practice.MuTool(path, "", len(signatures))},
	)
	for i, s := range signatures {
		if err := d.askOpenSSL(name, i+1, s); err != nil {
			return err
		}
	}
	return nil
}

// askOpenSSL asks about the CMS of one signature and its time-stamp.
func (d *demo) askOpenSSL(name string, n int, s pdffile.Signature) error {
	if s.Err != nil {
		return s.Err
	}
	chain := d.path(demoPKI, "chain.pem")
	d.others = append(d.others, opinion{d.c.words.Text("demo.about-signature", name, n), practice.OpenSSLCMS(d.path(name), s.ByteRange, s.Contents, chain)})
	message, err := cms.Parse(s.Contents)
	if err != nil {
		return err
	}
	for _, signer := range message.Signers {
		for _, stamp := range signer.TimestampTokens {
			o := practice.OpenSSLTS(stamp, signer.Signature, chain, "") // its -untrusted parts paths at blanks
			d.others = append(d.others, opinion{d.c.words.Text("demo.about-stamp", name, n), o})
		}
	}
	return nil
}

// show prints where everything lies, how long it took, what others say, and how
// to go on by hand.
func (d *demo) show() {
	out, text := d.c.Stdout, d.c.words.Text
	fmt.Fprintln(out, text("demo.title", d.dir))
	for _, f := range []struct{ name, text string }{
		{demoDecision, "demo.file-decision"},
		{demoSigned, "demo.file-signed"},
		{demoIssued, "demo.file-issued"},
		{demoScan, "demo.file-scan"},
		{demoCopy, "demo.file-copy"},
		{demoReport, "demo.file-report"},
		{demoPages, "demo.file-pages"},
		{demoPicture, "demo.file-picture"},
		{demoSeal, "demo.file-seal"},
		{demoPKI, "demo.file-pki"},
		{demoTokens, "demo.file-tokens"},
		{demoPIN, "demo.file-pin"},
		{demoConfig, "demo.file-config"},
	} {
		fmt.Fprintf(out, "  %-26s %s\n", f.name, text(f.text))
	}
	fmt.Fprintln(out, text("demo.times"))
	for _, t := range d.times {
		fmt.Fprintf(out, "  %7.2f s  %s\n", t.took.Seconds(), t.text)
	}
	fmt.Fprintln(out, text("demo.opinions"))
	fmt.Fprintf(out, "  ✓ antin    %s\n", text("demo.verdict"))
	for _, o := range d.others {
		sign, says := "✓", text("demo.accepts")
		switch {
		case o.Missing:
			sign, says = "–", text("demo.missing")
		case !o.Accepts:
			sign, says = "✗", strings.ReplaceAll(o.Says, "\n", "\n             ")
		}
		fmt.Fprintf(out, "  %s %-8s %s: %s\n", sign, o.Judge, o.about, says)
	}
	for _, f := range d.failed {
		fmt.Fprintf(d.c.Stderr, "✗ %s\n", f)
	}
	fmt.Fprintln(out, text("demo.go-on"))
	for _, args := range [][]string{{"tokens"}, d.signFlags(), {"verify", d.path(demoIssued), "--trust", d.path(demoPKI)}} {
		fmt.Fprintln(out, "  "+d.commandLine(args))
	}
	d.showWindow()
}

// commandLine is a line for a shell: this program with the tokens of the demo.
func (d *demo) commandLine(args []string) string {
	program := "antin"
	if exe, err := os.Executable(); err == nil {
		program = exe
	}
	line := []string{"SOFTHSM2_CONF=" + quoted(d.conf), quoted(program)}
	for _, a := range args {
		line = append(line, quoted(a))
	}
	return strings.Join(line, " ")
}

// quoted is s as one word of a POSIX shell.
func quoted(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
