package check_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"antin/app/gui/check"
	"antin/app/gui/frame"
	"antin/app/gui/look"
	"antin/app/gui/watchdog"
	"antin/app/words"
	"antin/signer/report"
	"antin/signer/verify"

	"fyne.io/fyne/v2"
)

// long is a document that many have signed, each of whom has something to be said
// of, and that was changed after each of them.
func long(name string) *check.Found {
	const signers, changes = 30, 8
	r := &verify.Report{}
	for i := range signers {
		sig := verify.Signature{
			Field: fmt.Sprintf("Signature%d", i+1), Kind: verify.Approval, Page: i + 1, End: int64(1000 * (i + 1)), Revision: i + 1,
			Indication: verify.Indeterminate, SubIndication: verify.TryLater, Err: errors.New("no revocation data"),
			Signer:      &x509.Certificate{Raw: []byte(fmt.Sprint(i)), Subject: pkix.Name{CommonName: fmt.Sprintf("Nguyễn Văn %d", i), Organization: []string{"Ủy ban nhân dân xã Bình Minh"}}},
			ClaimedTime: time.Date(2026, 11, 20, 9, i, 0, 0, time.UTC),
		}
		for n := range changes {
			sig.Changes = append(sig.Changes, verify.Change{Revision: i + 2, Kind: verify.ChangedPage, Page: n + 1, Forbidden: n == 0, Detail: "Contents"})
		}
		r.Signatures = append(r.Signatures, sig)
	}
	return &check.Found{Report: r, Document: report.Examine(report.Input{Name: name, Size: 50_000, Report: r})}
}

// Nothing that a person does with 50 documents, one of them with a long record,
// keeps the window from answering.
func TestAnswersWith50Documents(t *testing.T) {
	watchdog.Least(t, func(timed watchdog.T) { answersWith50Documents(t, timed) })
}

func answersWith50Documents(t *testing.T, timed watchdog.T) {
	f := newFake(map[string]*check.Found{})
	var paths []string
	for i := range 50 {
		name := fmt.Sprintf("%d.pdf", i)
		f.answers[name] = answered(name, []report.Result{report.Valid, report.Invalid}[i%2], "A")
		paths = append(paths, "/x/"+name)
	}
	f.answers["7.pdf"], f.answers["8.pdf"] = long("7.pdf"), long("8.pdf")
	w := open(t, words.Vietnamese, f)
	w.run()
	call := func(what string, do func()) { watchdog.Call(timed, watchdog.Limit, what, do) }
	w.frame.Worker = func(work, done func()) {
		w.held = append(w.held, func() {
			work()
			call("what came of the work beside", done)
		})
	}
	call("dropping 50 documents", func() { w.screen.Open(paths) })
	w.run()
	w.mustSee(t, "7.pdf", "50 văn bản")

	l := w.list()
	at := func(name string) int {
		for i, line := range w.lines() {
			if strings.HasSuffix(line, name) {
				return i
			}
		}
		t.Fatalf("no row of %s", name)
		return -1
	}
	first, second := at("7.pdf"), at("8.pdf")
	call("another long record", func() { l.Select(second) })
	call("the long record", func() { l.Select(first) })
	w.run()
	for _, width := range []float32{1000, 1920, 1366} {
		call(fmt.Sprintf("a window of %v", width), func() { w.Resize(fyne.NewSize(width, 1080)) })
		w.run()
	}
	for _, what := range []string{"unfolding the details", "folding them", "unfolding them again"} {
		call(what, func() { w.press(t, "Chi tiết kỹ thuật") })
		w.run()
	}
	dress := func(what string, to fyne.Theme) { watchdog.Calls(timed, watchdog.Limit, what, frame.Wear(to)) }
	dress("larger text", look.New(look.Light, 120))
	dress("smaller text", look.New(look.Light, 100))
	dress("dark colours", look.New(look.Dark, 100))
	call("another order", func() { w.choose(t, "Theo tên tệp") })
	short := at("9.pdf")
	call("a short record", func() { l.Select(short) })
	call("the letter about all", func() { w.press(t, "Soạn thư báo nơi gửi") })
	w.run()
	sender := w.entry(func(e *frame.Entry) bool { return !e.MultiLine })
	call("a letter of the sender's name", func() { sender.SetText("S") })
	call("closing the letter", func() { w.press(t, "Đóng") })
	call("stopping all", w.screen.Close)
}
