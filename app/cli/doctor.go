package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/token"
)

// checkup gathers what doctor finds, a line at a time.
type checkup struct {
	c      *command
	json   bool
	failed bool
	report supportFile
}

// doctor tells what works on this machine and what to do about the rest.
func (c *command) doctor(ctx context.Context, args []string) (int, error) {
	var extra []string
	d := &checkup{c: c}
	f := c.flags("doctor")
	f.list("module", &extra)
	f.BoolVar(&d.json, "json", false, "")
	f.StringVar(&d.report.path, "report", "", "")
	f.BoolVar(&d.report.names, "names", false, "")
	if err := f.none(args); err != nil {
		return exitUsage, err
	}
	d.ok("program", "doctor.program", Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	d.clock(time.Now())
	d.fonts()
	d.pages(ctx)
	d.folder()
	d.readers(ctx)
	d.tokens(ctx, extra)
	d.others()
	if ctx.Err() != nil {
		return exitFailure, &problem{"KS-620", ctx.Err()}
	}
	if err := d.report.write(); err != nil {
		return exitFor(err), err
	}
	if d.failed {
		return exitFailure, nil
	}
	return exitDone, nil
}

func (d *checkup) say(check, state, hint, name string, args ...any) {
	text := d.c.words.Text(name, args...)
	d.failed = d.failed || state == "failed"
	d.report.add(check, state, text, hint)
	if d.json {
		writeJSON(d.c.Stdout, checkRecord{"antin/doctor/1", check, state, text, hint})
		return
	}
	sign := map[string]string{"ok": "✓", "warning": "⚠", "failed": "✗"}[state]
	fmt.Fprintf(d.c.Stdout, "%s %s\n", sign, text)
	if hint != "" {
		fmt.Fprintf(d.c.Stdout, "  %s %s\n", d.c.words.Text("problem.hint"), hint)
	}
}

func (d *checkup) ok(check, name string, args ...any) { d.say(check, "ok", "", name, args...) }

// problem tells an error in one sentence with the first thing to do.
func (d *checkup) problem(check, state string, err error, name string, args ...any) {
	p := d.c.words.Explain(err)
	hint := ""
	if len(p.Next) > 0 {
		hint = p.Next[0]
	}
	d.say(check, state, hint, "doctor.problem", d.c.words.Text(name, args...), p.Code, p.What, p.Detail)
}

// clock: certificates are judged by it. No time server is asked; a clock behind
// the program's own file is wrong for certain.
func (d *checkup) clock(now time.Time) {
	earliest := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	if exe, err := os.Executable(); err == nil {
		if st, err := os.Stat(exe); err == nil && st.ModTime().After(earliest) && st.ModTime().Year() < 2100 {
			earliest = st.ModTime().Add(-24 * time.Hour)
		}
	}
	if now.Before(earliest) || now.Year() >= 2100 {
		d.problem("clock", "failed", &problem{"KS-601", fmt.Errorf("the clock says %s", now.Format(time.RFC3339))}, "doctor.clock-wrong")
		return
	}
	d.ok("clock", "doctor.clock", d.c.words.Time(now))
}

// fonts measures a text with letters that lesser fonts lack.
func (d *checkup) fonts() {
	for _, face := range []appearance.Face{appearance.Regular, appearance.Bold, appearance.Italic, appearance.BoldItalic} {
		if _, err := appearance.Measure(d.c.words.Text("doctor.sample"), face, 13); err != nil {
			d.problem("fonts", "failed", err, "doctor.fonts-wrong")
			return
		}
	}
	d.ok("fonts", "doctor.fonts")
}

// pages draws a document in the helper process.
func (d *checkup) pages(ctx context.Context) {
	err := func() error {
		dir, err := os.MkdirTemp("", "antin-doctor-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir) // the system clears its temporary folder too
		pdf, _, err := practice.Decision(practice.DecisionOptions{})
		if err != nil {
			return err
		}
		path := filepath.Join(dir, "page.pdf")
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			return err
		}
		var r render.Renderer
		defer r.Close() // ends the helper
		if _, err := r.Open(ctx, path); err != nil {
			return err
		}
		_, err = r.Page(ctx, 1, 36)
		return err
	}()
	if err != nil {
		d.problem("pages", "failed", err, "doctor.pages-wrong")
		return
	}
	d.ok("pages", "doctor.pages")
}

// folder: what is signed from here is written here.
func (d *checkup) folder() {
	dir, err := os.Getwd()
	if err == nil {
		var probe *os.File
		if probe, err = os.CreateTemp(".", ".antin-*.tmp"); err == nil {
			_ = probe.Close() // empty
			err = os.Remove(probe.Name())
		}
	}
	if err != nil {
		d.problem("folder", "warning", fmt.Errorf("%w: %w", signer.ErrCannotPut, err), "doctor.folder-wrong", dir)
		return
	}
	d.ok("folder", "doctor.folder", dir)
}

func (d *checkup) tokens(ctx context.Context, extra []string) {
	list, err := d.c.tokens(ctx, extra)
	if err != nil {
		d.problem("modules", "failed", err, "doctor.modules-wrong")
		return
	}
	defer list.Close() // the helpers end with this process anyway
	for _, m := range list.Modules() {
		if m.Problem != nil {
			d.problem("module", "warning", m.Problem, "doctor.module-wrong", m.Name, m.Path)
			continue
		}
		d.ok("module", "doctor.module", m.Name, m.Path)
		for _, w := range m.Warnings {
			d.say("module", "warning", "", "doctor.module-warning", m.Name, w)
		}
		for _, t := range m.Tokens {
			d.token(t)
		}
	}
	switch {
	case len(list.Modules()) == 0:
		d.problem("modules", "warning", token.ErrNoModule, "doctor.modules-wrong")
	case len(list.All()) == 0:
		d.problem("tokens", "warning", token.ErrNoToken, "doctor.no-token")
	}
}

func (d *checkup) token(t token.Token) {
	state, pin := "ok", pinName(t.PIN)
	if pin != "ok" {
		state = "warning"
	}
	hint := ""
	if h, ok := map[string]error{
		"locked": token.ErrPINLocked, "not-set": token.ErrPINNotSet, "must-change": token.ErrPINExpired, "final-try": token.ErrPINFinalTry,
	}[pin]; ok {
		hint = d.c.words.Explain(h).Next[0]
	}
	d.report.hide(t.Label, t.Serial, t.Reader)
	for _, cert := range t.Certificates {
		d.report.hide(cms.DisplayName(cert.X509), cert.Label)
	}
	d.say("token", state, hint, "doctor.token", t.Label, t.Serial, d.c.words.Text(pinTexts[pin]))
	if t.Problem != nil {
		d.problem("token", "warning", t.Problem, "doctor.token-wrong", t.Label)
	}
	now := time.Now()
	for _, cert := range t.Signers() {
		name, until := cms.DisplayName(cert.X509), d.c.words.Date(cert.X509.NotAfter)
		days := int(cert.X509.NotAfter.Sub(now).Hours() / 24)
		if err := cms.CheckCertificate(cert.X509, now); err != nil {
			d.problem("certificate", "warning", err, "doctor.certificate-wrong", name)
		} else if days < 30 {
			d.say("certificate", "warning", d.c.words.Text("doctor.renew"), "doctor.certificate-soon", name, days, until)
		} else {
			d.ok("certificate", "doctor.certificate", name, until, days)
		}
	}
	if len(t.Signers()) == 0 {
		d.say("certificate", "warning", d.c.words.Explain(token.ErrCertificateNotFound).Next[0], "doctor.no-certificate", t.Label)
	}
}

// others are programs that only the demo asks.
func (d *checkup) others() {
	for _, program := range []struct{ name, debian string }{
		{"pdfsig", "poppler-utils"},
		{"qpdf", "qpdf"},
		{"mutool", "mupdf-tools"},
		{"openssl", "openssl"},
		{"softhsm2-util", "softhsm2"},
		{"pkcs11-tool", "opensc"},
	} {
		if path, err := exec.LookPath(program.name); err == nil {
			d.ok("program:"+program.name, "doctor.other", program.name, path)
		} else {
			d.say("program:"+program.name, "warning", d.c.words.Text("doctor.install", program.debian), "doctor.other-missing", program.name)
		}
	}
}
