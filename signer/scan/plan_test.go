package scan_test

import (
	"errors"
	"fmt"
	"testing"

	"antin/signer/practice"
	"antin/signer/scan"
)

func pagesOf(p scan.Plan) string {
	out := ""
	for _, s := range p.Sheets() {
		out += fmt.Sprintf("%d", s.Page)
		if s.Turn != 0 {
			out += fmt.Sprintf("(%d)", s.Turn)
		}
		out += " "
	}
	return out
}

func TestPlanIsAListOfEdits(t *testing.T) {
	plan := scan.NewPlan(scan.Leaf{Page: 1}, scan.Leaf{Page: 2}, scan.Leaf{Page: 3})
	for _, step := range []struct {
		edit scan.Edit
		want string
	}{
		{scan.Move{From: 3, To: 1}, "3 1 2 "},
		{scan.Turn{Pages: []int{1, 2}, Degrees: 90}, "3(90) 1(90) 2 "},
		{scan.Turn{Pages: []int{1}, Degrees: -180}, "3(270) 1(90) 2 "},
		{scan.Drop{Pages: []int{2}}, "3(270) 2 "},
		{scan.Append{Leaves: []scan.Leaf{{Page: 7}}}, "3(270) 2 7 "},
	} {
		before := pagesOf(plan)
		next, err := plan.Do(step.edit)
		if err != nil {
			t.Fatal(err)
		}
		if got := pagesOf(next); got != step.want {
			t.Errorf("%#v gives %q, want %q", step.edit, got, step.want)
		}
		if got := pagesOf(plan); got != before {
			t.Errorf("%#v changed the plan it was done to: %q, was %q", step.edit, got, before)
		}
		if same, err := scan.PlanOf(next.Sheets()); err != nil || pagesOf(same) != step.want {
			t.Errorf("made of its pages: %q, %v", pagesOf(same), err)
		}
		undone, ok := next.Undo()
		if got := pagesOf(undone); !ok || got != before {
			t.Errorf("undone: %q, want %q", got, before)
		}
		redone, ok := undone.Redo()
		if got := pagesOf(redone); !ok || got != step.want {
			t.Errorf("redone: %q, want %q", got, step.want)
		}
		plan = next
	}
	for range 6 {
		var ok bool
		if plan, ok = plan.Undo(); !ok {
			t.Error("not undone")
		}
	}
	if _, ok := plan.Undo(); ok || len(plan.Sheets()) != 0 {
		t.Errorf("undone too often: %q", pagesOf(plan))
	}
}

func TestPlanRefusesPagesThatAreNotThere(t *testing.T) {
	plan := scan.NewPlan(scan.Leaf{Page: 1})
	for _, e := range []scan.Edit{scan.Move{From: 1, To: 2}, scan.Turn{Pages: []int{0}, Degrees: 90}, scan.Drop{Pages: []int{2}}} {
		if same, err := plan.Do(e); !errors.Is(err, scan.ErrNoSuchPage) || pagesOf(same) != "1 " {
			t.Errorf("%#v: %v, %q", e, err, pagesOf(same))
		}
	}
}

// A page that was put in upside down is turned, the blank one dropped; what is
// written passes the gate.
func TestPlanMakesAGoodDocument(t *testing.T) {
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200, Turn: 180}, practice.ScanOptions{DPI: 200, Blank: true}, practice.ScanOptions{DPI: 200, Turn: 90, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	source := file(t, "quet.pdf", pdf)
	r, err := scan.CheckFile(t.Context(), source, scan.Options{})
	if err != nil {
		t.Fatal(err)
	}
	leaves, err := scan.Leaves(t.Context(), scan.File{Path: source})
	if err != nil {
		t.Fatal(err)
	}
	plan := scan.NewPlan(leaves...)
	var blank []int
	for _, p := range r.Pages {
		if plan, err = plan.Do(scan.Turn{Pages: []int{p.Number}, Degrees: p.Turn}); err != nil {
			t.Fatal(err)
		}
		if p.Blank {
			blank = append(blank, p.Number)
		}
	}
	if plan, err = plan.Do(scan.Drop{Pages: blank}); err != nil {
		t.Fatal(err)
	}
	r, err = scan.CheckFile(t.Context(), bound(t, plan), scan.Options{})
	if err != nil || r.Verdict != scan.Pass || len(r.Pages) != 2 {
		t.Errorf("%v: %d pages, %+v", err, len(r.Pages), r.All())
	}
}
