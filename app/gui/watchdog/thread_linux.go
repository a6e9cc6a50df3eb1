package watchdog

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// thread is the number of the calling thread; the toolkit's goroutine keeps its.
func thread() int { return unix.Gettid() }

// used reads what the kernel's scheduler has counted (proc(5), schedstat).
func used(thread int) usage {
	var u usage
	b, err := os.ReadFile(fmt.Sprintf("/proc/self/task/%d/schedstat", thread))
	if err == nil {
		_, err = fmt.Sscan(string(b), (*int64)(&u.ran), (*int64)(&u.waited)) // nanoseconds
	}
	if err != nil {
		return usage{}
	}
	return u
}
