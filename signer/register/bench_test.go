package register

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
)

// BenchmarkOpenAndRecord is what the log costs a command that signs: opening
// the file of an office with 5000 entries, one entry, closing.
func BenchmarkOpenAndRecord(b *testing.B) {
	ctx, path := context.Background(), filepath.Join(b.TempDir(), "r.db")
	r := open(b, path)
	for i := range 2500 {
		issue(b, r, fmt.Sprintf("%d/QĐ-UBND", i+1))
	}
	for b.Loop() {
		again, err := Open(ctx, path, Options{})
		if err == nil {
			err = again.Record(ctx, Action{What: "sign", Result: "done"})
		}
		if err != nil {
			b.Fatal(err)
		}
		_ = again.Close()
	}
}

// BenchmarkCheck reads 5000 entries.
func BenchmarkCheck(b *testing.B) {
	r := fresh(b)
	for i := range 2500 {
		issue(b, r, fmt.Sprintf("%d/QĐ-UBND", i+1))
	}
	for b.Loop() {
		sound(b, r)
	}
}
