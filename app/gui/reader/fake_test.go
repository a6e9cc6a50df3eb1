package reader

import (
	"context"
	"errors"
	"image"
	"image/color"
	"testing"

	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/words"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/render"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// fake is a document in memory. Its pages have a colour of their own, and a
// black square of 10 mm in each corner, so that a picture tells where it is
// from.
type fake struct {
	sizes    []render.Size
	doc      render.Document
	password string
	broken   map[int]error // by page
	bare     map[int]bool
	most     float64 // dpi; 0: no limit
	text     map[int]*pagetext.Text

	opened, closed int
	draws          []key
	source         render.Source
}

func (f *fake) Open(_ context.Context, s render.Source) (render.Document, []render.Size, error) {
	f.opened++
	f.source = s
	if string(s.Password) != f.password {
		return render.Document{}, nil, render.ErrPassword
	}
	if err := f.broken[0]; err != nil {
		return render.Document{}, nil, err
	}
	d := f.doc
	d.Pages = len(f.sizes)
	return d, f.sizes, nil
}

func pageColour(page int) color.RGBA {
	return color.RGBA{uint8(200 - page%5*20), 220, uint8(160 + page%4*20), 0xff}
}

func (f *fake) Draw(ctx context.Context, page int, dpi float64, area image.Rectangle) (*render.Picture, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if f.most > 0 && dpi > f.most {
		return nil, &render.TooLargeError{Page: page, MaxDPI: f.most}
	}
	f.draws = append(f.draws, key{page - 1, dpi, area.Min.Div(tileSize)})
	if err := f.broken[page]; err != nil {
		return nil, err
	}
	size := f.sizes[page-1]
	px := dpi / 25.4
	whole := image.Rect(0, 0, int(size.W*px+0.5), int(size.H*px+0.5))
	area = area.Intersect(whole)
	if area.Empty() {
		return nil, errors.New("beside the page")
	}
	img := image.NewRGBA(image.Rect(0, 0, area.Dx(), area.Dy()))
	for y := range area.Dy() {
		for x := range area.Dx() {
			mmX, mmY := float64(x+area.Min.X)/px, float64(y+area.Min.Y)/px
			c := pageColour(page)
			if (mmX < 10 || mmX > size.W-10) && (mmY < 10 || mmY > size.H-10) {
				c = color.RGBA{0, 0, 0, 0xff}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return &render.Picture{RGBA: img, SignaturesShown: !f.bare[page]}, nil
}

func (f *fake) Text(_ context.Context, page int) (*pagetext.Text, error) {
	if t := f.text[page]; t != nil {
		return t, nil
	}
	return &pagetext.Text{Page: page}, nil
}

func (f *fake) Close() error { f.closed++; return nil }

func a4(n int) []render.Size {
	all := make([]render.Size, n)
	for i := range all {
		all[i] = render.Size{W: 210, H: 297}
	}
	return all
}

// line is a line of text at x, y mm with characters of 2 mm.
func line(text string, x, y float64) pagetext.Line {
	l := pagetext.Line{Text: text, Size: 13, Baseline: y + 4, Box: pdffile.Box{X: x, Y: y, H: 5}}
	for _, c := range text {
		l.Chars = append(l.Chars, pagetext.Char{Rune: c, X0: x, X1: x + 2})
		x += 2
	}
	l.Box.W = x - l.Box.X
	return l
}

// queue is a Runner that waits to be told.
type queue struct{ waiting []func() }

func (q *queue) run(work, done func()) {
	q.waiting = append(q.waiting, func() { work(); done() })
}

// step does the oldest work.
func (q *queue) step() bool {
	if len(q.waiting) == 0 {
		return false
	}
	w := q.waiting[0]
	q.waiting = q.waiting[1:]
	w()
	return true
}

func (q *queue) all() {
	for q.step() {
	}
}

func atOnce(work, done func()) { work(); done() }

// show puts a reader with the document into a window of 800 × 600.
func show(t *testing.T, f *fake, run frame.Runner) (*Reader, fyne.Window) {
	t.Helper()
	a := test.NewTempApp(t)
	a.Settings().SetTheme(look.New(look.Light, 100))
	r := New(&frame.Frame{Words: words.Vietnamese, Settings: &settings.Settings{}, Worker: run}, Options{Document: func() Pages { return f }})
	w := test.NewTempWindow(t, r)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	r.Open("quyet-dinh.pdf", nil, 0)
	return r, w
}
