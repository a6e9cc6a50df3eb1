package gui

import (
	"slices"

	"antin/app/gui/frame"
	"antin/app/gui/officer"
	"antin/signer/settings"
)

// role is whose work the window shows: its words and its screens. A role whose
// screens are missing from this table is not offered.
type role struct {
	settings.Role
	name, does string // names of texts: the person, the work in a sentence
	drop       string // name of the text that invites documents
	kinds      string // name of the text for what is taken
	extensions []string
	documents  func(*Window) frame.Screen // what takes documents; nil: Home does
	home       func(*Window) frame.Screen // the start page; nil: the page that takes documents
}

// roles in their order on the screen.
var roles = []role{
	{Role: settings.Officer, name: "role.officer", does: "role.officer-does", home: officerHome},
}

// roleOf is the role that was chosen, the zero value when none was.
func roleOf(r settings.Role) role {
	if i := slices.IndexFunc(roles, func(known role) bool { return known.Role == r }); i >= 0 {
		return roles[i]
	}
	return role{}
}

func officerHome(w *Window) frame.Screen {
	return officer.New(w.Frame, w.devices, w.app.Metadata().Version, "")
}

// showTokens shows what is plugged in, in detail.
func (w *Window) showTokens() {
	w.leave(func() { w.show(officer.New(w.Frame, w.devices, w.app.Metadata().Version, w.Text("menu.tokens-title"))) })
}
