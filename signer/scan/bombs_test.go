package scan_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"slices"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/scan"
)

// cost runs what reads a bomb and holds it to a time and to bytes that this
// process takes from its heap, all together. Times are for a busy machine.
func cost(t *testing.T, seconds float64, megabytes uint64, read func()) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	read()
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	spent := (after.TotalAlloc - before.TotalAlloc) >> 20
	t.Logf("%v, %d MB", took.Round(time.Millisecond), spent)
	if took.Seconds() > seconds || spent > megabytes {
		t.Errorf("took %v and %d MB; the bounds are %g s and %d MB", took, spent, seconds, megabytes)
	}
}

// tiffFile is pages of TIFF entries, each (tag, type, count, value), behind data
// that starts at byte 8.
func tiffFile(data []byte, pages ...[][4]uint32) []byte {
	out := append([]byte("II*\x00\x00\x00\x00\x00"), data...)
	next := 4 // where the offset of the next page stands
	for _, entries := range pages {
		binary.LittleEndian.PutUint32(out[next:], uint32(len(out)))
		out = binary.LittleEndian.AppendUint16(out, uint16(len(entries)))
		for _, e := range entries {
			out = binary.LittleEndian.AppendUint16(out, uint16(e[0]))
			out = binary.LittleEndian.AppendUint16(out, uint16(e[1]))
			out = binary.LittleEndian.AppendUint32(out, e[2])
			out = binary.LittleEndian.AppendUint32(out, e[3])
		}
		next = len(out)
		out = append(out, 0, 0, 0, 0)
	}
	return out
}

// inflated is a few bytes of Flate that unfold to n zeros.
func inflated(t *testing.T, n int64) []byte {
	t.Helper()
	var buf bytes.Buffer
	z, err := zlib.NewWriterLevel(&buf, zlib.BestCompression)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.CopyN(z, zeros{}, n)
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) {
	clear(b)
	return len(b), nil
}

// Files that claim, or unfold to, more than any scan has are refused, at the cost
// of their bytes.
func TestTIFFBombs(t *testing.T) {
	const short, long = 3, 4
	page := func(w, h, bits, compression, at, n uint32, more ...[4]uint32) [][4]uint32 {
		return append([][4]uint32{
			{256, long, 1, w},
			{257, long, 1, h},
			{258, short, 1, bits},
			{259, short, 1, compression},
			{262, short, 1, 1},
			{273, long, 1, at},
			{277, short, 1, 1},
			{278, long, 1, h},
			{279, long, 1, n},
			{282, 5, 1, 8},
		}, more...)
	}
	flate := inflated(t, 256<<20)
	tiny := page(10, 10, 8, 1, 8, 4)
	strips := page(10, 10, 8, 1, 8, 4)
	for i := range strips {
		if strips[i][0] == 273 || strips[i][0] == 279 {
			strips[i][2], strips[i][3] = 1<<17, 8
		}
	}
	loop := tiffFile(nil, tiny, tiny, tiny)
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], binary.LittleEndian.Uint32(loop[4:]))
	for name, tc := range map[string]struct {
		data []byte
		want error
		mb   uint64
	}{
		"2^32 dots wide":                 {tiffFile(nil, page(1<<32-1, 1<<32-1, 1, 4, 8, 4)), scan.ErrInputTooLarge, 1},
		"12,000 × 12,000 of four bytes":  {tiffFile(make([]byte, 4), page(12_000, 12_000, 8, 5, 8, 4)), scan.ErrInputDamaged, 1},
		"12,000 × 12,000, not coded":     {tiffFile(make([]byte, 1<<20), page(12_000, 12_000, 8, 1, 8, 1<<20)), scan.ErrInputDamaged, 1},
		"group 4 of four bytes":          {tiffFile(make([]byte, 4), page(12_000, 12_000, 1, 4, 8, 4)), scan.ErrInputDamaged, 1},
		"a strip that unfolds to 256 MB": {tiffFile(flate, page(1000, 1000, 8, 8, 8, uint32(len(flate)))), nil, 32},
		"pages in a loop of three":       {loop, scan.ErrInputDamaged, 1},
		"20,000 pages":                   {tiffFile(make([]byte, 4), slices.Repeat([][][4]uint32{tiny}, 20_000)...), scan.ErrInputTooLarge, 64},
		"10,000 pages of 131,072 strips": {tiffFile(make([]byte, 1<<20), slices.Repeat([][][4]uint32{strips}, 10_000)...), scan.ErrInputTooLarge, 512},
		"10,000 JPEG tables":             {tiffFile(make([]byte, 1<<16), slices.Repeat([][][4]uint32{page(10, 10, 8, 7, 8, 4, [4]uint32{347, 7, 1 << 16, 8})}, 10_000)...), scan.ErrInputTooLarge, 128},
		"65,535 samples of 65,535 bits":  {tiffFile(make([]byte, 4), page(10, 10, 65_535, 1, 8, 4, [4]uint32{277, short, 1, 65_535})), scan.ErrInputDamaged, 1},
	} {
		t.Run(name, func(t *testing.T) {
			path := file(t, "x.tif", tc.data)
			cost(t, 5, tc.mb+uint64(len(tc.data))>>18, func() {
				leaves, err := scan.Leaves(t.Context(), scan.File{Path: path, DPI: 200})
				if err == nil {
					err = scan.Write(t.Context(), io.Discard, scan.NewPlan(leaves...), scan.Properties{})
				}
				if !errors.Is(err, tc.want) {
					t.Errorf("got %v, want %v", err, tc.want)
				}
			})
		})
	}
}

// pictured is a PDF with one page of A4 and this picture on it.
func pictured(t *testing.T, dict pdffile.Dict, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	d := pdffile.NewDocument(&out)
	image := pdffile.Dict{"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Image"), "BitsPerComponent": 8, "ColorSpace": pdffile.Name("DeviceRGB")}
	for k, v := range dict {
		image[k] = v
	}
	tree := d.Reserve()
	page := d.Add(pdffile.Dict{
		"Type": pdffile.Name("Page"), "Parent": tree, "MediaBox": pdffile.Array{0, 0, 595.2, 841.92},
		"Contents":  d.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte("q 595.2 0 0 841.92 0 0 cm /P Do Q")}),
		"Resources": pdffile.Dict{"XObject": pdffile.Dict{"P": d.Add(&pdffile.Stream{Dict: image, Data: data})}},
	})
	d.Put(tree, pdffile.Dict{"Type": pdffile.Name("Pages"), "Kids": pdffile.Array{page}, "Count": 1})
	if err := d.Close(d.Add(pdffile.Dict{"Type": pdffile.Name("Catalog"), "Pages": tree}), d.Add(pdffile.Dict{})); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A picture that unfolds, or says that it does, to more than fits is never a good
// scan, and is told within seconds.
func TestPicturesThatAreBombsFail(t *testing.T) {
	name := func(s string) pdffile.Name { return pdffile.Name(s) }
	jpg, err := practice.ScanJPEGFile(practice.ScanOptions{DPI: 72, Lines: 3})
	if err != nil {
		t.Fatal(err)
	}
	frame := bytes.Index(jpg, []byte{0xFF, 0xC0})
	huge := slices.Clone(jpg)
	copy(huge[frame+5:], []byte{0xFF, 0xFF, 0xFF, 0xFF})
	giant := func(side uint32) []byte { // the SIZ segment of JPEG 2000, ISO/IEC 15444-1, A.5.1
		out := []byte{0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0}
		for _, v := range []uint32{side, side, 0, 0, side, side, 0, 0} {
			out = binary.BigEndian.AppendUint32(out, v)
		}
		return append(out, 0, 3, 7, 1, 1, 7, 1, 1, 7, 1, 1, 0xFF, 0xD9)
	}
	flate := inflated(t, 1<<30)
	for what, tc := range map[string]struct {
		dict pdffile.Dict
		data []byte
	}{
		"Flate that unfolds to 1 GB":        {pdffile.Dict{"Width": 2480, "Height": 3508, "Filter": name("FlateDecode")}, flate},
		"Flate twice":                       {pdffile.Dict{"Width": 2480, "Height": 3508, "Filter": pdffile.Array{name("FlateDecode"), name("FlateDecode")}}, pdffile.Deflate(flate)},
		"100,000 × 100,000 of Flate":        {pdffile.Dict{"Width": 100_000, "Height": 100_000, "Filter": name("FlateDecode")}, flate},
		"100,000 × 100,000 of nothing":      {pdffile.Dict{"Width": 100_000, "Height": 100_000}, []byte{0}},
		"100,000 × 100,000 of group 4":      {pdffile.Dict{"Width": 100_000, "Height": 100_000, "BitsPerComponent": 1, "ColorSpace": name("DeviceGray"), "Filter": name("CCITTFaxDecode"), "DecodeParms": pdffile.Dict{"K": -1, "Columns": 100_000}}, []byte{0, 1}},
		"a JPEG of 65,535 × 65,535":         {pdffile.Dict{"Width": 65_535, "Height": 65_535, "Filter": name("DCTDecode")}, huge},
		"a JPEG larger than its dictionary": {pdffile.Dict{"Width": 2480, "Height": 3508, "Filter": name("DCTDecode")}, huge},
		"JPEG 2000 of 2^31":                 {pdffile.Dict{"Width": 2480, "Height": 3508, "Filter": name("JPXDecode")}, giant(1<<31 - 1)},
		"JPEG 2000 of 100,000":              {pdffile.Dict{"Width": 100_000, "Height": 100_000, "Filter": name("JPXDecode")}, giant(100_000)},
		"no size":                           {pdffile.Dict{"Width": 0, "Height": 0, "Filter": name("DCTDecode")}, jpg},
	} {
		t.Run(what, func(t *testing.T) {
			path := file(t, "x.pdf", pictured(t, tc.dict, tc.data))
			cost(t, 15, 192, func() {
				r, err := scan.CheckFile(t.Context(), path, scan.Options{})
				if err != nil {
					t.Fatal(err)
				}
				t.Log(r.All())
				if r.Verdict != scan.Fail {
					t.Errorf("%s: %+v", r.Verdict, r.Pages[0])
				}
			})
		})
	}
}
