package cms_test

import (
	"bytes"
	"crypto"
	"errors"
	"testing"
	"time"

	"antin/signer/cms"
	"antin/signer/practice"
)

func FuzzParse(f *testing.F) {
	o := theOffice(f)
	ec := sign(f, o.holder(f, practice.P256), cms.Profile{}, nil)
	f.Add(ec)
	f.Add(sign(f, o.holder(f, practice.RSA2048), cms.Profile{Scheme: cms.PSS, Hash: crypto.SHA512}, nil))
	m := message{tree(f, ec)}
	f.Add(append(m.ber(func(n *node) bool { return n == m.certificates() }), 0, 0, 0))
	token, err := serve(f, practice.TSAOptions{ESSv1: true}).Stamp(f.Context(), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(token.DER)
	m.signers().kids = nil
	f.Add(m.der())
	f.Fuzz(func(t *testing.T, b []byte) {
		start := time.Now()
		s, err := cms.Parse(b)
		if err != nil {
			if s != nil || !errors.Is(err, cms.ErrMalformed) && !errors.Is(err, cms.ErrTrailingBytes) {
				t.Fatalf("%v, %v", s, err)
			}
			return
		}
		if again, err := cms.Parse(s.Raw); err != nil || again.BER {
			t.Fatalf("the DER form is read as BER %v, %v", again, err)
		}
		for i := range s.Signers {
			si := &s.Signers[i]
			if !si.Sorted && len(si.SignedAttrsDER()) != len(si.SignedAttrs) {
				t.Fatalf("sorted attributes lose bytes: %x", si.SignedAttrs)
			}
		}
		_, _ = s.Verify(make([]byte, 32))
		_, _ = cms.ParseToken(b, nil, o.Anchors(), nil, time.Time{})
		if took := time.Since(start); took > 2*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func FuzzTSAReply(f *testing.F) {
	o := theOffice(f)
	good := serve(f, practice.TSAOptions{})
	var body []byte
	good.Client = record(&body)
	token, err := good.Stamp(f.Context(), []byte("value"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body)
	f.Add(token.DER)
	f.Add([]byte{0x30, 0x09, 0x30, 0x07, 0x02, 0x01, 0x02, 0x03, 0x02, 0x07, 0x80}) // rejection, badAlg
	f.Add([]byte{0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x00})                         // granted without a token
	f.Add([]byte("<html>"))
	m := tree(f, body)
	f.Add(m.ber(func(n *node) bool { return false }))
	f.Fuzz(func(t *testing.T, b []byte) {
		tsa := cms.TSA{URL: "http://tsa.example/", Client: reply(b), Anchors: o.Anchors(), Timeout: 5 * time.Second}
		token, err := tsa.Stamp(t.Context(), []byte("value"))
		if err == nil {
			t.Fatalf("a stored reply fits a new nonce: %+v", token)
		}
		for _, want := range []error{cms.ErrTSAReply, cms.ErrTSARejected, cms.ErrTSAMismatch, cms.ErrTSACertificate} {
			if errors.Is(err, want) {
				return
			}
		}
		t.Fatalf("untyped error %v for %x", err, bytes.Clone(b))
	})
}
