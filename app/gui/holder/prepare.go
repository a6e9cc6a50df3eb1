package holder

import (
	"slices"

	"antin/app/gui/frame"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/home"
	"antin/signer/report"
	"antin/signer/settings"
	"antin/signer/trust"
)

// Prepare is the function Prepare with what the user has said of certificates.
func (h *Holder) Prepare() func(signer.Common) (signer.Common, error) {
	return Prepare(h.Frame, h.whose.said)
}

// Prepare takes the settings as they are now and returns what fills them into a
// job: layout, roles, trust and time-stamps. That reads files: call it beside the
// user interface.
func Prepare(f *frame.Frame, roles report.Roles) func(signer.Common) (signer.Common, error) {
	s := *f.Settings
	s.Trust = slices.Clone(s.Trust)
	now := f.Now
	return func(c signer.Common) (signer.Common, error) {
		c.Now, c.Roles, c.Trust = now, roles, &trust.Store{}
		var err error
		if c.Profile, err = settings.Profile(s.Profile); err != nil {
			return c, err
		}
		if v, err := home.Vault(); err == nil {
			c.Trust = v.Store()
		}
		if err := c.Trust.AddFiles(s.Trust...); err != nil {
			return c, err
		}
		if s.TSA != "" {
			c.TSA = &cms.TSA{URL: s.TSA, Proxy: s.Proxies()}
			if c.Trust.HasAnchors() {
				c.TSA.Anchors, c.TSA.Intermediates = c.Trust.Anchors(), c.Trust.Intermediates()
			}
		}
		return c, nil
	}
}
