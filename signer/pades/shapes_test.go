package pades_test

import (
	"bytes"
	"os"
	"testing"

	"antin/signer/appearance"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
)

// TestSignEveryShape signs files of every shape three times and asks other
// people's validators after each signature.
func TestSignEveryShape(t *testing.T) {
	o := newOffice(t)
	for _, s := range shapes.Sound() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			path := write(t, s.Data(t))
			for n := 1; n <= 3; n++ {
				look := appearance.NewLook(40, 15)
				if err := look.Text("Đã ký: Vĩnh Nghĩa ễ ự", appearance.Regular, 9, 1, 8); err != nil {
					t.Fatal(err)
				}
				q := pades.Request{
					Key: o.leader, Name: "Nguyễn Văn Vĩnh Nghĩa", Reason: "Phê duyệt: ĩ ễ ự Đ (thử \\ )", Location: "Bình Minh",
					Page: 1, Box: pdffile.Box{X: 20, Y: 20 * float64(n), W: 40, H: 15}, Look: look,
				}
				if n == 2 {
					q.Key = o.seal
				}
				if n == 3 {
					q.Box, q.Look = pdffile.Box{}, nil
				}
				before, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				next, err := sign(t, path, s.Password, q)
				if err != nil {
					t.Fatalf("signature %d: %v", n, err)
				}
				after, err := os.ReadFile(next)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.HasPrefix(after, before) {
					t.Fatal("the source is not an untouched prefix")
				}
				path = next
			}
			o.judge(t, path, s.Password, 3)
		})
	}
}
