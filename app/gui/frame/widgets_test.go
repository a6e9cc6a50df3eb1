package frame_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// What a person types is taken once, when he leaves or presses Return; what the
// program puts there meanwhile does not disturb him.
func TestEntryIsTaken(t *testing.T) {
	test.NewTempApp(t)
	f := &frame.Frame{}
	e := f.NewEntry()
	var taken []string
	e.Taken = func(text string) { taken = append(taken, text) }
	w := test.NewTempWindow(t, e)
	e.Put("121")
	w.Canvas().Focus(e)
	e.SetText("")
	test.Type(e, "7")
	e.Put("122")
	if e.Text != "7" {
		t.Errorf("while typing %q is shown", e.Text)
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	w.Canvas().Unfocus()
	if len(taken) != 1 || taken[0] != "7" {
		t.Errorf("taken %q, want 7 once", taken)
	}
	e.Put("123")
	if e.Text != "123" {
		t.Errorf("after leaving %q is shown", e.Text)
	}
}

// A long text is one line whatever is pasted, and its keys are those of a line.
func TestLongEntry(t *testing.T) {
	test.NewTempApp(t)
	var passed []fyne.KeyName
	f := &frame.Frame{Key: func(k *fyne.KeyEvent) bool { passed = append(passed, k.Name); return true }}
	e := f.NewLongEntry(3)
	taken := ""
	e.Taken = func(text string) { taken = text }
	w := test.NewTempWindow(t, e)
	w.Canvas().Focus(e)
	pasted := fyne.CurrentApp().Clipboard()
	pasted.SetContent("Về việc kiện toàn\nBan Chỉ đạo\n")
	e.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasted})
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if want := "Về việc kiện toàn Ban Chỉ đạo"; taken != want {
		t.Errorf("taken %q, want %q", taken, want)
	}
	e.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	if !slices.Equal(passed, []fyne.KeyName{fyne.KeyPageDown}) || e.AcceptsTab() {
		t.Errorf("keys %v are the window's, Tab is kept: %v", passed, e.AcceptsTab())
	}
	if line := f.NewEntry(); e.MinSize().Height < line.MinSize().Height+2*theme.TextSize() {
		t.Errorf("it is %v high, a line %v", e.MinSize().Height, line.MinSize().Height)
	}
}

// What shows the same stays, what shows something else is made anew.
func TestKept(t *testing.T) {
	test.NewTempApp(t)
	k, made := frame.NewKept(), 0
	show := func(what ...any) {
		k.Show(what, func() []fyne.CanvasObject {
			made++
			return []fyne.CanvasObject{widget.NewButton("press", func() {})}
		})
	}
	show("a", 1)
	first := k.Box.Objects[0]
	show("a", 1)
	if made != 1 || k.Box.Objects[0] != first {
		t.Errorf("made %d times", made)
	}
	if show("a", 2); made != 2 || k.Box.Objects[0] == first {
		t.Errorf("made %d times", made)
	}
}

// A list shows what its rows are now without making them anew, and has an eye on
// their number.
func TestListRenews(t *testing.T) {
	test.NewTempApp(t)
	rows, filled := []string{"a", "b", "c"}, 0
	f := &frame.Frame{}
	l := f.NewList(func() int { return len(rows) }, func() fyne.CanvasObject { return frame.NewLine() }, func(i widget.ListItemID, o fyne.CanvasObject) {
		filled++
		o.(*frame.Line).Say(rows[i])
	})
	w := test.NewTempWindow(t, l)
	w.Resize(fyne.NewSize(200, 300))
	l.Renew()
	filled, rows[1] = 0, "x"
	if l.Renew(); filled != 3 {
		t.Errorf("%d rows were filled, want three", filled)
	}
	rows = rows[:1]
	l.Renew()
	if w.Canvas().Capture() == nil || l.Length() != 1 {
		t.Error("a shorter list")
	}
}

// A line ends in an ellipsis where its room ends, and is whole where there is room.
func TestLineIsFitted(t *testing.T) {
	test.NewTempApp(t)
	l := frame.NewLine()
	l.Say("Quyết định về việc kiện toàn Ban Chỉ đạo chuyển đổi số xã Bình Minh")
	w := test.NewTempWindow(t, l)
	shown := func(width float32) string {
		w.Resize(fyne.NewSize(width, 40))
		l.Resize(fyne.NewSize(width, 40))
		return test.WidgetRenderer(l).Objects()[0].(*canvas.Text).Text
	}
	if got := shown(1000); got != l.Said() {
		t.Errorf("with room %q is shown", got)
	}
	got := shown(150)
	if !strings.HasPrefix(got, "Quyết") || !strings.HasSuffix(got, "…") || fyne.MeasureText(got, theme.TextSize(), fyne.TextStyle{}).Width > 150 {
		t.Errorf("in 150 units %q is shown", got)
	}
	if got := shown(5); got != "" {
		t.Errorf("without room %q is shown", got)
	}
}

// A text of several lines is broken between words, paragraphs have what those before
// them leave, and only the last line that there is room for ends in an ellipsis.
func TestLinesAreBroken(t *testing.T) {
	test.NewTempApp(t)
	const told, about = "Chưa có chữ ký lãnh đạo. Không đóng dấu.", "Về việc kiện toàn Ban Chỉ đạo"
	for _, c := range []struct {
		name  string
		text  string
		width float32
		want  []string
	}{
		{"room for all", told, 1000, []string{told, "", ""}},
		{"two paragraphs", told + "\n" + about, 1000, []string{told, about, ""}},
		{"nothing above", "\n" + about, 1000, []string{about, "", ""}},
		{"two lines and one", told + "\n" + about, 260, []string{"Chưa có chữ ký lãnh đạo. Không", "đóng dấu.", about}},
		{"the rest is cut", told + "\n" + about, 120, []string{"Chưa có chữ ký", "lãnh đạo.", "Không đóng …"}},
		{"a long word", "/a/rat-dai/khong-co-dau-cach", 90, []string{"/a/rat-dai/k", "hong-co-d", "au-cach"}},
		{"no room", told, 5, []string{"", "", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := frame.NewLines(3)
			l.Say(c.text)
			test.NewTempWindow(t, l)
			l.Resize(fyne.NewSize(c.width, 80))
			var got []string
			for _, o := range test.WidgetRenderer(l).Objects() {
				text := o.(*canvas.Text)
				if got = append(got, text.Text); text.Position().X+text.MinSize().Width > max(c.width, text.Position().X) {
					t.Errorf("%q is too wide", text.Text)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("shown are %q, want %q", got, c.want)
			}
		})
	}
}

// The end of a row's first line has its room, the name what is left, whatever is
// told later; the sign has the colours of now.
func TestRow(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	r := frame.NewRow(2)
	w := test.NewTempWindow(t, r)
	w.Resize(fyne.NewSize(300, 100))
	r.Resize(fyne.NewSize(300, 80))
	line := func(i int) *canvas.Text {
		return test.WidgetRenderer(test.WidgetRenderer(r).Objects()[i].(fyne.Widget)).Objects()[0].(*canvas.Text)
	}
	for _, c := range [][3]string{
		{"to-trinh-so-15-ve-viec.pdf", "", "to-trinh-so-15-ve-viec.pdf"},
		{"to-trinh-so-15-ve-viec.pdf", "121/QĐ-UBND", "to-trinh-so-15-ve-vi…"},
		{"qd.pdf", "121/QĐ-UBND", "qd.pdf"},
	} {
		r.Say(frame.SignIcon(frame.SignGood), c[0], c[1], "Đã phát hành")
		if name, aside := line(1).Text, line(2).Text; name != c[2] || aside != c[1] {
			t.Errorf("%q beside %q are shown as %q and %q", c[0], c[1], name, aside)
		}
	}
	before := line(3).Color
	frame.Dress(func(do func()) { do() }, func() { fyne.CurrentApp().Settings().SetTheme(look.New(look.Dark, 100)) }, func() {})
	if frame.Renew(r); line(3).Color == before {
		t.Error("the text keeps its colour when the others change")
	}
}

// Parts follow new colours one after the other, the inner before the outer ones, and
// each object once.
func TestDress(t *testing.T) {
	test.NewTempApp(t)
	inner := &counted{}
	inner.ExtendBaseWidget(inner)
	outer := &counted{}
	outer.ExtendBaseWidget(outer)
	part := frame.NewPart(container.NewStack(inner))
	w := test.NewTempWindow(t, container.NewStack(container.NewPadded(frame.NewPart(container.NewVBox(container.NewPadded(outer), part)))))
	w.Resize(fyne.NewSize(200, 200))
	inner.refreshed, outer.refreshed = 0, 0
	var pieces []func()
	done := false
	frame.Dress(func(f func()) { pieces = append(pieces, f) }, func() { fyne.CurrentApp().Settings().SetTheme(look.New(look.Light, 100)) }, func() { done = true })
	if inner.refreshed+outer.refreshed != 0 {
		t.Errorf("refreshed at once: %d, %d", inner.refreshed, outer.refreshed)
	}
	for len(pieces) > 0 {
		next := pieces[0]
		pieces = pieces[1:]
		next()
		if outer.refreshed > inner.refreshed {
			t.Error("the outer part was first")
		}
	}
	if !done || inner.refreshed != 1 || outer.refreshed != 1 {
		t.Errorf("done %v, refreshed %d and %d times", done, inner.refreshed, outer.refreshed)
	}
	if frame.Renew(w.Content()); inner.refreshed != 2 || outer.refreshed != 2 {
		t.Errorf("renewed, and refreshed %d and %d times", inner.refreshed, outer.refreshed)
	}
}

// counted counts how often it is refreshed.
type counted struct {
	widget.Label
	refreshed int
}

func (c *counted) Refresh() {
	c.refreshed++
	c.Label.Refresh()
}

// Signs in a part take the new colours too: the toolkit's icon keeps a picture that
// it has already.
func TestDressedSigns(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(look.New(look.Light, 100))
	f := &frame.Frame{}
	w := test.NewTempWindow(t, frame.NewPart(container.NewVBox(widget.NewIcon(frame.SignIcon(frame.SignWait)), f.NewSelect([]string{" "}, nil))))
	w.Resize(fyne.NewSize(200, 120))
	icons := func() (signs []*canvas.Image) {
		var look func(o fyne.CanvasObject)
		look = func(o fyne.CanvasObject) {
			switch o := o.(type) {
			case *canvas.Image:
				signs = append(signs, o)
			case *fyne.Container:
				for _, child := range o.Objects {
					look(child)
				}
			case fyne.Widget:
				for _, child := range test.WidgetRenderer(o).Objects() {
					look(child)
				}
			}
		}
		look(w.Content())
		return signs
	}
	bright := func(m image.Image) bool {
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				if r, g, b, a := m.At(x, y).RGBA(); a > 0xc000 && min(r, g, b) > a/2 {
					return true
				}
			}
		}
		return false
	}
	all := icons()
	if len(all) != 2 {
		t.Fatalf("%d signs, want that of the icon and the arrow of the choice", len(all))
	}
	for i, sign := range all {
		if bright(sign.Image) {
			t.Errorf("sign %d is bright on white", i)
		}
	}
	frame.Dress(func(f func()) { f() }, func() { fyne.CurrentApp().Settings().SetTheme(look.New(look.Dark, 100)) }, func() {})
	for i, sign := range icons() {
		if !bright(sign.Image) {
			t.Errorf("sign %d is dark on black", i)
		}
	}
}
