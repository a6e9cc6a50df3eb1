package pagetext

import (
	"strings"

	"antin/signer/pdffile"
)

// compositeFont reads encoding and widths of a Type0 font (9.7).
func (p *page) compositeFont(n *font, d, cid, descriptor pdffile.Dict) {
	f := p.r.f
	n.composite = true
	n.cids = map[int]float64{}
	n.standard = 1000
	if w, ok := f.Number(cid["DW"]); ok {
		n.standard = w
	}
	p.cidWidths(n, f.Array(cid["W"]))
	encoding, _ := f.Resolve(d["Encoding"])
	switch e := encoding.(type) {
	case pdffile.Name:
		n.ucs2 = strings.Contains(string(e), "UCS2") || strings.Contains(string(e), "UTF16")
	case *pdffile.Stream:
		if s, ok := p.stream(e); ok {
			n.encoding = parseCMap(s)
		}
	}
	if n.toUnicode != nil && len(n.toUnicode.single)+len(n.toUnicode.ranges) > 0 {
		return
	}
	// Without ToUnicode the program may still tell, when it kept its cmap table.
	if data, ok := p.stream(descriptor["FontFile2"]); ok {
		if t, ok := parseTrueType(data); ok {
			n.byGlyph = t.texts()
		}
	}
	if s, ok := p.stream(cid["CIDToGIDMap"]); ok {
		n.glyphOf = s
	}
}

// cidWidths reads "c [w1 w2 …]" and "first last w" (9.7.4.3).
func (p *page) cidWidths(n *font, w pdffile.Array) {
	f := p.r.f
	for i := 0; i+1 < len(w) && len(n.cids) < maxItems && len(n.ranges) < 4096; {
		first, ok := f.Int(w[i])
		if !ok {
			i++
			continue
		}
		if list := f.Array(w[i+1]); list != nil {
			for j, o := range list {
				if v, ok := f.Number(o); ok {
					n.cids[first+j] = v
				}
			}
			i += 2
			continue
		}
		if i+2 >= len(w) {
			return
		}
		last, ok := f.Int(w[i+1])
		v, ok2 := f.Number(w[i+2])
		if ok && ok2 {
			if last-first < 64 { // looked up faster
				for c := first; c <= last; c++ {
					n.cids[c] = v
				}
			} else {
				n.ranges = append(n.ranges, widthRange{first, last, v})
			}
		}
		i += 3
	}
}
