package setup

import (
	"context"

	"antin/signer/home"
	"antin/signer/trust"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// kinds of entries in the store, in words.
var kinds = map[string]string{"anchor": "trust.anchor", "certificate": "trust.certificate", "CRL": "trust.list", "OCSP": "trust.answer"}

// trust is the section with the user's store of certificates and lists.
func (s *Screen) trust() fyne.CanvasObject {
	list := container.NewVBox()
	s.fillTrust(list)
	add := func(paths []string) {
		s.inVault(list, func(v *trust.Vault) error {
			made, err := v.Import(paths...)
			if err == nil && len(made.Problems) > 0 {
				err = made.Problems[0]
			}
			return err
		})
	}
	files := s.NewMainButton(s.Text("settings.trust-files"), func() {
		s.Choose(s.Text("settings.trust-files"), []string{".cer", ".crt", ".pem", ".der", ".p7b", ".crl"}, true, add)
	})
	folder := s.NewButton(s.Text("settings.trust-folder"), func() {
		s.ChooseFolder(s.Text("settings.trust-folder"), func(path string) { add([]string{path}) })
	})
	return container.NewVBox(s.heading(s.Text("settings.trust"), s.Text("settings.trust-hint")), container.NewHBox(files, folder), list)
}

// inVault changes the store beside and shows it again.
func (s *Screen) inVault(list *fyne.Container, change func(*trust.Vault) error) {
	s.Run(func(context.Context) error {
		v, err := home.Vault()
		if err != nil {
			return err
		}
		return change(v)
	}, func(err error) {
		if err != nil {
			s.Problem(err, nil)
		}
		s.fillTrust(list)
	})
}

// fillTrust shows what is in the store.
func (s *Screen) fillTrust(list *fyne.Container) {
	var entries []trust.Entry
	s.Run(func(context.Context) error {
		v, err := home.Vault()
		if err == nil {
			entries = v.Entries()
		}
		return err
	}, func(err error) {
		list.RemoveAll()
		if err != nil {
			list.Add(plain("✗ " + s.Words.Explain(err).What))
		}
		for _, e := range entries {
			list.Add(s.entry(list, e))
		}
		if err == nil && len(entries) == 0 {
			list.Add(plain(s.Text("trust.empty")))
		}
	})
}

// entry is one line of the store with what can be done about it.
func (s *Screen) entry(list *fyne.Container, e trust.Entry) fyne.CanvasObject {
	text := s.Text("trust.entry", s.Text(kinds[e.What]), e.Name, e.SHA256[:12])
	switch {
	case e.Problem != nil:
		text += "\n✗ " + s.Text("trust.unusable", e.Problem)
	case e.Outdated(s.Now()):
		text += "\n⚠ " + s.Text("trust.outdated", s.Words.Time(e.NextUpdate))
	case e.What == "anchor" || e.What == "certificate":
		text += "\n" + s.Text("trust.until", s.Words.Date(e.NextUpdate))
	}
	buttons := container.NewHBox()
	if e.What == "certificate" && e.Certificate != nil {
		buttons.Add(s.NewButton(s.Text("settings.trust-accept"), func() {
			s.Question(s.Text("settings.trust-accept"), s.Text("settings.trust-accept-text", e.Name, e.SHA256), s.Text("settings.trust-yes"), s.Text("settings.trust-no"), func(yes bool) {
				if yes {
					s.inVault(list, func(v *trust.Vault) error { return v.Trust(e.Certificate) })
				}
			})
		}))
	}
	buttons.Add(s.NewButton(s.Text("settings.remove"), func() {
		s.inVault(list, func(v *trust.Vault) error { _, err := v.Remove(e.SHA256); return err })
	}))
	return container.NewBorder(nil, nil, nil, container.NewVBox(buttons), plain(text))
}
