package report

import (
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"antin/assets"
	"antin/signer/cms"
	"antin/signer/practice"
	"antin/signer/trust"
	"antin/signer/verify"
)

// Every text that is asked for is there, every text is used, every rule has a
// sentence and a question.
func TestTexts(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(name, "_test.go") {
			code.Write(b)
		}
	}
	code.Write(assets.Report("report.html"))
	for _, m := range regexp.MustCompile(`(?:\btext[( ]|\bhead\(|\bfact\()"([a-z][a-zA-Z0-9.-]+[a-zA-Z0-9])"`).FindAllStringSubmatch(code.String(), -1) {
		if _, ok := texts[vietnamese]()[m[1]]; !ok {
			t.Errorf("no text %q", m[1])
		}
	}
	made := slices.Concat( // names put together from two parts
		each("finding.", sorted(rules)), each("advice.", values(advices)),
		each("question.", Questions()), each("basis.", Questions()), each("state.", stateOrder),
		each("result.", resultOrder), each("next.", resultOrder), each("role.", []Role{Person, Organisation, UnknownHolder}), each("kind.", []Kind{Seal, Strokes}),
		each("source.", []trust.Source{trust.FromList, trust.FromAnswer}),
		each("change.", []verify.ChangeKind{
			verify.AddedSignature, verify.AddedTimeStamp, verify.FilledField, verify.AddedEvidence, verify.ChangedForm, verify.ChangedInfo, verify.ChangedExtension,
			verify.ChangedPage, verify.ChangedPageTree, verify.ChangedAnnotation, verify.ChangedField, verify.ChangedLocked, verify.ChangedSignature,
			verify.ChangedCatalog, verify.ChangedTrailer, verify.ForeignBytes, verify.BrokenUpdate,
		}),
		each("field.AnTin_", []string{"So", "SoThuTu", "Ngay", "NgaySo", "Thang", "Nam", "Khan"})) // of package signer
	for _, name := range made {
		if _, ok := texts[vietnamese]()[name]; !ok {
			t.Errorf("no text %q", name)
		}
	}
	for name, s := range texts[vietnamese]() {
		if !slices.Contains(made, name) && !strings.Contains(code.String(), `"`+name+`"`) {
			t.Errorf("nobody uses the text %q", name)
		}
		if s == "" || bounded(s, 1000) != s || drawable(s) != s {
			t.Errorf("text %q is empty, or cannot be printed: %q", name, s)
		}
	}
	for name, s := range texts[vietnamese]() {
		kind, _, _ := strings.Cut(name, ".")
		other, ok := texts[english]()[name]
		if paper := slices.Contains([]string{"record", "notice", "advice"}, kind) || name == "line.more" || name == "time.by-stamp" || name == "time.by-signer"; ok == paper {
			t.Errorf("text %q: in English %v, wanted %v", name, ok, !paper)
		}
		places := regexp.MustCompile(`\{[a-z]+\}`)
		if in, out := distinct(places.FindAllString(s, -1)), distinct(places.FindAllString(other, -1)); ok && !slices.Equal(in, out) {
			t.Errorf("text %q has the places %v, in English %v", name, in, out)
		}
	}
	for name := range texts[english]() {
		if _, ok := texts[vietnamese]()[strings.TrimSuffix(name, ".one")]; !ok {
			t.Errorf("English has the text %q, Vietnamese has not", name)
		}
	}
	for code, r := range rules {
		if q, _, _ := strings.Cut(code, "."); string(r.question) != q || !slices.Contains(stateOrder, r.state) || !slices.Contains(resultOrder, r.result) {
			t.Errorf("rule %s: %+v", code, r)
		}
		if r.result == Valid && (r.state == Look || r.state == Unknown || r.state == Fail) || r.state == Unknown && r.result == Attention {
			t.Errorf("rule %s is at odds: %+v", code, r)
		}
		if _, ok := advices[code]; !ok && r.result != Valid && r.state != None && !slices.Contains([]string{"both.guessed", "both.unproven", "pictures.unchecked", "pictures.bad-seal", "revocation.unchecked"}, code) {
			t.Errorf("nothing is advised about %s", code)
		}
	}
}

func each[T ~string](prefix string, names []T) []string {
	var out []string
	for _, n := range names {
		out = append(out, prefix+string(n))
	}
	return out
}

func distinct(all []string) []string {
	slices.Sort(all)
	return slices.Compact(all)
}

func sorted[T any](m map[string]T) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func values(m map[string]string) []string {
	var out []string
	for _, v := range m {
		out = append(out, v)
	}
	return out
}

// What is not foreseen is never good.
func TestFailClosed(t *testing.T) {
	if r := ruleOf("integrity.tomorrow", Integrity); r.state != Unknown || r.result != Undecided {
		t.Errorf("unknown finding: %+v", r)
	}
	if floor("tomorrow's verdict") != Undecided {
		t.Error("unknown verdict")
	}
	for _, q := range Questions() { // one question without a finding
		e := &examiner{Input: Input{Report: &verify.Report{Signatures: []verify.Signature{{Indication: verify.TotalPassed}}}}, speech: vietnamese}
		e.signers = signersOf(e.Input, vietnamese)
		for code, r := range rules {
			if r.result == Valid && r.state == Pass && r.question != q {
				e.find(code, 1)
			}
		}
		var d Document
		d.Answers = e.answers()
		e.conclude(&d)
		if d.Result != Undecided || len(d.Reasons) != 1 || d.Reasons[0].Question != q {
			t.Errorf("nothing found about %s: %s, %+v", q, d.Result, d.Reasons)
		}
	}
}

// situation is a signature that passes in all respects, to be spoiled.
func situation(t *testing.T) (verify.Report, Roles) {
	t.Helper()
	a, err := practice.NewAuthority(practice.AuthorityOptions{Key: practice.P256})
	if err != nil {
		t.Fatal(err)
	}
	leader, err1 := a.Issue(practice.IdentityOptions{Name: "Nguyễn Văn An", Key: practice.P256})
	clerk, err2 := a.Issue(practice.IdentityOptions{Name: "Sở Nội vụ", Key: practice.P256})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	one := func(i *practice.Identity, end int64) verify.Signature {
		return verify.Signature{
			Field: "S", Kind: verify.Approval, Indication: verify.TotalPassed, Signer: i.Cert, End: end,
			Chain: append([]*x509.Certificate{i.Cert}, i.Issuer...), ClaimedTime: now.Add(-time.Hour), ProvenTime: now.Add(-time.Hour),
			Revocation: trust.Status{State: trust.Good, Source: trust.FromList, ThisUpdate: now.Add(-2 * time.Hour)},
		}
	}
	return verify.Report{Time: now, Signatures: []verify.Signature{one(leader, 10), one(clerk, 20)}},
		Roles{sha256.Sum256(leader.Cert.Raw): Person, sha256.Sum256(clerk.Cert.Raw): Organisation}
}

// Each fault of one signature leads to its finding and result.
func TestFaults(t *testing.T) {
	report, roles := situation(t)
	now := report.Time
	hour, year := time.Hour, 365*24*time.Hour
	indeterminate := func(s *verify.Signature, sub verify.SubIndication) {
		s.Indication, s.SubIndication, s.Err = verify.Indeterminate, sub, errors.New("x")
	}
	revokedAt := func(s *verify.Signature, since time.Duration, reason int) {
		indeterminate(s, verify.RevokedNoPOE)
		s.Revocation = trust.Status{State: trust.Revoked, Time: now.Add(since), Reason: reason}
	}
	unproven := func(s *verify.Signature) { s.ProvenTime = time.Time{} }
	for _, c := range []struct {
		name  string
		spoil func(s *verify.Signature)
		code  string
		want  Result
	}{
		{"nothing wrong", func(*verify.Signature) {}, "valid", Valid},
		{"no time-stamp", unproven, "stamp.none", Valid},
		{"no time at all", func(s *verify.Signature) { unproven(s); s.ClaimedTime = time.Time{} }, "stamp.none-bare", Attention},
		{"time-stamp of another signature", func(s *verify.Signature) {
			unproven(s)
			s.StampProblem = fmt.Errorf("%w: %w", verify.ErrStamp, cms.ErrTSAMismatch)
		}, "stamp.problem", Attention},
		{"claims to be later than its stamp", func(s *verify.Signature) { s.ClaimedTime = now.Add(48 * hour); s.ProvenTime = now }, "stamp.conflict", Attention},
		{"claims a time before its certificate", func(s *verify.Signature) { unproven(s); s.ClaimedTime = now.Add(-3 * year) }, "period.claim", Attention},
		{"claims a time to come", func(s *verify.Signature) { unproven(s); s.ClaimedTime = now.Add(72 * hour) }, "period.claim", Attention},
		{"stamped before its certificate", func(s *verify.Signature) {
			s.Indication, s.SubIndication, s.ProvenTime = verify.TotalFailed, verify.NotYetValid, now.Add(-3*year)
		}, "period.early", Invalid},
		{"revoked before the stamp", func(s *verify.Signature) { revokedAt(s, -2*hour, 0) }, "revocation.revoked", Invalid},
		{"revoked, and claims to be later", func(s *verify.Signature) { revokedAt(s, -2*hour, 0); unproven(s) }, "revocation.revoked", Invalid},
		{"revoked, and claims to be earlier", func(s *verify.Signature) { revokedAt(s, -hour/2, 5); unproven(s) }, "revocation.unproven", Undecided},
		{"key lost, and claims to be earlier", func(s *verify.Signature) { revokedAt(s, -hour/2, 1); unproven(s) }, "revocation.compromised", Invalid},
		{"revoked after the stamp", func(s *verify.Signature) { s.Revocation.Time, s.Revocation.Reason = now, 5 }, "revocation.later", Valid},
		{"list outdated", func(s *verify.Signature) {
			indeterminate(s, verify.TryLater)
			s.Revocation = trust.Status{Err: trust.ErrOutdated}
		}, "revocation.outdated", Undecided},
		{"list unusable", func(s *verify.Signature) {
			indeterminate(s, verify.TryLater)
			s.Revocation = trust.Status{Err: trust.ErrUnusable}
		}, "revocation.unusable", Undecided},
		{"responder does not know it", func(s *verify.Signature) {
			indeterminate(s, verify.TryLater)
			s.Revocation = trust.Status{Err: trust.ErrUnknownCertificate}
		}, "revocation.unlisted", Undecided},
		{"list signed with SHA-1", func(s *verify.Signature) { s.Revocation.Weak = true }, "revocation.weak", Attention},
		{"no path", func(s *verify.Signature) {
			indeterminate(s, verify.NoCertificateChainFound)
			s.Chain, s.Path = nil, trust.ErrNoPath
		}, "who.untrusted", Undecided},
		{"certificate for another use", func(s *verify.Signature) {
			indeterminate(s, verify.ChainConstraintsFailure)
			s.Chain, s.Path = nil, trust.ErrConstraints
		}, "who.unfit", Invalid},
		{"CA expired", func(s *verify.Signature) {
			indeterminate(s, verify.OutOfBoundsNoPOE)
			s.Chain, s.Path = nil, trust.ErrExpired
		}, "period.ca", Undecided},
		{"no certificate", func(s *verify.Signature) {
			indeterminate(s, verify.NoSigningCertificateFound)
			s.Signer, s.Chain, s.Crypto = nil, nil, errors.New("x")
		}, "who.missing", Undecided},
		{"weak algorithm", func(s *verify.Signature) { indeterminate(s, verify.CryptoConstraintsFailure) }, "integrity.weak", Attention},
		{"against the document's rules", func(s *verify.Signature) { indeterminate(s, verify.SigConstraintsFailure) }, "integrity.rules", Attention},
		{"malformed", func(s *verify.Signature) {
			s.Indication, s.SubIndication, s.Crypto = verify.TotalFailed, verify.FormatFailure, errors.New("x")
		}, "integrity.format", Invalid},
		{"value does not fit", func(s *verify.Signature) {
			s.Indication, s.SubIndication, s.Crypto = verify.TotalFailed, verify.SigCryptoFailure, errors.New("x")
		}, "integrity.crypto", Invalid},
		{"an indication of tomorrow", func(s *verify.Signature) { s.Indication = "PERHAPS" }, "both.unproven", Undecided},
		{"a reason of tomorrow", func(s *verify.Signature) { indeterminate(s, "SOMETHING_NEW") }, "both.unproven", Undecided},
		{"forbidden change", func(s *verify.Signature) {
			s.Changes = []verify.Change{{Kind: verify.ChangedPage, Page: 3, Forbidden: true}}
		}, "changes.forbidden", Invalid},
		{"title changed after the last signature", func(s *verify.Signature) {
			s.Changes = []verify.Change{{Kind: verify.ChangedInfo}}
		}, "changes.after", Valid},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := report
			r.Signatures = slices.Clone(report.Signatures)
			c.spoil(&r.Signatures[1])
			d := Examine(Input{Name: "x.pdf", Report: &r, Roles: roles, Gallery: &Gallery{}})
			var codes []string
			for _, a := range d.Answers {
				codes = append(codes, a.Codes...)
			}
			for _, x := range d.Reasons {
				codes = append(codes, x.Code)
			}
			if d.Result != c.want || !slices.Contains(codes, c.code) {
				t.Errorf("want %s with %s, got %s: %v\n%+v", c.want, c.code, d.Result, codes, d.Reasons)
			}
			for _, a := range d.Answers {
				if strings.ContainsAny(strings.Join(a.Lines, ""), "{}") {
					t.Errorf("places not filled: %v", a.Lines)
				}
			}
		})
	}
	d := Examine(Input{Name: "x.pdf", Report: &report, Roles: roles})
	if d.Result != Undecided || d.Reasons[0].Code != "pictures.unchecked" {
		t.Errorf("nobody looked at the pictures: %s %+v", d.Result, d.Reasons)
	}
	for _, c := range []struct {
		name  string
		spoil func(s *verify.Signature)
		code  string
		want  Result
	}{
		{"expired, stamped before", func(s *verify.Signature) {}, "period.proven", Valid},
		{"expired, and claims to be earlier", func(s *verify.Signature) { indeterminate(s, verify.OutOfBoundsNoPOE); unproven(s) }, "period.expired", Undecided},
		{"expired, and claims nothing", func(s *verify.Signature) {
			indeterminate(s, verify.OutOfBoundsNoPOE)
			unproven(s)
			s.ClaimedTime = time.Time{}
		}, "period.expired", Undecided},
		{"expired, and claims to be later", func(s *verify.Signature) {
			indeterminate(s, verify.OutOfBoundsNoPOE)
			unproven(s)
			s.ClaimedTime = now.Add(4*year + 300*24*hour)
		}, "period.outside", Invalid},
		{"expired before its stamp", func(s *verify.Signature) {
			indeterminate(s, verify.OutOfBoundsNoPOE)
			s.ProvenTime = now.Add(4*year + 300*24*hour)
			s.ClaimedTime = s.ProvenTime
		}, "period.late", Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := report
			r.Time = now.Add(5 * year)
			r.Signatures = slices.Clone(report.Signatures)
			c.spoil(&r.Signatures[1])
			d := Examine(Input{Name: "x.pdf", Report: &r, Roles: roles, Gallery: &Gallery{}})
			if codes := d.Answers[2].Codes; d.Result != c.want || !slices.Contains(codes, c.code) {
				t.Errorf("want %s with %s, got %s: %v\n%+v", c.want, c.code, d.Result, codes, d.Reasons)
			}
		})
	}
	for _, c := range []struct {
		indication verify.Indication
		code       string
		want       Result
	}{
		{verify.TotalPassed, "stamp.proven", Valid},
		{verify.Indeterminate, "stamp.open", Undecided},
		{verify.TotalFailed, "stamp.failed", Invalid},
	} {
		r := report
		r.Signatures = append(slices.Clone(report.Signatures), verify.Signature{
			Field: "D", Kind: verify.DocTimeStamp, Indication: c.indication, End: 30, Stamp: &cms.Token{Time: now},
		})
		d := Examine(Input{Name: "x.pdf", Report: &r, Roles: roles, Gallery: &Gallery{}})
		if codes := d.Answers[4].Codes; d.Result != c.want || !slices.Contains(codes, c.code) {
			t.Errorf("document time-stamp %s: want %s with %s, got %s: %v", c.indication, c.want, c.code, d.Result, codes)
		}
	}
	orphaned := report
	orphaned.Orphans = []verify.Orphan{{Object: 5}}
	if d := Examine(Input{Name: "x.pdf", Report: &orphaned, Roles: roles, Gallery: &Gallery{}}); d.Result != Attention {
		t.Errorf("orphan: %s %+v", d.Result, d.Reasons)
	}
}
