package signer_test

import (
	"context"
	"image"
	"testing"

	"antin/signer"
	"antin/signer/practice"
	"antin/signer/render"
)

const dpi = 300

// drawn is a page as people see it.
func drawn(t *testing.T, path string, n int) *image.RGBA {
	t.Helper()
	var r render.Renderer
	defer r.Close()
	if _, err := r.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	p, err := r.Page(context.Background(), n, dpi)
	if err != nil {
		t.Fatal(err)
	}
	return p.RGBA
}

// added are the edges, in pixels, of what differs between two pictures within a
// box of the page.
func added(before, after *image.RGBA, m signer.Mark) (b image.Rectangle) {
	const px = dpi / 25.4
	for y := int(m.Y * px); y < int((m.Y+m.H)*px)+1; y++ {
		for x := int(m.Place.X * px); x < int((m.Place.X+m.W)*px)+1; x++ {
			p, q := before.RGBAAt(x, y), after.RGBAAt(x, y)
			if abs(float64(p.R)-float64(q.R))+abs(float64(p.G)-float64(q.G))+abs(float64(p.B)-float64(q.B)) > 200 {
				b = b.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return b
}

// TestSizesAsRendered measures seal and texts on the drawn page.
func TestSizesAsRendered(t *testing.T) {
	d := newDesk(t)
	gaps, _, err := practice.Decision(practice.DecisionOptions{Gaps: true})
	if err != nil {
		t.Fatal(err)
	}
	approval := d.approval(d.put("gaps.pdf", gaps))
	approval.At, approval.Slots = nil, nil
	signed := d.approve(approval)
	job := d.issuing(signed.Output)
	job.Number = "17/QĐ-UBND"
	issued := d.issue(job)
	const mm = 25.4 / dpi
	for _, m := range issued.Marks {
		before, after := drawn(t, signed.Output, m.Page), drawn(t, issued.Output, m.Page)
		b := added(before, after, m)
		top, bottom, right := float64(b.Min.Y)*mm, float64(b.Max.Y)*mm, float64(b.Max.X)*mm
		t.Logf("%-8s %.2f × %.2f mm, lower edge at %.2f", m.Part, float64(b.Dx())*mm, float64(b.Dy())*mm, bottom)
		if m.Part == signer.SealPart {
			third := signed.Place.X + signed.Place.W/3
			if abs(float64(b.Dx())*mm-36) > 0.2 || abs(float64(b.Dy())*mm-36) > 0.2 || abs(right-third) > 1 {
				t.Errorf("seal %v px ends at %.2f mm, a third of the signature at %.2f", b, right, third)
			}
			continue
		}
		const figures = 0.676 // em, height of figures of Times
		if abs(bottom-m.Baseline) > 0.3 || abs(bottom-top-figures*m.Size/72*25.4) > 0.3 {
			t.Errorf("%s: from %.2f to %.2f mm, baseline %.2f, %.0f pt", m.Part, top, bottom, m.Baseline, m.Size)
		}
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				if before.RGBAAt(x, y).R < 128 {
					t.Fatalf("%s lies over ink at %.2f, %.2f mm", m.Part, float64(x)*mm, float64(y)*mm)
				}
			}
		}
	}
}
