package layout_test

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"antin/signer/layout"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
)

// What the search must reach on the generated documents.
const (
	wantRight    = 0.97  // page and signer
	wantCentred  = 0.95  // within 2 mm
	wantFalse    = 0.005 // sure, but wrong
	wantSlots    = 0.97  // state, start and baseline of number and date
	wantSure     = 0.97  // of the documents with nothing unusual
	wantSubjects = 0.97  // type and summary to the letter
	exact        = 0.3   // mm, start and baseline of a slot
)

// series of the generated documents.
const series = 1

// score counts what the search did on a group of documents.
type score struct {
	documents, wanted, right, centred int
	sure, wrong                       int
	easy, easySure                    int
	slots, slotsRight                 int
	subjects, subjectsRight           int
}

func (s *score) add(o score) {
	s.documents += o.documents
	s.wanted += o.wanted
	s.right += o.right
	s.centred += o.centred
	s.sure += o.sure
	s.wrong += o.wrong
	s.easy += o.easy
	s.easySure += o.easySure
	s.slots += o.slots
	s.slotsRight += o.slotsRight
	s.subjects += o.subjects
	s.subjectsRight += o.subjectsRight
}

func share(n, of int) float64 {
	if of == 0 {
		return 1
	}
	return float64(n) / float64(of)
}

// TestGeneratedDocuments runs the search over the make-believe documents of
// twelve kinds and compares with the truth. It prints the table.
func TestGeneratedDocuments(t *testing.T) {
	plans, err := practice.DocumentPlans(series)
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 300 {
		t.Fatalf("%d documents, want 300", len(plans))
	}
	var mu sync.Mutex
	groups := map[string]*score{}
	var all score
	next := make(chan practice.DocumentPlan)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for plan := range next {
				d := plan.Make()
				s, remarks := judge(t, d)
				mu.Lock()
				parts := strings.Split(d.Label, "/")
				for _, g := range []string{"loại: " + parts[0], "cơ quan: " + parts[1], "phần mềm: " + parts[2], "trang: " + parts[3], "chỗ trống: " + parts[4]} {
					if groups[g] == nil {
						groups[g] = &score{}
					}
					groups[g].add(s)
				}
				for _, g := range parts[6:] {
					if groups["riêng: "+g] == nil {
						groups["riêng: "+g] = &score{}
					}
					groups["riêng: "+g].add(s)
				}
				all.add(s)
				for _, r := range remarks {
					t.Logf("%s: %s", d.Label, r)
				}
				mu.Unlock()
			}
		})
	}
	for _, p := range plans {
		next <- p
	}
	close(next)
	wg.Wait()

	names := make([]string, 0, len(groups))
	for g := range groups {
		names = append(names, g)
	}
	slices.Sort(names)
	line := func(g string, s *score) string {
		return fmt.Sprintf("%-28s %4d %7.1f%% %7.1f%% %5d %5d %7.1f%% %7.1f%% %7.1f%%", g, s.documents, 100*share(s.right, s.wanted), 100*share(s.centred, s.wanted),
			s.sure, s.wrong, 100*share(s.easySure, s.easy), 100*share(s.slotsRight, s.slots), 100*share(s.subjectsRight, s.subjects))
	}
	var table strings.Builder
	fmt.Fprintf(&table, "\n%-28s %4s %8s %8s %5s %5s %8s %8s %8s\n", "", "docs", "right", "≤ 2 mm", "sure", "wrong", "easy", "slots", "subject")
	for _, g := range names {
		fmt.Fprintln(&table, line(g, groups[g]))
	}
	fmt.Fprintln(&table, line("all", &all))
	t.Log(table.String())

	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"right page and signer", share(all.right, all.wanted), wantRight},
		{"centre within 2 mm", share(all.centred, all.wanted), wantCentred},
		{"slots", share(all.slotsRight, all.slots), wantSlots},
		{"subject", share(all.subjectsRight, all.subjects), wantSubjects},
		{"sure where nothing is unusual", share(all.easySure, all.easy), wantSure},
	} {
		if c.got < c.want {
			t.Errorf("%s: %.1f %%, want %.1f %%", c.what, 100*c.got, 100*c.want)
		}
	}
	if w := share(all.wrong, all.documents); w > wantFalse {
		t.Errorf("sure but wrong: %.2f %%, at most %.2f %%", 100*w, 100*wantFalse)
	}
}

// The decision of the demonstration, which another hand has drawn.
func TestDecision(t *testing.T) {
	for name, o := range map[string]practice.DecisionOptions{
		"open": {}, "gaps": {Gaps: true}, "nine articles": {Articles: 9},
		"deputy": {Authority: []string{"TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"}, Signer: "Trần Thị Ngọc Ưu"},
	} {
		t.Run(name, func(t *testing.T) {
			pdf, want, err := practice.Decision(o)
			if err != nil {
				t.Fatal(err)
			}
			f := find(t, &practice.Document{PDF: pdf, Asked: o.Signer})
			b, ok := f.Sure()
			if !ok {
				t.Fatalf("not sure: %+v", f)
			}
			x, y := want.Signature.X+want.Signature.W/2, want.Signature.Y+want.Signature.H/2
			if b.Page != want.Signature.Page || math.Hypot(b.Box.X+b.Box.W/2-x, b.Box.Y+b.Box.H/2-y) > 0.1 {
				t.Errorf("%+v, want %+v", b, want.Signature)
			}
			state, slot, date := practice.SlotOpen, &f.Number.Slot, &f.Date.Whole
			if o.Gaps {
				state, date = practice.SlotGap, f.Date.Day
				right(t.Errorf, "month", practice.DocumentSlot{State: state, Slot: want.Month}, f.Date.State, f.Date.Month)
			}
			right(t.Errorf, "number", practice.DocumentSlot{State: state, Slot: want.Number}, f.Number.State, slot)
			right(t.Errorf, "date", practice.DocumentSlot{State: state, Slot: want.Date}, f.Date.State, date)
			if f.Recipients == nil || len(f.Recipients.Lines) != 5 || f.Attachments != 0 {
				t.Errorf("recipients %+v, attachments from page %d", f.Recipients, f.Attachments)
			}
		})
	}
}

// judge compares what was found in one document with the truth.
func judge(t *testing.T, d *practice.Document) (s score, remarks []string) {
	t.Helper()
	found := find(t, d)
	s.documents = 1
	remark := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }
	if len(found.Blocks) > 3 {
		t.Errorf("%s: %d candidates", d.Label, len(found.Blocks))
	}
	fits := func(b *layout.Block, p practice.SignPlace) bool { return b.Page == p.Page && b.Name == p.Name }
	off := func(b *layout.Block, p practice.SignPlace) float64 {
		return math.Hypot(b.Box.X+b.Box.W/2-p.X, b.Box.Y+b.Box.H/2-p.Y)
	}
	if d.Wanted >= 0 {
		s.wanted = 1
		want := d.Blocks[d.Wanted]
		switch {
		case len(found.Blocks) == 0:
			remark("not found: %+v, reasons %v", want, found.Reasons)
		case !fits(&found.Blocks[0], want):
			remark("found %+v, want %+v", found.Blocks[0], want)
		default:
			s.right = 1
			if o := off(&found.Blocks[0], want); o <= 2 {
				s.centred = 1
			} else {
				remark("%.1f mm off: %+v, want %+v", o, found.Blocks[0], want)
			}
		}
	}
	if b, ok := found.Sure(); ok {
		s.sure = 1
		if d.Wanted < 0 || !fits(b, d.Blocks[d.Wanted]) || off(b, d.Blocks[d.Wanted]) > 5 {
			s.wrong = 1
			remark("sure but wrong: %+v, wanted %d of %+v", *b, d.Wanted, d.Blocks)
		}
	}
	if d.Easy {
		s.easy = 1
		if _, ok := found.Sure(); ok {
			s.easySure = 1
		} else {
			remark("not sure: %+v %v", found.Blocks, found.Reasons)
		}
	}
	if d.Legible {
		s.subjects = 1
		if got := found.Subject; strings.EqualFold(got.Type, d.Type) && got.Summary == d.Summary {
			s.subjectsRight = 1
		} else {
			remark("subject %q, want %q %q", got, d.Type, d.Summary)
		}
		s.slots = 2
		s.slotsRight += right(remark, "number", d.Number, found.Number.State, &found.Number.Slot)
		at := &found.Date.Whole
		if found.Date.State == layout.Gap {
			at = cmp.Or(found.Date.Day, found.Date.Month, found.Date.Year)
		}
		s.slotsRight += right(remark, "date", d.Date, found.Date.State, at)
	}
	return s, remarks
}

// right is 1 when a slot is what and where it should be.
func right(remark func(string, ...any), what string, want practice.DocumentSlot, state layout.State, got *layout.Slot) int {
	states := map[practice.SlotState]layout.State{
		practice.SlotMissing: layout.Missing, practice.SlotFilled: layout.Filled, practice.SlotOpen: layout.Open, practice.SlotGap: layout.Gap,
	}
	if state != states[want.State] {
		remark("%s: state %d, want %s", what, state, want.State)
		return 0
	}
	if state == layout.Missing || state == layout.Filled {
		return 1
	}
	if math.Abs(got.X-want.Start) > exact || math.Abs(got.Baseline-want.Baseline) > exact || math.Abs(got.Size-want.Size) > 0.2 {
		remark("%s: %+v, want %+v", what, *got, want.Slot)
		return 0
	}
	if state == layout.Gap && math.Abs(got.W-want.W) > 2*exact {
		remark("%s: %.1f mm wide, want %.1f", what, got.W, want.W)
		return 0
	}
	return 1
}

// Of a document of more pages than are read the end is, and nothing is sure.
func TestVeryLongDocument(t *testing.T) {
	pdf := shapes.NewDocument("1.7", 1200).Finish().Table()
	f := find(t, &practice.Document{PDF: pdf})
	if f.Pages != 1200 || !slices.Contains(f.Reasons, layout.PagesSkipped) {
		t.Errorf("%d pages, reasons %v", f.Pages, f.Reasons)
	}
}
