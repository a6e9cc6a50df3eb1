package gui

import (
	"image/color"
	"strings"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/widget"
)

// What is wrong on a screen is complained of, and what is right is not.
func TestComplaints(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	f := &frame.Frame{Words: words.Vietnamese}
	fixed := func(o fyne.CanvasObject, x, y, w, h float32) fyne.CanvasObject {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
		return o
	}
	button := func(text string) *frame.Button { return f.NewButton(text, func() {}) }
	pale := canvas.NewText("Văn bản", color.NRGBA{0xa0, 0xa0, 0xa0, 0xff})
	for name, c := range map[string]struct {
		content fyne.CanvasObject
		want    string
	}{
		"right":                 {container.NewVBox(widget.NewLabel("Văn bản"), widget.NewLabel("Chữ ký"), container.NewHBox(button("Mở"), button("Ký"))), ""},
		"texts on each other":   {container.NewWithoutLayout(fixed(widget.NewLabel("Văn bản"), 10, 10, 90, 36), fixed(widget.NewLabel("Chữ ký"), 20, 14, 90, 36)), "lie on each other"},
		"text on a button":      {container.NewWithoutLayout(fixed(button("Mở"), 10, 10, 90, 40), fixed(widget.NewLabel("Chữ ký"), 20, 14, 90, 36)), "lies on [Mở]"},
		"buttons on each other": {container.NewWithoutLayout(fixed(button("Mở"), 10, 10, 90, 40), fixed(button("Ký"), 90, 40, 90, 40)), "[Mở] and [Ký] lie on each other"},
		"text below a ground":   {container.NewWithoutLayout(fixed(widget.NewLabel("Văn bản"), 10, 10, 90, 36), fixed(canvas.NewRectangle(color.White), 10, 26, 90, 40)), "are hidden"},
		"one of many":           {widget.NewLabel("1 pages"), "in the plural"},
		"small":                 {container.NewWithoutLayout(fixed(button("Mở"), 10, 10, 90, 30)), "less than 36"},
		"clipped":               {container.NewWithoutLayout(fixed(button("Chứng thực bản sao"), 10, 10, 60, 40)), "is clipped"},
		"beyond the window":     {container.NewWithoutLayout(fixed(button("Mở"), 480, 10, 90, 40)), "beyond the window"},
		"pale":                  {container.NewVBox(pale), "contrast"},
		"English":               {widget.NewLabel("Choose documents"), "is English"},
		"a digest":              {widget.NewLabel("SHA-256: add6 30ad face 9f00 bad0"), ""},
		"no glyph":              {widget.NewLabel("\U000F1234\U000F1234"), "no glyph"},
		"Tab goes back":         {container.New(layout.NewBorderLayout(nil, nil, nil, nil), container.NewWithoutLayout(fixed(button("Ký"), 200, 50, 90, 40), fixed(button("Mở"), 10, 50, 90, 40))), "Tab goes back from [Ký] to [Mở]"},
	} {
		t.Run(name, func(t *testing.T) {
			w := test.NewTempWindow(t, container.NewStack(c.content))
			w.SetPadded(false)
			w.Resize(fyne.NewSize(500, 300))
			var all []string
			for _, text := range complaints(t, view{words.Vietnamese, fyne.NewSize(500, 300), 100, look.Light}, w) {
				if !strings.Contains(text, "texts were looked at") {
					all = append(all, text)
				}
			}
			if got := strings.Join(all, "\n"); c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("complaints:\n%s\nwant %q", got, c.want)
			}
		})
	}
}
