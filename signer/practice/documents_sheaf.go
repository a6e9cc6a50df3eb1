package practice

import (
	"fmt"
	"strings"
)

// sheaf is a document in the making: texts and rules on A4 sheets, in mm from
// the top left corner.
type sheaf struct {
	faces                    faces
	left, right, top, bottom float64 // margins
	page                     int
	y                        float64 // top of the next line
	footer                   bool
	marks                    []textMark
	rules                    []ruleMark
}

// textMark is a text in one style.
type textMark struct {
	page        int
	style       string
	size        float64 // pt
	x, baseline float64
	text        string
	gap         float64 // width of its spaces; 0: the typeface's
}

type ruleMark struct {
	page           int
	x0, y0, x1, y1 float64
}

func newSheaf(f faces) *sheaf {
	return &sheaf{faces: f, left: marginLeft, right: marginRight, top: marginTop, bottom: marginBottom}
}

func (s *sheaf) width() float64 { return sheetW - s.left - s.right }

// next begins a page.
func (s *sheaf) next() {
	s.page++
	s.y = s.top
	if s.page > 1 {
		s.centre(regular, 13, s.left+s.width()/2, min(14, s.top-4), fmt.Sprint(s.page))
	}
	if s.footer {
		s.centre(italic, 8, s.left+s.width()/2, sheetH-7, "Tài liệu thực hành, không có giá trị pháp lý")
	}
}

func (s *sheaf) text(style string, size, x, baseline float64, text string) float64 {
	s.marks = append(s.marks, textMark{page: s.page, style: style, size: size, x: x, baseline: baseline, text: text})
	return x + s.faces[style].width(text, size)
}

func (s *sheaf) centre(style string, size, axis, baseline float64, text string) (x0, x1 float64) {
	x0 = axis - s.faces[style].width(text, size)/2
	return x0, s.text(style, size, x0, baseline, text)
}

func (s *sheaf) rule(x0, y0, x1, y1 float64) {
	s.rules = append(s.rules, ruleMark{s.page, x0, y0, x1, y1})
}

// room begins a page unless height mm are left.
func (s *sheaf) room(height float64) {
	if s.y+height > sheetH-s.bottom {
		s.next()
	}
}

// wrapped breaks a text into lines of at most width mm, the first shorter.
func (s *sheaf) wrapped(style string, size, width, indent float64, text string) []string {
	f := s.faces[style]
	var lines []string
	line, left := "", width-indent
	for _, w := range strings.Fields(text) {
		long := w
		if line != "" {
			long = line + " " + w
		}
		if line != "" && f.width(long, size) > left {
			lines, line, left = append(lines, line), w, width
			continue
		}
		line = long
	}
	return append(lines, line)
}

// paragraph writes a justified paragraph.
func (s *sheaf) paragraph(style string, text string) {
	lines := s.wrapped(style, bodyPt, s.width(), firstIndent, text)
	f := s.faces[style]
	for i, line := range lines {
		s.room(leading)
		m := textMark{page: s.page, style: style, size: bodyPt, x: s.left, baseline: s.y + bodyPt*ascent*pt, text: line}
		free := s.width() - f.width(line, bodyPt)
		if i == 0 {
			m.x += firstIndent
			free -= firstIndent
		}
		if n := strings.Count(line, " "); i < len(lines)-1 && n > 0 {
			m.gap = f.width(" ", bodyPt) + free/float64(n)
		}
		s.marks = append(s.marks, m)
		s.y += leading
	}
	s.y += paragraph
}

// grid writes a table with ruled lines; widths are shares of the text's width.
func (s *sheaf) grid(widths []float64, rowHeight float64, rows [][]string) {
	top, page := s.y, s.page
	edges := []float64{s.left}
	for _, w := range widths {
		edges = append(edges, edges[len(edges)-1]+w*s.width())
	}
	closeGrid := func() {
		for _, x := range edges {
			s.rules = append(s.rules, ruleMark{page, x, top, x, s.y})
		}
		s.rules = append(s.rules, ruleMark{page, edges[0], s.y, edges[len(edges)-1], s.y})
	}
	for i, row := range rows {
		if s.y+rowHeight > sheetH-s.bottom {
			closeGrid()
			s.next()
			top, page = s.y, s.page
		}
		s.rule(edges[0], s.y, edges[len(edges)-1], s.y)
		for j, cellText := range row {
			style := regular
			if i == 0 {
				style = bold
			}
			s.centre(style, 12, (edges[j]+edges[j+1])/2, s.y+rowHeight/2+1.5, cellText)
		}
		s.y += rowHeight
	}
	closeGrid()
	s.y += 4
}
