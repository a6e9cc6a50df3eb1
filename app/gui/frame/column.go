package frame

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Column is a page of objects below each other that may be long. To break all its
// lines anew takes tenths of a second: when the page becomes wider or narrower, what
// is in sight is laid out at once and the rest from the top, some at a time, while
// what is seen stays where it is.
type Column struct {
	Scroll *container.Scroll // what stands in the window

	frame *Frame
	box   *fyne.Container
	gap   float32
	until time.Time // when what is out of sight has had enough time
	due   bool      // it will have some more
}

// NewColumn makes an empty page with this gap between its objects.
func (f *Frame) NewColumn(gap float32) *Column {
	c := &Column{frame: f, gap: gap}
	c.box = container.New(c)
	c.Scroll = container.NewVScroll(NewPart(c.box))
	return c
}

// Add puts objects below what is there.
func (c *Column) Add(objects ...fyne.CanvasObject) {
	c.box.Objects = append(c.box.Objects, objects...)
	c.layOut(0)
}

// Len is the number of objects.
func (c *Column) Len() int { return len(c.box.Objects) }

// Truncate keeps the first n objects; the others will not be shown again.
func (c *Column) Truncate(n int) {
	for _, o := range c.box.Objects[n:] {
		Gone(o)
	}
	c.box.Objects = c.box.Objects[:n:n]
	c.layOut(0)
}

// How long objects are laid out before other things have their turn: those in sight,
// and then the others.
const (
	forSeen   = 24 * time.Millisecond
	forUnseen = 8 * time.Millisecond
)

func (c *Column) layOut(unseen time.Duration) {
	if c.Scroll.Size().IsZero() {
		return // it has no place yet
	}
	c.until = time.Now().Add(unseen)
	c.Layout(c.box.Objects, c.box.Size())
	c.Scroll.Refresh() // the page has another height
}

// Layout implements fyne.Layout. Objects that have not the page's width wait to be
// laid out.
func (c *Column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	window, edge, first := c.Scroll.Size().Height, c.Scroll.Offset.Y, c.first(objects)
	c.fitSeen(objects[first:], size.Width)
	y, waits := float32(0), false
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if i == first {
			edge += y - o.Position().Y
		}
		if o.Size().Width == size.Width || time.Now().Before(c.until) {
			fit(o, size.Width)
		} else {
			waits = true
		}
		o.Move(fyne.NewPos(0, y))
		y += o.Size().Height + c.gap
	}
	c.Scroll.Offset.Y = max(min(edge, y-c.gap-window), 0)
	if waits && !c.due {
		c.due = true
		c.frame.Worker(func() {}, func() {
			c.due = false
			c.layOut(forUnseen)
		})
	}
}

// fitSeen gives objects their size as far as the window goes, which begins in the
// first.
func (c *Column) fitSeen(objects []fyne.CanvasObject, width float32) {
	until, room := time.Now().Add(forSeen), c.Scroll.Size().Height
	for i, o := range objects {
		if !o.Visible() {
			continue
		}
		if i == 0 {
			room += c.Scroll.Offset.Y - o.Position().Y
		}
		if room <= 0 || time.Now().After(until) {
			return
		}
		fit(o, width)
		room -= o.Size().Height + c.gap
	}
}

// fit gives an object a width and the height that it needs then.
func fit(o fyne.CanvasObject, width float32) {
	if o.Size().Width != width {
		o.Resize(fyne.NewSize(width, 0)) // breaks its lines, on which its height depends
	}
	o.Resize(fyne.NewSize(width, o.MinSize().Height))
}

// first is the object at the upper edge of the window.
func (c *Column) first(objects []fyne.CanvasObject) int {
	return max(0, slices.IndexFunc(objects, func(o fyne.CanvasObject) bool {
		return o.Visible() && o.Position().Y+o.Size().Height > c.Scroll.Offset.Y
	}))
}

// MinSize implements fyne.Layout.
func (c *Column) MinSize(objects []fyne.CanvasObject) (least fyne.Size) {
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		size := o.MinSize()
		if o.Size().Width != c.box.Size().Width {
			size.Height = o.Size().Height // for now
		}
		least = fyne.NewSize(max(least.Width, size.Width), least.Height+size.Height+c.gap)
	}
	return least.SubtractWidthHeight(0, c.gap)
}
