package signer_test

import (
	"cmp"
	"context"
	"errors"
	"image"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/layout"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/render"
)

// page is one page of a file, drawn in parts.
type page struct {
	t      *testing.T
	r      *render.Renderer
	number int
}

func openPage(t *testing.T, path string, n int) *page {
	t.Helper()
	p := &page{t, &render.Renderer{}, n}
	if _, err := p.r.Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *page) close() {
	if err := p.r.Close(); err != nil {
		p.t.Error(err)
	}
}

// part is a box of the page at 300 dpi.
func (p *page) part(b pdffile.Box) *image.RGBA {
	p.t.Helper()
	const px = dpi / 25.4
	area := image.Rect(int(b.X*px), int(b.Y*px), int((b.X+b.W)*px)+1, int((b.Y+b.H)*px)+1)
	drawn, err := p.r.Region(context.Background(), p.number, dpi, area)
	if err != nil {
		p.t.Fatal(err)
	}
	return drawn.RGBA
}

// darkPixels counts what people see as ink.
func darkPixels(m *image.RGBA) (n int) {
	for i := 0; i < len(m.Pix); i += 4 {
		if int(m.Pix[i])+int(m.Pix[i+1])+int(m.Pix[i+2]) < 3*160 {
			n++
		}
	}
	return n
}

// inkOf is what a mark fills: of a text its letters, not the room around them.
func inkOf(t *testing.T, m *signer.Mark) pdffile.Box {
	t.Helper()
	if m.Text == "" || m.Framed {
		return m.Box
	}
	w, err := appearance.Measure(m.Text, m.Face, m.Size)
	if err != nil {
		t.Fatal(err)
	}
	em := m.Size / 72 * 25.4
	const bearing = 0.2 // mm of free paper in the first and the last figure's width: the slash of "/QD" leans into it
	return pdffile.Box{X: m.X + bearing, Y: m.Baseline - 0.68*em, W: w - 2*bearing, H: 0.68 * em}
}

// TestNoInkIsCovered signs and issues generated documents at the places that are
// found in them, and looks at the drawn page before: where the signature, number,
// date and mark of urgency come there is no ink. Only the seal may cover some.
func TestNoInkIsCovered(t *testing.T) {
	const enough = 24
	plans, err := practice.DocumentPlans(7)
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	done, refused, marks := 0, map[string]int{}, map[signer.Part]int{}
	for i := 0; i < len(plans) && done < enough; i += 5 {
		doc := plans[i].Make()
		if doc.Wanted < 0 || !doc.Legible || doc.Number.State == practice.SlotFilled || doc.Number.State == practice.SlotMissing {
			continue
		}
		source := d.put("van-ban.pdf", doc.PDF)
		signed, issued, err := d.throughTheOffice(source, doc)
		if why := doubtful(err); why != "" {
			refused[why]++
			t.Logf("%s: %v", doc.Label, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", doc.Label, err)
			continue
		}
		done++
		for part, n := range d.look(t, doc, signed, issued) {
			marks[part] += n
		}
	}
	t.Logf("%d documents, marks looked at: %v; not sure, so refused: %v", done, marks, refused)
	if done < enough {
		t.Errorf("%d documents only, want %d", done, enough)
	}
	for _, part := range []signer.Part{signer.SignaturePart, signer.UrgencyPart, signer.OrdinalPart, signer.DayPart} {
		if marks[part] < 5 {
			t.Errorf("%s was looked at %d times only", part, marks[part])
		}
	}
}

// doubtful names the refusals that leave the decision to a person.
func doubtful(err error) string {
	for name, refusal := range map[string]error{
		"place": signer.ErrNoPlace, "ink": signer.ErrInk, "slots": signer.ErrNoSlots, "no room": appearance.ErrNoRoom, "urgency": signer.ErrNoUrgencySlot,
	} {
		if errors.Is(err, refusal) {
			return name
		}
	}
	return ""
}

var printedFigure = regexp.MustCompile(`(tháng|năm)\s*(\d+)`)

// throughTheOffice has the person sign who is asked for, and the office issue,
// with a mark of urgency where there is room for it. What the document prints of
// the date is kept.
func (d *desk) throughTheOffice(source string, doc *practice.Document) (signed, issued *signer.Result, err error) {
	d.t.Helper()
	leader, err := d.authority.Issue(practice.IdentityOptions{Name: cmp.Or(doc.Asked, doc.Blocks[doc.Wanted].Name), Key: practice.P256})
	if err != nil {
		d.t.Fatal(err)
	}
	approval := signer.ApproveJob{Common: d.common(source, leader), Picture: d.path("ky.png")}
	if signed, err = signer.Approve(context.Background(), approval, nil); err != nil {
		return nil, nil, err
	}
	found, err := signer.Glance(context.Background(), source, "", nil)
	if err != nil {
		return nil, nil, err
	}
	job := d.issuing(signed.Output)
	job.Urgency = signer.HoaToc
	if found.Number.State == layout.Gap {
		job.Number = "121"
	}
	year, month := 2026, 11
	for _, m := range printedFigure.FindAllStringSubmatch(strings.ToLower(found.Date.Text), -1) {
		v, err := strconv.Atoi(m[2])
		if err != nil {
			return nil, nil, err
		}
		if m[1] == "năm" {
			year = v
		} else {
			month = v
		}
	}
	job.Date = time.Date(year, time.Month(month), 22, 8, 0, 0, 0, time.UTC)
	issued, err = signer.Issue(context.Background(), job, nil)
	if errors.Is(err, signer.ErrNoUrgencySlot) {
		job.Urgency = ""
		issued, err = signer.Issue(context.Background(), job, nil)
	}
	return signed, issued, err
}

// look counts the marks that lie on free paper, by their part, and complains of
// the others and of those that do not show.
func (d *desk) look(t *testing.T, doc *practice.Document, signed, issued *signer.Result) map[signer.Part]int {
	t.Helper()
	counted := map[signer.Part]int{}
	compare := func(before, after string, marks []signer.Mark, parts func(signer.Part) bool) {
		pages := map[int][2]*page{}
		for i := range marks {
			m := &marks[i]
			if !parts(m.Part) {
				continue
			}
			if _, open := pages[m.Page]; !open {
				pages[m.Page] = [2]*page{openPage(t, before, m.Page), openPage(t, after, m.Page)}
			}
			at := inkOf(t, m)
			was, is := darkPixels(pages[m.Page][0].part(at)), darkPixels(pages[m.Page][1].part(at))
			if was > 0 || is == 0 {
				t.Errorf("%s: %s %q at %+v: %d dark pixels before, %d after", doc.Label, m.Part, m.Text, at, was, is)
			}
			counted[m.Part]++
		}
		for _, two := range pages {
			two[0].close()
			two[1].close()
		}
	}
	compare(signed.Source, signed.Output, signed.Marks, func(p signer.Part) bool { return p == signer.SignaturePart })
	compare(signed.Output, issued.Output, issued.Marks, func(p signer.Part) bool { return p != signer.SealPart })
	return counted
}
