package signer_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"antin/assets"
	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/scan"
)

// part is a part of page 1 as poppler draws it, in grey.
func part(t testing.TB, path string, dpi float64, b pdffile.Box) *image.Gray {
	t.Helper()
	px := func(mm float64) string { return strconv.Itoa(int(mm / 25.4 * dpi)) }
	out, err := exec.Command("pdftoppm", "-r", fmt.Sprint(dpi), "-f", "1", "-l", "1", "-gray", "-cropbox",
		"-x", px(b.X), "-y", px(b.Y), "-W", px(b.W), "-H", px(b.H), path).Output()
	if err != nil {
		t.Fatal(err)
	}
	head := bytes.SplitN(out, []byte("\n"), 4)
	var w, h int
	if _, err := fmt.Sscanf(string(head[1]), "%d %d", &w, &h); err != nil {
		t.Fatal(err)
	}
	return &image.Gray{Pix: head[3], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// TestTheBlockOnThePage measures what Phụ lục I, phần II asks for on the drawn
// page: place, size of type, black.
func TestTheBlockOnThePage(t *testing.T) {
	d := newDesk(t)
	job := d.scanned(scan.SaoY)
	r := d.copy(job)
	const dpi, px = 600.0, 25.4 / 600
	corner := pdffile.Box{X: 120, Y: 0, W: 90, H: 30}
	was, now := part(t, job.Source, dpi, corner), part(t, r.Output, dpi, corner)
	var rows []image.Rectangle // ink of the lines
	darkest := uint8(255)
	for y := range now.Rect.Dy() {
		left, right := -1, -1
		for x := range now.Rect.Dx() {
			if i := now.PixOffset(x, y); int(was.Pix[i])-int(now.Pix[i]) > 120 {
				if left < 0 {
					left = x
				}
				right, darkest = x, min(darkest, now.Pix[i])
			}
		}
		switch n := len(rows); {
		case left < 0:
		case n > 0 && y-rows[n-1].Max.Y < 8: // within a line, dots above and below letters
			rows[n-1] = rows[n-1].Union(image.Rect(left, y, right+1, y+1))
		default:
			rows = append(rows, image.Rect(left, y, right+1, y+1))
		}
	}
	if len(rows) != 3 {
		t.Fatalf("%d lines: %v", len(rows), rows)
	}
	if darkest > 30 {
		t.Errorf("the darkest dot is %d: not black", darkest)
	}
	all := rows[0].Union(rows[1]).Union(rows[2])
	if top := float64(all.Min.Y) * px; top < 5 || top > 8 {
		t.Errorf("%.2f mm from the upper edge", top)
	}
	if right := 90 - float64(all.Max.X)*px; right < 15 || right > 17 {
		t.Errorf("%.2f mm from the right edge", right)
	}
	for i, line := range r.Copy.Block.Lines {
		want := inkWidth(t, line, 10)
		if pt := 10 * float64(rows[i].Dx()) * px / want; pt < 9.8 || pt > 10.2 {
			t.Errorf("%q is %.2f pt", line, pt)
		} else {
			t.Logf("%q is %.2f pt", line, pt)
		}
		if rows[i].Min.X-all.Min.X > 20 {
			t.Errorf("%q does not begin at the left edge", line)
		}
	}
}

// inkWidth is how wide the outlines of a line are, in mm, by the font file.
func inkWidth(t testing.TB, line string, pt float64) float64 {
	t.Helper()
	f, err := sfnt.Parse(assets.SerifRegular())
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	ppem := fixed.I(int(f.UnitsPerEm()))
	x, first, last := fixed.Int26_6(0), fixed.Int26_6(-1), fixed.Int26_6(0)
	for _, c := range line {
		g, err := f.GlyphIndex(&buf, c)
		if err != nil || g == 0 {
			t.Fatalf("%q: %v", c, err)
		}
		b, advance, err := f.GlyphBounds(&buf, g, ppem, font.HintingNone)
		if err != nil {
			t.Fatal(err)
		}
		if !b.Empty() {
			if first < 0 {
				first = x + b.Min.X
			}
			last = max(last, x+b.Max.X)
		}
		x += advance
	}
	return float64(last-first) / 64 / float64(f.UnitsPerEm()) * pt * 25.4 / 72
}

// TestTheTimeIsVietnams whatever the computer's zone.
func TestTheTimeIsVietnams(t *testing.T) {
	d := newDesk(t)
	job := d.scanned(scan.SaoY)
	local := time.Local
	defer func() { time.Local = local }()
	for _, hours := range []int{-11, 0, 7, 13} {
		time.Local = time.FixedZone("here", hours*3600)
		job.Now = func() time.Time { return at.Local() }
		plan, err := signer.PlanCopy(context.Background(), job, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Block.Lines[2]; got != "2026-11-22T16:47:03+07:00" {
			t.Errorf("at UTC%+d: %s", hours, got)
		}
	}
}

// TestTheBlockMeetsNoInk: on scans of every kind, good and bad, the block's place
// is blank paper.
func TestTheBlockMeetsNoInk(t *testing.T) {
	d := newDesk(t)
	shifted := 0
	all := kindsOfScans()
	for i, o := range all {
		pdf, err := practice.ScanPDF(o)
		if err != nil {
			t.Fatal(err)
		}
		path := d.put("quet.pdf", pdf)
		plan, err := signer.PlanCopy(context.Background(), d.copying(path, scan.SaoY), nil)
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		b := plan.Block
		if b.Covers {
			t.Errorf("%d %+v: no free place", i, o)
			continue
		}
		if b.Shifted {
			shifted++
		}
		ink, count := part(t, path, 100, b.Box), [256]int{}
		for _, v := range ink.Pix {
			count[v]++
		}
		paper, left := 255, len(ink.Pix)/2
		for ; left > 0; paper-- {
			left -= count[paper]
		}
		dark := 0
		for v := range max(0, paper-80) {
			dark += count[v]
		}
		if dark > 0 {
			t.Errorf("%d %+v: %d dark dots below the block at %.1f, %.1f mm", i, o, dark, b.X, b.Y)
		}
	}
	if len(all) < 120 || shifted == 0 {
		t.Errorf("%d scans, on %d of them the block was moved: the test shows too little", len(all), shifted)
	}
	t.Logf("%d scans, on %d of them the block was moved", len(all), shifted)
}

// kindsOfScans are scans of small resolution, for speed, that differ in what
// matters for the place: size, turn, crop, tiles, colours and paper.
func kindsOfScans() []practice.ScanOptions {
	var out []practice.ScanOptions
	seed := uint64(0)
	add := func(o practice.ScanOptions) {
		seed++
		o.Seed = seed
		o.Lines = 14 // a heading and the first lines
		if o.DPI == 0 {
			o.DPI = 72
		}
		out = append(out, o)
	}
	for _, size := range [][2]float64{{210, 297}, {148, 210}, {216, 279}, {297, 210}} {
		for _, turn := range []int{0, 90, 180, 270} {
			for _, rotate := range []int{0, 90, 180, 270} {
				add(practice.ScanOptions{W: size[0], H: size[1], Turn: turn, Rotate: rotate, Color: practice.ScanColor(len(out) % 4), Codec: practice.ScanFlate})
			}
		}
	}
	for skew := -5.0; skew <= 5; skew++ {
		add(practice.ScanOptions{Skew: skew})
		add(practice.ScanOptions{Skew: skew, Turn: 180, Codec: practice.ScanJPEG})
	}
	for crop := 5.0; crop <= 20; crop += 5 {
		add(practice.ScanOptions{Crop: crop})
		add(practice.ScanOptions{Crop: crop, Rotate: 90})
	}
	for _, o := range []practice.ScanOptions{
		{Tiles: 3},
		{Tiles: 7},
		{Strips: 5},
		{Strips: 40},

		{Scale: 0.9},
		{Scale: 1.1},
		{Blank: true},
		{DPI: 150, MRC: 50},
		{DPI: 150, MRC: 75, Faint: true},
		{Codec: practice.ScanICC},
		{Codec: practice.ScanCMYK},
		{Codec: practice.ScanIndexed},
		{Codec: practice.ScanLZW},
		{Codec: practice.ScanRunLength},
		{DPI: 100},
		{DPI: 150},
		{DPI: 200},
	} {
		for _, turn := range []int{0, 180} {
			o.Turn = turn
			add(o)
		}
	}
	return out
}
