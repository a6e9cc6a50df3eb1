package coarse

import (
	"fmt"
	"image"
	"math"
)

// Picture is a JPEG seen coarsely.
type Picture struct {
	// Image is an *image.Gray or an *image.YCbCr of Width·dots/8 × Height·dots/8
	// dots, rounded up.
	image.Image

	Width, Height int // samples that the JPEG has
}

// Decode sees one picture; see Decoder.
func Decode(data []byte, dots int) (*Picture, error) { return new(Decoder).Decode(data, dots) }

// Decoder sees one picture after the other with the same memory, which is about
// that of the largest one's dots and data. The zero value is ready. It is for one
// goroutine at a time.
type Decoder struct {
	pix     [3][]uint8
	segment []byte
}

// Decode sees the JPEG in data with 1 to 4 dots for eight samples in each
// direction. data is only read. The picture holds until the next one is seen.
// Errors: ErrKind, ErrDamaged, ErrLimit.
func (r *Decoder) Decode(data []byte, dots int) (*Picture, error) {
	if dots < 1 || dots > 4 {
		return nil, fmt.Errorf("%w: %d dots for eight samples", ErrKind, dots)
	}
	d := &decoder{Decoder: r, data: data, dots: dots}
	for k, at := range places[dots] {
		if at > 0 {
			d.last = k
		}
	}
	if err := d.run(); err != nil {
		return nil, err
	}
	if d.all == nil {
		return nil, damaged("no frame")
	}
	for i := range d.all {
		if !d.all[i].seen {
			return nil, damaged("component %d has no scan", d.all[i].id)
		}
	}
	if d.progressive {
		if err := d.render(); err != nil {
			return nil, err
		}
	}
	return d.picture()
}

// picture puts the components together.
func (d *decoder) picture() (*Picture, error) {
	bounds := image.Rect(0, 0, ceil(d.width*d.dots, 8), ceil(d.height*d.dots, 8))
	stride := func(c *component) int { return c.stride * d.dots }
	if len(d.all) == 1 {
		c := &d.all[0]
		return &Picture{&image.Gray{Pix: c.pix, Stride: stride(c), Rect: bounds}, d.width, d.height}, nil
	}
	if err := d.inYCbCr(); err != nil {
		return nil, err
	}
	y, cb, cr := &d.all[0], &d.all[1], &d.all[2]
	ratio, ok := map[[2]byte]image.YCbCrSubsampleRatio{
		{1, 1}: image.YCbCrSubsampleRatio444, {2, 1}: image.YCbCrSubsampleRatio422, {2, 2}: image.YCbCrSubsampleRatio420,
		{1, 2}: image.YCbCrSubsampleRatio440, {4, 1}: image.YCbCrSubsampleRatio411, {4, 2}: image.YCbCrSubsampleRatio410,
	}[[2]byte{y.h / cb.h, y.v / cb.v}]
	if !ok || cb.h != cr.h || cb.v != cr.v || y.h%cb.h != 0 || y.v%cb.v != 0 {
		return nil, kind("components of %d, %d and %d to %d samples", y.h, y.v, cb.h, cb.v)
	}
	return &Picture{&image.YCbCr{
		Y: y.pix, Cb: cb.pix, Cr: cr.pix, YStride: stride(y), CStride: stride(cb), SubsampleRatio: ratio, Rect: bounds,
	}, d.width, d.height}, nil
}

// inYCbCr tells kinds of colours apart as readers agree to: by the segment of
// Adobe, else by that of JFIF or the usual numbers of the components.
func (d *decoder) inYCbCr() error {
	usual := d.all[0].id == 1 && d.all[1].id == 2 && d.all[2].id == 3
	switch {
	case d.adobe == 2, d.adobe == 0 && (d.jfif || usual):
		return nil
	}
	return kind("colours that are not YCbCr")
}

// places are, for 1 to 4 dots, where the coefficients in zigzag order (figure A.6)
// stand among the lowest dots × dots, row by row. 0 is none, save the first.
var places = func() (out [5][64]int) {
	x, y, step := 0, 0, -1
	for k := range 64 {
		for dots := 1; dots <= 4; dots++ {
			if x < dots && y < dots {
				out[dots][k] = y*dots + x
			}
		}
		// Along a diagonal, and at its end to the next one.
		switch nx, ny := x-step, y+step; {
		case nx > 7:
			y, step = y+1, -step
		case ny > 7:
			x, step = x+1, -step
		case ny < 0:
			x, step = nx, -step
		case nx < 0:
			y, step = ny, -step
		default:
			x, y = nx, ny
		}
	}
	return out
}()

// cosines are, for 1 to 4 dots, what coefficient u adds to dot x at [x·dots+u], in
// 1/4096: those of A.3.3 for blocks of that size.
var cosines = func() (out [5][16]int) {
	for n := 1; n <= 4; n++ {
		for x := range n {
			out[n][x*n] = 4096
			for u := 1; u < n; u++ {
				out[n][x*n+u] = int(math.Round(4096 * math.Sqrt2 * math.Cos(float64((2*x+1)*u)*math.Pi/float64(2*n))))
			}
		}
	}
	return out
}()

// flat makes the dots of a block that has its mean alone; stride is from one row
// of dots to the next.
func (d *decoder) flat(pix []uint8, stride, dc int) {
	v := shade(dc, 3)
	for y := range d.dots {
		row := pix[y*stride:][:d.dots]
		for x := range row {
			row[x] = v
		}
	}
}

// inverse makes the dots of a block (A.3.3).
func (d *decoder) inverse(pix []uint8, stride int, low *[16]int) {
	n := d.dots
	if n == 2 {
		a, b := low[0]+low[1], low[0]-low[1]
		e, f := low[2]+low[3], low[2]-low[3]
		pix[0], pix[1] = shade(a+e, 3), shade(b+f, 3)
		pix[stride], pix[stride+1] = shade(a-e, 3), shade(b-f, 3)
		return
	}
	cos := &cosines[n]
	var rows [16]int // by row of coefficients, in 1/4096
	for v := range n {
		for x := range n {
			sum := 0
			for u := range n {
				sum += cos[x*n+u] * low[v*n+u]
			}
			rows[v*n+x] = sum
		}
	}
	for y := range n {
		for x := range n {
			sum := 0
			for v := range n {
				sum += cos[y*n+v] * rows[v*n+x]
			}
			pix[y*stride+x] = shade(sum, 27)
		}
	}
}

// shade is a value with so many bits behind the point, around 128, as a sample
// (A.3.1).
func shade(v, point int) uint8 {
	return uint8(max(0, min(255, (v+1<<(point-1))>>point+128)))
}
