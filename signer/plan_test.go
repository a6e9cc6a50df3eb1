package signer_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"antin/signer"
	"antin/signer/layout"
	"antin/signer/practice"
	"antin/signer/verify"

	"github.com/google/go-cmp/cmp"
)

// TestPlanIsWhatTheFileGets: number and date stand in gaps of printed text, a
// mark of urgency under the number, and the earlier signature allows all of it.
func TestPlanIsWhatTheFileGets(t *testing.T) {
	d := newDesk(t)
	gaps, _, err := practice.Decision(practice.DecisionOptions{Gaps: true})
	if err != nil {
		t.Fatal(err)
	}
	approval := d.approval(d.put("gaps.pdf", gaps))
	approval.At, approval.Slots = nil, nil
	planned, err := signer.PlanApprove(context.Background(), approval)
	if err != nil {
		t.Fatal(err)
	}
	if planned.Name.Match != layout.SameSpelling {
		t.Errorf("name %+v", planned.Name)
	}
	signed := d.approve(approval)
	if diff := cmp.Diff(planned.Marks, signed.Marks); diff != "" {
		t.Errorf("the file differs from the plan:\n%s", diff)
	}
	job := d.issuing(signed.Output)
	job.Number, job.Urgency = "7", signer.HoaToc
	plan, err := signer.PlanIssue(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	issued := d.issue(job)
	if diff := cmp.Diff(plan.Marks, issued.Marks); diff != "" {
		t.Errorf("the file differs from the plan:\n%s", diff)
	}
	if issued.Number != "07/QĐ-UBND" || has(issued.Notes, signer.NoteBandSignature) {
		t.Errorf("number %q, notes %v", issued.Number, issued.Notes)
	}
	texts := map[signer.Part]string{}
	for _, m := range issued.Marks {
		texts[m.Part] = m.Text
	}
	want := map[signer.Part]string{signer.SealPart: "", signer.OrdinalPart: "07", signer.DayPart: "03", signer.MonthPart: "02", signer.UrgencyPart: "HỎA TỐC"}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Error(diff)
	}
	if r := verdict(t, d, issued.Output); r.Verdict() != verify.Valid || len(r.Signatures) != 2 {
		t.Errorf("%v with %d signatures", r.Verdict(), len(r.Signatures))
	}
	d.judges(issued.Output, 2)

	job.Number = "7/TB-UBND"
	if _, err := signer.PlanIssue(context.Background(), job); !errors.Is(err, signer.ErrSymbol) {
		t.Errorf("another symbol: got %v, want ErrSymbol", err)
	}
}

// What was planned is what is signed: a document that was replaced meanwhile is
// refused before a key is asked.
func TestPlanIsOfThisDocument(t *testing.T) {
	d := newDesk(t)
	ctx := context.Background()
	approval := d.approval(d.path("qd.pdf"))
	var err error
	if approval.Plan, err = signer.PlanApprove(ctx, approval); err != nil {
		t.Fatal(err)
	}
	signed := d.approve(approval) // still the same
	d.put("qd.pdf", append(d.decision, '\n'))
	if _, err := signer.Approve(ctx, approval, nil); !errors.Is(err, signer.ErrSourceChanged) {
		t.Errorf("a leader signs a document that he has not seen: %v", err)
	}

	issuing := d.issuing(signed.Output)
	if issuing.Plan, err = signer.PlanIssue(ctx, issuing); err != nil {
		t.Fatal(err)
	}
	if _, err := signer.PlanIssue(ctx, issuing); err != nil {
		t.Error("the same document: ", err)
	}
	other, err := os.ReadFile(signed.Output)
	if err != nil {
		t.Fatal(err)
	}
	d.put("qd.daky.pdf", append(other, '\n'))
	if _, err := signer.PlanIssue(ctx, issuing); !errors.Is(err, signer.ErrSourceChanged) {
		t.Errorf("a clerk checks a document that he has not seen: %v", err)
	}
	b, err := signer.NewIssueBatch(ctx, d.register(), d.seals(), []signer.IssueRow{{Job: issuing}})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx); err != nil || !errors.Is(b.Rows[0].Err, signer.ErrSourceChanged) {
		t.Errorf("a clerk stamps a document that he has not seen: %v, %v", err, b.Rows[0].Err)
	}
}
