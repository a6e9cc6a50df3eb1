package pdffile_test

import (
	"slices"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// The newest section of an updated file lists the update's objects alone.
func TestNewest(t *testing.T) {
	for _, name := range []string{"xref-table", "xref-stream", "object-streams-many"} {
		before := shapes.Named(name).Data(t)
		old := open(t, before, "")
		u := old.NewUpdate()
		ref := u.Add(pdffile.Dict{"Type": pdffile.Name("Annot")})
		tail, err := u.Render()
		if err != nil {
			t.Fatal(err)
		}
		f := open(t, append(before, tail.Data...), "")
		l := f.Newest()
		want := []int{ref.Num}
		if l.Kind == pdffile.XRefStream {
			want = append(want, l.Self)
		}
		if !slices.Equal(l.Numbers, want) || len(l.Freed) > 0 || l.Prev != old.Newest().Start || l.Start < tail.Start || l.EOF != f.End() || l.End > l.EOF {
			t.Errorf("%s: %+v", name, l)
		}
		if f.Container(ref.Num) != 0 {
			t.Errorf("%s: the new object lies in an object stream", name)
		}
	}
	f := open(t, shapes.Named("object-streams-many").Data(t), "")
	held := slices.ContainsFunc(f.Numbers(), func(n int) bool { return f.Container(n) != 0 })
	if !held {
		t.Error("no object lies in an object stream")
	}
}
