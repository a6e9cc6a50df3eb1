package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"antin/app/cli"
	"antin/signer/pdffile"
	"antin/signer/practice"
	"antin/signer/practice/machine"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "worker" { // a helper of a command that runs inside this very test
		os.Exit(run(os.Args[1:]))
	}
	testscript.Main(sweeping{m}, map[string]func(){"antin": func() { os.Exit(run(os.Args[1:])) }})
}

// onceFolder has what is made once for several tests, "" for nothing.
var onceFolder string

// sweeping takes that away after the tests.
type sweeping struct{ *testing.M }

func (m sweeping) Run() int {
	code := m.M.Run()
	if onceFolder != "" {
		_ = os.RemoveAll(onceFolder) // in the system's folder for such files
	}
	return code
}

// The stories in testdata/script are played with the program itself. Beside
// testscript's own commands they know those of the methods below.
func TestScripts(t *testing.T) {
	if _, err := practice.SoftHSMModule(); err != nil {
		machine.Lacks(t, "there is no story to play: ", err)
	}
	machine.Program(t, "qpdf", "qpdf") // it encrypts
	o := newOffice(t)
	testscript.Run(t, testscript.Params{
		Dir:   filepath.Join("..", "testdata", "script"),
		Setup: o.open,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "interrupts": o.interrupts, "json": jsonFields, "lists": lists,
			"refill": refill, "overwrite": overwrite, "shell": shell, "fresh": fresh, "varied": varied,
		},
		Condition: func(cond string) (bool, error) {
			if cond == "userns" { // a file system of our own can be mounted
				return exec.Command("unshare", "-Urm", "mount", "-t", "tmpfs", "none", "/tmp").Run() == nil, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
		RequireExplicitExec: true,
	})
}

// exits CODE COMMAND ARG…: the command ends with just this exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := exitCode(ts.Exec(args[1], args[2:]...)); got != want || neg {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.ExitCode()
	}
	return -1
}

// interrupts COMMAND ARG…: Ctrl-C as soon as the command waits for the
// time-stamp server $TSA_HANG; it must end with 130 within two seconds.
func (o *office) interrupts(ts *testscript.TestScript, neg bool, args []string) {
	path, err := exec.LookPath(args[0])
	ts.Check(err)
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "LANG", "SOFTHSM2_CONF"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	cmd.Stdout, cmd.Stderr = ts.Stdout(), ts.Stderr()
	ts.Check(cmd.Start())
	select {
	case <-o.hanging(filepath.Base(ts.Getenv("WORK"))):
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		ts.Fatalf("the time-stamp server was never asked")
	}
	since := time.Now()
	ts.Check(cmd.Process.Signal(os.Interrupt))
	got := exitCode(cmd.Wait())
	if took := time.Since(since); got != 130 || took > 2*time.Second {
		ts.Fatalf("exit code %d after %v", got, took)
	}
}

// json LINE FIELD[=VALUE]…: the line (from 1) of standard output is a JSON
// object with these fields. FIELD is a path such as signatures.0.signer.name;
// !FIELD is absent.
func jsonFields(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	lines := strings.Split(strings.TrimSpace(ts.ReadFile("stdout")), "\n")
	if n < 1 || n > len(lines) {
		ts.Fatalf("standard output has %d lines", len(lines))
	}
	var record any
	ts.Check(json.Unmarshal([]byte(lines[n-1]), &record))
	for _, a := range args[1:] {
		field, want, compare := strings.Cut(a, "=")
		field, absent := strings.CutPrefix(field, "!")
		got, ok := at(record, strings.Split(field, "."))
		switch {
		case absent && ok:
			ts.Fatalf("%s is there: %v", field, got)
		case !absent && !ok:
			ts.Fatalf("%s is not there", field)
		case compare && fmt.Sprint(got) != want:
			ts.Fatalf("%s is %v, want %s", field, got, want)
		}
	}
}

func at(v any, path []string) (any, bool) {
	if len(path) == 0 {
		return v, true
	}
	switch v := v.(type) {
	case map[string]any:
		if inner, ok := v[path[0]]; ok {
			return at(inner, path[1:])
		}
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return at(v[i], path[1:])
		}
	}
	return nil, false
}

// lists DIR NAME…: the folder holds these files and no other, hidden ones
// included. Without names it is empty.
func lists(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := slices.Sorted(slices.Values(args[1:]))
	if !slices.Equal(got, want) {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}

// refill SOURCE TARGET FIELD TEXT: somebody else changes a form field in a
// further revision.
func refill(ts *testscript.TestScript, neg bool, args []string) {
	f, err := pdffile.Open(ts.MkAbs(args[0]), pdffile.Options{})
	ts.Check(err)
	defer f.Close()
	field, err := f.Field(args[2])
	ts.Check(err)
	update := f.NewUpdate()
	d := update.Dict(field.Ref)
	changed := pdffile.Dict{}
	for k, v := range d {
		changed[k] = v
	}
	changed["V"] = pdffile.String(args[3])
	update.Set(field.Ref, changed)
	tail, err := update.Render()
	ts.Check(err)
	source, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), append(source[:tail.Start], tail.Data...), 0o600))
}

// overwrite SOURCE TARGET OLD NEW: the first bytes OLD become NEW, of the same
// length.
func overwrite(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	if i := bytes.Index(b, []byte(args[2])); i < 0 || len(args[2]) != len(args[3]) {
		ts.Fatalf("%q is not in the file, or %q is of another length", args[2], args[3])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), bytes.Replace(b, []byte(args[2]), []byte(args[3]), 1), 0o600))
}

// varied SOURCE TARGET…: copies that differ in the white space behind the end.
func varied(ts *testscript.TestScript, neg bool, args []string) {
	b, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, target := range args[1:] {
		b = append(b, '\n')
		ts.Check(os.WriteFile(ts.MkAbs(target), b, 0o600))
	}
}

// shell PATTERN: every line of standard output that matches is run by a shell
// and has to succeed.
func shell(ts *testscript.TestScript, neg bool, args []string) {
	pattern := regexp.MustCompile(args[0])
	ran := 0
	for s := bufio.NewScanner(strings.NewReader(ts.ReadFile("stdout"))); s.Scan(); {
		if !pattern.MatchString(s.Text()) {
			continue
		}
		ran++
		cmd := exec.Command("sh", "-c", s.Text())
		cmd.Dir = ts.MkAbs(".")
		cmd.Env = []string{"PATH=" + ts.Getenv("PATH"), "LANG=" + ts.Getenv("LANG"), "HOME=" + ts.Getenv("HOME")}
		out, err := cmd.CombinedOutput()
		if err != nil {
			ts.Fatalf("%s: %v\n%s", s.Text(), err, out)
		}
		ts.Logf("%s\n%s", s.Text(), out)
	}
	if want, err := strconv.Atoi(args[1]); err != nil || ran != want {
		ts.Fatalf("%d lines matched, want %s", ran, args[1])
	}
}

// fresh: no process of this script is left over.
func fresh(ts *testscript.TestScript, neg bool, args []string) {
	work := ts.Getenv("WORK")
	for end := time.Now().Add(3 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		left := ""
		processes, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, p := range processes {
			env, err := os.ReadFile(p)
			if err == nil && bytes.Contains(env, []byte("SOFTHSM2_CONF="+work)) {
				left = p
			}
		}
		if left == "" {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("a process of this script still runs: %s", left)
		}
	}
}

// The version stands in two files.
func TestVersion(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "FyneApp.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("Version = %q", cli.Version); !strings.Contains(string(b), want) {
		t.Errorf("FyneApp.toml does not say %s", want)
	}
}
