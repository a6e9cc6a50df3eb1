package help

import (
	"slices"

	"antin/app/gui/frame"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// step is one card of a tour: a text, and a picture with a ring round the part of it
// that the text speaks of.
type step struct{ text, picture, part string }

var tours = map[settings.Role][]step{
	settings.Leader: {
		{"guide.leader-open", "trang-dau-lanh-dao.png", "drop"},
		{"guide.leader-place", "lanh-dao.png", "place"},
		{"guide.leader-sign", "lanh-dao.png", "sign"},
		{"guide.leader-done", "da-ky.png", "folder"},
	},
	settings.Clerk: {
		{"guide.clerk-open", "trang-dau-van-thu.png", "drop"},
		{"guide.clerk-number", "van-thu.png", "number"},
		{"guide.clerk-seal", "van-thu.png", "stamp"},
		{"guide.clerk-copy", "trang-dau-van-thu.png", "works"},
	},
	settings.Archive: {
		{"guide.archive-open", "trang-dau-luu-tru.png", "drop"},
		{"guide.archive-gate", "luu-tru.png", "pages"},
		{"guide.archive-sign", "luu-tru.png", "sign"},
	},
	settings.Check: {
		{"guide.check-drop", "trang-dau-kiem-tra.png", "drop"},
		{"guide.check-answers", "kiem-tra.png", "list"},
		{"guide.check-record", "kiem-tra.png", "record"},
	},
	settings.Officer: {
		{"guide.officer-look", "can-bo.png", "look"},
		{"guide.officer-trust", "tin-cay.png", "files"},
		{"guide.officer-settings", "chu-ky.png", "picture"},
	},
}

// Tour shows the role's tour, once ever; then is called when there is nothing
// (more) to show.
func Tour(f *frame.Frame, role settings.Role, then func()) {
	steps := tours[role]
	if len(steps) == 0 || slices.Contains(f.Settings.Window.ToursSeen, role) {
		then()
		return
	}
	t := &tour{frame: f, steps: steps, body: container.NewStack()}
	t.count = widget.NewLabel("")
	t.back = f.NewButton(f.Text("guide.tour-back"), func() { t.turn(-1) })
	t.next = f.NewMainButton("", func() { t.turn(+1) })
	skip := f.NewButton(f.Text("guide.tour-skip"), func() { t.dialog.Hide() })
	t.dialog = dialog.NewCustomWithoutButtons(f.Text("guide.tour"),
		container.NewBorder(nil, container.NewHBox(skip, layout.NewSpacer(), t.count, t.back, t.next), nil, nil, t.body), f.Window)
	t.dialog.SetOnClosed(func() {
		f.Settings.Window.ToursSeen = append(f.Settings.Window.ToursSeen, role)
		if err := f.Save(); err != nil {
			f.Problem(err, then)
			return
		}
		then()
	})
	t.dialog.Resize(fyne.NewSize(760, 560))
	t.turn(0)
	t.dialog.Show()
	f.Window.Canvas().Focus(t.next)
}

type tour struct {
	frame      *frame.Frame
	steps      []step
	at         int
	dialog     *dialog.CustomDialog
	body       *fyne.Container
	count      *widget.Label
	back, next *frame.Button
}

// turn goes on by so many steps; beyond the last one the tour is over.
func (t *tour) turn(by int) {
	t.at += by
	if t.at == len(t.steps) {
		t.dialog.Hide()
		return
	}
	s := t.steps[t.at]
	text := widget.NewRichTextFromMarkdown(t.frame.Text(s.text))
	text.Wrapping = fyne.TextWrapWord
	t.body.Objects = []fyne.CanvasObject{container.NewBorder(text, nil, nil, nil, shown(t.frame, s.picture, s.part))}
	t.body.Refresh()
	t.count.SetText(t.frame.Text("guide.tour-count", t.at+1, len(t.steps)))
	if t.at > 0 {
		t.back.Enable()
	} else {
		t.back.Disable()
	}
	if t.at == len(t.steps)-1 {
		t.next.SetText(t.frame.Text("guide.tour-begin"))
	} else {
		t.next.SetText(t.frame.Text("guide.tour-next"))
	}
}
