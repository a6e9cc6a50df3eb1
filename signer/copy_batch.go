package signer

import (
	"cmp"
	"context"
	"errors"

	"antin/signer/register"
	"antin/signer/report"
)

// CopyBatch certifies scans, each entered in the register of copies, or in the log
// when it has no number. A single copy is a run of one.
type CopyBatch struct{ *EnteredBatch }

const copyRun = "copy"

// CheckCopies looks at all rows before anything is signed, without a PIN, and tells
// for each what stands against it: the norm, a number that is taken or stands
// twice, a name that is taken. nil says that the row is ready. What was found out
// is kept in the row's Job.Plan, so that no scan is judged twice. looking, which may
// be nil, is told which row comes and gives whom to tell how far that is. r may be
// nil when no row has a number. An error is only that ctx has ended or the register
// cannot be read.
func CheckCopies(ctx context.Context, r *register.Register, c Common, rows []CopyRow, looking func(row int) Progress, told func(row int, refused error)) error {
	return checkRows(ctx, r, c, len(rows), func(i int, c Common, taken func(string) bool) (rowPlan, bool, error) {
		if rows[i].Skip {
			return nil, true, nil
		}
		var progress Progress
		if looking != nil {
			progress = looking(i)
		}
		refused := checkCopy(ctx, c, &rows[i], progress)
		plan, err := planCopy(c, rows[i], taken)
		if err != nil {
			return nil, false, cmp.Or(refused, err)
		}
		return plan, false, refused
	}, told)
}

// checkCopy is what Copy would refuse.
func checkCopy(ctx context.Context, c Common, row *CopyRow, progress Progress) error {
	job := row.job(c)
	var guard Plan
	if err := guard.checkRole(job.Common, report.Organisation); err != nil {
		return err
	}
	if job.Plan == nil {
		plan, err := PlanCopy(ctx, job, progress)
		if err != nil {
			return err
		}
		row.Job.Plan = plan
	}
	return row.Job.Plan.refusal(job.Looked)
}

// NewCopyBatch plans a run and writes it to the journal of r. Names of outputs are
// chosen now; numbers are reserved when their row comes. A run of one that was cut
// short is gone on with when the same is wanted again. Errors: *RowError for a row
// that is not complete or whose files cannot be read, register.ErrUnfinished,
// register.ErrRunning.
func NewCopyBatch(ctx context.Context, r *register.Register, c Common, rows []CopyRow) (*CopyBatch, error) {
	var last *copyPlan
	b, err := newEntered(ctx, r, copyRun, c, len(rows), func(i int, taken func(string) bool) (rowPlan, bool, error) {
		row, err := rows[i].absolute()
		if err != nil || row.Skip {
			return &copyPlan{CopyRow: row, Source: row.Job.Source, File: filePlan{Source: register.File{Path: row.Job.Source}}}, true, err
		}
		last, err = planCopy(c, row, taken)
		return last, false, err
	})
	if errors.Is(err, register.ErrUnfinished) && len(rows) == 1 && last != nil {
		return copyAgain(ctx, r, c, last, err)
	}
	if err != nil {
		return nil, err
	}
	return &CopyBatch{b}, nil
}

// copyAgain goes on with a run that is this one copy; unfinished is the error when
// it is another.
func copyAgain(ctx context.Context, r *register.Register, c Common, again *copyPlan, unfinished error) (*CopyBatch, error) {
	b, err := ResumeCopies(ctx, r, c)
	if err != nil {
		return nil, err
	}
	p := b.plans[0].(*copyPlan)
	if len(b.plans) > 1 || p.wanted() != again.wanted() {
		return nil, errors.Join(unfinished, b.Close())
	}
	p.Job = again.Job // with what the journal does not keep
	return b, nil
}

// ResumeCopies goes on with the newest run of r that was interrupted, or that has
// rows which failed. Errors: register.ErrNoEntry when there is none,
// register.ErrRunning.
func ResumeCopies(ctx context.Context, r *register.Register, c Common) (*CopyBatch, error) {
	b, err := resumeEntered(ctx, r, copyRun, c, readCopy)
	if err != nil {
		return nil, err
	}
	return &CopyBatch{b}, nil
}

// Plan is row i as it was planned.
func (b *CopyBatch) Plan(i int) CopyRow { return b.plans[i].(*copyPlan).CopyRow }
