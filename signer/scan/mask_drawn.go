package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"antin/signer/pdffile"
	"antin/signer/tempfile"
)

// drawMasks is the ink of the masks of pictures on a page of w × h mm. They are
// put on a page of their own, black on white, in a temporary file that holds
// nothing else.
func (c *check) drawMasks(ctx context.Context, all []placed, w, h float64) (_ grid, err error) {
	pdf, err := c.maskPage(all, w, h)
	if err != nil {
		return grid{}, err
	}
	f, err := tempfile.New(tempPattern)
	if err != nil {
		return grid{}, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(pdf); err != nil {
		return grid{}, err
	}
	if _, err := c.masks.Open(ctx, f.Path()); err != nil {
		return grid{}, err
	}
	s := new(sight)
	if err := s.draw(ctx, &c.masks, 1); err != nil {
		return grid{}, err
	}
	return s.view(w).ink, nil
}

// maskPage is a document of that page.
func (c *check) maskPage(all []placed, w, h float64) ([]byte, error) {
	var out, content bytes.Buffer
	d := pdffile.NewDocument(&out)
	from, named := d.Import(c.file), pdffile.Dict{}
	const pt = 72 / mmPerInch
	for i, p := range all {
		m := p.cover()
		data, err := c.file.Raw(m.stream)
		if err != nil {
			return nil, err
		}
		dict := m.stream.Dict.Clone()
		if !m.stencil { // a soft mask is opaque where it is light (11.6.5.3): as ink that is dark
			decode := pdffile.Array{1, 0}
			if a := c.file.Array(dict["Decode"]); len(a) == 2 {
				decode = pdffile.Array{a[1], a[0]}
			}
			dict["Decode"], dict["ColorSpace"], dict["Matte"] = decode, pdffile.Name("DeviceGray"), nil
		}
		own, err := from.Copy(dict)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("M%d", i)
		named[pdffile.Name(name)] = d.Add(&pdffile.Stream{Dict: own.(pdffile.Dict), Data: data})
		x := p.image.Matrix // to mm, y downwards
		fmt.Fprintf(&content, "q %.4f %.4f %.4f %.4f %.4f %.4f cm /%s Do Q\n", x[0]*pt, -x[1]*pt, x[2]*pt, -x[3]*pt, x[4]*pt, (h-x[5])*pt, name)
	}
	tree := d.Reserve()
	page := d.Add(pdffile.Dict{
		"Type": pdffile.Name("Page"), "Parent": tree, "MediaBox": pdffile.Rect{X1: w * pt, Y1: h * pt}.Array(),
		"Contents":  d.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: content.Bytes()}),
		"Resources": pdffile.Dict{"XObject": named},
	})
	d.Put(tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{page}, "Count": 1})
	err := d.Close(d.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": tree}), d.Add(pdffile.Dict{}))
	return out.Bytes(), err
}
