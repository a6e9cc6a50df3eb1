package reader

import (
	"context"
	"strings"

	"antin/app/gui/frame"
	"antin/signer/pdffile"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// search finds a text in the document, page by page beside the user interface,
// beginning with the current page.
type search struct {
	r     *Reader
	words *frame.Entry
	state *widget.Label
	row   *fyne.Container

	asked  string // what hits are for
	run    int    // answers to earlier searches are dropped
	cancel func()
	read   int   // pages that have been
	hits   []hit // in the order of the document
	chosen int   // in hits; -1: none
}

// hit is a found text; its page counts from 0, and it has a box in each line that
// it stands in.
type hit struct {
	page  int
	boxes []pdffile.Box
}

// around is the box of the whole hit.
func (h hit) around() pdffile.Box {
	all := h.boxes[0]
	for _, b := range h.boxes[1:] {
		x1, y1 := max(all.X+all.W, b.X+b.W), max(all.Y+all.H, b.Y+b.H)
		all.X, all.Y = min(all.X, b.X), min(all.Y, b.Y)
		all.W, all.H = x1-all.X, y1-all.Y
	}
	return all
}

func newSearch(r *Reader) *search {
	s := &search{r: r, words: r.frame.NewEntry(), state: widget.NewLabel(""), chosen: -1}
	s.words.Escaped = s.hide
	s.words.SetPlaceHolder(r.frame.Text("reader.find-what"))
	s.words.OnSubmitted = func(text string) {
		if text == s.asked {
			s.step(+1)
		} else {
			s.start(text)
		}
	}
	previous := r.frame.NewButton(r.frame.Text("reader.find-previous"), func() { s.step(-1) })
	previous.Icon = theme.MoveUpIcon()
	next := r.frame.NewButton(r.frame.Text("reader.find-next"), func() { s.step(+1) })
	next.Icon = theme.MoveDownIcon()
	s.row = container.NewPadded(container.NewBorder(nil, nil, nil, container.NewHBox(
		s.state, previous, next, r.frame.NewButton(r.frame.Text("reader.find-close"), s.hide),
	), s.words))
	s.row.Hide()
	return s
}

func (s *search) show() {
	s.row.Show()
	s.r.content.Refresh()
	if c := s.r.canvas(); c != nil {
		c.Focus(s.words)
		s.words.TypedShortcut(&fyne.ShortcutSelectAll{})
	}
}

func (s *search) hide() {
	s.stop()
	s.row.Hide()
	s.r.content.Refresh()
	s.r.Focus()
}

// stop forgets what was found.
func (s *search) stop() {
	s.run++
	if s.cancel != nil {
		s.cancel()
	}
	s.asked, s.cancel, s.read, s.hits, s.chosen = "", nil, 0, nil, -1
	s.tell()
	s.r.main.arrange()
}

func (s *search) start(text string) {
	s.stop()
	s.asked = text
	if strings.TrimSpace(text) == "" || s.r.doc.Pages == 0 {
		return
	}
	s.next(s.run, s.r.page, newPattern(text))
}

// next reads one more page; first is the page that the search began with.
func (s *search) next(run, first int, p pattern) {
	page := (first + s.read) % s.r.doc.Pages
	pages := s.r.pages
	var found [][]pdffile.Box
	cancel := s.r.frame.Run(func(ctx context.Context) error {
		t, err := pages.Text(ctx, page+1)
		if err == nil {
			found = p.find(t)
		}
		return err
	}, func(error) { // a page that cannot be read has no hits
		if run != s.run {
			return
		}
		s.read++
		s.add(page, found)
		s.tell()
		if s.read < s.r.doc.Pages {
			s.next(run, first, p)
		}
	})
	if run == s.run {
		s.cancel = cancel
	}
}

// add puts the hits of a page in.
func (s *search) add(page int, found [][]pdffile.Box) {
	if len(found) == 0 {
		return
	}
	at := 0
	for at < len(s.hits) && s.hits[at].page < page {
		at++
	}
	var in []hit
	for _, b := range found {
		in = append(in, hit{page, b})
	}
	s.hits = append(s.hits[:at:at], append(in, s.hits[at:]...)...)
	switch {
	case s.chosen < 0:
		s.choose(at)
	case at <= s.chosen:
		s.chosen += len(in)
	}
	s.r.main.arrange()
}

// step goes to the next or the previous hit, around the end.
func (s *search) step(by int) {
	if n := len(s.hits); n > 0 {
		s.choose((s.chosen + by + n) % n)
	}
}

func (s *search) choose(n int) {
	s.chosen = n
	s.tell()
	h := s.hits[n]
	s.r.ScrollTo(h.page+1, h.around())
}

// tell says how far the search is.
func (s *search) tell() {
	text := ""
	switch total := s.r.doc.Pages; {
	case s.asked == "":
	case len(s.hits) > 0:
		text = s.r.frame.Text("reader.hits", s.chosen+1, len(s.hits))
	case s.read < total:
		text = s.r.frame.Text("reader.finding", s.read, total)
	default:
		text = s.r.frame.Text("reader.no-hits")
	}
	if s.state.Text != text {
		s.state.SetText(text)
	}
}

// marks are the hits on a page.
func (r *Reader) marks(page int) []mark {
	var out []mark
	for i, h := range r.search.hits {
		if h.page != page {
			continue
		}
		for _, b := range h.boxes {
			out = append(out, mark{b, i == r.search.chosen})
		}
	}
	return out
}
