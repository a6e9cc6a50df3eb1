package cli

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"antin/signer/register"
)

// registerCommand is antin register: what stands in the office's registers.
func (c *command) registerCommand(ctx context.Context, args []string) (int, error) {
	var which registerFlags
	q := registerQuery{command: c, book: register.Outgoing}
	f := c.flags("register")
	f.StringVar(&which.file, "register", "", "")
	f.value("book", "usage.form-book", func(s string) error {
		q.book = register.Book(s)
		if q.book != register.Outgoing && q.book != register.Copies {
			return errForm
		}
		return nil
	})
	f.StringVar(&q.period, "period", "", "")
	f.BoolVar(&q.json, "json", false, "")
	words, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	if len(words) == 0 {
		words = []string{"list"}
	}
	do := map[string]struct {
		args int
		run  func(context.Context, []string) (int, error)
	}{
		"list": {0, q.list}, "gaps": {0, q.gaps}, "check": {0, q.check}, "waiting": {0, q.waiting}, "export": {1, q.export}, "term": {3, q.term},
	}[words[0]]
	if do.run == nil || len(words) != 1+do.args {
		return exitUsage, &usageError{c.words.Text("usage.register")}
	}
	if q.Register, err = which.open(ctx); err != nil {
		return exitFor(err), err
	}
	defer q.Close() // it was read, or what was written is committed
	code, err := do.run(ctx, words[1:])
	if err != nil {
		code = exitFor(err)
	}
	return code, err
}

// registerQuery is one question to a register.
type registerQuery struct {
	*command
	*register.Register
	book   register.Book
	period string
	json   bool
}

func (q *registerQuery) list(ctx context.Context, _ []string) (int, error) {
	for e, err := range q.Lines(ctx, q.book, q.period) {
		if err != nil {
			return exitFailure, err
		}
		if q.json {
			writeJSON(q.Stdout, lineOf(&e))
			continue
		}
		day := func(t time.Time) string { return q.words.Date(t) }
		switch {
		case e.Document != nil:
			d := e.Document
			fmt.Fprintln(q.Stdout, q.words.Text("register.line", d.Number, day(d.Date), strings.TrimSpace(d.Type+" "+d.Summary), d.Signer, d.Output.Path))
		case e.Copy != nil:
			d := e.Copy
			fmt.Fprintln(q.Stdout, q.words.Text("register.line", d.Number, day(d.Date), strings.TrimSpace(d.Form+" "+d.Original), d.OrderedBy, d.Output.Path))
		default:
			v := e.Reservation
			fmt.Fprintln(q.Stdout, q.words.Text("register.reserved", v.Number, day(v.Date)))
		}
	}
	return exitDone, nil
}

// lineOf is the record of one number.
func lineOf(e *register.Entry) registerRecord {
	r := registerRecord{Schema: "antin/register/1", Entry: e.Seq, At: timeOf(e.At), State: string(e.Kind), SHA256: hex.EncodeToString(e.Hash[:])}
	switch {
	case e.Document != nil:
		r.Number, r.Date, r.Document = e.Document.Number.String(), timeOf(e.Document.Date), e.Document
	case e.Copy != nil:
		r.Number, r.Date, r.Copy = e.Copy.Number.String(), timeOf(e.Copy.Date), e.Copy
	default:
		r.Number, r.Date = e.Reservation.Number.String(), timeOf(e.Reservation.Date)
	}
	return r
}

func (q *registerQuery) gaps(ctx context.Context, _ []string) (int, error) {
	gaps, err := q.Gaps(ctx, q.book, q.period)
	for _, g := range gaps {
		from, to := g.Series.Number(g.From, "").String(), g.Series.Number(g.To, "").String()
		switch {
		case q.json:
			writeJSON(q.Stdout, gapRecord{"antin/register-gap/1", g.Period, from, to, g.To - g.From + 1})
		case g.From == g.To:
			fmt.Fprintln(q.Stdout, q.words.Text("register.gap", from, g.Period))
		default:
			fmt.Fprintln(q.Stdout, q.words.Text("register.gaps", from, to, g.Period))
		}
	}
	if err == nil && len(gaps) == 0 && !q.json {
		fmt.Fprintln(q.Stdout, q.words.Text("register.no-gaps"))
	}
	return exitDone, err
}

// faultTexts say what is wrong with a register.
var faultTexts = map[register.Fault]string{
	register.Edited: "register.edited", register.Missing: "register.missing", register.CutOff: "register.cut-off",
	register.NoHead: "register.no-head", register.WrongNumbers: "register.wrong-numbers", register.WrongContents: "register.wrong-contents",
}

func (q *registerQuery) check(ctx context.Context, _ []string) (int, error) {
	found, err := q.Check(ctx)
	if err != nil {
		return exitFailure, err
	}
	if q.json {
		fault := ""
		if found.Fault != register.NoFault {
			fault = strings.TrimPrefix(faultTexts[found.Fault], "register.")
		}
		writeJSON(q.Stdout, checkRecordOf(found, fault))
	} else {
		if found.Fault == register.NoFault {
			fmt.Fprintln(q.Stdout, q.words.Text("register.sound", found.Entries))
		} else {
			fmt.Fprintln(q.Stdout, q.words.Text("register.broken", q.words.Text(faultTexts[found.Fault])))
			if found.Entry > 0 {
				fmt.Fprintln(q.Stdout, "  "+q.words.Text("register.at-entry", found.Entry))
			}
		}
		fmt.Fprintln(q.Stdout, "  "+q.words.Text("register.head", hex.EncodeToString(found.Head[:])))
	}
	if found.Fault != register.NoFault {
		return exitRefused, nil
	}
	return exitDone, nil
}

func checkRecordOf(found register.Integrity, fault string) integrityRecord {
	return integrityRecord{"antin/register-check/1", fault == "", fault, found.Entry, found.Entries, hex.EncodeToString(found.Head[:])}
}

// waiting lists the documents that lack a time-stamp that was wanted.
func (q *registerQuery) waiting(ctx context.Context, _ []string) (int, error) {
	n, err := q.UnstampedCount(ctx)
	if err != nil {
		return exitFailure, err
	}
	if !q.json {
		fmt.Fprintln(q.Stdout, q.words.Text("register.waiting", n))
	}
	for e, err := range q.Unstamped(ctx) {
		if err != nil {
			return exitFailure, err
		}
		if out := e.Output(); q.json {
			writeJSON(q.Stdout, waitingRecord{"antin/register-waiting/1", out.Path, out.SHA256, timeOf(e.At)})
		} else {
			fmt.Fprintln(q.Stdout, "  "+out.Path)
		}
	}
	return exitDone, nil
}

// export writes a new file, in the form that its name ends in.
func (q *registerQuery) export(ctx context.Context, args []string) (int, error) {
	write := q.ExportXLSX
	if strings.EqualFold(filepath.Ext(args[0]), ".csv") {
		write = q.ExportCSV
	} else if !strings.EqualFold(filepath.Ext(args[0]), ".xlsx") {
		return exitUsage, &usageError{q.words.Text("usage.export", args[0])}
	}
	if err := newFile(args[0], func(w io.Writer) error { return write(ctx, w, q.book, q.period) }); err != nil {
		return exitFailure, err
	}
	fmt.Fprintln(q.Stdout, q.words.Text("register.exported", args[0]))
	return exitDone, nil
}

// newFile writes a file that did not exist; after a failure it does not either.
func newFile(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &problem{"KS-610", err}
	}
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path))
	}
	return nil
}

// term enters a Party term of office: its name, first and last day.
func (q *registerQuery) term(ctx context.Context, args []string) (int, error) {
	days := make([]time.Time, 2)
	for i, s := range args[1:] {
		var err error
		if days[i], err = parseDay(s); err != nil {
			return exitUsage, &usageError{q.words.Text("usage.value", "term", s, q.words.Text("usage.form-day"))}
		}
	}
	err := q.SetTerm(ctx, register.Term{Name: args[0], Start: days[0], End: days[1].AddDate(0, 0, 1)})
	if err == nil {
		fmt.Fprintln(q.Stdout, q.words.Text("register.term", args[0]))
	}
	return exitDone, err
}
