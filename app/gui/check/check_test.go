package check_test

import (
	"image/png"
	"os"
	"testing"
	"time"

	"antin/app/gui/check"
	"antin/app/words"
	"antin/signer/pdffile"
	"antin/signer/report"
)

func TestShot(t *testing.T) {
	f := newFake(map[string]*check.Found{
		"a.pdf": {Document: report.Unread("a.pdf", 3, pdffile.ErrDamaged, time.Now())},
		"c.pdf": {Document: report.Unread("a.pdf", 3, pdffile.ErrNotPDF, time.Now())},
	})
	f.passwords = map[string]string{"b.pdf": "x"}
	w := open(t, words.Vietnamese, f, "/x/a.pdf", "/x/b.pdf", "/x/c.pdf", "/x/d.pdf")
	w.run()
	h, _ := os.Create("/tmp/shot.png")
	_ = png.Encode(h, w.picture())
	h.Close()
}
