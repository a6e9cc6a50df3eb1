package holder

import (
	"slices"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/home"
	"antin/signer/settings"
	"antin/signer/trust"
)

// Prepare takes the settings as they are now and returns what fills them into a
// job: layout, roles, trust and time-stamps. That reads files: call it beside the
// user interface.
func (h *Holder) Prepare() func(signer.Common) (signer.Common, error) {
	s := *h.Settings
	s.Trust = slices.Clone(s.Trust)
	roles, now := h.roles, h.Now
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
