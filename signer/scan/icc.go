package scan

import (
	"encoding/binary"
	"errors"
	"math"

	"antin/signer/pdffile"
)

// A scanner's pictures often have the ICC profile of sRGB, and PDF/A has it as its
// output intent. It says what readers take DeviceRGB for anyway; any other profile
// has a page drawn.

const (
	maxProfile  = 16 << 10 // bytes as stored; profiles of sRGB have 3 KB
	maxProfiles = 8        // of a document
	nearXYZ     = 0.01     // of the primaries
	nearTone    = 0.04     // of the way from black to white
)

// usualColours tells that an ICC profile of so many components is that of sRGB, or
// of greys with its tones.
func (c *check) usualColours(profile pdffile.Object, components int) bool {
	ref, _ := profile.(pdffile.Ref)
	if known, ok := c.profiles[ref]; ok {
		return known
	}
	if ref == (pdffile.Ref{}) || len(c.profiles) >= maxProfiles {
		return false
	}
	usual := false
	o, _ := c.file.Resolve(ref)
	if s, ok := o.(*pdffile.Stream); ok {
		n, _ := c.file.Int(s.Dict["N"])
		raw, err := c.file.Raw(s)
		if err == nil && n == components && len(raw) <= maxProfile {
			data, err := c.file.Decode(s)
			usual = err == nil && iccUsual(data, components)
		}
	}
	if c.profiles == nil {
		c.profiles = map[pdffile.Ref]bool{}
	}
	c.profiles[ref] = usual
	return usual
}

// usualIntents tells that no output intent changes what DeviceRGB and DeviceGray
// look like (ISO 32000-1, 14.11.5). One of four components cannot.
func (c *check) usualIntents(catalog pdffile.Dict) bool {
	for _, o := range c.file.Array(catalog["OutputIntents"]) {
		profile := c.file.Dict(o)["DestOutputProfile"]
		n, _ := c.file.Int(c.file.Dict(profile)["N"])
		if n != 4 && !c.usualColours(profile, n) {
			return false
		}
	}
	return true
}

var errICC = errors.New("scan: not a plain ICC profile")

// iccUsual reads a profile of matrix and curves (ICC.1:2010, 8.3.3, 8.3.4).
func iccUsual(data []byte, components int) bool {
	if len(data) < 132 || string(data[36:40]) != "acsp" || string(data[20:24]) != "XYZ " {
		return false
	}
	tags := map[string][]byte{}
	for i := range min(100, int(binary.BigEndian.Uint32(data[128:]))) {
		if len(data) < 132+12*(i+1) {
			return false
		}
		t := data[132+12*i:]
		from, n := uint64(binary.BigEndian.Uint32(t[4:])), uint64(binary.BigEndian.Uint32(t[8:]))
		if from+n > uint64(len(data)) {
			return false
		}
		tags[string(t[:4])] = data[from : from+n]
	}
	if tags["A2B0"] != nil || tags["D2B0"] != nil { // tables, which come before the matrix
		return false
	}
	switch space := string(data[16:20]); {
	case space == "GRAY" && components == 1:
		return usualTones(tags["kTRC"])
	case space == "RGB " && components == 3:
		// sRGB's primaries, adapted to D50.
		return usualTones(tags["rTRC"]) && usualTones(tags["gTRC"]) && usualTones(tags["bTRC"]) &&
			isXYZ(tags["rXYZ"], 0.4361, 0.2225, 0.0139) && isXYZ(tags["gXYZ"], 0.3851, 0.7169, 0.0971) && isXYZ(tags["bXYZ"], 0.1431, 0.0606, 0.7141)
	}
	return false
}

// isXYZ tells that an XYZType (10.27) is near to a colour.
func isXYZ(tag []byte, xyz ...float64) bool {
	if len(tag) < 20 || string(tag[:4]) != "XYZ " {
		return false
	}
	for i, want := range xyz {
		if math.Abs(fixed(tag[8+4*i:])-want) > nearXYZ {
			return false
		}
	}
	return true
}

// fixed is an s15Fixed16Number (4.6).
func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// usualTones tells that a curve is about that of sRGB, as one of gamma 2.2 is.
func usualTones(tag []byte) bool {
	curve, err := toneCurve(tag)
	if err != nil {
		return false
	}
	for i := 1; i < 16; i++ {
		x := float64(i) / 16
		if y := curve(x); !(y >= 0 && math.Abs(srgbTone(y)-x) <= nearTone) {
			return false
		}
	}
	return true
}

// srgbTone is the sample for a brightness, both 0 to 1 (IEC 61966-2-1, 5.2).
func srgbTone(y float64) float64 {
	if y <= 0.0031308 {
		return 12.92 * y
	}
	return 1.055*math.Pow(y, 1/2.4) - 0.055
}

// toneCurve reads a curveType (10.5) or a parametricCurveType (10.15).
func toneCurve(tag []byte) (func(float64) float64, error) {
	if len(tag) < 12 {
		return nil, errICC
	}
	switch string(tag[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(tag[8:]))
		values := tag[12:]
		if n < 1 || n > len(values)/2 {
			return nil, errICC
		}
		at := func(i int) float64 { return float64(binary.BigEndian.Uint16(values[2*i:])) }
		if n == 1 {
			return func(x float64) float64 { return math.Pow(x, at(0)/256) }, nil
		}
		return func(x float64) float64 {
			i, rest := math.Modf(x * float64(n-1))
			low := at(int(i))
			return (low + rest*(at(min(int(i)+1, n-1))-low)) / 65535
		}, nil
	case "para":
		kind := binary.BigEndian.Uint16(tag[8:])
		count, ok := map[uint16]int{0: 1, 3: 5}[kind]
		if !ok || len(tag) < 12+4*count {
			return nil, errICC
		}
		g := fixed(tag[12:])
		if kind == 0 {
			return func(x float64) float64 { return math.Pow(x, g) }, nil
		}
		a, b, c, d := fixed(tag[16:]), fixed(tag[20:]), fixed(tag[24:]), fixed(tag[28:])
		return func(x float64) float64 {
			if x >= d {
				return math.Pow(a*x+b, g)
			}
			return c * x
		}, nil
	}
	return nil, errICC
}
