package signer_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/assets"
	"antin/signer"
	"antin/signer/cms"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/scan"
	"antin/signer/verify"
)

// twoPages is a scan in colour as the norm wants it. Drawing takes a while.
var twoPages = sync.OnceValues(func() ([]byte, error) {
	return practice.ScanPDF(practice.ScanOptions{DPI: 200}, practice.ScanOptions{DPI: 200, Seed: 2, Lines: 20})
})

const agency = "Ủy ban nhân dân xã Bình Minh"

// at is when the copies are made: 16:47:03 in Vietnam.
var at = time.Date(2026, 11, 22, 9, 47, 3, 0, time.UTC)

// scanned puts a scan on the desk and gives the clerk's job on it.
func (d *desk) scanned(form scan.Form) signer.CopyJob {
	d.t.Helper()
	pdf, err := twoPages()
	if err != nil {
		d.t.Fatal(err)
	}
	return d.copying(d.put("quet.pdf", pdf), form)
}

func (d *desk) copying(source string, form scan.Form) signer.CopyJob {
	job := signer.CopyJob{Common: d.common(source, d.seal), Form: form, Agency: agency}
	job.Now = func() time.Time { return at }
	switch form {
	case scan.TrichSao:
		job.Pages = []int{2}
	case "":
		job.Profile, job.Record, job.Ordinal = assets.ProfileNamed(assets.ProfileArchive), "000.00.16.H05.2026.12", 7
		job.WithoutText = true // the layer has a test of its own
	}
	return job
}

func (d *desk) copy(job signer.CopyJob) *signer.Result {
	d.t.Helper()
	r, err := signer.Copy(context.Background(), job, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

func opened(t testing.TB, path string) *pdffile.File {
	t.Helper()
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

// pictures are the digests of the encoded image streams of a document.
func pictures(t testing.TB, f *pdffile.File) map[[32]byte]bool {
	t.Helper()
	out := map[[32]byte]bool{}
	for _, n := range f.Numbers() {
		ref, _ := f.RefOf(n)
		o, err := f.Load(ref)
		if err != nil {
			t.Fatal(err)
		}
		if s, ok := o.(*pdffile.Stream); ok && s.Dict["Subtype"] == pdffile.Name("Image") {
			raw, err := f.Raw(s)
			if err != nil {
				t.Fatal(err)
			}
			out[sha256.Sum256(raw)] = true
		}
	}
	return out
}

// TestCopy: every form of copy is judged valid by everybody, says what the
// decree wants, shows no picture of a seal, and has the scan's own pictures.
func TestCopy(t *testing.T) {
	for _, c := range []struct {
		form  scan.Form
		name  string
		pages int
		lines []string
	}{
		{scan.SaoY, "quet.saoy.pdf", 2, []string{"SAO Y", agency, "2026-11-22T16:47:03+07:00"}},
		{scan.SaoLuc, "quet.saoluc.pdf", 2, []string{"SAO LỤC", agency, "2026-11-22T16:47:03+07:00"}},
		{scan.TrichSao, "quet.trichsao.pdf", 1, []string{"TRÍCH SAO", agency, "2026-11-22T16:47:03+07:00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			job := d.scanned(c.form)
			plan, err := signer.PlanCopy(context.Background(), job, nil)
			if err != nil {
				t.Fatal(err)
			}
			r := d.copy(job)
			d.checkCopy(r, plan, job, c.name, c.pages, c.lines)
		})
	}
}

func fileOf(path string, data []byte) register.File {
	return register.File{Path: path, SHA256: fmt.Sprintf("%x", sha256.Sum256(data))}
}

func (d *desk) checkCopy(r *signer.Result, plan *signer.CopyPlan, job signer.CopyJob, name string, pages int, lines []string) {
	t := d.t
	t.Helper()
	if filepath.Base(r.Output) != name || r.Origin != signer.InCorner {
		t.Errorf("output %q, %v", r.Output, r.Origin)
	}
	if !slices.Equal(plan.Block.Lines, lines) || !slices.Equal(r.Copy.Block.Lines, lines) || r.Place != plan.Block.Place {
		t.Errorf("planned %v at %v, made %v at %v", plan.Block.Lines, plan.Block.Place, r.Copy.Block.Lines, r.Place)
	}
	source, err := os.ReadFile(job.Source)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Copy.Sources) != 1 || r.Copy.Sources[0] != fileOf(job.Source, source) {
		t.Errorf("made of %+v", r.Copy.Sources)
	}
	v := verdict(t.(*testing.T), d, r.Output)
	if v.Verdict() != verify.Valid || len(v.Signatures) != 1 || v.Signatures[0].Kind != verify.Approval {
		t.Errorf("%v, %+v", v.Verdict(), v.Signatures)
	}
	d.judges(r.Output, 1)
	f := opened(t, r.Output)
	if ps, _ := f.Pages(); len(ps) != pages {
		t.Errorf("%d pages", len(ps))
	}
	was, now := pictures(t, opened(t, job.Source)), pictures(t, f)
	if len(now) == 0 || len(now) != pages {
		t.Errorf("%d pictures of %d", len(now), len(was))
	}
	for sum := range now {
		if !was[sum] {
			t.Error("a picture that the scan does not have")
		}
	}
	if left := d.left(); len(left) != 5 {
		t.Errorf("left behind: %q", left)
	}
}

// TestCopyRefuses: what misses the norm, is no scan or is not said in full, is
// refused with its type and leaves nothing behind.
func TestCopyRefuses(t *testing.T) {
	d := newDesk(t)
	poor := func(name string, o practice.ScanOptions) string {
		o.Lines = 8
		pdf, err := practice.ScanPDF(o)
		if err != nil {
			t.Fatal(err)
		}
		return d.put(name, pdf)
	}
	low, grey := poor("150.pdf", practice.ScanOptions{DPI: 150}), poor("xam.pdf", practice.ScanOptions{DPI: 200, Color: practice.ScanGray})
	skewed := poor("nghieng.pdf", practice.ScanOptions{DPI: 200, Skew: 4})
	signed := d.approve(d.approval(d.path("qd.pdf"))).Output
	good := d.scanned(scan.SaoY).Source
	before := d.left()
	for name, c := range map[string]struct {
		source string
		change func(*signer.CopyJob)
		want   error
	}{
		"150 dpi":                  {low, nil, signer.ErrScanFails},
		"150 dpi, looked at":       {low, func(j *signer.CopyJob) { j.Looked = []scan.Kind{scan.LowDPI} }, signer.ErrScanFails},
		"grey":                     {grey, nil, signer.ErrScanFails},
		"askew":                    {skewed, nil, signer.ErrScanLook},
		"another thing looked at":  {skewed, func(j *signer.CopyJob) { j.Looked = []scan.Kind{scan.Blank} }, signer.ErrScanLook},
		"electronic":               {d.path("qd.pdf"), nil, signer.ErrCopyElectronic},
		"signed":                   {signed, nil, signer.ErrCopySigned},
		"no agency":                {good, func(j *signer.CopyJob) { j.Agency = " " }, signer.ErrNoAgency},
		"no form":                  {good, func(j *signer.CopyJob) { j.Form = "" }, signer.ErrCopyForm},
		"unknown form":             {good, func(j *signer.CopyJob) { j.Form = "ban-sao" }, signer.ErrCopyForm},
		"pages of a sao y":         {good, func(j *signer.CopyJob) { j.Pages = []int{1} }, signer.ErrCopyPages},
		"an extract without pages": {good, func(j *signer.CopyJob) { j.Form = scan.TrichSao }, signer.ErrCopyPages},
		"no such page":             {good, func(j *signer.CopyJob) { j.Form, j.Pages = scan.TrichSao, []int{1, 3} }, signer.ErrCopyPages},
		"a page twice":             {good, func(j *signer.CopyJob) { j.Form, j.Pages = scan.TrichSao, []int{1, 1} }, signer.ErrCopyPages},
		"no record":                {good, func(j *signer.CopyJob) { *j = d.copying(good, ""); j.Record = "" }, signer.ErrNoRecord},
		"a record that is a path":  {good, func(j *signer.CopyJob) { *j = d.copying(good, ""); j.Record = "../x" }, signer.ErrNoRecord},
		"a person's certificate":   {good, func(j *signer.CopyJob) { j.Key = d.leader }, signer.ErrPersonCertificate},
		"expired certificate":      {good, func(j *signer.CopyJob) { j.Key = d.expired }, cms.ErrCertificateExpired},
		"output exists":            {good, func(j *signer.CopyJob) { j.Out = d.path("dau.png") }, signer.ErrExists},
		"key fails":                {good, func(j *signer.CopyJob) { j.Key = brokenKey{d.seal, errPulled} }, errPulled},
	} {
		t.Run(name, func(t *testing.T) {
			job := d.copying(c.source, scan.SaoY)
			if c.change != nil {
				c.change(&job)
			}
			_, err := signer.Copy(context.Background(), job, nil)
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
			var gate *signer.ScanError
			if (c.want == signer.ErrScanFails || c.want == signer.ErrScanLook) && (!errors.As(err, &gate) || len(gate.Findings) != 1) {
				t.Errorf("findings %+v", gate)
			}
			if now := d.left(); !slices.Equal(now, before) {
				t.Errorf("left behind: %q", now)
			}
		})
	}
	job := d.copying(skewed, scan.SaoY)
	job.Looked = []scan.Kind{scan.Skewed}
	if r := d.copy(job); len(r.Copy.Findings) != 1 || r.Copy.Findings[0].Kind != scan.Skewed {
		t.Errorf("what was looked at is not told: %+v", r.Copy.Findings)
	}
}

// TestExtractOfAnElectronicDocument: trích sao alone exists from electronic to
// electronic (Điều 25), of what is validly signed.
func TestExtractOfAnElectronicDocument(t *testing.T) {
	d := newDesk(t)
	job := d.copying(d.approve(d.approval(d.path("qd.pdf"))).Output, scan.TrichSao)
	job.Pages = []int{2} // with the picture of the signature
	r := d.copy(job)
	if !slices.Contains(r.Notes, signer.NoteMarksLeft) {
		t.Errorf("it is not told that the picture of the signature is left out: %v", r.Notes)
	}
	if !strings.HasSuffix(r.Output, "qd.trichsao.pdf") || verdict(t, d, r.Output).Verdict() != verify.Valid {
		t.Errorf("%s", r.Output)
	}
	d.judges(r.Output, 1)
}

// TestCopyOfPictures: pages put together from pictures keep the pictures' bytes,
// and nothing stays in the folder for temporary files.
func TestCopyOfPictures(t *testing.T) {
	d := newDesk(t)
	t.Setenv("TMPDIR", t.TempDir())
	picture, err := practice.ScanPicture(practice.ScanOptions{DPI: 200, Lines: 12})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	path := d.put("trang.jpg", b.Bytes())
	job := d.copying(path, scan.SaoY)
	if _, err := signer.Copy(context.Background(), job, nil); !errors.Is(err, scan.ErrNoDensity) {
		t.Errorf("a picture that does not tell its resolution: %v", err)
	}
	leaves, err := scan.Leaves(t.Context(), scan.File{Path: path, DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	plan := scan.NewPlan(leaves...)
	job.Sheets = &plan
	r := d.copy(job)
	if filepath.Base(r.Output) != "trang.saoy.pdf" || r.Source != path || r.Copy.Sources[0] != fileOf(path, b.Bytes()) {
		t.Errorf("%q from %q", r.Output, r.Source)
	}
	if !pictures(t, opened(t, r.Output))[sha256.Sum256(b.Bytes())] {
		t.Error("the picture was coded anew")
	}
	d.judges(r.Output, 1)
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
