package shapes

import "fmt"

// pageShapes differ in how a page becomes what a person sees.
func pageShapes() []Shape {
	all := []Shape{
		onePage("rotate-90", "/Rotate 90", 90),
		onePage("rotate-180", "/Rotate 180", 180),
		onePage("rotate-270", "/Rotate 270", 270),
		onePage("rotate-minus-90", "/Rotate -90", 270),
		onePage("rotate-450", "/Rotate 450", 90),
		{Name: "rotate-inherited", Rotate: 90, Width: a4Height, Height: a4Width, Pages: 2, build: file(func() []byte {
			d := NewDocument("1.7", 2)
			d.Shared += "/Rotate 90"
			d.Chain = 2
			d.Pages[1].Keys = "/Rotate 0"
			return d.Finish().Table()
		})},
		{Name: "cropbox-offset", build: boxes([4]float64{0, 0, 700, 900}, "/CropBox[50 29 645.276 870.89]")},
		{
			Name: "cropbox-offset-rotate-90", Rotate: 90, Width: a4Height, Height: a4Width,
			build: boxes([4]float64{0, 0, 700, 900}, "/CropBox[50 29 645.276 870.89]/Rotate 90"),
		},
		{
			Name: "cropbox-offset-rotate-180", Rotate: 180,
			build: boxes([4]float64{0, 0, 700, 900}, "/CropBox[50 29 645.276 870.89]/Rotate 180"),
		},
		{
			Name: "cropbox-offset-rotate-270", Rotate: 270, Width: a4Height, Height: a4Width,
			build: boxes([4]float64{0, 0, 700, 900}, "/CropBox[50 29 645.276 870.89]/Rotate 270"),
		},
		{
			Name: "cropbox-beyond-mediabox", Reason: "14.11.2.1: only their intersection is shown",
			build: boxes(A4, "/CropBox[-50 -50 700 900]"),
		},
		{Name: "cropbox-unnormalised", build: boxes([4]float64{0, 0, 700, 900}, "/CropBox[645.276 870.89 50 29]")},
		{Name: "mediabox-negative-origin", build: boxes([4]float64{-100, -200, a4W - 100, a4H - 200}, "")},
		{Name: "mediabox-unnormalised", build: boxes([4]float64{a4W, a4H, 0, 0}, "")},
		{Name: "mediabox-swapped-x", build: boxes([4]float64{a4W, 0, 0, a4H}, "")},
		{Name: "all-five-boxes", build: boxes([4]float64{0, 0, 700, 900},
			"/CropBox[50 29 645.276 870.89]/BleedBox[40 20 655 880]/TrimBox[55 34 640 865]/ArtBox[60 40 630 860]")},
		{Name: "userunit-2", build: boxes([4]float64{0, 0, a4W / 2, a4H / 2}, "/UserUnit 2")},
		{
			Name: "userunit-half-rotate-90-cropbox", Rotate: 90, Width: a4Height, Height: a4Width,
			build: boxes([4]float64{0, 0, 1400, 1800}, "/UserUnit 0.5/Rotate 90/CropBox[100 58 1290.552 1741.78]"),
		},
		{
			Name: "boxes-inherited", Reason: "MediaBox, CropBox and Resources stand at the root of the page tree", Pages: 3,
			build: file(func() []byte {
				d := NewDocument("1.7", 3)
				for _, p := range d.Pages {
					p.MediaBox = ""
				}
				d.Shared += "/MediaBox[0 0 700 900]/CropBox[50 29 645.276 870.89]"
				d.Chain = 3
				return d.Finish().Table()
			}),
		},
		{
			Name: "boxes-indirect", Reason: "MediaBox is a reference to an array of references, Rotate and UserUnit are references",
			Rotate: 90, Width: a4Height, Height: a4Width, build: file(func() []byte {
				d := NewDocument("1.7", 1)
				zero, w, h := d.Add("0"), d.Add("%g", a4W), d.Add("%g", a4H)
				d.Pages[0].MediaBox = " " + d.Add("[%v %v %v %v]", zero, zero, w, h).String()
				d.Pages[0].Keys = fmt.Sprintf("/Rotate %v/UserUnit %v", d.Add("90"), d.Add("1"))
				return d.Finish().Table()
			}),
		},
		{Name: "page-sizes-mixed", Pages: 4, build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.AddPage([4]float64{0, 0, 1190.55, a4H}) // A3 landscape
			d.AddPage([4]float64{0, 0, 612, 792})
			d.AddPage([4]float64{0, 0, 419.53, a4W}).Keys = "/Rotate 270" // A5
			return d.Finish().Table()
		})},
		{Name: "page-tree-nested", Pages: 30, build: file(func() []byte {
			d := NewDocument("1.7", 30)
			d.Fan = 3
			return d.Finish().Table()
		})},
		{Name: "page-tree-chain-of-60", Pages: 2, build: file(func() []byte {
			d := NewDocument("1.7", 2)
			d.Chain = 60
			return d.Finish().Table()
		})},
		{Name: "page-tree-empty-node", Reason: "a node without kids stands between the pages", Pages: 2, build: file(func() []byte {
			d := NewDocument("1.7", 2)
			b := d.Finish()
			empty := b.Add("<</Type/Pages/Parent %v/Kids[]/Count 0>>", d.Tree)
			b.Set(d.Tree, "<</Type/Pages%s/Kids[%v %v %v]/Count 2>>", d.Shared, d.Pages[0].Ref, empty, d.Pages[1].Ref)
			return b.Table()
		})},
		{Name: "page-without-contents", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Pages[0].Contents = ""
			return d.Finish().Table()
		})},
		{Name: "page-contents-array", Reason: "two streams that make sense only together", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			first := d.AddFlate([]byte("q 0.5 0 0 0.5 0 0 cm BT /F1 40"), "")
			second := d.AddFlate([]byte(" Tf 100 900 Td (Page 1) Tj ET Q"), "")
			d.Pages[0].Contents = d.Add("[%v %v]", first, second).String()
			return d.Finish().Table()
		})},
		{Name: "page-content-unbalanced", Reason: "the content leaves a scaled matrix behind", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Pages[0].Contents = d.AddFlate([]byte("q 0.1 0 0 -0.1 0 842 cm q BT /F1 360 Tf 1 0 0 -1 600 1000 Tm (Page 1) Tj ET"), "").String()
			return d.Finish().Table()
		})},
	}
	return all
}

// onePage is an upright A4 page turned by keys.
func onePage(name, keys string, rotate int) Shape {
	s := Shape{Name: name, Rotate: rotate, build: boxes(A4, keys)}
	if rotate%180 != 0 {
		s.Width, s.Height = a4Height, a4Width
	}
	return s
}

// boxes is a document of one page with the given MediaBox and further keys.
func boxes(media [4]float64, keys string) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 0)
		d.AddPage(media).Keys = keys
		return d.Finish().Table()
	})
}

// annotationShapes differ in how a page holds its annotations (12.5.2).
func annotationShapes() []Shape {
	return []Shape{
		{Name: "annots-direct-array", build: annots(func(d *Document, note string) string {
			return fmt.Sprintf("[%v]", d.Add("%s", note))
		})},
		{Name: "annots-indirect-array", build: annots(func(d *Document, note string) string {
			return d.Add("[%v]", d.Add("%s", note)).String()
		})},
		{Name: "annots-direct-dictionaries", build: annots(func(_ *Document, note string) string { return "[" + note + note + "]" })},
		{Name: "annots-mixed", build: annots(func(d *Document, note string) string {
			return fmt.Sprintf("[%s %v null]", note, d.Add("%s", note))
		})},
		{Name: "annots-empty", build: annots(func(*Document, string) string { return "[]" })},
		{Name: "annots-null", build: annots(func(*Document, string) string { return "null" })},
		{
			Name: "annots-null-reference", Reason: "a reference to an object that does not exist is null (7.3.10)",
			build: annots(func(d *Document, _ string) string {
				missing := d.Reserve()
				d.Add("null") // so that /Size is not too large
				return missing.String()
			}),
		},
		{Name: "annots-shared-by-two-pages", Pages: 2, build: file(func() []byte {
			d := NewDocument("1.7", 2)
			shared := d.Add("[%v]", d.Add("%s", note))
			for _, p := range d.Pages {
				p.Keys = fmt.Sprintf("/Annots %v", shared)
			}
			return d.Finish().Table()
		})},
		{Name: "annots-in-object-stream", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Pages[0].Keys = fmt.Sprintf("/Annots %v", d.Add("[%v]", d.Add("%s", note)))
			return d.Finish().ObjectStreams()
		})},
	}
}

// note is a link without action: an annotation that needs no appearance.
const note = "<</Type/Annot/Subtype/Link/Rect[60 600 200 620]/Border[0 0 1]/F 4>>"

func annots(value func(d *Document, note string) string) func() ([]byte, error) {
	return file(func() []byte {
		d := NewDocument("1.7", 1)
		d.Pages[0].Keys = "/Annots " + value(d, note)
		return d.Finish().Table()
	})
}
