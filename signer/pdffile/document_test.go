package pdffile_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/pdffile"
	"antin/signer/practice"
)

func TestDocumentCopiesPagesByteForByte(t *testing.T) {
	src, err := practice.ScanPDF(practice.ScanOptions{DPI: 72}, practice.ScanOptions{DPI: 72, Codec: practice.ScanICC})
	if err != nil {
		t.Fatal(err)
	}
	from, err := pdffile.Read(bytes.NewReader(src), int64(len(src)), pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	pages, err := from.Pages()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	d := pdffile.NewDocument(&out)
	tree, importer := d.Reserve(), d.Import(from)
	var kids pdffile.Array
	for _, p := range pages {
		content, err := importer.Copy(p.Dict["Contents"])
		if err != nil {
			t.Fatal(err)
		}
		resources, err := importer.Copy(p.Resources)
		if err != nil {
			t.Fatal(err)
		}
		kids = append(kids, d.Add(pdffile.Dict{"Type": pdffile.Name("Page"), "Parent": tree, "MediaBox": p.Crop.Array(), "Contents": content, "Resources": resources}))
	}
	d.Put(tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": kids, "Count": len(kids)})
	if err := d.Close(d.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": tree}), d.Add(pdffile.Dict{})); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.pdf")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if o := practice.QPDF(path, ""); !o.Accepts && !o.Missing {
		t.Error(o.Error())
	}
	to, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer to.Close()
	images := func(f *pdffile.File) (out [][]byte) {
		for _, n := range f.Numbers() {
			ref, _ := f.RefOf(n)
			o, _ := f.Load(ref)
			if s, ok := o.(*pdffile.Stream); ok && s.Dict["Subtype"] == pdffile.Name("Image") {
				b, err := f.Raw(s)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, b)
			}
		}
		return out
	}
	want, got := images(from), images(to)
	if len(got) != 2 || len(want) != 2 {
		t.Fatalf("%d pictures of %d", len(got), len(want))
	}
	for _, w := range want {
		if !bytes.Equal(w, got[0]) && !bytes.Equal(w, got[1]) {
			t.Error("a picture was changed")
		}
	}
}
