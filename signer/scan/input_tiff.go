package scan

import (
	"bytes"
	"fmt"
	"image"
	"io"
	"math/bits"
	"os"

	"github.com/hhrutter/tiff"
	"golang.org/x/image/ccitt"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// tiffInput is a TIFF file. Fax data and JPEG of one strip go into the document
// as they are; what has other codes, strips or tiles is coded anew, without
// loss.
type tiffInput struct {
	file  *os.File
	pages []directory
	all   []Leaf
}

func openTIFF(s File, f *os.File) (input, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	t := &tiffInput{file: f}
	if t.pages, err = directories(f, info.Size()); err != nil {
		return nil, err
	}
	for i := range t.pages {
		d := &t.pages[i]
		switch d.compression {
		case tiffNone, tiffRLE, tiffGroup3, tiffGroup4, tiffLZW, tiffJPEG, tiffFlate, tiffFlate2, tiffPack:
		default:
			return nil, fmt.Errorf("%w: TIFF compression %d", ErrInputKind, d.compression)
		}
		leaf, err := sized(Leaf{File: s, Page: i + 1, Format: TIFF, Lossless: d.fax() || d.oneJPEG()}, d.width, d.height, d.dpiX, d.dpiY, d.orientation)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		t.all = append(t.all, leaf)
	}
	return t, nil
}

func (d *directory) single() bool { return len(d.strips) == 1 && !d.tiled }

// fax tells that the page is one strip of fax data.
func (d *directory) fax() bool {
	return d.single() && d.bits == 1 && d.samples == 1 && d.photometric <= 1 &&
		(d.compression == tiffRLE || d.compression == tiffGroup3 || d.compression == tiffGroup4)
}

// oneJPEG tells that the page is one JPEG.
func (d *directory) oneJPEG() bool {
	return d.single() && d.compression == tiffJPEG && (d.planar == 1 || d.samples == 1)
}

func (t *tiffInput) leaves() []Leaf { return t.all }

func (t *tiffInput) Close() error { return t.file.Close() }

func (t *tiffInput) put(doc *pdffile.Document, n int) (page pdffile.Dict, err error) {
	defer func() {
		if p := recover(); p != nil { // foreign bytes must cost one file, not the program
			page, err = nil, fmt.Errorf("%w: %v", ErrInputDamaged, p)
		}
	}()
	d := &t.pages[n-1]
	var stream *pdffile.Stream
	switch {
	case d.fax():
		stream, err = t.faxStream(d)
	case d.oneJPEG():
		stream, err = t.jpegStream(d)
	default:
		stream, err = t.decoded(d)
	}
	if err != nil {
		return nil, err
	}
	return sheetOf(doc, t.all[n-1], doc.Add(stream), d.orientation)
}

func (t *tiffInput) strip(d *directory) ([]byte, error) {
	at, n := d.strips[0][0], d.strips[0][1]
	if n > maxBytes {
		return nil, fmt.Errorf("%w: a strip of %d bytes", ErrInputTooLarge, n)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(io.NewSectionReader(t.file, at, n), b)
	return b, err
}

// faxStream hands fax data over (ISO 32000-1, 7.4.6).
func (t *tiffInput) faxStream(d *directory) (*pdffile.Stream, error) {
	data, err := t.strip(d)
	if err != nil {
		return nil, err
	}
	if d.fillOrder == 2 { // the first dot is the lowest bit: PDF wants the highest
		for i, b := range data {
			data[i] = bits.Reverse8(b)
		}
	}
	parms := pdffile.Dict{"Columns": d.width, "Rows": d.height, "BlackIs1": d.photometric == 1, "EndOfBlock": false}
	switch d.compression {
	case tiffGroup4:
		parms["K"] = -1
	case tiffRLE:
		parms["K"], parms["EncodedByteAlign"] = 0, true
	default:
		// Fill bits before the ends of lines are no alignment of lines.
		parms["K"], parms["EndOfLine"] = 0, true
		if d.t4Options&1 != 0 {
			parms["K"] = 4
		}
	}
	// Group 4 data are read to their end, since a person cannot see what is
	// missing; the library does not read all other fax data.
	if d.compression == tiffGroup4 {
		r := ccitt.NewReader(bytes.NewReader(data), ccitt.MSB, ccitt.Group4, d.width, d.height, nil)
		want := int64((d.width+7)/8) * int64(d.height)
		if n, err := io.Copy(io.Discard, io.LimitReader(r, want)); err != nil || n != want {
			return nil, damagedTIFF("fax data of %d bytes, not %d: %v", n, want, err)
		}
	}
	dict := imageDict(d.width, d.height, 1, pdffile.Name("DeviceGray"), pdffile.Name("CCITTFaxDecode"))
	dict["DecodeParms"] = parms
	return &pdffile.Stream{Dict: dict, Data: data}, nil
}

// jpegStream joins the tables that the pages share with the page's own data
// (TIFF Technical Note 2): both begin with SOI and end with EOI.
func (t *tiffInput) jpegStream(d *directory) (*pdffile.Stream, error) {
	data, err := t.strip(d)
	if err != nil {
		return nil, err
	}
	if n := len(d.tables); n > 4 && len(data) > 2 {
		data = append(append([]byte{}, d.tables[:n-2]...), data[2:]...)
	}
	facts, err := appearance.JPEGFacts(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInputDamaged, err)
	}
	if facts.Width != d.width || facts.Height != d.height {
		return nil, damagedTIFF("a JPEG of %d × %d dots for %d × %d", facts.Width, facts.Height, d.width, d.height)
	}
	if err := takeable(facts); err != nil {
		return nil, err
	}
	dict := jpegDict(facts)
	if d.photometric == photometricRGB { // RGB, which decoders would take for YCbCr
		dict["DecodeParms"] = pdffile.Dict{"ColorTransform": 0}
	}
	return &pdffile.Stream{Dict: dict, Data: data}, nil
}

// maxRatio is more than any of the codes makes of a byte: Flate 1032 bytes, LZW
// some 1370, PackBits 64, a JPEG block of two bits 256.
const maxRatio = 1400

// decoded reads the page's dots, for which the decoder makes room before it looks
// at the data.
func (t *tiffInput) decoded(d *directory) (*pdffile.Stream, error) {
	ratio := int64(maxRatio)
	if d.compression == tiffNone {
		ratio = 2 // colours may be stored more coarsely than brightness
	}
	if want := int64(d.height) * ((int64(d.width)*int64(d.samples)*int64(d.bits) + 7) / 8); want > d.coded*ratio {
		return nil, damagedTIFF("%d bytes cannot hold %d × %d dots", d.coded, d.width, d.height)
	}
	img, err := tiff.DecodeAt(io.NewSectionReader(t.file, 0, 1<<62), d.offset)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInputDamaged, err)
	}
	if g, ok := img.(*image.Gray); ok && d.bits == 1 {
		return bilevelImage(g)
	}
	return flateImage(img)
}
