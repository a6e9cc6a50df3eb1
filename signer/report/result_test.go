package report_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/report"
	"antin/signer/trust"
	"antin/signer/verify"
)

func number(v float64) string { return strconv.FormatFloat(v, 'f', 4, 64) }

func describe(d report.Document) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)", d.Result, d.Title)
	for _, r := range d.Reasons {
		fmt.Fprintf(&b, "\n  because %s: %s", r.Code, r.Text)
	}
	for _, a := range d.Answers {
		fmt.Fprintf(&b, "\n  %-10s %-8s %v\n      %s", a.Question, a.State, a.Codes, strings.Join(a.Lines, "\n      "))
	}
	for _, p := range d.Pictures {
		fmt.Fprintf(&b, "\n  picture %s %s page %d %+v", p.Kind, p.Where, p.Page, *p.Place)
	}
	return b.String()
}

// Every one of the four results, with the finding that leads to it.
func TestResults(t *testing.T) {
	o := theOffice(t)
	issued := o.issued(t)
	everything := report.CheckOptions{Options: verify.Options{Store: o.store}, Roles: o.roles()}
	noRoles := everything
	noRoles.Roles = nil
	stranger := everything
	stranger.Store = &trust.Store{}
	noLists := everything
	noLists.Store = &trust.Store{}
	noLists.Store.AddAnchor(o.Root)
	noLists.Store.AddIntermediate(o.Issuing)
	plain := o.approve()
	plain.TSA = nil
	plainSeal := o.issue()
	plainSeal.TSA = nil
	sealByPerson := o.issue()
	sealByPerson.Key = o.leader
	for _, c := range []struct {
		name    string
		pdf     []byte
		options report.CheckOptions
		want    report.Result
		codes   []string // that have to be among the reasons or answers
	}{
		{"issued, with time-stamps", issued, everything, report.Valid, []string{"valid", "both.known", "stamp.proven", "pictures.match", "revocation.good"}},
		{"issued, without time-stamps", sign(t, sign(t, o.decision, plain), plainSeal), everything, report.Valid, []string{"stamp.none", "period.current"}},
		{"issued, time-stamp added later", o.timestamp(t, sign(t, sign(t, o.decision, plain), plainSeal)), everything, report.Valid, []string{"stamp.added", "stamp.proven"}},
		{"nobody said whose the certificates are", issued, noRoles, report.Attention, []string{"both.guessed"}},
		{"only the leader", sign(t, o.decision, o.approve()), everything, report.Attention, []string{"both.person"}},
		{"only the office", sign(t, o.decision, o.issue()), everything, report.Attention, []string{"both.organisation"}},
		{"the office before the leader", sign(t, sign(t, o.decision, o.issue()), noText(o.approve())), everything, report.Attention, []string{"both.order"}},
		{"seal in the leader's own signature", sign(t, sign(t, issued, sealByPerson), plainSeal), everything, report.Attention, []string{"pictures.person-seal"}},
		{"unsigned", o.decision, everything, report.Attention, []string{"both.unsigned", "pictures.unsigned"}},
		{"unsigned with the picture of a seal", paint(t, o.decision, 2, o.seal, pdffile.Box{X: 100, Y: 150, W: 36, H: 36}), everything, report.Attention, []string{"pictures.unsigned-seal"}},
		{"unsigned with the picture of a signature", paint(t, o.decision, 2, o.hand, pdffile.Box{X: 100, Y: 150, W: 45, H: 20}), everything, report.Attention, []string{"pictures.unsigned-strokes"}},
		{"another seal in the text", sign(t, sign(t, paint(t, o.decision, 2, o.seal, pdffile.Box{X: 20, Y: 20, W: 36, H: 36}), o.approve()), o.issue()), everything, report.Attention, []string{"pictures.loose-seal"}},
		{"changed after signing", paint(t, issued, 1, o.seal, pdffile.Box{X: 100, Y: 150, W: 36, H: 36}), everything, report.Invalid, []string{"integrity.changed", "changes.forbidden"}},
		{"one signed byte changed", flip(t, issued), everything, report.Invalid, []string{"integrity.hash"}},
		{"untrusted root", issued, stranger, report.Undecided, []string{"who.untrusted"}},
		{"no revocation data", issued, noLists, report.Undecided, []string{"revocation.absent"}},
		{"field filled by nobody", fill(t, sign(t, o.decision, o.approve())), everything, report.Attention, []string{"changes.filled"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := checkWith(t, c.pdf, c.options)
			if d.Result != c.want {
				t.Errorf("want %s\n%s", c.want, describe(d))
			}
			var codes []string
			for _, r := range d.Reasons {
				codes = append(codes, r.Code)
			}
			for _, a := range d.Answers {
				codes = append(codes, a.Codes...)
			}
			for _, w := range c.codes {
				if !slices.Contains(codes, w) {
					t.Errorf("no finding %s\n%s", w, describe(d))
				}
			}
			if len(d.Answers) != 8 || len(d.Reasons) == 0 || d.SHA256 == "" {
				t.Errorf("answers, reasons or digest are missing\n%s", describe(d))
			}
			if testing.Verbose() {
				t.Log(describe(d))
			}
		})
	}
}

// Files that cannot be opened are never good.
func TestUnread(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		err  error
		want report.Result
	}{
		{"no PDF", pdffile.ErrNotPDF, report.Undecided},
		{"password", fmt.Errorf("opening: %w", pdffile.ErrPassword), report.Undecided},
		{"cut short", pdffile.ErrTruncated, report.Invalid},
		{"damaged", pdffile.ErrDamaged, report.Invalid},
		{"trailing bytes", pdffile.ErrTrailing, report.Invalid},
		{"something else", errors.New("disk on fire"), report.Undecided},
		{"no reason", nil, report.Undecided},
	} {
		if d := report.Unread("x.pdf", 5, c.err, at); d.Result != c.want || len(d.Reasons) != 1 || len(d.Answers) != 8 {
			t.Errorf("%s: want %s\n%s", c.name, c.want, describe(d))
		}
	}
}

// Check ends with its context.
func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := report.Check(ctx, open(t, theOffice(t).decision), "x.pdf", report.CheckOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
