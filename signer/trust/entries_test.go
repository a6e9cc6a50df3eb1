package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"
)

// The reader of entries says what crypto/x509 says, which is the peer here. It
// may only be more lenient towards dates in entries that nobody asks for.
func FuzzEntries(f *testing.F) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	ca := &x509.Certificate{Subject: pkix.Name{CommonName: "ca"}, SubjectKeyId: []byte{1}, KeyUsage: x509.KeyUsageCRLSign}
	now := time.Now()
	for _, entries := range [][]x509.RevocationListEntry{
		nil,
		{{SerialNumber: big.NewInt(1), RevocationTime: now}},
		{
			{SerialNumber: big.NewInt(200), RevocationTime: now, ReasonCode: 4},
			{SerialNumber: big.NewInt(1 << 60), RevocationTime: now.AddDate(30, 0, 0), ReasonCode: 1, ExtraExtensions: []pkix.Extension{{Id: oidInvalidity, Value: []byte("\x18\x0f20260101000000Z")}}},
			{SerialNumber: big.NewInt(200), RevocationTime: now, ReasonCode: 8},
			{SerialNumber: big.NewInt(3), RevocationTime: now, ExtraExtensions: []pkix.Extension{{Id: oidCertificateIssuer, Critical: true, Value: []byte{0x30, 0}}}},
		},
	} {
		der, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: now, NextUpdate: now.AddDate(0, 0, 1), RevokedCertificateEntries: entries}, ca, key)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(der)
	}
	f.Fuzz(func(t *testing.T, der []byte) {
		ours, err := parseList(der)
		theirs, err2 := x509.ParseRevocationList(der)
		if err2 != nil {
			return
		}
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		if !bytes.Equal(ours.Raw, theirs.Raw) || !bytes.Equal(ours.RawTBSRevocationList, theirs.RawTBSRevocationList) || !bytes.Equal(ours.Signature, theirs.Signature) ||
			!ours.ThisUpdate.Equal(theirs.ThisUpdate) || !ours.NextUpdate.Equal(theirs.NextUpdate) || len(ours.Extensions) != len(theirs.Extensions) {
			t.Error("another list")
		}
		if ours.entries.count != len(theirs.RevokedCertificateEntries) {
			t.Errorf("%d entries instead of %d", ours.entries.count, len(theirs.RevokedCertificateEntries))
		}
		seen := map[string]bool{}
		for _, want := range theirs.RevokedCertificateEntries {
			if seen[want.SerialNumber.String()] {
				continue // the first counts
			}
			seen[want.SerialNumber.String()] = true
			got, err := ours.entries.find(&x509.Certificate{SerialNumber: want.SerialNumber})
			if err != nil || got == nil || !bytes.Equal(got.Raw, want.Raw) || got.ReasonCode != want.ReasonCode || !got.RevocationTime.Equal(want.RevocationTime) || len(got.Extensions) != len(want.Extensions) {
				t.Errorf("entry %v: %+v, %v", want.SerialNumber, got, err)
			}
		}
	})
}
