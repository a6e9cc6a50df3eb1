package scan

import (
	"fmt"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// jpegInput is a JPEG, which goes into the document byte for byte.
type jpegInput struct {
	leaf  Leaf
	data  []byte
	facts appearance.Facts
}

func openJPEG(s File, data []byte) (input, error) {
	facts, err := appearance.JPEGFacts(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInputKind, err)
	}
	if err := takeable(facts); err != nil {
		return nil, err
	}
	leaf, err := sized(Leaf{File: s, Page: 1, Format: JPEG, Lossless: true}, facts.Width, facts.Height, facts.DPIX, facts.DPIY, facts.Orientation)
	return &jpegInput{leaf, data, facts}, err
}

// takeable tells whether readers of PDF read such a JPEG (ISO 32000-1, 7.4.8).
func takeable(f appearance.Facts) error {
	switch {
	case f.Depth != 8, f.Components != 1 && f.Components != 3 && f.Components != 4:
		return fmt.Errorf("%w: a JPEG of %d components of %d bits", ErrInputKind, f.Components, f.Depth)
	case !f.Whole:
		return fmt.Errorf("%w: the JPEG ends early", ErrInputDamaged)
	}
	return nil
}

func (j *jpegInput) leaves() []Leaf { return []Leaf{j.leaf} }

func (j *jpegInput) Close() error { return nil }

func (j *jpegInput) put(d *pdffile.Document, _ int) (pdffile.Dict, error) {
	dict := jpegDict(j.facts)
	return sheetOf(d, j.leaf, d.Add(&pdffile.Stream{Dict: dict, Data: j.data}), j.facts.Orientation)
}

func jpegDict(f appearance.Facts) pdffile.Dict {
	space := map[int]pdffile.Name{1: "DeviceGray", 3: "DeviceRGB", 4: "DeviceCMYK"}[f.Components]
	dict := imageDict(f.Width, f.Height, 8, space, pdffile.Name("DCTDecode"))
	if f.Inverted {
		dict["Decode"] = pdffile.Array{1, 0, 1, 0, 1, 0, 1, 0}
	}
	return dict
}
