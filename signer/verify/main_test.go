package verify_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"antin/signer/pdffile"
	"antin/signer/trust"
	"antin/signer/verify"
)

// TestMain lets the test binary be a whole process that judges one file, for
// measurements: ANTIN_VERIFY names the file, ANTIN_TRUST the folder of roots.
func TestMain(m *testing.M) {
	if path := os.Getenv("ANTIN_VERIFY"); path != "" {
		os.Exit(judgeFile(path, os.Getenv("ANTIN_TRUST")))
	}
	os.Exit(m.Run())
}

func judgeFile(path, roots string) int {
	defer func() {
		status, _ := os.ReadFile("/proc/self/status") // of this process alone; rusage knows the parent's too
		fmt.Printf("%s\n", peak.Find(status))
	}()
	store, err := trust.Load(roots)
	if err != nil {
		fmt.Println(err)
		return 1
	}
	r, err := verify.Open(context.Background(), path, pdffile.Options{}, verify.Options{Store: store})
	if err != nil {
		fmt.Println("error:", err)
		return 0
	}
	fmt.Println(r.Verdict())
	for i := range r.Signatures {
		fmt.Printf("%s %s %d changes\n", r.Signatures[i].Indication, r.Signatures[i].SubIndication, len(r.Signatures[i].Changes))
	}
	return 0
}

var peak = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// process is what a whole process cost and printed.
type process struct {
	took   time.Duration
	memory int64 // highest, bytes
	out    string
}

// measure runs a command.
func measure(t testing.TB, cmd *exec.Cmd) process {
	t.Helper()
	start := time.Now()
	out, err := cmd.CombinedOutput()
	p := process{took: time.Since(start), out: string(out)}
	if err != nil {
		t.Fatalf("%v: %v: %s", cmd, err, out)
	}
	if kilobytes := peak.FindSubmatch(out); kilobytes != nil {
		n, _ := strconv.ParseInt(string(kilobytes[1]), 10, 64)
		p.memory = n << 10
	}
	return p
}

// child is this test binary as a process that judges the file.
func child(ctx context.Context, path, roots string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "ANTIN_VERIFY="+path, "ANTIN_TRUST="+roots)
	return cmd
}

// rootsOf writes what the office trusts into a folder.
func rootsOf(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "roots")
	if err := theOffice(t).WriteFiles(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
