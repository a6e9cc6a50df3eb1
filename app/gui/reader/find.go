package reader

import (
	"math"
	"strings"
	"unicode"

	"antin/signer/pagetext"
	"antin/signer/pdffile"

	"golang.org/x/text/unicode/norm"
)

// pattern is what is looked for: upper and lower case are the same, runs of
// spaces and the end of a line one space, and, when it has no accents itself,
// letters with and without.
type pattern struct {
	runes []rune
	bare  bool
}

func newPattern(text string) pattern {
	text = norm.NFC.String(strings.Join(strings.Fields(text), " "))
	p := pattern{bare: true}
	for _, c := range text {
		p.bare = p.bare && withoutAccents(c) == c
	}
	for _, c := range text {
		p.runes = append(p.runes, p.fold(c))
	}
	return p
}

func (p pattern) fold(c rune) rune {
	if p.bare {
		c = withoutAccents(c)
	}
	if unicode.IsSpace(c) {
		return ' '
	}
	return unicode.ToLower(c)
}

func withoutAccents(c rune) rune {
	switch c {
	case '\u0111':
		return 'd'
	case '\u0110':
		return 'D'
	}
	for _, first := range norm.NFD.String(string(c)) {
		return first
	}
	return c
}

// find returns the places of the pattern on a page, for each hit one box in every
// line that it stands in. An empty pattern stands nowhere.
func (p pattern) find(t *pagetext.Text) [][]pdffile.Box {
	if len(p.runes) == 0 {
		return nil
	}
	lines := make([][]rune, len(t.Lines))
	for i, line := range t.Lines {
		for _, c := range line.Chars {
			lines[i] = append(lines[i], p.fold(c.Rune))
		}
	}
	below := following(t.Lines)
	var out [][]pdffile.Box
	for n := range lines {
		for from := 0; from < len(lines[n]); from++ {
			spans := p.match(lines, below, n, from)
			if spans == nil {
				continue
			}
			var boxes []pdffile.Box
			for _, s := range spans {
				boxes = append(boxes, place(t.Lines[s.line], s.from, s.to))
			}
			out = append(out, boxes)
			from = spans[0].to - 1
		}
	}
	return out
}

// span is a part of a line, by its characters.
type span struct{ line, from, to int }

// match follows the pattern from a character of a line on, over the ends of lines;
// nil when it does not stand there.
func (p pattern) match(lines [][]rune, below []int, n, from int) []span {
	var spans []span
	at := from
	for k := 0; k < len(p.runes); {
		line := lines[n]
		switch {
		case at < len(line) && p.runes[k] == ' ' && line[at] == ' ':
			for at < len(line) && line[at] == ' ' {
				at++
			}
			k++
		case at < len(line) && line[at] == p.runes[k]:
			at++
			k++
		case k > 0 && blank(line, at) && below[n] >= 0 && (p.runes[k] == ' ' || p.runes[k-1] == ' ' || breaksAfter(p.runes[k-1])):
			for at > from+1 && line[at-1] == ' ' {
				at--
			}
			spans = append(spans, span{n, from, at})
			n, from = below[n], 0
			for from < len(lines[n]) && lines[n][from] == ' ' {
				from++
			}
			at = from
			if p.runes[k] == ' ' {
				k++
			}
		default:
			return nil
		}
	}
	return append(spans, span{n, from, at})
}

// blank tells whether nothing but spaces follows in the line.
func blank(line []rune, at int) bool {
	for _, c := range line[at:] {
		if c != ' ' {
			return false
		}
	}
	return true
}

// breaksAfter tells whether a line may end behind this character in the middle of a
// word, as in 121/QĐ-UBND. Vietnamese has no hyphenation.
func breaksAfter(c rune) bool { return c == '-' || c == '/' }

// following is, for each line, the one in which its text goes on: the nearest below
// that stands under it and is of about the same size; -1 for none.
func following(lines []pagetext.Line) []int {
	below := make([]int, len(lines))
	for i, a := range lines {
		below[i] = -1
		nearest := math.Inf(1)
		for j := i + 1; j < len(lines) && lines[j].Box.Y < a.Box.Y+4*a.Box.H; j++ { // they come top to bottom
			b := lines[j]
			gap := b.Baseline - a.Baseline
			sameKind := a.Horizontal() && b.Horizontal() && math.Abs(a.Size-b.Size) <= 0.25*a.Size
			under := b.Box.X < a.X1() && a.Box.X < b.X1()
			if sameKind && under && gap > 0.5*a.Box.H && gap < 3*a.Box.H && gap < nearest {
				nearest, below[i] = gap, j
			}
		}
	}
	return below
}

// place is where characters of a line stand; of a line that does not read from
// left to right, the whole line.
func place(line pagetext.Line, from, to int) pdffile.Box {
	b := line.Box
	if line.Horizontal() && from < to {
		b.X = line.Chars[from].X0
		b.W = line.Chars[to-1].X1 - b.X
	}
	return b
}
