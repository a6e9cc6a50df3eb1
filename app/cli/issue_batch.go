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
	pin := &pinSource{c: c, file: s.pinFile}
	common, done, err := c.prepare(ctx, s, pin)
	defer func() { err = errors.Join(err, done()) }()
	if err != nil {
		return exitFor(err), err
	}
	m := &manyIssues{command: c, signing: s, common: common, pin: pin}
	if o.resume {
		m.batch, err = signer.ResumeIssues(ctx, r, common)
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
		err = m.run(ctx)
	}
	m.sum()
	if o.report != "" {
		write := tableForm(o.report)
		err = errors.Join(err, newFile(o.report, func(w io.Writer) error { return write(w, c.words.Text("batch.report"), c.words.IssueResults(m.batch)) }))
	}
	if err != nil {
		m.code = worse(m.code, exitFor(err))
	}
	return m.code, err
}

// manyIssues is a batch on its way, told line by line.
type manyIssues struct {
	*command
	*signing
	common signer.Common
	pin    *pinSource
	batch  *signer.IssueBatch
	code   int
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
		if err == nil {
			return
		}
		refused++
		rows[i].Skip = true
		p := m.words.Explain(err)
		fmt.Fprintln(m.Stderr, m.words.Text("batch.line", list[i].line, rows[i].Job.Source))
		m.words.Write(m.Stderr, p)
		if m.json {
			writeJSON(m.Stdout, signRecord{Schema: "antin/sign/1", Action: "issue", State: "refused", Source: rows[i].Job.Source, Number: rows[i].Job.Number, Error: recordOf(p)})
		}
		m.code = worse(m.code, exitFor(err))
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

// run does the rows, with a line on the terminal for the one in work.
func (m *manyIssues) run(ctx context.Context) error {
	var line *progress
	m.batch.Changed = func(i int, row signer.Row) {
		name := filepath.Base(row.Source)
		record := signRecord{Schema: "antin/sign/1", Action: "issue", Source: row.Source, Number: m.batch.Plan(i).Job.Number}
		switch row.State {
		case signer.RowWorking:
			m.pin.document, m.pin.more = name, m.batch.Count(signer.RowWaiting)
			text := m.words.Text("batch.progress", i+1, len(m.batch.Rows), name)
			if left := m.batch.Left(); left > 0 {
				text = m.words.Text("batch.progress-left", i+1, len(m.batch.Rows), int(left.Seconds())+1, name)
			}
			line = m.begin(text)
			m.pin.line = line
			m.batch.Progress = line.report
			return
		case signer.RowDone:
			line.finish()
			m.tellIssued(row.Result, m.common, record, m.json)
		case signer.RowFailed:
			line.finish()
			p := m.words.Explain(row.Err)
			fmt.Fprintf(m.Stderr, "%s:\n", row.Source)
			m.words.Write(m.Stderr, p)
			record.State, record.Error = "failed", recordOf(p)
			if m.json {
				writeJSON(m.Stdout, record)
			}
			m.code = worse(m.code, exitFor(row.Err))
		case signer.RowWaiting: // cancelled or halted
			line.finish()
		}
	}
	err := m.batch.Run(ctx)
	if err != nil {
		err = m.interrupted(ctx, err)
		fmt.Fprintln(m.Stderr, m.words.Text("batch.resume"))
	}
	return err
}

// tellIssued prints a document and its attachments.
func (c *command) tellIssued(r *signer.Result, common signer.Common, record signRecord, asJSON bool) {
	c.tell(r, common, record, asJSON)
	record.Action, record.Number = "attach", ""
	for _, a := range r.Attachments {
		c.tell(a, common, record, asJSON)
	}
}

// sum says what came of the whole.
func (m *manyIssues) sum() {
	b := m.batch
	fmt.Fprintln(m.Stderr, m.words.Text("batch.sum", b.Count(signer.RowDone), b.Count(signer.RowFailed), b.Count(signer.RowSkipped), b.Count(signer.RowWaiting)))
}
