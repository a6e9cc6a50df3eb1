package practice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// veil is how the bytes that are looked for are kept meanwhile: the search must
// not find itself.
const veil = 0x55

// Veiled hides a secret from Copies, and shows a hidden one.
//
// Not inlined, so that the result is never on the stack: when a stack grows, the
// old one keeps what was there, and that copy would be the test's own.
//
//go:noinline
func Veiled(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ veil
	}
	return out
}

// Copies counts the places in the writable memory of a process where one of the
// (veiled) needles stands. A PIN can only be in writable memory: it came after
// the files that are mapped. The process must allow it to be looked at.
func Copies(pid int, needles ...[]byte) (int, error) {
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
