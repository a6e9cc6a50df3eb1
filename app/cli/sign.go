package cli

import (
	"cmp"
	"context"

	"antin/signer"
)

// sign is the leader's signature, or initials.
func (c *command) sign(ctx context.Context, args []string) (int, error) {
	var s signing
	var job signer.ApproveJob
	f := c.flags("sign")
	s.define(f)
	s.defineWishes(f)
	f.StringVar(&job.Picture, "image", "", "")
	f.place("at", &job.At)
	f.StringVar(&job.Field, "field", "", "")
	f.BoolVar(&job.Initials, "initials", false, "")
	f.BoolVar(&job.Invisible, "invisible", false, "")
	f.StringVar(&job.Reason, "reason", "", "")
	f.StringVar(&job.Location, "location", "", "")
	f.millimetres("width", &job.Width)
	f.millimetres("height", &job.Height)
	f.slot("number-at", signer.NumberPart, &job.Slots)
	f.slot("date-at", signer.DatePart, &job.Slots)
	f.BoolVar(&job.NoSlots, "no-slots", false, "")
	var book registerFlags
	book.define(f)
	files, err := f.files(args)
	if err != nil {
		return exitUsage, err
	}
	if err := s.check(f, files); err != nil {
		return exitUsage, err
	}
	if err := s.fill(c); err != nil {
		return exitFor(err), err
	}
	switch {
	case job.Picture == "" && !job.Invisible && !withPicture(s.set):
		return exitUsage, &usageError{c.words.Text("usage.missing-image")}
	case job.Invisible && (job.Picture != "" || job.At != nil || job.Initials):
		return exitUsage, &usageError{c.words.Text("usage.invisible")}
	case job.Field != "" && job.At != nil:
		return exitUsage, &usageError{c.words.Text("usage.field-or-at")}
	}
	defer c.logTo(ctx, &s, book)()
	var steps []step
	for _, file := range files {
		steps = append(steps, step{"sign", file, func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
			job := job
			job.Common = common
			if mine := belongings(s.set, common.Key.Certificate()); job.Picture == "" && !job.Invisible {
				job.Picture, job.Width, job.Height = mine.Picture, cmp.Or(job.Width, mine.Width), cmp.Or(job.Height, mine.Height)
			}
			return signer.Approve(ctx, job, p)
		}})
	}
	return c.perform(ctx, &s, steps), nil
}
