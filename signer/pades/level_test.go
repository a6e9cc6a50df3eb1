package pades_test

import (
	"context"
	"crypto"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"antin/signer/appearance"
	"antin/signer/cms"
	"antin/signer/pades"
	"antin/signer/pdffile"
	"antin/signer/pdffile/shapes"
	"antin/signer/practice"
)

func past(years int) time.Time { return time.Now().AddDate(-years, 0, 0) }

func text(t *testing.T, s string) *appearance.Look {
	t.Helper()
	l := appearance.NewLook(40, 8)
	if err := l.Text(s, appearance.Regular, 12, 0, 6); err != nil {
		t.Fatal(err)
	}
	return l
}

// counted counts how often the key is asked.
type counted struct {
	*practice.Identity
	asked *int
}

func (c counted) Sign(ctx context.Context, m []byte, h crypto.Hash, s cms.Scheme) ([]byte, error) {
	*c.asked++
	return c.Identity.Sign(ctx, m, h, s)
}

// TestAlgorithms signs with every key and hash, and asks openssl; the key is
// asked once each time.
func TestAlgorithms(t *testing.T) {
	o := newOffice(t)
	data := shapes.Named("xref-table").Data(t)
	for _, kind := range []practice.KeyKind{practice.RSA2048, practice.RSA3072, practice.RSA4096, practice.P256, practice.P384} {
		id, err := o.authority.Issue(practice.IdentityOptions{Name: "Lê Hoàng Phúc", Key: kind})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range []crypto.Hash{0, crypto.SHA384, crypto.SHA512} {
			for _, pss := range []bool{false, true} {
				if pss && (kind == practice.P256 || kind == practice.P384) {
					continue
				}
				t.Run(fmt.Sprintf("%v/%v/pss=%v", kind, h, pss), func(t *testing.T) {
					asked := 0
					path, err := sign(t, write(t, data), "", pades.Request{Key: counted{id, &asked}, Hash: h, PSS: pss})
					if err != nil {
						t.Fatal(err)
					}
					if asked != 1 {
						t.Errorf("the key was asked %d times", asked)
					}
					f := open(t, path, "")
					sigs, err := f.Signatures()
					if err != nil || len(sigs) != 1 || sigs[0].Err != nil {
						t.Fatalf("%v, %v", sigs, err)
					}
					if err := practice.OpenSSLCMS(path, sigs[0].ByteRange, sigs[0].Contents, o.anchors).Error(); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}

// TestTimeStamp makes level B-T, which openssl checks, and meets servers that
// are dead, slow or lie: the signature stays at B-B with the reason.
func TestTimeStamp(t *testing.T) {
	o := newOffice(t)
	data := shapes.Named("xref-stream").Data(t)
	for _, c := range []struct {
		name  string
		fault practice.Fault
		want  error
	}{
		{"good", practice.FaultNone, nil},
		{"error 500", practice.FaultStatus500, cms.ErrTSARejected},
		{"garbage", practice.FaultGarbage, cms.ErrTSAReply},
		{"rejects", practice.FaultReject, cms.ErrTSARejected},
		{"another imprint", practice.FaultWrongImprint, cms.ErrTSAMismatch},
		{"another nonce", practice.FaultWrongNonce, cms.ErrTSAMismatch},
		{"silent", practice.FaultHang, cms.ErrTSATimeout},
		{"no TSA certificate", practice.FaultNoEKU, cms.ErrTSACertificate},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(o.authority.TSA(practice.TSAOptions{Fault: c.fault}))
			defer server.Close()
			f := open(t, write(t, data), "")
			asked := 0
			plan, err := pades.NewPlan(f, pades.Request{
				Key: counted{o.leader, &asked},
				TSA: &cms.TSA{URL: server.URL, Anchors: o.authority.Anchors(), Intermediates: o.authority.Chain(), Timeout: time.Second},
			})
			if err != nil {
				t.Fatal(err)
			}
			out, err := os.Create(filepath.Join(t.TempDir(), "b.pdf"))
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			made, err := plan.Write(context.Background(), out, nil)
			if err != nil {
				t.Fatal(err)
			}
			if asked != 1 || !errors.Is(made.StampProblem, c.want) || (made.Stamp == nil) != (c.want != nil) {
				t.Fatalf("asked %d times, problem %v, want %v", asked, made.StampProblem, c.want)
			}
			o.judge(t, out.Name(), "", 1)
			if made.Stamp == nil {
				return
			}
			sigs, err := open(t, out.Name(), "").Signatures()
			if err != nil {
				t.Fatal(err)
			}
			sd, err := cms.Parse(sigs[0].Contents)
			if err != nil {
				t.Fatal(err)
			}
			si := sd.Signers[0]
			if len(si.TimestampTokens) != 1 {
				t.Fatalf("%d time-stamps", len(si.TimestampTokens))
			}
			if err := practice.OpenSSLTS(si.TimestampTokens[0], si.Signature, o.anchors, "").Error(); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestNumberAndDateFields: the first signature leaves two empty fields, a later
// one fills and locks them, and both stay valid for other validators.
func TestNumberAndDateFields(t *testing.T) {
	o := newOffice(t)
	for _, name := range []string{"xref-table", "object-streams", "form-default-resources", "rotate-90", "encrypted-aes-256-r6"} {
		t.Run(name, func(t *testing.T) {
			s := shapes.Named(name)
			box := pdffile.Box{X: 30, Y: 30, W: 40, H: 8}
			path, err := sign(t, write(t, s.Data(t)), s.Password, pades.Request{
				Key: o.leader, Page: 1, Box: visible, Look: nil,
				Text: []pades.TextField{{Name: "AnTin_So", Page: 1, Box: box, Size: 13}},
			})
			if err != nil {
				t.Fatal(err)
			}
			value := "121/QĐ-UBND ĩ"
			path, err = sign(t, path, s.Password, pades.Request{
				Key: o.seal, Page: 1, Box: pdffile.Box{X: 60, Y: 60, W: 36, H: 36},
				Fill: []pades.Value{{Field: "AnTin_So", Text: value, Look: text(t, value), ReadOnly: true}},
				Lock: &pdffile.FieldLock{Action: "Include", Fields: []string{"AnTin_So"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			o.judge(t, path, s.Password, 2)
			f := open(t, path, s.Password)
			fl, err := f.Field("AnTin_So")
			if err != nil {
				t.Fatal(err)
			}
			if got := f.Text(fl.Value); got != value || fl.Flags&pdffile.ReadOnly == 0 {
				t.Errorf("the field holds %q, flags %d", got, fl.Flags)
			}
			if _, err := pades.NewPlan(f, pades.Request{Key: o.leader, Fill: []pades.Value{{Field: "AnTin_So", Text: "9", Look: text(t, "9")}}}); !errors.Is(err, pades.ErrLocked) {
				t.Errorf("filling it again: %v, want ErrLocked", err)
			}
		})
	}
}
