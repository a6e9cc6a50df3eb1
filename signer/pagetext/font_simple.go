package pagetext

import (
	"bytes"
	"strings"

	"antin/signer/pdffile"
	"antin/signer/pdffile/content"
)

// symbolic is the flag of fonts outside the standard Latin character set (9.8.2).
const symbolic = 1 << 2

// simpleFont reads widths and encoding of a Type1, TrueType or Type3 font.
func (p *page) simpleFont(n *font, d, descriptor pdffile.Dict) {
	f := p.r.f
	if f.Name(d["Subtype"]) == "Type3" {
		n.drawn = true
		if a := f.Array(d["FontMatrix"]); len(a) >= 6 {
			for i := range n.glyphSpace {
				n.glyphSpace[i], _ = f.Number(a[i])
			}
		}
		if !sane(n.glyphSpace) || n.glyphSpace[0] == 0 {
			n.glyphSpace = content.Matrix{0.001, 0, 0, 0.001, 0, 0}
		}
	}
	p.simpleTexts(n, d, descriptor)
	first, _ := f.Int(d["FirstChar"])
	widths := f.Array(d["Widths"])
	missing, _ := f.Number(descriptor["MissingWidth"])
	metrics := standardWidths(n.name)
	for c := range n.widths {
		n.widths[c] = missing
		if i := c - first; i >= 0 && i < len(widths) {
			if w, ok := f.Number(widths[i]); ok && w >= -1e4 && w <= 1e5 {
				n.widths[c] = w
			}
		} else if len(widths) == 0 {
			n.widths[c] = metrics(n.texts[c]) // one of the standard 14 fonts (9.6.2.2)
		}
	}
}

// simpleTexts are the characters of the codes by /Encoding (9.6.6).
func (p *page) simpleTexts(n *font, d, descriptor pdffile.Dict) {
	f := p.r.f
	flags, hasFlags := f.Int(descriptor["Flags"])
	encoding, _ := f.Resolve(d["Encoding"])
	var differences pdffile.Array
	base := ""
	given := false
	switch e := encoding.(type) {
	case pdffile.Name:
		base, given = string(e), true
	case pdffile.Dict:
		base = string(f.Name(e["BaseEncoding"]))
		differences = f.Array(e["Differences"])
		given = base != ""
	}
	subtype := f.Name(d["Subtype"])
	builtIn := !given && (subtype == "Type3" || subtype == "TrueType" && hasFlags && flags&symbolic != 0)
	if builtIn {
		// Codes of an encoding inside the font program: only the program tells.
		if data, ok := p.stream(descriptor["FontFile2"]); ok {
			if t, ok := parseTrueType(data); ok {
				for c := range n.texts {
					n.texts[c] = t.textOfCode(c)
				}
			}
		}
		if subtype == "TrueType" && n.toUnicode == nil {
			p.guessTexts(n, d)
		}
	} else {
		if base == "" && subtype == "TrueType" {
			base = "WinAnsiEncoding"
		}
		for c, r := range baseEncoding(base) {
			if r != 0 {
				n.texts[c] = string(r)
			}
		}
		if data, ok := p.stream(descriptor["FontFile"]); ok && !given {
			programTexts(n, data)
		}
	}
	c := 0
	for i, o := range differences {
		if i > maxItems {
			break
		}
		v, _ := f.Resolve(o)
		switch v := v.(type) {
		case pdffile.Name:
			if c >= 0 && c < 256 {
				n.texts[c], _ = glyphText(string(v))
				c++
			}
		default:
			if num, ok := f.Int(v); ok {
				c = num
			}
		}
	}
}

// guessTexts takes the codes of a font that tells nothing for those of
// WinAnsiEncoding when the widths of its ASCII letters are those of Times or
// Helvetica. Ghostscript writes such fonts; others number the glyphs as they
// come, and those must stay unknown.
func (p *page) guessTexts(n *font, d pdffile.Dict) {
	for _, text := range n.texts {
		if text != "" {
			return
		}
	}
	first, _ := p.r.f.Int(d["FirstChar"])
	widths := p.r.f.Array(d["Widths"])
	for _, name := range []string{"Times", "Times-Bold", "Times-Italic", "Times-BoldItalic", "Helvetica"} {
		metrics := standardWidths(name)
		seen, fit := 0, 0
		for i, o := range widths {
			w, ok := p.r.f.Number(o)
			if c := first + i; ok && w > 0 && c > ' ' && c <= '~' {
				seen++
				if m := metrics(string(rune(c))); w > m-8 && w < m+8 {
					fit++
				}
			}
		}
		if seen >= 3 && fit*10 >= seen*9 {
			for c, r := range baseEncoding("WinAnsiEncoding") {
				if r != 0 {
					n.texts[c] = string(r)
				}
			}
			return
		}
	}
}

// programTexts reads the encoding of a Type 1 program, which stands in clear
// text as "dup 65 /A put".
func programTexts(n *font, program []byte) {
	i := bytes.Index(program, []byte("/Encoding"))
	if i < 0 {
		return
	}
	l := content.NewLexer(program[i:min(len(program), i+32<<10)])
	var before content.Operand
	for range 4096 {
		o, ok := l.Next()
		if !ok || (o.Is("def") || o.Is("eexec")) && before.Kind == content.Keyword {
			return
		}
		if o.Kind == content.Name && before.Kind == content.Number && before.Num >= 0 && before.Num < 256 {
			if s, ok := glyphText(string(o.Text)); ok {
				n.texts[int(before.Num)] = s
			}
		}
		before = o
	}
}

// helvetica are the widths of Helvetica from the space to the tilde.
var helvetica = [...]float64{
	278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
	556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
	1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
	667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
	333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
	556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
}

// standardWidths are the widths of a standard font that brings none: exact for
// Courier and upright Helvetica, and for Times those of the embedded typeface.
func standardWidths(name string) func(text string) float64 {
	lower := strings.ToLower(name)
	switch {
	case strings.HasPrefix(lower, "courier"):
		return func(string) float64 { return 600 }
	case strings.HasPrefix(lower, "helvetica"), strings.HasPrefix(lower, "arial"):
		return func(text string) float64 {
			if len(text) == 1 && text[0] >= ' ' && text[0] <= '~' {
				return helvetica[text[0]-' ']
			}
			return 556
		}
	}
	advance := serifWidths(strings.Contains(lower, "bold"), strings.Contains(lower, "italic"))
	return func(text string) float64 {
		for _, r := range text {
			return advance(r)
		}
		return 250
	}
}
