package render

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime/debug"

	"antin/signer/pdffile"
	"antin/signer/worker"

	"github.com/gen2brain/go-fitz"
)

// ServePages is the helper's main: it draws for the Renderer that started it,
// until that is closed or gone, and returns the exit code. It changes settings
// of the whole process. args are not used.
func ServePages(args []string) int {
	fitz.MaxStore = 32 << 20
	debug.SetGCPercent(25)        // what is allocated are pictures, and most are garbage soon
	debug.SetMemoryLimit(1 << 30) // above it collect garbage more often
	limitMemory()
	return worker.Serve(&artist{})
}

// artist holds the one document of a helper.
type artist struct {
	whole *fitz.Document // nil when every page is drawn from its sheet
	file  *pdffile.File  // the structure; nil when it is damaged or not to be read
	pages []pdffile.Page // of file

	lacking bool // there is no file and pages may have annotations

	sheet    *fitz.Document // of the page drawn last from one
	number   int            // of that page
	complete bool           // it has all annotations

	drawn  drawing // the last picture of which a part was asked for
	pixels []byte  // what is to be fetched, RGBA
}

// drawing is a picture and what it shows.
type drawing struct {
	*image.RGBA
	page         int
	dpi          float64
	plain, shown bool
}

// Handle answers one request; an error is for broken requests only.
func (a *artist) Handle(ctx context.Context, frame, secret []byte) ([]byte, error) {
	var q request
	if err := json.Unmarshal(frame, &q); err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	switch q.Do {
	case openFile:
		return json.Marshal(a.open(q, string(secret)))
	case readSizes:
		return json.Marshal(a.sizes())
	case drawPage:
		return json.Marshal(a.draw(q))
	case readPixels:
		if q.Offset < 0 || q.Offset >= len(a.pixels) {
			return nil, fmt.Errorf("no pixels at %d of %d bytes", q.Offset, len(a.pixels))
		}
		end := min(q.Offset+pieceSize, len(a.pixels))
		piece := a.pixels[q.Offset:end]
		if end == len(a.pixels) {
			a.pixels = nil
		}
		return piece, nil
	}
	return nil, fmt.Errorf("unknown request %q", q.Do)
}

func (a *artist) open(q request, password string) answer {
	err := sniff(q.Path)
	if err != nil {
		return failed(err)
	}
	// go-fitz can neither take a password nor stop at an earlier end.
	sheetsOnly := password != "" || q.End > 0
	unread := a.read(q, password)
	switch {
	case unread == nil && sheetsOnly:
		return answer{Pages: len(a.pages), Annotated: a.annotated(), Shown: true}
	case sheetsOnly || errors.Is(unread, pdffile.ErrPassword):
		return failed(unread)
	}
	if a.whole, err = openWhole(q.Path); err != nil {
		return failed(err)
	}
	n := a.whole.NumPage()
	if n < 1 {
		return failed(errors.New("no pages"))
	}
	if a.file != nil && len(a.pages) != n {
		a.forget() // two readings of one file: no annotation goes to a wrong page
	}
	if a.file == nil {
		if a.lacking, err = mayHaveAnnotations(q.Path); err != nil {
			return failed(err)
		}
		return answer{Pages: n, Annotated: a.lacking, Shown: !a.lacking}
	}
	return answer{Pages: n, Annotated: a.annotated(), Shown: true}
}

// read opens the structure.
func (a *artist) read(q request, password string) error {
	if q.Plain {
		return errors.New("the structure could not be read")
	}
	f, err := pdffile.Open(q.Path, pdffile.Options{Password: password, Limits: pdffile.Limits{Stream: 256 << 20}})
	if err != nil {
		return err
	}
	a.file = f
	if q.End > 0 {
		if a.file, err = f.At(q.End); err != nil {
			a.file = nil
			return err
		}
	}
	if a.pages, err = a.file.Pages(); err != nil {
		a.forget()
		return err
	}
	return nil
}

func (a *artist) forget() { a.file, a.pages = nil, nil }

func (a *artist) annotated() bool {
	for _, p := range a.pages {
		if a.hasAnnotations(p) {
			return true
		}
	}
	return false
}

func (a *artist) hasAnnotations(p pdffile.Page) bool {
	o, err := a.file.Resolve(p.Dict["Annots"])
	list, isArray := o.(pdffile.Array)
	return err != nil || o != nil && !isArray || len(list) > 0
}

func openWhole(path string) (*fitz.Document, error) {
	doc, err := fitz.New(path)
	if err != nil {
		doc.Close() // it is there beside the error and holds half a megabyte
		return nil, err
	}
	return doc, nil
}

// sizes measures the pages.
func (a *artist) sizes() answer {
	var out []Size
	switch {
	case a.file != nil:
		for _, p := range a.pages {
			w, h := p.Size()
			out = append(out, Size{w, h})
		}
	case a.whole != nil:
		const mm = 25.4 / 72
		for i := range a.whole.NumPage() {
			b, err := a.whole.Bound(i)
			if err != nil {
				return failed(err)
			}
			out = append(out, Size{float64(b.Dx()) * mm, float64(b.Dy()) * mm})
		}
	default:
		return answer{Fault: faultNothingOpen}
	}
	return answer{Sizes: out}
}

func (a *artist) draw(q request) answer {
	a.pixels = nil
	if a.whole == nil && a.file == nil {
		return answer{Fault: faultNothingOpen}
	}
	if d := a.drawn; q.Area != nil && d.RGBA != nil && d.page == q.Page && d.dpi == q.DPI && d.plain == q.Plain {
		return a.cut(*q.Area)
	}
	a.drawn = drawing{}
	shown := !a.lacking
	if a.file != nil && (a.whole == nil || a.hasAnnotations(a.pages[q.Page-1])) {
		var err error
		if q.Plain && a.whole != nil {
			err = errors.New("annotations are to be left out")
		} else {
			err = a.turnTo(q.Page)
		}
		switch {
		case err == nil:
			return a.paint(a.sheet, 0, q, a.complete)
		case a.whole == nil:
			return failed(err)
		}
		shown = false
	}
	return a.paint(a.whole, q.Page-1, q, shown)
}

// turnTo makes the sheet of page n.
func (a *artist) turnTo(n int) error {
	if a.sheet != nil && a.number == n {
		return nil
	}
	if a.sheet != nil {
		a.sheet.Close()
		a.sheet = nil
	}
	data, complete, err := sheet(a.file, a.pages[n-1])
	if err != nil {
		return err
	}
	doc, err := fitz.NewFromMemory(data)
	if err != nil {
		doc.Close() // see openWhole
		return err
	}
	a.sheet, a.number, a.complete = doc, n, complete
	return nil
}

func (a *artist) paint(doc *fitz.Document, index int, q request, shown bool) answer {
	bound, err := doc.Bound(index)
	if err != nil {
		return failed(err)
	}
	// Bound cuts off fractions of points.
	w, h := float64(bound.Dx()+1), float64(bound.Dy()+1)
	if px := math.Ceil(w*q.DPI/72) * math.Ceil(h*q.DPI/72); !(px <= float64(q.Pixels)) {
		return answer{
			Fault: faultTooLarge,
			Width: int(math.Min(w*q.DPI/72, math.MaxInt32)), Height: int(math.Min(h*q.DPI/72, math.MaxInt32)),
			MaxDPI: largest(w, h, q.Pixels),
		}
	}
	img, err := doc.ImageDPI(index, q.DPI)
	if err != nil {
		return failed(err)
	}
	b := img.Bounds()
	if b.Empty() || img.Stride != 4*b.Dx() || len(img.Pix) < 4*b.Dx()*b.Dy() {
		return failed(errors.New("no picture"))
	}
	if q.Area != nil {
		a.drawn = drawing{img, q.Page, q.DPI, q.Plain, shown}
		return a.cut(*q.Area)
	}
	a.pixels = img.Pix[:4*b.Dx()*b.Dy()]
	return answer{Width: b.Dx(), Height: b.Dy(), Shown: shown}
}

// cut makes a part of the drawn picture what is to be fetched.
func (a *artist) cut(area image.Rectangle) answer {
	area = area.Intersect(a.drawn.Bounds())
	if area.Empty() {
		return failed(errors.New("that part is not on the page"))
	}
	a.pixels = make([]byte, 0, 4*area.Dx()*area.Dy())
	for y := area.Min.Y; y < area.Max.Y; y++ {
		from := a.drawn.PixOffset(area.Min.X, y)
		a.pixels = append(a.pixels, a.drawn.Pix[from:from+4*area.Dx()]...)
	}
	return answer{Width: area.Dx(), Height: area.Dy(), Shown: a.drawn.shown}
}

// largest is the resolution, rounded down to a tenth, at which a page of
// w × h pt has at most n pixels.
func largest(w, h float64, n int) float64 {
	dpi := math.Floor(math.Sqrt(float64(n)/(w*h))*72*10) / 10
	for dpi > 0 && math.Ceil(w*dpi/72)*math.Ceil(h*dpi/72) > float64(n) {
		dpi = math.Max(0, dpi-0.1)
	}
	return dpi
}

func failed(err error) answer {
	if errors.Is(err, fitz.ErrNeedsPassword) || errors.Is(err, pdffile.ErrPassword) {
		return answer{Fault: faultPassword}
	}
	return answer{Fault: faultNotDrawable, Detail: err.Error()}
}
