package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"antin/app/words"
	"antin/assets"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/register"
	"antin/signer/settings"
)

// signing are the flags that sign, issue and copy have in common.
type signing struct {
	cert, out, tsa, passwordFile, pinFile string
	tsaTimeout                            time.Duration
	trust, modules                        []string
	profile                               *assets.Profile
	override                              *signer.Override
	pss, evenIfBroken, evenIfSigned, json bool
	log                                   *register.Register // of what is signed; nil = none
	number                                string             // of the document that attachments belong to
	set                                   *settings.Settings // what counts where no flag says otherwise
}

func (s *signing) define(f *flags) {
	s.defineOutput(f)
	f.StringVar(&s.cert, "cert", "", "")
	f.list("module", &s.modules)
	f.StringVar(&s.pinFile, "pin-file", "", "")
	f.BoolVar(&s.pss, "pss", false, "")
}

// defineOutput are the flags that need no key.
func (s *signing) defineOutput(f *flags) {
	f.StringVar(&s.out, "out", "", "")
	f.value("tsa", "usage.form-url", func(u string) error {
		s.tsa = u
		if !strings.HasPrefix(u, "http://") && !strings.HasPrefix(u, "https://") {
			return errForm
		}
		return nil
	})
	s.tsaTimeout = 20 * time.Second
	f.duration("tsa-timeout", &s.tsaTimeout)
	f.list("trust", &s.trust)
	f.StringVar(&s.passwordFile, "password-file", "", "")
	f.BoolVar(&s.json, "json", false, "")
}

// defineWishes are the flags for documents that have signatures already.
func (s *signing) defineWishes(f *flags) {
	f.profile("profile", &s.profile)
	f.value("override", "usage.form-reason", func(reason string) error {
		s.override = &signer.Override{Reason: reason}
		if strings.TrimSpace(reason) == "" {
			return errForm
		}
		return nil
	})
	f.BoolVar(&s.evenIfBroken, "even-if-broken", false, "")
	f.BoolVar(&s.evenIfSigned, "even-if-signed", false, "")
}

// check finds what is missing or does not go together.
func (s *signing) check(f *flags, files []string) error {
	if s.cert == "" {
		return &usageError{f.words.Text("usage.missing-flag", "cert")}
	}
	return s.checkOut(f, files)
}

// checkOut: several files go into a folder.
func (s *signing) checkOut(f *flags, files []string) error {
	if st, err := os.Stat(s.out); len(files) > 1 && s.out != "" && (err != nil || !st.IsDir()) {
		return &usageError{f.words.Text("usage.out-folder", s.out)}
	}
	return nil
}

// fill has what is set count where no flag says otherwise.
func (s *signing) fill(c *command) (err error) {
	s.set = c.settings()
	s.out, s.tsa = cmp.Or(s.out, s.set.Folder()), cmp.Or(s.tsa, s.set.TSA)
	s.trust = append(s.trust, s.set.Trust...)
	if s.profile == nil {
		s.profile, err = settings.Profile(s.set.Profile)
	}
	return err
}

// step is one signature on one file.
type step struct {
	action, source string // action as in signRecord
	do             func(context.Context, signer.Common, signer.Progress) (*signer.Result, error)
}

// perform carries out the steps with one key and one login. The first trouble
// with token, PIN or certificate ends it: it would be the same for the rest,
// and another wrong PIN could lock the token.
func (c *command) perform(ctx context.Context, s *signing, steps []step) (code int) {
	pin := &pinSource{c: c, file: s.pinFile}
	common, done, stop := c.prepare(ctx, s, pin)
	if stop != nil {
		stop = c.interrupted(ctx, stop)
		code = exitFor(stop)
		c.words.Write(c.Stderr, c.words.Explain(stop))
	}
	defer func() {
		if err := done(); err != nil { // everything is signed: worth a word, no more
			c.words.Write(c.Stderr, c.words.Explain(err))
		}
	}()
	for i, st := range steps {
		record := signRecord{Schema: "antin/sign/1", Action: st.action, Source: st.source, State: "skipped"}
		if stop == nil {
			pin.document, pin.more, pin.line = filepath.Base(st.source), len(steps)-i-1, c.begin(filepath.Base(st.source))
			common.Source = st.source
			r, err := st.do(ctx, common, pin.line.report)
			pin.line.finish()
			if err == nil {
				c.tell(r, common, record, s.json)
				code = worse(code, c.enter(ctx, s, st.action, common, r))
				continue
			}
			err = c.interrupted(ctx, err)
			code = worse(code, exitFor(err))
			p := c.words.Explain(err)
			if errors.Is(err, cms.ErrCertificateExpired) {
				p.What = c.words.Text("problem.expired", c.words.Date(common.Key.Certificate().NotAfter))
			}
			fmt.Fprintf(c.Stderr, "%s:\n", st.source)
			c.words.Write(c.Stderr, p)
			record.State, record.Error = "failed", recordOf(p)
			if endsAll(err) {
				stop = err
			}
		} else {
			record.Error = recordOf(c.words.Explain(stop))
		}
		if s.json {
			writeJSON(c.Stdout, record)
		} else if record.State == "skipped" && len(steps) > 1 {
			fmt.Fprintln(c.Stderr, c.words.Text("sign.skipped", st.source))
		}
	}
	return code
}

// enter logs what was signed. Documents that are issued have their line already.
func (c *command) enter(ctx context.Context, s *signing, action string, common signer.Common, r *signer.Result) (code int) {
	if s.log == nil || action == "issue" {
		return exitDone
	}
	a, err := signer.LogOf(common, action, s.number, r)
	if err == nil {
		err = s.log.Record(context.WithoutCancel(ctx), a)
	}
	if err != nil { // it is signed all the same
		c.words.Write(c.Stderr, c.words.Explain(err))
		return exitFor(err)
	}
	return exitDone
}

// interrupted gives err the code of an interruption when the person stopped the
// work: what came of it otherwise is no news.
func (c *command) interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &problem{"KS-620", err}
	}
	return err
}

// endsAll tells whether err would meet every further document too.
func endsAll(err error) bool {
	code := words.Code(err)
	return strings.HasPrefix(code, "KS-1") || strings.HasPrefix(code, "KS-20") || code == "KS-620"
}

// prepare loads what all documents need and finds the key. done ends the
// session and the helper processes; it is never nil.
func (c *command) prepare(ctx context.Context, s *signing, pin *pinSource) (common signer.Common, done func() error, err error) {
	done = func() error { return nil }
	if common, err = c.common(s); err != nil {
		return common, done, err
	}
	if s.pinFile != "" && s.pinFile != "-" {
		if _, err := os.Stat(s.pinFile); err != nil {
			return common, done, &problem{"KS-118", err}
		}
	}
	list, err := c.tokens(ctx, s.modules)
	if err != nil {
		return common, done, err
	}
	done = list.Close
	key, err := list.Key(s.cert, pin.ask)
	if err != nil {
		return common, done, err
	}
	common.Key = key
	return common, func() error { return errors.Join(key.Close(), list.Close()) }, nil
}

// common loads what all documents need but the key.
func (c *command) common(s *signing) (common signer.Common, err error) {
	common = signer.Common{Out: s.out, PSS: s.pss, EvenIfBroken: s.evenIfBroken, EvenIfSigned: s.evenIfSigned, Profile: s.profile, Override: s.override}
	if common.Password, err = c.password(s.passwordFile); err != nil {
		return common, err
	}
	if common.Trust, err = c.store(s.trust); err != nil {
		return common, err
	}
	if s.tsa != "" {
		common.TSA = &cms.TSA{URL: s.tsa, Proxy: s.set.Proxies(), Timeout: s.tsaTimeout}
		if common.Trust.HasAnchors() {
			common.TSA.Anchors, common.TSA.Intermediates = common.Trust.Anchors(), common.Trust.Intermediates()
		}
	}
	return common, nil
}

// password is the first line of a file.
func (c *command) password(file string) (string, error) {
	if file == "" {
		return "", nil
	}
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	line, err := readLine(f)
	if err != nil {
		return "", fmt.Errorf("cli: reading the password from %q: %w", file, err)
	}
	return string(line), nil
}
