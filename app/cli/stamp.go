package cli

import (
	"context"
	"fmt"

	"antin/signer"
	"antin/signer/register"
)

// stamp adds time-stamps to what was signed without one: to files, or to all
// documents that wait in the register.
func (c *command) stamp(ctx context.Context, args []string) (int, error) {
	var s signing
	var book registerFlags
	waiting := false
	f := c.flags("stamp")
	s.defineOutput(f)
	s.tsaTimeout = signer.TimestampPatience
	f.BoolVar(&waiting, "waiting", false, "")
	book.define(f)
	files, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	if waiting == (len(files) > 0) || waiting && book.none {
		return exitUsage, &usageError{c.words.Text("usage.stamp")}
	}
	if err := s.checkOut(f, files); err != nil {
		return exitUsage, err
	}
	if err := s.fill(c); err != nil {
		return exitFor(err), err
	}
	if waiting { // without the register there is nothing to do
		r, err := book.open(ctx)
		if err != nil {
			return exitFor(err), err
		}
		defer r.Close() // what was entered is committed
		s.log = r
	} else {
		defer c.logTo(ctx, &s, book)()
	}
	common, err := c.common(&s)
	if err != nil {
		return exitFor(err), err
	}
	b, err := timestamps(ctx, s.log, signer.TimestampJob{Password: common.Password, Out: common.Out, TSA: common.TSA, Trust: common.Trust}, files)
	if err != nil {
		return exitFor(err), err
	}
	if len(b.Rows) == 0 && !s.json {
		fmt.Fprintln(c.Stdout, c.words.Text("register.waiting", 0))
	}
	m := &many{command: c, signing: &s, action: "stamp", common: common, pin: &pinSource{}}
	err = m.run(ctx, b, b.Run, func(int) string { return "" })
	m.sum(b, "stamp.sum")
	return m.endWith(err)
}

// timestamps are the stamps to add: to files, or without files to what waits in r.
// Those of files are entered where there is a register.
func timestamps(ctx context.Context, r *register.Register, job signer.TimestampJob, files []string) (*signer.Batch, error) {
	if len(files) == 0 {
		return signer.NewTimestampBatch(ctx, r, job)
	}
	b := &signer.Batch{}
	for _, file := range files {
		b.Rows = append(b.Rows, signer.Row{Source: file})
	}
	b.Step = func(ctx context.Context, row int, p signer.Progress) (*signer.Result, error) {
		job := job
		job.Source = b.Rows[row].Source
		if r == nil {
			return signer.AddTimestamp(ctx, job, p)
		}
		return signer.AddTimestampEntered(ctx, r, job, p)
	}
	return b, nil
}
