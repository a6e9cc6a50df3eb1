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

	"antin/signer"
	"antin/signer/practice"
	"antin/signer/register"
	"antin/signer/scan"
	"antin/signer/verify"
)

// scansIn are the rows over the scans in dir: quet-*.pdf as sao y 1, 2 …, then the
// pictures as one copy, then an extract that has no number.
func scansIn(dir string) ([]signer.CopyRow, error) {
	scans, err := filepath.Glob(filepath.Join(dir, "quet-*.pdf"))
	if err != nil {
		return nil, err
	}
	var rows []signer.CopyRow
	add := func(job signer.CopyJob, source string) {
		job.Source, job.Agency = source, agency
		n := register.Number{N: len(rows) + 1, Type: "SY", Body: "UBND"}
		if job.Form == scan.TrichSao {
			n = register.Number{}
		}
		rows = append(rows, signer.CopyRow{Job: job, Entry: register.Copy{Number: n, Date: batchDay, Original: filepath.Base(source)}})
	}
	for _, source := range scans {
		add(signer.CopyJob{Form: scan.SaoY}, source)
	}
	var pictures []scan.File
	for _, name := range []string{"anh-1.jpg", "anh-2.jpg"} {
		pictures = append(pictures, scan.File{Path: filepath.Join(dir, name), DPI: 200})
	}
	leaves, err := scan.Leaves(context.Background(), pictures...)
	if err != nil {
		return nil, err
	}
	plan := scan.NewPlan(leaves...)
	add(signer.CopyJob{Form: scan.SaoLuc, Sheets: &plan}, pictures[0].Path)
	add(signer.CopyJob{Form: scan.TrichSao, Pages: []int{1}}, filepath.Join(dir, "trich.pdf"))
	return rows, nil
}

// copiesIn is the run over the scans in dir, nil when all is done.
func copiesIn(ctx context.Context, r *register.Register, c signer.Common, dir string) (*signer.EnteredBatch, error) {
	b, err := signer.ResumeCopies(ctx, r, c)
	if errors.Is(err, register.ErrNoEntry) {
		if next, err := r.Next(ctx, register.Copies, mustNumber("1/SY-UBND"), batchDay); err != nil || next.N > 1 {
			return nil, err
		}
		var rows []signer.CopyRow
		if rows, err = scansIn(dir); err == nil && os.Getenv("ANTIN_TEST_FIGURES") != "" {
			start := time.Now()
			err = signer.CheckCopies(ctx, r, c, rows, nil, func(int, error) {}) // a row that is refused fails later
			fmt.Printf("judged in %.2f s each, memory %.0f MB\n", time.Since(start).Seconds()/float64(len(rows)), resident())
		}
		if err != nil {
			return nil, err
		}
		b, err = signer.NewCopyBatch(ctx, r, c, rows)
	}
	if err != nil {
		return nil, err
	}
	return b.EnteredBatch, nil
}

// papers are a scan of one page and two pictures. Drawing takes a while.
var papers = sync.OnceValues(func() (out struct {
	scan     []byte
	pictures [2][]byte
}, err error,
) {
	if out.scan, err = practice.ScanPDF(practice.ScanOptions{DPI: 200, Lines: 3}); err != nil {
		return out, err
	}
	for i := range out.pictures {
		picture, err := practice.ScanPicture(practice.ScanOptions{DPI: 200, Lines: 4 + 12*i, Seed: uint64(i)})
		if err != nil {
			return out, err
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, picture, nil); err != nil {
			return out, err
		}
		out.pictures[i] = b.Bytes()
	}
	return out, nil
})

// scanFolder has n scans, two pictures, a scan to be extracted from, and the keys.
func scanFolder(t testing.TB, n int) *desk {
	t.Helper()
	d := newDesk(t)
	from, err := papers()
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		// White space behind the last revision changes nothing for a reader.
		d.put(fmt.Sprintf("quet-%03d.pdf", i+1), append(bytes.Clone(from.scan), bytes.Repeat([]byte{'\n'}, i+1)...))
	}
	d.put("trich.pdf", from.scan)
	for i, picture := range from.pictures {
		d.put(fmt.Sprintf("anh-%d.jpg", i+1), picture)
	}
	if err := d.seal.WriteFiles(d.dir, "key"); err != nil {
		t.Fatal(err)
	}
	return d
}

// copiedOnce checks the folder of n scans, two pictures and an extract: each copy is
// there once, nothing else is, and the registers say the same.
func (d *desk) copiedOnce(n int) {
	d.t.Helper()
	hash := func(name string) string {
		b, err := os.ReadFile(d.path(name))
		if err != nil {
			d.t.Error(err)
		}
		return fmt.Sprintf("%x", sha256.Sum256(b))
	}
	want := []string{"trich.trichsao.pdf", "anh-1.saoluc.pdf"}
	for i := range n {
		want = append(want, fmt.Sprintf("quet-%03d.saoy.pdf", i+1))
	}
	var made []string
	for _, name := range d.left() {
		if strings.Contains(name, "(") || strings.HasPrefix(name, ".") {
			d.t.Errorf("left behind: %s", name)
		}
		if !strings.Contains(name, ".sao") && !strings.Contains(name, ".trichsao") {
			continue
		}
		made = append(made, name)
		if r, err := signer.Verify(context.Background(), signer.VerifyJob{Source: d.path(name), Trust: d.store}); err != nil || r.Verdict() != verify.Valid || len(r.Signatures) != 1 {
			d.t.Errorf("%s: %+v %v", name, r, err)
		}
	}
	if slices.Sort(want); !slices.Equal(made, want) {
		d.t.Errorf("made %q, want %q", made, want)
	}
	ctx, r := context.Background(), d.register()
	var entered []string
	for e, err := range r.Entries(ctx, register.Copied, register.Acted) {
		if err != nil {
			d.t.Fatal(err)
		}
		source, others, out := register.File{}, []register.File(nil), e.Output()
		if e.Copy != nil {
			source, others = e.Copy.Source, e.Copy.Others
		} else {
			source, others = e.Action.Source, e.Action.Others
		}
		name := filepath.Base(out.Path)
		if entered = append(entered, name); out.SHA256 != hash(name) || source.SHA256 != hash(filepath.Base(source.Path)) {
			d.t.Errorf("%s: entered with another hash", name)
		}
		if strings.HasPrefix(name, "anh") != (len(others) == 1 && others[0].SHA256 == hash("anh-2.jpg")) {
			d.t.Errorf("%s: further sources %v", name, others)
		}
	}
	if slices.Sort(entered); !slices.Equal(entered, want) {
		d.t.Errorf("entered %q, want %q", entered, want)
	}
	for e, err := range r.Lines(ctx, register.Copies, "") {
		if err != nil || e.Copy == nil {
			d.t.Errorf("a number that is reserved only: %+v %v", e, err)
		}
	}
	sound(d.t, r)
	_ = r.Close()
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		d.t.Errorf("temporary files: %v %v", left, err)
	}
}

// TestCopiesAreMadeOnce kills the process that certifies a scan, two pictures as one
// copy and an extract at every commit, every write of the second file, and every
// output's name.
func TestCopiesAreMadeOnce(t *testing.T) {
	scanFolder(t, 0) // what tests share is not left behind
	t.Setenv("TMPDIR", t.TempDir())
	points, twice, out := crashEverywhere(t, func() *desk { return scanFolder(t, 1) }, func(d *desk) { d.copiedOnce(1) }, "ANTIN_TEST_COPIES=1")
	t.Logf("three copies, %s: killed at each, %d processes killed twice", out, twice)
	if points < 25 {
		t.Errorf("killed at %d writes only", points)
	}
}

// TestTwentyScans are of ten pages each: all are judged once, then certified, with
// one cancellation, in constant memory.
func TestTwentyScans(t *testing.T) {
	scans, pages := 20, make([]practice.ScanOptions, 10)
	if testing.Short() {
		t.Log("4 scans only because of -short")
		scans = 4
	}
	for i := range pages {
		pages[i] = practice.ScanOptions{DPI: 200, Lines: 6 + 2*i, Seed: uint64(i)}
	}
	pdf, err := practice.ScanPDF(pages...)
	if err != nil {
		t.Fatal(err)
	}
	d := scanFolder(t, scans)
	for i := range scans {
		d.put(fmt.Sprintf("quet-%03d.pdf", i+1), append(bytes.Clone(pdf), bytes.Repeat([]byte{'\n'}, i+1)...))
	}
	t.Setenv("TMPDIR", t.TempDir())
	_, out := d.run(0, "ANTIN_TEST_COPIES=1", "ANTIN_TEST_FIGURES=1")
	t.Logf("%.1f MB each: %s", float64(len(pdf))/1e6, out)
	d.copiedOnce(scans)
}
