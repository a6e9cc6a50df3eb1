package setup

import (
	"cmp"
	"slices"

	"antin/app/gui/look"
	"antin/app/gui/truesize"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// office is the section with what is so for the whole office.
func (s *Screen) office() fyne.CanvasObject {
	output := s.NewButton(s.Text("settings.choose-output"), func() {
		s.ChooseFolder(s.Text("settings.choose-output"), func(path string) {
			s.Settings.Output = path
			s.save()
			s.turn(s.now)
		})
	})
	beside := s.NewButton(s.Text("settings.beside"), func() {
		s.Settings.Output = ""
		s.save()
		s.turn(s.now)
	})
	folder := s.Settings.Output
	if folder == "" {
		folder = s.Text("settings.beside-now")
	}
	return container.NewVBox(
		s.heading(s.Text("settings.office"), s.Text("settings.office-hint")),
		s.text(s.Text("settings.agency"), s.Text("settings.agency-hint"), &s.Settings.Agency),
		bold(s.Text("settings.output")), plain(folder), container.NewHBox(output, beside),
		dim(s.Text("settings.output-hint")),
		s.profile(),
	)
}

// drivers is the section with the user's own PKCS#11 modules.
func (s *Screen) drivers() fyne.CanvasObject {
	box := container.NewVBox(s.heading(s.Text("settings.drivers"), s.Text("settings.drivers-hint")))
	for i, m := range s.Settings.Modules {
		remove := s.NewButton(s.Text("settings.remove"), func() {
			s.Settings.Modules = slices.Delete(slices.Clone(s.Settings.Modules), i, i+1)
			s.save()
			s.turn(s.now)
		})
		box.Add(container.NewBorder(nil, nil, nil, remove, plain(m)))
	}
	add := s.NewButton(s.Text("settings.add-driver"), func() {
		s.Choose(s.Text("settings.add-driver"), []string{".dll", ".so", ".dylib"}, false, func(paths []string) {
			if !slices.Contains(s.Settings.Modules, paths[0]) {
				s.Settings.Modules = append(s.Settings.Modules, paths[0])
			}
			s.save()
			s.turn(s.now)
		})
	})
	box.Add(container.NewHBox(add))
	box.Add(dim(s.Text("settings.drivers-restart")))
	return box
}

// looks is the section with colours, text size and language.
func (s *Screen) looks() fyne.CanvasObject {
	kinds := []string{look.System, look.Light, look.Dark, look.Contrast}
	theme := s.NewSelect([]string{s.Text("theme.system"), s.Text("theme.light"), s.Text("theme.dark"), s.Text("theme.contrast")}, nil)
	theme.SetSelectedIndex(max(0, slices.Index(kinds, cmp.Or(s.Settings.Window.Theme, look.Light))))
	theme.OnChanged = func(string) { s.window.Theme(kinds[theme.SelectedIndex()]) }
	codes := []string{"vi", "en"}
	language := s.NewSelect([]string{s.Text("language.vi"), s.Text("language.en")}, nil)
	language.SetSelectedIndex(slices.Index(codes, string(s.Words)))
	language.OnChanged = func(string) { s.window.Language(codes[language.SelectedIndex()]) }
	sizes := []int{90, 100, 110, 125, 150, 175, 200}
	var labels []string
	for _, p := range sizes {
		labels = append(labels, s.Text("settings.percent", p))
	}
	size := s.NewSelect(labels, nil)
	size.SetSelectedIndex(slices.Index(sizes, max(s.Settings.Window.TextSize, 0)))
	if s.Settings.Window.TextSize == 0 {
		size.SetSelectedIndex(slices.Index(sizes, 100))
	}
	size.OnChanged = func(string) { s.window.TextSize(sizes[size.SelectedIndex()]) }
	return container.NewVBox(
		s.heading(s.Text("settings.look"), s.Text("settings.look-hint")),
		bold(s.Text("settings.theme")), theme,
		bold(s.Text("settings.text-size")), size,
		bold(s.Text("settings.language")), language,
		s.trueSize(),
	)
}

// trueSize is how large a hundred percent is on the screen.
func (s *Screen) trueSize() fyne.CanvasObject {
	adjust := s.NewButton(s.Text("settings.true-size-adjust"), func() { truesize.Ask(s.Frame, func() { s.turn(s.now) }) })
	return container.NewVBox(
		bold(s.Text("settings.true-size-screen")), container.NewHBox(adjust),
		dim(s.Text("settings.true-size-hint", truesize.State(s.Frame))),
	)
}
