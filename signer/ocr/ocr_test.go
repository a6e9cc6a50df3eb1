package ocr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
	"antin/signer/practice/machine"
)

// TestRead: the words of a decision, drawn as a picture, are found where they
// stand.
func TestRead(t *testing.T) {
	e, err := Find(t.Context())
	if err != nil {
		machine.Lacks(t, "nothing to read with: ", err)
	}
	pdf, _, err := practice.Decision(practice.DecisionOptions{})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "qd.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	want := boxes(t, path)
	got, err := e.Read(t.Context(), drawn(t, path), DPI)
	if err != nil {
		t.Fatal(err)
	}
	right := 0
	for _, w := range want {
		for _, g := range got {
			if g.Text == w.Text && math.Abs(g.X-w.X) < 2 && math.Abs(g.Y-w.Y) < 3 {
				right++
				break
			}
		}
	}
	if share := float64(right) / float64(len(want)); share < 0.9 {
		t.Errorf("%d of %d words", right, len(want))
	}
	t.Logf("%d of %d words", right, len(want))
}

// drawn is page 1 as poppler draws it.
func drawn(t *testing.T, path string) *image.RGBA {
	t.Helper()
	out, err := exec.Command("pdftoppm", "-r", strconv.Itoa(DPI), "-f", "1", "-l", "1", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var w, h, most int
	head := bytes.SplitN(out, []byte("\n"), 4)
	if _, err := fmt.Sscanf(string(head[1])+" "+string(head[2]), "%d %d %d", &w, &h, &most); err != nil {
		t.Fatal(err)
	}
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		copy(p.Pix[4*i:], head[3][3*i:3*i+3])
		p.Pix[4*i+3] = 255
	}
	return p
}

var bbox = regexp.MustCompile(`<word xMin="([0-9.]+)" yMin="([0-9.]+)" xMax="([0-9.]+)" yMax="([0-9.]+)">([^<]*)</word>`)

// boxes are the words of page 1 as poppler finds them.
func boxes(t *testing.T, path string) (out []Word) {
	t.Helper()
	text, err := exec.Command("pdftotext", "-f", "1", "-l", "1", "-bbox", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range bbox.FindAllStringSubmatch(string(text), -1) {
		var v [4]float64
		for i := range v {
			v[i], _ = strconv.ParseFloat(m[i+1], 64)
			v[i] *= 25.4 / 72
		}
		out = append(out, Word{m[5], pdffile.Box{X: v[0], Y: v[1], W: v[2] - v[0], H: v[3] - v[1]}})
	}
	return out
}

// TestLayer: other readers find the words in their places on pages turned any
// way, and see nothing of them.
func TestLayer(t *testing.T) {
	words := []Word{
		{"Nghị", pdffile.Box{X: 40, Y: 30, W: 12, H: 5}},
		{"định", pdffile.Box{X: 54, Y: 30, W: 11, H: 5}},
		{"30/2020/NĐ-CP", pdffile.Box{X: 40, Y: 60, W: 40, H: 6}},
	}
	for _, turn := range []int{0, 90, 180, 270} {
		t.Run(strconv.Itoa(turn), func(t *testing.T) {
			b := shapes.NewBuilder("1.7")
			tree := b.Reserve()
			page := b.Add("<</Type/Page/Parent %v/MediaBox[10 20 605 862]/Rotate %d>>", tree, turn)
			b.Set(tree, "<</Type/Pages/Kids[%v]/Count 1>>", page)
			b.Root = b.Add("<</Type/Catalog/Pages %v>>", tree)
			data := b.Table()
			f, err := pdffile.Read(bytes.NewReader(data), int64(len(data)), pdffile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if _, err := f.Extract(t.Context(), &out, pdffile.Extraction{
				Pages: []int{1}, PDFA: true, Title: "Hồ sơ", Made: time.Now(),
				Over: func(_ int, p pdffile.Page, add pdffile.Adder) ([]byte, pdffile.Dict, error) {
					return Layer(words, p), pdffile.Dict{FontName: Font(add)}, nil
				},
			}); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "x.pdf")
			if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			if o := practice.QPDF(path, ""); !o.Accepts {
				t.Error(o.Error())
			}
			got := boxes(t, path)
			if len(got) != len(words) {
				t.Fatalf("found %v", got)
			}
			for i, w := range words {
				if g := got[i]; g.Text != w.Text || math.Abs(g.X-w.X) > 0.5 || math.Abs(g.X+g.W-w.X-w.W) > 2 || math.Abs(g.Y-w.Y) > 2 {
					t.Errorf("%v, want %v", g, w)
				}
			}
			for i, v := range drawn(t, path).Pix {
				if v != 255 {
					t.Fatalf("pixel %d is not white", i/4)
				}
			}
			fonts, err := exec.Command("pdffonts", path).CombinedOutput()
			if c := strings.Fields(strings.Split(string(fonts), "\n")[2]); err != nil || len(c) < 7 || strings.Join(c[len(c)-5:len(c)-2], " ") != "yes no yes" {
				t.Errorf("embedded, whole, readable as text: %v\n%s", err, fonts)
			}
		})
	}
}

// TestEngineEnds: a program that hangs, fails or talks nonsense costs its page.
func TestEngineEnds(t *testing.T) {
	blank := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for name, c := range map[string]struct {
		script string
		cancel bool
		want   error
	}{
		"hangs":     {"sleep 60", false, ErrFailed},
		"cancelled": {"sleep 60", true, context.Canceled},
		"fails":     {"echo no memory >&2; exit 1", false, ErrFailed},
		"nonsense":  {"printf '5\\t1\\t1\\t1\\t1\\t1\\tx\\t0\\t1\\t1\\t9\\tword\\n'", false, ErrFailed},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), program)
			if err := os.WriteFile(path, []byte("#!/bin/sh\n"+c.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if c.cancel {
				time.AfterFunc(100*time.Millisecond, cancel)
			}
			since := time.Now()
			_, err := (&Engine{path: path, Limit: 300 * time.Millisecond}).Read(ctx, blank, DPI)
			if !errors.Is(err, c.want) || time.Since(since) > 5*time.Second {
				t.Errorf("%v after %v, want %v", err, time.Since(since), c.want)
			}
		})
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(t.Context()); !errors.Is(err, ErrMissing) {
		t.Errorf("without the program: %v", err)
	}
}

func FuzzWords(f *testing.F) {
	f.Add("level\tpage_num\n5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tNghị\n")
	f.Add("5\t1\t1\t1\t1\t1\t-10\t20\t30\t40\t96.5\tNghị\n5\t\t\t\t\t\t\t\t\t\t\t")
	f.Fuzz(func(t *testing.T, table string) {
		found, err := words(strings.NewReader(table), 0.1)
		for _, w := range found {
			if err != nil || strings.TrimSpace(w.Text) == "" || w.X < 0 || w.Y < 0 || w.W < 0 || w.H < 0 {
				t.Errorf("%v, %v", w, err)
			}
		}
	})
}
