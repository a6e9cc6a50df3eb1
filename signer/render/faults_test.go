package render

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/worker"
)

// faultVariable tells the helper of a test what is to go wrong: "crash 2" at
// every drawing of page 2, "once FILE 2" at the first one only, "hang 2",
// "flatten" while annotations are flattened.
const faultVariable = "ANTIN_TEST_FAULT"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" && os.Args[2] == "render" {
		if f := os.Getenv(faultVariable); f != "" {
			os.Exit(worker.Serve(&faulty{what: strings.Fields(f)}))
		}
		os.Exit(ServePages(os.Args[3:]))
	}
	os.Exit(m.Run())
}

type faulty struct {
	artist
	what []string
}

func (f *faulty) Handle(ctx context.Context, frame, secret []byte) ([]byte, error) {
	var q request
	if err := json.Unmarshal(frame, &q); err != nil {
		return nil, err
	}
	last := f.what[len(f.what)-1]
	switch {
	case f.what[0] == "flatten" && q.Do == openFile && !q.Plain:
		die()
	case q.Do != drawPage || last != string(rune('0'+q.Page)):
	case f.what[0] == "hang":
		time.Sleep(time.Hour)
	case f.what[0] == "crash":
		die()
	case f.what[0] == "once":
		if os.Remove(f.what[1]) == nil {
			die()
		}
	}
	return f.artist.Handle(ctx, frame, secret)
}

func die() {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		_ = p.Signal(syscall.SIGKILL)
	}
	time.Sleep(time.Minute)
}

func openFaulty(t *testing.T, fault string) (*Renderer, Document) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	box := pdffile.Rect{X0: 300, Y0: 500, X1: 420, Y1: 560}
	write(t, path, testPage{widget: box}, testPage{widget: box}, testPage{widget: box})
	r := &Renderer{Worker: worker.Options{Env: worker.CleanEnv(faultVariable + "=" + fault)}, Limits: Limits{Page: time.Second}}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
	})
	doc, err := r.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	return r, doc
}

func drawn(t *testing.T, r *Renderer, n int) {
	t.Helper()
	if _, err := r.Page(context.Background(), n, 36); err != nil {
		t.Errorf("page %d: %v", n, err)
	}
}

func TestCrashCostsOnePage(t *testing.T) {
	t.Parallel()
	r, _ := openFaulty(t, "crash 2")
	drawn(t, r, 1)
	_, err := r.Page(context.Background(), 2, 36)
	if !errors.Is(err, ErrNotDrawable) || !errors.Is(err, worker.ErrCrashed) {
		t.Errorf("page 2: %v, want not drawable after a crash", err)
	}
	drawn(t, r, 3)
	drawn(t, r, 1)
	before := r.process.PID()
	if _, err := r.Page(context.Background(), 2, 36); !errors.Is(err, ErrNotDrawable) {
		t.Errorf("page 2 again: %v", err)
	}
	if r.process.PID() != before {
		t.Error("page 2 cost a third helper")
	}
}

func TestCrashOnceIsTriedAgain(t *testing.T) {
	t.Parallel()
	flag := filepath.Join(t.TempDir(), "flag")
	if err := os.WriteFile(flag, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	r, _ := openFaulty(t, "once "+flag+" 2")
	drawn(t, r, 2)
	if _, err := os.Stat(flag); err == nil {
		t.Error("the helper was never killed")
	}
}

func TestHangCostsOnePage(t *testing.T) {
	t.Parallel()
	r, _ := openFaulty(t, "hang 2")
	start := time.Now()
	_, err := r.Page(context.Background(), 2, 36)
	if !errors.Is(err, ErrNotDrawable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("page 2: %v, want not drawable in time", err)
	}
	if d := time.Since(start); d > 4*time.Second {
		t.Errorf("giving up after 1 s took %v", d)
	}
	drawn(t, r, 3)
}

func TestFlattenThatKillsIsLeftOut(t *testing.T) {
	t.Parallel()
	r, doc := openFaulty(t, "flatten")
	if doc.Pages != 3 || !doc.Annotated || doc.SignaturesShown {
		t.Errorf("opened as %+v, want annotations left out", doc)
	}
	drawn(t, r, 1)
}

// The helper may die while nothing is asked of it.
func TestHelperDiesBetweenPages(t *testing.T) {
	t.Parallel()
	r, _ := openFaulty(t, "none 0")
	drawn(t, r, 1)
	p, err := os.FindProcess(r.process.PID())
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	drawn(t, r, 2)
}

func TestGivingUpAPage(t *testing.T) {
	t.Parallel()
	r, _ := openFaulty(t, "hang 2")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := r.Page(ctx, 2, 36); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("page 2: %v", err)
	}
	if d := time.Since(start); d > 500*time.Millisecond {
		t.Errorf("Page came back after %v", d)
	}
	// Close does not wait for the page.
	start = time.Now()
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if d := time.Since(start); d > 700*time.Millisecond {
		t.Errorf("closing took %v", d)
	}
}

func TestFileChangedMeanwhile(t *testing.T) {
	t.Parallel()
	r, _ := openFaulty(t, "crash 2")
	write(t, r.source.Path, testPage{}, testPage{}, testPage{content: "n"})
	if _, err := r.Page(context.Background(), 2, 36); !errors.Is(err, ErrNotDrawable) || !strings.Contains(err.Error(), "changed") {
		t.Errorf("a page of another document: %v, want a refusal", err)
	}
}
