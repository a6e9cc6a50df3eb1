package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestMain shows how a program embeds helpers: the call `EXE worker NAME ARG…`
// goes to the owner of NAME before anything else happens.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "worker" {
		switch os.Args[2] {
		case "parrot":
			os.Exit(Serve(&parrot{}))
		case "babble": // not a helper at all
			fmt.Println("usage: …")
			os.Exit(0)
		case "mute":
			time.Sleep(time.Hour)
		case "dies":
			os.Exit(7)
		}
		os.Exit(2)
	}
	if len(os.Args) > 1 && os.Args[1] == "parent" {
		os.Exit(beParent())
	}
	// Helpers under the race detector would sleep a second before they end.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	os.Exit(m.Run())
}

// parrot does what the request says.
type parrot struct{ secret []byte }

var errStale = errors.New("stale")

func (p *parrot) Handle(_ context.Context, request, secret []byte) ([]byte, error) {
	word, rest, _ := strings.Cut(string(request), " ")
	switch word {
	case "echo":
		return []byte(rest), nil
	case "secret":
		p.secret = secret // only a test may: shows that Serve overwrites it
		return bytes.ToUpper(secret), nil
	case "old-secret":
		return p.secret, nil
	case "print":
		fmt.Println(rest) // what a driver's printf does
		os.Stderr.WriteString("careless " + rest + "\n")
		return nil, nil
	case "flood":
		for range 64 {
			os.Stderr.WriteString(strings.Repeat("x", 4096))
		}
		os.Stderr.WriteString("the end")
		return nil, nil
	case "env":
		return []byte(strings.Join(os.Environ(), "\n")), nil
	case "status":
		return os.ReadFile("/proc/self/" + rest)
	case "thread":
		return fmt.Append(nil, threadID()), nil
	case "huge":
		return make([]byte, MaxFrame+1), nil
	case "fail":
		return nil, fmt.Errorf("looking at %s: %w", rest, errStale)
	case "fail-coded":
		return nil, fmt.Errorf("on the way: %w", &Failure{Code: rest, Text: "inner", Detail: []byte{0, 1}})
	case "nested":
		_, err := Start(context.Background(), "parrot", nil, Options{})
		return nil, err
	case "crash":
		var nobody *parrot
		return nobody.secret, nil
	case "exit":
		os.Exit(3)
	case "hang":
		select {}
	}
	return nil, errors.New("unknown word")
}

// Rest writes down on which thread it runs.
func (p *parrot) Rest() time.Duration {
	diary := os.Getenv("PARROT_DIARY")
	if diary == "" {
		return 0
	}
	f, err := os.OpenFile(diary, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		panic(err)
	}
	defer f.Close()
	fmt.Fprintln(f, threadID())
	return 10 * time.Millisecond
}

func (p *parrot) Close() error {
	if file := os.Getenv("PARROT_FAREWELL"); file != "" {
		return os.WriteFile(file, []byte("closed"), 0o600)
	}
	return nil
}

func start(t *testing.T, o Options) *Process {
	t.Helper()
	p, err := Start(t.Context(), "parrot", nil, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

func echoes(t *testing.T, p *Process) {
	t.Helper()
	got, err := p.Call(t.Context(), []byte("echo một hai"), nil)
	if err != nil || string(got) != "một hai" {
		t.Fatalf("echo = %q, %v", got, err)
	}
}

func TestCall(t *testing.T) {
	p := start(t, Options{})
	echoes(t, p)

	pin := []byte("123456")
	got, err := p.Call(t.Context(), []byte("secret"), pin)
	if err != nil || string(got) != "123456" {
		t.Errorf("the helper saw the secret %q, %v", got, err)
	}
	if !bytes.Equal(pin, make([]byte, 6)) {
		t.Errorf("the caller's secret is still %q", pin)
	}
	if got, _ := p.Call(t.Context(), []byte("old-secret"), nil); !bytes.Equal(got, make([]byte, 6)) {
		t.Errorf("the helper's copy of the secret is still %q", got)
	}
	large := bytes.Repeat([]byte("a"), MaxFrame-len("echo "))
	if got, err := p.Call(t.Context(), append([]byte("echo "), large...), nil); err != nil || !bytes.Equal(got, large) {
		t.Errorf("a request of exactly MaxFrame: %d bytes back, %v", len(got), err)
	}
}

func TestOutputOfLibrariesIsKeptAway(t *testing.T) {
	p := start(t, Options{})
	if _, err := p.Call(t.Context(), []byte("print PIN=9999"), nil); err != nil {
		t.Fatal(err)
	}
	echoes(t, p) // the line on standard output did not get between the frames
	waitFor(t, "both lines in the ring", func() bool { return strings.Count(p.Stderr(), "PIN=9999") == 2 })

	_, err := p.Call(t.Context(), []byte("exit"), nil)
	var e *Error
	if !errors.As(err, &e) || !strings.Contains(e.Stderr, "PIN=9999") {
		t.Fatalf("error %v does not carry the end of standard error", err)
	}
	if strings.Contains(err.Error(), "9999") {
		t.Errorf("the text of the error repeats the driver's output: %v", err)
	}

	if _, err := p.Call(t.Context(), []byte("flood"), nil); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the flood", func() bool { return strings.HasSuffix(p.Stderr(), "the end") })
	if n := len(p.Stderr()); n > stderrSize {
		t.Errorf("%d bytes of standard error are kept, limit %d", n, stderrSize)
	}
}

func TestFailureOfTheHandlerCrossesThePipe(t *testing.T) {
	p := start(t, Options{})
	pid := p.PID()
	var f *Failure
	_, err := p.Call(t.Context(), []byte("fail lá số"), nil)
	if !errors.As(err, &f) || f.Code != "" || f.Text != "looking at lá số: stale" {
		t.Errorf("plain error came back as %#v", err)
	}
	_, err = p.Call(t.Context(), []byte("fail-coded pin-wrong"), nil)
	if !errors.As(err, &f) || f.Code != "pin-wrong" || f.Text != "on the way: inner" || len(f.Detail) != 2 {
		t.Errorf("coded error came back as %#v", err)
	}
	if _, err = p.Call(t.Context(), []byte("huge"), nil); !errors.Is(err, ErrFrame) {
		t.Errorf("reply above the limit: %v, want ErrFrame", err)
	}
	if _, err = p.Call(t.Context(), make([]byte, MaxFrame+1), nil); !errors.Is(err, ErrFrame) {
		t.Errorf("request above the limit: %v, want ErrFrame", err)
	}
	if _, err = p.Call(t.Context(), []byte("nested"), nil); err == nil || !strings.Contains(err.Error(), ErrNested.Error()) {
		t.Errorf("a helper started a helper: %v", err)
	}
	if p.PID() != pid {
		t.Errorf("the helper was replaced after an ordinary error")
	}
}

func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("LD_LIBRARY_PATH", "/tmp")
	t.Setenv("DYLD_INSERT_LIBRARIES", "x.dylib")
	t.Setenv("SOFTHSM2_CONF", "/etc/conf")
	p := start(t, Options{})
	got, err := p.Call(t.Context(), []byte("env"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"LD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES"} {
		if strings.Contains(string(got), name) {
			t.Errorf("the helper sees %s", name)
		}
	}
	if !strings.Contains(string(got), "SOFTHSM2_CONF=/etc/conf") {
		t.Error("the helper does not see SOFTHSM2_CONF")
	}
}

func TestHelperLeavesNoCore(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc, which only Linux has")
	}
	p := start(t, Options{})
	limits, err := p.Call(t.Context(), []byte("status limits"), nil)
	if err != nil {
		t.Fatal(err)
	}
	// The entry of a process that must not be dumped belongs to root (proc(5)).
	if info, err := os.Stat("/proc/" + strconv.Itoa(p.PID()) + "/environ"); err != nil {
		t.Error(err)
	} else if uid := fmt.Sprintf("%+v", info.Sys()); os.Getuid() != 0 && !strings.Contains(uid, "Uid:0 ") {
		t.Errorf("the helper can be dumped: %s", uid)
	}
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && strings.Join(strings.Fields(line)[4:6], " ") != "0 0" {
			t.Errorf("core limit of the helper: %s", line)
		}
	}
}

// A handler that rests is asked on the thread of its calls, while none comes.
func TestRest(t *testing.T) {
	diary := t.TempDir() + "/diary"
	p := start(t, Options{Env: CleanEnv("PARROT_DIARY=" + diary)})
	waitFor(t, "three rests before the first call", func() bool { return len(rests(t, diary)) >= 3 })
	echoes(t, p)
	n := len(rests(t, diary))
	waitFor(t, "rests after it", func() bool { return len(rests(t, diary)) > n+1 })
	threads := map[string]bool{}
	for _, thread := range rests(t, diary) {
		threads[thread] = true
	}
	if got, _ := p.Call(t.Context(), []byte("thread"), nil); len(threads) != 1 || !threads[string(got)] {
		t.Errorf("rests on the threads %v, calls on %s", threads, got)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

func rests(t *testing.T, diary string) []string {
	b, err := os.ReadFile(diary)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Fields(string(b))
}

func FuzzReadFrame(f *testing.F) {
	f.Add([]byte("R\x00\x00\x00\x02ok"))
	f.Add([]byte("R\xff\xff\xff\xff"))
	f.Add([]byte("H\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		k, payload, err := readFrame(bytes.NewReader(b), kindReply)
		if err == nil && (k != kindReply || len(payload) > len(b)-5) {
			t.Errorf("frame %q read as %q %q", b, byte(k), payload)
		}
	})
}
