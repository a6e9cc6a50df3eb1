package issue

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/register"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// What the clerk types on the panel. A text that cannot be understood is told and
// put back.

// setFirst begins the series of the current document with another number.
func (s *Screen) setFirst(text string) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 || s.current == nil {
		s.Problem(register.ErrNumber, s.refresh)
		return
	}
	s.start[s.current.series] = n
	s.renumber()
}

// setSymbol says who issues, as it stands in numbers.
func (s *Screen) setSymbol(text string) {
	if _, err := register.ParseNumber("1/" + text); text != "" && err != nil {
		s.Problem(err, s.refresh)
		return
	}
	s.body, s.Settings.Symbol = strings.TrimSpace(text), strings.TrimSpace(text)
	s.keep()
	s.renumber()
}

// setDate is the day of all documents.
func (s *Screen) setDate(text string) {
	d, err := s.Words.Day(text)
	if err != nil {
		s.Problem(err, s.refresh)
		return
	}
	s.date = d
	for _, r := range s.rows {
		r.again()
	}
	s.renumber()
}

// setDiameter is the seal's, as it stands in the stamp register.
func (s *Screen) setDiameter(text string) {
	mm, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil || mm < 20 || mm > 60 {
		s.Problem(signer.ErrDiameter, s.refresh)
		return
	}
	s.holder.Keep(func(c *settings.Certificate) { c.Diameter = mm })
	s.signerChanged()
}

// chooseSeal asks for the picture of the seal and remembers it for who seals now:
// another token may be plugged in meanwhile.
func (s *Screen) chooseSeal() {
	who := s.holder.ID()
	s.Choose(s.Text("outgoing.choose-seal"), []string{".png"}, false, func(paths []string) {
		if len(paths) == 0 {
			return
		}
		s.Run(func(context.Context) error {
			f, err := os.Open(paths[0])
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = appearance.DecodePicture(f)
			return err
		}, func(err error) {
			if who != s.holder.ID() {
				return
			}
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.holder.Keep(func(c *settings.Certificate) { c.Picture = paths[0] })
			s.signerChanged()
		})
	})
}

// setRowNumber is the current document's own number.
func (s *Screen) setRowNumber(text string) {
	if s.current == nil {
		return
	}
	if err := s.setNumber(s.current, strings.TrimSpace(text)); err != nil {
		s.Problem(err, s.refresh)
		return
	}
	s.renumber()
}

// setNoSeal has everything issued without a seal, or with one again.
func (s *Screen) setNoSeal(yes bool) {
	s.noSeal = yes
	s.signerChanged()
}

// degrees are the marks of urgency that the layout knows.
func (s *Screen) degrees() []string {
	var out []string
	for word := range s.profile.Urgency.Frames.Or(nil) {
		out = append(out, word)
	}
	slices.Sort(out)
	return out
}

func (s *Screen) setUrgency(word string) {
	if s.current == nil {
		return
	}
	if word == s.Text("outgoing.urgency-none") {
		word = ""
	}
	if r := s.current; string(r.urgency) != word {
		r.urgency = signer.Urgency(word)
		s.replan(r)
	}
}

// attach adds files that get the number too.
func (s *Screen) attach() {
	r := s.current
	s.Choose(s.Text("outgoing.attach"), []string{".pdf"}, true, func(paths []string) {
		for _, path := range paths {
			if r != nil && path != r.path && !slices.Contains(r.attachments, path) {
				r.attachments = append(r.attachments, path)
			}
		}
		s.refresh()
	})
}

func (s *Screen) detach(r *row, i int) {
	r.attachments = slices.Delete(r.attachments, i, i+1)
	s.refresh()
}

// askOverride asks why a guard rail is passed over: the register keeps the reason.
func (s *Screen) askOverride(r *row) {
	reason := s.NewEntry()
	reason.SetPlaceHolder(s.Text("outgoing.override-hint"))
	content := container.NewVBox(frame.Wrapped(s.Text("outgoing.override-why", r.name())), reason)
	s.Ask(s.Text("outgoing.override"), content, reason, s.Text("outgoing.override-yes"), s.Text("outgoing.override-no"), func(yes bool) {
		if text := strings.TrimSpace(reason.Text); yes && text != "" {
			r.override = &signer.Override{Reason: text}
			s.replan(r)
		}
	})
}

// keep stores the settings.
func (s *Screen) keep() {
	if err := s.Save(); err != nil {
		s.Problem(err, nil)
	}
}

// shortened is the name of a file in a space that may be too small for it.
func shortened(path string) *widget.Label {
	l := widget.NewLabel(filepath.Base(path))
	l.Truncation = fyne.TextTruncateEllipsis
	return l
}
