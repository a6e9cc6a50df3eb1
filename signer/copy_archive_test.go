package signer_test

import (
	"context"
	"encoding/xml"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"antin/assets"
	"antin/signer"
	"antin/signer/ocr"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/practice/machine"
	"antin/signer/verify"
)

// TestArchiveCopy: the copy of a digitised record is PDF/A-2b with a layer of
// text, as far as its clauses can be checked by reading the file.
func TestArchiveCopy(t *testing.T) {
	if _, err := ocr.Find(t.Context()); err != nil {
		machine.Lacks(t, "no layer of text without: ", err)
	}
	d := newDesk(t)
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200, Lines: 8})
	if err != nil {
		t.Fatal(err)
	}
	job := d.copying(d.put("quet.pdf", pdf), "")
	job.WithoutText = false
	plan, err := signer.PlanCopy(context.Background(), job, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := d.copy(job)
	if len(r.Notes) > 0 {
		t.Errorf("notes %v", r.Notes)
	}
	d.checkCopy(r, plan, job, "000.00.16.H05.2026.12.7.pdf", 1, []string{agency, "2026-11-22T16:47:03+07:00"})
	conforms(t, opened(t, r.Output))
	if err := practice.Preflight(r.Output).Error(); err != nil {
		t.Error(err)
	}
	if practice.Preflight(job.Source).Accepts {
		t.Error("the judge of PDF/A accepts the scan too: it judges nothing")
	}
	text, err := exec.Command("pdftotext", r.Output, "-").Output()
	for _, want := range []string{"CỘNG HÒA XÃ HỘI", "QUYẾT ĐỊNH", "BÌNH MINH"} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%q is not found in the layer of text: %v\n%s", want, err, text)
		}
	}
	was, now := part(t, job.Source, 100, pdffile.Box{Y: 20, W: 210, H: 270}), part(t, r.Output, 100, pdffile.Box{Y: 20, W: 210, H: 270})
	if string(was.Pix) != string(now.Pix) {
		t.Error("the page looks different below the block")
	}
}

// conforms checks the clauses of ISO 19005-2 that a reader of the file can:
// header and identifier, metadata, colour, fonts, transparency, annotations, and
// that nothing forbidden is there.
func conforms(t *testing.T, f *pdffile.File) {
	t.Helper()
	head := make([]byte, 15)
	if _, err := f.Source().ReadAt(head, 0); err != nil || string(head[:9]) != "%PDF-1.7\n" || head[9] != '%' || min(head[10], head[11], head[12], head[13]) < 128 {
		t.Errorf("header %q (6.1.2): %v", head, err)
	}
	trailer := f.Trailer()
	if len(f.Array(trailer["ID"])) != 2 || trailer["Encrypt"] != nil {
		t.Error("no identifier, or encrypted (6.1.3)")
	}
	if c := f.PDFA(); c.Part != 2 || c.Level != "B" || !c.OutputIntentRGB {
		t.Errorf("claims %+v (6.2.3, 6.6.4)", c)
	}
	catalog, _ := f.Catalog()
	for _, key := range []pdffile.Name{"OpenAction", "AA", "Names", "OCProperties", "Requirements"} {
		if catalog[key] != nil {
			t.Errorf("the catalog has /%s", key)
		}
	}
	form, _ := f.AcroForm()
	if need, _ := f.Resolve(form["NeedAppearances"]); need == true || form["XFA"] != nil {
		t.Error("the form needs appearances or is XFA (6.4.1, 6.4.2)")
	}
	meta, _ := f.Resolve(catalog["Metadata"])
	stream, ok := meta.(*pdffile.Stream)
	if !ok || stream.Dict["Filter"] != nil {
		t.Fatal("metadata missing or compressed (6.6.2.1)")
	}
	var xmp struct {
		Created  string `xml:"RDF>Description>CreateDate"`
		Producer string `xml:"RDF>Description>Producer"`
		Title    string `xml:"RDF>Description>title>Alt>li"`
	}
	packet, err := f.Decode(stream)
	if err == nil {
		err = xml.Unmarshal(packet, &xmp)
	}
	info := f.Dict(trailer["Info"])
	if err != nil || xmp.Title != f.Text(info["Title"]) || xmp.Producer != f.Text(info["Producer"]) || xmp.Created != "2026-11-22T16:47:03+07:00" || f.Text(info["CreationDate"]) != "D:20261122164703+07'00'" {
		t.Errorf("metadata do not say what the information says (6.6.3): %v, %+v, %v", err, xmp, info)
	}
	for _, n := range f.Numbers() {
		ref, _ := f.RefOf(n)
		d := f.Dict(ref)
		switch d["Subtype"] {
		case pdffile.Name("CIDFontType2"):
			if f.Dict(d["FontDescriptor"])["FontFile2"] == nil || d["CIDToGIDMap"] == nil {
				t.Errorf("object %d: a font that is not embedded (6.2.11)", n)
			}
		case pdffile.Name("Type1"), pdffile.Name("TrueType"), pdffile.Name("PS"), pdffile.Name("Movie"), pdffile.Name("JavaScript"):
			t.Errorf("object %d is a %s", n, d["Subtype"])
		case pdffile.Name("Widget"):
			if flags, _ := f.Int(d["F"]); flags&4 == 0 || flags&(1|2|32) != 0 || d["A"] != nil || f.Dict(d["AP"])["N"] == nil {
				t.Errorf("object %d: flags %d (6.3.2, 6.3.3)", n, flags)
			}
		}
		for _, filter := range append(f.Array(d["Filter"]), d["Filter"]) {
			if filter == pdffile.Name("LZWDecode") {
				t.Errorf("object %d is LZW (6.1.7.2)", n)
			}
		}
		for _, key := range []pdffile.Name{"SMask", "ca", "CA", "BM", "JS", "TR", "Interpolate", "Alternates", "OPI"} {
			if d[key] != nil {
				t.Errorf("object %d has /%s", n, key)
			}
		}
	}
}

// TestArchiveCopyWithoutTesseract is refused unless a person accepts it.
func TestArchiveCopyWithoutTesseract(t *testing.T) {
	d := newDesk(t)
	job := d.scanned("")
	t.Setenv("PATH", t.TempDir())
	job.WithoutText = false
	before := len(d.left())
	if _, err := signer.Copy(context.Background(), job, nil); !errors.Is(err, ocr.ErrMissing) || len(d.left()) != before {
		t.Errorf("got %v, left %q", err, d.left())
	}
	job.WithoutText = true
	r := d.copy(job)
	if verdict(t, d, r.Output).Verdict() != verify.Valid || len(r.Notes) != 1 || r.Notes[0] != signer.NoteNoTextLayer {
		t.Errorf("%v", r.Notes)
	}
	conforms(t, opened(t, r.Output))
}

// TestArchiveCopyRefusesCMYK: what cannot be PDF/A is not called so.
func TestArchiveCopyRefusesCMYK(t *testing.T) {
	d := newDesk(t)
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200, Lines: 8, Codec: practice.ScanCMYK})
	if err != nil {
		t.Fatal(err)
	}
	job := d.copying(d.put("cmyk.pdf", pdf), "")
	job.Profile = assets.ProfileNamed(assets.ProfileArchive)
	if _, err := signer.Copy(context.Background(), job, nil); !errors.Is(err, pdffile.ErrNotPDFA) {
		t.Errorf("got %v", err)
	}
}
