package verify_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/verify"
)

// opened writes pdf to a file and judges that.
func opened(t testing.TB, pdf []byte) (*verify.Report, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	return verify.Open(context.Background(), path, pdffile.Options{}, verify.Options{Store: theOffice(t).store})
}

// A file that no parser likes still has its signatures listed.
func TestOpenDamaged(t *testing.T) {
	one := base(t, 0)
	two := sign(t, one, pades.Request{Key: theOffice(t).clerk})
	xref := bytes.LastIndex(two, []byte("\nxref\n"))
	for _, c := range []struct {
		name       string
		pdf        []byte
		signatures int
		last       error // of the last signature; nil = its bytes are right
	}{
		{"sound", two, 2, nil},
		{"bytes behind the end", append(bytes.Clone(two), "hello"...), 2, nil},
		{"cut off in the last revision", two[:len(two)-40], 2, verify.ErrUnreadable},
		{"last cross-reference overwritten", bytes.Replace(two, two[xref:xref+9], []byte("\nxxxx\n0 0"), 1), 2, verify.ErrUnreadable},
		{"every cross-reference overwritten", bytes.ReplaceAll(two, []byte("xref\n"), []byte("xxxx\n")), 2, verify.ErrUnreadable},
		{"junk before the header", append([]byte("junk\n"), two...), 2, verify.ErrUnreadable},
		{"no cross-reference at all", one[:len(one)-200], 1, verify.ErrUnreadable},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := opened(t, c.pdf)
			if err != nil {
				t.Fatal(err)
			}
			want := verify.Invalid
			if c.name == "sound" {
				want = verify.Valid
			}
			if r.Verdict() != want || len(r.Signatures) != c.signatures {
				t.Fatal(describe(r))
			}
			if s := r.Signatures[c.signatures-1]; !errors.Is(s.Crypto, c.last) {
				t.Error(describe(r))
			}
		})
	}
}

// What cannot be judged and holds no signature is an error.
func TestOpenErrors(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name string
		pdf  []byte
		want error
	}{
		{"no PDF", []byte("hello /ByteRange [0 1 2 3]"), pdffile.ErrNotPDF},
		{"empty", nil, pdffile.ErrNotPDF},
		{"nothing to read", []byte("%PDF-1.7\nhello\n%%EOF\n"), pdffile.ErrTruncated},
	} {
		if r, err := opened(t, c.pdf); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, %v", c.name, r, err)
		}
	}
	if _, err := verify.Open(ctx, filepath.Join(t.TempDir(), "nowhere.pdf"), pdffile.Options{}, verify.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if _, err := verify.Open(ctx, t.TempDir(), pdffile.Options{}, verify.Options{}); !errors.Is(err, pdffile.ErrNotPDF) {
		t.Errorf("a folder: %v", err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	pdf := append(base(t, 0), "rác"...)
	if _, err := verify.Damaged(ended, bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{}, verify.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("context ended: %v", err)
	}
	if _, err := verify.Damaged(ctx, failing{}, 1<<20, pdffile.Options{}, verify.Options{}); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("source fails: %v", err)
	}
}

type failing struct{}

func (failing) ReadAt([]byte, int64) (int, error) { return 0, io.ErrUnexpectedEOF }

// Extract gives the document as each signature covered it.
func TestExtract(t *testing.T) {
	one := sign(t, withFields(), pades.Request{Key: theOffice(t).leader})
	two := sign(t, one, pades.Request{Key: theOffice(t).clerk})
	changed := fill(t, two, "So")
	for name, pdf := range map[string][]byte{"changed": changed, "damaged": append(bytes.Clone(changed), "rác"...)} {
		r, err := opened(t, pdf)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range [][]byte{one, two} {
			src, err := r.Extract(bytes.NewReader(pdf), i+1)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(src)
			if err != nil || !bytes.Equal(got, want) || src.Size() != int64(len(want)) {
				t.Errorf("%s, %d: %d bytes, want %d, %v", name, i+1, len(got), len(want), err)
			}
			if again, err := opened(t, got); err != nil || again.Verdict() != verify.Valid || !again.Signatures[i].CoversFile {
				t.Errorf("%s, %d: %v", name, i+1, err)
			}
		}
	}
	r, err := opened(t, two[:len(two)-40])
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, -1, 2, 3} {
		if _, err := r.Extract(bytes.NewReader(two), n); !errors.Is(err, verify.ErrNoRevision) {
			t.Errorf("signature %d: %v", n, err)
		}
	}
}
