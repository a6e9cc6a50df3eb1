package shapes

import (
	"encoding/binary"
	"fmt"
)

// metadataShapes have document information, XMP and PDF/A identification.
func metadataShapes() []Shape {
	return []Shape{
		{Name: "info-vietnamese", Reason: "ĩ is 01 29 in UTF-16BE, the second byte a closing parenthesis", build: file(infoVietnamese)},
		{Name: "info-direct", Reason: "the trailer holds the Info dictionary itself, against 7.5.5", build: file(func() []byte {
			b := NewDocument("1.7", 1).Finish()
			b.Trailer = "/Info<</Title(direct)>>"
			return b.Table()
		})},
		{Name: "info-in-object-stream", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.Trailer = fmt.Sprintf("/Info %v", d.Add("<</Title%s>>", TextString("Quyết định")))
			return d.Finish().ObjectStreams()
		})},
		{Name: "metadata-xmp", build: file(func() []byte {
			d := NewDocument("1.7", 1)
			d.addXMP("")
			return d.Finish().Table()
		})},
		{Name: "pdfa-1b", Version: "1.4", Reason: "PDF/A-1 forbids transparency: no SMask in an appearance", build: pdfa(1)},
		{Name: "pdfa-2b", Reason: "PDF/A-2: an output intent for RGB is there", build: pdfa(2)},
		{Name: "pdfa-3b", build: pdfa(3)},
	}
}

func infoVietnamese() []byte {
	d := NewDocument("1.7", 1)
	d.Trailer = fmt.Sprintf("/Info %v", d.Add("<</Title%s/Author%s/Subject%s/CreationDate(D:20261122080000+07'00')>>",
		TextString("Quyết định về việc kiện toàn Ban Chỉ đạo"), literalText("Nguyễn Vĩnh Nghĩa"), literalText("dấu ( ) \\ và ĩ")))
	return d.Finish().Table()
}

// addXMP adds a metadata stream (14.3.2) with further properties.
func (d *Document) addXMP(properties string) {
	packet := "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">` +
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Quyết định</rdf:li></rdf:Alt></dc:title>` + properties +
		"</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>"
	d.Catalog += fmt.Sprintf("/Metadata %v", d.AddStream([]byte(packet), "/Type/Metadata/Subtype/XML"))
}

// pdfa is a document that says it is PDF/A of the given part, level B: no
// fonts, colours covered by an output intent.
func pdfa(part int) func() ([]byte, error) {
	return file(func() []byte {
		version := "1.7"
		if part == 1 {
			version = "1.4"
		}
		d := NewDocument(version, 1)
		d.Shared = "/Resources<<>>"
		d.Pages[0].Contents = d.AddFlate([]byte("0.8 0.2 0.2 rg 60 600 200 100 re f\n0 0 0.6 RG 2 w 20 20 555.276 801.89 re S\n"), "").String()
		d.addXMP(fmt.Sprintf("<pdfaid:part>%d</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", part))
		profile := d.AddFlate(srgbProfile(), "/N 3")
		d.Trailer = fmt.Sprintf("/Info %v", d.Add("<</Title%s>>", TextString("Quyết định")))
		d.Catalog += fmt.Sprintf("/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)/DestOutputProfile %v>>]", profile)
		return d.Finish().Table()
	})
}

// srgbProfile is a small ICC.1:2001 display profile: sRGB's primaries, adapted
// to D50, with a gamma of 2.2.
func srgbProfile() []byte {
	xyz := func(x, y, z float64) []byte {
		out := []byte("XYZ \x00\x00\x00\x00")
		for _, v := range []float64{x, y, z} {
			out = binary.BigEndian.AppendUint32(out, uint32(int32(v*65536+0.5)))
		}
		return out
	}
	gamma := []byte("curv\x00\x00\x00\x00\x00\x00\x00\x01\x02\x33\x00\x00") // 2.2 as u8Fixed8, padded
	description := append([]byte("desc\x00\x00\x00\x00\x00\x00\x00\x05sRGB\x00"), make([]byte, 4+4+2+1+67+2)...)
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", description},
		{"cprt", []byte("text\x00\x00\x00\x00none\x00\x00\x00\x00")},
		{"wtpt", xyz(0.9505, 1, 1.0891)},
		{"rXYZ", xyz(0.43607, 0.22249, 0.01392)},
		{"gXYZ", xyz(0.38515, 0.71687, 0.09708)},
		{"bXYZ", xyz(0.14307, 0.06061, 0.7141)},
		{"rTRC", gamma},
		{"gTRC", gamma},
		{"bTRC", gamma},
	}
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	start := 128 + 4 + 12*len(tags)
	for _, t := range tags {
		for len(data)%4 != 0 {
			data = append(data, 0)
		}
		table = append(table, t.name...)
		table = binary.BigEndian.AppendUint32(table, uint32(start+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t.data)))
		data = append(data, t.data...)
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(start+len(data)))
	binary.BigEndian.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[24:], []byte{0x07, 0xea, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}) // 2026-01-01
	copy(head[36:], "acsp")
	copy(head[68:], xyz(0.9642, 1, 0.8249)[8:]) // D50, the connection space
	return append(append(head, table...), data...)
}
