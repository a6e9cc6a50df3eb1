package shapes_test

import (
	"fmt"

	"antin/signer/pdffile/shapes"
)

func ExampleBuilder() {
	b := shapes.NewBuilder("1.7")
	tree := b.Reserve()
	page := b.Add("<</Type/Page/Parent %v/MediaBox[0 0 595 842]>>", tree)
	b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
	b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
	file := b.Table()

	// A later revision turns the page.
	u := shapes.Revise(file)
	u.Set(page, "<</Type/Page/Parent %v/MediaBox[0 0 595 842]/Rotate 90>>", tree)
	file = u.Table()

	fmt.Println(len(shapes.Revisions(file)), "revisions, the page is", page)
	// Output: 2 revisions, the page is 2 0 R
}
