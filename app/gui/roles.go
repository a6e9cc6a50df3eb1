package gui

import (
	"slices"

	"antin/app/gui/approve"
	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/issue"
	"antin/app/gui/officer"
	"antin/app/gui/setup"
	"antin/app/words"
	"antin/signer/settings"
)

// role is whose work the window shows: its words and its screens. A role whose
// screens are missing from this table is not offered.
type role struct {
	settings.Role
	name, does string // names of texts: the person, the work in a sentence
	drop       string // name of the text that invites documents
	extensions []string
	documents  func(*frame.Frame, []string) frame.Screen // what takes documents; nil: the first role that has it
	home       func(*Window) frame.Screen                // the start page; nil: the page that takes documents
}

var pdf = []string{".pdf"}

// roles in their order on the screen.
var roles = []role{
	{
		Role: settings.Leader, name: "role.leader", does: "role.leader-does", drop: "role.leader-drop", extensions: pdf,
		documents: func(f *frame.Frame, paths []string) frame.Screen { return approve.New(f, paths, approve.Use{}) },
	},
	{
		Role: settings.Clerk, name: "role.clerk", does: "role.clerk-does", drop: "role.clerk-drop", extensions: pdf,
		documents: func(f *frame.Frame, paths []string) frame.Screen { return issue.New(f, paths, issue.Use{}) },
	},
	{
		Role: settings.Check, name: "role.check", does: "role.check-does", drop: "role.check-drop", extensions: pdf,
		documents: func(f *frame.Frame, paths []string) frame.Screen { return check.New(f, paths, nil) },
	},
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

// showSettings shows the settings.
func (w *Window) showSettings() {
	w.leave(func() { w.show(setup.New(w.Frame, windowLook{w})) })
}

// windowLook is what the settings change of the window itself.
type windowLook struct{ *Window }

func (w windowLook) Theme(kind string)    { w.setTheme(kind) }
func (w windowLook) TextSize(percent int) { w.setTextSize(percent) }
func (w windowLook) Language(code string) { w.setLanguage(words.Language(code)) }
