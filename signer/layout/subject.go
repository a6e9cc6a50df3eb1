package layout

import (
	"strings"
	"sync"

	"antin/assets"
)

// Subject is what a document is about (Phụ lục I, ô 5a, 5b), as printed on its
// first page.
type Subject struct {
	Type    string // tên loại, "Quyết định"; "" for an official letter, or when none was found
	Summary string // trích yếu in one line, "" when none was found
}

// typeNames are the types of documents by their folded, spaceless name.
var typeNames = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	for _, kind := range []string{"administrative", "party"} {
		for _, name := range assets.TypesOf(kind).Types {
			names[dense(name)] = name
		}
	}
	return names
})

const (
	subjectPart   = 0.6 // of the page's height: below it no subject begins
	longestPieces = 8   // lines of a summary
)

// subject finds the type in capitals in the middle of the page with the lines
// under it, or the "V/v" under the number of a letter.
func (s *sheet) subject() Subject {
	for i := range s.rows {
		r := &s.rows[i]
		if r.baseline > s.H*subjectPart {
			break
		}
		folded := fold(r.text)
		if name, ok := typeNames()[dense(r.text)]; ok && capitals(r.text) && r.bold && r.axis() > s.W*0.35 {
			return Subject{name, s.summary(r, true)}
		}
		if strings.HasPrefix(folded, "v/v") || strings.HasPrefix(folded, "ve viec") && r.x1 < s.W*0.6 {
			lines := strings.TrimSpace(r.text + " " + s.summary(r, false))
			return Subject{Summary: strings.TrimLeft(strings.TrimPrefix(strings.TrimPrefix(lines, "V/v"), "v/v"), ": ")}
		}
	}
	return Subject{}
}

// summary joins the lines under head that stand on its axis and follow closely,
// up to the line that is ruled under them. Under the title of a type they are
// bold.
func (s *sheet) summary(head *row, titled bool) string {
	var lines []string
	last := head
	for r := s.below(head); r != nil && len(lines) < longestPieces; r = s.below(r) {
		gap := r.baseline - last.baseline
		if gap > 2.2*last.em() || s.ruled(head.axis(), last.baseline, r.top()+0.5*r.em()) {
			break
		}
		off := r.axis() - head.axis()
		folded := fold(r.text)
		if off > 6 || off < -6 || titled && !r.bold || strings.HasPrefix(folded, "kinh gui") || strings.HasPrefix(folded, "can cu") {
			break
		}
		if titled && (capitals(r.text) || r.authority) { // who decides, not what
			break
		}
		lines = append(lines, strings.Join(strings.Fields(r.text), " "))
		last = r
	}
	return strings.Join(lines, " ")
}
