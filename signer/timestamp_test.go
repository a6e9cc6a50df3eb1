package signer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/verify"
)

// server is the office's time-stamp server until the test ends.
func (d *desk) server(o practice.TSAOptions) *cms.TSA {
	d.t.Helper()
	s := httptest.NewServer(d.authority.TSA(o))
	d.t.Cleanup(s.Close)
	return &cms.TSA{URL: s.URL, Anchors: d.store.Anchors(), Intermediates: d.store.Intermediates(), Timeout: time.Minute}
}

func (d *desk) stamping(source string) signer.TimestampJob {
	return signer.TimestampJob{Source: source, TSA: d.server(practice.TSAOptions{}), Trust: d.store}
}

// offline is a document that was signed and issued without a network.
func (d *desk) offline() string {
	d.t.Helper()
	return d.issue(d.issuing(d.approve(d.approval(d.path("qd.pdf"))).Output)).Output
}

func (d *desk) bytes(path string) []byte {
	d.t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	return b
}

func (d *desk) sum(path string) string {
	d.t.Helper()
	sum := sha256.Sum256(d.bytes(path))
	return hex.EncodeToString(sum[:])
}

// waits enters a document as one that waits for a time-stamp.
func (d *desk) waits(r *register.Register, path string) {
	d.t.Helper()
	a := register.Action{What: "sign", Output: register.File{Path: path, SHA256: d.sum(path)}, Result: "done", NeedsStamp: true}
	if err := r.Record(context.Background(), a); err != nil {
		d.t.Fatal(err)
	}
}

// What was issued without a network gets its time-stamp in a copy: the issued file
// stays, nothing of it is locked against the stamp, and both signatures are proven
// to be older than it.
func TestAddTimestamp(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	issued := d.offline()
	before := d.bytes(issued)
	r, err := signer.AddTimestamp(ctx, d.stamping(issued), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(d.bytes(issued), before) || !bytes.HasPrefix(d.bytes(r.Output), before) {
		t.Error("the issued file is not the beginning of the stamped one")
	}
	if r.Output != d.path("qd.phathanh.dauthoigian.pdf") || r.Level != "B-T" || len(r.Notes) > 0 || time.Since(r.SignedAt) > time.Minute {
		t.Errorf("%s %s %v %v", r.Output, r.Level, r.Notes, r.SignedAt)
	}
	report, err := signer.Verify(ctx, signer.VerifyJob{Source: r.Output, Trust: d.store})
	if err != nil {
		t.Fatal(err)
	}
	if report.Verdict() != verify.Valid || len(report.Signatures) != 3 {
		t.Fatalf("%s, %d signatures", report.Verdict(), len(report.Signatures))
	}
	for _, s := range report.Signatures[:2] {
		if s.Level != "B-T" || !s.ProvenTime.Equal(r.SignedAt) {
			t.Errorf("%q: level %s, proven for %v", s.Field, s.Level, s.ProvenTime)
		}
	}
	for _, o := range []practice.Opinion{practice.QPDF(r.Output, ""), practice.PDFSigStamped(r.Output, "", 2, 1), practice.MuTool(r.Output, "", 2)} {
		if err := o.Error(); err != nil {
			t.Error(err)
		}
	}
}

// The proof lasts longer than the signer's certificate: without the stamp nothing
// tells that he signed in time.
func TestTimestampOutlivesCertificate(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	issued := d.offline()
	stamped, err := signer.AddTimestamp(ctx, d.stamping(issued), nil)
	if err != nil {
		t.Fatal(err)
	}
	later := d.seal.Certificate().NotAfter
	if l := d.leader.Certificate().NotAfter; l.After(later) {
		later = l
	}
	later = later.Add(time.Hour)
	for path, want := range map[string]verify.SubIndication{issued: verify.OutOfBoundsNoPOE, stamped.Output: ""} {
		report, err := signer.Verify(ctx, signer.VerifyJob{Source: path, Trust: d.store, At: later})
		if err != nil {
			t.Fatal(err)
		}
		if s := report.Signatures[1]; s.SubIndication != want {
			t.Errorf("%s: %s %s: %v", filepath.Base(path), s.Indication, s.SubIndication, s.Err)
		}
	}
}

// A leader's document that was stamped is issued like any other.
func TestIssueAfterTimestamp(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	stamped, err := signer.AddTimestamp(ctx, d.stamping(d.approve(d.approval(d.path("qd.pdf"))).Output), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := d.issue(d.issuing(stamped.Output))
	if r.Output != d.path("qd.phathanh.pdf") || r.Report.Verdict() != verify.Valid {
		t.Errorf("%s: %s", r.Output, r.Report.Verdict())
	}
}

// Each refusal has its kind, and leaves nothing behind.
func TestAddTimestampRefused(t *testing.T) {
	d := newDesk(t)
	issued := d.offline()
	withStamp := d.issuing(d.path("qd.daky.pdf"))
	withStamp.TSA, withStamp.Out = d.server(practice.TSAOptions{}), d.path("bt.pdf")
	d.issue(withStamp)
	stamped, err := signer.AddTimestamp(context.Background(), d.stamping(issued), nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		job  func(j *signer.TimestampJob)
		want error
	}{
		"no authority":               {func(j *signer.TimestampJob) { j.TSA = nil }, signer.ErrNoTSA},
		"no file":                    {func(j *signer.TimestampJob) { j.Source = d.path("khong-co.pdf") }, os.ErrNotExist},
		"no signature":               {func(j *signer.TimestampJob) { j.Source = d.path("qd.pdf") }, signer.ErrUnsigned},
		"signature has one":          {func(j *signer.TimestampJob) { j.Source = withStamp.Out }, signer.ErrTimestamped},
		"document has one":           {func(j *signer.TimestampJob) { j.Source = stamped.Output }, signer.ErrTimestamped},
		"a signed byte changed":      {func(j *signer.TimestampJob) { j.Source = d.put("sua.pdf", manipulated(t, d.bytes(issued))) }, signer.ErrBrokenSignature},
		"a page changed after":       {func(j *signer.TimestampJob) { j.Source = d.put("che.pdf", covered(t, d.bytes(issued))) }, signer.ErrBrokenSignature},
		"the output exists":          {func(j *signer.TimestampJob) { j.Out = issued }, signer.ErrExists},
		"the server cannot be found": {func(j *signer.TimestampJob) { j.TSA = &cms.TSA{URL: "http://127.0.0.1:9/"} }, cms.ErrTSAUnreachable},
		"the server stamps another":  {func(j *signer.TimestampJob) { j.TSA = d.server(practice.TSAOptions{Fault: practice.FaultWrongImprint}) }, cms.ErrTSAMismatch},
		"the server is no authority": {func(j *signer.TimestampJob) { j.TSA = d.server(practice.TSAOptions{Fault: practice.FaultNoEKU}) }, cms.ErrTSACertificate},
	} {
		t.Run(name, func(t *testing.T) {
			job := d.stamping(issued)
			c.job(&job)
			left := len(d.left())
			if r, err := signer.AddTimestamp(context.Background(), job, nil); r != nil || !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
			if now := d.left(); len(now) != left {
				t.Errorf("left behind: %q", now)
			}
		})
	}
}

func manipulated(t *testing.T, pdf []byte) []byte {
	t.Helper()
	changed := bytes.Replace(pdf, []byte("/MediaBox"), []byte("/MediaBoy"), 1)
	if bytes.Equal(changed, pdf) {
		t.Fatal("nothing to change")
	}
	return changed
}

// covered draws over the first page in an update.
func covered(t *testing.T, pdf []byte) []byte {
	t.Helper()
	f, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	d := u.Dict(page.Ref).Clone()
	d["Contents"] = u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("0 0 500 500 re f")})
	u.Set(page.Ref, d)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(bytes.Clone(pdf), tail.Data...)
}

// A time-stamp over a document that was changed makes nothing of it good.
func TestTimestampOverChanges(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	issued := d.bytes(d.offline())
	for name, pdf := range map[string][]byte{"a signed byte": manipulated(t, issued), "a page, later": covered(t, issued)} {
		t.Run(name, func(t *testing.T) {
			f, err := pdffile.Open(d.put("gia.pdf", pdf), pdffile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			plan, err := pades.NewTimeStampPlan(f, *d.server(practice.TSAOptions{}))
			if err != nil {
				t.Fatal(err)
			}
			out, err := os.Create(filepath.Join(t.TempDir(), "gia.dauthoigian.pdf"))
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			if _, err := plan.Write(ctx, out, nil); err != nil {
				t.Fatal(err)
			}
			r, err := signer.Verify(ctx, signer.VerifyJob{Source: out.Name(), Trust: d.store})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(r.Signatures); r.Verdict() != verify.Invalid || n != 3 || !r.Signatures[2].Intact() || r.Signatures[1].Intact() {
				t.Errorf("%s, %d signatures", r.Verdict(), n)
			}
		})
	}
}

// A person who gives up waits for nobody.
func TestAddTimestampCancelled(t *testing.T) {
	d := newDesk(t)
	job := d.stamping(d.offline())
	job.TSA = d.server(practice.TSAOptions{Fault: practice.FaultHang})
	ctx, cancel := context.WithCancel(context.Background())
	var asked time.Time
	_, err := signer.AddTimestamp(ctx, job, func(s signer.Stage, _, _ int64) {
		if s == signer.AskingTSA {
			asked = time.Now()
			time.AfterFunc(50*time.Millisecond, cancel)
		}
	})
	if took := time.Since(asked); !errors.Is(err, context.Canceled) || took > 2*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	if _, err := os.Stat(d.path("qd.phathanh.dauthoigian.pdf")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an output is there: %v", err)
	}
}

// The documents that wait in the register are stamped; each that cannot be says
// why and waits on. Nothing is made twice.
func TestTimestampBatch(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r := d.register()
	for _, row := range d.list(4, 1) {
		d.waits(r, row.Job.Source)
	}
	if err := os.Rename(d.path("vb-002.daky.pdf"), d.path("chuyen.daky.pdf")); err != nil {
		t.Fatal(err)
	}
	d.put("vb-003.daky.pdf", append(d.bytes(d.path("vb-003.daky.pdf")), '\n'))
	job := d.stamping("")
	// A process that was killed before it could enter what it had made.
	killed := job
	killed.Source = d.path("vb-004.daky.pdf")
	if _, err := signer.AddTimestamp(ctx, killed, nil); err != nil {
		t.Fatal(err)
	}

	b, err := signer.NewTimestampBatch(ctx, r, job)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if !errors.Is(b.Rows[1].Err, signer.ErrMoved) || !errors.Is(b.Rows[2].Err, signer.ErrNotEntered) || b.Count(signer.RowDone) != 2 {
		t.Errorf("%+v", b.Rows)
	}
	if _, err := os.Stat(d.path("vb-004.daky.dauthoigian (2).pdf")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("stamped twice: %v", err)
	}
	// The one that was moved is found by its content.
	job.Source = d.path("chuyen.daky.pdf")
	if _, err := signer.AddTimestampEntered(ctx, r, job, nil); err != nil {
		t.Fatal(err)
	}
	if n, err := r.UnstampedCount(ctx); n != 1 || err != nil {
		t.Errorf("%d wait: %v", n, err)
	}
	for e, err := range r.Entries(ctx, register.Stamped) {
		if err != nil || e.Stamp.Output.SHA256 != d.sum(e.Stamp.Output.Path) {
			t.Errorf("%+v: %v", e.Stamp, err)
		}
	}
	sound(t, r)
}

// A file that is replaced before it is read, but after its hash was taken,
// is not entered under the hash of the one that waits.
func TestTimestampOfReplacedFile(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r := d.register()
	job := d.stamping(d.offline())
	d.waits(r, job.Source)
	_, err := signer.AddTimestampEntered(ctx, r, job, func(s signer.Stage, _, _ int64) {
		if s == signer.Reading {
			d.put(filepath.Base(job.Source), append(d.bytes(job.Source), '\n'))
		}
	})
	if !errors.Is(err, signer.ErrNotEntered) {
		t.Errorf("%v", err)
	}
	if n, err := r.UnstampedCount(ctx); n != 1 || err != nil {
		t.Errorf("%d wait: %v", n, err)
	}
	if _, err := os.Stat(d.path("qd.phathanh.dauthoigian.pdf")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an output is there: %v", err)
	}
}

// A dead server is asked once, and everything waits on.
func TestTimestampBatchHalts(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r := d.register()
	d.waits(r, d.offline())
	d.waits(r, d.path("qd.daky.pdf"))
	for name, c := range map[string]struct {
		tsa  *cms.TSA
		want error
	}{"none": {nil, signer.ErrNoTSA}, "dead": {&cms.TSA{URL: "http://127.0.0.1:9/"}, cms.ErrTSAUnreachable}} {
		b, err := signer.NewTimestampBatch(ctx, r, signer.TimestampJob{TSA: c.tsa, Trust: d.store})
		if err != nil {
			t.Fatal(err)
		}
		var halt *signer.HaltError
		if err := b.Run(ctx); !errors.As(err, &halt) || !errors.Is(err, c.want) || b.Count(signer.RowWaiting) != 2 {
			t.Errorf("%s: %v, %+v", name, err, b.Rows)
		}
	}
}

// A document that nobody waits for is logged all the same.
func TestTimestampIsLogged(t *testing.T) {
	ctx, d := context.Background(), newDesk(t)
	r := d.register()
	job := d.stamping(d.offline())
	made, err := signer.AddTimestampEntered(ctx, r, job, nil)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.Entries(ctx, register.Acted) {
		if err != nil {
			t.Fatal(err)
		}
		if a := e.Action; a.What != "stamp" || a.Source.SHA256 != d.sum(job.Source) || a.Output.SHA256 != hex.EncodeToString(made.SHA256[:]) {
			t.Errorf("%+v", a)
		}
		return
	}
	t.Error("no entry")
}
