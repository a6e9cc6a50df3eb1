package signer_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/verify"
)

// TestApproveRefuses: every refusal has its type, leaves nothing behind and
// keeps the source as it was.
func TestApproveRefuses(t *testing.T) {
	d := newDesk(t)
	taken := d.put("co-roi.pdf", []byte("of somebody else"))
	d.put("hong.pdf", d.decision[:len(d.decision)-200])
	d.put("text.pdf", []byte("no PDF at all"))
	d.put("anh.png", []byte("no picture"))
	before := d.left()
	for _, c := range []struct {
		name   string
		change func(*signer.ApproveJob)
		want   error
	}{
		{"no such file", func(j *signer.ApproveJob) { j.Source = d.path("khong.pdf") }, os.ErrNotExist},
		{"not a PDF", func(j *signer.ApproveJob) { j.Source = d.path("text.pdf") }, pdffile.ErrNotPDF},
		{"truncated", func(j *signer.ApproveJob) { j.Source = d.path("hong.pdf") }, pdffile.ErrTruncated},
		{"expired certificate", func(j *signer.ApproveJob) { j.Key = d.expired }, cms.ErrCertificateExpired},
		{"no picture", func(j *signer.ApproveJob) { j.Picture = "" }, signer.ErrNoPicture},
		{"outside the page", func(j *signer.ApproveJob) { j.At.X = 190 }, pades.ErrPlace},
		{"no such page", func(j *signer.ApproveJob) { j.At.Page = 3 }, pdffile.ErrNoPage},
		{"no such field", func(j *signer.ApproveJob) { j.Field = "ChuKy" }, pdffile.ErrNoField},
		{"output exists", func(j *signer.ApproveJob) { j.Out = taken }, signer.ErrExists},
		{"source is output", func(j *signer.ApproveJob) { j.Out = j.Source }, signer.ErrExists},
		{"no such folder", func(j *signer.ApproveJob) { j.Out = d.path("thu-muc/a.pdf") }, signer.ErrNoFolder},
		{"key fails", func(j *signer.ApproveJob) { j.Key = brokenKey{d.leader, errors.New("pulled")} }, errPulled},
		{"key lies", func(j *signer.ApproveJob) { j.Key = brokenKey{d.leader, nil} }, pades.ErrKeyMismatch},
	} {
		t.Run(c.name, func(t *testing.T) {
			job := d.approval(d.path("qd.pdf"))
			c.change(&job)
			_, err := signer.Approve(context.Background(), job, nil)
			if !errors.Is(err, c.want) && (c.want != errPulled || err == nil) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			if now := d.left(); len(now) != len(before) {
				t.Errorf("left behind: %q", now)
			}
			if source, _ := os.ReadFile(d.path("qd.pdf")); !bytes.Equal(source, d.decision) {
				t.Error("the source was changed")
			}
		})
	}
	if got, _ := os.ReadFile(taken); string(got) != "of somebody else" {
		t.Error("an existing file was replaced")
	}
}

var errPulled = errors.New("any error of the key")

// brokenKey fails, or returns a value that is no signature.
type brokenKey struct {
	*practice.Identity
	err error
}

func (k brokenKey) Sign(context.Context, []byte, crypto.Hash, cms.Scheme) ([]byte, error) {
	if k.err != nil {
		return nil, k.err
	}
	return make([]byte, 256), nil
}

// TestNamesNeverReplace: a second run gets the next free name.
func TestNamesNeverReplace(t *testing.T) {
	d := newDesk(t)
	job := d.approval(d.path("qd.pdf"))
	for _, want := range []string{"qd.daky.pdf", "qd.daky (2).pdf", "qd.daky (3).pdf"} {
		if got := filepath.Base(d.approve(job).Output); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	again := d.approval(d.path("qd.daky (2).pdf"))
	again.Key, again.Slots, again.At, again.Initials = d.drafter, nil, nil, true
	if got := filepath.Base(d.approve(again).Output); got != "qd.daky (4).pdf" {
		t.Errorf("a second signer's: %q, want qd.daky (4).pdf", got)
	}
}

// TestCancelLeavesNothing: Ctrl-C while the token works.
func TestCancelLeavesNothing(t *testing.T) {
	d := newDesk(t)
	ctx, cancel := context.WithCancel(context.Background())
	job := d.approval(d.path("qd.pdf"))
	before := len(d.left())
	_, err := signer.Approve(ctx, job, func(s signer.Stage, _, _ int64) {
		if s == signer.Writing || s == signer.AskingKey {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if now := d.left(); len(now) != before {
		t.Errorf("left behind: %q", now)
	}
}

// TestFullDisk signs in a process whose files may not grow.
func TestFullDisk(t *testing.T) {
	d := newDesk(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_TEST_FULL_DISK="+d.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if now := d.left(); len(now) != 3 {
		t.Errorf("left behind: %q", now)
	}
}

// TestKilledWhileSigning: kill -9, or a power cut, while the token works.
func TestKilledWhileSigning(t *testing.T) {
	d := newDesk(t)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_TEST_KILLED="+d.dir)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := out.Read(make([]byte, 1)); err != nil { // the key has been asked
		t.Fatal(err)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed, as wanted
	if now := d.left(); len(now) != 3 {
		t.Errorf("left behind: %q", now)
	}
	if source, _ := os.ReadFile(d.path("qd.pdf")); !bytes.Equal(source, d.decision) {
		t.Error("the source was changed")
	}
}

// silentKey says that it was asked and never answers.
type silentKey struct{ *practice.Identity }

func (silentKey) Sign(ctx context.Context, _ []byte, _ crypto.Hash, _ cms.Scheme) ([]byte, error) {
	_, _ = os.Stdout.WriteString("?")
	<-ctx.Done()
	return nil, ctx.Err()
}

// signUntilKilled is the process of TestKilledWhileSigning.
func signUntilKilled(dir string) int {
	o, err := theOffice()
	if err != nil {
		println(err.Error())
		return 1
	}
	_ = os.RemoveAll(o.anchors)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_, err = signer.Approve(ctx, signer.ApproveJob{
		Common:  signer.Common{Source: filepath.Join(dir, "qd.pdf"), Key: silentKey{o.leader}},
		Picture: filepath.Join(dir, "ky.png"),
	}, nil)
	println("not killed", err.Error())
	return 1
}

// signOnFullDisk is the process of TestFullDisk.
func signOnFullDisk(dir string) int {
	o, err := theOffice()
	if err != nil {
		println(err.Error())
		return 1
	}
	defer os.RemoveAll(o.anchors)
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 40 << 10, Max: 40 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		println(err.Error())
		return 1
	}
	_, err = signer.Approve(context.Background(), signer.ApproveJob{
		Common:  signer.Common{Source: filepath.Join(dir, "qd.pdf"), Key: o.leader},
		Picture: filepath.Join(dir, "ky.png"),
	}, nil)
	if !errors.Is(err, signer.ErrCannotPut) || !errors.Is(err, syscall.EFBIG) {
		println("got", err.Error())
		return 1
	}
	return 0
}

// TestTheSigningBlockIsFound: without any places given, the signature stands
// between title and name, and number and date get their fields.
func TestTheSigningBlockIsFound(t *testing.T) {
	d := newDesk(t)
	job := d.approval(d.path("qd.pdf"))
	job.At, job.Slots = nil, nil
	r := d.approve(job)
	want := d.places.Signature
	if r.Origin != signer.FoundBlock || r.Place.Page != want.Page {
		t.Fatalf("found %v on page %d, want the block on page %d", r.Origin, r.Place.Page, want.Page)
	}
	if dx := r.Place.X + r.Place.W/2 - want.X - want.W/2; abs(dx) > 2 {
		t.Errorf("the signature's middle is %.1f mm off", dx)
	}
	if r.Place.Y < want.Y-5 || r.Place.Y+r.Place.H > want.Y+want.H+5 {
		t.Errorf("it stands from %.1f to %.1f mm, the free space from %.1f to %.1f", r.Place.Y, r.Place.Y+r.Place.H, want.Y, want.Y+want.H)
	}
	issued := d.issue(d.issuing(r.Output))
	if v := verdict(t, d, issued.Output); v.Verdict() != verify.Valid {
		t.Errorf("%v", v.Verdict())
	}
	d.judges(issued.Output, 2)
}
