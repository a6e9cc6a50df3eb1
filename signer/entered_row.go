package signer

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/verify"
)

// ErrSourceChanged is a source that is no longer the file that was planned.
var ErrSourceChanged = errors.New("signer: the document has changed since it was planned")

// wishes are what a row says in its Common beside source and output.
type wishes struct {
	EvenIfBroken, EvenIfSigned bool
	Override                   *Override
}

func wishesOf(c Common) wishes { return wishes{c.EvenIfBroken, c.EvenIfSigned, c.Override} }

// common is c with the wishes of a row.
func (w wishes) common(c Common) Common {
	c.EvenIfBroken, c.EvenIfSigned, c.Override = w.EvenIfBroken, w.EvenIfSigned, w.Override
	return c
}

// filePlan is a file to be signed and the name that was free for the result.
type filePlan struct {
	Source register.File
	Others []register.File `json:",omitempty"` // further files that its pages come from, in their order
	Out    string
}

// planFile finds an output a name that neither a file nor another row of the run
// has, and hashes its sources unless that is done. It is named after the path
// named.
func planFile(sources []string, known []register.File, named, out, suffix string, taken func(path string) bool) (filePlan, error) {
	f := filePlan{Source: register.File{Path: sources[0]}}
	o, err := outputAt(named, out, suffix)
	if err != nil {
		return f, err
	}
	for i := 1; ; i++ {
		f.Out = o.numbered(i)
		if _, err := os.Lstat(f.Out); errors.Is(err, fs.ErrNotExist) && !taken(f.Out) {
			break
		}
		if o.fixed || i == 1000 {
			return f, fmt.Errorf("%w: %q", ErrExists, f.Out)
		}
	}
	if known == nil {
		if known, err = hashFiles(sources); err != nil {
			return f, err
		}
	}
	for i, path := range sources {
		f.Others = append(f.Others, register.File{Path: path, SHA256: known[i].SHA256})
	}
	f.Source, f.Others = f.Others[0], f.Others[1:]
	return f, nil
}

// sources are all files that the pages come from.
func (f *filePlan) sources() []register.File { return append([]register.File{f.Source}, f.Others...) }

// unchanged tells whether the sources still are the files that were planned.
func (f *filePlan) unchanged() error {
	for _, was := range f.sources() {
		sum, err := hashFile(was.Path, -1)
		if err == nil && sum != was.SHA256 {
			err = fmt.Errorf("%w: %q", ErrSourceChanged, was.Path)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holder is who has a number reserved for this file: another run over the same
// sources takes it up again.
func (f *filePlan) holder() string {
	if len(f.Others) == 0 {
		return f.Source.SHA256
	}
	h := sha256.New()
	for _, s := range f.sources() {
		io.WriteString(h, s.SHA256)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func hashFiles(paths []string) ([]register.File, error) {
	var out []register.File
	for _, path := range paths {
		sum, err := hashFile(path, -1)
		if err != nil {
			return nil, err
		}
		out = append(out, register.File{Path: path, SHA256: sum})
	}
	return out, nil
}

// hashFile is the SHA-256 of the first n bytes of a file in hexadecimal, of all
// of it for n < 0.
func hashFile(path string, n int64) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	var r io.Reader = f
	if n >= 0 {
		r = io.LimitReader(f, n)
	}
	h := sha256.New()
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{r}, make([]byte, 1<<20)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// entering carries out one plan, as far as it has not been.
type entering struct {
	Common
	plan      rowPlan
	run       *register.Run
	work      *register.Work
	made      outputs
	wantStamp bool // although Common may have no authority any more
}

// outputs is what the journal says of what a row has made.
type outputs struct {
	Entered []register.File // in the order of the row's files
	Naming  *register.File  `json:",omitempty"` // verified and about to get its name
}

// resume reads what the journal says is made.
func (s *entering) resume() error {
	if s.work.Outputs == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(s.work.Outputs), &s.made); err != nil {
		return fmt.Errorf("%w: %w", register.ErrDamaged, err)
	}
	return nil
}

// keep puts what is made into what the journal is going to say.
func (s *entering) keep() {
	text, err := json.Marshal(s.made)
	if err != nil {
		panic(err) // texts only
	}
	s.work.Outputs = string(text)
}

// do makes and enters the files of the row. What an earlier run has made is found
// and not made again.
func (s *entering) do(ctx context.Context, progress Progress) (*Result, error) {
	var row *Result
	for i := range s.plan.files() {
		r, err := s.file(ctx, i, progress)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		if i == 0 {
			row = r
		} else {
			row.Attachments = append(row.Attachments, r)
		}
	}
	return row, nil
}

func (s *entering) file(ctx context.Context, i int, progress Progress) (*Result, error) {
	if i < len(s.made.Entered) {
		return s.plan.found(ctx, s, i)
	}
	if err := s.dropEmpty(); err != nil {
		return nil, err
	}
	r, err := s.plan.found(ctx, s, i)
	if errors.Is(err, fs.ErrNotExist) {
		err = s.plan.files()[i].unchanged()
	}
	keep := context.WithoutCancel(ctx) // what has been done is written down whatever happens
	if err == nil && i == 0 {
		err = s.begin(keep)
	}
	if err == nil && r == nil {
		r, err = s.plan.sign(ctx, s, i, progress)
	}
	if err != nil {
		return nil, err
	}
	return r, s.enter(keep, i, r)
}

// dropEmpty removes the empty files that a crash leaves under a planned name on
// file systems where a name has to be taken first (see output.moveNew).
func (s *entering) dropEmpty() error {
	if s.work.State != register.Signing {
		return nil
	}
	for _, f := range s.plan.files() {
		if st, err := os.Lstat(f.Out); err == nil && st.Mode().IsRegular() && st.Size() == 0 {
			if err := os.Remove(f.Out); err != nil {
				return err
			}
		}
	}
	return nil
}

// begin reserves the number of the row, where it has one, and writes down that an
// output may exist from now on.
func (s *entering) begin(ctx context.Context) error {
	s.work.State = register.Signing
	if v := s.plan.reservation(); v != nil {
		_, err := s.run.Reserve(ctx, *s.work, *v)
		return err
	}
	return s.run.Set(ctx, *s.work)
}

// enter enters file i.
func (s *entering) enter(ctx context.Context, i int, r *Result) error {
	s.made.Entered, s.made.Naming = append(s.made.Entered, outputOf(r)), nil
	s.keep()
	s.work.State, s.work.Problem = register.Written, ""
	if i == len(s.plan.files())-1 {
		s.work.State = register.Done
	}
	return s.plan.enter(ctx, s, i, r)
}

// outputOf is the output of a result as the register has it: to be found again from
// another folder.
func outputOf(r *Result) register.File {
	path := r.Output
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return register.File{Path: path, SHA256: hex.EncodeToString(r.SHA256[:])}
}

// giveUp ends a row without signing anything: a document that an earlier run
// has made is entered, a number without one is given back.
func (s *entering) giveUp(ctx context.Context) error {
	skipped := *s.work
	skipped.State = register.Skipped
	if s.work.State == register.Signing {
		r, err := s.plan.found(ctx, s, 0)
		if err == nil {
			if err := s.enter(ctx, 0, r); err != nil {
				return err
			}
			skipped.Outputs = s.work.Outputs
		} else if v := s.plan.reservation(); v != nil {
			if err := s.run.Release(ctx, skipped, *v); !errors.Is(err, register.ErrNotReserved) {
				return err
			}
		}
	}
	*s.work = skipped
	return s.run.Set(ctx, *s.work)
}

// fail writes down why a row was not finished. When nothing was made, the
// number is given back. Of a row that waits again, nothing is left.
func (s *entering) fail(ctx context.Context, cause error) error {
	keep := context.WithoutCancel(ctx)
	made, err := s.plan.found(keep, s, 0)
	s.work.Problem = cause.Error()
	switch {
	case ctx.Err() == nil && !Halts(cause):
		s.work.State = register.Failed
	case len(s.made.Entered) > 0:
		s.work.State = register.Written
	case made != nil:
		s.work.State = register.Signing
	default:
		s.work.State = register.Planned
	}
	if v := s.plan.reservation(); v != nil && errors.Is(err, fs.ErrNotExist) && len(s.made.Entered) == 0 {
		if err := s.run.Release(keep, *s.work, *v); !errors.Is(err, register.ErrNotReserved) { // the number was another's
			return errors.Join(cause, err)
		}
	}
	return errors.Join(cause, s.run.Set(keep, *s.work))
}

// signed is the result of signing f as an earlier run has left it: it ends with an
// intact signature by this certificate, by any where no key is given.
// Error: ErrExists.
func (s *entering) signed(ctx context.Context, f *filePlan) (*Result, error) {
	r, err := lastIn(ctx, f.Source.Path, f.Out, s.Common, func(sig *verify.Signature) bool {
		return sig.Signer != nil && (s.Key == nil || sig.Signer.Equal(s.Key.Certificate()))
	})
	if err == nil && s.Override != nil { // whether it was needed, that run knew
		r.OverrideReason = strings.TrimSpace(s.Override.Reason)
	}
	return r, err
}

// grown tells whether the file at out begins with the very bytes of a source and
// goes on. Errors: fs.ErrNotExist when there is none, ErrExists when it is another.
func grown(from register.File, out string) error {
	st, err := os.Lstat(out)
	if err != nil {
		return err
	}
	source, err := os.Stat(from.Path)
	if err != nil {
		return err
	}
	if sum, err := hashFile(out, source.Size()); err != nil || sum != from.SHA256 || st.Size() == source.Size() {
		return errors.Join(fmt.Errorf("%w: %q", ErrExists, out), err)
	}
	return nil
}

// lastIn is the result that an earlier run has left at out: it ends with an intact
// signature that fits. Error: ErrExists.
func lastIn(ctx context.Context, source, out string, c Common, fits func(*verify.Signature) bool) (*Result, error) {
	other := fmt.Errorf("%w: %q", ErrExists, out)
	report, err := verify.Open(ctx, out, pdffile.Options{Password: c.Password}, verify.Options{Store: c.Trust, At: c.now()})
	if err != nil {
		return nil, errors.Join(other, err)
	}
	for _, sig := range report.Signatures {
		if !sig.CoversFile || !sig.Intact() || !fits(&sig) {
			continue
		}
		r := &Result{
			Source: source, Output: out, Field: sig.Field, Place: Place{sig.Page, sig.Box},
			Level: "B-B", SignedAt: sig.ClaimedTime, Report: report,
		}
		if sig.Stamp != nil {
			r.Level, r.SignedAt = "B-T", sig.Stamp.Time
		}
		st, err := os.Stat(out)
		if err != nil {
			return nil, err
		}
		r.Size = st.Size()
		r.SHA256, err = sumOf(out)
		return r, err
	}
	return nil, other
}

// certificate is whose signature the result is about.
func (s *entering) certificate(r *Result) *x509.Certificate {
	for _, sig := range r.Report.Signatures {
		if sig.Field == r.Field && sig.Signer != nil {
			return sig.Signer
		}
	}
	return s.Key.Certificate()
}

// lacksStamp tells whether a time-stamp was wanted and is not there.
func (s *entering) lacksStamp(r *Result) bool { return s.wantStamp && r.Level == "B-B" }

// action is what the log says of file i.
func (s *entering) action(what, number string, i int, r *Result) register.Action {
	f, cert := s.plan.files()[i], s.certificate(r)
	return register.Action{
		What: what, Number: number, Certificate: fingerprint(cert), Name: cms.DisplayName(cert),
		Source: f.Source, Others: f.Others, Output: s.made.Entered[i], Result: "done", Override: r.OverrideReason, NeedsStamp: s.lacksStamp(r),
	}
}

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}
