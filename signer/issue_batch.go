package signer

import (
	"cmp"
	"context"
	"errors"

	"antin/signer/register"
)

// IssueBatch issues many documents with their attachments, each entered in the
// outgoing register.
type IssueBatch struct{ *EnteredBatch }

const issueRun = "issue"

// CheckIssues looks at all rows before anything is signed, without a PIN, and
// tells for each what stands against it: no valid signature of a leader, no
// place for number and date, a number that is taken or stands twice, a name
// that is taken, a missing attachment. nil says that the row is ready. An error
// is only that ctx has ended or the register cannot be read.
func CheckIssues(ctx context.Context, r *register.Register, c Common, rows []IssueRow, told func(row int, refused error)) error {
	return checkRows(ctx, r, c, len(rows), func(i int, c Common, taken func(string) bool) (rowPlan, bool, error) {
		if rows[i].Skip {
			return nil, true, nil
		}
		refused := checkIssue(ctx, c, rows[i])
		plan, err := planIssue(ctx, c, rows[i], taken)
		if err != nil {
			return nil, false, errors.Join(refused, err)
		}
		return plan, false, refused
	}, told)
}

// checkIssue is what Issue and Attach would refuse.
func checkIssue(ctx context.Context, c Common, row IssueRow) error {
	job := row.Job
	c.Password = cmp.Or(job.Password, c.Password)
	job.Common = wishesOf(job.Common).common(c)
	job.Source, job.Out = row.Job.Source, row.Job.Out
	_, refused := PlanIssue(ctx, job)
	for _, a := range row.Attachments {
		job := job
		job.Source = a
		src, err := openSource(ctx, job.Common, nil)
		if err == nil {
			err = src.Close()
		}
		refused = errors.Join(refused, err)
	}
	return refused
}

// NewIssueBatch plans a run and writes it to the journal of r. Names of outputs
// are chosen now; numbers are reserved when their row comes. Errors: *RowError for
// a row that CheckIssues would refuse because of its files or its number's form,
// register.ErrUnfinished, register.ErrRunning.
func NewIssueBatch(ctx context.Context, r *register.Register, c Common, rows []IssueRow) (*IssueBatch, error) {
	b, err := newEntered(ctx, r, issueRun, c, len(rows), func(i int, taken func(string) bool) (rowPlan, bool, error) {
		row, err := rows[i].absolute()
		if err != nil || row.Skip {
			return &issuePlan{IssueRow: row, Main: filePlan{Source: register.File{Path: row.Job.Source}}}, true, err
		}
		plan, err := planIssue(ctx, c, row, taken)
		return plan, false, err
	})
	if err != nil {
		return nil, err
	}
	return &IssueBatch{b}, nil
}

// ResumeIssues goes on with the newest run of r that was interrupted, or that
// has rows which failed. Errors: register.ErrNoEntry when there is none,
// register.ErrRunning.
func ResumeIssues(ctx context.Context, r *register.Register, c Common) (*IssueBatch, error) {
	b, err := resumeEntered(ctx, r, issueRun, c, readIssue)
	if err != nil {
		return nil, err
	}
	return &IssueBatch{b}, nil
}

// Plan is row i as it was planned: its number, date and attachments.
func (b *IssueBatch) Plan(i int) IssueRow { return b.plans[i].(*issuePlan).IssueRow }
