package approve

import (
	"context"
	"os"

	"antin/app/gui/frame"
	"antin/signer/appearance"
	"antin/signer/settings"
)

// signerChanged is called when another certificate signs, or none: places and
// pictures are its own, and stay while its token is out. While something is being
// signed it waits: what the key says is told when it says it.
func (s *Screen) signerChanged() {
	who := s.signer.ID()
	switch {
	case s.Busy() || who == "":
	case who == s.planned:
		for _, d := range s.documents {
			d.planned = d.planned && d.refusal == nil // perhaps for want of the token
		}
		s.plan()
	default:
		s.planned, s.picture = who, nil
		for _, d := range s.documents {
			s.replan(d)
		}
		s.load()
		s.plan()
	}
	s.refresh()
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
	path, who := s.signer.Set().Picture, s.signer.ID()
	if path == "" {
		return
	}
	s.decode(path, func(p *picture, err error) {
		if who != s.signer.ID() {
			return
		}
		if err != nil {
			s.Problem(err, nil)
			return
		}
		s.setPicture(p)
	})
}

// choosePicture asks for the picture and remembers it for who signs now: another
// token may be plugged in meanwhile.
func (s *Screen) choosePicture() {
	who := s.signer.ID()
	s.Choose(s.Text("approve.choose-picture"), []string{".png", ".jpg", ".jpeg"}, false, func(paths []string) {
		if len(paths) == 0 {
			return
		}
		s.decode(paths[0], func(p *picture, err error) {
			if who != s.signer.ID() {
				return
			}
			if err != nil {
				s.Problem(err, nil)
				return
			}
			s.signer.Keep(func(c *settings.Certificate) { c.Picture = paths[0] })
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

var _ frame.Screen = (*Screen)(nil)
