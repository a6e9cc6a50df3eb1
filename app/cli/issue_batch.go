package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"antin/signer"
	"antin/signer/register"
)

// batchFlags are those of issuing many documents.
type batchFlags struct {
	list, report                 string
	resume, discard, skipRefused bool
}

func (b *batchFlags) define(f *flags) {
	f.StringVar(&b.list, "batch", "", "")
	f.StringVar(&b.report, "report", "", "")
	f.BoolVar(&b.resume, "resume", false, "")
	f.BoolVar(&b.discard, "discard", false, "")
	f.BoolVar(&b.skipRefused, "skip-refused", false, "")
}

func (b *batchFlags) wanted() bool { return b.list != "" || b.resume }

// check finds what does not go together.
func (b *batchFlags) check(c *command, files []string, r registerFlags) error {
	switch {
	case b.list != "" && b.resume, len(files) > 0, r.none, b.discard && !b.resume:
		return &usageError{c.words.Text("usage.batch")}
	case b.report != "" && tableForm(b.report) == nil:
		return &usageError{c.words.Text("usage.export", b.report)}
	}
	return nil
}

// tableForm is how a table is written to a file of that name; nil for a name
// that is no table's.
func tableForm(name string) func(w io.Writer, title string, rows [][]string) error {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".csv":
		return func(w io.Writer, _ string, rows [][]string) error { return register.WriteCSV(w, rows) }
	case ".xlsx":
		return register.WriteXLSX
	}
	return nil
}

// issueMany is antin issue --batch and --resume.
func (c *command) issueMany(ctx context.Context, s *signing, o batchFlags, job signer.IssueJob, r *register.Register) (code int, err error) {
	var rows []listed
	if o.list != "" {
		if rows, err = readList(c.words, o.list, job.Date); err != nil {
			var wrong *usageError
			if errors.As(err, &wrong) {
				return exitUsage, err
			}
			return exitFor(err), err
		}
	}
	m := &manyIssues{many: many{command: c, signing: s, action: "issue"}}
	done, err := m.login(ctx)
	defer func() { err = errors.Join(err, done()) }()
	if err != nil {
		return exitFor(err), err
	}
	if o.resume {
		m.batch, err = signer.ResumeIssues(ctx, r, m.common)
	} else {
		m.batch, err = m.plan(ctx, r, o, job, rows)
	}
	switch {
	case err != nil:
		return exitFor(err), err
	case m.batch == nil:
		return m.code, nil
	}
	defer func() { err = errors.Join(err, m.batch.Close()) }()
	if o.discard {
		err = m.batch.Discard(ctx)
	} else {
		m.batch.Retry()
		if err = m.run(ctx, &m.batch.Batch, m.batch.Run, func(i int) string { return m.batch.Plan(i).Job.Number }); err != nil {
			fmt.Fprintln(c.Stderr, c.words.Text("batch.resume"))
		}
	}
	m.sum(&m.batch.Batch, "batch.sum")
	if o.report != "" {
		write := tableForm(o.report)
		err = errors.Join(err, newFile(o.report, func(w io.Writer) error { return write(w, c.words.Text("batch.report"), c.words.IssueResults(m.batch)) }))
	}
	return m.endWith(err)
}

// manyIssues are documents that are issued.
type manyIssues struct {
	many
	batch *signer.IssueBatch
}

// plan checks the rows and writes the run down; nil without an error when rows
// are refused.
func (m *manyIssues) plan(ctx context.Context, r *register.Register, o batchFlags, job signer.IssueJob, list []listed) (*signer.IssueBatch, error) {
	rows := make([]signer.IssueRow, len(list))
	for i, l := range list {
		row := l.IssueRow
		source, number, date := row.Job.Source, row.Job.Number, row.Job.Date
		row.Job = m.sealed(job, m.common)
		row.Job.Source, row.Job.Number, row.Job.Date = source, number, date
		rows[i] = row
	}
	refused := 0
	err := signer.CheckIssues(ctx, r, m.common, rows, func(i int, err error) {
		if err != nil {
			refused++
			rows[i].Skip = true
			m.refuse(m.words.Text("batch.line", list[i].line, rows[i].Job.Source), rows[i].Job.Source, rows[i].Job.Number, err)
		}
	})
	if err != nil {
		return nil, err
	}
	if refused > 0 && (!o.skipRefused || refused == len(rows)) {
		fmt.Fprintln(m.Stderr, m.words.Text("batch.refused", refused, len(rows)))
		return nil, nil
	}
	m.code = exitDone // what was skipped on wish is no failure
	return signer.NewIssueBatch(ctx, r, m.common, rows)
}
