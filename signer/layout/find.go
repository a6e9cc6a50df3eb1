package layout

import (
	"context"
	"strings"

	"antin/assets"
	"antin/signer/pagetext"
	"antin/signer/pdffile"
)

// Largest box of the signature image where the options say nothing, mm.
const usualW, usualH = 50, 25

func (o Options) withDefaults() Options {
	if o.Profile == nil {
		o.Profile = assets.ProfileNamed(assets.ProfileND30)
	}
	if o.W <= 0 {
		o.W = o.Profile.Leader.Width.Or(usualW)
	}
	if o.H <= 0 {
		o.H = o.Profile.Leader.Height.Or(usualH)
	}
	return o
}

// Find reads a document and finds its places. It is an error only when the page
// tree cannot be read (pdffile's errors) or ctx ends; a document without any
// place gives a Found with reasons.
func Find(ctx context.Context, f *pdffile.File, o Options) (*Found, error) {
	pages, err := f.Pages()
	if err != nil {
		return nil, err
	}
	r := pagetext.NewReader(f)
	texts := make([]*pagetext.Text, 0, len(pages))
	glyphs, skipped := 0, false
	for i := range pages {
		var t *pagetext.Text
		if glyphs < mostGlyphs && (i < firstPages || i >= len(pages)-lastPages) {
			if t, err = r.Page(ctx, i+1); err != nil && ctx.Err() != nil {
				return nil, err
			}
		} else {
			skipped = true
		}
		if t == nil { // one bad page costs a page
			t = &pagetext.Text{Page: i + 1}
			t.W, t.H = pages[i].Size()
		}
		glyphs += t.Glyphs
		texts = append(texts, t)
	}
	found := FindIn(texts, o)
	if skipped {
		found.say(PagesSkipped)
		for i := range found.Blocks {
			found.Blocks[i].Confidence = min(found.Blocks[i].Confidence, Sufficient-0.05)
		}
	}
	return found, nil
}

// What Find reads at most: a document of usual length whole, of a very long one
// the beginning and the end, where signing blocks stand.
const (
	firstPages = 300
	lastPages  = 700
	mostGlyphs = 4_000_000
)

// FindIn is Find for pages that have been read: all pages of a document in
// their order.
func FindIn(texts []*pagetext.Text, o Options) *Found {
	o = o.withDefaults()
	out := &Found{Pages: len(texts)}
	w := wordsOf(o.Profile)
	f := &finder{o: o, used: map[*row]bool{}}
	images, glyphs, unreadable := 0, 0, 0
	for i, t := range texts {
		s := newSheet(t, w)
		if out.Attachments == 0 && i > 0 && s.beginsAttachment() {
			out.Attachments = i + 1
		}
		s.attachment = out.Attachments > 0
		f.sheets = append(f.sheets, s)
		if t.Scanned() {
			images++
			if s.recognised && len(s.rows) > 0 {
				out.say(RecognisedText)
			}
		}
		glyphs, unreadable = glyphs+t.Glyphs, unreadable+t.Unreadable
	}
	if images == len(texts) && glyphs == 0 {
		out.say(ImageOnly)
	}
	if unreadable*20 > glyphs && glyphs > 0 {
		out.say(TextUnreadable)
	}
	for _, s := range f.sheets {
		f.page(s)
	}
	for i := 0; i+1 < len(f.sheets); i++ {
		f.across(f.sheets[i], f.sheets[i+1])
	}
	for _, s := range f.sheets {
		f.nameless(s)
	}
	f.choose(out)
	if len(f.sheets) > 0 {
		first := f.sheets[0]
		out.Number = first.number()
		out.Date = first.date(&out.Number)
		out.Subject = first.subject()
	}
	out.Recipients = f.recipients(out)
	return out
}

func (f *Found) say(r Reason) {
	for _, have := range f.Reasons {
		if have == r {
			return
		}
	}
	f.Reasons = append(f.Reasons, r)
}

// beginsAttachment tells by its head whether a page begins an attachment: PHỤ
// LỤC, "(Ban hành kèm theo …)", or a heading of its own.
func (s *sheet) beginsAttachment() bool {
	for i := range s.rows {
		r := &s.rows[i]
		if r.baseline > s.H*0.45 {
			break
		}
		t := fold(r.text)
		switch {
		case strings.HasPrefix(t, "phu luc") && (capitals(r.text) || len([]rune(t)) <= 16):
			return true
		case strings.HasPrefix(t, "(ban hanh kem theo"), strings.HasPrefix(t, "(kem theo"), strings.HasPrefix(t, "ban hanh kem theo"):
			return true
		case dense(r.text) == "conghoaxahoichunghiavietnam" && r.baseline < s.H/4:
			return true
		case (strings.HasPrefix(t, "mau so") || strings.HasPrefix(t, "bieu so") || strings.HasPrefix(t, "bieu mau so")) && r.baseline < s.H/4 && len([]rune(t)) <= 24:
			return true
		}
	}
	return false
}

// recipients finds Nơi nhận: the one on the page of the first candidate, or the
// last before the attachments.
func (f *finder) recipients(out *Found) *Recipients {
	var last *Recipients
	for _, s := range f.sheets {
		if s.attachment {
			break
		}
		for i := range s.rows {
			r := &s.rows[i]
			if strings.HasPrefix(dense(r.text), "noinhan") && len([]rune(r.text)) <= 14 {
				last = s.list(r)
				if len(out.Blocks) > 0 && out.Blocks[0].Page == s.Page {
					return last
				}
			}
		}
	}
	return last
}

// list reads the lines under a heading as long as they follow closely.
func (s *sheet) list(head *row) *Recipients {
	l := &Recipients{Page: s.Page}
	x1, bottom := head.x1, head.bottom()
	for r := s.below(head); r != nil; r = s.below(r) {
		if r.top()-bottom > 1.2*r.em() || r.x0 > head.x0+15 {
			break
		}
		l.Lines = append(l.Lines, r.text)
		x1, bottom = max(x1, r.x1), r.bottom()
	}
	l.Box = pdffile.Box{X: head.x0, Y: head.top(), W: x1 - head.x0, H: bottom - head.top()}
	return l
}
