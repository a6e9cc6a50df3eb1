package token

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// inspectEnv lets a test look into a helper, which hides itself from other
// processes of its user (worker.Serve).
const inspectEnv = "ANTIN_TEST_INSPECT"

// openForInspection undoes that, as soon as it is done.
func openForInspection() {
	if os.Getenv(inspectEnv) == "" {
		return
	}
	go func() {
		for {
			if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err == nil && dumpable == 0 {
				_ = unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
				return
			}
			time.Sleep(time.Millisecond)
		}
	}()
}

// veil is how the bytes that are looked for are kept while they are looked for:
// the search must not find itself.
const veil = 0x55

// Not inlined, so that the result is never on the stack: when a stack grows, the
// old one keeps what was there, and that copy would be the test's own.
//
//go:noinline
func veiled(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ veil
	}
	return out
}

// copies counts the places in the writable memory of a process where one of the
// (veiled) needles stands. A PIN can only be in writable memory: it came after
// the files that are mapped.
func copies(pid int, needles ...[]byte) (int, error) {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return 0, err
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return 0, err
	}
	defer mem.Close()
	const chunk, overlap = 1 << 20, 64
	buf := make([]byte, chunk+overlap)
	found, read := 0, 0
	for line := range strings.Lines(string(maps)) {
		f := strings.Fields(line)
		if len(f) < 2 || !strings.HasPrefix(f[1], "rw") {
			continue
		}
		from, to, _ := strings.Cut(f[0], "-")
		begin, err1 := strconv.ParseUint(from, 16, 64)
		end, err2 := strconv.ParseUint(to, 16, 64)
		if err := errors.Join(err1, err2); err != nil {
			return 0, err
		}
		for at := begin; at < end; at += chunk {
			n, err := mem.ReadAt(buf[:min(uint64(len(buf)), end-at)], int64(at))
			if err != nil && !errors.Is(err, io.EOF) && n == 0 {
				break // a guard page or a device
			}
			read += n
			for _, needle := range needles {
				found += count(buf[:n], needle, chunk)
			}
		}
	}
	clear(buf)
	if read < 1<<20 {
		return 0, fmt.Errorf("only %d bytes of process %d could be read", read, pid)
	}
	return found, nil
}

// count counts the places below limit where the veiled needle stands in b. It
// lifts the veil from one byte at a time: a search for the bare needle would be
// found by itself, in its own buffers.
func count(b, needle []byte, limit int) int {
	n := 0
	for at := 0; ; at++ {
		i := bytes.IndexByte(b[at:], needle[0]^veil)
		if at += i; i < 0 || at >= limit || at+len(needle) > len(b) {
			return n
		}
		same := true
		for j := range needle {
			same = same && b[at+j]^veil == needle[j]
		}
		if same {
			n++
		}
	}
}

// rss is the memory in use by a process, in KiB.
func rss(t testing.TB, pid int) int {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.Fields(rest)[0])
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no VmRSS of process %d", pid)
	return 0
}

// descriptors is the number of open files of a process.
func descriptors(t testing.TB, pid int) int {
	t.Helper()
	entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// processes are those whose command line contains the text; zombies have none.
func processes(t testing.TB, text string) []int {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var found []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline"); err == nil && strings.Contains(string(line), text) {
			found = append(found, pid)
		}
	}
	return found
}
