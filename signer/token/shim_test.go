package token

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"antin/signer/worker"
)

// buildShim compiles testdata/shim.c against the header of the PKCS#11 binding.
var buildShim = sync.OnceValues(func() (string, error) {
	header, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/miekg/pkcs11").Output()
	if err != nil {
		return "", fmt.Errorf("looking for pkcs11.h: %w", err)
	}
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	path := filepath.Join(officeDir, "shim.so")
	out, err := exec.Command(cc, "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror",
		"-I", strings.TrimSpace(string(header)), "-o", path, filepath.Join("testdata", "shim.c"), "-ldl", "-lpthread").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("compiling testdata/shim.c: %w\n%s", err, out)
	}
	return path, nil
})

// shim is SoftHSM with the tokens of the office behind testdata/shim.c.
type shim struct {
	t    testing.TB
	dir  string
	path string
	env  []string
	d    *Driver
}

// shim starts with the rules that testdata/shim.c explains, one each.
func (o *office) shim(t testing.TB, rules ...string) *shim {
	t.Helper()
	path, err := buildShim()
	if err != nil {
		t.Fatal(err)
	}
	s := &shim{t: t, dir: t.TempDir(), path: path}
	s.env = worker.CleanEnv("SHIM_MODULE="+o.module, "SHIM_DIR="+s.dir, "SOFTHSM2_CONF="+o.conf)
	s.rules(rules...)
	s.d = s.driver()
	t.Cleanup(s.check)
	return s
}

// driver makes a further driver, as the next run of the program would.
func (s *shim) driver(opts ...Option) *Driver {
	d := Open(s.path, worker.Options{Env: s.env}, opts...)
	s.t.Cleanup(func() { d.Close() })
	return d
}

// rules replaces the rules. Numbers of calls begin anew.
func (s *shim) rules(rules ...string) {
	s.t.Helper()
	next := filepath.Join(s.dir, "next")
	if err := errors.Join(os.WriteFile(next, []byte(strings.Join(rules, "\n")+"\n"), 0o600), os.Rename(next, filepath.Join(s.dir, "rules"))); err != nil {
		s.t.Fatal(err)
	}
}

// call is one line of the shim's log.
type call struct {
	at       time.Time
	pid      int
	function string
	number   int
	result   string // 0x… or what was done: crash, hang, …
}

func (s *shim) log() []call {
	b, err := os.ReadFile(filepath.Join(s.dir, "log"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		s.t.Error(err)
	}
	var calls []call
	for line := range bytes.Lines(b) {
		f := strings.Fields(string(line))
		if len(f) != 6 {
			continue // being written
		}
		ns, _ := strconv.ParseInt(f[0], 10, 64)
		pid, _ := strconv.Atoi(f[1])
		number, _ := strconv.Atoi(f[4])
		calls = append(calls, call{time.Unix(0, ns), pid, f[3], number, f[5]})
	}
	return calls
}

// calls counts the calls of a function.
func (s *shim) calls(function string) int {
	n := 0
	for _, c := range s.log() {
		if c.function == function {
			n++
		}
	}
	return n
}

// when is the time of the last line with this result.
func (s *shim) when(result string) (time.Time, bool) {
	var at time.Time
	for _, c := range s.log() {
		if c.result == result {
			at = c.at
		}
	}
	return at, !at.IsZero()
}

// check looks for what must not happen in any test.
func (s *shim) check() {
	for _, c := range s.log() {
		switch {
		case c.result == "OVERLAP", c.result == "THREAD":
			s.t.Errorf("%s was called while another call ran, or by another thread (%s)", c.function, c.result)
		case strings.Contains(c.function+c.result, pin): // a time may contain any digits
			s.t.Errorf("the log of the shim shows the PIN: %s %s", c.function, c.result)
		case c.function == "C_Finalize":
			s.t.Error("C_Finalize was called; several modules crash in it")
		}
	}
}

// eventually waits for what other processes do. Any goroutine may call it.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for range 1000 {
		if done() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Errorf("waited 5 s in vain for %s", what)
}
