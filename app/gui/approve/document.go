package approve

import (
	"context"
	"errors"
	"fmt"
	"math"

	"antin/app/gui/place"
	"antin/app/gui/place/boxes"
	"antin/signer"
	"antin/signer/appearance"
	"antin/signer/layout"
	"antin/signer/pdffile"

	"fyne.io/fyne/v2"
)

// document is one document with what is known and chosen about it.
type document struct {
	path     string
	password string
	trouble  error        // it cannot be shown
	pages    []boxes.Page // nil until it was shown

	planned  bool
	plan     *signer.Plan
	lines    []boxes.Guide // baselines of the text around the place
	refusal  error         // why it cannot be signed as it is; nil: it can
	initials bool
	again    bool // to be signed although this certificate has signed it

	seen    string        // SHA-256 of the document that was planned first
	editor  *place.Editor // nil until pages and plan are known
	origin  origin
	natural float64 // width in mm that the program gave the signature
	asked   bool    // the person wants it in spite of another name on the page

	agreed  bool
	state   signer.RowState
	result  *signer.Result
	verdict string
	failure error

	unlogged error // why the signature is not in the log; written before the state
}

// origin tells how the place of the signature came about.
type origin int

const (
	nowhere origin = iota // the person has to say
	found                 // by the program, without a doubt
	doubted               // by the program, among several
	last                  // where the last document of this size was signed
	chosen                // by the person
)

// Sizes of a signature for which nothing else is known, mm.
const usualWidth, usualHeight = 45.0, 18.0

// box is the number of the signature's box on the board.
const box = 0

func (d *document) placed() bool { return d.editor != nil && d.editor.Board.Len() > 0 }

// candidates are the signing blocks to choose from.
func (d *document) candidates() []layout.Block {
	if d.plan == nil || d.plan.Found == nil || d.initials {
		return nil
	}
	return d.plan.Found.Blocks
}

// place is where the signature will be.
func (d *document) place() (signer.Place, bool) {
	if !d.placed() {
		return signer.Place{}, false
	}
	b := d.editor.Board.Box(box)
	return signer.Place{Page: b.Page, Box: b.Box}, true
}

// block is the signing block that the signature stands in; nil when in none.
func (d *document) block() *layout.Block {
	at, ok := d.place()
	if !ok || d.plan == nil || d.plan.Found == nil {
		return nil
	}
	x, y := at.X+at.W/2, at.Y+at.H/2
	for _, blocks := range [][]layout.Block{d.plan.Found.Blocks, d.plan.Found.Others} {
		for i := range blocks {
			if b := &blocks[i]; b.Page == at.Page && x >= b.Free.X && x <= b.Free.X+b.Free.W && y >= b.Free.Y && y <= b.Free.Y+b.Free.H {
				return b
			}
		}
	}
	return nil
}

// otherName tells whether another person's name is printed under the place.
func (d *document) otherName() bool {
	b := d.block()
	return b != nil && !d.initials && b.Name != "" && b.Match == layout.Different
}

// show opens a document in the reader.
func (s *Screen) show(d *document) {
	s.current = d
	s.reader.SetOverlay(nil)
	path := d.path
	if d.state == signer.RowDone && d.result != nil {
		path = d.result.Output // as it is now: with its signature
	}
	s.reader.Open(path, []byte(d.password), 0)
	s.plan()
	s.refresh()
}

// step goes to another document.
func (s *Screen) step(by int) {
	for i, d := range s.documents {
		if d == s.current && i+by >= 0 && i+by < len(s.documents) {
			s.show(s.documents[i+by])
			return
		}
	}
}

// shown is called when the pages of the current document are known.
func (s *Screen) shown() {
	d := s.current
	if d == nil {
		return
	}
	if r := d.result; d.state == signer.RowDone && r != nil {
		s.reader.ScrollTo(r.Place.Page, around(r.Place.Box))
		return
	}
	d.trouble = nil
	d.password = string(s.reader.Password())
	if d.pages == nil {
		for n := range s.reader.Pages() {
			size := s.reader.PageSize(n + 1)
			d.pages = append(d.pages, boxes.Page{W: size.W, H: size.H})
		}
	}
	if d.refusal != nil && d.password != "" {
		d.planned = false // planned without the password
	}
	s.plan()
	s.settle(d)
}

// notShown is called when the current document cannot be shown.
func (s *Screen) notShown(err error) {
	if s.current != nil {
		s.current.trouble = err
		s.refresh()
	}
}

// plan has the next document planned that is not: the current one first.
func (s *Screen) plan() {
	if s.planning != nil || s.signer.ID() == "" {
		return
	}
	d := s.current
	for i := 0; (d == nil || d.planned) && i < len(s.documents); i++ {
		d = s.documents[i]
	}
	if d == nil || d.planned || d.state == signer.RowDone {
		return
	}
	s.planning = d
	who, job, prepare := s.signer.ID(), s.job(d), s.signer.Prepare()
	var plan *signer.Plan
	var lines []boxes.Guide
	s.Run(func(ctx context.Context) error {
		key, err := s.Tokens.Key(who, nil)
		if err != nil {
			return err
		}
		defer key.Close()
		if job.Common, err = prepare(job.Common); err != nil {
			return err
		}
		job.Key = key
		plan, err = s.use.Plan(ctx, job)
		if plan != nil && (err == nil || noPlace(err) || wantsPicture(err)) {
			lines = s.baselines(ctx, job.Common, plan)
		}
		return err
	}, func(err error) {
		s.planning = nil
		if who == s.signer.ID() && job.Initials == d.initials {
			d.planned, d.plan, d.lines, d.refusal = true, plan, lines, err
			if changed := d.sees(plan); d == s.current && changed {
				s.show(d)
			} else if d == s.current {
				s.settle(d)
			}
			s.refresh()
		}
		s.plan()
	})
}

// replan has a document planned anew; the place stays unless it was the
// program's.
func (s *Screen) replan(d *document) {
	d.planned, d.plan, d.refusal = false, nil, nil
	if d.origin != chosen {
		d.editor, d.origin = nil, nowhere
	}
}

// sees tells whether the file has changed since it was first planned: then it has
// to be looked at again.
func (d *document) sees(plan *signer.Plan) (changed bool) {
	if plan == nil {
		return false
	}
	if changed = d.seen != "" && d.seen != plan.SHA256; changed {
		d.pages, d.editor, d.origin, d.agreed, d.asked = nil, nil, nowhere, false, false
	}
	d.seen = plan.SHA256
	return changed
}

// job is what is to be done to a document, without the key and the place: what
// the program would choose is asked even when the person has chosen.
func (s *Screen) job(d *document) signer.ApproveJob {
	mine := s.signer.Set()
	job := signer.ApproveJob{Picture: mine.Picture, Width: mine.Width, Height: mine.Height, Initials: d.initials}
	job.Source, job.Password, job.Out, job.EvenIfSigned = d.path, d.password, s.Settings.Folder(), d.again
	return job
}

// settle puts the signature on the pages once they and the plan are known.
func (s *Screen) settle(d *document) {
	if d.pages == nil || !d.planned {
		return
	}
	if d.editor == nil {
		s.build(d)
	}
	s.reader.SetOverlay(d.editor.Overlay)
	if at, ok := d.place(); ok {
		s.look(d, at.Page)
	}
	s.refresh()
}

// build makes the editor with the signature where the plan wants it.
func (s *Screen) build(d *document) {
	board := boxes.New(d.pages)
	board.SetGuides(append(guides(board, d.plan), d.lines...))
	d.editor = place.New(board)
	d.editor.Typed = func(e *fyne.KeyEvent) {
		if !s.key(e) {
			s.reader.TypedKey(e)
		}
	}
	d.editor.Letter = s.reader.TypedRune
	d.editor.Locked = s.Busy
	at, from := s.wanted(d)
	if d.origin = from; from != nowhere {
		s.put(d, at)
	}
	d.editor.Changed = func() { s.moved(d) }
}

// wanted is where the plan, or else the last document of this size, has the
// signature.
func (s *Screen) wanted(d *document) (signer.Place, origin) {
	if d.plan != nil {
		if m, ok := d.plan.Mark(signer.SignaturePart); ok && m.W > 0 {
			return m.Place, found
		}
	}
	if blocks := d.candidates(); len(blocks) > 0 {
		return signer.Place{Page: blocks[0].Page, Box: blocks[0].Box}, doubted
	}
	if at, ok := s.signer.Set().Places[sizeOf(d.pages[len(d.pages)-1])]; ok {
		if page := len(d.pages) - at.FromEnd; page >= 1 && !d.initials {
			return signer.Place{Page: page, Box: pdffile.Box{X: at.X, Y: at.Y, W: at.Width, H: at.Height}}, last
		}
	}
	return signer.Place{}, nowhere
}

// sizeOf names the size of a page among the places that are remembered.
func sizeOf(p boxes.Page) string { return fmt.Sprintf("%.0fx%.0f", math.Round(p.W), math.Round(p.H)) }

// put places the signature, its picture as large as fits.
func (s *Screen) put(d *document, at signer.Place) {
	b := s.fitted(at)
	d.natural = b.W
	if d.placed() {
		d.editor.Board.Put(box, b)
		return
	}
	d.editor.Add(b, s.drawn)
}

// fitted is the box for a place: the picture as large as fits.
func (s *Screen) fitted(at signer.Place) boxes.Box {
	aspect := s.picture.aspect()
	return boxes.Box{Page: at.Page, Box: boxes.Fit(at.Box, aspect), Aspect: aspect}
}

// drawn is what is seen in the box.
func (s *Screen) drawn(w, h float64) *appearance.Look {
	if s.picture == nil {
		return appearance.NewLook(w, h) // the frame alone, until there is a picture
	}
	return appearance.SignatureLook(s.picture.decoded, w, h)
}

// look scrolls to the signature with what stands around it.
func (s *Screen) look(d *document, page int) {
	at, _ := d.place()
	s.reader.ScrollTo(page, around(at.Box))
}

// around is a signature with chức vụ above and họ tên below.
func around(b pdffile.Box) pdffile.Box {
	return pdffile.Box{X: b.X, Y: b.Y - 35, W: b.W, H: b.H + 60}
}

// moved is called when the person, or undo, has changed the place.
func (s *Screen) moved(d *document) {
	d.origin, d.asked = chosen, false
	s.panel.refresh()
	s.tellWindow()
}

// candidate puts the signature into one of the signing blocks.
func (s *Screen) candidate(i int) {
	d := s.current
	blocks := d.candidates()
	if i >= len(blocks) || d.editor == nil {
		return
	}
	s.put(d, signer.Place{Page: blocks[i].Page, Box: blocks[i].Box})
	s.look(d, blocks[i].Page)
	s.moved(d)
}

// reset puts the signature where the program had it.
func (s *Screen) reset() {
	d := s.current
	at, from := s.wanted(d)
	if from == nowhere || d.editor == nil {
		return
	}
	s.put(d, at)
	d.origin = from
	s.look(d, at.Page)
	s.refresh()
}

// tapped is a click on a page beside the signature: its place, when it has none.
func (s *Screen) tapped(page int, x, y float64) {
	d := s.current
	if d == nil || d.editor == nil || d.placed() || s.Busy() {
		return
	}
	s.here(page, x, y)
}

// here puts the middle of the signature on a place of a page.
func (s *Screen) here(page int, x, y float64) {
	d := s.current
	if !d.placed() {
		mine := s.signer.Set()
		b := pdffile.Box{W: usualWidth, H: usualHeight}
		if mine.Width > 0 && mine.Height > 0 {
			b.W, b.H = mine.Width, mine.Height
		}
		b.X, b.Y = x-b.W/2, y-b.H/2
		s.put(d, signer.Place{Page: page, Box: b})
	} else {
		d.editor.Board.PutMiddle(box, page, x, y)
	}
	s.moved(d)
	s.toBox()
}

// onThisPage puts the signature on the page that is seen.
func (s *Screen) onThisPage() {
	if n := s.reader.Page(); n > 0 && s.current.editor != nil {
		p := s.reader.PageSize(n)
		s.here(n, p.W*2/3, p.H*2/3)
		s.look(s.current, n)
	}
}

// toBox gives the keys to the box.
func (s *Screen) toBox() {
	if s.current.placed() {
		s.current.editor.Focus(box)
	}
}

// refused tells whether the document cannot be signed whatever the person gives.
func (d *document) refused() bool {
	return d.refusal != nil && !noPlace(d.refusal) && !wantsPicture(d.refusal)
}

// Refusals that are no end: the person gives what is missing, or insists.
func noPlace(err error) bool      { return errors.Is(err, signer.ErrNoPlace) }
func wantsPicture(err error) bool { return errors.Is(err, signer.ErrNoPicture) }
func signedBefore(err error) bool { return errors.Is(err, signer.ErrAlreadySigned) }
