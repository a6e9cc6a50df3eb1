package token

import (
	"bytes"
	"context"
	"debug/pe"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"antin/signer/worker"
)

// moduleC is a PKCS#11 module without tokens; INIT is what C_Initialize does
// besides leaving a line in the file TRIED.
const moduleC = `
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static unsigned long unsupported(void) { return 0x54; }
static unsigned long initialize(void *args) {
	(void)args;
	FILE *f = fopen(TRIED, "a");
	if (f) { fputs("tried\n", f); fclose(f); }
	INIT;
	return 0;
}
static unsigned long slots(unsigned char present, unsigned long *list, unsigned long *count) {
	(void)present; (void)list;
	*count = 0;
	return 0;
}
static struct { unsigned char major, minor; void *f[68]; } functions = {2, 20, {0}};
unsigned long C_GetFunctionList(void **list) {
	for (int i = 0; i < 68; i++) functions.f[i] = unsupported;
	functions.f[0] = initialize;
	functions.f[4] = slots;
	*list = &functions;
	return 0;
}
`

// module compiles moduleC and returns its path and the number of its probes.
func module(t *testing.T, dir, name, init string) (path string, tried func() int) {
	t.Helper()
	cc := os.Getenv("CC")
	if cc == "" {
		cc = "cc"
	}
	path = filepath.Join(dir, name)
	log := path + ".tried"
	cmd := exec.Command(cc, "-shared", "-fPIC", "-xc", "-DINIT="+init, fmt.Sprintf("-DTRIED=%q", log), "-o", path, "-")
	cmd.Stdin = strings.NewReader(moduleC)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("compiling a module: %v\n%s", err, out)
	}
	return path, func() int {
		b, _ := os.ReadFile(log) // none: never tried
		return bytes.Count(b, []byte("\n"))
	}
}

func find(t *testing.T, found []Found, path string) Found {
	t.Helper()
	for _, f := range found {
		if f.Path == path {
			return f
		}
	}
	t.Fatalf("%q is not among %+v", path, found)
	return Found{}
}

func p11kitLists(paths ...string) func() []candidate {
	return func() (out []candidate) {
		for _, p := range paths {
			out = append(out, candidate{path: p, name: filepath.Base(p), origin: FromP11Kit, source: p})
		}
		return out
	}
}

func TestBrokenModulesNeitherHideNorDelayGoodOnes(t *testing.T) {
	dir := t.TempDir()
	hang1, _ := module(t, dir, "hang1.so", "for (;;) pause()")
	hang2, _ := module(t, dir, "hang2.so", "for (;;) pause()")
	hang3, _ := module(t, dir, "hang3.so", "for (;;) pause()")
	crash, _ := module(t, dir, "crash.so", "*(volatile int *)0 = 1")
	refuses, _ := module(t, dir, "refuses.so", "return 0x30")
	good, _ := module(t, dir, "good.so", ";")
	windows := filepath.Join(dir, "windows.dll")
	write(t, windows, libraryPE(pe.IMAGE_FILE_MACHINE_I386, true, entryPoint))
	text := filepath.Join(dir, "text.so")
	write(t, text, []byte("no library"))

	began := time.Now()
	const timeout = 1500 * time.Millisecond
	found := Discover(t.Context(), DiscoverOptions{
		Own:     []OwnModule{{Path: "relative.so"}, {Path: good}},
		Timeout: timeout, candidates: p11kitLists(hang1, hang2, hang3, crash, refuses, windows, text, "/nonexistent/m.so"),
	})
	elapsed := time.Since(began)
	t.Logf("discovery with three modules that hang for %v each: %v", timeout, elapsed)
	if elapsed > 2*timeout {
		t.Errorf("discovery took %v: the probes waited for each other", elapsed)
	}
	if len(found) != 10 {
		t.Errorf("%d found, want all 10", len(found))
	}
	for _, tc := range []struct {
		path string
		want error
		also error
	}{
		{good, nil, nil},
		{hang1, ErrDriver, worker.ErrSilent},
		{hang2, ErrDriver, worker.ErrSilent},
		{hang3, ErrDriver, worker.ErrSilent},
		{crash, ErrDriver, worker.ErrCrashed},
		{refuses, ErrDriver, nil},
		{windows, ErrWrongArchitecture, nil},
		{text, ErrNotModule, nil},
		{"/nonexistent/m.so", ErrNoModule, nil},
		{"relative.so", ErrNoModule, nil},
	} {
		f := find(t, found, tc.path)
		if !errors.Is(f.Problem, tc.want) || tc.want == nil && f.Problem != nil || tc.also != nil && !errors.Is(f.Problem, tc.also) {
			t.Errorf("%s: problem %v, want %v (%v)", tc.path, f.Problem, tc.want, tc.also)
		}
	}
	if f := find(t, found, good); f.Origin != FromUser || f.Format == "" || len(f.Architectures) != 1 || len(f.SHA256) != 64 {
		t.Errorf("good module: %+v", f)
	}
	var arch *ArchitectureError
	if f := find(t, found, windows); !errors.As(f.Problem, &arch) || arch.Format != "PE" || f.Architectures[0] != "386" {
		t.Errorf("32-bit DLL: %+v", f)
	}
}

func TestProbesAreRemembered(t *testing.T) {
	dir := t.TempDir()
	good, goodTried := module(t, dir, "good.so", ";")
	bad, badTried := module(t, dir, "bad.so", "return 5")
	cache := filepath.Join(dir, "config", "modules.json")
	now := time.Now()
	discover := func(again bool) {
		t.Helper()
		found := Discover(t.Context(), DiscoverOptions{
			Cache: cache, Again: again, candidates: p11kitLists(good, bad), now: func() time.Time { return now },
		})
		if f := find(t, found, good); f.Problem != nil {
			t.Errorf("good: %v", f.Problem)
		}
		if f := find(t, found, bad); !errors.Is(f.Problem, ErrDriver) || !strings.Contains(f.Problem.Error(), "C_Initialize") {
			t.Errorf("bad: %v", f.Problem)
		}
	}
	// tried compares the number of probes since the last comparison.
	var before [2]int
	tried := func(what string, good, bad int) {
		t.Helper()
		after := [2]int{goodTried(), badTried()}
		if got := [2]int{after[0] - before[0], after[1] - before[1]}; got != [2]int{good, bad} {
			t.Errorf("%s: %v probes, want [%d %d]", what, got, good, bad)
		}
		before = after
	}
	discover(false)
	tried("first", 1, 1)
	info, err := os.Stat(cache)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("cache has mode %v", info.Mode())
	}
	discover(false)
	tried("second", 0, 0)
	now = now.Add(failureLife)
	discover(false)
	tried("after an hour", 0, 1)
	discover(true)
	tried("when asked to", 1, 1)
	if err := os.Chtimes(good, time.Time{}, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	discover(false)
	tried("another time of the file", 1, 0)
	f, err := os.OpenFile(good, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("x"); err != nil {
		t.Fatal(err)
	}
	f.Close()
	if err := os.Chtimes(good, time.Time{}, now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	discover(false)
	tried("another size", 1, 0)
	for _, nonsense := range []string{"", "{", `["x"]`, strings.Repeat("x", maxCache+1)} {
		write(t, cache, []byte(nonsense))
		discover(false)
		tried(fmt.Sprintf("cache of %d bytes of nonsense", len(nonsense)), 1, 1)
	}
	if err := os.Remove(cache); err != nil {
		t.Fatal(err)
	}
	cache = filepath.Join(good, "no folder", "modules.json")
	discover(false)
	tried("cache that cannot be written", 1, 1)
	if left, _ := filepath.Glob(filepath.Join(dir, "config", ".modules-*")); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

func TestCancelledProbesAreNotRemembered(t *testing.T) {
	dir := t.TempDir()
	hang, _ := module(t, dir, "hang.so", "for (;;) pause()")
	cache := filepath.Join(dir, "modules.json")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, cancel)
	began := time.Now()
	found := Discover(ctx, DiscoverOptions{Cache: cache, candidates: p11kitLists(hang)})
	if f := find(t, found, hang); !errors.Is(f.Problem, ErrCancelled) || time.Since(began) > 2*time.Second {
		t.Errorf("%v after %v", f.Problem, time.Since(began))
	}
	if _, err := os.Stat(cache); err == nil {
		t.Error("the cancelled probe was written down")
	}
}

func TestOwnModuleThatChanged(t *testing.T) {
	path, _ := module(t, t.TempDir(), "own.so", ";")
	discover := func(sum string) Found {
		t.Helper()
		return find(t, Discover(t.Context(), DiscoverOptions{Own: []OwnModule{{path, sum}}, candidates: p11kitLists()}), path)
	}
	changed := func(f Found) bool {
		return slices.ContainsFunc(f.Warnings, func(w Warning) bool { return w.Reason == ReasonChanged })
	}
	first := discover("")
	if sum, err := Fingerprint(path); err != nil || sum != first.SHA256 || changed(first) {
		t.Errorf("first time: %+v, SHA-256 %s, %v", first, sum, err)
	}
	if again := discover(first.SHA256); changed(again) {
		t.Errorf("unchanged: %v", again.Warnings)
	}
	if other := discover(strings.Repeat("0", 64)); !changed(other) || other.Problem != nil {
		t.Errorf("changed: %+v", other)
	}
}

// What the table knows is not probed, and keeps its name whoever names it.
func TestKnownModulesAndTheirOrder(t *testing.T) {
	dir := t.TempDir()
	path := map[string]string{}
	tried := map[string]func() int{}
	for _, name := range []string{"own", "bit4id", "epass", "other"} {
		path[name], tried[name] = module(t, dir, name+".so", ";")
	}
	atr, err := hex.DecodeString("3B9F958131FE9F006646530501001171DF00000390000080"[:46])
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link.so")
	if err := os.Symlink(path["epass"], link); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "csp.so") // a provider without a module in it
	write(t, plain, []byte("no library"))
	found := Discover(t.Context(), DiscoverOptions{
		Own:  []OwnModule{{Path: path["own"]}},
		ATRs: [][]byte{{0x3b}, atr},
		candidates: func() []candidate {
			return []candidate{
				{path: path["bit4id"], name: "bit4id", vendor: "bit4id", origin: FromTable, known: true},
				{path: link, name: "csp", origin: FromRegistry, guess: true},
				{path: path["epass"], name: "Feitian ePass2003/3003", vendor: "Feitian", origin: FromTable, known: true},
				{path: plain, name: "csp", origin: FromRegistry, guess: true},
				{path: path["other"], name: "other", origin: FromP11Kit, source: path["other"]},
			}
		},
	})
	var got []string
	for _, f := range found {
		if f.Problem != nil {
			t.Errorf("%s: %v", f.Path, f.Problem)
		}
		got = append(got, f.Name+" "+f.Vendor)
	}
	want := []string{"own.so ", "Feitian ePass2003/3003 Feitian", "bit4id bit4id", "other "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, want := range map[string]int{"own": 1, "bit4id": 0, "epass": 0, "other": 1} {
		if got := tried[name](); got != want {
			t.Errorf("%s was probed %d times, want %d", name, got, want)
		}
	}
}

// This machine's own modules, as the program finds them.
func TestDiscoverThisMachine(t *testing.T) {
	o := desks(t)
	t.Setenv("SOFTHSM2_CONF", o.conf)
	began := time.Now()
	found := Discover(t.Context(), DiscoverOptions{})
	t.Logf("%d modules in %v", len(found), time.Since(began))
	f := find(t, found, o.module)
	if f.Name != "SoftHSM 2" || f.Origin != FromTable || f.Problem != nil || len(f.Warnings) > 0 {
		t.Errorf("SoftHSM: %+v", f)
	}
	for _, f := range found {
		if strings.Contains(f.Path, "p11-kit-trust") {
			t.Errorf("the system's certificates are no token: %+v", f)
		}
	}
}

func TestCSPFiles(t *testing.T) {
	for _, tc := range []struct {
		name, image string
		wow         bool
		want        []string
	}{
		{"Vietnamese vendors", `C:\Windows\System32\viettel-ca_v6_s.dll`, false, []string{`C:\Windows\System32\viettel-ca_v6.dll`, `C:\Windows\System32\viettel-ca_v6_s.dll`}},
		{"upper case", `C:\WINDOWS\system32\BKAVCA_S.DLL`, false, []string{`C:\WINDOWS\system32\BKAVCA.dll`, `C:\WINDOWS\system32\BKAVCA_S.DLL`}},
		{"variable", `%SystemRoot%\system32\eTCAPI.dll`, false, []string{`C:\Windows\system32\eTCAPI.dll`}},
		{"name only", `eps2003csp11_s.dll`, false, []string{`C:\Windows\System32\eps2003csp11.dll`, `C:\Windows\System32\eps2003csp11_s.dll`}},
		{"32-bit registry", `C:\Windows\system32\nca_v4_s.dll`, true, []string{`C:\Windows\SysWOW64\nca_v4.dll`, `C:\Windows\SysWOW64\nca_v4_s.dll`}},
		{"32-bit registry, name only", `nca_v4.dll`, true, []string{`C:\Windows\SysWOW64\nca_v4.dll`}},
		{"own folder", `"C:\Program Files\X\x.dll"`, true, []string{`C:\Program Files\X\x.dll`}},
		{"share", `\\server\x.dll`, false, nil},
		{"relative", `..\x.dll`, false, nil},
		{"another variable", `%TEMP%\x.dll`, false, nil},
		{"nothing", ``, false, nil},
		{"only the suffix", `_s.dll`, false, []string{`C:\Windows\System32\.dll`, `C:\Windows\System32\_s.dll`}},
	} {
		if diff := cmp.Diff(tc.want, cspFiles(tc.image, `C:\Windows`, tc.wow)); diff != "" {
			t.Errorf("%s: cspFiles(%q) (-want +got):\n%s", tc.name, tc.image, diff)
		}
	}
}

func TestP11KitCandidates(t *testing.T) {
	dir := t.TempDir()
	lib := filepath.Join(dir, "lib", "x86_64-linux-gnu", "pkcs11")
	for name, content := range map[string]string{
		"share/absolute.module":            "# how to load it\n\n  module : /opt/vendor/lib/m.so  \ncritical: yes\n",
		"share/relative.module":            "module: r.so\r\n",
		"share/trust.module":               "module: p11-kit-trust.so\ntrust-policy: yes\n",
		"share/remote.module":              "remote: unix:path=/run/x\n",
		"share/disabled.module":            "module: /a.so\ndisable-in: firefox, antin\n",
		"share/enabled.module":             "module: /b.so\nenable-in: antin chrome\n",
		"share/forothers.module":           "module: /c.so\nenable-in: firefox\n",
		"share/replaced.module":            "module: /old.so\n",
		"share/escaping.module":            "module: ../../../etc/m.so\n",
		"share/missing.module":             "module: nowhere.so\n",
		"share/commented.module":           "#module: /x.so\n",
		"share/huge.module":                "module: /h.so\n" + strings.Repeat("#\n", maxP11KitFile),
		"share/other.conf":                 "module: /d.so\n",
		"etc/replaced.module":              "module: /new.so\n",
		"lib/x86_64-linux-gnu/pkcs11/r.so": "x",
	} {
		write(t, filepath.Join(dir, name), []byte(content))
	}
	t.Chdir(dir)
	write(t, filepath.Join(dir, "nowhere.so"), []byte("in the working directory"))
	found := p11kitCandidates([]string{dir + "/share", dir + "/etc", dir + "/none"}, []string{dir + "/lib/*/pkcs11"})
	got := map[string]string{}
	for _, c := range found {
		if c.origin != FromP11Kit || !strings.HasPrefix(c.source, dir) {
			t.Errorf("%+v", c)
		}
		got[c.name] = c.path
	}
	want := map[string]string{
		"absolute": "/opt/vendor/lib/m.so", "relative": filepath.Join(lib, "r.so"), "enabled": "/b.so", "replaced": "/new.so",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func FuzzParseP11KitFile(f *testing.F) {
	f.Add("module: x.so\ntrust-policy: yes\ndisable-in: a, b\n")
	f.Add(":\n#:\nmodule")
	f.Fuzz(func(t *testing.T, text string) {
		m := parseP11KitFile(text)
		if m.ours() && (m.module == "" || strings.ContainsAny(m.module, "\n")) {
			t.Errorf("%+v", m)
		}
	})
}
