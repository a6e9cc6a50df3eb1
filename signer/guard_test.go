package signer_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"

	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// TestGuardRails: who may not sign is refused, a reason lets it pass and is told
// in the result, and nothing else passes with it.
func TestGuardRails(t *testing.T) {
	d := newDesk(t)
	signed := d.approve(d.approval(d.path("qd.pdf"))).Output
	approve := func(o *signer.Override) (*signer.Result, error) {
		job := d.approval(d.path("qd.pdf"))
		job.Key, job.Override = d.seal, o
		return signer.Approve(context.Background(), job, nil)
	}
	issue := func(change func(*signer.IssueJob)) func(*signer.Override) (*signer.Result, error) {
		return func(o *signer.Override) (*signer.Result, error) {
			job := d.issuing(signed)
			job.Override = o
			change(&job)
			return signer.Issue(context.Background(), job, nil)
		}
	}
	for _, c := range []struct {
		name string
		do   func(*signer.Override) (*signer.Result, error)
		want error
	}{
		{"an organisation's token for the leader", approve, signer.ErrOfficeCertificate},
		{"a person's token for the seal", issue(func(j *signer.IssueJob) { j.Key = d.drafter }), signer.ErrPersonCertificate},
		{"a seal where no leader signed", issue(func(j *signer.IssueJob) { j.Source, j.Slots = d.path("qd.pdf"), d.slots() }), signer.ErrNoLeaderSignature},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := len(d.left())
			if _, err := c.do(nil); !errors.Is(err, c.want) || !signer.Overridable(err) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			for _, empty := range []string{"", " \n"} {
				if _, err := c.do(&signer.Override{Reason: empty}); !errors.Is(err, signer.ErrNoReason) {
					t.Errorf("reason %q: got %v, want ErrNoReason", empty, err)
				}
			}
			if now := len(d.left()); now != before {
				t.Errorf("left behind: %q", d.left())
			}
			r, err := c.do(&signer.Override{Reason: " theo văn bản giao số 5 "})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Overridden) != 1 || !errors.Is(r.Overridden[0], c.want) || r.OverrideReason != "theo văn bản giao số 5" {
				t.Errorf("overridden %v for %q", r.Overridden, r.OverrideReason)
			}
			if v := verdict(t, d, r.Output); v.Verdict() != verify.Valid {
				t.Errorf("%v", v.Verdict())
			}
		})
	}
	for _, c := range []struct {
		name   string
		change func(*signer.IssueJob)
		want   error
	}{
		{"no number", func(j *signer.IssueJob) { j.Number = "" }, signer.ErrNumber},
		{"signed by the same token", func(j *signer.IssueJob) { j.Key = d.leader }, signer.ErrAlreadySigned},
	} {
		_, err := issue(c.change)(&signer.Override{Reason: "vội"})
		if !errors.Is(err, c.want) || signer.Overridable(err) {
			t.Errorf("%s with an override: got %v, want %v", c.name, err, c.want)
		}
	}
}

// TestFieldsChangedAfterTheSeal: the lock of the seal holds the fields for
// number, date and urgency, whole and in parts, filled or left empty.
func TestFieldsChangedAfterTheSeal(t *testing.T) {
	d := newDesk(t)
	whole := d.approval(d.path("qd.pdf"))
	parts := d.approval(d.path("qd.pdf"))
	parts.Slots = nil
	for i, part := range []signer.Part{signer.OrdinalPart, signer.DayPart, signer.MonthPart, signer.YearPart, signer.UrgencyPart} {
		s, err := signer.SlotAt(part, 2, 30, 200+10*float64(i), 42, 13) // free paper below the text
		if err != nil {
			t.Fatal(err)
		}
		if part == signer.UrgencyPart {
			s.H = 9 // of a frame
		}
		parts.Slots = append(parts.Slots, *s)
	}
	for _, c := range []struct {
		name    string
		job     signer.ApproveJob
		urgency signer.Urgency
		fields  []string
	}{
		{"whole", whole, "", []string{signer.NumberField, signer.DateField}},
		{"in parts", parts, signer.HoaToc, []string{signer.OrdinalField, signer.DayField, signer.MonthField, signer.YearField, signer.UrgencyField}},
		{"left empty", parts, "", []string{signer.UrgencyField}},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := d.issuing(d.approve(c.job).Output)
			job.Urgency = c.urgency
			issued := d.issue(job)
			for _, name := range c.fields {
				v := verdict(t, d, refilled(t, d, issued.Output, name, "9"))
				seal := v.Signatures[len(v.Signatures)-1]
				if v.Verdict() != verify.Invalid || seal.Intact() {
					t.Errorf("%s: %v, seal intact: %v", name, v.Verdict(), seal.Intact())
				}
				if !slices.ContainsFunc(seal.Changes, func(ch verify.Change) bool {
					return ch.Forbidden && ch.Kind == verify.ChangedLocked && ch.Field == name
				}) {
					t.Errorf("%s: not told: %+v", name, seal.Changes)
				}
			}
		})
	}
}

// refilled is a document to which somebody adds a revision with another value
// in a field.
func refilled(t *testing.T, d *desk, path, field, value string) string {
	t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fl, err := f.Field(field)
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	changed := fl.Dict.Clone()
	changed["V"] = pdffile.TextString(value)
	u.Set(fl.Ref, changed)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return d.put(field+".pdf", append(old, tail.Data...))
}
