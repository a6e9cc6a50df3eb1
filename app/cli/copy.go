package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"antin/signer"
	"antin/signer/register"
	"antin/signer/scan"
)

// copy certifies scanned papers.
func (c *command) copy(ctx context.Context, args []string) (int, error) {
	var s signing
	var job signer.CopyJob
	f := c.flags("copy")
	s.define(f)
	f.value("form", "usage.form-copy", func(v string) error {
		if job.Form = scan.Form(v); signer.CopyForms[job.Form] == "" {
			return errForm
		}
		return nil
	})
	f.StringVar(&job.Agency, "agency", "", "")
	f.pages("pages", &job.Pages)
	f.StringVar(&job.ByOrderOf, "by-order-of", "", "")
	f.profile("profile", &s.profile)
	f.StringVar(&job.Record, "record", "", "")
	f.IntVar(&job.Ordinal, "ordinal", 1, "")
	together := f.Bool("together", false, "")
	dpi := 0.0
	f.value("dpi", "usage.form-dpi", func(v string) (err error) {
		if dpi, err = strconv.ParseFloat(v, 64); err == nil && !(dpi >= 50 && dpi <= 2400) {
			err = errForm
		}
		return err
	})
	f.BoolVar(&job.Drawings, "drawings", false, "")
	f.BoolVar(&job.WithoutText, "without-text", false, "")
	f.value("looked", "usage.form-looked", func(v string) error {
		for kind := range strings.SplitSeq(v, ",") {
			job.Looked = append(job.Looked, scan.Kind(strings.TrimSpace(kind)))
		}
		return nil
	})
	var entry register.Copy
	f.StringVar(&s.number, "number", "", "")
	f.StringVar(&entry.Original, "original", "", "")
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
	job.Profile, job.Agency = s.profile, cmp.Or(job.Agency, s.set.Agency)
	for _, need := range []struct {
		flag  string
		given bool
	}{
		{"form", job.Form != "" || !job.NamesForm()},
		{"agency", strings.TrimSpace(job.Agency) != ""},
		{"pages", job.Form != scan.TrichSao || len(job.Pages) > 0},
		{"record", job.Record != "" || !job.NamesByRecord()},
	} {
		if !need.given {
			return exitUsage, &usageError{c.words.Text("usage.missing-flag", need.flag)}
		}
	}
	if len(job.Pages) > 0 && (job.Form != scan.TrichSao || len(files) > 1 && !*together) {
		return exitUsage, &usageError{c.words.Text("usage.pages")}
	}
	sources := [][]string{files} // of each copy
	if !*together {
		sources = slices.Collect(slices.Chunk(files, 1))
	}
	if s.number != "" && (len(sources) > 1 || book.none) {
		return exitUsage, &usageError{c.words.Text("usage.copy-number")}
	}
	defer c.logTo(ctx, &s, book)()
	if s.number != "" && s.log == nil { // why is told already
		return exitFailure, nil
	}
	var steps []step
	for i, files := range sources {
		steps = append(steps, step{"copy", files[0], func(ctx context.Context, common signer.Common, p signer.Progress) (*signer.Result, error) {
			job := job
			job.Common, job.Ordinal = common, job.Ordinal+i
			if *together || dpi > 0 {
				var from []scan.File
				for _, path := range files {
					from = append(from, scan.File{Path: path, Password: common.Password, DPI: dpi})
				}
				leaves, err := scan.Leaves(ctx, from...)
				if err != nil {
					return nil, err
				}
				plan := scan.NewPlan(leaves...)
				job.Sheets = &plan
			}
			if s.number == "" {
				return signer.Copy(ctx, job, p)
			}
			var err error
			if entry.Number, err = register.ParseNumber(s.number); err != nil {
				return nil, err
			}
			return signer.CopyEntered(ctx, s.log, job, entry, p)
		}})
	}
	return c.perform(ctx, &s, steps), nil
}

// listFindings tells what the gate found on a scan, each with its name for
// --looked.
func (c *command) listFindings(all []scan.Finding) {
	signs := map[scan.Verdict]string{scan.Fail: "✗", scan.Look: "?"}
	for _, f := range all {
		fmt.Fprintf(c.Stderr, "  %s %s [%s]\n", signs[f.Verdict], c.words.Finding(f), f.Kind)
	}
}

// pages reads pages and ranges of pages, such as 1,3-5.
func (f *flags) pages(name string, to *[]int) {
	f.value(name, "usage.form-pages", func(s string) error {
		for part := range strings.SplitSeq(s, ",") {
			from, until, isRange := strings.Cut(strings.TrimSpace(part), "-")
			if !isRange {
				until = from
			}
			a, errA := strconv.Atoi(from)
			b, errB := strconv.Atoi(until)
			if errA != nil || errB != nil || a < 1 || b < a || b-a > 1e5 {
				return errForm
			}
			for n := a; n <= b; n++ {
				*to = append(*to, n)
			}
		}
		return nil
	})
}
