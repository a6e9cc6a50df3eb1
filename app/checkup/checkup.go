// Package checkup tells what of the program works on this machine and what to do
// about the rest: clock, fonts, page images, folders, the proxy,
// readers, drivers, tokens, certificates. The command `antin doctor` and the window of the IT officer show
// the same lines.
//
// Run finds them, one after the other; a File collects them for the people who
// help, without the names and serial numbers of tokens and people. No PIN is
// asked for or known.
package checkup

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/settings"
	"antin/signer/token"
)

// Line is one thing that was looked at.
type Line struct {
	Check  string // its name, such as clock
	State  State
	Text   string
	Detail string // the technical cause, in English; "" for none
	Hint   string // what to do, "" when nothing needs doing
}

// State is whether something works.
type State string

// The states of a line.
const (
	OK      State = "ok"
	Warning State = "warning"
	Failed  State = "failed"
)

// Sign is the state as one character, for beside the words.
func (s State) Sign() string { return map[State]string{OK: "✓", Warning: "⚠", Failed: "✗"}[s] }

// Options are what a checkup goes by.
type Options struct {
	Words   words.Language
	Version string               // of the program
	Modules []signer.ModuleState // what the drivers of this machine show
	Folder  string               // where documents are written

	Settings *settings.Settings // whose proxy is tried
	Tell     func(Line)         // called with every line, on the goroutine of Run
	File     *File              // nil: none is wanted
}

// checkup gathers what is found.
type checkup struct {
	Options
	failed bool
}

// Run looks at everything and tells whether all that is needed works. A context
// that ends cuts it short.
func Run(ctx context.Context, o Options) bool {
	d := &checkup{Options: o}
	if d.File == nil {
		d.File = &File{}
	}
	d.ok("program", "doctor.program", o.Version, runtime.GOOS, runtime.GOARCH, runtime.Version())
	d.clock(time.Now())
	d.fonts()
	d.pages(ctx)
	d.folder()
	d.proxy(ctx, o.Settings)
	d.readers(ctx)
	d.tokens()
	d.others()
	return !d.failed
}

func (d *checkup) say(check string, state State, hint, name string, args ...any) {
	d.tell(Line{Check: check, State: state, Text: d.Words.Text(name, args...), Hint: hint})
}

func (d *checkup) tell(l Line) {
	d.failed = d.failed || l.State == Failed
	d.File.add(l)
	d.Tell(l)
}

// Full is the text with the technical cause behind it.
func (l Line) Full() string {
	if l.Detail == "" {
		return l.Text
	}
	return l.Text + " (" + l.Detail + ")"
}

func (d *checkup) ok(check, name string, args ...any) { d.say(check, OK, "", name, args...) }

// problem tells an error in one sentence with the first thing to do.
func (d *checkup) problem(check string, state State, err error, name string, args ...any) {
	p := d.Words.Explain(err)
	hint := ""
	if len(p.Next) > 0 {
		hint = p.Next[0]
	}
	d.tell(Line{check, state, d.Words.Text("doctor.problem", d.Words.Text(name, args...), p.Code, p.What), p.Detail, hint})
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
		d.problem("clock", Failed, &clockError{fmt.Errorf("the clock says %s", now.Format(time.RFC3339))}, "doctor.clock-wrong")
		return
	}
	d.ok("clock", "doctor.clock", d.Words.Time(now))
}

// fonts measures a text with letters that lesser fonts lack.
func (d *checkup) fonts() {
	for _, face := range []appearance.Face{appearance.Regular, appearance.Bold, appearance.Italic, appearance.BoldItalic} {
		if _, err := appearance.Measure(d.Words.Text("doctor.sample"), face, 13); err != nil {
			d.problem("fonts", Failed, err, "doctor.fonts-wrong")
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
		d.problem("pages", Failed, err, "doctor.pages-wrong")
		return
	}
	d.ok("pages", "doctor.pages")
}

// folder: documents are written here.
func (d *checkup) folder() {
	probe, err := os.CreateTemp(d.Folder, ".antin-*.tmp")
	if err == nil {
		_ = probe.Close() // empty
		err = os.Remove(probe.Name())
	}
	if err != nil {
		d.problem("folder", Warning, fmt.Errorf("%w: %w", signer.ErrCannotPut, err), "doctor.folder-wrong", d.Folder)
		return
	}
	d.ok("folder", "doctor.folder", d.Folder)
}

func (d *checkup) tokens() {
	shown := 0
	for _, m := range d.Modules {
		if m.Problem != nil {
			d.problem("module", Warning, m.Problem, "doctor.module-wrong", m.Name, m.Path)
			continue
		}
		d.ok("module", "doctor.module", m.Name, m.Path)
		for _, w := range m.Warnings {
			d.say("module", Warning, "", "doctor.module-warning", m.Name, w)
		}
		for _, t := range m.Tokens {
			d.token(t)
		}
		shown += len(m.Tokens)
	}
	switch {
	case len(d.Modules) == 0:
		d.problem("modules", Warning, token.ErrNoModule, "doctor.modules-wrong")
	case shown == 0:
		d.problem("tokens", Warning, token.ErrNoToken, "doctor.no-token")
	}
}

func (d *checkup) token(t token.Token) {
	state, pin := OK, words.PINName(t.PIN)
	if pin != "ok" {
		state = Warning
	}
	hint := ""
	if h, ok := map[string]error{
		"locked": token.ErrPINLocked, "not-set": token.ErrPINNotSet, "must-change": token.ErrPINExpired, "final-try": token.ErrPINFinalTry,
	}[pin]; ok {
		hint = d.Words.Explain(h).Next[0]
	}
	d.File.hide(t.Label, t.Serial, t.Reader)
	for _, cert := range t.Certificates {
		d.File.hide(cms.DisplayName(cert.X509), cert.Label)
	}
	d.say("token", state, hint, "doctor.token", t.Label, t.Serial, d.Words.PIN(t.PIN))
	if t.Problem != nil {
		d.problem("token", Warning, t.Problem, "doctor.token-wrong", t.Label)
	}
	now := time.Now()
	for _, cert := range t.Signers() {
		name, until := cms.DisplayName(cert.X509), d.Words.Date(cert.X509.NotAfter)
		days := int(cert.X509.NotAfter.Sub(now).Hours() / 24)
		if err := cms.CheckCertificate(cert.X509, now); err != nil {
			d.problem("certificate", Warning, err, "doctor.certificate-wrong", name)
		} else if days < 30 {
			d.say("certificate", Warning, d.Words.Text("doctor.renew"), "doctor.certificate-soon", name, days, until)
		} else {
			d.ok("certificate", "doctor.certificate", name, until, days)
		}
	}
	if len(t.Signers()) == 0 {
		d.say("certificate", Warning, d.Words.Explain(token.ErrCertificateNotFound).Next[0], "doctor.no-certificate", t.Label)
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
			d.say("program:"+program.name, Warning, d.Words.Text("doctor.install", program.debian), "doctor.other-missing", program.name)
		}
	}
}

// clockError is a clock that cannot be right.
type clockError struct{ error }

// Code is what package words asks for.
func (*clockError) Code() string { return "KS-601" }
