package layout_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"antin/signer/layout"
	"antin/signer/pdffile"
	"antin/signer/practice"
)

// longest are the plans of 30 pages.
func longest(tb testing.TB) []*practice.Document {
	tb.Helper()
	plans, err := practice.DocumentPlans(series)
	if err != nil {
		tb.Fatal(err)
	}
	var out []*practice.Document
	for _, p := range plans {
		if p.Pages() < 30 || len(out) == 3 {
			continue
		}
		if d := p.Make(); d.Legible {
			out = append(out, d)
		}
	}
	if len(out) == 0 {
		tb.Fatal("no document of 30 pages")
	}
	return out
}

func find(tb testing.TB, d *practice.Document) *layout.Found {
	tb.Helper()
	f, err := pdffile.Read(bytes.NewReader(d.PDF), int64(len(d.PDF)), pdffile.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	found, err := layout.Find(context.Background(), f, layout.Options{Name: d.Asked})
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// budget is what 30 pages may take (design: find the signing block).
const budget = 400 * time.Millisecond

// TestThirtyPagesInTime takes the best of three runs of each document: other
// programs on the machine are not what is measured.
func TestThirtyPagesInTime(t *testing.T) {
	for _, d := range longest(t) {
		best := time.Hour
		for range 3 {
			start := time.Now()
			find(t, d)
			best = min(best, time.Since(start))
		}
		per30 := best * 30 / time.Duration(d.Pages)
		t.Logf("%s: %d pages in %v", d.Label, d.Pages, best.Round(time.Millisecond))
		if per30 > budget {
			t.Errorf("%s: 30 pages take %v, want %v", d.Label, per30, budget)
		}
	}
}

func BenchmarkFind30Pages(b *testing.B) {
	d := longest(b)[0]
	b.ReportAllocs()
	for b.Loop() {
		find(b, d)
	}
	b.ReportMetric(float64(d.Pages), "pages")
}
