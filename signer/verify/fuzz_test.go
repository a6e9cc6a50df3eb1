package verify_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/verify"
)

// mutate applies edits of four bytes each: a place as share of the file, and
// what to do there.
func mutate(pdf, edits []byte) []byte {
	out := bytes.Clone(pdf)
	for ; len(edits) >= 5 && len(out) > 0; edits = edits[5:] {
		at := int(uint64(binary.BigEndian.Uint32(edits[:4])>>4) * uint64(len(out)) >> 28)
		switch v := edits[4]; edits[3] & 15 {
		case 0, 1, 2, 3, 4, 5, 6, 7:
			out[at] = v
		case 8, 9:
			out[at] ^= 1 << (v & 7)
		case 10:
			out = append(out[:at], out[min(len(out), at+int(v)):]...)
		case 11:
			out = bytes.Join([][]byte{out[:at], out[at/2 : at/2+min(int(v), at/2)], out[at:]}, nil)
		case 12, 13: // digits, where offsets and lengths stand
			if c := out[at]; c >= '0' && c <= '9' {
				out[at] = '0' + v%10
			}
		default:
			out[at] = " []<>/()%0"[v%10]
		}
	}
	return out
}

// fuzzBases are good files to be mutated.
func fuzzBases(t testing.TB) [][]byte {
	o := theOffice(t)
	return [][]byte{
		sign(t, sign(t, blank(), approve(t)), seal(t, true)),
		fill(t, base(t, 2), "So"),
		timeStamped(t, archived(t, sign(t, shapes.Named("object-streams-many").Data(t), pades.Request{Key: o.leader}), evidenceOf(t, time.Now(), o.Authority))),
		updated(sign(t, withButtons(), pades.Request{Key: o.leader, Certify: 3}), press(10, "Co"))(t),
	}
}

// checkMutated: whatever is done to a signed file, the check ends, does not
// panic, and does not call it valid when signed bytes differ.
func checkMutated(t testing.TB, base, edits, tail []byte) {
	t.Helper()
	limits := pdffile.Limits{Objects: 1 << 16, Stream: 1 << 20, ObjectMem: 4 << 20, Pages: 5000, Fields: 5000}
	pdf := append(mutate(base, edits), tail...)
	start := time.Now()
	r, err := verify.Damaged(context.Background(), bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{Limits: limits}, verify.Options{Store: theOffice(t).store})
	if took := time.Since(start); took > 10*time.Second {
		t.Fatalf("it took %v", took)
	}
	if err != nil || r.Verdict() != verify.Valid {
		return
	}
	file, err := pdffile.Read(bytes.NewReader(pdf), int64(len(pdf)), pdffile.Options{Limits: limits})
	if err != nil {
		t.Fatalf("valid, though it cannot be read: %v", err)
	}
	sigs, err := file.Signatures()
	if err != nil || len(sigs) != len(r.Signatures) {
		t.Fatalf("signatures: %d in the report, %d in the file, %v", len(r.Signatures), len(sigs), err)
	}
	for i, s := range sigs {
		end := int(r.Signatures[i].End)
		if end > len(base) || !bytes.Equal(pdf[:s.Gap[0]], base[:s.Gap[0]]) || !bytes.Equal(pdf[s.Gap[1]:end], base[s.Gap[1]:end]) {
			t.Fatalf("valid, though signed bytes differ: %s", describe(r))
		}
	}
}

// TestMutated is a fixed number of runs of what FuzzDocument does without end.
func TestMutated(t *testing.T) {
	bases := fuzzBases(t)
	random := rand.New(rand.NewPCG(7, 30))
	for n := range 400 {
		edits := make([]byte, 5*(1+random.IntN(8)))
		for i := range edits {
			edits[i] = byte(random.Uint32())
		}
		checkMutated(t, bases[n%len(bases)], edits, nil)
	}
}

func FuzzDocument(f *testing.F) {
	bases := fuzzBases(f)
	for i := range bases {
		f.Add(uint8(i), []byte{}, []byte{})
		f.Add(uint8(i), []byte{200, 1, 2, 0, '9', 50, 1, 2, 12, 7, 255, 255, 0, 10, 30}, []byte("\n"))
		f.Add(uint8(i), []byte{}, []byte("3 0 obj\n<</Type/Page>>\nendobj\nxref\n3 1\n0000000000 00000 n\r\ntrailer\n<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"))
	}
	f.Fuzz(func(t *testing.T, which uint8, edits, tail []byte) {
		if len(edits) > 200 || len(tail) > 64<<10 {
			return
		}
		checkMutated(t, bases[int(which)%len(bases)], edits, tail)
	})
}
