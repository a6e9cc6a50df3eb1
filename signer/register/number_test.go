package register

import (
	"errors"
	"testing"
)

func TestNumbers(t *testing.T) {
	for text, want := range map[string]struct {
		n    Number
		text string
		kind string
	}{
		"121/QĐ-UBND":        {Number{N: 121, Type: "QĐ", Body: "UBND"}, "121/QĐ-UBND", "Quyết định"},
		"5/TB-UBND":          {Number{N: 5, Type: "TB", Body: "UBND"}, "05/TB-UBND", "Thông báo"},
		" Số: 05 / TB-UBND ": {Number{N: 5, Type: "TB", Body: "UBND"}, "05/TB-UBND", "Thông báo"},
		"12a/QĐ-UBND":        {Number{N: 12, Suffix: "a", Type: "QĐ", Body: "UBND"}, "12a/QĐ-UBND", "Quyết định"},
		"15/UBND-VX":         {Number{N: 15, Body: "UBND-VX"}, "15/UBND-VX", "Công văn"},
		"12/2026/QĐ-UBND":    {Number{N: 12, Year: 2026, Type: "QĐ", Body: "UBND"}, "12/2026/QĐ-UBND", "Quyết định"},
		"05-NQ/ĐU":           {Number{N: 5, Type: "NQ", Body: "ĐU", Party: true}, "05-NQ/ĐU", "Nghị quyết"},
		"Số 15-CV/ĐU":        {Number{N: 15, Type: "CV", Body: "ĐU", Party: true}, "15-CV/ĐU", "Công văn"},
		"7/SY-UBND":          {Number{N: 7, Type: "SY", Body: "UBND"}, "07/SY-UBND", "Sao y"},
		"121/Q\u00D0-UBND":   {Number{N: 121, Type: "QĐ", Body: "UBND"}, "121/QĐ-UBND", "Quyết định"}, // Eth
		"121/QĐ-UBND\u0309":  {Number{N: 121, Type: "QĐ", Body: "UBND\u0309"}, "", ""},                // no letter: refused
		"21/CTr-UBND":        {Number{N: 21, Type: "CTr", Body: "UBND"}, "21/CTr-UBND", "Chương trình"},
		"3/GUQ-Co\u0302ngty": {Number{N: 3, Type: "GUQ", Body: "Côngty"}, "03/GUQ-Côngty", "Giấy ủy quyền"}, // NFD
		"2/XYZ-UBND":         {Number{N: 2, Body: "XYZ-UBND"}, "02/XYZ-UBND", "Công văn"},
		"0/QĐ-UBND":          {}, "121": {}, "": {}, "QĐ-UBND": {}, "121/": {}, "1234567/QĐ-UBND": {}, "-5/QĐ-UBND": {}, "1ab/QĐ-UBND": {},
	} {
		n, err := ParseNumber(text)
		if want.text == "" {
			if !errors.Is(err, ErrNumber) {
				t.Errorf("%q: got %+v, %v; want ErrNumber", text, n, err)
			}
			continue
		}
		if err != nil || n != want.n || n.String() != want.text || n.TypeName() != want.kind {
			t.Errorf("%q: got %+v %q %q, %v", text, n, n, n.TypeName(), err)
		}
	}
}

// What is composed is read back as the same number.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"121/QĐ-UBND", "05-NQ/ĐU", "12a/2026/QĐ-UBND", "15/UBND-VX", "Số: 7/SY-UBND", "1/1999/A"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			return
		}
		again, err := ParseNumber(n.String())
		if err != nil || again != n {
			t.Errorf("%q: %+v, read again from %q: %+v, %v", s, n, n.String(), again, err)
		}
	})
}
