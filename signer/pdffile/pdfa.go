package pdffile

import "regexp"

// Conformance is what the document claims of itself in its metadata (ISO
// 19005): nothing here checks that the claim is true.
type Conformance struct {
	Part  int    // 1, 2, 3 or 4; 0 when it claims nothing
	Level string // "A", "B", "U" …

	// OutputIntentRGB tells that the PDF/A output intent has three components,
	// so that DeviceRGB colours are allowed.
	OutputIntentRGB bool
}

var (
	pdfaPart  = regexp.MustCompile(`pdfaid:part(?:>|\s*=\s*["'])\s*([1-4])`)
	pdfaLevel = regexp.MustCompile(`pdfaid:conformance(?:>|\s*=\s*["'])\s*([A-Za-z])`)
)

// PDFA reads the conformance claim of the document's XMP metadata (14.3.2).
func (f *File) PDFA() Conformance {
	cat, _ := f.Catalog()
	o, err := f.Resolve(cat["Metadata"])
	s, ok := o.(*Stream)
	if err != nil || !ok {
		return Conformance{}
	}
	xmp, err := f.Decode(s)
	m := pdfaPart.FindSubmatch(xmp)
	if err != nil || m == nil {
		return Conformance{}
	}
	c := Conformance{Part: int(m[1][0] - '0')}
	if l := pdfaLevel.FindSubmatch(xmp); l != nil {
		c.Level = string(l[1])
	}
	for _, o := range f.Array(cat["OutputIntents"]) {
		profile, _ := f.Resolve(f.Dict(o)["DestOutputProfile"])
		if icc, ok := profile.(*Stream); ok {
			n, _ := f.Int(icc.Dict["N"])
			c.OutputIntentRGB = c.OutputIntentRGB || n == 3
		}
	}
	return c
}
