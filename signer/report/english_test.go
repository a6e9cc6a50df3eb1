package report

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"antin/signer/trust"
	"antin/signer/verify"
)

// English says one hour and one page, and its dates cannot be mistaken.
func TestEnglish(t *testing.T) {
	e := &examiner{speech: english}
	for _, c := range []struct{ got, want string }{
		{e.age(20 * time.Minute), "fresh at the time of the check"},
		{e.age(time.Hour), "1 hour before the check"},
		{e.age(3 * time.Hour), "3 hours before the check"},
		{e.age(48 * time.Hour), "2 days before the check"},
		{e.day(time.Date(2026, 11, 3, 20, 0, 0, 0, time.UTC)), "2026-11-04"},
		{e.moment(time.Date(2026, 11, 3, 8, 2, 0, 0, time.UTC)), "2026-11-03 15:02:00 +07:00"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
	e.Gallery = &Gallery{Pictures: []Picture{{Kind: Seal, Where: OnPage, Page: 3}}}
	if got := e.pagesOf(e.Gallery.Pictures[0]); got != "page 3" {
		t.Error(got)
	}
	e.Gallery.Pictures = append(e.Gallery.Pictures, Picture{Kind: Seal, Where: OnPage, Page: 5})
	if got := e.pagesOf(e.Gallery.Pictures[0]); got != "pages 3, 5" {
		t.Error(got)
	}
	e.speech = vietnamese
	if got := e.pagesOf(e.Gallery.Pictures[0]); got != "trang 3, 5" {
		t.Error(got)
	}
}

// Whatever there is one of or several, no sentence has a date in the Vietnamese
// order, one of something in the plural, or a place that was not filled.
func TestEnglishSentences(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 2, 0, 0, time.UTC)
	wrong := regexp.MustCompile(`\d{1,2}/\d{1,2}/\d{4}|(^|[^\d.,-])1 (hours|days|signatures|pages|pictures|changes|remains)\b|Signatures \d+:|\{[a-z]+\}`)
	for _, n := range []int{1, 2, 3} {
		r := &verify.Report{Time: at, Orphans: make([]verify.Orphan, n)}
		for i := range n {
			s := verify.Signature{
				Kind: verify.Approval, Indication: verify.Indeterminate, SubIndication: verify.RevokedNoPOE, Err: errors.New("revoked"),
				Name: "An", ClaimedTime: at.Add(-time.Hour), Page: 1, Changes: []verify.Change{{Kind: verify.ChangedPage, Page: 1, Forbidden: true}},
				Revocation: trust.Status{State: trust.Revoked, Time: at},
			}
			if i == 2 {
				s.ProvenTime = at
			}
			r.Signatures = append(r.Signatures, s)
		}
		gallery := &Gallery{Skipped: n}
		for i := range n {
			gallery.Pictures = append(gallery.Pictures, Picture{Kind: Seal, Where: OnPage, Page: i + 1, Place: &Place{W: 9, H: 9}})
		}
		d := Examine(Input{Name: "a.pdf", Report: r, Gallery: gallery}).In("en")
		sentences := []string{d.Title, d.Next}
		for _, a := range d.Answers {
			sentences = append(append(sentences, a.Title, a.Text), a.Lines...)
		}
		for _, why := range d.Reasons {
			sentences = append(sentences, why.Text)
		}
		for _, s := range d.Signatures {
			sentences = append(sentences, s.When, s.Summary, s.Label)
		}
		if all := strings.Join(sentences, "\n"); !strings.Contains(all, "2026-11-22") {
			t.Errorf("no date was looked at in\n%s", all)
		}
		for _, s := range sentences {
			if bad := wrong.FindString(s); bad != "" {
				t.Errorf("%d: %q has %q", n, s, bad)
			}
		}
	}
}
