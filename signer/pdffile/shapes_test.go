package pdffile_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

func read(data []byte, password string) (*pdffile.File, error) {
	return pdffile.Read(bytes.NewReader(data), int64(len(data)), pdffile.Options{Password: password})
}

func open(t testing.TB, data []byte, password string) *pdffile.File {
	t.Helper()
	f, err := read(data, password)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// walk reads everything that signing needs.
func walk(f *pdffile.File) error {
	if err := f.Check(); err != nil {
		return err
	}
	if _, err := f.Pages(); err != nil {
		return err
	}
	if _, err := f.Fields(); err != nil {
		return err
	}
	_, err := f.Signatures()
	return err
}

// TestShapesAreReadAsTheyAre holds what the reader finds against what each file
// is known to hold.
func TestShapesAreReadAsTheyAre(t *testing.T) {
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			f := open(t, s.Data(t), s.Password)
			if err := walk(f); err != nil {
				t.Fatal(err)
			}
			ps, _ := f.Pages()
			if len(ps) != s.Pages {
				t.Errorf("%d pages, want %d", len(ps), s.Pages)
			}
			if w, h := ps[0].Size(); math.Abs(w-s.Width) > 0.1 || math.Abs(h-s.Height) > 0.1 || ps[0].Rotate != s.Rotate {
				t.Errorf("page 1 is %.1f × %.1f mm turned by %d, want %.1f × %.1f by %d", w, h, ps[0].Rotate, s.Width, s.Height, s.Rotate)
			}
			if f.Version() != s.Version {
				t.Errorf("version %s, want %s", f.Version(), s.Version)
			}
			var names, empty []string
			fs, _ := f.Fields()
			for _, fl := range fs {
				names = append(names, fl.Name)
				if fl.Type == "Sig" && fl.Value == nil {
					empty = append(empty, fl.Name)
				}
			}
			if !slices.Equal(names, s.Fields) || !slices.Equal(empty, s.Empty) {
				t.Errorf("fields %q, empty signatures %q; want %q, %q", names, empty, s.Fields, s.Empty)
			}
		})
	}
}

// TestDamageIsAnError: what is damaged is refused with a typed error, never
// repaired in silence.
func TestDamageIsAnError(t *testing.T) {
	typed := []error{pdffile.ErrNotPDF, pdffile.ErrTruncated, pdffile.ErrDamaged, pdffile.ErrTrailing, pdffile.ErrLimit, pdffile.ErrPassword, pdffile.ErrEncryption}
	for _, s := range shapes.All() {
		if !s.Damaged || s.Expect == shapes.Signs {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			f, err := read(s.Data(t), s.Password)
			if err == nil {
				err = walk(f)
			}
			if !slices.ContainsFunc(typed, func(e error) bool { return errors.Is(err, e) }) {
				t.Errorf("%s: got %v, want a typed error", s.Reason, err)
			}
		})
	}
}

// FuzzRead: no bytes make the reader panic, hang or take memory without bound.
func FuzzRead(f *testing.F) {
	for _, s := range shapes.All() {
		if s.Encryption == "" && s.Pages < 100 {
			if data := s.Data(f); len(data) < 64<<10 {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 256<<10 {
			return
		}
		file, err := pdffile.Read(bytes.NewReader(data), int64(len(data)), pdffile.Options{
			Limits: pdffile.Limits{Objects: 1 << 16, Stream: 1 << 20, ObjectMem: 4 << 20, Pages: 5000, Fields: 5000},
		})
		if err != nil {
			return
		}
		if walk(file) != nil {
			return
		}
		u := file.NewUpdate()
		ps, _ := file.Pages()
		ref := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot")})
		if u.AddAnnotation(ps[0], ref) != nil || u.SetForm(pdffile.Dict{"SigFlags": 3}, ref) != nil {
			return
		}
		tail, err := u.Render()
		if err != nil {
			return
		}
		next := append(slices.Clone(data), tail.Data...)
		again, err := read(next, "")
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if err := walk(again); err != nil {
			t.Fatalf("what was written is damaged: %v", err)
		}
	})
}
