package practice

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/f64"
	"golang.org/x/image/vector"

	"antin/assets"
)

// ScanOptions describe the scan of a page of paper: a decision of the invented
// commune with signature and seal. Everything may be left out.
type ScanOptions struct {
	W, H  float64 // mm of the paper; 0 = A4
	DPI   float64 // of the scanner; 0 = 300
	Skew  float64 // degrees by which the paper lies askew, clockwise
	Turn  int     // degrees clockwise by which the page was put in wrongly: 0, 90, 180, 270
	Blank bool    // an empty sheet
	Lines int     // of text; 0 = a full page
	Seed  uint64  // another text
	Paper color.RGBA
	Color ScanColor

	// How it is stored in the PDF.
	Codec  ScanCodec
	Tiles  int     // cut into so many rows and columns
	Strips int     // or into so many strips
	Rotate int     // /Rotate of the page, the picture placed so that it is seen upright
	Crop   float64 // mm cut off at each edge by /CropBox
	Scale  float64 // factor by which it is placed too small or too large; 0 = 1
	MRC    float64 // dpi of a coarse background under a mask with the text; 0 = one layer
	Faint  bool    // with MRC: the mask misses the text, which is in the background
	Unit   float64 // /UserUnit; 0 = 1

	Profile []byte // ICC profile of a JPEG's colours; nil = none
	Intent  []byte // and of the document's output intent, which the first page's options have
}

// ScanColor is what the scanner was set to.
type ScanColor int

// What a scanner can be set to.
const (
	ScanInColor ScanColor = iota
	ScanGray
	ScanGrayAsColor // grey, saved in RGB
	ScanBilevel
)

func (o ScanOptions) size() (w, h float64) { return cmp.Or(o.W, 210), cmp.Or(o.H, 297) }

// The ink of a printer as a scanner sees it, and the paper.
var (
	scanInk   = color.RGBA{R: 38, G: 36, B: 42, A: 255}
	scanPaper = color.RGBA{R: 247, G: 244, B: 238, A: 255}
)

// ScanPicture draws the scanned page: paper, print, signature and seal with the
// scanner's noise. The same options give the same picture.
func ScanPicture(o ScanOptions) (image.Image, error) {
	w, h := o.size()
	dpi := cmp.Or(o.DPI, 300)
	pw, ph := int(math.Round(w/25.4*dpi)), int(math.Round(h/25.4*dpi))
	if o.Turn%180 != 0 {
		pw, ph = ph, pw
	}
	if pw < 1 || ph < 1 || pw*ph > 80<<20 {
		return nil, fmt.Errorf("practice: a scan of %d × %d dots", pw, ph)
	}
	g := &glass{img: image.NewRGBA(image.Rect(0, 0, pw, ph)), rand: rand.New(rand.NewPCG(o.Seed, 30)), matrix: glassMatrix(o, w, h, float64(pw), float64(ph))}
	draw.Draw(g.img, g.img.Bounds(), image.NewUniform(cmp.Or(o.Paper, scanPaper)), image.Point{}, draw.Src)
	if !o.Blank {
		if err := g.page(w, h, cmp.Or(o.Lines, 1000)); err != nil {
			return nil, fmt.Errorf("drawing a scan: %w", err)
		}
	}
	g.noise(o.Seed)
	return inColor(g.img, o.Color), nil
}

// glassMatrix maps mm on the paper to dots.
func glassMatrix(o ScanOptions, w, h, pw, ph float64) f64.Aff3 {
	sin, cos := math.Sincos((o.Skew + float64(o.Turn)) * math.Pi / 180)
	k := cmp.Or(o.DPI, 300) / 25.4
	return f64.Aff3{
		k * cos, -k * sin, pw/2 - k*(cos*w/2-sin*h/2),
		k * sin, k * cos, ph/2 - k*(sin*w/2+cos*h/2),
	}
}

// glass is the scanner's glass with the paper on it.
type glass struct {
	img    *image.RGBA
	matrix f64.Aff3 // mm on the paper to dots
	rand   *rand.Rand
}

func (g *glass) page(w, h float64, lines int) error {
	regular, err := sfnt.Parse(assets.SerifRegular())
	if err != nil {
		return err
	}
	bold, err := sfnt.Parse(assets.SerifBold())
	if err != nil {
		return err
	}
	const em = 13 * 25.4 / 72
	for _, l := range []struct {
		text string
		x, y float64
		face *sfnt.Font
	}{
		{"ỦY BAN NHÂN DÂN", 0.3 * w, 24, regular},
		{"XÃ BÌNH MINH", 0.3 * w, 30, bold},
		{"CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 0.7 * w, 24, bold},
		{"Độc lập - Tự do - Hạnh phúc", 0.7 * w, 30, bold},
		{"QUYẾT ĐỊNH", 0.5 * w, 48, bold},
		{"Về việc kiện toàn Ban Chỉ đạo chuyển đổi số", 0.5 * w, 54, bold},
	} {
		if lines--; lines < 0 {
			return nil
		}
		if err := g.print(l.face, em*min(1, w/210), l.x, l.y, 0.5, l.text); err != nil {
			return err
		}
	}
	for y := 66.0; y < h-75; y += 6.6 {
		if lines--; lines < 0 {
			return nil
		}
		if err := g.print(regular, em, 30, y, 0, g.sentence(regular, em, w-30-18)); err != nil {
			return err
		}
	}
	if err := g.print(bold, em, 0.72*w, h-65, 0.5, "CHỦ TỊCH"); err != nil {
		return err
	}
	if err := g.print(bold, em, 0.72*w, h-35, 0.5, "Nguyễn Văn An"); err != nil {
		return err
	}
	stamps, err := scanStamps()
	if err != nil {
		return err
	}
	g.stamp(stamps[0], 0.72*w-20, h-60)
	g.stamp(stamps[1], 0.72*w-40, h-66)
	return nil
}

// sentence is a line of text as wide as w mm.
func (g *glass) sentence(face *sfnt.Font, em, w float64) string {
	o := outlines{face: face}
	line := ""
	for {
		next := line + scanWords[g.rand.IntN(len(scanWords))] + " "
		if o.width(next, em) > w {
			return line
		}
		line = next
	}
}

// scanWords are words of decisions.
var scanWords = []string{
	"Căn", "cứ", "Luật", "Tổ", "chức", "chính", "quyền", "địa", "phương", "ngày", "tháng", "năm", "quyết", "định", "thành", "lập",
	"Ban", "Chỉ", "đạo", "gồm", "các", "ông", "bà", "có", "tên", "sau", "đây", "trách", "nhiệm", "thi", "hành", "kể", "từ", "ký",
	"Văn", "phòng", "Hội", "đồng", "nhân", "dân", "và", "Ủy", "ban", "xã", "Bình", "Minh", "phối", "hợp", "thực", "hiện", "nghiêm", "túc",
	"việc", "chuyển", "đổi", "số", "phục", "vụ", "người", "doanh", "nghiệp", "theo", "quy", "báo", "cáo", "kết", "quả", "trước",
}

// print prints a line, its base line at y.
func (g *glass) print(face *sfnt.Font, em, x, y, align float64, text string) error {
	o := outlines{face: face}
	width := o.width(text, em)
	area := g.around(x-align*width-em, y-1.4*em, width+2*em, 2*em)
	if area.Empty() {
		return o.err
	}
	o.area = vector.NewRasterizer(area.Dx(), area.Dy())
	o.at = func(x, y float64) (float32, float32) {
		m := g.matrix
		return float32(m[0]*x + m[1]*y + m[2] - float64(area.Min.X)), float32(m[3]*x + m[4]*y + m[5] - float64(area.Min.Y))
	}
	o.line(text, em, x, y, align)
	o.area.Draw(g.img, area, image.NewUniform(scanInk), image.Point{})
	return o.err
}

// around is the part of the glass that a rectangle of the paper needs.
func (g *glass) around(x, y, w, h float64) image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, c := range [][2]float64{{x, y}, {x + w, y}, {x, y + h}, {x + w, y + h}} {
		px, py := g.matrix[0]*c[0]+g.matrix[1]*c[1]+g.matrix[2], g.matrix[3]*c[0]+g.matrix[4]*c[1]+g.matrix[5]
		x0, x1, y0, y1 = min(x0, px), max(x1, px), min(y0, py), max(y1, py)
	}
	return image.Rect(int(x0)-1, int(y0)-1, int(x1)+2, int(y1)+2).Intersect(g.img.Bounds())
}

// scanStamps are the signature and the seal, drawn once.
var scanStamps = sync.OnceValues(func() (out [2]image.Image, err error) {
	signature, err := SignaturePicture("Nguyễn Văn An", 1)
	if err != nil {
		return out, err
	}
	seal, err := SealPicture(SealOptions{})
	if err != nil {
		return out, err
	}
	for i, picture := range [][]byte{signature, seal} {
		if out[i], err = png.Decode(bytes.NewReader(picture)); err != nil {
			return out, err
		}
	}
	return out, nil
})

// stamp puts a picture of true size (600 dpi) on the paper.
func (g *glass) stamp(src image.Image, x, y float64) {
	m := g.matrix
	k := 1 / pixelsPerMM
	draw.BiLinear.Transform(g.img, f64.Aff3{
		m[0] * k, m[1] * k, m[0]*x + m[1]*y + m[2],
		m[3] * k, m[4] * k, m[3]*x + m[4]*y + m[5],
	}, src, src.Bounds(), draw.Over, nil)
}

// noise is that of the sensor: up to two steps in each colour.
func (g *glass) noise(seed uint64) {
	s := seed*0x9E3779B97F4A7C15 + 1
	for i := 0; i < len(g.img.Pix); i += 4 {
		s ^= s << 13
		s ^= s >> 7
		s ^= s << 17
		for k := range 3 {
			v := int(g.img.Pix[i+k]) + int(s>>(8*k)&3) - 1
			g.img.Pix[i+k] = uint8(max(0, min(255, v)))
		}
	}
}

// inColor is the picture as a scanner with that setting gives it.
func inColor(img *image.RGBA, c ScanColor) image.Image {
	if c == ScanInColor {
		return img
	}
	gray := image.NewGray(img.Bounds())
	for i := range gray.Pix {
		p := img.Pix[4*i:]
		l := (299*int(p[0]) + 587*int(p[1]) + 114*int(p[2])) / 1000
		if c == ScanBilevel {
			l = l / 150 * 255
		}
		gray.Pix[i] = uint8(min(255, l))
	}
	if c != ScanGrayAsColor {
		return gray
	}
	for i, l := range gray.Pix {
		img.Pix[4*i], img.Pix[4*i+1], img.Pix[4*i+2] = l, l, l
	}
	return img
}
