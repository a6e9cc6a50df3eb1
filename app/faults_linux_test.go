package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"antin/signer/practice"
	"antin/signer/settings"
)

// faultyOffice is a practice office whose tokens can be pulled out: between them
// and the program stands the module of package token that misbehaves as it is
// told to.
type faultyOffice struct {
	*practiceOffice
	sources map[string][32]byte // what must not change
}

func newFaultyOffice(t *testing.T, role settings.Role) *faultyOffice {
	t.Helper()
	o := &faultyOffice{practiceOffice: newPracticeOffice(t, role), sources: map[string][32]byte{}}
	module, err := practice.SoftHSMModule()
	check(t, err)
	header, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/miekg/pkcs11").Output()
	check(t, err)
	shim := o.path("shim.so")
	if out, err := exec.Command("cc", "-shared", "-fPIC", "-O1", "-I", strings.TrimSpace(string(header)), "-o", shim,
		filepath.Join("..", "signer", "token", "testdata", "shim.c"), "-ldl", "-lpthread").CombinedOutput(); err != nil {
		t.Fatalf("compiling shim.c: %v\n%s", err, out)
	}
	check(t, os.Mkdir(o.path("shim"), 0o700))
	o.set(func(s *settings.Settings) { s.Modules = []string{shim} })
	o.env = append(o.env, "SHIM_MODULE="+module, "SHIM_DIR="+o.path("shim"), "SHIM_CONF="+o.path("token/softhsm2.conf"),
		"SOFTHSM2_CONF="+o.path("no-token.conf")) // SoftHSM itself shows nothing
	return o
}

// token replaces the rules of the module, see shim.c; none: the token is there and works.
func (o *faultyOffice) token(rules ...string) {
	o.t.Helper()
	next := o.path("shim/next")
	check(o.t, os.WriteFile(next, []byte(strings.Join(rules, "\n")+"\n"), 0o600))
	check(o.t, os.Rename(next, o.path("shim/rules")))
}

// calls are the lines in the module's log for a function.
func (o *faultyOffice) calls(function string) (lines []string) {
	o.t.Helper()
	b, err := os.ReadFile(o.path("shim/log"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		o.t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 6 && f[3] == function {
			lines = append(lines, line)
		}
	}
	return lines
}

// documents copies a file of the office to new ones, each a byte longer: white
// space behind a revision changes nothing for a reader.
func (o *faultyOffice) documents(from string, names ...string) {
	o.t.Helper()
	content, err := os.ReadFile(o.path(from))
	check(o.t, err)
	for _, name := range names {
		content = append(content, '\n')
		check(o.t, os.MkdirAll(filepath.Dir(o.path(name)), 0o700))
		check(o.t, os.WriteFile(o.path(name), content, 0o600))
		o.sources[name] = sha256.Sum256(content)
	}
}

// holds looks into a folder: the sources as they were, these files beside them,
// nothing else, hidden or not.
func (o *faultyOffice) holds(folder string, made ...string) {
	o.t.Helper()
	var others []string
	entries, err := os.ReadDir(o.path(folder))
	check(o.t, err)
	for _, e := range entries {
		name := filepath.Join(folder, e.Name())
		want, source := o.sources[name]
		if !source {
			others = append(others, e.Name())
			continue
		}
		if content, err := os.ReadFile(o.path(name)); err != nil || sha256.Sum256(content) != want {
			o.t.Errorf("the source %s has changed, %v", name, err)
		}
	}
	slices.Sort(made)
	if !slices.Equal(others, made) {
		o.t.Errorf("%s holds %q beside the sources, want %q", folder, others, made)
	}
}

// tries waits for as many logins as there were answered questions for the PIN:
// none is ever tried by the program itself.
func (o *faultyOffice) tries(n int) {
	o.t.Helper()
	if logins := o.calls("C_Login"); len(logins) != n {
		o.t.Errorf("the token was asked to log in %d times, want %d:\n%s", len(logins), n, strings.Join(logins, ""))
	}
}

// enter types the PIN that is asked for.
func (o *faultyOffice) enter(s *screen) {
	s.t.Helper()
	s.write(o.pin)
	s.keys("Return")
}

// The leader's token is pulled out while the PIN is asked for, its driver dies
// during a signature, and it is pulled out between two documents: each time the
// window says what happened, and goes on where it stopped.
func TestTokenTroubleInTheWindow(t *testing.T) {
	o := newFaultyOffice(t, settings.Leader)
	o.documents("quyet-dinh.pdf", "ky/1.pdf", "ky/2.pdf", "ky/3.pdf")
	s := o.screen()
	s.start(o.path("ky"))
	s.agree(3)

	s.press()
	o.token("removed")
	o.enter(s)
	s.reads(panelPart, "KS-102 Chưa cắm USB")
	s.picture("pulled-while-the-PIN-is-asked")
	o.tries(0)
	o.holds("ky")

	o.token("C_Sign 2 delay=5000")
	s.reads(headPart, "(còn")
	s.press()
	o.enter(s)
	o.appear(s, "ky/*.daky.pdf", 1, 20*time.Second)
	s.until("no second document is being signed", func() bool { return len(o.calls("C_SignInit")) == 2 })
	time.Sleep(200 * time.Millisecond) // C_Sign has been called
	s.killHelpers("token")
	s.reads(panelPart, "KS-120 USB")
	s.picture("driver-killed")
	o.tries(1)
	o.holds("ky", "1.daky.pdf")

	o.token("C_Sign 2 pull")
	s.press()
	o.enter(s)
	o.appear(s, "ky/*.daky.pdf", 2, 20*time.Second)
	s.reads(panelPart, "KS-121 USB ký số bị rút")
	s.picture("pulled-between-two-documents")
	o.tries(2)
	o.holds("ky", "1.daky.pdf", "2.daky.pdf")

	o.token()
	s.reads(headPart, "(còn")
	s.press()
	o.enter(s)
	o.appear(s, "ky/*.daky.pdf", 3, 20*time.Second)
	s.reads(panelPart, "Đã ký 3/3 văn bản")
	s.picture("all-signed")
	o.tries(3)
	o.holds("ky", "1.daky.pdf", "2.daky.pdf", "3.daky.pdf")
	o.judged(1, o.made("ky/*.daky.pdf")...)
}

// Parts of the screen, beside those of the journeys.
var (
	headPart   = image.Rect(800, 80, 972, 112)
	pagePart   = image.Rect(250, 130, 900, 650)
	recentPart = image.Rect(95, 460, 500, 680) // on the start page
	countsPart = image.Rect(95, 700, 330, 735)
	middlePart = image.Rect(380, 200, 1000, 560) // where dialogs stand
)

// agree looks through so many of a leader's documents and agrees to each.
func (s *screen) agree(documents int) {
	s.t.Helper()
	for n := range documents {
		s.reads(panelPart, "Khớp tên in trên trang")
		s.keys("space")
		s.reads(countsPart, fmt.Sprint("Đã đồng ý ", n+1))
	}
}

// helpers are the processes that the program has started for a kind of work.
func (s *screen) helpers(kind string) (pids []int) {
	s.t.Helper()
	out, err := exec.Command("pgrep", "-P", strconv.Itoa(s.program.Process.Pid), "-f", "worker "+kind).Output()
	if err != nil && len(out) > 0 { // without any it fails too
		s.t.Fatal(err)
	}
	for _, line := range strings.Fields(string(out)) {
		pid, err := strconv.Atoi(line)
		check(s.t, err)
		pids = append(pids, pid)
	}
	return pids
}

// killHelpers ends them as a fault in foreign code would.
func (s *screen) killHelpers(kind string) {
	s.t.Helper()
	for _, pid := range s.helpers(kind) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			s.t.Fatal(err)
		}
	}
}
