package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"antin/signer"
	"antin/signer/scan"
)

// manyCopies are scans that are certified.
type manyCopies struct {
	many
	copies
	rows []signer.CopyRow
}

// copyMany certifies scans, each made of the files that stand together in sources.
// All are judged before anything is signed.
func (c *command) copyMany(ctx context.Context, s *signing, o copies, sources [][]string) (code int, err error) {
	m := &manyCopies{many: many{command: c, signing: s, action: "copy"}, copies: o}
	done, err := m.login(ctx)
	defer func() { err = errors.Join(err, done()) }()
	if err != nil {
		return exitFor(err), err
	}
	if ready, err := m.check(ctx, sources); err != nil || !ready {
		return m.endWith(err)
	}
	if s.log == nil {
		return m.endWith(m.unentered(ctx))
	}
	b, err := signer.NewCopyBatch(ctx, s.log, m.common, m.rows)
	if err != nil {
		return exitFor(err), err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	return m.do(ctx, b)
}

// resumeCopies goes on with a run that was cut off, or gives up what is left of it.
func (c *command) resumeCopies(ctx context.Context, s *signing, book registerFlags, discard bool) (code int, err error) {
	r, err := book.open(ctx)
	if err != nil {
		return exitFor(err), err
	}
	defer r.Close() // what is entered is committed
	m := &manyCopies{many: many{command: c, signing: s, action: "copy"}}
	done, err := m.login(ctx)
	defer func() { err = errors.Join(err, done()) }()
	if err != nil {
		return exitFor(err), err
	}
	b, err := signer.ResumeCopies(ctx, r, m.common)
	if err != nil {
		return exitFor(err), err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	if discard {
		err := b.Discard(ctx)
		m.sum(&b.Batch, "copy.sum")
		return m.endWith(err)
	}
	b.Retry()
	return m.do(ctx, b)
}

// do certifies the rows that wait. Of a run of one that fails nothing is kept: the
// command is repeated.
func (m *manyCopies) do(ctx context.Context, b *signer.CopyBatch) (int, error) {
	err := m.run(ctx, &b.Batch, b.Run, b.Number)
	if len(b.Rows) == 1 {
		return m.endWith(err, b.Discard(context.WithoutCancel(ctx)))
	}
	if err != nil {
		fmt.Fprintln(m.Stderr, m.words.Text("copy.resume"))
	}
	m.sum(&b.Batch, "copy.sum")
	return m.endWith(err)
}

// check judges the scans; it is not ready when any is refused.
func (m *manyCopies) check(ctx context.Context, sources [][]string) (ready bool, err error) {
	m.rows = make([]signer.CopyRow, len(sources))
	refused := 0
	refuse := func(i int, err error) {
		refused++
		m.rows[i].Skip = true
		source := sources[i][0]
		m.refuse(source+":", source, m.numberOf(i), err)
	}
	for i, files := range sources {
		if err := m.fill(ctx, i, files); err != nil {
			refuse(i, err)
		}
	}
	var line *progress
	looking := func(i int) signer.Progress {
		line = m.begin(filepath.Base(sources[i][0]))
		return line.report
	}
	err = signer.CheckCopies(ctx, m.log, m.common, m.rows, looking, func(i int, err error) {
		line.finish()
		if err != nil {
			refuse(i, err)
		}
	})
	if err != nil {
		return false, m.interrupted(ctx, err)
	}
	if refused > 0 && (!m.skipRefused || refused == len(m.rows)) {
		if len(m.rows) > 1 {
			fmt.Fprintln(m.Stderr, m.words.Text("copy.refused", refused, len(m.rows)))
		}
		return false, nil
	}
	m.code = exitDone // what was skipped on wish is no failure
	return true, nil
}

// fill makes row i of files. Numbers go on from the first.
func (m *manyCopies) fill(ctx context.Context, i int, files []string) error {
	row := &m.rows[i]
	row.Job, row.Entry = m.job, m.entry
	row.Job.Common, row.Job.Ordinal = m.common, m.job.Ordinal+i
	row.Job.Source = files[0]
	if row.Entry.Number.N > 0 {
		row.Entry.Number.N += i
	}
	if !m.together && m.dpi == 0 {
		return nil
	}
	var from []scan.File
	for _, path := range files {
		from = append(from, scan.File{Path: path, Password: m.common.Password, DPI: m.dpi})
	}
	leaves, err := scan.Leaves(ctx, from...)
	if err != nil {
		return err
	}
	plan := scan.NewPlan(leaves...)
	row.Job.Sheets = &plan
	return nil
}

func (m *manyCopies) numberOf(row int) string {
	if n := m.rows[row].Entry.Number; n.N > 0 {
		return n.String()
	}
	return ""
}

// unentered certifies without a register: nothing is written down, nothing can be
// resumed.
func (m *manyCopies) unentered(ctx context.Context) error {
	b := &signer.Batch{}
	for _, row := range m.rows {
		r := signer.Row{Source: row.Job.Source}
		if row.Skip {
			r.State = signer.RowSkipped
		}
		b.Rows = append(b.Rows, r)
	}
	b.Step = func(ctx context.Context, i int, p signer.Progress) (*signer.Result, error) {
		return signer.Copy(ctx, m.rows[i].Job, p)
	}
	err := m.run(ctx, b, b.Run, m.numberOf)
	m.sum(b, "copy.sum")
	return err
}

// listFindings tells what the gate found on a scan that it refuses, each with its
// name for --looked.
func (c *command) listFindings(err error) []scan.Finding {
	var gate *signer.ScanError
	if !errors.As(err, &gate) {
		return nil
	}
	signs := map[scan.Verdict]string{scan.Fail: "✗", scan.Look: "?"}
	for _, f := range gate.Findings {
		fmt.Fprintf(c.Stderr, "  %s %s [%s]\n", signs[f.Verdict], c.words.Finding(f), f.Kind)
	}
	return gate.Findings
}
