package scan_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
	"antin/signer/scan"
)

// specimen is a scan with what is known about it.
type specimen struct {
	name string
	o    practice.ScanOptions
	want scan.Verdict
	dpi  float64 // 0: that of the options
}

// specimens are scans of every kind with known truth.
func specimens() []specimen {
	type so = practice.ScanOptions
	var all []specimen
	add := func(want scan.Verdict, name string, o so) *specimen {
		o.Seed += uint64(len(all)) + 1
		if o.DPI == 0 {
			o.DPI = 200
		}
		all = append(all, specimen{name: name, o: o, want: want})
		return &all[len(all)-1]
	}
	byDPI := func(dpi float64) scan.Verdict {
		if dpi < 200 {
			return scan.Fail
		}
		return scan.Pass
	}
	for _, dpi := range []float64{72, 96, 100, 120, 150, 180, 195, 200, 220, 240, 250, 300, 360, 400, 600} {
		add(byDPI(dpi), "dpi", so{DPI: dpi})
	}
	for name, codec := range map[string]practice.ScanCodec{
		"Flate": practice.ScanFlate, "ICC": practice.ScanICC, "CMYK": practice.ScanCMYK, "indexed": practice.ScanIndexed,
		"LZW": practice.ScanLZW, "run length": practice.ScanRunLength, "JPX": practice.ScanJPX,
	} {
		for _, dpi := range []float64{150, 200} {
			add(byDPI(dpi), name, so{DPI: dpi, Codec: codec})
		}
		if codec != practice.ScanIndexed {
			add(scan.Fail, name+" grey in colour", so{Codec: codec, Color: practice.ScanGrayAsColor})
		}
	}
	for _, dpi := range []float64{150, 200, 300} {
		add(scan.Fail, "grey JPEG", so{DPI: dpi, Color: practice.ScanGray})
		add(scan.Fail, "grey Flate", so{DPI: dpi, Color: practice.ScanGray, Codec: practice.ScanFlate})
		add(scan.Fail, "grey in RGB", so{DPI: dpi, Color: practice.ScanGrayAsColor})
		add(scan.Fail, "group 4", so{DPI: dpi, Color: practice.ScanBilevel, Codec: practice.ScanG4})
		add(scan.Fail, "JBIG2", so{DPI: dpi, Color: practice.ScanBilevel, Codec: practice.ScanJBIG2})
		for _, tiles := range []int{2, 5, 12} {
			add(byDPI(dpi), fmt.Sprintf("%d × %d tiles", tiles, tiles), so{DPI: dpi, Tiles: tiles})
		}
		add(byDPI(dpi), "60 strips", so{DPI: dpi, Strips: 60})
	}
	for _, rotate := range []int{90, 180, 270} {
		for _, dpi := range []float64{150, 200} {
			add(byDPI(dpi), fmt.Sprintf("Rotate %d", rotate), so{DPI: dpi, Rotate: rotate})
		}
		add(scan.Look, fmt.Sprintf("put in turned %d", rotate), so{Turn: rotate})
		add(scan.Look, fmt.Sprintf("put in turned %d, sparse", rotate), so{Turn: rotate, Lines: 12})
	}
	for _, crop := range []float64{1, 1.4} {
		add(scan.Pass, "cropped a little", so{Crop: crop})
		add(scan.Fail, "cropped a little", so{DPI: 150, Crop: crop})
	}
	add(scan.Look, "cropped a lot", so{Crop: 12})
	for _, codec := range []practice.ScanCodec{practice.ScanFlate, practice.ScanG4, practice.ScanJBIG2} {
		for _, mrc := range []float64{75, 100, 150} {
			for _, dpi := range []float64{200, 300} {
				add(scan.Pass, "layers", so{DPI: dpi, MRC: mrc, Codec: codec})
			}
			add(scan.Fail, "layers, text in the coarse one", so{DPI: 300, MRC: mrc, Codec: codec, Faint: true}).dpi = mrc
		}
		add(scan.Fail, "layers, coarse text", so{DPI: 150, MRC: 75, Codec: codec})
	}
	for _, skew := range []float64{0.3, 0.7, 1.2, 1.7, 2.3, 2.9, 3.6, 4.3, 5} {
		for _, sign := range []float64{1, -1} {
			want := scan.Pass
			if skew > 2 {
				want = scan.Look
			}
			add(want, "skew", so{Skew: sign * skew})
		}
	}
	for name, size := range map[string][2]float64{"A3": {297, 420}, "A5": {148, 210}, "Letter": {215.9, 279.4}, "Legal": {215.9, 355.6}} {
		add(scan.Look, name, so{W: size[0], H: size[1]})
		add(scan.Fail, name, so{W: size[0], H: size[1], DPI: 150})
	}
	for _, d := range []float64{-2.5, 2.5} {
		add(scan.Pass, "A4 within tolerance", so{W: 210 + d, H: 297 + d})
	}
	for _, scale := range []float64{0.8, 0.9, 0.95, 1.05, 1.1} {
		add(scan.Fail, "placed at another scale", so{DPI: 240, Scale: scale}).dpi = 240 / scale
	}
	// 85 % of A4 is as large as B5, to the tolerance.
	add(scan.Look, "placed as B5", so{DPI: 240, Scale: 0.85}).dpi = 240 / 0.85
	for _, dpi := range []float64{200, 300} {
		add(scan.Look, "blank", so{DPI: dpi, Blank: true})
		add(scan.Pass, "UserUnit", so{DPI: dpi, Unit: 2})
		for _, lines := range []int{1, 3, 6, 20} {
			add(scan.Pass, fmt.Sprintf("%d lines", lines), so{DPI: dpi, Lines: lines})
		}
		for range 6 {
			add(scan.Pass, "a page of text", so{DPI: dpi})
		}
	}
	return all
}

func TestSetOfScans(t *testing.T) {
	dir := t.TempDir()
	count := map[[2]scan.Verdict]int{}
	var worstDPI, worstSkew float64
	total, missing, undrawn := 0, 0, 0
	for i, s := range specimens() {
		if name, installed := s.o.Codec.Program(); !installed {
			missing++
			t.Logf("%s: %s is not installed", s.name, name)
			continue
		}
		pdf, err := practice.ScanPDF(s.o)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.pdf", i))
		if err := os.WriteFile(path, pdf, 0o600); err != nil {
			t.Fatal(err)
		}
		r, drawn := checkedCounting(t, path)
		p := r.Pages[0]
		total++
		if drawn == 0 {
			undrawn++
			sameWhenDrawn(t, s.name, pdf, p)
		}
		count[[2]scan.Verdict{s.want, r.Verdict}]++
		if r.Verdict != s.want {
			t.Errorf("%s at %.0f dpi (%+v): %s, want %s: %v", s.name, s.o.DPI, s.o, r.Verdict, s.want, r.All())
		}
		dpi := s.dpi
		if dpi == 0 {
			dpi = s.o.DPI
		}
		off := math.Abs(p.DPI-dpi) / dpi
		if worstDPI = max(worstDPI, off); off > 0.02 {
			t.Errorf("%s: %.1f dpi, want %.1f", s.name, p.DPI, dpi)
		}
		if !s.o.Blank && s.o.Turn == 0 && s.o.Lines == 0 {
			off := math.Abs(p.Skew - s.o.Skew)
			if worstSkew = max(worstSkew, off); off > 0.3 {
				t.Errorf("%s: skew %.2f°, want %.2f°", s.name, p.Skew, s.o.Skew)
			}
		}
		if want := (360 - s.o.Turn) % 360; p.Turn != want {
			t.Errorf("%s: has to be turned by %d°, want %d°", s.name, p.Turn, want)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d scans (%d not made for want of a program); dpi off by at most %.2f %%, skew by %.2f°", total, missing, 100*worstDPI, worstSkew)
	t.Logf("%d were judged without being drawn, and the same when drawn", undrawn)
	t.Logf("%-12s %6s %6s %6s", "truth", "pass", "look", "fail")
	for _, want := range []scan.Verdict{scan.Pass, scan.Look, scan.Fail} {
		t.Logf("%-12s %6d %6d %6d", want, count[[2]scan.Verdict{want, scan.Pass}], count[[2]scan.Verdict{want, scan.Look}], count[[2]scan.Verdict{want, scan.Fail}])
	}
	if undrawn < 60 {
		t.Errorf("only %d scans were judged without being drawn", undrawn)
	}
	if total < 120 && missing == 0 {
		t.Errorf("only %d scans", total)
	}
}

// checkedCounting checks a file and counts the pages that were drawn for it.
func checkedCounting(t *testing.T, path string) (*scan.Report, int) {
	t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := &counting{Twin: scan.Twin{Source: render.Source{Path: path}}}
	defer d.Close()
	r, err := scan.Check(t.Context(), f, d, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r, int(d.pages.Load())
}

type counting struct {
	scan.Twin
	pages atomic.Int32
}

func (c *counting) Page(ctx context.Context, n int, dpi float64) (*render.Picture, error) {
	c.pages.Add(1)
	return c.Twin.Page(ctx, n, dpi)
}

// mustBeDrawn is the same document with a group on its first page, which changes
// nothing of it but that it has to be drawn.
func mustBeDrawn(t *testing.T, pdf []byte) []byte {
	t.Helper()
	return changed(t, pdf, func(_ *pdffile.File, p pdffile.Page, u *pdffile.Update) {
		d := p.Dict.Clone()
		d["Group"] = pdffile.Dict{"S": pdffile.Name("Transparency")}
		u.Set(p.Ref, d)
	})
}

// sameWhenDrawn compares the judgement of a page that was not drawn with that of
// the drawn one.
func sameWhenDrawn(t *testing.T, name string, pdf []byte, p scan.Page) {
	t.Helper()
	path := file(t, "drawn.pdf", mustBeDrawn(t, pdf))
	r, drawn := checkedCounting(t, path)
	if drawn != 1 {
		t.Fatalf("%s: drawn %d times", name, drawn)
	}
	close := func(a, b float64) bool { return math.Abs(a-b) < 0.1 }
	if diff := cmp.Diff(r.Pages[0], p, cmp.Comparer(close)); diff != "" {
		t.Errorf("%s: drawn and not drawn (-, +):\n%s", name, diff)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
}

func TestTwentyPagesInASecond(t *testing.T) {
	var pages []practice.ScanOptions
	for i := range 20 {
		pages = append(pages, practice.ScanOptions{DPI: 300, Seed: uint64(i)})
	}
	pdf, err := practice.ScanPDF(pages...)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "quet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	best := time.Hour
	for range 3 {
		start := time.Now()
		r, err := scan.CheckFile(t.Context(), path, scan.Options{})
		if err != nil || r.Verdict != scan.Pass {
			t.Fatalf("%v: %v", err, r.All())
		}
		best = min(best, time.Since(start))
	}
	t.Logf("20 colour pages at 300 dpi, %d MB: %v", len(pdf)>>20, best.Round(time.Millisecond))
	if best > 4*time.Second { // the budget is 1 s; shared machines are slower
		t.Errorf("20 pages took %v", best)
	}
}
