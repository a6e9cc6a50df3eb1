package worker

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
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

func TestEndedHelperIsReplacedAtTheNextCall(t *testing.T) {
	deadline := func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, 100*time.Millisecond)
	}
	cancelled := func(ctx context.Context) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(100*time.Millisecond, cancel)
		return ctx, cancel
	}
	for _, tc := range []struct {
		name, request string
		ctx           func(context.Context) (context.Context, context.CancelFunc)
		want          error
	}{
		{"nil pointer", "crash", nil, ErrCrashed},
		{"exit", "exit", nil, ErrCrashed},
		{"hang until the deadline", "hang", deadline, ErrSilent},
		{"hang until the user gives up", "hang", cancelled, context.Canceled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := start(t, Options{})
			ctx, pid := t.Context(), p.PID()
			if tc.ctx != nil {
				var cancel context.CancelFunc
				ctx, cancel = tc.ctx(ctx)
				defer cancel()
			}
			pin := []byte("1234")
			_, err := p.Call(ctx, []byte(tc.request), pin)
			var e *Error
			if !errors.Is(err, tc.want) || !errors.As(err, &e) {
				t.Fatalf("error %v, want %v", err, tc.want)
			}
			if e.State == "" {
				t.Errorf("%v does not say how the helper ended", err)
			}
			if !bytes.Equal(pin, make([]byte, 4)) {
				t.Errorf("the secret is still %q", pin)
			}
			echoes(t, p)
			if p.PID() == pid || p.PID() == 0 {
				t.Errorf("process id %d after %d: no new helper", p.PID(), pid)
			}
		})
	}
	t.Run("killed from outside", func(t *testing.T) {
		p := start(t, Options{})
		proc, err := os.FindProcess(p.PID())
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(100*time.Millisecond, func() { proc.Kill() })
		if _, err := p.Call(t.Context(), []byte("hang"), nil); !errors.Is(err, ErrCrashed) {
			t.Errorf("error %v, want ErrCrashed", err)
		}
		echoes(t, p)
	})
}

func TestStartRefusesWhatIsNoHelper(t *testing.T) {
	for _, tc := range []struct {
		name string
		want error
	}{
		{"babble", ErrFrame},
		{"dies", ErrCrashed},
		{"mute", ErrSilent},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Start(t.Context(), tc.name, nil, Options{StartTimeout: 300 * time.Millisecond})
			if !errors.Is(err, tc.want) {
				t.Errorf("Start = %v, want %v", err, tc.want)
			}
		})
	}
	if _, err := Start(t.Context(), "parrot", nil, Options{Executable: "/nonexistent/antin"}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing executable: %v", err)
	}
}

func TestClose(t *testing.T) {
	t.Run("asks for an end", func(t *testing.T) {
		farewell := t.TempDir() + "/farewell"
		p := start(t, Options{Env: CleanEnv("PARROT_FAREWELL=" + farewell)})
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(farewell); string(got) != "closed" {
			t.Errorf("handler was not closed: %q, %v", got, err)
		}
		if _, err := p.Call(t.Context(), []byte("echo"), nil); !errors.Is(err, ErrClosed) {
			t.Errorf("call after Close: %v, want ErrClosed", err)
		}
		if err := p.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
	})
	t.Run("kills what hangs", func(t *testing.T) {
		p := start(t, Options{})
		failed := make(chan error)
		go func() {
			_, err := p.Call(context.Background(), []byte("hang"), nil)
			failed <- err
		}()
		time.Sleep(50 * time.Millisecond)
		begin := time.Now()
		p.Close()
		if err := <-failed; !errors.Is(err, ErrClosed) {
			t.Errorf("the call that hung: %v, want ErrClosed", err)
		}
		if d := time.Since(begin); d > 3*time.Second {
			t.Errorf("Close took %v", d)
		}
	})
}

func TestEnvironmentIsClean(t *testing.T) {
	t.Setenv("LD_LIBRARY_PATH", "/tmp")
	t.Setenv("DYLD_INSERT_LIBRARIES", "/tmp/x")
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

// beParent is a program that is killed while its helper hangs.
func beParent() int {
	p, err := Start(context.Background(), "parrot", nil, Options{})
	if err != nil {
		return 1
	}
	fmt.Println(p.PID())
	_, _ = p.Call(context.Background(), []byte("hang"), nil)
	return 1
}

func TestHelperEndsWithItsParent(t *testing.T) {
	parent := exec.Command(os.Args[0], "parent")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	if _, err := fmt.Fscan(out, &pid); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond) // until the call hangs
	parent.Process.Kill()
	_ = parent.Wait()
	waitFor(t, "the end of the orphan", func() bool { return !alive(t, pid) })
}

// The end of the pipe alone has to do where the kernel does not help.
func TestHelperEndsWithThePipe(t *testing.T) {
	cmd := exec.Command(os.Args[0], "worker", "parrot")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readFrame(out, kindHello); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(writeFrame(in, kindRequest, []byte("hang")), writeFrame(in, kindSecret, nil)); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	in.Close()
	stuck := time.AfterFunc(5*time.Second, func() { cmd.Process.Kill(); t.Error("the helper outlived its pipe") })
	defer stuck.Stop()
	_ = cmd.Wait()
	if got := cmd.ProcessState.String(); runtime.GOOS == "linux" && got != "signal: killed" {
		t.Errorf("the helper ended with %q", got)
	}
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

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 250 {
		if done() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("waited 5 s in vain for %s", what)
}

// alive tells whether the process still runs; a zombie does not.
func alive(t *testing.T, pid int) bool {
	t.Helper()
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(rest, "Z")
}
