package reader

import (
	"testing"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
	"antin/signer/render"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Pictures of the reader in testdata, to be looked at when they change.
func TestPictures(t *testing.T) {
	mixed := []render.Size{{W: 210, H: 297}, {W: 297, H: 210}, {W: 148, H: 210}, {W: 210, H: 297}}
	for name, c := range map[string]struct {
		f  *fake
		do func(r *Reader)
	}{
		"first page": {&fake{sizes: a4(40)}, func(*Reader) {}},
		"whole page": {&fake{sizes: a4(40)}, func(r *Reader) { r.FitPage(); r.GoTo(33) }},
		"sizes":      {&fake{sizes: mixed}, func(r *Reader) { r.SetZoom(0.25); r.ScrollTo(3, pdffile.Box{W: 148, H: 210}) }},
		"tiles":      {&fake{sizes: a4(3)}, func(r *Reader) { r.SetZoom(3); r.ScrollTo(2, pdffile.Box{X: 150, Y: 220, W: 60, H: 77}) }},
		"damage": {
			&fake{sizes: a4(3), broken: map[int]error{2: render.ErrNotDrawable}, doc: render.Document{Annotated: true}},
			func(r *Reader) { r.SetZoom(0.4); r.ScrollTo(2, pdffile.Box{W: 210, H: 150}) },
		},
		"password": {&fake{sizes: a4(3), password: "x"}, func(*Reader) {}},
		"nothing":  {&fake{broken: map[int]error{0: render.ErrNotDrawable}}, func(*Reader) {}},
		"search": {
			&fake{sizes: a4(3), text: map[int]*pagetext.Text{1: {Lines: []pagetext.Line{line("các xã, các phường", 60, 40)}}}},
			func(r *Reader) { r.search.show(); r.search.words.SetText("các"); r.search.start("các") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, w := show(t, c.f, atOnce)
			c.do(r)
			w.Resize(fyne.NewSize(900, 600)) // lays everything out again, as a real window does
			test.AssertImageMatches(t, name+".png", w.Canvas().Capture())
		})
	}
}
