package setup

import (
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// ways are how connections leave the machine, as they are offered.
const (
	bySystem = iota
	direct
	byAddress
)

// network is the section with servers.
func (s *Screen) network() fyne.CanvasObject {
	return container.NewVBox(
		s.heading(s.Text("settings.network"), s.Text("settings.network-hint")),
		s.text(s.Text("settings.tsa"), s.Text("settings.tsa-hint"), &s.Settings.TSA),
		s.proxy(),
	)
}

// proxy is the choice of a way out. An address counts once it can be used; until
// then the earlier choice does.
func (s *Screen) proxy() fyne.CanvasObject {
	way, address := byAddress, s.Settings.Proxy
	switch s.Settings.Proxy {
	case "":
		way = bySystem
	case settings.NoProxy:
		way, address = direct, ""
	}
	field := s.field(s.Text("settings.proxy-address"), s.Text("settings.proxy-hint"), address, func(v string) error {
		if v == "" {
			return &settings.ValueError{Field: "proxy"}
		}
		if err := (&settings.Settings{Proxy: v}).Check(); err != nil {
			return err
		}
		s.Settings.Proxy = v
		return nil
	})
	if way != byAddress {
		field.Hide()
	}
	choice := s.NewSelect([]string{s.Text("settings.proxy-system"), s.Text("settings.proxy-none"), s.Text("settings.proxy-set")}, nil)
	choice.SetSelectedIndex(way)
	choice.OnChanged = func(string) {
		switch choice.SelectedIndex() {
		case byAddress:
			field.Show()
			return
		case direct:
			s.Settings.Proxy = settings.NoProxy
		default:
			s.Settings.Proxy = ""
		}
		field.Hide()
		s.save()
	}
	return container.NewVBox(bold(s.Text("settings.proxy")), choice, field)
}
