package shapes

import "bytes"

// revisionShapes are files with incremental updates.
func revisionShapes() []Shape {
	return []Shape{
		{Name: "revisions-table", build: file(func() []byte { return revised((*Builder).Table) }), Pages: 2},
		{Name: "revisions-stream", build: file(func() []byte { return revised((*Builder).XRefStream) }), Pages: 2},
		{Name: "revisions-object-streams", build: file(func() []byte {
			return revised(func(b *Builder) []byte { return b.ObjectStreams() })
		}), Pages: 2},
		{Name: "revision-of-hybrid", Version: "1.5", build: file(revisedHybrid), Pages: 2, Fields: []string{"ho_ten"}},
		{Name: "revision-of-linearized-by-qpdf", build: func() ([]byte, error) {
			data, err := byQPDF(func() []byte { return NewDocument("1.7", 5).Finish().Table() }, "--deterministic-id", "--linearize")()
			if err != nil {
				return nil, err
			}
			b := Revise(data)
			b.Add("(added)")
			return b.Table(), nil
		}, Pages: 5},
		{
			Name: "revision-stream-over-table", Reason: "a cross-reference stream whose /Prev is a table, as some programs write",
			build: file(func() []byte {
				b := Revise(NewDocument("1.7", 1).Finish().Table())
				b.Add("(added)")
				return b.XRefStream()
			}),
		},
		{Name: "revision-after-nul-bytes", build: file(func() []byte {
			b := Revise(append(NewDocument("1.7", 1).Finish().Table(), make([]byte, 40)...))
			b.Add("(added)")
			return b.Table()
		})},
		{Name: "revision-empty", build: file(func() []byte { return Revise(NewDocument("1.7", 1).Finish().Table()).Table() })},
		{Name: "generations", Reason: "the page is object 4 of generation 1: the number was freed and used again", build: file(generations)},
		{Name: "catalog-generation-3", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Root.Gen = 3
			return d.Finish().Table()
		})},
		{Name: "catalog-replaced", Reason: "the last revision names another catalog", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			b := Revise(d.Finish().Table())
			b.Root = b.Add("<</Type/Catalog/Pages %v/PageMode/UseNone>>", d.Tree)
			return b.Table()
		})},
	}
}

// revised is a file of one page to which two later revisions add a page and
// take away an object.
func revised(write func(*Builder) []byte) []byte {
	d := NewDocument("1.7", 1)
	useless := d.AddStream([]byte("not used by anything"), "")
	first := write(d.Finish())

	b := Revise(first)
	page := b.Add("<</Type/Page/Parent %v/MediaBox%s>>", d.Tree, array(A4))
	b.Set(d.Tree, "<</Type/Pages%s/Kids[%v %v]/Count 2>>", d.Shared, d.Pages[0].Ref, page)
	second := write(b)

	b = Revise(second)
	b.Free(Ref{useless.Num, 1})
	b.Set(d.Root, "<</Type/Catalog/Pages %v/PageLayout/SinglePage>>", d.Tree)
	return write(b)
}

// revisedHybrid updates a hybrid-reference file with a table, as 7.5.8.4 wants.
func revisedHybrid() []byte {
	b := Revise(hybrid((*Builder).Hybrid))
	b.Add("(added)")
	return b.Table()
}

func generations() []byte {
	d := NewDocument("1.7", 1)
	old := d.Pages[0]
	first := d.Finish().Table()
	b := Revise(first)
	b.Free(Ref{old.Ref.Num, 1})
	b.Set(d.Tree, "<</Type/Pages%s/Kids[]/Count 0>>", d.Shared)
	second := b.Table()
	b = Revise(second)
	again := Ref{old.Ref.Num, 1}
	old.Ref = again
	b.Set(again, "%s", old.dict(d.Tree))
	b.Set(d.Tree, "<</Type/Pages%s/Kids[%v]/Count 1>>", d.Shared, again)
	return b.Table()
}

// Revisions returns the lengths of the revisions of a file that this package
// wrote: each ends with %%EOF and its line end.
func Revisions(file []byte) []int64 {
	const marker = "%%EOF"
	var ends []int64
	for at := 0; ; {
		i := bytes.Index(file[at:], []byte(marker))
		if i < 0 {
			return ends
		}
		at += i + len(marker)
		for at < len(file) && (file[at] == '\r' || file[at] == '\n') {
			at++
		}
		ends = append(ends, int64(at))
	}
}
