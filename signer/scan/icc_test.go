package scan

import (
	"encoding/binary"
	"math"
	"testing"

	"antin/assets"
	"antin/signer/practice"
)

// iccOf is an ICC profile of a colour space with these tags.
func iccOf(space string, tags ...[]byte) []byte {
	table := binary.BigEndian.AppendUint32(nil, uint32(len(tags)))
	var data []byte
	for _, t := range tags {
		table = append(table, t[:4]...)
		table = binary.BigEndian.AppendUint32(table, uint32(132+12*len(tags)+len(data)))
		table = binary.BigEndian.AppendUint32(table, uint32(len(t)-4))
		data = append(data, t[4:]...)
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, uint32(132+12*len(tags)+len(data)))
	binary.BigEndian.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntr"+space+"XYZ ")
	copy(head[36:], "acsp")
	for i, v := range []float64{0.9642, 1, 0.8249} { // D50
		binary.BigEndian.PutUint32(head[68+4*i:], uint32(math.Round(v*65536)))
	}
	return append(append(head, table...), data...)
}

func numbers(tag, kind string, values ...float64) []byte {
	out := append([]byte(tag+kind), 0, 0, 0, 0)
	if kind == "para" {
		out = append(out, 0, byte(map[int]int{1: 0, 5: 3}[len(values)]), 0, 0)
	}
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, uint32(int32(math.Round(v*65536))))
	}
	return out
}

// tones is a curve of n values, each of x^gamma.
func tones(tag string, n int, gamma float64) []byte {
	out := binary.BigEndian.AppendUint32(append([]byte(tag+"curv"), 0, 0, 0, 0), uint32(n))
	for i := range n {
		v := math.Pow(float64(i)/float64(n-1), gamma) * 65535
		if n == 1 {
			v = gamma * 256
		}
		out = binary.BigEndian.AppendUint16(out, uint16(math.Round(v)))
	}
	return out
}

var (
	redOfSRGB   = numbers("rXYZ", "XYZ ", 0.43607, 0.22249, 0.01392)
	greenOfSRGB = numbers("gXYZ", "XYZ ", 0.38515, 0.71687, 0.09708)
	blueOfSRGB  = numbers("bXYZ", "XYZ ", 0.14307, 0.06061, 0.7141)
)

func rgbProfile(curve func(tag string) []byte, more ...[]byte) []byte {
	return iccOf("RGB ", append([][]byte{redOfSRGB, greenOfSRGB, blueOfSRGB, curve("rTRC"), curve("gTRC"), curve("bTRC")}, more...)...)
}

func gamma(n int, g float64) func(string) []byte {
	return func(tag string) []byte { return tones(tag, n, g) }
}

func parametric(values ...float64) func(string) []byte {
	return func(tag string) []byte { return numbers(tag, "para", values...) }
}

func TestUsualProfiles(t *testing.T) {
	srgb := assets.Report("sRGB2014.icc")
	for name, c := range map[string]struct {
		profile    []byte
		components int
		want       bool
	}{
		"sRGB2014":             {srgb, 3, true},
		"gamma 2.2":            {rgbProfile(gamma(1, 2.2)), 3, true},
		"a table":              {rgbProfile(gamma(256, 2.2)), 3, true},
		"sRGB's formula":       {rgbProfile(parametric(2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)), 3, true},
		"gamma as a formula":   {rgbProfile(parametric(2.2)), 3, true},
		"grey":                 {iccOf("GRAY", tones("kTRC", 1, 2.2)), 1, true},
		"dark grey":            {iccOf("GRAY", tones("kTRC", 1, 3)), 1, false},
		"linear":               {rgbProfile(gamma(1, 1)), 3, false},
		"gamma 1.8":            {rgbProfile(gamma(64, 1.8)), 3, false},
		"no values":            {rgbProfile(gamma(0, 1)), 3, false},
		"other components":     {srgb, 1, false},
		"wide primaries":       {iccOf("RGB ", numbers("rXYZ", "XYZ ", 0.6097, 0.3111, 0.0195), greenOfSRGB, blueOfSRGB, tones("rTRC", 1, 2.2), tones("gTRC", 1, 2.2), tones("bTRC", 1, 2.2)), 3, false},
		"red and blue swapped": {iccOf("RGB ", append([]byte("rXYZ"), blueOfSRGB[4:]...), greenOfSRGB, append([]byte("bXYZ"), redOfSRGB[4:]...), tones("rTRC", 1, 2.2), tones("gTRC", 1, 2.2), tones("bTRC", 1, 2.2)), 3, false},
		"tables before it":     {rgbProfile(gamma(1, 2.2), append([]byte("A2B0mft2"), make([]byte, 48)...)), 3, false},
		"CMYK":                 {iccOf("CMYK", tones("kTRC", 1, 2.2)), 4, false},
		"cut short":            {srgb[:len(srgb)-1], 3, false},
		"nothing":              {nil, 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := iccUsual(c.profile, c.components); got != c.want {
				t.Errorf("usual: %v", got)
			}
		})
	}
}

// Pages with a profile of other colours are drawn, those with that of sRGB need
// not be; an output intent says the same for the whole document.
func TestPagesWithProfiles(t *testing.T) {
	srgb, linear := assets.Report("sRGB2014.icc"), rgbProfile(gamma(1, 1))
	type so = practice.ScanOptions
	for name, c := range map[string]struct {
		options so
		seen    bool
	}{
		"sRGB":           {so{Profile: srgb}, true},
		"sRGB as intent": {so{Intent: srgb}, true},
		"both":           {so{Profile: srgb, Intent: srgb}, true},
		"grey":           {so{Color: practice.ScanGray, Profile: iccOf("GRAY", tones("kTRC", 1, 2.2))}, true},
		"linear":         {so{Profile: linear}, false},
		"linear intent":  {so{Intent: linear}, false},
	} {
		t.Run(name, func(t *testing.T) {
			c.options.DPI, c.options.Lines = 200, 5
			pdf, err := practice.ScanPDF(c.options)
			if err != nil {
				t.Fatal(err)
			}
			seen, looked := both(t, pdf)
			if (seen != nil) != c.seen {
				t.Fatalf("seen without being drawn: %v", seen != nil)
			}
			if seen == nil {
				return
			}
			a, _ := seen.means(30, 42)
			b, _ := looked.means(30, 42)
			for i := range a {
				if math.Abs(a[i]-b[i]) > 15 {
					t.Fatalf("brightness %.1f, drawn %.1f", a[i], b[i])
				}
			}
		})
	}
}
