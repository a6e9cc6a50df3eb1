package certify

import (
	"strconv"
	"strings"

	"antin/signer"
	"antin/signer/register"
	"antin/signer/scan"
)

// What the person types or chooses on the panel. A text that cannot be understood
// is told and put back.

func (s *Screen) setForm(form scan.Form) {
	if s.form == form {
		return
	}
	s.form = form
	for _, r := range s.rows {
		r.looked = nil // what may pass depends on the form
		r.replan()
	}
	s.renumber()
}

// setLooked lets everything pass that has been found doubtful.
func (s *Screen) setLooked(yes bool) {
	r := s.current
	if r == nil || yes == r.acknowledged() {
		return
	}
	r.looked = nil
	if yes {
		for _, f := range r.looking() {
			r.looked = append(r.looked, f.Kind)
		}
	} else {
		r.agreed = false
	}
	s.refresh()
}

// setDPI answers what resolution the pictures of the current row have.
func (s *Screen) setDPI(text string) {
	if s.current == nil {
		return
	}
	dpi, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
	if err != nil || !(dpi >= 50 && dpi <= 2400) {
		s.Problem(scan.ErrNoDensity, s.refresh)
		return
	}
	s.answer(s.current, dpi)
}

// setExtract is which pages a trích sao has.
func (s *Screen) setExtract(text string) {
	r := s.current
	if r == nil {
		return
	}
	pages, err := parsePages(text)
	if err == nil && r.copy != nil {
		for _, n := range pages {
			if n > len(r.copy.Gate.Pages) {
				err = signer.ErrCopyPages
			}
		}
	}
	if text != "" && err != nil {
		s.Problem(err, s.refresh)
		return
	}
	r.extract, r.agreed = pages, false
	r.replan()
	s.work()
}

// setAgency is who makes the copies; "" is again as the certificate names it.
func (s *Screen) setAgency(text string) {
	s.Settings.Agency = strings.TrimSpace(text)
	s.keep()
	s.replan()
}

// setRecord is the code of the file of records that the documents belong to.
func (s *Screen) setRecord(text string) {
	text = strings.TrimSpace(text)
	if strings.ContainsAny(text, `/\`) || strings.HasPrefix(text, ".") {
		s.Problem(signer.ErrNoRecord, s.refresh)
		return
	}
	s.record = text
	s.refresh()
}

// setOrdinal is the number of the current document in its file of records; those
// after it go on from there.
func (s *Screen) setOrdinal(text string) {
	if s.current == nil {
		return
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 1 {
		s.Problem(signer.ErrNoRecord, s.refresh)
		return
	}
	s.current.ordinal, s.current.typed = n, true
	s.renumber()
}

// like is a copy's number without the count.
func (s *Screen) like() register.Number {
	return register.Number{Type: formTypes[s.form], Body: s.Settings.Symbol, Party: s.party()}
}

// setNumber is the number of the current copy: the whole, or its count alone. The
// body that it names is that of all copies from then on. Empty text gives the
// choice back to the register.
func (s *Screen) setNumber(text string) {
	r := s.current
	if r == nil {
		return
	}
	if text = strings.TrimSpace(text); text == "" {
		r.typed = false
		s.renumber()
		return
	}
	n := s.like()
	count, err := strconv.Atoi(text)
	if n.N = count; err != nil || n.Body == "" {
		n, err = register.ParseNumber(text)
	}
	if err != nil || n.N < 1 {
		s.Problem(register.ErrNumber, s.refresh)
		return
	}
	r.number, r.typed = n, true
	if n.Body != "" && n.Body != s.Settings.Symbol {
		s.Settings.Symbol = n.Body
		s.keep()
	}
	s.renumber()
}

// setOriginal is the document that was copied, for the register.
func (s *Screen) setOriginal(text string) {
	if s.current != nil {
		s.current.original = strings.TrimSpace(text)
	}
}

// keep stores the settings.
func (s *Screen) keep() {
	if err := s.Save(); err != nil {
		s.Problem(err, nil)
	}
}
