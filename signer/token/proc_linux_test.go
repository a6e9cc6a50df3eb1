package token

import (
	"fmt"
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
