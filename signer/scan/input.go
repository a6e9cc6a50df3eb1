package scan

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"antin/signer/pdffile"
)

// Files that cannot become pages of a document.
var (
	ErrInputFormat   = errors.New("scan: neither PDF nor JPEG, PNG or TIFF")
	ErrInputDamaged  = errors.New("scan: damaged picture")
	ErrInputTooLarge = errors.New("scan: too large a picture")
	ErrInputKind     = errors.New("scan: a kind of picture or PDF that is not taken over") // transparent, 12 bits, hidden layers …
	ErrInputSigned   = errors.New("scan: a signed PDF cannot be taken apart")              // its signatures would be lost
	ErrNoInput       = errors.New("scan: no pages")
	ErrNoDensity     = errors.New("scan: the picture does not tell its resolution") // answer with File.DPI
)

// Bounds of one picture.
const (
	maxBytes  = 512 << 20
	maxPixels = 160 << 20 // A2 at 600 dpi
	maxPages  = 10_000
)

// File is a file that pages come from.
type File struct {
	Path     string
	Password string  `json:"-"` // of an encrypted PDF: kept nowhere
	DPI      float64 // the answer for pictures that do not tell; others keep their own
}

// Format of a file.
type Format string

// The formats.
const (
	PDF  Format = "PDF"
	JPEG Format = "JPEG"
	PNG  Format = "PNG"
	TIFF Format = "TIFF"
)

// Leaf is a page of a source.
type Leaf struct {
	File   File
	Page   int // in its file, from 1
	Format Format

	Width, Height float64 // mm as seen, with what the picture says of its orientation; 0 when Asks

	// Of a picture.
	PixelsX, PixelsY int     // as seen
	DPI              float64 // of the coarser direction; 0 when Asks
	Asks             bool    // the file does not tell, and File.DPI is not given
	Lossless         bool    // its coded data are taken over as they are

	// Of a page of a PDF: annotations are not taken over, which a person must be
	// told.
	Annotations int
}

// Fit is a resolution at which a picture has the size of a paper.
type Fit struct {
	Paper string
	DPI   float64
}

// Fits are answers to offer for a leaf that asks: at which round resolutions it
// would be a known paper. None is taken without being chosen.
func (l Leaf) Fits() []Fit {
	var out []Fit
	for _, dpi := range []float64{100, 150, 200, 240, 300, 400, 600} {
		if p, ok := paperOf(float64(l.PixelsX)/dpi*mmPerInch, float64(l.PixelsY)/dpi*mmPerInch, 3); ok {
			out = append(out, Fit{p.name, dpi})
		}
	}
	return out
}

// Files lists the files of a folder that can be read here, as people count:
// page 2 before page 10. A file is listed alone.
func Files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff":
			if e.Type().IsRegular() {
				out = append(out, filepath.Join(path, e.Name()))
			}
		}
	}
	slices.SortFunc(out, natural)
	if len(out) == 0 {
		return nil, fmt.Errorf("%w in %q", ErrNoInput, path)
	}
	return out, nil
}

// natural compares names with their numbers as numbers.
func natural(a, b string) int {
	for a != "" && b != "" {
		na, nb := digits(a), digits(b)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[na:], b[nb:]
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// Leaves reads what pages the sources have, in their order. A picture that does
// not tell its resolution is no error: its leaf Asks. Errors name the file: the
// ErrInput ones, those of pdffile.Open and of the file system.
func Leaves(ctx context.Context, files ...File) ([]Leaf, error) {
	var all []Leaf
	for _, s := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		in, err := open(s)
		if err != nil {
			return nil, fmt.Errorf("reading %q: %w", s.Path, err)
		}
		all = append(all, in.leaves()...)
		if err := in.Close(); err != nil {
			return nil, fmt.Errorf("reading %q: %w", s.Path, err)
		}
		if len(all) > maxPages {
			return nil, fmt.Errorf("%w: more than %d pages", ErrInputTooLarge, maxPages)
		}
	}
	if len(all) == 0 {
		return nil, ErrNoInput
	}
	return all, nil
}

// input is an open source.
type input interface {
	leaves() []Leaf
	// put writes page n (from 1) of the source and returns its dictionary
	// without parent and turn.
	put(d *pdffile.Document, n int) (pdffile.Dict, error)
	io.Closer
}

// open tells the format by the first bytes, whatever the file's name.
func open(s File) (in input, err error) {
	defer func() {
		if p := recover(); p != nil { // foreign bytes must cost one file, not the program
			in, err = nil, fmt.Errorf("%w: %v", ErrInputDamaged, p)
		}
	}()
	f, err := os.Open(s.Path)
	if err != nil {
		return nil, err
	}
	head := make([]byte, 1024)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, errors.Join(err, f.Close())
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")):
		in, err := openTIFF(s, f)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		return in, nil
	case bytes.HasPrefix(head, []byte("II+\x00")), bytes.HasPrefix(head, []byte("MM\x00+")):
		return nil, errors.Join(fmt.Errorf("%w: BigTIFF", ErrInputKind), f.Close())
	case bytes.Contains(head, []byte("%PDF-")):
		if err := f.Close(); err != nil {
			return nil, err
		}
		return openPDF(s)
	}
	data, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), f), maxBytes+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	switch {
	case len(data) > maxBytes:
		return nil, fmt.Errorf("%w: more than %d bytes", ErrInputTooLarge, maxBytes)
	case bytes.HasPrefix(data, []byte{0xFF, 0xD8, 0xFF}):
		return openJPEG(s, data)
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return openPNG(s, data)
	}
	return nil, ErrInputFormat
}

// sized gives a leaf of w × h samples its size: by the file's resolution, else
// by the answer. orientation is EXIF's.
func sized(l Leaf, w, h int, dpiX, dpiY float64, orientation int) (Leaf, error) {
	if w < 1 || h < 1 {
		return l, fmt.Errorf("%w: %d × %d dots", ErrInputDamaged, w, h)
	}
	if int64(w)*int64(h) > maxPixels {
		return l, fmt.Errorf("%w: %d × %d dots", ErrInputTooLarge, w, h)
	}
	if !(dpiX > 0 && dpiY > 0) || math.IsInf(dpiX+dpiY, 0) {
		dpiX, dpiY = l.File.DPI, l.File.DPI
	}
	l.PixelsX, l.PixelsY = w, h
	l.DPI = math.Min(dpiX, dpiY)
	if !(l.DPI > 0) {
		l.DPI, l.Asks = 0, true
	} else {
		l.Width, l.Height = float64(w)/dpiX*mmPerInch, float64(h)/dpiY*mmPerInch
	}
	if orientation >= 5 && orientation <= 8 {
		l.PixelsX, l.PixelsY, l.Width, l.Height = h, w, l.Height, l.Width
	}
	return l, nil
}

// sheetOf is the page of a picture in its true size, upright.
func sheetOf(d *pdffile.Document, l Leaf, image pdffile.Ref, orientation int) (pdffile.Dict, error) {
	if l.Asks {
		return nil, fmt.Errorf("page %d: %w", l.Page, ErrNoDensity)
	}
	const pt = 72 / mmPerInch
	w, h := l.Width*pt, l.Height*pt
	if !(w >= 1 && h >= 1 && w <= 14_400 && h <= 14_400) { // ISO 32000-1, annex C
		return nil, fmt.Errorf("%w: a page of %.0f × %.0f mm", ErrInputTooLarge, l.Width, l.Height)
	}
	// EXIF 2.3, 4.6.4: where row 0 and column 0 are to be seen. The unit square
	// of an image has row 0 along its upper edge.
	m, ok := map[int][6]float64{
		2: {-w, 0, 0, h, w, 0},
		3: {-w, 0, 0, -h, w, h},
		4: {w, 0, 0, -h, 0, h},
		5: {0, -h, -w, 0, w, h},
		6: {0, -h, w, 0, 0, h},
		7: {0, h, w, 0, 0, 0},
		8: {0, h, -w, 0, w, 0},
	}[orientation]
	if !ok {
		m = [6]float64{w, 0, 0, h, 0, 0}
	}
	content := fmt.Sprintf("q %.4f %.4f %.4f %.4f %.4f %.4f cm /Im Do Q", m[0], m[1], m[2], m[3], m[4], m[5])
	return pdffile.Dict{
		"Type":      pdffile.Name("Page"),
		"MediaBox":  pdffile.Rect{X1: w, Y1: h}.Array(),
		"Contents":  d.Add(&pdffile.Stream{Dict: pdffile.Dict{}, Data: []byte(content)}),
		"Resources": pdffile.Dict{"XObject": pdffile.Dict{"Im": image}},
	}, nil
}

// imageDict is the dictionary of an image XObject.
func imageDict(w, h, bits int, space, filter pdffile.Object) pdffile.Dict {
	return pdffile.Dict{
		"Type": pdffile.Name("XObject"), "Subtype": pdffile.Name("Image"), "Width": w, "Height": h,
		"BitsPerComponent": bits, "ColorSpace": space, "Filter": filter,
	}
}
