package approve

import (
	"context"
	"crypto/sha256"
	"os"
	"slices"
	"time"

	"antin/app/gui/frame"
	"antin/assets"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/home"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/token"
	"antin/signer/trust"
)

// soon is how long before its end a certificate is warned of.
const soon = 30 * 24 * time.Hour

// signerOf is the certificate that signs; the zero value is none.
type signerOf struct {
	certificate *token.Certificate
	token       token.Token
}

// id is the fingerprint, "" for none.
func (o signerOf) id() string {
	if o.certificate == nil {
		return ""
	}
	return o.certificate.SHA256()
}

// name is the holder's.
func (o signerOf) name() string {
	if o.certificate == nil {
		return ""
	}
	return cms.DisplayName(o.certificate.X509)
}

// settings are what was set for the certificate.
func (o signerOf) settings(s *settings.Settings) settings.Certificate { return s.Certificates[o.id()] }

// keep changes what is set for the certificate.
func (s *Screen) keep(change func(c *settings.Certificate)) {
	c := s.signer.settings(s.Settings)
	c.Name = s.signer.name()
	change(&c)
	if s.Settings.Certificates == nil {
		s.Settings.Certificates = map[string]settings.Certificate{}
	}
	s.Settings.Certificates[s.signer.id()] = c
	if err := s.Save(); err != nil {
		s.Problem(err, nil)
	}
}

// signers are the certificates to choose from: those of persons, or all when there
// is none of a person; the signer refuses an organisation's with its reason.
func (s *Screen) signers() []token.Candidate {
	all := s.Tokens.State().Signers()
	var out []token.Candidate
	for _, c := range all {
		role, said := s.roles[sha256.Sum256(c.Certificate.X509.Raw)]
		if !said {
			role = report.Guess(c.Certificate.X509)
		}
		if role != report.Organisation {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return all
	}
	return out
}

// tokensChanged looks at what is plugged in: the signer stays when it is still
// there; a single certificate is taken without asking.
func (s *Screen) tokensChanged() {
	all := s.signers()
	for _, c := range all {
		if c.Certificate.SHA256() == s.signer.id() {
			s.refresh()
			return
		}
	}
	switch {
	case s.Busy():
		return // what the key says is told when it says it
	case len(all) == 1:
		s.setSigner(all[0])
	default:
		s.signer, s.picture = signerOf{}, nil
		s.refresh()
	}
}

// setSigner chooses the certificate: places and pictures are its own.
func (s *Screen) setSigner(c token.Candidate) {
	s.signer, s.picture = signerOf{&c.Certificate, c.Token}, nil
	for _, d := range s.documents {
		s.replan(d)
	}
	s.load()
	s.plan()
	s.refresh()
}

// expires is when the certificate ends, if that is soon.
func (s *Screen) expires() (time.Time, bool) {
	if s.signer.certificate == nil {
		return time.Time{}, false
	}
	end := s.signer.certificate.X509.NotAfter
	left := end.Sub(s.Now())
	return end, left > 0 && left < soon
}

// picture is the picture of a signature.
type picture struct {
	decoded *appearance.Picture
}

// aspect is width to height, 0 for no picture.
func (p *picture) aspect() float64 {
	if p == nil {
		return 0
	}
	w, h := p.decoded.Pixels()
	return float64(w) / float64(h)
}

// load reads the signer's picture.
func (s *Screen) load() {
	path, who := s.signer.settings(s.Settings).Picture, s.signer.id()
	if path == "" {
		return
	}
	s.decode(path, func(p *picture, err error) {
		if who != s.signer.id() {
			return
		}
		if err != nil {
			s.Problem(err, nil)
			return
		}
		s.setPicture(p)
	})
}

// choosePicture asks for the picture and remembers it.
func (s *Screen) choosePicture() {
	s.Choose(s.Text("approve.choose-picture"), []string{".png", ".jpg", ".jpeg"}, false, func(paths []string) {
		if len(paths) == 0 || s.signer.certificate == nil {
			return
		}
		s.decode(paths[0], func(p *picture, err error) {
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.keep(func(c *settings.Certificate) { c.Picture = paths[0] })
			s.setPicture(p)
			for _, d := range s.documents {
				d.planned = false // refused for want of a picture
			}
			s.plan()
		})
	})
}

func (s *Screen) decode(path string, done func(*picture, error)) {
	p := &picture{}
	s.Run(func(context.Context) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		p.decoded, err = appearance.DecodePicture(f)
		return err
	}, func(err error) { done(p, err) })
}

// setPicture shows the picture in every box, which takes its shape.
func (s *Screen) setPicture(p *picture) {
	s.picture = p
	for _, d := range s.documents {
		if at, ok := d.place(); ok {
			from, b := d.origin, s.fitted(at)
			d.natural = b.W
			d.editor.Board.Replace(box, b)
			d.editor.SetLook(box, s.drawn)
			d.origin = from
		}
	}
	s.refresh()
}

// prepare fills in what the settings say for every signature. It reads files: call
// it beside the user interface.
type prepare func(signer.Common) (signer.Common, error)

// prepared takes the settings of now.
func (s *Screen) prepared() prepare {
	files, stamps, profile := slices.Clone(s.Settings.Trust), s.Settings.TSA, s.Settings.Profile
	now, roles := s.Now, s.roles
	return func(c signer.Common) (signer.Common, error) {
		c.Now, c.Trust, c.Roles = now, &trust.Store{}, roles
		if profile != "" {
			c.Profile = assets.ProfileNamed(profile)
		}
		if v, err := home.Vault(); err == nil {
			c.Trust = v.Store()
		}
		if err := c.Trust.AddFiles(files...); err != nil {
			return c, err
		}
		if stamps != "" {
			c.TSA = &cms.TSA{URL: stamps}
			if c.Trust.HasAnchors() {
				c.TSA.Anchors, c.TSA.Intermediates = c.Trust.Anchors(), c.Trust.Intermediates()
			}
		}
		return c, nil
	}
}

// missing is why there is no certificate to sign with.
func (s *Screen) missing() (looking bool, err error) {
	state := s.Tokens.State()
	if len(s.signers()) > 0 {
		return false, nil
	}
	if state.Problem == nil && !state.Looking {
		return false, token.ErrNoToken
	}
	return state.Looking, state.Problem
}

var _ frame.Screen = (*Screen)(nil)
