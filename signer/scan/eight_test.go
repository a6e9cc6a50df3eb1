package scan

import (
	"math/rand/v2"
	"testing"
)

// Eight bytes at once are judged as one by one.
func TestUpTo(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	row := make([]uint8, 11)
	for range 200_000 {
		n := r.IntN(257) - 1
		for i := range row {
			row[i] = uint8(max(0, min(255, n+r.IntN(5)-2)))
			if r.IntN(3) == 0 {
				row[i] = uint8(r.IntN(256))
			}
		}
		from := r.IntN(len(row) + 1)
		got := upTo(eight(row[from:], 0xAB), n)
		for i := range 8 {
			v := 0xAB
			if from+i < len(row) {
				v = int(row[from+i])
			}
			want := uint64(0)
			if v <= n {
				want = 0x80
			}
			if got>>(8*i)&0xFF != want {
				t.Fatalf("%d of %v from %d against %d: %x", i, row, from, n, got)
			}
		}
	}
}
