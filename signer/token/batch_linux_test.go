package token

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"antin/signer/worker"
)

// A thousand signatures in one login leave nothing behind: no memory, no open
// file, no process.
func TestThousandSignaturesInOneLogin(t *testing.T) {
	o := desks(t)
	// A path of our own: other tests have helpers for the module itself.
	module := filepath.Join(t.TempDir(), "softhsm.so")
	if err := os.Symlink(o.module, module); err != nil {
		t.Fatal(err)
	}
	d := Open(module, worker.Options{Env: worker.CleanEnv("SOFTHSM2_CONF="+o.conf, inspectEnv+"=1")})
	session, err := d.Login(t.Context(), token(t, d, "Token EC"), o.phuc, []byte(pin))
	if err != nil {
		t.Fatal(err)
	}
	helper := d.process.PID()
	type sample struct{ rssHelper, rssProgram, fdsHelper, fdsProgram, processes int }
	take := func() sample {
		return sample{
			rss(t, helper), rss(t, os.Getpid()), descriptors(t, helper), descriptors(t, os.Getpid()),
			len(processes(t, "worker\x00token\x00"+module)),
		}
	}
	var samples []sample
	begin := time.Now()
	for n := range 1001 {
		if n == 100 || n > 0 && n%300 == 100 { // the first hundred fill caches
			samples = append(samples, take())
		}
		if err := signOne(t.Context(), session); err != nil {
			t.Fatalf("signature %d: %v", n+1, err)
		}
	}
	t.Logf("1001 signatures in %v", time.Since(begin).Round(time.Millisecond))
	t.Log("memory of helper and program (KiB), files of both, helpers:")
	for _, s := range samples {
		t.Log(s)
	}
	first, last := samples[0], samples[len(samples)-1]
	bound := 8 << 10 // KiB; a leak of 10 KiB for each signature would be 9 MiB
	if raceEnabled { // its shadow of the memory grows, too
		bound *= 4
	}
	if grown := last.rssHelper - first.rssHelper; grown > bound {
		t.Errorf("the helper grew by %d KiB", grown)
	}
	if grown := last.rssProgram - first.rssProgram; grown > 2*bound { // other tests' garbage included
		t.Errorf("the program grew by %d KiB", grown)
	}
	if last.fdsHelper != first.fdsHelper || last.fdsProgram != first.fdsProgram || last.processes != first.processes {
		t.Errorf("files or processes: first %+v, last %+v", first, last)
	}
	if err := session.Close(); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if n := len(processes(t, "worker\x00token\x00"+module)); n != 0 || last.processes != 1 {
		t.Errorf("%d helpers at the end, %d after Close", last.processes, n)
	}
}
