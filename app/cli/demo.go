package cli

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"antin/signer/appearance"
	"antin/signer/practice"
)

// demo plays an office in a folder: a certification authority, two tokens, a
// decision that the leader signs and the clerk issues, a scanned paper that the
// clerk certifies, checked by this program and by others. All of it goes through the commands that people use.
type demo struct {
	c      *command
	dir    string
	conf   string // of the tokens
	pin    string
	office *practice.Authority
	places practice.DecisionPlaces
	tsa    string // address of the time-stamp server
	stop   func() // ends it
	times  []timing
	others []opinion
	failed []string // what did not go as it should

	certificates []*x509.Certificate // the leader's, then the organisation's
}

type timing struct {
	text string
	took time.Duration
}

// Files of the demo in its folder.
const (
	demoMark     = ".antin-demo"
	demoPKI      = "pki"
	demoTokens   = "token"
	demoPIN      = "pin.txt"
	demoDecision = "quyet-dinh.pdf"
	demoSigned   = "quyet-dinh.daky.pdf"
	demoIssued   = "quyet-dinh.phathanh.pdf"
	demoScan     = "quet.pdf"
	demoCopy     = "quet.saoy.pdf"
	demoPicture  = "chu-ky.png"
	demoSeal     = "con-dau.png"
	demoReport   = "kiem-tra.txt"
	demoPages    = "trang"
)

var demoFiles = []string{demoPKI, demoTokens, demoPIN, demoDecision, demoSigned, demoIssued, demoScan, demoCopy, demoPicture, demoSeal, demoReport, demoPages, demoConfig, demoScript}

func (c *command) demo(ctx context.Context, args []string) (int, error) {
	f := c.flags("demo")
	keep := f.Bool("keep", false, "")
	folders, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	if len(folders) > 1 {
		return exitUsage, &usageError{c.words.Text("usage.one-folder")}
	}
	d := &demo{c: c, dir: folders[0], stop: func() {}}
	if err := d.folder(*keep); err != nil {
		return exitFor(err), err
	}
	steps := []struct {
		name string
		do   func(context.Context) error
	}{
		{"demo.step-office", d.makeOffice},
		{"demo.step-tokens", d.makeTokens},
		{"demo.step-documents", d.makeDocuments},
		{"demo.step-window", d.makeWindow},
		{"demo.step-sign", d.sign},
		{"demo.step-issue", d.issue},
		{"demo.step-copy", d.copy},
		{"demo.step-verify", d.verify},
		{"demo.step-pages", d.drawPages},
		{"demo.step-judges", d.askOthers},
	}
	defer func() { d.stop() }()
	for _, s := range steps {
		line, since := c.begin(c.words.Text(s.name)), time.Now()
		err := s.do(ctx)
		line.finish()
		if err != nil {
			return exitFor(err), err
		}
		d.times = append(d.times, timing{c.words.Text(s.name), time.Since(since)})
	}
	d.show()
	if len(d.failed) > 0 {
		return exitFailure, nil
	}
	return exitDone, nil
}

// folder makes the folder. One with other content is not touched; of an earlier
// demo, what it made is removed.
func (d *demo) folder(keep bool) (err error) {
	if d.dir, err = filepath.Abs(d.dir); err != nil {
		return err
	}
	for i, base := 2, d.dir; keep; i++ {
		if entries, err := os.ReadDir(d.dir); err != nil || len(entries) == 0 {
			break // new or empty
		}
		d.dir = fmt.Sprintf("%s (%d)", base, i)
	}
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return err
	}
	mine := slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == demoMark && e.Type().IsRegular() })
	if len(entries) > 0 && !mine {
		return &problem{"KS-617", fmt.Errorf("%q holds %q", d.dir, entries[0].Name())}
	}
	for _, name := range demoFiles {
		if err := os.RemoveAll(filepath.Join(d.dir, name)); err != nil {
			return err
		}
	}
	return d.write(demoMark, []byte("antin demo\n"))
}

func (d *demo) path(name ...string) string {
	return filepath.Join(append([]string{d.dir}, name...)...)
}

// write makes a file that only its owner reads.
func (d *demo) write(name string, b []byte) error { return os.WriteFile(d.path(name), b, 0o600) }

// makeOffice makes the authority and starts its time-stamp server, which answers
// on this machine only and for as long as the demo runs.
func (d *demo) makeOffice(context.Context) (err error) {
	if d.office, err = practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256}); err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: d.office.TSA(practice.TSAOptions{}), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(l) // ends with Close, whose error tells nothing new
	d.tsa, d.stop = "http://"+l.Addr().String(), func() { _ = server.Close() }
	return d.office.WriteFiles(d.path(demoPKI))
}

// makeTokens makes the leader's and the organisation's token, with one random
// PIN for both.
func (d *demo) makeTokens(context.Context) error {
	d.pin = fmt.Sprintf("%08d", rand.IntN(1e8)) // not guessable: the generator is seeded by the system
	if err := d.write(demoPIN, []byte(d.pin+"\n")); err != nil {
		return err
	}
	for _, holder := range []struct{ label, name, units string }{
		{"demo.leader-token", "demo.leader", "demo.unit"}, {"demo.organisation-token", "demo.organisation", ""},
	} {
		o := practice.IdentityOptions{Name: d.c.words.Text(holder.name), Organisation: d.c.words.Text("demo.organisation"), Locality: d.c.words.Text("demo.locality")}
		if holder.units != "" {
			o.Units = []string{d.c.words.Text(holder.units)}
		}
		id, err := d.office.Issue(o)
		if err != nil {
			return err
		}
		d.certificates = append(d.certificates, id.Cert)
		d.conf, err = practice.NewSoftToken(d.path(demoTokens), d.c.words.Text(holder.label), d.pin, practice.SoftTokenEntry{
			Key: id.Signer, Certificate: id.Cert, ID: []byte{1}, Label: d.c.words.Text(holder.label), Chain: d.office.Chain()[:1],
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) makeDocuments(context.Context) error {
	pdf, places, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		return err
	}
	d.places = places
	picture, err := practice.SignaturePicture(d.c.words.Text("demo.leader"), 1)
	if err != nil {
		return err
	}
	seal, err := practice.SealPicture(practice.SealOptions{Diameter: 36})
	if err != nil {
		return err
	}
	scan, err := practice.ScanPDF(practice.ScanOptions{})
	if err != nil {
		return err
	}
	return errors.Join(d.write(demoScan, scan), d.write(demoDecision, pdf), d.write(demoPicture, picture), d.write(demoSeal, seal))
}

// slotFlag is the value of --number-at or --date-at for a slot: signer puts the
// baseline one descent above the lower edge.
func slotFlag(s practice.Slot) (string, error) {
	face := appearance.Regular
	if s.Italic {
		face = appearance.Italic
	}
	m, err := appearance.FontMetrics(face, s.Size)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d,%.3f,%.3f,%.3f,%.3f,%g", s.Page, s.X, s.Y, s.W, s.Baseline+m.Descent-s.Y, s.Size), nil
}

// signFlags are those that a person would type again.
func (d *demo) signFlags() []string {
	a := d.places.Signature
	return []string{
		"sign", d.path(demoDecision), "--cert", d.c.words.Text("demo.leader"), "--image", d.path(demoPicture),
		"--at", fmt.Sprintf("%d,%.1f,%.1f,%.1f,%.1f", a.Page, a.X, a.Y, a.W, a.H),
		"--pin-file", d.path(demoPIN), "--trust", d.path(demoPKI),
	}
}

func (d *demo) sign(ctx context.Context) error {
	number, err := slotFlag(d.places.Number)
	if err != nil {
		return err
	}
	date, err := slotFlag(d.places.Date)
	if err != nil {
		return err
	}
	_, err = d.run(ctx, append(d.signFlags(), "--number-at", number, "--date-at", date, "--tsa", d.tsa)...)
	return err
}

func (d *demo) issue(ctx context.Context) error {
	_, err := d.run(ctx, "issue", d.path(demoSigned), "--cert", d.c.words.Text("demo.organisation-subject"), "--number", d.c.words.Text("demo.number"),
		"--date", time.Now().In(vietnam).Format(time.DateOnly), "--seal", d.path(demoSeal), "--diameter", "36",
		"--pin-file", d.path(demoPIN), "--trust", d.path(demoPKI), "--tsa", d.tsa, "--no-register", "--out", d.path(demoIssued))
	return err
}

func (d *demo) copy(ctx context.Context) error {
	_, err := d.run(ctx, "copy", d.path(demoScan), "--cert", d.c.words.Text("demo.organisation-subject"), "--form", "sao-y",
		"--agency", d.c.words.Text("demo.organisation"), "--pin-file", d.path(demoPIN), "--trust", d.path(demoPKI), "--tsa", d.tsa, "--no-register")
	return err
}

func (d *demo) verify(ctx context.Context) error {
	report, err := d.run(ctx, "verify", d.path(demoIssued), d.path(demoCopy), "--trust", d.path(demoPKI))
	return errors.Join(err, d.write(demoReport, []byte(report)))
}

// run carries out a command as if it had been typed, with the tokens of the
// demo, and returns what it printed. SoftHSM finds its tokens by a variable of
// the environment, which the helper processes inherit.
func (d *demo) run(ctx context.Context, args ...string) (string, error) {
	const name = "SOFTHSM2_CONF"
	before, was := os.LookupEnv(name)
	if err := os.Setenv(name, d.conf); err != nil {
		return "", err
	}
	defer func() {
		if was {
			_ = os.Setenv(name, before) // it was possible above
		} else {
			_ = os.Unsetenv(name)
		}
	}()
	var out, messages strings.Builder
	code := Run(ctx, args, Env{strings.NewReader(""), &out, &messages, d.c.Getenv})
	if code != exitDone {
		fmt.Fprint(d.c.Stderr, out.String(), messages.String())
		if ctx.Err() != nil {
			return out.String(), &problem{"KS-620", ctx.Err()}
		}
		return out.String(), &problem{"KS-618", fmt.Errorf("antin %s: exit code %d", args[0], code)}
	}
	return out.String(), nil
}
