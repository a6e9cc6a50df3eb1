package worker

import (
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
