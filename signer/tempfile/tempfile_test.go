package tempfile_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"antin/signer/tempfile"
)

const pattern = "antin-*.pdf"

// TestMain is also the process that is killed with its files open.
func TestMain(m *testing.M) {
	if os.Getenv("ANTIN_TEST_KILLED") == "" {
		os.Exit(m.Run())
	}
	open, err := tempfile.New(pattern)
	if err == nil {
		_, err = open.WriteString("a page")
	}
	if err == nil {
		_, err = tempfile.Named(os.TempDir(), pattern)
	}
	fmt.Println(err)
	time.Sleep(time.Minute)
}

func names(t *testing.T, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// Others read the file by its path while it is open; then it is gone.
func TestPath(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	f, err := tempfile.New(pattern)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("a page"); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("cat", f.Path()).Output(); err != nil || string(out) != "a page" {
		t.Errorf("read %q, %v", out, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if left := names(t, os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// What a killed process leaves is at most a file with a name, which the next one
// removes when nobody can be at it any more; other files stay.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_TEST_KILLED=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var said string
	if _, err := fmt.Fscanln(out, &said); err != nil || said != "<nil>" {
		t.Fatal(said, err)
	}
	left := names(t, dir)
	if len(left) != 1 {
		t.Fatalf("files %q", left)
	}
	other := filepath.Join(dir, "antin-cua-toi.txt")
	if err := os.WriteFile(other, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Hour)
	for _, name := range names(t, dir) {
		if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
			t.Fatal(err)
		}
	}
	next := func() []string {
		f, err := tempfile.Named(dir, pattern)
		if err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
		if err := os.Remove(f.Name()); err != nil {
			t.Fatal(err)
		}
		return names(t, dir)
	}
	if now := next(); !slices.Contains(now, left[0]) {
		t.Error("removed while its process lives")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // it was killed
	if now := next(); len(now) != 1 || now[0] != filepath.Base(other) {
		t.Errorf("left %q", now)
	}
}
