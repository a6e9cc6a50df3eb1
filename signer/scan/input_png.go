package scan

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image/png"
	"io"

	"antin/signer/appearance"
	"antin/signer/pdffile"
)

// pngInput is a PNG. Its compressed rows are what FlateDecode with PNG
// predictors reads (ISO 32000-1, 7.4.4.4), so they are taken over; interlaced
// ones and those with an alpha channel are coded anew.
type pngInput struct {
	leaf    Leaf
	data    []byte
	w, h    int
	bits    int
	kind    byte // colour type: 0 grey, 2 RGB, 3 palette, 4 and 6 with alpha
	laced   bool
	palette []byte
	rows    []byte // compressed
}

func openPNG(s File, data []byte) (input, error) {
	p := &pngInput{data: data}
	if err := p.chunks(); err != nil {
		return nil, err
	}
	x, y := appearance.PNGDensity(data)
	var err error
	whole := !p.laced && p.kind < 4
	if p.leaf, err = sized(Leaf{File: s, Page: 1, Format: PNG, Lossless: whole}, p.w, p.h, x, y, 1); err != nil {
		return nil, err
	}
	if whole {
		return p, p.verify()
	}
	return p, nil
}

// chunks reads the parts of the file (PNG specification, 5.3), each with its
// checksum.
func (p *pngInput) chunks() error {
	damaged := func(what string) error { return fmt.Errorf("%w: PNG: %s", ErrInputDamaged, what) }
	for rest := p.data[8:]; ; {
		if len(rest) < 12 {
			return damaged("it ends early")
		}
		n := int64(binary.BigEndian.Uint32(rest))
		if n+12 > int64(len(rest)) {
			return damaged("it ends early")
		}
		name, body := string(rest[4:8]), rest[8:8+n]
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) {
			return damaged("checksum of " + fmt.Sprintf("%q", name))
		}
		if p.w == 0 && name != "IHDR" {
			return damaged("no header")
		}
		switch name {
		case "IHDR":
			if len(body) != 13 || p.w != 0 {
				return damaged("header")
			}
			w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
			if w == 0 || h == 0 {
				return damaged("no dots")
			}
			if uint64(w)*uint64(h) > maxPixels {
				return fmt.Errorf("%w: %d × %d dots", ErrInputTooLarge, w, h)
			}
			p.w, p.h, p.bits, p.kind, p.laced = int(w), int(h), int(body[8]), body[9], body[12] != 0
			if p.samples() == 0 || p.bits != 1 && p.bits != 2 && p.bits != 4 && p.bits != 8 && p.bits != 16 {
				return damaged("colour type")
			}
		case "PLTE":
			p.palette = body
		case "tRNS":
			return fmt.Errorf("%w: a transparent PNG is no scan", ErrInputKind)
		case "IDAT":
			p.rows = append(p.rows, body...)
		case "IEND":
			if len(p.rows) == 0 || p.kind == 3 && (len(p.palette) < 3 || len(p.palette) > 768 || len(p.palette)%3 != 0) {
				return damaged("no picture")
			}
			return nil
		}
		rest = rest[12+n:]
	}
}

// samples are the components of a dot.
func (p *pngInput) samples() int {
	return map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[p.kind]
}

// verify reads the compressed rows to their end and keeps none.
func (p *pngInput) verify() error {
	want := int64(p.h) * int64(1+(p.w*p.samples()*p.bits+7)/8)
	z, err := zlib.NewReader(bytes.NewReader(p.rows))
	if err == nil {
		var n int64
		if n, err = io.Copy(io.Discard, io.LimitReader(z, want+1)); err == nil && n != want {
			err = fmt.Errorf("%d bytes of rows, not %d", n, want)
		}
	}
	if err != nil {
		return fmt.Errorf("%w: PNG: %w", ErrInputDamaged, err)
	}
	return nil
}

func (p *pngInput) leaves() []Leaf { return []Leaf{p.leaf} }

func (p *pngInput) Close() error { return nil }

func (p *pngInput) put(d *pdffile.Document, _ int) (pdffile.Dict, error) {
	if !p.leaf.Lossless {
		img, err := png.Decode(bytes.NewReader(p.data))
		if err != nil {
			return nil, errors.Join(ErrInputDamaged, err)
		}
		stream, err := flateImage(img)
		if err != nil {
			return nil, err
		}
		return sheetOf(d, p.leaf, d.Add(stream), 1)
	}
	var space pdffile.Object = pdffile.Name("DeviceGray")
	switch p.kind {
	case 2:
		space = pdffile.Name("DeviceRGB")
	case 3:
		space = pdffile.Array{pdffile.Name("Indexed"), pdffile.Name("DeviceRGB"), len(p.palette)/3 - 1, pdffile.String(p.palette)}
	}
	dict := imageDict(p.w, p.h, p.bits, space, pdffile.Name("FlateDecode"))
	dict["DecodeParms"] = pdffile.Dict{"Predictor": 15, "Colors": p.samples(), "BitsPerComponent": p.bits, "Columns": p.w}
	return sheetOf(d, p.leaf, d.Add(&pdffile.Stream{Dict: dict, Data: p.rows}), 1)
}
