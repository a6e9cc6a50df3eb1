package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

var stateColours = map[State]colourRGB{
	Pass: {18, 104, 47}, Fail: {166, 21, 21}, Look: {138, 83, 0}, Unknown: {59, 79, 116}, Note: {77, 77, 77}, None: {77, 77, 77},
}

var resultColours = map[Result][2]colourRGB{ // line and ground
	Valid:     {{18, 104, 47}, {238, 247, 240}},
	Attention: {{138, 83, 0}, {252, 246, 232}},
	Undecided: {{59, 79, 116}, {240, 243, 249}},
	Invalid:   {{166, 21, 21}, {252, 239, 238}},
}

// Sizes of type in the tables, pt.
const (
	tablePt = 10.5
	smallPt = 10
	finePt  = 8.5
)

// maxRows of signatures are printed of one document; the other forms list all.
const maxRows = 60

// PDF writes the record as BIÊN BẢN KIỂM TRA CHỮ KÝ SỐ: A4 in the manner of an
// administrative paper, one page when it fits, PDF/A-2b (ISO 19005-2), so that it
// can be filed and signed. With an agency it bears quốc hiệu and tiêu ngữ.
func (m *Model) PDF(w io.Writer) error {
	s := newSheet()
	s.SetCreationDate(m.Made)
	s.SetModificationDate(m.Made)
	m.heading(s)
	if len(m.Documents) > 1 {
		m.list(s)
	}
	for i := range m.Documents {
		if len(m.Documents) > 1 {
			if s.room(60); !m.Documents[i].Unread() && s.y > sheetTop {
				s.turn()
			}
			s.write(para{text: text("record.nth", "number", itoa(i+1)) + " – " + m.Documents[i].Name, style: "B", pt: 12.5, align: "L", above: 6})
			s.y += 0.6
		} else {
			heading(s, text("record.document"))
		}
		after := 0.0
		if i == len(m.Documents)-1 {
			after = m.signingHeight(s) // a signature must not stand alone on a page
		}
		m.Documents[i].print(s, after)
	}
	m.signing(s)
	var raw bytes.Buffer
	if err := s.Output(&raw); err != nil {
		return fmt.Errorf("report: laying out the record: %w", err)
	}
	producer := m.Program
	if producer == "" {
		producer = "antin"
	}
	pdf, err := archived(raw.Bytes(), text("record.subject"), producer, m.Made)
	if err != nil {
		return err
	}
	_, err = w.Write(pdf)
	return err
}

func (m *Model) heading(s *sheet) {
	if m.Agency != "" {
		const left, right = 70.0, 92.0
		s.SetDrawColor(0, 0, 0)
		s.SetLineWidth(0.25)
		office, h1 := s.set([]para{{text: strings.ToUpper(m.Agency), style: "B", pt: 12, align: "C"}}, left)
		s.draw(office, sheetLeft, s.y, left)
		s.Line(sheetLeft+left/2-11, s.y+h1+1, sheetLeft+left/2+11, s.y+h1+1)
		nation, h2 := s.set([]para{
			{text: text("record.republic"), style: "B", pt: 12, align: "C"},
			{text: text("record.motto"), style: "B", pt: 13, align: "C"},
		}, right)
		x := sheetLeft + sheetWidth - right
		s.draw(nation, x, s.y, right)
		s.SetFont("serif", "B", 13)
		half := s.GetStringWidth(text("record.motto")) / 2
		s.Line(x+right/2-half, s.y+h2+0.8, x+right/2+half, s.y+h2+0.8) // Phụ lục I: as long as the line of words
		s.y += max(h1, h2) + 5
	}
	below := text("record.at", "clock", clock(m.Made), "day", day(m.Made))
	s.write(para{text: text("record.title"), style: "B", pt: 15, align: "C"}, para{text: below, style: "I", pt: 11, align: "C", above: 0.5})
	if m.Program != "" {
		s.write(para{text: text("record.by", "program", m.Program), style: "I", pt: 11, align: "C"})
	}
	s.y += 1
}

func (m *Model) list(s *sheet) {
	heading(s, text("record.documents"))
	var rows [][][]para
	for i, d := range m.Documents {
		rows = append(rows, [][]para{
			{{text: itoa(i + 1), pt: tablePt, align: "C"}},
			{{text: d.Name, pt: tablePt, align: "L"}},
			{{text: d.Title, style: "B", pt: tablePt, align: "C", colour: resultColours[d.Result][0]}},
		})
	}
	s.table([]float64{10, 110, 45}, []para{head("record.number"), head("record.name"), head("record.result")}, rows)
}

func heading(s *sheet, t string) {
	s.room(22)
	s.write(para{text: t, style: "B", pt: 12, align: "L", above: 2})
	s.y += 0.6
}

func head(name string) para {
	return para{text: text(name), style: "B", pt: tablePt, align: "C"}
}

// print lays one document out; after mm have to stay on the page of the
// conclusion.
func (d *Document) print(s *sheet, after float64) {
	digest := d.SHA256
	if digest == "" {
		digest = text("record.no-digest")
	}
	fact := func(name, value string) [][]para {
		return [][]para{{{text: text(name), pt: tablePt, align: "L"}}, {{text: value, pt: tablePt, align: "L"}}}
	}
	size := text("record.bytes", "count", grouped(d.Size))
	s.table([]float64{28, sheetWidth - 28}, nil, [][][]para{fact("record.name", d.Name), fact("record.sha256", digest)})
	s.table([]float64{28, 50, 32, sheetWidth - 110}, nil, [][][]para{append(fact("record.size", size), fact("record.checked", moment(d.Checked))...)})
	if d.Unread() {
		d.printConclusion(s, after)
		return
	}
	d.printSignatures(s)
	heading(s, text("record.answers"))
	var rows [][][]para
	for _, a := range d.Answers {
		var said []para
		for _, l := range a.Lines {
			said = append(said, para{text: l, pt: tablePt, align: "L"})
		}
		if most := maxLines / 4; len(said) > most { // a line may wrap three times
			more := text("line.more", "count", itoa(len(said)-most))
			said = append(said[:most:most], para{text: more, style: "I", pt: smallPt, align: "L"})
		}
		rows = append(rows, [][]para{
			{{text: a.Title, pt: tablePt, align: "L"}, {text: a.Basis, style: "I", pt: finePt, align: "L", colour: colourRGB{77, 77, 77}}},
			said,
			{{text: a.Label, style: "B", pt: tablePt, align: "C", colour: stateColours[a.State]}},
		})
	}
	s.table([]float64{57, 85, 23}, []para{head("record.question"), head("record.finding"), head("record.state")}, rows)
	d.printConclusion(s, after)
}

func (d *Document) printSignatures(s *sheet) {
	heading(s, text("record.signatures"))
	if len(d.Signatures) == 0 {
		s.write(para{text: text("record.no-signatures"), pt: tablePt, align: "L"})
		return
	}
	var rows [][][]para
	for i, g := range d.Signatures {
		if i == maxRows {
			break
		}
		who := []para{{text: g.Holder, style: "B", pt: tablePt, align: "L"}}
		if g.Organisation != "" && folded(g.Organisation) != folded(g.Holder) {
			who = append(who, para{text: g.Organisation, pt: smallPt, align: "L"})
		}
		if g.Serial != "" {
			who = append(who, para{text: text("record.serial", "serial", g.Serial), pt: finePt, align: "L", colour: colourRGB{77, 77, 77}})
		}
		rows = append(rows, [][]para{
			{{text: itoa(g.Number), pt: tablePt, align: "C"}},
			who,
			{{text: g.Label, pt: tablePt, align: "L"}},
			{{text: g.Issuer, pt: smallPt, align: "L"}},
			g.printTime(),
			{{text: g.Summary, style: "B", pt: smallPt, align: "C", colour: stateColours[g.State]}},
		})
	}
	s.table([]float64{9, 57, 21, 32, 26, 20}, []para{
		head("record.number"), head("record.signer"), head("record.role"), head("record.issuer"), head("record.time"), head("record.state"),
	}, rows)
	if n := len(d.Signatures) - maxRows; n > 0 {
		s.write(para{text: text("record.more-signatures", "count", itoa(n)), style: "I", pt: smallPt, align: "L"})
	}
}

// printTime is the signing time on one line and its worth below.
func (g *Signature) printTime() []para {
	t, worth := g.Proven, "time.by-stamp"
	if t.IsZero() {
		t, worth = g.Claimed, "time.by-signer"
	}
	if t.IsZero() {
		return []para{{text: text("time.none"), pt: smallPt, align: "L"}}
	}
	return []para{{text: moment(t), pt: smallPt, align: "L"}, {text: text(worth), style: "I", pt: finePt, align: "L", colour: colourRGB{77, 77, 77}}}
}

// printConclusion draws the result and its reasons in a box.
func (d *Document) printConclusion(s *sheet, after float64) {
	colours := resultColours[d.Result]
	paras := []para{{text: text("record.conclusion", "result", d.Title), style: "B", pt: 13, align: "L", colour: colours[0]}}
	for i, r := range d.Reasons {
		if i == 12 {
			paras = append(paras, para{text: text("line.more", "count", itoa(len(d.Reasons)-i)), style: "I", pt: smallPt, align: "L"})
			break
		}
		t := r.Text
		if len(d.Reasons) > 1 {
			t = "– " + t
		}
		paras = append(paras, para{text: t, pt: 11, align: "L", above: 0.4})
	}
	paras = append(paras, para{text: text("record.next", "next", d.Next), style: "I", pt: 11, align: "L", above: 0.8})
	const pad = 3.0
	all, h := s.set(paras, sheetWidth-2*pad)
	h += 2 * pad * 0.7
	s.y += 2.5
	s.room(h + after)
	s.SetLineWidth(0.6)
	s.SetDrawColor(colours[0][0], colours[0][1], colours[0][2])
	s.SetFillColor(colours[1][0], colours[1][1], colours[1][2])
	s.Rect(sheetLeft+0.3, s.y, sheetWidth-0.6, h, "DF")
	s.draw(all, sheetLeft+pad, s.y+pad*0.7, sheetWidth-2*pad)
	s.y += h
}

// signing leaves the place for the person who checked.
func (m *Model) signing(s *sheet) {
	limits, title, h := m.signingBlock(s)
	s.y += signingGap
	s.room(h)
	s.draw(limits, sheetLeft, s.y+1, limitsWidth)
	s.draw(title, sheetLeft+sheetWidth-checkerWidth, s.y, checkerWidth)
	s.y += h
}

func (m *Model) signingHeight(s *sheet) float64 {
	_, _, h := m.signingBlock(s)
	return h + signingGap
}

// Sizes of the place to sign, mm.
const (
	signingGap   = 3.0
	signingSpace = 15.0
	checkerWidth = 70.0
	limitsWidth  = sheetWidth - checkerWidth - 12
)

func (m *Model) signingBlock(s *sheet) (limits, title []set, h float64) {
	limits, h1 := s.set([]para{{text: text("record.limits"), style: "I", pt: 9, align: "L", colour: colourRGB{77, 77, 77}}}, limitsWidth)
	title, h2 := s.set([]para{
		{text: text("record.checker"), style: "B", pt: 12, align: "C"},
		{text: text("record.sign-here"), style: "I", pt: 11, align: "C"},
		{text: m.Checker, style: "B", pt: 12, align: "C", above: signingSpace},
	}, checkerWidth)
	return limits, title, max(h1, h2)
}
