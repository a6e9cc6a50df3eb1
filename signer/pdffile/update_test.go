package pdffile_test

import (
	"bytes"
	"regexp"
	"slices"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// appended is the file with one new revision that changes nothing but /Info.
func appended(t *testing.T, s shapes.Shape) []byte {
	t.Helper()
	data := s.Data(t)
	f := open(t, data, s.Password)
	u := f.NewUpdate()
	u.Add(pdffile.Dict{"Note": pdffile.TextString("thêm")})
	cat, ref := f.Catalog()
	u.Set(ref, cat)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(slices.Clone(data), tail.Data...)
}

// TestKindOfCrossReferenceIsKept: table after table, stream after stream, and a
// plain table after a hybrid.
func TestKindOfCrossReferenceIsKept(t *testing.T) {
	for name, want := range map[string]string{
		"xref-table":                        "xref",
		"xref-stream":                       "obj",
		"object-streams":                    "obj",
		"hybrid-reference":                  "xref",
		"hybrid-reference-one-section":      "xref",
		"linearized-by-qpdf":                "xref",
		"linearized-object-streams-by-qpdf": "obj",
		"line-ends-cr":                      "xref",
		"line-ends-cr-xref-stream":          "obj",
		"encrypted-aes-256-object-streams":  "obj",
	} {
		t.Run(name, func(t *testing.T) {
			s := shapes.Named(name)
			before := s.Data(t)
			old := open(t, before, s.Password)
			next := appended(t, s)
			f := open(t, next, s.Password)
			rs := f.Revisions()
			last := rs[len(rs)-1]
			if kind := next[last.StartXRef:][:4]; (want == "xref") != bytes.Equal(kind, []byte("xref")) {
				t.Errorf("the new section starts with %q, want a %s", kind, want)
			}
			if len(rs) != len(old.Revisions())+1 {
				t.Errorf("%d revisions after %d", len(rs), len(old.Revisions()))
			}
			if last.End != int64(len(next)) || f.End() != last.End {
				t.Errorf("the revision ends at %d of %d", last.End, len(next))
			}
		})
	}
}

// TestTableLines: every entry has exactly twenty bytes (ISO 32000-1, 7.5.4).
func TestTableLines(t *testing.T) {
	s := shapes.Named("xref-table")
	next := appended(t, s)
	table := next[bytes.LastIndex(next, []byte("\nxref\n"))+6 : bytes.LastIndex(next, []byte("trailer"))]
	entry := regexp.MustCompile(`^\d{10} \d{5} n\r\n`)
	head := regexp.MustCompile(`^\d+ \d+\n`)
	for len(table) > 0 {
		m := head.Find(table)
		if m == nil {
			m = entry.Find(table)
			if len(m) != 20 {
				t.Fatalf("entry %q", table[:min(25, len(table))])
			}
		}
		table = table[len(m):]
	}
}

// TestNumbersAreNeverReused: new objects get numbers above every /Size and
// every number of any section.
func TestNumbersAreNeverReused(t *testing.T) {
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			f := open(t, s.Data(t), s.Password)
			ref := f.NewUpdate().Add(nil)
			size, _ := f.Int(f.Trailer()["Size"])
			ns := f.Numbers()
			if ref.Num < size || ref.Num <= ns[len(ns)-1] {
				t.Errorf("number %d, /Size %d, highest %d", ref.Num, size, ns[len(ns)-1])
			}
		})
	}
}

// TestEarlierState: At gives back exactly what a revision was.
func TestEarlierState(t *testing.T) {
	s := shapes.Named("form-indirect")
	data := s.Data(t)
	f := open(t, appended(t, s), "")
	old, err := f.At(f.Revisions()[0].End)
	if err != nil {
		t.Fatal(err)
	}
	if old.Size() != int64(len(data)) {
		t.Errorf("the first revision has %d bytes, want %d", old.Size(), len(data))
	}
	if _, err := f.At(old.Size() - 30); err == nil {
		t.Error("a cut in the middle of an update opened")
	}
}

// TestFieldLock: naming a parent covers its children; unknown actions cover all.
func TestFieldLock(t *testing.T) {
	for _, c := range []struct {
		lock  pdffile.FieldLock
		field string
		want  bool
	}{
		{pdffile.FieldLock{Action: "All"}, "a", true},
		{pdffile.FieldLock{Action: "Include", Fields: []string{"a"}}, "a", true},
		{pdffile.FieldLock{Action: "Include", Fields: []string{"a"}}, "a.b", true},
		{pdffile.FieldLock{Action: "Include", Fields: []string{"a"}}, "ab", false},
		{pdffile.FieldLock{Action: "Exclude", Fields: []string{"a"}}, "a.b", false},
		{pdffile.FieldLock{Action: "Exclude", Fields: []string{"a"}}, "b", true},
		{pdffile.FieldLock{Action: "Sometimes"}, "b", true},
	} {
		if got := c.lock.Covers(c.field); got != c.want {
			t.Errorf("%+v covers %q: %v", c.lock, c.field, got)
		}
	}
	if (*pdffile.FieldLock)(nil).Covers("a") {
		t.Error("no lock covers a field")
	}
}
