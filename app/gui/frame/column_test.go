package frame_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// tall are objects whose heights depend on their widths, each in its own way.
func tall(from, to int) (all []fyne.CanvasObject) {
	for i := from; i < to; i++ {
		text := widget.NewRichTextWithText(fmt.Sprintf("%d. %s", i, strings.Repeat("signed and sealed ", 4+i%9)))
		text.Wrapping = fyne.TextWrapWord
		buttons := frame.InRows()
		for range i % 7 {
			buttons.Add(widget.NewButton("the original", nil))
		}
		all = append(all, frame.NewPart(container.NewVBox(
			frame.Wrapped(strings.Repeat("intact ", 5*i%40+1)),
			container.NewBorder(nil, nil, widget.NewIcon(theme.InfoIcon()), nil, text), buttons)))
	}
	return all
}

// column is a column in a window whose turns are held back.
type column struct {
	*frame.Column
	fyne.Window
	held []func()
}

func newColumn(t *testing.T, objects ...fyne.CanvasObject) *column {
	test.NewTempApp(t)
	c := &column{}
	f := &frame.Frame{Worker: func(work, done func()) { c.held = append(c.held, func() { work(); done() }) }}
	c.Column = f.NewColumn(theme.Padding())
	c.Window = test.NewTempWindow(t, c.Scroll)
	c.SetPadded(false)
	c.Resize(fyne.NewSize(600, 400))
	c.Add(objects...)
	return c
}

// turn does what was held back and tells whether there was anything.
func (c *column) turn() bool {
	held := c.held
	c.held = nil
	for _, do := range held {
		do()
	}
	return len(held) > 0
}

// places are those of all objects below o.
func places(o fyne.CanvasObject) (all []string) {
	all = append(all, fmt.Sprintf("%T %v %v", o, o.Position(), o.Size()))
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			all = append(all, places(child)...)
		}
	case *frame.Part:
		all = append(all, places(o.Content())...)
	}
	return all
}

// laidOutAtOnce are the places of the objects in a box of the toolkit.
func laidOutAtOnce(t *testing.T, width float32, objects []fyne.CanvasObject) []string {
	box := container.NewVBox(objects...)
	test.NewTempWindow(t, container.NewWithoutLayout(box))
	for range 3 { // heights depend on widths
		box.Resize(fyne.NewSize(width, box.MinSize().Height))
		for _, o := range objects {
			inner := o.(*frame.Part).Content().(*fyne.Container)
			inner.Layout.Layout(inner.Objects, inner.Size())
		}
		box.Layout.Layout(box.Objects, box.Size())
	}
	return places(box)
}

func (c *column) mustBeLaidOutAs(t *testing.T, objects []fyne.CanvasObject) {
	t.Helper()
	for c.turn() {
	}
	got, want := places(c.Scroll.Content), laidOutAtOnce(t, c.Scroll.Size().Width, objects)
	got = got[1:] // the column's own part
	if len(got) != len(want) {
		t.Fatalf("%d places, want %d", len(got), len(want))
	}
	for i := range got[1:] { // the box itself moves as it is scrolled
		if got[i+1] != want[i+1] {
			t.Fatalf("object %d of %d is at %s, want %s", i+1, len(got), got[i+1], want[i+1])
		}
	}
	if got, want := c.Scroll.Content.Size(), c.Scroll.Content.MinSize(); got.Height != want.Height {
		t.Errorf("the page is %v high, its objects %v", got.Height, want.Height)
	}
}

// Whatever comes in between, all is in the end where it would be had it been laid
// out at once.
func TestColumnIsLaidOutInTheEnd(t *testing.T) {
	for name, do := range map[string]func(*column) (end []fyne.CanvasObject){
		"a resize": func(c *column) []fyne.CanvasObject {
			c.Resize(fyne.NewSize(300, 400))
			return tall(0, 60)
		},
		"scrolled to the end": func(c *column) []fyne.CanvasObject {
			c.Scroll.ScrollToBottom()
			c.Resize(fyne.NewSize(1500, 900))
			return tall(0, 60)
		},
		"a second resize": func(c *column) []fyne.CanvasObject {
			c.Resize(fyne.NewSize(300, 400))
			c.turn()
			c.Resize(fyne.NewSize(450, 300))
			return tall(0, 60)
		},
		"back to the first": func(c *column) []fyne.CanvasObject {
			c.Resize(fyne.NewSize(300, 400))
			c.turn()
			c.Resize(fyne.NewSize(600, 400))
			return tall(0, 60)
		},
		"another page": func(c *column) []fyne.CanvasObject {
			c.Resize(fyne.NewSize(300, 400))
			c.turn()
			c.Truncate(0)
			c.Add(tall(7, 50)...)
			return tall(7, 50)
		},
		"a longer page": func(c *column) []fyne.CanvasObject {
			c.Resize(fyne.NewSize(300, 400))
			c.Add(tall(60, 90)...)
			return tall(0, 90)
		},
		"a shorter page": func(c *column) []fyne.CanvasObject {
			c.Scroll.ScrollToBottom()
			c.Resize(fyne.NewSize(300, 400))
			c.turn()
			c.Truncate(9)
			return tall(0, 9)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newColumn(t, tall(0, 60)...)
			for c.turn() {
			}
			c.mustBeLaidOutAs(t, do(c))
		})
	}
}

// A resize lays out what is seen and leaves the rest for later; meanwhile nothing
// that is seen moves.
func TestColumnKeepsWhatIsSeen(t *testing.T) {
	objects := tall(0, 60)
	c := newColumn(t, objects...)
	for c.turn() {
	}
	watched := objects[30] // at the upper edge, cut
	c.Scroll.ScrollToOffset(fyne.NewPos(0, watched.Position().Y+5))
	begun := time.Now()
	c.Resize(fyne.NewSize(300, 400))
	took := time.Since(begun)
	for turns := 0; ; turns++ {
		if got := c.Scroll.Offset.Y - watched.Position().Y; got != 5 {
			t.Fatalf("after %d turns the page has moved by %v", turns, got-5)
		}
		for i, o := range objects {
			seen := o.Position().Y+o.Size().Height > c.Scroll.Offset.Y && o.Position().Y < c.Scroll.Offset.Y+400
			if seen && o.Size().Width != 300 && took < 20*time.Millisecond { // else what is seen may wait too
				t.Errorf("after %d turns object %d is seen %v wide", turns, i, o.Size().Width)
			}
		}
		if turns == 0 && objects[59].Size().Width == 300 {
			t.Error("the whole page was laid out at once")
		}
		begun = time.Now()
		if !c.turn() {
			break
		}
		took = time.Since(begun)
	}
}
