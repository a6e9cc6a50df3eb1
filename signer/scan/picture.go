package scan

import (
	"bytes"
	"encoding/binary"
	"image/jpeg"
	"math"

	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// picture is what an image XObject says of itself (ISO 32000-1, 8.9.5), where
// its data allow, from them.
type picture struct {
	stream     *pdffile.Stream
	num        int // of the object, 0 for an inline image
	codec      string
	w, h       int // samples
	components int // 0 when nothing tells
	bits       int // of a component
	palette    bool
	stencil    bool // an image mask: ink of one colour
	mask       *picture
}

// perPixel are the bits that a pixel has.
func (p *picture) perPixel() int { return max(1, p.components) * p.bits }

// colourless tells that the picture cannot hold colour.
func (p *picture) colourless() bool { return p.components == 1 && !p.palette }

// maxSide bounds what a picture may say of its size.
const maxSide = 1 << 20

func pictureOf(f *pdffile.File, i pagetext.Image) (*picture, bool) {
	p, ok := read(f, i.Stream, i.Ref.Num)
	if !ok || i.Inline {
		return p, ok
	}
	// 8.9.6: an explicit mask or a soft mask gives the picture its shape. A mask
	// as coarse as an array of colours is none.
	for _, key := range []pdffile.Name{"SMask", "Mask"} {
		o := i.Stream.Dict[key]
		ref, _ := o.(pdffile.Ref)
		v, err := f.Resolve(o)
		if s, is := v.(*pdffile.Stream); err == nil && is {
			if m, ok := read(f, s, ref.Num); ok {
				p.mask = m
				break
			}
		}
	}
	return p, true
}

func read(f *pdffile.File, s *pdffile.Stream, num int) (*picture, bool) {
	p := &picture{stream: s, num: num, codec: string(f.LastFilter(s))}
	p.w, _ = f.Int(s.Dict["Width"])
	p.h, _ = f.Int(s.Dict["Height"])
	p.bits, _ = f.Int(s.Dict["BitsPerComponent"])
	stencil, _ := f.Resolve(s.Dict["ImageMask"])
	p.stencil = stencil == true
	p.components, p.palette = space(f, s.Dict["ColorSpace"], 0)
	switch {
	case p.stencil, p.codec == "CCITTFaxDecode", p.codec == "JBIG2Decode":
		p.bits = 1
		p.components = max(1, p.components)
	case p.codec == "DCTDecode", p.codec == "JPXDecode":
		p.bits = max(p.bits, 8)
	}
	if num != 0 && (p.codec == "DCTDecode" || p.codec == "JPXDecode") {
		p.believe(f)
	}
	return p, p.w > 0 && p.h > 0 && p.w <= maxSide && p.h <= maxSide && p.bits > 0 && p.bits <= 16
}

// believe takes sizes from the data where the dictionary says more than is
// there: readers stretch what they find.
func (p *picture) believe(f *pdffile.File) {
	if filters, _ := f.Resolve(p.stream.Dict["Filter"]); len(f.Array(filters)) > 1 {
		return // packed once more; rare
	}
	data, err := f.Raw(p.stream)
	if err != nil {
		return
	}
	w, h, n := 0, 0, 0
	if p.codec == "DCTDecode" {
		c, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil {
			return
		}
		w, h = c.Width, c.Height
	} else if w, h, n = codestream(data); w == 0 {
		return
	}
	p.w, p.h = min(p.w, w), min(p.h, h)
	if p.components == 0 {
		p.components = n
	}
}

// codestream reads the SIZ segment of JPEG 2000 data (ISO/IEC 15444-1, A.5.1).
func codestream(data []byte) (w, h, components int) {
	i := bytes.Index(data, []byte{0xFF, 0x4F, 0xFF, 0x51})
	if i < 0 || len(data) < i+42 {
		return 0, 0, 0
	}
	s := data[i+4:]
	at := func(o int) int64 { return int64(binary.BigEndian.Uint32(s[o:])) }
	x, y := at(4)-at(12), at(8)-at(16) // Xsiz − XOsiz, Ysiz − YOsiz
	if x < 1 || y < 1 || x > maxSide || y > maxSide {
		return 0, 0, 0
	}
	return int(x), int(y), int(binary.BigEndian.Uint16(s[36:]))
}

// space is the number of components of a colour space (8.6); palette tells that
// they are numbers of colours. 0 when it is not read.
func space(f *pdffile.File, o pdffile.Object, depth int) (components int, palette bool) {
	o, _ = f.Resolve(o)
	a, _ := o.(pdffile.Array)
	name, _ := o.(pdffile.Name)
	if len(a) > 0 {
		name = f.Name(a[0])
	}
	switch name {
	case "DeviceGray", "CalGray", "G":
		return 1, false
	case "DeviceRGB", "CalRGB", "RGB", "Lab":
		return 3, false
	case "DeviceCMYK", "CMYK":
		return 4, false
	case "ICCBased":
		if len(a) == 2 {
			n, _ := f.Int(f.Dict(a[1])["N"])
			return n, false
		}
	case "Indexed", "I":
		if len(a) == 4 && depth == 0 {
			base, _ := space(f, a[1], 1)
			return 1, base != 1
		}
	case "Separation":
		return 1, true // ink of any colour
	case "DeviceN":
		if len(a) > 1 {
			return len(f.Array(a[1])), false
		}
	}
	return 0, false
}

// placed is a picture on the page.
type placed struct {
	*picture
	image  pagetext.Image
	dpi    float64 // of the coarser direction, measured along the picture's own edges
	share  float64 // of the page that its rectangle covers
	pixels float64
}

func place(p *picture, i pagetext.Image, w, h float64) (placed, bool) {
	iw, ih := i.Size()
	if !(iw > 0.01 && ih > 0.01) || w <= 0 || h <= 0 {
		return placed{}, false
	}
	b := i.Box()
	x := math.Min(w, b.X+b.W) - math.Max(0, b.X)
	y := math.Min(h, b.Y+b.H) - math.Max(0, b.Y)
	if x <= 0 || y <= 0 {
		return placed{}, false // off the page
	}
	// A picture that is turned by less than a quarter covers less than the
	// rectangle around it.
	full := iw * ih / (b.W * b.H)
	return placed{picture: p, image: i, dpi: resolution(p, iw, ih), share: x * y / (w * h) * math.Min(1, full), pixels: float64(p.w) * float64(p.h)}, true
}

const mmPerInch = 25.4

func resolution(p *picture, w, h float64) float64 {
	return math.Min(float64(p.w)/w, float64(p.h)/h) * mmPerInch
}
