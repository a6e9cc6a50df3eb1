package reader

import (
	"bytes"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"

	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
)

// scan writes a scanned document: colour at 200 dpi, JPEG. A few pictures are
// enough: each page has its own copy.
func scan(t testing.TB, pages int) string {
	t.Helper()
	var pictures [][]byte
	w, h := 0, 0
	for seed := range uint64(min(pages, 5)) {
		img, err := practice.ScanPicture(practice.ScanOptions{DPI: 200, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 80}); err != nil {
			t.Fatal(err)
		}
		w, h = img.Bounds().Dx(), img.Bounds().Dy()
		pictures = append(pictures, b.Bytes())
	}
	b := shapes.NewBuilder("1.7")
	tree := b.Reserve()
	kids := ""
	for i := range pages {
		picture := b.Add("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length %d>>\nstream\n%s\nendstream",
			w, h, len(pictures[i%len(pictures)]), pictures[i%len(pictures)])
		const draw = "q 595.28 0 0 841.89 0 0 cm /Im Do Q"
		content := b.Add("<</Length %d>>\nstream\n%s\nendstream", len(draw), draw)
		page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595.28 841.89]/Contents %v/Resources<</XObject<</Im %v>>>>>>", tree, content, picture)
		kids += page.String() + " "
	}
	b.Set(tree, "<</Type/Pages/Kids[%s]/Count %d>>", kids, pages)
	b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
	path := filepath.Join(t.TempDir(), "quet.pdf")
	if err := os.WriteFile(path, b.Table(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
