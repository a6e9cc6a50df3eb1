package gui

import (
	"slices"

	"antin/app/gui/approve"
	"antin/app/gui/certify"
	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/issue"
	"antin/app/gui/officer"
	"antin/app/gui/setup"
	"antin/app/words"
	"antin/signer/report"
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
	signs      report.Role                               // whose certificate it signs with; "": it does not sign
	works      []work                                    // the kinds of work of a role that has several: what is dropped decides
}

// work is one kind of what a role does with documents.
type work struct {
	name      string // of the text on its button and in the menu
	documents func(*frame.Frame, []string) frame.Screen
}

// The clerk's kinds of work.
const (
	outgoing = iota
	copies
)

var pdf = []string{".pdf"}

// roles in their order on the screen.
var roles = []role{
	{
		Role: settings.Leader, signs: report.Person, name: "role.leader", does: "role.leader-does", drop: "role.leader-drop", extensions: pdf,
		documents: func(f *frame.Frame, paths []string) frame.Screen { return approve.New(f, paths, approve.Use{}) },
	},
	{
		Role: settings.Clerk, signs: report.Organisation, name: "role.clerk", does: "role.clerk-does", drop: "role.clerk-drop", extensions: certify.Extensions, documents: issueDocuments,
		works: []work{outgoing: {"role.clerk-outgoing", issueDocuments}, copies: {"role.clerk-copies", certifyScans}},
	},
	{
		Role: settings.Archive, signs: report.Organisation, name: "role.archive", does: "role.archive-does", drop: "role.archive-drop", extensions: certify.Extensions,
		documents: func(f *frame.Frame, paths []string) frame.Screen {
			return certify.New(f, paths, certify.Use{Archive: true, Check: checkIn(f)})
		},
	},
	{
		Role: settings.Check, name: "role.check", does: "role.check-does", drop: "role.check-drop", extensions: pdf,
		documents: func(f *frame.Frame, paths []string) frame.Screen { return check.New(f, paths, nil) },
	},
	{Role: settings.Officer, name: "role.officer", does: "role.officer-does", home: officerHome},
}

func issueDocuments(f *frame.Frame, paths []string) frame.Screen {
	return issue.New(f, paths, issue.Use{})
}

func certifyScans(f *frame.Frame, paths []string) frame.Screen {
	return certify.New(f, paths, certify.Use{Check: checkIn(f)})
}

// checkIn shows the signatures of documents.
func checkIn(f *frame.Frame) func([]string) {
	return func(paths []string) { f.Show(check.New(f, paths, nil)) }
}

// roleOf is the role that was chosen, the zero value when none was.
func roleOf(r settings.Role) role {
	if i := slices.IndexFunc(roles, func(known role) bool { return known.Role == r }); i >= 0 {
		return roles[i]
	}
	return role{}
}

func officerHome(w *Window) frame.Screen {
	return officer.New(w.Frame, w.devices, "")
}

// showTokens shows what is plugged in, in detail.
func (w *Window) showTokens() {
	w.leave(func() { w.show(officer.New(w.Frame, w.devices, w.Text("menu.tokens-title"))) })
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
