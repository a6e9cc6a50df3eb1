package signer

import (
	"cmp"
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
	"strings"

	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/register"
	"antin/signer/verify"
)

// ErrSourceChanged is a source that is no longer the file that was planned.
var ErrSourceChanged = errors.New("signer: the document has changed since it was planned")

// IssueRow is one document to be issued and entered in the register.
type IssueRow struct {
	Job         IssueJob          // of its Common, only Source, Out, Override, EvenIfBroken and EvenIfSigned count
	Attachments []string          // files that get the number too
	Entry       register.Document // Copies, Note, and what is not as the document says it: Summary, Recipients, KeptBy, Signer; the rest is filled in
	Skip        bool              // not in this run
}

// issuePlan is what the journal keeps of a row: enough to go on with it in
// another process.
type issuePlan struct {
	IssueRow
	Number   register.Number
	Main     filePlan
	Attached []filePlan
	Wishes   wishes
}

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
	Out    string
}

// issueOutputs are what is made and entered of a row: the document, then the
// attachments in their order.
type issueOutputs []register.File

// planIssue looks at the files of a row. taken tells of names that other rows
// of the run will use. A number without its symbol, where the page prints that,
// is made whole.
func planIssue(ctx context.Context, c Common, row IssueRow, taken func(path string) bool) (issuePlan, error) {
	p := issuePlan{IssueRow: row, Wishes: wishesOf(row.Job.Common)}
	var err error
	if p.Number, err = register.ParseNumber(row.Job.Number); err != nil {
		job := row.Job
		job.Common = p.Wishes.common(c)
		job.Source, job.Out = row.Job.Source, row.Job.Out
		whole, refused := PlanIssue(ctx, job)
		if refused != nil {
			return p, err
		}
		if p.Number, err = register.ParseNumber(whole.Number); err != nil {
			return p, err
		}
	}
	p.describe(ctx, c)
	if p.Main, err = planFile(row.Job.Source, row.Job.Out, taken); err != nil {
		return p, err
	}
	for _, a := range row.Attachments {
		out := row.Job.Out
		if st, err := os.Stat(out); err != nil || !st.IsDir() {
			out = "" // a name is the document's alone
		}
		f, err := planFile(a, out, func(path string) bool { return taken(path) || p.uses(path) })
		if err != nil {
			return p, err
		}
		p.Attached = append(p.Attached, f)
	}
	return p, nil
}

// describe fills in what the row leaves out and the document tells: trích yếu, nơi
// nhận and who keeps it. A document that cannot be read is refused later, with its
// reason.
func (p *issuePlan) describe(ctx context.Context, c Common) {
	e := &p.Entry
	if e.Summary != "" && e.Recipients != "" && e.KeptBy != "" {
		return
	}
	found, err := Glance(ctx, p.Job.Source, c.Password, c.Profile)
	if err != nil {
		return
	}
	e.Summary = cmp.Or(e.Summary, found.Subject.Summary)
	if r := found.Recipients; r != nil {
		to, kept := r.Entry()
		e.Recipients, e.KeptBy = cmp.Or(e.Recipients, to), cmp.Or(e.KeptBy, kept)
	}
}

func (p *issuePlan) uses(path string) bool {
	for _, f := range append([]filePlan{p.Main}, p.Attached...) {
		if f.Out == path {
			return true
		}
	}
	return false
}

func planFile(source, out string, taken func(path string) bool) (filePlan, error) {
	f := filePlan{Source: register.File{Path: source}}
	o, err := outputAt(source, out, ".phathanh")
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
	f.Source.SHA256, err = hashFile(source, -1)
	return f, err
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

// issuing carries out one plan, as far as it has not been.
type issuing struct {
	issuePlan
	Common
	run       *register.Run
	work      *register.Work
	made      issueOutputs
	wantStamp bool // although Common may have no authority any more
}

// resume reads what the journal says is made.
func (s *issuing) resume() error {
	if s.work.Outputs == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(s.work.Outputs), &s.made); err != nil {
		return fmt.Errorf("%w: %w", register.ErrDamaged, err)
	}
	return nil
}

// reservation keeps the number for this very source: another run over the same
// file takes it up again.
func (s *issuing) reservation() register.Reservation {
	return register.Reservation{Book: register.Outgoing, Number: s.Number, Date: s.Job.Date, Holder: s.Main.Source.SHA256}
}

// do reserves the number, issues, enters, and signs the attachments. What an
// earlier run has made is found and not made again.
func (s *issuing) do(ctx context.Context, progress Progress) (*Result, error) {
	if err := s.unchanged(s.Main); err != nil {
		return nil, s.fail(ctx, err)
	}
	r, err := s.document(ctx, progress)
	if err != nil {
		return nil, s.fail(ctx, err)
	}
	for i := range s.Attached {
		a, err := s.attachment(ctx, i, progress)
		if err != nil {
			return nil, s.fail(ctx, err)
		}
		r.Attachments = append(r.Attachments, a)
	}
	return r, nil
}

// document issues the document itself.
func (s *issuing) document(ctx context.Context, progress Progress) (*Result, error) {
	if len(s.made) > 0 { // entered
		return s.found(ctx, s.Main)
	}
	keep := context.WithoutCancel(ctx) // what has been done is written down whatever happens
	s.work.State = register.Signing
	again, err := s.run.Reserve(keep, *s.work, s.reservation())
	if err == nil && again {
		err = s.dropEmpty()
	}
	if err != nil {
		return nil, err
	}
	r, err := s.found(ctx, s.Main)
	if errors.Is(err, fs.ErrNotExist) {
		job := s.Job
		job.Common, job.Source, job.Out = s.Common, s.Main.Source.Path, s.Main.Out
		r, err = Issue(ctx, job, progress)
	}
	if err != nil {
		return nil, err
	}
	return r, s.enterDocument(keep, r)
}

// dropEmpty removes the empty files that a crash leaves under a planned name on
// file systems where a name has to be taken first (see output.moveNew).
func (s *issuing) dropEmpty() error {
	for _, f := range append([]filePlan{s.Main}, s.Attached...) {
		if st, err := os.Lstat(f.Out); err == nil && st.Mode().IsRegular() && st.Size() == 0 {
			if err := os.Remove(f.Out); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *issuing) enterDocument(ctx context.Context, r *Result) error {
	s.enter(r, len(s.Attached) == 0)
	return s.run.Issue(ctx, *s.work, s.entry(r), s.Main.Source.SHA256)
}

// giveUp ends a row without signing anything: a document that an earlier run
// has made is entered, a number without one is given back.
func (s *issuing) giveUp(ctx context.Context) error {
	r, err := s.found(ctx, s.Main)
	skipped := *s.work
	skipped.State = register.Skipped
	switch {
	case s.work.State != register.Signing:
	case err == nil:
		if err := s.enterDocument(ctx, r); err != nil {
			return err
		}
		skipped.Outputs = s.work.Outputs
	default:
		if err := s.run.Release(ctx, skipped, s.reservation()); !errors.Is(err, register.ErrNotReserved) {
			return err
		}
	}
	*s.work = skipped
	return s.run.Set(ctx, *s.work)
}

// attachment signs attachment number i.
func (s *issuing) attachment(ctx context.Context, i int, progress Progress) (*Result, error) {
	f := s.Attached[i]
	if len(s.made) > i+1 { // entered
		return s.found(ctx, f)
	}
	if err := s.unchanged(f); err != nil {
		return nil, err
	}
	r, err := s.found(ctx, f)
	if errors.Is(err, fs.ErrNotExist) {
		job := AttachJob{Common: s.Common, Number: s.Number.String()}
		job.Source, job.Out = f.Source.Path, f.Out
		r, err = Attach(ctx, job, progress)
	}
	if err != nil {
		return nil, err
	}
	s.enter(r, i == len(s.Attached)-1)
	return r, s.run.Record(context.WithoutCancel(ctx), *s.work, register.Action{
		What: "attach", Number: s.Number.String(), Certificate: s.fingerprint(), Name: cms.DisplayName(s.Key.Certificate()),
		Source: f.Source, Output: s.made[i+1], Result: "done", NeedsStamp: s.lacksStamp(r),
	})
}

// unchanged tells whether a source still is the file that was planned.
func (s *issuing) unchanged(f filePlan) error {
	sum, err := hashFile(f.Source.Path, -1)
	if err == nil && sum != f.Source.SHA256 {
		err = fmt.Errorf("%w: %q", ErrSourceChanged, f.Source.Path)
	}
	return err
}

// enter puts a result into what the journal is going to say.
func (s *issuing) enter(r *Result, last bool) {
	s.made = append(s.made, register.File{Path: r.Output, SHA256: hex.EncodeToString(r.SHA256[:])})
	text, err := json.Marshal(s.made)
	if err != nil {
		panic(err) // texts only
	}
	s.work.State, s.work.Outputs, s.work.Problem = register.Written, string(text), ""
	if last {
		s.work.State = register.Done
	}
}

// entry is the line of the outgoing register.
func (s *issuing) entry(r *Result) register.Document {
	d := s.Entry
	d.Number, d.Date = s.Number, s.Job.Date
	d.Source, d.Output = s.Main.Source, s.made[0]
	d.Override = r.OverrideReason
	d.Certificate, d.Level, d.NeedsStamp = s.fingerprint(), r.Level, s.lacksStamp(r)
	if sigs := r.Report.Signatures; d.Signer == "" {
		for i := len(sigs) - 1; i >= 0 && d.Signer == ""; i-- {
			if c := sigs[i].Signer; c != nil && !c.Equal(s.Key.Certificate()) && sigs[i].Kind != verify.DocTimeStamp {
				d.Signer = cms.DisplayName(c)
			}
		}
	}
	return d
}

func (s *issuing) fingerprint() string { return fingerprint(s.Key.Certificate()) }

func fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// lacksStamp tells whether a time-stamp was wanted and is not there.
func (s *issuing) lacksStamp(r *Result) bool { return s.wantStamp && r.Level == "B-B" }

// fail writes down why a row was not finished. When nothing was made, the
// number is given back. Of a row that waits again, nothing is left.
func (s *issuing) fail(ctx context.Context, cause error) error {
	keep := context.WithoutCancel(ctx)
	made, err := s.found(keep, s.Main)
	s.work.Problem = cause.Error()
	switch {
	case ctx.Err() == nil && !Halts(cause):
		s.work.State = register.Failed
	case len(s.made) > 0:
		s.work.State = register.Written
	case made != nil:
		s.work.State = register.Signing
	default:
		s.work.State = register.Planned
	}
	if errors.Is(err, fs.ErrNotExist) && len(s.made) == 0 {
		if err := s.run.Release(keep, *s.work, s.reservation()); !errors.Is(err, register.ErrNotReserved) { // the number was another's
			return errors.Join(cause, err)
		}
	}
	return errors.Join(cause, s.run.Set(keep, *s.work))
}

// found is what an earlier run has made of f: a file under the planned name
// that begins with the very bytes of the source and ends with an intact
// signature by this certificate. Errors: fs.ErrNotExist when there is no file,
// ErrExists when it is another.
func (s *issuing) found(ctx context.Context, f filePlan) (*Result, error) {
	st, err := os.Lstat(f.Out)
	if err != nil {
		return nil, err
	}
	source, err := os.Stat(f.Source.Path)
	if err != nil {
		return nil, err
	}
	other := fmt.Errorf("%w: %q", ErrExists, f.Out)
	if sum, err := hashFile(f.Out, source.Size()); err != nil || sum != f.Source.SHA256 || st.Size() == source.Size() {
		return nil, errors.Join(other, err)
	}
	report, err := verify.Open(ctx, f.Out, pdffile.Options{Password: s.Password}, verify.Options{Store: s.Trust, At: s.now()})
	if err != nil {
		return nil, errors.Join(other, err)
	}
	for _, sig := range report.Signatures {
		if sig.CoversFile && sig.Intact() && sig.Signer != nil && sig.Signer.Equal(s.Key.Certificate()) {
			r := &Result{
				Source: f.Source.Path, Output: f.Out, Size: st.Size(), Field: sig.Field, Place: Place{sig.Page, sig.Box},
				Level: "B-B", SignedAt: sig.ClaimedTime, Report: report,
			}
			if s.Override != nil { // whether it was needed, that run knew
				r.OverrideReason = strings.TrimSpace(s.Override.Reason)
			}
			if sig.Stamp != nil {
				r.Level, r.SignedAt = "B-T", sig.Stamp.Time
			}
			sum, err := hashFile(f.Out, -1)
			if err == nil {
				_, err = hex.Decode(r.SHA256[:], []byte(sum))
			}
			return r, err
		}
	}
	return nil, other
}

// IssueEntered issues one document with its attachments and enters it in the
// register. When the same call was cut short by a crash, it goes on where that
// was. Errors: those of Issue and Attach, register.ErrTaken, register.ErrNumber.
func IssueEntered(ctx context.Context, r *register.Register, c Common, row IssueRow, progress Progress) (*Result, error) {
	plan, err := planIssue(ctx, c, row, func(string) bool { return false })
	if err == nil {
		err = checkIssue(ctx, c, row) // a refusal leaves no trace in the register
	}
	if err != nil {
		return nil, err
	}
	s := &issuing{issuePlan: plan, Common: plan.Wishes.common(c), run: r.Single(), work: &register.Work{}, wantStamp: c.TSA != nil}
	if e, err := r.Find(ctx, register.Outgoing, plan.Number, row.Job.Date); err == nil {
		s.rediscover(ctx, e)
	}
	return s.do(ctx, progress)
}

// rediscover looks for what a run has made that has left no journal, by what
// the register says of the number.
func (s *issuing) rediscover(ctx context.Context, e register.Entry) {
	switch {
	case e.Reservation != nil && e.Reservation.Holder == s.Main.Source.SHA256:
	case e.Document != nil && e.Document.Source.SHA256 == s.Main.Source.SHA256 && len(s.Attached) > 0:
		s.made = issueOutputs{e.Document.Output}
	default:
		return
	}
	for _, f := range append([]*filePlan{&s.Main}, filePointers(s.Attached)...) {
		o, err := outputAt(f.Source.Path, s.Job.Out, ".phathanh")
		for i := 1; err == nil && o.numbered(i) != f.Out; i++ {
			made := filePlan{f.Source, o.numbered(i)}
			if _, err := s.found(ctx, made); err == nil {
				*f = made
				break
			}
		}
	}
}

func filePointers(files []filePlan) (out []*filePlan) {
	for i := range files {
		out = append(out, &files[i])
	}
	return out
}
