package setup

import (
	"context"
	"fmt"
	"slices"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/assets"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// profile is the choice of a layout, with its values; those of the office's own are
// set here one by one.
func (s *Screen) profile() fyne.CanvasObject {
	profiles := assets.Profiles()
	var titles []string
	for _, p := range profiles {
		titles = append(titles, p.Title)
	}
	norm, values := frame.NewTold(), container.NewStack()
	fill := func() {
		p, err := settings.Profile(s.Settings.Profile)
		if err != nil {
			norm.Set(frame.SignBad, s.Words.Explain(err).What)
			values.RemoveAll()
			return
		}
		norm.Set("", p.Norm)
		item := widget.NewAccordionItem(s.Text("settings.profile-values"), s.values(p))
		item.Open = p.Editable
		values.Objects = []fyne.CanvasObject{widget.NewAccordion(item)}
		values.Refresh()
	}
	choice := s.NewSelect(titles, nil)
	choice.SetSelectedIndex(slices.Index(profiles, assets.ProfileNamed(s.Settings.Profile)))
	choice.OnChanged = func(string) {
		s.Settings.Profile = profiles[choice.SelectedIndex()].Name
		s.save()
		fill()
	}
	fill()
	return container.NewVBox(bold(s.Text("settings.profile")), choice, norm.Box, values)
}

// values are those of a layout below a small page: to read, or to set where they
// are the office's own.
func (s *Screen) values(p *assets.Profile) fyne.CanvasObject {
	page := newPage(s.Text("settings.profile-page"))
	page.show(p)
	e := &profileEditor{Screen: s, profile: p.Clone(), page: page} // the shipped one is everybody's
	groups := widget.NewAccordion()                                // one is open: there are many values
	var pieces []func()
	for _, line := range s.Words.Profile(p) {
		if n := len(groups.Items); n == 0 || groups.Items[n-1].Title != line.Group {
			groups.Append(widget.NewAccordionItem(line.Group, container.NewVBox()))
		}
		rows := groups.Items[len(groups.Items)-1].Detail.(*fyne.Container)
		pieces = append(pieces, func() {
			if _, settable := assets.KindOf(line.Path); settable && p.Editable {
				rows.Add(frame.NewPart(e.row(line.Path)))
			} else {
				rows.Add(frame.NewPart(plain(line.String())))
			}
		})
	}
	groups.Open(0)
	s.Pieces(pieces...)
	box := container.NewVBox(container.NewHBox(page.object))
	if p.Editable {
		box.Add(dim(s.Text("settings.profile-own")))
	}
	box.Add(groups)
	return box
}

// profileEditor sets values of the office's own layout.
type profileEditor struct {
	*Screen
	profile *assets.Profile
	page    *page
}

// value is what stands at a path now, for the program and in words.
func (e *profileEditor) value(path string) (assets.ProfileValue, words.ProfileLine) {
	values := e.profile.Values()
	i := slices.IndexFunc(values, func(v assets.ProfileValue) bool { return v.Path == path })
	return values[i], e.Words.Profile(e.profile)[i]
}

// row is one value: what it is and says who, what it is now, and the way back.
func (e *profileEditor) row(path string) fyne.CanvasObject {
	source, mark := dim(""), newMark()
	var show func()
	set := func(json string) {
		if err := e.profile.Set(path, json); err != nil {
			mark.Set(frame.SignWarning, e.Words.ProfileFault(err))
			mark.Box.Show()
			return
		}
		mark.Box.Hide()
		show()
		e.page.show(e.profile)
		e.keep()
	}
	back := e.NewButton(e.Text("settings.profile-back"), func() { set("") })
	input, put := e.input(path, set)
	show = func() {
		v, line := e.value(path)
		put(v)
		source.SetText(fmt.Sprintf("%s; %s", line.Article, line.Certainty))
		frame.Show(back, line.Own)
	}
	show()
	_, line := e.value(path)
	name := line.What
	if unit := e.Words.ProfileUnit(path); unit != "" {
		name += " (" + unit + ")"
	}
	return container.NewGridWithColumns(
		2,
		container.NewVBox(plain(name), source),
		container.NewVBox(input, mark.Box, container.NewHBox(back, layout.NewSpacer())),
	)
}

// input is where a value is chosen or typed; put shows another one in it.
func (e *profileEditor) input(path string, set func(json string)) (o fyne.CanvasObject, put func(assets.ProfileValue)) {
	choices := e.Words.ProfileChoices(e.profile, path)
	if len(choices) == 0 {
		line := e.NewEntry()
		line.SetPlaceHolder(e.Text("profile.open"))
		line.Taken = func(text string) { set(e.Words.ProfileJSON(path, text)) }
		return line, func(v assets.ProfileValue) { line.Put(e.Words.ProfileText(v)) }
	}
	var texts []string
	for _, c := range choices {
		texts = append(texts, c.Text)
	}
	choice := e.NewSelect(texts, nil)
	choice.OnChanged = func(string) { set(choices[choice.SelectedIndex()].JSON) }
	return choice, func(v assets.ProfileValue) {
		i := slices.IndexFunc(choices, func(c words.ProfileChoice) bool { return c.JSON == v.Value })
		if i >= 0 && choice.SelectedIndex() != i { // no change of the person's
			choice.Selected = texts[i]
			choice.Refresh()
		}
	}
}

// keep stores the layout beside, as it is now.
func (e *profileEditor) keep() {
	now := e.profile.Clone()
	e.Run(func(context.Context) error { return settings.SaveProfile(now) }, func(err error) {
		if err != nil {
			e.Problem(err, nil)
		}
	})
}
