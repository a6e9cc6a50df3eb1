package pdffile

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"time"
)

// ErrNotPDFA means that a page holds what PDF/A-2 forbids.
var ErrNotPDFA = errors.New("pdffile: the page cannot become PDF/A")

// archived is a dictionary for PDF/A-2. It refuses what ISO 19005-2 forbids in
// it, as far as its own entries tell: filters (6.1.7.2), external streams (6.1.7.1), colour spaces
// without a profile (6.2.4.3), PostScript (6.2.9), transfer functions (6.2.5),
// fonts that are not embedded (6.2.11.4.1) and layers (6.9). Operators of content streams
// are not looked at.
func (f *File) archived(d Dict) (Dict, error) {
	refuse := func(what string) (Dict, error) { return nil, fmt.Errorf("%w: %s", ErrNotPDFA, what) }
	if d["Filter"] != nil || d["DecodeParms"] != nil {
		names, _ := f.filters(d)
		for _, n := range names {
			if n == "LZWDecode" {
				return refuse("LZW compression")
			}
		}
	}
	switch f.Name(d["Subtype"]) {
	case "PS":
		return refuse("PostScript")
	case "Type1", "MMType1", "TrueType", "CIDFontType0", "CIDFontType2":
		if f.Name(d["Type"]) == "Font" && !f.embedded(d) {
			return refuse("the font " + string(f.Name(d["BaseFont"])) + " is not embedded")
		}
	case "Image", "Form":
		if d["F"] != nil {
			return refuse("data in another file")
		}
		if d["OC"] != nil {
			return refuse("layers")
		}
	}
	spaces := Array{d["ColorSpace"], d["CS"]}
	for _, space := range f.Dict(d["ColorSpace"]) { // of resources, by name
		spaces = append(spaces, space)
	}
	for _, space := range spaces {
		if f.isCMYK(space, 0) {
			return refuse("CMYK colours")
		}
	}
	if f.Name(d["Type"]) == "ExtGState" && (d["TR"] != nil || d["TR2"] != nil && f.Name(d["TR2"]) != "Default" || d["HTP"] != nil) {
		return refuse("transfer functions")
	}
	if d["OCGs"] != nil {
		return refuse("layers")
	}
	if d["Interpolate"] != nil { // 6.2.8.1
		d = d.Clone()
		delete(d, "Interpolate")
	}
	return d, nil
}

func (f *File) embedded(font Dict) bool {
	d := f.Dict(font["FontDescriptor"])
	return d["FontFile"] != nil || d["FontFile2"] != nil || d["FontFile3"] != nil
}

// isCMYK tells whether a colour space is, or is based on, DeviceCMYK.
func (f *File) isCMYK(o Object, depth int) bool {
	if n := f.Name(o); n == "DeviceCMYK" || n == "CMYK" {
		return true
	}
	a := f.Array(o)
	if len(a) < 2 || depth > 4 {
		return false
	}
	switch f.Name(a[0]) {
	case "Indexed", "I", "Pattern":
		return f.isCMYK(a[1], depth+1)
	case "Separation", "DeviceN":
		return len(a) > 2 && f.isCMYK(a[2], depth+1)
	}
	return false
}

// ArchiveMetadata is the XMP packet of a document of one title that claims
// PDF/A-2b (ISO 19005-2, 6.6.2 and 6.6.4) and says the same as its information
// dictionary.
func ArchiveMetadata(title, producer string, made time.Time) []byte {
	escaped := func(s string) string {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(s)) // writing to memory cannot fail
		return b.String()
	}
	date := made.In(vietnam).Format(time.RFC3339)
	return []byte("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` + "\n" +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` + "\n" +
		"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n" +
		`<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>vi</rdf:li></rdf:Bag></dc:language>` + "\n" +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + escaped(title) + "</rdf:li></rdf:Alt></dc:title>\n" +
		"<xmp:CreateDate>" + date + "</xmp:CreateDate><xmp:ModifyDate>" + date + "</xmp:ModifyDate><xmp:MetadataDate>" + date + "</xmp:MetadataDate>\n" +
		"<pdf:Producer>" + escaped(producer) + "</pdf:Producer>\n" +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
}
