package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"antin/app/words"
	"antin/signer"
	"antin/signer/pdffile"
)

// usageError is a command line that cannot be carried out, told in the
// language of the person.
type usageError struct{ text string }

func (e *usageError) Error() string { return e.text }

// flags are the flags of a command. They may stand before, between and after
// the files; what follows "--" are files only.
type flags struct {
	*flag.FlagSet
	words words.Language
	wrong error // about the last value that was refused
}

func (c *command) flags(name string) *flags {
	f := &flags{FlagSet: flag.NewFlagSet(name, flag.ContinueOnError), words: c.words}
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return f
}

// files parses args and returns what is no flag, at least one.
func (f *flags) files(args []string) ([]string, error) {
	files, err := f.parse(args)
	if err == nil && len(files) == 0 {
		err = &usageError{f.words.Text("usage.no-file")}
	}
	return files, err
}

// none parses args, which may hold flags only.
func (f *flags) none(args []string) error {
	files, err := f.parse(args)
	if err == nil && len(files) > 0 {
		err = &usageError{f.words.Text("usage.no-files-wanted", files[0])}
	}
	return err
}

func (f *flags) parse(args []string) (files []string, err error) {
	for len(args) > 0 {
		if err := f.Parse(args); err != nil {
			return nil, f.explain(err)
		}
		rest := f.Args()
		if parsed := len(args) - len(rest); parsed > 0 && args[parsed-1] == "--" {
			return append(files, rest...), nil
		}
		if len(rest) == 0 {
			break
		}
		files, args = append(files, rest[0]), rest[1:]
	}
	return files, nil
}

// explain says in the person's language what package flag says in English.
func (f *flags) explain(err error) error {
	text := err.Error()
	switch name, unknown := strings.CutPrefix(text, "flag provided but not defined: -"); {
	case errors.Is(err, flag.ErrHelp):
		return err
	case unknown:
		var names []string
		f.VisitAll(func(fl *flag.Flag) { names = append(names, fl.Name) })
		if near := nearest(strings.TrimPrefix(name, "-"), names); near != "" {
			return &usageError{f.words.Text("usage.unknown-flag-near", name, near)}
		}
		return &usageError{f.words.Text("usage.unknown-flag", name)}
	case f.wrong != nil:
		return f.wrong
	}
	if name, ok := strings.CutPrefix(text, "flag needs an argument: -"); ok {
		return &usageError{f.words.Text("usage.no-value", name)}
	}
	return &usageError{f.words.Text("usage.bad-value", text)}
}

// value defines a flag whose value parse reads. When parse refuses it, the text
// with the name expected tells what a good one looks like.
func (f *flags) value(name, expected string, parse func(string) error) {
	f.Func(name, "", func(s string) error {
		err := parse(s)
		if err != nil {
			f.wrong = &usageError{f.words.Text("usage.value", name, s, f.words.Text(expected))}
		}
		return err
	})
}

// list defines a flag that may be given several times.
func (f *flags) list(name string, to *[]string) {
	f.Func(name, "", func(s string) error {
		*to = append(*to, s)
		return nil
	})
}

var errForm = errors.New("not in the expected form")

// numbers reads between least and most numbers with commas between.
func numbers(s string, least, most int) ([]float64, error) {
	parts := strings.Split(s, ",")
	if len(parts) < least || len(parts) > most {
		return nil, errForm
	}
	out := make([]float64, len(parts))
	for i, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || v != v || v < 0 || v > 1e5 {
			return nil, errForm
		}
		out[i] = v
	}
	if out[0] < 1 || out[0] != float64(int(out[0])) { // the page
		return nil, errForm
	}
	return out, nil
}

// place reads PAGE,X,Y,W,H in mm.
func (f *flags) place(name string, to **signer.Place) {
	f.value(name, "usage.form-place", func(s string) error {
		if s == "auto" {
			*to = nil
			return nil
		}
		v, err := numbers(s, 5, 5)
		if err == nil {
			*to = &signer.Place{Page: int(v[0]), Box: pdffile.Box{X: v[1], Y: v[2], W: v[3], H: v[4]}}
		}
		return err
	})
}

// corner reads PAGE,X,Y in mm: a place whose size is known otherwise.
func (f *flags) corner(name string, to **signer.Place) {
	f.value(name, "usage.form-corner", func(s string) error {
		if s == "auto" {
			*to = nil
			return nil
		}
		v, err := numbers(s, 3, 3)
		if err == nil {
			*to = &signer.Place{Page: int(v[0]), Box: pdffile.Box{X: v[1], Y: v[2]}}
		}
		return err
	})
}

// slot reads PAGE,X,Y,W,H[,PT] in mm and pt.
func (f *flags) slot(name string, part signer.Part, to *[]signer.Slot) {
	f.value(name, "usage.form-slot", func(s string) error {
		v, err := numbers(s, 5, 6)
		if err == nil {
			s := signer.Slot{Place: signer.Place{Page: int(v[0]), Box: pdffile.Box{X: v[1], Y: v[2], W: v[3], H: v[4]}}, Part: part}
			if len(v) == 6 {
				s.Size = v[5]
			}
			*to = append(*to, s)
		}
		return err
	})
}

// urgency reads a mark of urgency.
func (f *flags) urgency(name string, to *signer.Urgency) {
	f.value(name, "usage.form-urgency", func(s string) error {
		u, known := map[string]signer.Urgency{"khan": signer.Khan, "thuong-khan": signer.ThuongKhan, "hoa-toc": signer.HoaToc}[s]
		if !known {
			return errForm
		}
		*to = u
		return nil
	})
}

var vietnam = time.FixedZone("+07", 7*3600)

// day reads 2026-11-22 or 22/11/2026.
func (f *flags) day(name string, to *time.Time) {
	f.value(name, "usage.form-day", func(s string) (err error) {
		*to, err = parseDay(s)
		return err
	})
}

func parseDay(s string) (day time.Time, err error) {
	for _, layout := range []string{time.DateOnly, "2/1/2006"} {
		if day, err = time.ParseInLocation(layout, s, vietnam); err == nil {
			return day, nil
		}
	}
	return day, err
}

// moment reads RFC 3339, or a day, whose end in Vietnam is meant.
func (f *flags) moment(name string, to *time.Time) {
	f.value(name, "usage.form-moment", func(s string) (err error) {
		if *to, err = time.Parse(time.RFC3339, s); err == nil {
			return nil
		}
		for _, layout := range []string{time.DateOnly, "2/1/2006"} {
			if *to, err = time.ParseInLocation(layout, s, vietnam); err == nil {
				*to = to.AddDate(0, 0, 1).Add(-time.Second)
				return nil
			}
		}
		return err
	})
}

// duration is flag.DurationVar with a limit of an hour and a text of ours.
func (f *flags) duration(name string, to *time.Duration) {
	f.value(name, "usage.form-duration", func(s string) (err error) {
		if *to, err = time.ParseDuration(s); err == nil && (*to <= 0 || *to > time.Hour) {
			err = errForm
		}
		return err
	})
}

// millimetres reads a length in mm, with a point or, as Vietnamese writes it, a
// comma.
func (f *flags) millimetres(name string, to *float64) {
	f.value(name, "usage.form-mm", func(s string) (err error) {
		*to, err = strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		if err == nil && (*to != *to || *to <= 0) {
			err = fmt.Errorf("%w: %v", errForm, *to)
		}
		return err
	})
}

// nearest is the one of names that word was probably meant to be, "" for none.
func nearest(word string, names []string) string {
	best, least := "", 3 // more than two slips are another word
	for _, name := range names {
		d := distance(word, name)
		if d > 0 && len(word) >= 3 && strings.HasPrefix(name, word) {
			d = 1
		}
		if d < least && d < len(name) || d == least && best != "" && name < best {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		left := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := left
			if a[i] != b[j] {
				cost = min(left, row[j], row[j+1]) + 1
			}
			left, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
