package signer_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"antin/assets"
	"antin/signer"
	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/verify"
)

func verdict(t *testing.T, d *desk, path string) *verify.Report {
	t.Helper()
	r, err := signer.Verify(context.Background(), signer.VerifyJob{Source: path, Trust: d.store})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestADecisionFromDraftToIssue is the main job of the program.
func TestADecisionFromDraftToIssue(t *testing.T) {
	d := newDesk(t)
	signed := d.approve(d.approval(d.path("qd.pdf")))
	if !strings.HasSuffix(signed.Output, "qd.daky.pdf") {
		t.Errorf("output %q", signed.Output)
	}
	issued := d.issue(d.issuing(signed.Output))
	if !strings.HasSuffix(issued.Output, "qd.phathanh.pdf") {
		t.Errorf("output %q", issued.Output)
	}
	r := verdict(t, d, issued.Output)
	if r.Verdict() != verify.Valid || len(r.Signatures) != 2 {
		t.Fatalf("%v with %d signatures: %+v", r.Verdict(), len(r.Signatures), r.Signatures)
	}
	for _, s := range r.Signatures {
		for _, c := range s.Changes {
			if c.Forbidden {
				t.Errorf("signature %q: forbidden change: %s", s.Field, c.Detail)
			}
		}
	}
	d.judges(issued.Output, 2)

	// The seal covers the left third of the signature image, in true size.
	if got := issued.Place.X + 36; issued.Origin != signer.BesideThird || abs(got-(signed.Place.X+signed.Place.W/3)) > 0.05 {
		t.Errorf("the seal ends at %.2f mm, a third of the signature at %.2f", got, signed.Place.X+signed.Place.W/3)
	}
	f, err := pdffile.Open(issued.Output, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if n := len(f.Revisions()); n != 3 {
		t.Errorf("%d revisions, want the draft's, the leader's and the seal's", n)
	}
	for name, want := range map[string]string{signer.NumberField: "121/QĐ-UBND", signer.DateField: "ngày 03 tháng 02 năm 2026"} {
		fl, err := f.Field(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Text(fl.Value); got != want || fl.Flags&pdffile.ReadOnly == 0 {
			t.Errorf("field %s holds %q with flags %d, want %q read-only", name, got, fl.Flags, want)
		}
	}
}

func abs(v float64) float64 { return max(v, -v) }

// TestInitialsThenLeaderThenSeal: the first signature makes the fields, so that
// neither the initials nor the leader are hurt by the seal.
func TestInitialsThenLeaderThenSeal(t *testing.T) {
	d := newDesk(t)
	first := d.approval(d.path("qd.pdf"))
	first.Key, first.Initials, first.At = d.drafter, true, nil
	initialled := d.approve(first)
	leader := d.approve(d.approval(initialled.Output))
	if !has(leader.Notes, signer.NoteNoSlots) {
		t.Error("fields were made after a signature")
	}
	issued := d.issue(d.issuing(leader.Output))
	if v := verdict(t, d, issued.Output); v.Verdict() != verify.Valid || len(v.Signatures) != 3 {
		t.Errorf("%v with %d signatures", v.Verdict(), len(v.Signatures))
	}
	d.judges(issued.Output, 3)
}

func has(notes []signer.Note, n signer.Note) bool {
	for _, m := range notes {
		if m == n {
			return true
		}
	}
	return false
}

// TestBandWhenTheLeaderLeftNoFields: another program signed for the leader.
func TestBandWhenTheLeaderLeftNoFields(t *testing.T) {
	d := newDesk(t)
	job := d.approval(d.path("qd.pdf"))
	job.Slots, job.NoSlots = nil, true
	signed := d.approve(job)
	issue := d.issuing(signed.Output)
	issued := d.issue(issue)
	if !has(issued.Notes, signer.NoteBandSignature) {
		t.Error("no note of the band signature")
	}
	if v := verdict(t, d, issued.Output); v.Verdict() != verify.Valid || len(v.Signatures) != 3 {
		t.Errorf("%v with %d signatures", v.Verdict(), len(v.Signatures))
	}
	d.judges(issued.Output, 3)
	if names := d.left(); len(names) != 5 {
		t.Errorf("left behind: %q", names)
	}
}

// TestNoSeal: a Party cell has no seal (nor does its profile want one); number and
// date are signed all the same, and nothing is drawn where the seal would be.
func TestNoSeal(t *testing.T) {
	d := newDesk(t)
	signed := d.approve(d.approval(d.path("qd.pdf")))
	job := d.issuing(signed.Output)
	job.NoSeal, job.Seal, job.Diameter = true, "", 0
	if _, err := signer.Issue(t.Context(), job, nil); !errors.Is(err, signer.ErrSealNeeded) {
		t.Errorf("by the decree: %v, want ErrSealNeeded", err)
	}
	job.Profile = assets.ProfileNamed(assets.ProfileParty)
	issued := d.issue(job)
	if !has(issued.Notes, signer.NoteNoSeal) || issued.Place != (signer.Place{}) {
		t.Errorf("notes %v, seal at %v", issued.Notes, issued.Place)
	}
	if v := verdict(t, d, issued.Output); v.Verdict() != verify.Valid || len(v.Signatures) != 2 || v.Signatures[1].Page != 0 && v.Signatures[1].Box.W > 0.1 {
		t.Errorf("%v with %d signatures", v.Verdict(), len(v.Signatures))
	}
	d.judges(issued.Output, 2)
}

// TestIssueRefuses: the clerk's step needs a leader's intact signature and
// complete data, and leaves nothing behind when refused.
func TestIssueRefuses(t *testing.T) {
	d := newDesk(t)
	signed := d.approve(d.approval(d.path("qd.pdf"))).Output
	bytes, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	broken := append([]byte(nil), bytes...)
	broken[len(d.decision)/2] ^= 1
	before := len(d.left())
	for _, c := range []struct {
		name   string
		change func(*signer.IssueJob)
		want   error
	}{
		{"unsigned", func(j *signer.IssueJob) { j.Source = d.path("qd.pdf") }, signer.ErrNoLeaderSignature},
		{"signed by the office only", func(j *signer.IssueJob) {
			j.Key, j.EvenIfSigned = d.leader, true
			j.Roles = report.Roles{sha256.Sum256(d.leader.Certificate().Raw): report.Organisation}
		}, signer.ErrNoLeaderSignature},
		{"no number", func(j *signer.IssueJob) { j.Number = " " }, signer.ErrNumber},
		{"no diameter", func(j *signer.IssueJob) { j.Diameter = 0 }, signer.ErrDiameter},
		{"no seal picture", func(j *signer.IssueJob) { j.Seal = d.path("khong-co.png") }, signer.ErrNoPicture},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := d.issuing(signed)
			c.change(&job)
			if _, err := signer.Issue(context.Background(), job, nil); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if now := len(d.left()); now != before {
				t.Errorf("left behind: %q", d.left())
			}
		})
	}
	t.Run("already issued", func(t *testing.T) {
		issued := d.issue(d.issuing(signed))
		if _, err := signer.Issue(context.Background(), d.issuing(issued.Output), nil); !errors.Is(err, signer.ErrAlreadySigned) {
			t.Errorf("got %v, want ErrAlreadySigned", err)
		}
		job := d.issuing(issued.Output)
		job.EvenIfSigned = true
		if _, err := signer.Issue(context.Background(), job, nil); !errors.Is(err, signer.ErrSlotFilled) {
			t.Errorf("got %v, want ErrSlotFilled", err)
		}
	})
	t.Run("leader's signature broken", func(t *testing.T) {
		job := d.issuing(d.put("hong.pdf", broken))
		_, err := signer.Issue(context.Background(), job, nil)
		if err == nil {
			t.Fatal("a broken signature was sealed")
		}
		t.Log(err)
	})
}

// TestDateText follows the decree's rule on leading zeros.
func TestDateText(t *testing.T) {
	for date, want := range map[string]string{
		"2026-11-22": "ngày 22 tháng 11 năm 2026",
		"2026-02-05": "ngày 05 tháng 02 năm 2026",
		"2026-03-01": "ngày 01 tháng 3 năm 2026",
	} {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		if got := signer.DateText(day); got != want {
			t.Errorf("%s: %q, want %q", date, got, want)
		}
	}
}
