package reader

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"antin/app/gui/frame"
	"antin/app/words"
	"antin/signer/pdffile"
	"antin/signer/render"
	"antin/signer/settings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		os.Exit(render.ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

// loop is the user interface's goroutine of a test with real work beside it: it
// notes how long each call holds it up.
type loop struct {
	done    chan func()
	longest time.Duration
}

func (l *loop) run(work, done func()) {
	go func() {
		work()
		l.done <- done
	}()
}

// do is one call on the user interface's goroutine.
func (l *loop) do(f func()) {
	start := time.Now()
	f()
	l.longest = max(l.longest, time.Since(start))
}

// until works until ready.
func (l *loop) until(t testing.TB, ready func() bool) {
	t.Helper()
	limit := time.After(2 * time.Minute)
	for !ready() {
		select {
		case f := <-l.done:
			l.do(f)
		case <-limit:
			t.Fatal("not ready after two minutes")
		}
	}
}

// drain does what is there.
func (l *loop) drain() {
	for {
		select {
		case f := <-l.done:
			l.do(f)
		default:
			return
		}
	}
}

func open(t testing.TB, l *loop) *Reader {
	app := test.NewApp()
	t.Cleanup(app.Quit)
	r := New(&frame.Frame{Words: words.Vietnamese, Settings: &settings.Settings{}, Worker: l.run}, Options{})
	w := test.NewWindow(r)
	t.Cleanup(w.Close)
	w.Resize(fyne.NewSize(1366, 768))
	return r
}

// memory is what this process and its children use, in MB.
func memory(t testing.TB) (own, helpers float64) {
	t.Helper()
	rss := func(pid string) (mb float64) {
		b, err := os.ReadFile("/proc/" + pid + "/status")
		if err != nil {
			return 0 // it has ended
		}
		for line := range strings.Lines(string(b)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				if _, err := fmt.Sscan(rest, &mb); err != nil {
					t.Fatal(err)
				}
			}
		}
		return mb / 1024
	}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		b, err := os.ReadFile("/proc/self/task/" + thread.Name() + "/children")
		if err != nil {
			continue // the thread has ended
		}
		for pid := range strings.FieldsSeq(string(b)) {
			helpers += rss(pid)
		}
	}
	return rss("self"), helpers
}

// BenchmarkReader opens a scan of 500 pages (colour, 200 dpi) with the real
// helper and goes through it. It prints, beside what the budget says:
//
//	ms/known       from opening to the layout of all pages
//	ms/first-page  from opening to the first page (800)
//	MB             of this process and the helper, the most that was seen (400, a window's 130 of OpenGL included)
//	ms/longest     the longest call on the user interface's goroutine (50)
//	MB/growth      after opening and closing it 100 times
func BenchmarkReader(b *testing.B) {
	path := scan(b, 500)
	debug.FreeOSMemory() // what making it took
	for b.Loop() {
		l := &loop{done: make(chan func(), 100)}
		r := open(b, l)
		start := time.Now()
		var known time.Duration
		r.OnOpened = func() { known, r.OnOpened = time.Since(start), nil }
		l.do(func() { r.Open(path, nil, 0) })
		l.until(b, r.Drawn)
		first := time.Since(start)

		most := 0.0
		look := func() {
			own, helpers := memory(b)
			most = max(most, own+helpers)
		}
		look()
		l.longest = 0
		for page := range 500 {
			for range 10 {
				l.do(func() { r.main.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -45)}) })
				time.Sleep(time.Millisecond)
				l.drain()
			}
			if page%20 == 0 {
				l.until(b, r.Drawn)
				look()
			}
		}
		for page := 500; page > 0; page -= 7 {
			l.do(func() { r.GoTo(page) })
			l.until(b, r.Drawn)
		}
		look()
		longest := l.longest

		l.do(func() { r.Close() })
		before := settled(b, l)
		for range 100 {
			l.do(func() { r.Open(path, nil, 0) })
			l.until(b, r.Drawn)
			l.do(r.Close)
		}
		after := settled(b, l)

		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(known.Milliseconds()), "ms/known")
		b.ReportMetric(float64(first.Milliseconds()), "ms/first-page")
		b.ReportMetric(most, "MB")
		b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
		b.ReportMetric(after-before, "MB/growth")
	}
}

// settled is the memory when nothing is going on.
func settled(b *testing.B, l *loop) float64 {
	for range 20 {
		time.Sleep(50 * time.Millisecond)
		l.drain()
	}
	runtime.GC()
	debug.FreeOSMemory()
	own, helpers := memory(b)
	return own + helpers
}

// The real helper, the real file, the real text: what the fakes stand for.
func TestRealDocument(t *testing.T) {
	l := &loop{done: make(chan func(), 100)}
	r := open(t, l)
	path := scan(t, 3)
	l.do(func() { r.Open(path, nil, 0) })
	l.until(t, r.Drawn)
	if size := r.PageSize(2); r.Pages() != 3 || size.W < 209.9 || size.W > 210.1 {
		t.Errorf("%d pages of %v", r.Pages(), size)
	}
	l.do(func() { r.SetZoom(3) })
	l.do(func() { r.ScrollTo(3, pdffile.Box{X: 190, Y: 280, W: 10, H: 10}) })
	l.until(t, r.Drawn)
	if n := len(r.main.sheets[2].tiles); n == 0 || r.failure(2) != "" {
		t.Errorf("page 3 has %d tiles, %q", n, r.failure(2))
	}
	l.do(func() { r.search.start("quyết định") })
	l.until(t, func() bool { return r.search.read == 3 })
	if len(r.search.hits) != 0 {
		t.Error("text is found in pictures")
	}
	_, helpers := memory(t)
	if helpers == 0 {
		t.Error("there is no helper")
	}
	l.do(r.Close)
	for range 100 {
		time.Sleep(20 * time.Millisecond)
		if _, helpers = memory(t); helpers == 0 {
			return
		}
	}
	t.Error("the helper outlives its document")
}
