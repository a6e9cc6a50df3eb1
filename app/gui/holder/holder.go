// Package holder is whose certificate a screen signs with: it follows what is
// plugged in, takes a single fitting certificate without asking, offers the choice
// among several, says what to plug in when there is none, and knows what the
// settings say of the certificate.
//
// New makes a Holder; its Box is the part of a screen's panel that shows it.
// Prepare fills in what the settings say for every signature. The methods are
// called on the user interface's goroutine.
package holder

import (
	"math"
	"time"

	"antin/app/gui/frame"
	"antin/signer/cms"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/token"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// soon is how long before its end a certificate is warned of.
const soon = 30 * 24 * time.Hour

// Holder is the certificate that signs.
type Holder struct {
	*frame.Frame
	role    report.Role
	changed func()
	stop    func()

	whose     Whose
	candidate *token.Candidate // nil: none
	offered   []token.Candidate

	box    *fyne.Container
	told   *frame.Told
	choice *frame.Select
	hints  *fyne.Container
}

// New follows the tokens. role is whose certificate is wanted; others are offered
// only when there is none of it. From then on changed is called whenever another
// certificate, or none, signs. Close ends it.
func New(f *frame.Frame, role report.Role, changed func()) *Holder {
	h := &Holder{Frame: f, role: role, whose: ReadWhose(f.Settings), changed: func() {}, told: frame.NewTold(), hints: container.NewVBox()}
	h.choice = f.NewSelect(nil, func(string) { h.chosen() })
	h.box = container.NewVBox(h.told.Box, h.choice, h.hints)
	h.stop = f.Tokens.Listen(h.look)
	h.look()
	h.changed = changed
	return h
}

// Close ends following the tokens.
func (h *Holder) Close() { h.stop() }

// Box shows who signs.
func (h *Holder) Box() fyne.CanvasObject { return h.box }

// ID is the SHA-256 of the certificate in hexadecimal, "" for none.
func (h *Holder) ID() string {
	if h.candidate == nil {
		return ""
	}
	return h.candidate.Certificate.SHA256()
}

// Name is the holder's.
func (h *Holder) Name() string {
	if h.candidate == nil {
		return ""
	}
	return cms.DisplayName(h.candidate.Certificate.X509)
}

// Set is what was set for the certificate.
func (h *Holder) Set() settings.Certificate { return h.Settings.Certificates[h.ID()] }

// Keep changes what is set for the certificate.
func (h *Holder) Keep(change func(*settings.Certificate)) {
	if h.candidate == nil {
		return
	}
	c := h.Set()
	c.Name = h.Name()
	change(&c)
	if h.Settings.Certificates == nil {
		h.Settings.Certificates = map[string]settings.Certificate{}
	}
	h.Settings.Certificates[h.ID()] = c
	if err := h.Save(); err != nil {
		h.Problem(err, nil)
	}
}

// look looks at what is plugged in: the certificate stays when it is still there.
func (h *Holder) look() {
	h.offered = h.whose.Fitting(h.Tokens.State().Signers(), h.role)
	before := h.ID()
	var now *token.Candidate
	for i := range h.offered {
		if h.offered[i].Certificate.SHA256() == before {
			now = &h.offered[i]
		}
	}
	if now == nil && len(h.offered) == 1 {
		now = &h.offered[0]
	}
	h.candidate = now
	h.refresh()
	if h.ID() != before {
		h.changed()
	}
}

func (h *Holder) chosen() {
	if i := h.choice.SelectedIndex(); i >= 0 && i < len(h.offered) && h.offered[i].Certificate.SHA256() != h.ID() {
		h.candidate = &h.offered[i]
		h.refresh()
		h.changed()
	}
}

// refresh shows who signs, or what to plug in.
func (h *Holder) refresh() {
	h.hints.Objects = nil
	h.offer()
	if h.candidate != nil {
		h.tellCandidate()
		return
	}
	state := h.Tokens.State()
	switch {
	case len(h.offered) > 1:
		h.told.Set("", h.Text("holder.choose"))
	case state.Looking:
		h.told.Set(frame.SignWait, h.Text("holder.looking"))
	default:
		err := state.Problem
		if err == nil {
			err = token.ErrNoToken
		}
		p := h.Words.Explain(err)
		h.told.Set(frame.SignWarning, p.What)
		for _, step := range p.Window {
			h.hints.Add(frame.Wrapped("→ " + step))
		}
	}
}

func (h *Holder) tellCandidate() {
	h.told.Set("", h.Name())
	end := h.candidate.Certificate.X509.NotAfter
	if left := end.Sub(h.Now()); left < soon {
		warning := frame.NewTold()
		if left <= 0 {
			warning.Set(frame.SignBad, h.Text("holder.expired", h.Words.Date(end)))
		} else {
			warning.Set(frame.SignWarning, h.Text("holder.expires", h.Words.Date(end), int(math.Ceil(left.Hours()/24))))
		}
		h.hints.Add(warning.Box)
	}
}

// offer fills the choice, which is seen when there are several.
func (h *Holder) offer() {
	var names []string
	selected := ""
	for i, c := range h.offered {
		name := h.Text("holder.option", i+1, cms.DisplayName(c.Certificate.X509), h.Words.Date(c.Certificate.X509.NotAfter))
		names = append(names, name)
		if c.Certificate.SHA256() == h.ID() {
			selected = name
		}
	}
	frame.Show(h.choice, len(names) > 1)
	h.choice.Options, h.choice.Selected = names, selected
	h.choice.Refresh()
}
