package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"antin/signer"
)

// many is a batch on its way, told line by line.
type many struct {
	*command
	*signing
	action string // as in signRecord
	common signer.Common
	pin    *pinSource
	code   int
}

// login loads what all rows need and finds the key; done ends the session.
func (m *many) login(ctx context.Context) (done func() error, err error) {
	m.pin = &pinSource{c: m.command, file: m.pinFile}
	m.common, done, err = m.prepare(ctx, m.signing, m.pin)
	return done, err
}

// refuse tells why a row cannot be done.
func (m *many) refuse(title, source, number string, err error) {
	p := m.words.Explain(err)
	fmt.Fprintln(m.Stderr, title)
	record := signRecord{Schema: "antin/sign/1", Action: m.action, State: "refused", Source: source, Number: number, Error: recordOf(p)}
	record.Findings = m.listFindings(err)
	m.words.Write(m.Stderr, p)
	if m.json {
		writeJSON(m.Stdout, record)
	}
	m.code = worse(m.code, exitFor(err))
}

// run does the rows of b, with a line on the terminal for the one in work.
func (m *many) run(ctx context.Context, b *signer.Batch, run func(context.Context) error, number func(row int) string) error {
	var line *progress
	recordOfRow := func(i int) signRecord {
		return signRecord{Schema: "antin/sign/1", Action: m.action, Source: b.Rows[i].Source, Number: number(i)}
	}
	b.Changed = func(i int, row signer.Row) {
		switch row.State {
		case signer.RowWorking:
			name := filepath.Base(row.Source)
			m.pin.document, m.pin.more = name, b.Count(signer.RowWaiting)
			line = m.begin(m.place(b, i, name))
			m.pin.line = line
			b.Progress = line.report
			return
		case signer.RowDone:
			line.finish()
			m.tellDone(row.Result, recordOfRow(i))
		case signer.RowFailed:
			line.finish()
			record := recordOfRow(i)
			fmt.Fprintf(m.Stderr, "%s:\n", row.Source)
			record.Findings = m.listFindings(row.Err)
			p := m.words.Explain(row.Err)
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
	err := run(ctx)
	if err == nil {
		return nil
	}
	err = m.interrupted(ctx, err)
	for i, row := range b.Rows {
		if m.json && row.State == signer.RowWaiting {
			record := recordOfRow(i)
			record.State, record.Error = "skipped", recordOf(m.words.Explain(err))
			writeJSON(m.Stdout, record)
		}
	}
	return err
}

// place says where a row stands among several, and how long they will take.
func (m *many) place(b *signer.Batch, i int, name string) string {
	left := b.Left()
	switch {
	case len(b.Rows) == 1:
		return name
	case left > 0:
		return m.words.Text("batch.progress-left", i+1, len(b.Rows), int(left.Seconds())+1, name)
	}
	return m.words.Text("batch.progress", i+1, len(b.Rows), name)
}

// tellDone prints a document and its attachments.
func (m *many) tellDone(r *signer.Result, record signRecord) {
	m.tell(r, m.common, record, m.json)
	record.Action, record.Number = "attach", ""
	for _, a := range r.Attachments {
		m.tell(a, m.common, record, m.json)
	}
}

// sum says what came of the whole; text is that for several.
func (m *many) sum(b *signer.Batch, text string) {
	if len(b.Rows) > 1 {
		fmt.Fprintln(m.Stderr, m.words.Text(text, b.Count(signer.RowDone), b.Count(signer.RowFailed), b.Count(signer.RowSkipped), b.Count(signer.RowWaiting)))
	}
}

// endWith is how a run ends: its code, and the error that stopped it.
func (m *many) endWith(errs ...error) (int, error) {
	err := errors.Join(errs...)
	if err != nil {
		m.code = worse(m.code, exitFor(err))
	}
	return m.code, err
}
