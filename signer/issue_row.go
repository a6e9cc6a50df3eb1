package signer

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"slices"

	"antin/signer/cms"
	"antin/signer/register"
	"antin/signer/verify"
)

// IssueRow is one document to be issued and entered in the register.
type IssueRow struct {
	Job         IssueJob          // of its Common, only Source, Password, Out, Override, EvenIfBroken and EvenIfSigned count
	Attachments []string          // files that get the number too
	Entry       register.Document // Copies, Note, and what is not as the document says it: Summary, Recipients, KeptBy, Signer; the rest is filled in
	Skip        bool              // not in this run
}

// absolute makes all paths so.
func (row IssueRow) absolute() (IssueRow, error) {
	row.Attachments = slices.Clone(row.Attachments)
	paths := []*string{&row.Job.Source, &row.Job.Out, &row.Job.Seal}
	for i := range row.Attachments {
		paths = append(paths, &row.Attachments[i])
	}
	return row, absolute(paths...)
}

// issuePlan is what the journal keeps of an IssueRow. Passwords are not in it.
type issuePlan struct {
	IssueRow
	Number   register.Number
	Main     filePlan
	Attached []filePlan
	Wishes   wishes
}

// planIssue looks at the files of a row. taken tells of names that other rows
// of the run will use. A number without its symbol, where the page prints that,
// is made whole.
func planIssue(ctx context.Context, c Common, row IssueRow, taken func(path string) bool) (*issuePlan, error) {
	p := &issuePlan{IssueRow: row, Wishes: wishesOf(row.Job.Common)}
	c.Password = cmp.Or(row.Job.Password, c.Password)
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
	source, out := row.Job.Source, row.Job.Out
	var known []register.File
	if seen := row.Job.Plan; seen != nil {
		known = []register.File{{Path: source, SHA256: seen.SHA256}}
	}
	if p.Main, err = planFile([]string{source}, known, source, out, issueSuffix, taken); err != nil {
		return p, err
	}
	if st, err := os.Stat(out); err != nil || !st.IsDir() {
		out = "" // a name is the document's alone
	}
	for _, a := range row.Attachments {
		f, err := planFile([]string{a}, nil, a, out, issueSuffix, func(path string) bool { return taken(path) || p.uses(path) })
		if err != nil {
			return p, err
		}
		p.Attached = append(p.Attached, f)
	}
	return p, nil
}

const issueSuffix = ".phathanh"

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

// readIssue reads a plan from the journal.
func readIssue(text []byte) (rowPlan, error) {
	p := &issuePlan{}
	return p, json.Unmarshal(text, p)
}

func (p *issuePlan) uses(path string) bool {
	return slices.ContainsFunc(p.files(), func(f *filePlan) bool { return f.Out == path })
}

func (p *issuePlan) files() []*filePlan {
	out := []*filePlan{&p.Main}
	for i := range p.Attached {
		out = append(out, &p.Attached[i])
	}
	return out
}

func (p *issuePlan) reservation() *register.Reservation {
	return &register.Reservation{Book: register.Outgoing, Number: p.Number, Date: p.Job.Date, Holder: p.Main.holder()}
}

func (p *issuePlan) common(c Common) Common {
	c.Password = cmp.Or(p.Job.Password, c.Password)
	return p.Wishes.common(c)
}

func (p *issuePlan) key() string { return p.Main.Source.SHA256 }

// found tells a file of the row by its beginning, which is the very source.
func (p *issuePlan) found(ctx context.Context, s *entering, i int) (*Result, error) {
	f := p.files()[i]
	if err := grown(f.Source, f.Out); err != nil {
		return nil, err
	}
	return s.signed(ctx, f)
}

// sign issues the document, or signs an attachment.
func (p *issuePlan) sign(ctx context.Context, s *entering, i int, progress Progress) (*Result, error) {
	f := p.files()[i]
	if i > 0 {
		job := AttachJob{Common: s.Common, Number: p.Number.String()}
		job.Source, job.Out = f.Source.Path, f.Out
		return Attach(ctx, job, progress)
	}
	job := p.Job
	job.Common, job.Source, job.Out = s.Common, f.Source.Path, f.Out
	return Issue(ctx, job, progress)
}

func (p *issuePlan) enter(ctx context.Context, s *entering, i int, r *Result) error {
	if i > 0 {
		return s.run.Record(ctx, *s.work, s.action("attach", p.Number.String(), i, r))
	}
	return s.run.Issue(ctx, *s.work, p.entry(s, r), p.Main.holder())
}

// entry is the line of the outgoing register.
func (p *issuePlan) entry(s *entering, r *Result) register.Document {
	d, cert := p.Entry, s.certificate(r)
	d.Number, d.Date = p.Number, p.Job.Date
	d.Source, d.Output = p.Main.Source, s.made.Entered[0]
	d.Override = r.OverrideReason
	d.Certificate, d.Level, d.NeedsStamp = fingerprint(cert), r.Level, s.lacksStamp(r)
	if sigs := r.Report.Signatures; d.Signer == "" {
		for i := len(sigs) - 1; i >= 0 && d.Signer == ""; i-- {
			if c := sigs[i].Signer; c != nil && !c.Equal(cert) && sigs[i].Kind != verify.DocTimeStamp {
				d.Signer = cms.DisplayName(c)
			}
		}
	}
	return d
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
	s := &entering{Common: plan.common(c), plan: plan, run: r.Single(), work: &register.Work{}, wantStamp: c.TSA != nil}
	if e, err := r.Find(ctx, register.Outgoing, plan.Number, row.Job.Date); err == nil {
		plan.rediscover(ctx, s, e)
	}
	return s.do(ctx, progress)
}

// rediscover looks for what a run has made that has left no journal, by what
// the register says of the number.
func (p *issuePlan) rediscover(ctx context.Context, s *entering, e register.Entry) {
	switch {
	case e.Reservation != nil && e.Reservation.Holder == p.Main.holder():
		s.work.State = register.Signing
	case e.Document != nil && e.Document.Source.SHA256 == p.Main.Source.SHA256 && len(p.Attached) > 0:
		s.made.Entered = []register.File{e.Document.Output}
	default:
		return
	}
	for i, f := range p.files() {
		o, err := outputAt(f.Source.Path, p.Job.Out, issueSuffix)
		free := f.Out
		for n := 1; err == nil && o.numbered(n) != free; n++ {
			f.Out = o.numbered(n)
			if _, err := p.found(ctx, s, i); err == nil {
				break
			}
			f.Out = free
		}
	}
}
