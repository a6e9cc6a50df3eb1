package verify_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/trust"
	"antin/signer/verify"
)

// sample is a file and what has to be said of it.
type sample struct {
	name       string
	pdf        func(t testing.TB) []byte
	verdict    verify.Verdict
	indication verify.Indication // of one signature; "" = TOTAL-PASSED
	sub        verify.SubIndication
	forbidden  verify.ChangeKind // a change after it; "" = none
	of         int               // which signature that is, from 0
	level      string            // its PAdES level; "" = not asked
	store      *trust.Store      // nil = the office's
	at         time.Time         // zero = now
	check      func(t *testing.T, r *verify.Report)
}

// class is one way to attack a signed document. rows gives its files for a
// first signature that approves (p = 0) or certifies with DocMDP 1 to 3.
type class struct {
	name string
	rows func(t testing.TB, p int) []sample
}

// classes are those that a validator has to catch: published attacks on PDF
// signatures (universal forgery, wrapping, incremental saving, shadow documents,
// attacks on certifications), and what else this format makes possible.
var classes = []class{
	{"universal forgery", frameForgeries},
	{"wrapping", wrappings},
	{"incremental saving", strayUpdates},
	{"shadow", shadows},
	{"certification", certificationAttacks},
	{"spoofed dictionary", spoofedDictionaries},
	{"colliding signatures", collisions},
	{"pages and catalog", pageChanges},
	{"fields and locks", fieldChanges},
	{"message", forgedMessages},
	{"time-stamps", forgedStamps},
	{"parser differences", differentials},
	{"endless structures", loops},
}

// Every manipulated file is called what it is; none is accepted. A class is
// tried on approvals and on all three certification levels.
func TestManipulated(t *testing.T) {
	total := 0
	for i, c := range classes {
		var counts [4]int
		for p := range counts {
			rows := c.rows(t, p)
			counts[p] = len(rows)
			total += len(rows)
			for _, a := range rows {
				if a.verdict != verify.Invalid && a.verdict != verify.Undecided {
					t.Fatalf("%s: a manipulated file cannot be %s", a.name, a.verdict)
				}
				t.Run(fmt.Sprintf("%d %s/P%d/%s", i+1, c.name, p, a.name), a.run)
			}
		}
		t.Logf("class %2d, %-22s %3d files: approval %d, P1 %d, P2 %d, P3 %d", i+1, c.name+":", counts[0]+counts[1]+counts[2]+counts[3], counts[0], counts[1], counts[2], counts[3])
		if min(counts[0], counts[1], counts[2], counts[3]) < 2 {
			t.Errorf("class %q is tried in too few shapes: %v", c.name, counts)
		}
	}
	t.Logf("%d manipulated files in %d classes", total, len(classes))
	if total < 80 || len(classes) != 13 {
		t.Errorf("%d files in %d classes", total, len(classes))
	}
}

// No good file is refused.
func TestGood(t *testing.T) {
	rows := goodFiles(t)
	for _, s := range rows {
		if s.verdict != verify.Valid {
			t.Fatalf("%s: a good file cannot be %s", s.name, s.verdict)
		}
		t.Run(s.name, s.run)
	}
	t.Logf("%d good files", len(rows))
	if len(rows) < 40 {
		t.Error("too few")
	}
}

// Faults of cryptography, path, time and revocation, each with its indication.
func TestFaults(t *testing.T) {
	rows := faultyFiles(t)
	for _, s := range rows {
		if s.verdict == verify.Valid {
			t.Fatalf("%s: a faulty file cannot be %s", s.name, s.verdict)
		}
		t.Run(s.name, s.run)
	}
	t.Logf("%d faulty files", len(rows))
	if len(rows) < 30 {
		t.Error("too few")
	}
}

// judge is what a caller does with the file.
func (s sample) judge(t testing.TB) *verify.Report {
	t.Helper()
	pdf := s.pdf(t)
	o := verify.Options{Store: s.store, At: s.at}
	if o.Store == nil {
		o.Store = theOffice(t).store
	}
	r, err := verify.Damaged(context.Background(), bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{}, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s sample) run(t *testing.T) {
	t.Parallel()
	r := s.judge(t)
	if s.indication == "" {
		s.indication = verify.TotalPassed
	}
	if r.Verdict() != s.verdict {
		t.Fatalf("verdict %s, want %s\n%s", r.Verdict(), s.verdict, describe(r))
	}
	sig := r.Signatures[s.of]
	if sig.Indication != s.indication || sig.SubIndication != s.sub {
		t.Errorf("%s %s, want %s %s\n%s", sig.Indication, sig.SubIndication, s.indication, s.sub, describe(r))
	}
	if (sig.Indication == verify.TotalPassed) != (sig.Err == nil) {
		t.Errorf("reason %v with %s", sig.Err, sig.Indication)
	}
	found := false
	for _, c := range sig.Changes {
		if c.Forbidden && c.Kind == s.forbidden {
			found = true
		}
		if c.Forbidden && s.forbidden == "" {
			t.Errorf("forbidden: %+v", c)
		}
	}
	if s.forbidden != "" && !found {
		t.Errorf("no forbidden %q\n%s", s.forbidden, describe(r))
	}
	if sig.Intact() != (sig.Crypto == nil && s.forbidden == "") {
		t.Errorf("intact: %v\n%s", sig.Intact(), describe(r))
	}
	if s.level != "" && sig.Level != s.level {
		t.Errorf("level %q, want %q\n%s", sig.Level, s.level, describe(r))
	}
	if s.check != nil {
		s.check(t, r)
	}
}

// base is withFields, approved (p = 0) or certified by the leader.
func base(t testing.TB, p int) []byte {
	return sign(t, withFields(), pades.Request{Key: theOffice(t).leader, Certify: p})
}

// plain is the document of two pages without a form, likewise.
func plain(t testing.TB, p int) []byte {
	return sign(t, blank(), pades.Request{Key: theOffice(t).leader, Certify: p})
}

// given is a fixed document for a table.
func given(pdf []byte) func(testing.TB) []byte { return func(testing.TB) []byte { return pdf } }

// update is an update of a document, as a row of a table makes it.
type update = func(testing.TB, *pdffile.File, *pdffile.Update)

// updated is pdf with that update.
func updated(pdf []byte, change update) func(testing.TB) []byte {
	return func(t testing.TB) []byte {
		return revise(t, pdf, func(f *pdffile.File, u *pdffile.Update) { change(t, f, u) })
	}
}

// failed is a row with a signature that is certainly bad.
func failed(name string, pdf func(testing.TB) []byte, sub verify.SubIndication) sample {
	return sample{name: name, pdf: pdf, verdict: verify.Invalid, indication: verify.TotalFailed, sub: sub}
}

// malformed is a row with a signature that cannot be read.
func malformed(name string, pdf func(testing.TB) []byte) sample {
	return failed(name, pdf, verify.FormatFailure)
}

// undecided is a row of which too little is known.
func undecided(name string, pdf func(testing.TB) []byte, sub verify.SubIndication) sample {
	return sample{name: name, pdf: pdf, verdict: verify.Undecided, indication: verify.Indeterminate, sub: sub}
}

// forbidden is a row with a good signature, and after it a change of this kind.
func forbidden(name string, pdf func(testing.TB) []byte, k verify.ChangeKind) sample {
	return sample{name: name, pdf: pdf, verdict: verify.Invalid, forbidden: k}
}

// good is a row without fault.
func good(name string, pdf func(testing.TB) []byte) sample {
	return sample{name: name, pdf: pdf, verdict: verify.Valid}
}

// describe lists what a failing test should show.
func describe(r *verify.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %d revisions, orphans %v", r.Verdict(), r.Revisions, r.Orphans)
	for _, s := range r.Signatures {
		fmt.Fprintf(&b, "\n  %q %s %s: %s %s: %v (crypto: %v; stamp: %v)", s.Field, s.Kind, s.Level, s.Indication, s.SubIndication, s.Err, s.Crypto, s.StampProblem)
		for _, c := range s.Changes {
			fmt.Fprintf(&b, "\n    %+v", c)
		}
		for _, w := range s.Warnings {
			fmt.Fprintf(&b, "\n    warning: %s", w)
		}
	}
	return b.String()
}
