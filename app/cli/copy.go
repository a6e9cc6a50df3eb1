package cli

import (
	"cmp"
	"context"
	"os"
	"slices"
	"strconv"
	"strings"

	"antin/signer"
	"antin/signer/register"
	"antin/signer/scan"
)

// copies say what is to be certified.
type copies struct {
	job      signer.CopyJob
	entry    register.Copy
	together bool
	dpi      float64 // of pictures that do not tell; 0 = not given

	resume, discard, skipRefused bool
}

// copy certifies scanned papers.
func (c *command) copy(ctx context.Context, args []string) (code int, err error) {
	var s signing
	var o copies
	job := &o.job
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
	f.BoolVar(&o.together, "together", false, "")
	f.value("dpi", "usage.form-dpi", func(v string) (err error) {
		if o.dpi, err = strconv.ParseFloat(v, 64); err == nil && !(o.dpi >= 50 && o.dpi <= 2400) {
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
	f.StringVar(&s.number, "number", "", "")
	f.StringVar(&o.entry.Original, "original", "", "")
	f.BoolVar(&o.skipRefused, "skip-refused", false, "")
	f.BoolVar(&o.resume, "resume", false, "")
	f.BoolVar(&o.discard, "discard", false, "")
	var book registerFlags
	book.define(f)
	files, err := f.parse(args)
	if err != nil {
		return exitUsage, err
	}
	switch {
	case o.resume && (len(files) > 0 || book.none), o.discard && !o.resume:
		return exitUsage, &usageError{c.words.Text("usage.copy-resume")}
	case o.resume:
		if err := s.check(f, files); err != nil {
			return exitUsage, err
		}
		if err := s.fill(c); err != nil {
			return exitFor(err), err
		}
		return c.resumeCopies(ctx, &s, book, o.discard)
	case len(files) == 0:
		return exitUsage, &usageError{c.words.Text("usage.no-file")}
	}
	if files, err = scansIn(files); err != nil {
		return exitFor(err), err
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
	if len(job.Pages) > 0 && (job.Form != scan.TrichSao || len(files) > 1 && !o.together) {
		return exitUsage, &usageError{c.words.Text("usage.pages")}
	}
	if s.number != "" {
		if book.none {
			return exitUsage, &usageError{c.words.Text("usage.copy-number")}
		}
		if o.entry.Number, err = register.ParseNumber(s.number); err != nil {
			return exitFor(err), err
		}
	}
	sources := [][]string{files} // of each copy
	if !o.together {
		sources = slices.Collect(slices.Chunk(files, 1))
	}
	defer c.logTo(ctx, &s, book)()
	if s.number != "" && s.log == nil { // why is told already
		return exitFailure, nil
	}
	return c.copyMany(ctx, &s, o, sources)
}

// scansIn replaces folders by the files in them.
func scansIn(paths []string) (files []string, err error) {
	for _, path := range paths {
		in := []string{path}
		if st, err := os.Stat(path); err == nil && st.IsDir() {
			if in, err = scan.Files(path); err != nil {
				return nil, err
			}
		}
		files = append(files, in...)
	}
	return files, nil
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
