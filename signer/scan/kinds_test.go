package scan_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"antin/assets"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/scan"
)

func checkedFile(t *testing.T, pdf []byte, o scan.Options) *scan.Report {
	t.Helper()
	r, err := scan.CheckFile(t.Context(), file(t, "x.pdf", pdf), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestElectronicDocumentIsToldFromAScan(t *testing.T) {
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for form, want := range map[scan.Form]scan.Verdict{scan.SaoY: scan.Fail, scan.SaoLuc: scan.Fail, scan.TrichSao: scan.Pass} {
		r := checkedFile(t, pdf, scan.Options{Form: form})
		if !r.Electronic() || r.Verdict != want || r.Pages[0].Source != scan.FromComputer {
			t.Errorf("%s: %s, electronic %v, findings %v", form, r.Verdict, r.Electronic(), kinds(r))
		}
		for _, f := range r.All() {
			if f.Kind != scan.Electronic || f.Article == "" {
				t.Errorf("%s: %+v", form, f)
			}
		}
	}
	if r := checked(t, scan.Options{}, practice.ScanOptions{DPI: 200}); r.Electronic() {
		t.Error("a scan is called electronic")
	}
}

// changed is a PDF with an update to its first page or its form.
func changed(t *testing.T, pdf []byte, change func(f *pdffile.File, p pdffile.Page, u *pdffile.Update)) []byte {
	t.Helper()
	path := file(t, "x.pdf", pdf)
	f, err := pdffile.Open(path, pdffile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := f.Page(1)
	if err != nil {
		t.Fatal(err)
	}
	u := f.NewUpdate()
	change(f, p, u)
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	return append(slices.Clone(pdf), tail.Data...)
}

func TestSignedDocumentIsNoScan(t *testing.T) {
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	signed := changed(t, pdf, func(_ *pdffile.File, p pdffile.Page, u *pdffile.Update) {
		field := u.Add(pdffile.Dict{
			"Type": pdffile.Name("Annot"), "Subtype": pdffile.Name("Widget"), "FT": pdffile.Name("Sig"), "T": pdffile.String("A"), "Rect": pdffile.Array{0, 0, 0, 0},
			"V": u.Add(pdffile.Dict{"Type": pdffile.Name("Sig"), "Contents": pdffile.String("x"), "ByteRange": pdffile.Array{0, 1, 2, 3}}),
		})
		if err := errors.Join(u.AddAnnotation(p, field), u.SetForm(pdffile.Dict{"SigFlags": 3}, field)); err != nil {
			t.Fatal(err)
		}
	})
	r := checkedFile(t, signed, scan.Options{})
	if got := kinds(r); r.Verdict != scan.Fail || r.Signatures != 1 || !slices.Contains(got, scan.Signed) || !r.Electronic() {
		t.Errorf("verdict %s, %d signatures, findings %v", r.Verdict, r.Signatures, got)
	}
	if _, err := scan.Leaves(t.Context(), scan.File{Path: file(t, "ky.pdf", signed)}); !errors.Is(err, scan.ErrInputSigned) {
		t.Errorf("taken apart: %v", err)
	}
}

func TestTextAddedToAScanIsShown(t *testing.T) {
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	added := func(mode int) []byte {
		return changed(t, pdf, func(f *pdffile.File, p pdffile.Page, u *pdffile.Update) {
			d := p.Dict.Clone()
			text := u.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: fmt.Appendf(nil, "BT %d Tr /F 12 Tf 100 500 Td (So tien: 9.000.000) Tj ET", mode)})
			d["Contents"] = pdffile.Array{d["Contents"], text}
			res := f.Dict(d["Resources"]).Clone()
			res["Font"] = pdffile.Dict{"F": pdffile.Dict{"Type": pdffile.Name("Font"), "Subtype": pdffile.Name("Type1"), "BaseFont": pdffile.Name("Helvetica")}}
			d["Resources"] = res
			u.Set(p.Ref, d)
		})
	}
	if r := checkedFile(t, added(0), scan.Options{}); !slices.Equal(kinds(r), []scan.Kind{scan.Overlay}) || r.Verdict != scan.Look {
		t.Errorf("visible text: %s, %v", r.Verdict, kinds(r))
	}
	if r := checkedFile(t, added(3), scan.Options{}); r.Verdict != scan.Pass || !r.Pages[0].Text {
		t.Errorf("a layer of text: %s, %v", r.Verdict, r.All())
	}
}

func TestMixedDocument(t *testing.T) {
	good := practice.ScanOptions{DPI: 200, Seed: 1}
	again := practice.ScanOptions{DPI: 240, Seed: 1, Skew: 0.4}
	r := checked(t, scan.Options{}, good, practice.ScanOptions{DPI: 150, Seed: 2}, practice.ScanOptions{DPI: 200, Blank: true},
		practice.ScanOptions{DPI: 200, Color: practice.ScanGray, Seed: 3}, again, practice.ScanOptions{DPI: 200, Seed: 4})
	var got []string
	for _, p := range r.Pages {
		s := string(p.Verdict)
		for _, f := range p.Findings {
			s += " " + string(f.Kind)
		}
		got = append(got, s)
	}
	want := []string{"pass", "fail low-dpi", "look blank", "fail gray", "look duplicate", "pass"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if r.Pages[4].SameAs != 1 || r.Count(scan.Pass) != 2 || r.Verdict != scan.Fail {
		t.Errorf("page 5 is as page %d; %d pass; %s", r.Pages[4].SameAs, r.Count(scan.Pass), r.Verdict)
	}
}

func TestArchiveProfile(t *testing.T) {
	archive := scan.Options{Profile: assets.ProfileNamed(assets.ProfileArchive)}
	r := checked(t, archive, practice.ScanOptions{DPI: 200})
	if got := kinds(r); r.Verdict != scan.Look || !slices.Equal(got, []scan.Kind{scan.NoPDFA, scan.NoTextLayer}) {
		t.Errorf("200 dpi: %s, %v", r.Verdict, got)
	}
	archive.Drawings = true
	if got := kinds(checked(t, archive, practice.ScanOptions{DPI: 200})); !slices.Contains(got, scan.LowDPI) {
		t.Errorf("a drawing at 200 dpi: %v", got)
	}
	archive.Drawings = false
	if got := kinds(checked(t, archive, practice.ScanOptions{DPI: 200, Codec: practice.ScanIndexed})); !slices.Contains(got, scan.FewBits) {
		t.Errorf("216 colours: %v", got)
	}
}

func TestOldVersion(t *testing.T) {
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	copy(pdf, "%PDF-1.3")
	r := checkedFile(t, pdf, scan.Options{})
	if got := kinds(r); r.Verdict != scan.Fail || !slices.Equal(got, []scan.Kind{scan.OldVersion}) || r.Findings[0].Text != "1.3" || r.Findings[0].LimitText != "1.4" {
		t.Errorf("%s, %+v", r.Verdict, r.All())
	}
}

// A page with a picture that cannot be what it says fails, and costs no more
// than itself.
func TestHostilePicturesFail(t *testing.T) {
	pdf, err := practice.ScanPDF(practice.ScanOptions{DPI: 72}, practice.ScanOptions{DPI: 200})
	if err != nil {
		t.Fatal(err)
	}
	for name, dict := range map[string]pdffile.Dict{
		"2^30 dots wide":  {"Width": 1 << 30, "Height": 1 << 30},
		"no size":         {"Width": 0, "Height": 0},
		"negative":        {"Width": -5, "Height": 100},
		"lies about size": {"Width": 4000, "Height": 5657},
	} {
		t.Run(name, func(t *testing.T) {
			bad := changed(t, pdf, func(f *pdffile.File, p pdffile.Page, u *pdffile.Update) {
				for _, o := range f.Dict(f.Dict(p.Resources)["XObject"]) {
					s, err := f.Resolve(o)
					if err != nil {
						t.Fatal(err)
					}
					raw, err := f.Raw(s.(*pdffile.Stream))
					if err != nil {
						t.Fatal(err)
					}
					d := s.(*pdffile.Stream).Dict.Clone()
					for k, v := range dict {
						d[k] = v
					}
					u.Set(o.(pdffile.Ref), &pdffile.Stream{Dict: d, Data: raw})
				}
			})
			r := checkedFile(t, bad, scan.Options{})
			if r.Pages[0].Verdict != scan.Fail || r.Pages[1].Verdict != scan.Pass {
				t.Errorf("page 1 %s %v, page 2 %s", r.Pages[0].Verdict, r.Pages[0].Findings, r.Pages[1].Verdict)
			}
		})
	}
	t.Run("page of no size", func(t *testing.T) {
		bad := changed(t, pdf, func(_ *pdffile.File, p pdffile.Page, u *pdffile.Update) {
			d := p.Dict.Clone()
			d["MediaBox"] = pdffile.Array{0, 0, 0, 0}
			u.Set(p.Ref, d)
		})
		if r := checkedFile(t, bad, scan.Options{}); r.Pages[0].Verdict != scan.Fail {
			t.Errorf("%s: %v", r.Pages[0].Verdict, r.Pages[0].Findings)
		}
	})
	t.Run("page of 200 m", func(t *testing.T) {
		bad := changed(t, pdf, func(_ *pdffile.File, p pdffile.Page, u *pdffile.Update) {
			d := p.Dict.Clone()
			d["MediaBox"] = pdffile.Array{0, 0, 500000, 500000}
			u.Set(p.Ref, d)
		})
		_, err := scan.CheckFile(t.Context(), file(t, "x.pdf", bad), scan.Options{})
		if !errors.Is(err, pdffile.ErrLimit) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no PDF", func(t *testing.T) {
		if _, err := scan.CheckFile(t.Context(), file(t, "x.pdf", []byte("Kính gửi")), scan.Options{}); !errors.Is(err, pdffile.ErrNotPDF) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no file", func(t *testing.T) {
		if _, err := scan.CheckFile(t.Context(), filepath.Join(t.TempDir(), "x.pdf"), scan.Options{}); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("got %v", err)
		}
	})
}
