package worker

import (
	"os/exec"
	"testing"
	"time"
)

// What a call through a helper costs above a call of the handler itself.
// Target: at most 0.3 ms.
func BenchmarkCall(b *testing.B) {
	p, err := Start(b.Context(), "parrot", nil, Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer p.Close()
	var inside parrot
	request := []byte("echo một hai")
	const rounds = 1000
	begin := time.Now()
	for range rounds {
		if _, err := inside.Handle(b.Context(), request, nil); err != nil {
			b.Fatal(err)
		}
	}
	direct := time.Since(begin) / rounds
	for b.Loop() {
		if _, err := p.Call(b.Context(), request, nil); err != nil {
			b.Fatal(err)
		}
	}
	overhead := b.Elapsed()/time.Duration(b.N) - direct
	b.ReportMetric(float64(overhead)/1e6, "ms-overhead")
	b.ReportMetric(float64(overhead)/float64(300*time.Microsecond), "of-target")
}

// From nothing to a helper that has reported in, and its end. Target: at most
// 25 ms. The yardstick is the start of a program that does nothing.
func BenchmarkSpawn(b *testing.B) {
	const rounds = 20
	begin := time.Now()
	for range rounds {
		if err := exec.Command("true").Run(); err != nil {
			b.Skip("no program `true` to compare with:", err)
		}
	}
	nothing := time.Since(begin) / rounds
	var spawn time.Duration
	for b.Loop() {
		begin := time.Now()
		p, err := Start(b.Context(), "parrot", nil, Options{})
		spawn += time.Since(begin)
		if err != nil {
			b.Fatal(err)
		}
		p.Close()
	}
	spawn /= time.Duration(b.N)
	b.ReportMetric(float64(spawn)/1e6, "ms-spawn")
	b.ReportMetric(float64(spawn)/float64(nothing), "x-true")
	b.ReportMetric(float64(spawn)/float64(25*time.Millisecond), "of-target")
}
